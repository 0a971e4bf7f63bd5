// Package detect recognises an input by its content, never by its name, and hands it to the decoder of its format.
//
// One input may hold several JSON values behind each other, e.g. the pages of an OData answer; each is recognised by itself.
package detect

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	core "rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/botframework"
	"rapport/internal/decode/dataverse"
	"rapport/internal/decode/sessionscsv"
	"rapport/internal/decode/snapshot"
)

// Read decodes one input to its end. Rows that cannot be used, an input of no known format and an input that stops with an
// error of its reader become rejects. The error is the sink's, or the context's where the reader gives that.
func Read(name string, in io.Reader, opts decode.Options, sink decode.Sink) error {
	opts.Limits = opts.Limits.OrDefault()
	watch := &watched{r: in}
	end := &sinkErrors{Sink: sink}
	d := &reader{name: name, opts: opts, queue: newQueue(opts, end)}
	defer d.queue.close()
	err := d.read(watch)
	if end.err == nil {
		_ = d.queue.flush() // its error is the sink's
	}
	switch {
	case end.err != nil:
		return end.err
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), watch.err == nil:
		return err
	default:
		return end.Reject(decode.Reject{Origin: core.Origin{File: name}, Reason: "the file cannot be read to its end: " + err.Error()})
	}
}

// watched remembers the input's own error, to tell it from the sink's, and gives it again when asked again: a peek may have met
// it first.
type watched struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// sinkErrors remembers that the sink wanted to stop.
type sinkErrors struct {
	decode.Sink
	err error
}

func (s *sinkErrors) keep(err error) error {
	if err != nil {
		s.err = err
	}
	return err
}

// Record implements decode.Sink.
func (s *sinkErrors) Record(r *core.Record) error { return s.keep(s.Sink.Record(r)) }

// Reject implements decode.Sink.
func (s *sinkErrors) Reject(r decode.Reject) error { return s.keep(s.Sink.Reject(r)) }

// Warn implements decode.Sink.
func (s *sinkErrors) Warn(w decode.Warning) error { return s.keep(s.Sink.Warn(w)) }

// reader reads one input.
type reader struct {
	name  string
	opts  decode.Options
	queue *queue
	// row is how many rows of the input were met so far; broken says that the last one was not even framed.
	row    int
	broken bool
	// inside says that rows are read from an element of a list or sequence. That nests no further.
	inside bool
}

func (d *reader) read(in io.Reader) error {
	r, err := decode.Text(in)
	if err != nil {
		return err
	}
	var offset int64
	for first := true; ; first = false {
		n, err := skipSpace(r)
		if offset += n; err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		head, err := peek(r)
		if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
			return err
		}
		g := recognise(head, errors.Is(err, io.EOF))
		if g.kind == empty && !first {
			return nil
		}
		n, more, err := d.dispatch(g, r, offset, head)
		if err != nil || !more {
			return err
		}
		offset = n
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// skipSpace goes over white space and byte-order marks, of which files that were put together hold several.
func skipSpace(r *bufio.Reader) (int64, error) {
	for skipped := int64(0); ; {
		head, err := r.Peek(max(3, r.Buffered()))
		n := len(head) - len(trimSpace(head))
		_, _ = r.Discard(n) // just peeked at
		skipped += int64(n)
		if n == 0 || err != nil {
			return skipped, err
		}
	}
}

// peekBytes is by how much of it an input is recognised.
const peekBytes = 64 << 10

// peek returns what can be seen of the input without consuming it: peekBytes, or all there is with io.EOF.
func peek(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(min(peekBytes, r.Size()))
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	return head, err
}

// dispatch reads what was recognised. It returns the offset that it came to and whether something may follow that is to be
// recognised by itself.
func (d *reader) dispatch(g guess, r *bufio.Reader, offset int64, head []byte) (int64, bool, error) {
	whole := core.Origin{File: d.name}
	switch g.kind {
	case empty:
		return 0, false, d.reject(whole, "the file is empty", nil)
	case emptyList:
		n, err := d.elements(r, offset)
		if err == nil {
			err = d.queue.Warn(decode.Warning{Origin: whole, Text: "an empty list"})
		}
		return n, true, err
	case rowTable:
		return 0, false, d.table(r, offset)
	case sessions:
		return 0, false, d.alone(func() error { return sessionscsv.Read(d.name, r, d.opts, d.queue.sink) })
	case activity:
		return 0, false, d.reject(whole, "activities, but not in a list: put them into one JSON list", head)
	case activities:
		return 0, false, d.alone(func() error { return botframework.Read(d.name, r, d.opts, d.queue.sink) })
	case page:
		n, err := d.page(r, offset)
		return n, true, err
	case rowList:
		n, err := d.elements(r, offset)
		return n, true, err
	case row, envelope:
		n, err := d.elements(r, offset)
		return n, false, err
	default:
		return 0, false, d.reject(whole, g.hint, head)
	}
}

// alone has the rest of the input read by a decoder that tells the sink itself, once that knows all that came before.
func (d *reader) alone(read func() error) error {
	if err := d.queue.flush(); err != nil {
		return err
	}
	return read()
}

// table reads a CSV export of the table of transcripts.
func (d *reader) table(r *bufio.Reader, offset int64) error {
	t, err := dataverse.NewTable(d.name, r, offset, d.opts.Limits, d.queue)
	if err != nil || t == nil {
		return err
	}
	for {
		line, origin, err := t.Next()
		if err != nil {
			return ignoreEnd(err)
		}
		err = d.queue.add(line.Raw, func(w *worker, raw []byte) error {
			line.Raw = raw
			return w.rows.Line(t, line, origin)
		})
		if err != nil {
			return err
		}
	}
}

// elements reads a list or a sequence, element by element.
func (d *reader) elements(r *bufio.Reader, offset int64) (int64, error) {
	it := decode.NewElements(r, d.opts.Limits, offset)
	if !d.inside && d.row == 0 {
		var err error
		if it, err = d.lines(it, r); err != nil {
			return it.Offset(), err
		}
	}
	for {
		el, err := it.Next()
		if errors.Is(err, io.EOF) {
			return it.Offset(), nil
		}
		if err != nil {
			return it.Offset(), err
		}
		d.row++
		origin := core.Origin{File: d.name, Row: d.row, Offset: el.Offset}
		if d.broken = el.Err != nil; d.broken {
			err = d.reject(origin, el.Err.Error(), el.Raw)
		} else {
			err = d.element(el.Raw, origin)
		}
		if err != nil {
			return it.Offset(), err
		}
	}
}

// element reads one value of a list or sequence. A page among them holds rows of its own.
func (d *reader) element(raw []byte, origin core.Origin) error {
	if isEscaped(raw) {
		if plain, err := decode.Unquote(nil, raw); err == nil && !decode.Deeper(plain, d.opts.Limits.Depth) {
			raw = bytes.TrimSpace(plain)
		}
	}
	g := recogniseValue(raw)
	switch g.kind {
	case row:
		return d.queue.add(raw, func(w *worker, raw []byte) error { return w.rows.Row(raw, origin) })
	case envelope:
		return d.queue.add(raw, func(w *worker, raw []byte) error {
			return snapshot.Read(d.name, bufio.NewReader(bytes.NewReader(raw)), d.opts, placed{w.sink, d.opts, origin, raw})
		})
	case activities:
		return d.queue.add(raw, func(w *worker, raw []byte) error {
			return botframework.Read(d.name, bufio.NewReader(bytes.NewReader(raw)), d.opts, placed{w.sink, d.opts, origin, raw})
		})
	case page, rowList:
		if d.inside {
			return d.reject(origin, "rows in a list in a list in a list", raw)
		}
		d.inside = true
		defer func() { d.inside = false }()
		d.row-- // its rows count, it does not
		read := d.page
		if g.kind == rowList {
			read = d.elements
		}
		_, err := read(bufio.NewReader(bytes.NewReader(raw)), origin.Offset)
		return err
	case unknown, bots:
		return d.reject(origin, g.hint, raw)
	case activity:
		return d.reject(origin, "one activity among rows: activities are read from a list of their own", raw)
	default:
		return d.reject(origin, "neither a row nor a list of activities", raw)
	}
}

func (d *reader) reject(origin core.Origin, reason string, raw []byte) error {
	return d.queue.Reject(d.opts.Limits.Quarantine(origin, reason, raw))
}

// placed gives what a decoder found in one element the place of that element, and its bytes where the decoder had them from here.
type placed struct {
	decode.Sink
	opts   decode.Options
	origin core.Origin
	raw    []byte
}

// Record implements decode.Sink.
func (p placed) Record(r *core.Record) error {
	if p.opts.KeepRaw && r.Raw == nil {
		r.Raw = p.envelope(r.Origin.Offset)
	}
	r.Origin = p.origin
	return p.Sink.Record(r)
}

// envelope is the one of possibly several envelopes that starts at an offset of the element, packed.
func (p placed) envelope(offset int64) []byte {
	list := io.MultiReader(strings.NewReader("["), bytes.NewReader(p.raw[offset:]))
	el, _ := decode.NewElements(bufio.NewReader(list), p.opts.Limits, 0).Next() // it was read before, so that nothing can be wrong
	var packer decode.Packer
	return packer.JSON(el.Raw)
}

// Reject implements decode.Sink.
func (p placed) Reject(r decode.Reject) error {
	return p.Sink.Reject(p.opts.Limits.Quarantine(p.origin, r.Reason, p.raw))
}

// Warn implements decode.Sink.
func (p placed) Warn(w decode.Warning) error {
	w.Origin = p.origin
	return p.Sink.Warn(w)
}

// page reads an object that holds a list of rows, which may be far larger than a row, member by member. It returns the offset
// behind the object.
func (d *reader) page(r *bufio.Reader, offset int64) (int64, error) {
	p := cursor{r: r, lim: d.opts.Limits, offset: offset}
	if _, err := p.next(); err != nil { // the brace that it was recognised by
		return p.offset, err
	}
	p.consume()
	for {
		key, err := p.key()
		switch {
		case errors.Is(err, errNoMore):
			return p.offset, nil
		case errors.Is(err, errNotAPage), errors.Is(err, io.EOF):
			return d.lost(r, p.offset)
		case err != nil:
			return p.offset, err
		}
		if strings.EqualFold(key, "value") || strings.EqualFold(key, "list_of_conversations") {
			if p.offset, err = d.list(r, p.offset); err != nil {
				return p.offset, err
			}
			continue
		}
		value, err := p.value()
		if errors.Is(err, io.EOF) {
			return d.lost(r, p.offset)
		}
		if err != nil {
			return p.offset, err
		}
		if strings.EqualFold(key, "@odata.nextLink") && len(value) > 2 {
			text := "there are more pages: " + key + " leads to the next one; download it too, and so on until a page has no such key"
			if err := d.queue.Warn(decode.Warning{Origin: core.Origin{File: d.name}, Text: text}); err != nil {
				return p.offset, err
			}
		}
	}
}

// list reads the rows of a page.
func (d *reader) list(r *bufio.Reader, offset int64) (int64, error) {
	before := d.row
	n, err := d.elements(r, offset)
	if err == nil && d.row == before {
		err = d.queue.Warn(decode.Warning{Origin: core.Origin{File: d.name}, Text: "a page without rows"})
	}
	return n, err
}

// lost accounts for the rest of an input whose page is broken.
func (d *reader) lost(r *bufio.Reader, offset int64) (int64, error) {
	rest, err := io.Copy(io.Discard, r)
	if err != nil {
		return offset, err
	}
	origin := core.Origin{File: d.name, Row: d.row, Offset: offset}
	switch {
	case rest > 0:
		d.row++
		origin.Row = d.row
		err = d.reject(origin, fmt.Sprintf("the object that holds the rows is broken at byte %d; the %d bytes from there on were not read", offset, rest), nil)
	case !d.broken: // else the reject of the last row said so
		err = d.queue.Warn(decode.Warning{Origin: origin, Text: "truncated: the input ends before the object that holds the rows is closed"})
	}
	return offset + rest, err
}
