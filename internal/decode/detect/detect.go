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
	d := &reader{name: name, opts: opts, sink: &sinkErrors{Sink: sink}}
	d.rows = dataverse.New(opts, d.sink)
	err := d.read(watch)
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), d.sink.err != nil:
		return err
	case watch.err != nil:
		return d.reject(core.Origin{File: name}, "the file cannot be read to its end: "+err.Error(), nil)
	default:
		return err
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
	name string
	opts decode.Options
	sink *sinkErrors
	rows *dataverse.Decoder
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

// peek returns what can be seen of the input without consuming it: at least 64 KiB, or all there is with io.EOF.
func peek(r *bufio.Reader) ([]byte, error) {
	head, err := r.Peek(min(64<<10, r.Size()))
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
			err = d.sink.Warn(decode.Warning{Origin: whole, Text: "an empty list"})
		}
		return n, true, err
	case rowTable:
		return 0, false, dataverse.ReadCSV(d.name, r, offset, d.opts, d.sink)
	case sessions:
		return 0, false, sessionscsv.Read(d.name, r, d.opts, d.sink)
	case activity:
		return 0, false, d.reject(whole, "activities, but not in a list: put them into one JSON list", head)
	case activities:
		return 0, false, botframework.Read(d.name, r, d.opts, d.sink)
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

// elements reads a list or a sequence, element by element.
func (d *reader) elements(r *bufio.Reader, offset int64) (int64, error) {
	it := decode.NewElements(r, d.opts.Limits, offset)
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
		return d.rows.Row(raw, origin)
	case envelope:
		return snapshot.Read(d.name, bufio.NewReader(bytes.NewReader(raw)), d.opts, placed{d.sink, d.opts.Limits, origin, raw})
	case activities:
		return botframework.Read(d.name, bufio.NewReader(bytes.NewReader(raw)), d.opts, placed{d.sink, d.opts.Limits, origin, raw})
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
	return d.sink.Reject(d.opts.Limits.Quarantine(origin, reason, raw))
}

// placed gives what a decoder found in one element the place of that element.
type placed struct {
	decode.Sink
	lim    decode.Limits
	origin core.Origin
	raw    []byte
}

// Record implements decode.Sink.
func (p placed) Record(r *core.Record) error {
	r.Origin = p.origin
	return p.Sink.Record(r)
}

// Reject implements decode.Sink.
func (p placed) Reject(r decode.Reject) error {
	return p.Sink.Reject(p.lim.Quarantine(p.origin, r.Reason, p.raw))
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
			if err := d.sink.Warn(decode.Warning{Origin: core.Origin{File: d.name}, Text: text}); err != nil {
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
		err = d.sink.Warn(decode.Warning{Origin: core.Origin{File: d.name}, Text: "a page without rows"})
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
		err = d.sink.Warn(decode.Warning{Origin: origin, Text: "truncated: the input ends before the object that holds the rows is closed"})
	}
	return offset + rest, err
}
