package decode

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

// CSVRows cuts a stream into the rows of a CSV, whose quoted fields may hold line breaks. A row is never held beyond the limit, so
// that a quote that nobody closes costs one row and bounded memory.
type CSVRows struct {
	// Comma is what stands between fields. It may be changed between rows.
	Comma byte

	r      *bufio.Reader
	limit  int64
	offset int64
	row    int
	buf    []byte
}

// CSVRow is one row. Its bytes are valid until the next call.
type CSVRow struct {
	Raw    []byte // nil when it was too large to hold
	Row    int    // from 1
	Offset int64
	Err    error // why it cannot be used
}

// NewCSVRows returns an iterator over rows with commas; offset is the count of bytes already consumed.
func NewCSVRows(r *bufio.Reader, limit, offset int64) *CSVRows {
	return &CSVRows{Comma: ',', r: r, limit: limit, offset: offset}
}

// Restart counts rows from 1 again, behind a header.
func (c *CSVRows) Restart() { c.row = 0 }

// csvState is where in a row the next byte stands.
type csvState uint8

const (
	fieldStart csvState = iota
	plainField
	quotedField
	quoteInQuotes // the quote ends the field, or the next one makes it a quote of the text
)

// Next returns the next row that is not empty; io.EOF at the end. Other errors are the reader's.
func (c *CSVRows) Next() (CSVRow, error) {
	for {
		line, err := c.cut()
		if err != nil {
			return CSVRow{}, err
		}
		if line.Err != nil || len(bytes.TrimSpace(line.Raw)) > 0 { // blank lines are not rows
			c.row++
			line.Row = c.row
			return line, nil
		}
	}
}

func (c *CSVRows) cut() (CSVRow, error) {
	line := CSVRow{Offset: c.offset}
	c.buf = c.buf[:0]
	var state csvState
	var quote int64 // offset of the last quote that opened a field
	large, read := false, false
	for {
		if c.r.Buffered() == 0 {
			if _, err := c.r.Peek(1); err != nil {
				if !errors.Is(err, io.EOF) || !read {
					return CSVRow{}, err
				}
				break
			}
		}
		read = true
		window, _ := c.r.Peek(c.r.Buffered())
		n, end := c.scan(window, &state, &quote)
		if large = large || int64(len(c.buf)+n) > c.limit; !large {
			c.buf = append(c.buf, window[:n]...)
		}
		_, _ = c.r.Discard(n) // buffered
		c.offset += int64(n)
		if end {
			break
		}
	}
	switch {
	case state == quotedField:
		line.Err = fmt.Errorf("the quote at byte %d is never closed", quote)
	case large:
		line.Err = fmt.Errorf("larger than the limit of %d bytes for one row; the quote at byte %d may be closed in the wrong place", c.limit, quote)
	}
	if !large {
		line.Raw = c.buf
	}
	return line, nil
}

// scan returns how many bytes of the window belong to the row, and whether it ends there.
func (c *CSVRows) scan(window []byte, state *csvState, quote *int64) (int, bool) {
	for i := 0; i < len(window); i++ {
		if *state == quotedField {
			j := bytes.IndexByte(window[i:], '"')
			if j < 0 {
				return len(window), false
			}
			i += j
			*state = quoteInQuotes
			continue
		}
		switch b := window[i]; {
		case b == '\n':
			return i + 1, true
		case b == c.Comma:
			*state = fieldStart
		case b == '"' && *state == fieldStart:
			*state, *quote = quotedField, c.offset+int64(i)
		case b == '"' && *state == quoteInQuotes:
			*state = quotedField
		default:
			*state = plainField
		}
	}
	return len(window), false
}

// CSVFields are the fields of one row after the other. Its buffers are used again.
type CSVFields struct {
	fields [][]byte
	plain  []byte // fields whose quotes were doubled
}

// Split returns the fields of a row, of which it keeps no more than most, and how many there are. They are valid until the next call and
// as long as the row. The rules are those of encoding/csv, without a copy of what nobody reads: CR LF within quotes is LF.
func (f *CSVFields) Split(row []byte, comma byte, most int) ([][]byte, int, error) {
	row = bytes.TrimSuffix(bytes.TrimSuffix(row, []byte("\n")), []byte("\r"))
	f.fields = f.fields[:0]
	if cap(f.plain) < len(row) {
		f.plain = make([]byte, 0, len(row)) // so that it never moves below
	}
	f.plain = f.plain[:0]
	for n := 1; ; n++ {
		field, rest, err := f.next(row, comma)
		if err != nil {
			return nil, 0, err
		}
		if n <= most {
			f.fields = append(f.fields, field)
		}
		if rest == nil {
			return f.fields, n, nil
		}
		row = rest
	}
}

// next takes the first field off. rest is nil behind the last one.
func (f *CSVFields) next(row []byte, comma byte) (field, rest []byte, err error) {
	if len(row) == 0 || row[0] != '"' {
		end := bytes.IndexByte(row, comma)
		if end < 0 {
			end = len(row)
		} else {
			rest = row[end+1:]
		}
		if bytes.IndexByte(row[:end], '"') >= 0 {
			return nil, nil, csv.ErrBareQuote
		}
		return row[:end], rest, nil
	}
	from := len(f.plain)
	for row = row[1:]; ; {
		end := bytes.IndexByte(row, '"')
		if end < 0 {
			return nil, nil, csv.ErrQuote
		}
		f.text(row[:end])
		row = row[end+1:]
		switch {
		case len(row) == 0:
			return f.plain[from:], nil, nil
		case row[0] == comma:
			return f.plain[from:], row[1:], nil
		case row[0] != '"':
			return nil, nil, csv.ErrQuote
		}
		f.plain = append(f.plain, '"')
		row = row[1:]
	}
}

// text appends what stands between two quotes.
func (f *CSVFields) text(s []byte) {
	for {
		i := bytes.Index(s, []byte("\r\n"))
		if i < 0 {
			f.plain = append(f.plain, s...)
			return
		}
		f.plain = append(f.plain, s[:i]...)
		s = s[i+1:]
	}
}
