package detect

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"

	core "rapport/internal/activity"
	"rapport/internal/decode"
)

// lines takes lines that look like rows for rows, as long as there are such. Whether a line is one whole value is found out when it is
// decoded, so that nobody has to look for the end of rows before. It returns the iterator over what it left, or over what it took wrongly.
func (d *reader) lines(it *decode.Elements, r *bufio.Reader) (*decode.Elements, error) {
	if d.queue.workers == 1 || !it.AtObject() {
		return it, nil
	}
	next := core.Origin{File: d.name, Row: d.row + 1, Offset: it.Offset()}
	left, err := d.queue.lines(r, &next, func(line []byte) bool {
		return line[0] == '{' && int64(len(line)) <= d.opts.Limits.RowBytes && recogniseValue(line).kind == row
	})
	if wrong := (*misread)(nil); errors.As(err, &wrong) {
		next, left, err = wrong.origin, append(wrong.raw, left...), nil
	}
	if err != nil {
		return it, err
	}
	d.row = next.Row - 1
	r = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(left), r), r.Size())
	return decode.Resume(r, d.opts.Limits, next.Offset, d.row), nil
}

// lines has lines decoded as rows as long as they look like such, one right behind the other. They are read to where they stay until they are
// decoded. next is the first of them, and becomes the first that was not taken; returned is what was read from there on. An error of r is left
// to whoever reads on: r gives it again. A misread says that a line was no row; it holds what is to be read before what is returned.
func (q *queue) lines(r *bufio.Reader, next *core.Origin, looksRight func([]byte) bool) ([]byte, error) {
	var left []byte
	for {
		b := q.empty()
		raw, ended := fill(append(b.raw, left...), r)
		stop, taken := ended != nil, 0
		for {
			n := bytes.IndexByte(raw[taken:], '\n') + 1
			if n == 0 {
				break
			}
			if !looksRight(raw[taken : taken+n]) {
				stop = true
				break
			}
			b.lines = append(b.lines, line{taken, *next})
			next.Row++
			next.Offset += int64(n)
			taken += n
		}
		left = append(left[:0], raw[taken:]...)
		b.raw = raw[:taken]
		if taken > 0 {
			q.filling = b
		}
		if stop || taken == 0 { // as also when a line is longer than a batch
			return left, q.flush()
		}
		if err := q.launch(); err != nil {
			return left, err
		}
	}
}

// fill reads up to about a batch behind what b holds. The error is the reader's.
func fill(b []byte, r *bufio.Reader) ([]byte, error) {
	for {
		if cap(b)-len(b) < r.Size() { // for more than its buffer holds it reads to b at once
			if cap(b) >= batchBytes {
				return b, nil
			}
			const least = 4 << 10
			b = slices.Grow(b, min(max(len(b), r.Buffered(), least), batchBytes-len(b)))
		}
		n, err := r.Read(b[len(b):cap(b)])
		if b = b[:len(b)+n]; err != nil {
			return b, err
		}
	}
}
