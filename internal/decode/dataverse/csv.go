package dataverse

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// column is what a column of a CSV export holds.
type column uint8

const (
	other column = iota
	colID
	colName
	colContent
	colMetadata
	colStart
	colModified
	colCreated
	colVersion
	colSchema
	colBot // the bot's id, or its name
	colBotName
)

// columnOf reads a heading: the logical name, the display name, or what the portal writes for columns that must not be edited.
func columnOf(heading string) column {
	var b strings.Builder
	for _, r := range strings.TrimPrefix(strings.ToLower(strings.TrimSpace(heading)), "(do not modify)") {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	switch b.String() {
	case "conversationtranscriptid", "conversationtranscript":
		return colID
	case "name":
		return colName
	case "content":
		return colContent
	case "metadata":
		return colMetadata
	case "conversationstarttime":
		return colStart
	case "modifiedon":
		return colModified
	case "createdon":
		return colCreated
	case "versionnumber":
		return colVersion
	case "schemaversion":
		return colSchema
	case "botconversationtranscriptidvalue", "botconversationtranscriptid", "bot", "botid", "agent", "copilot", "chatbot":
		return colBot
	case "botconversationtranscriptidname", "botname", "botconversationtranscriptidvalueodatacommunitydisplayv1formattedvalue":
		return colBotName
	default:
		return other
	}
}

// Header is the first line of a CSV export.
type Header struct {
	Comma   rune
	columns []column
}

// ReadHeader recognises the headings of a table of transcripts, between commas, semicolons or tabs. It is false without a
// column Content and one more that belongs to the table.
func ReadHeader(line []byte) (Header, bool) {
	var best Header
	most := 1
	for _, comma := range ",;\t" {
		fields, err := split(bytes.TrimRight(line, "\r\n"), comma)
		if err != nil {
			continue
		}
		h := Header{Comma: comma, columns: make([]column, len(fields))}
		known, content := 0, false
		for i, field := range fields {
			h.columns[i] = columnOf(field)
			content = content || h.columns[i] == colContent
			if h.columns[i] != other {
				known++
			}
		}
		if content && known > most {
			best, most = h, known
		}
	}
	return best, most > 1
}

// IsSeparatorLine recognises the line "sep=;" that some tools write before the header for a spreadsheet's sake.
func IsSeparatorLine(line []byte) bool {
	line = bytes.TrimRight(line, "\r\n")
	return len(line) == len("sep=;") && bytes.EqualFold(line[:4], []byte("sep="))
}

// ReadCSV reads a CSV export of the table to its end. Rows count from 1 behind the header. A row that cannot be used goes to the
// sink as a reject; errors are the reader's or the sink's. offset is the count of bytes already consumed.
func ReadCSV(name string, r *bufio.Reader, offset int64, opts decode.Options, sink decode.Sink) error {
	d := New(opts, sink)
	rows := &csvRows{r: r, limit: d.opts.Limits.RowBytes, offset: offset, comma: ','}
	line, err := rows.next()
	if err == nil && IsSeparatorLine(line.raw) {
		line, err = rows.next()
	}
	if err != nil {
		return ignoreEnd(err)
	}
	head, ok := ReadHeader(line.raw)
	if !ok {
		return d.reject(activity.Origin{File: name}, errors.New("the first line does not name the columns of the table of transcripts"), line.raw)
	}
	rows.comma, rows.row = byte(head.Comma), 0
	for {
		line, err := rows.next()
		if err != nil {
			return ignoreEnd(err)
		}
		origin := activity.Origin{File: name, Row: line.row, Offset: line.offset}
		if err := d.csvRow(head, line, origin); err != nil {
			return err
		}
	}
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (d *Decoder) csvRow(head Header, line csvLine, origin activity.Origin) error {
	if line.err != nil {
		return d.reject(origin, line.err, line.raw)
	}
	if at := decode.InvalidUTF8(line.raw); at >= 0 {
		return d.reject(origin, fmt.Errorf("invalid UTF-8 at byte %d", line.offset+int64(at)), line.raw)
	}
	fields, err := split(line.raw, head.Comma)
	if err != nil {
		return d.reject(origin, fmt.Errorf("the row is not valid CSV: %w", err), line.raw)
	}
	if len(fields) != len(head.columns) {
		return d.reject(origin, fmt.Errorf("the row has %d fields, the header has %d", len(fields), len(head.columns)), line.raw)
	}
	var r row
	for i, text := range fields {
		switch head.columns[i] {
		case colID:
			r.id = text
		case colName:
			r.name = text
		case colContent:
			r.content = content{value: []byte(text), text: true}
		case colMetadata:
			r.metadata = []byte(text)
		case colStart:
			r.start = text
		case colModified:
			r.modified = text
		case colCreated:
			r.created = text
		case colVersion:
			r.version = text
		case colSchema:
			r.schema = text
		case colBot:
			r.lookup(text)
		case colBotName:
			r.botName = firstOf(text, r.botName)
		}
	}
	return d.emit(r, line.raw, origin)
}

// split reads the fields of one row.
func split(line []byte, comma rune) ([]string, error) {
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma = comma
	r.FieldsPerRecord = -1
	fields, err := r.Read()
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return nil, bad.Err // its line numbers count within the row
	}
	return fields, err
}

// csvRows cuts a stream into rows, whose quoted fields may hold line breaks. A row is never held beyond the limit, so that a
// quote that nobody closes costs one row and bounded memory.
type csvRows struct {
	r      *bufio.Reader
	limit  int64
	offset int64
	row    int
	comma  byte
	buf    []byte
}

type csvLine struct {
	raw    []byte // valid until the next call; nil when it was too large to hold
	row    int    // from 1
	offset int64
	err    error
}

// csvState is where in a row the next byte stands.
type csvState uint8

const (
	fieldStart csvState = iota
	plainField
	quotedField
	quoteInQuotes // the quote ends the field, or the next one makes it a quote of the text
)

// next returns the next row that is not empty; io.EOF at the end. Other errors are the reader's.
func (c *csvRows) next() (csvLine, error) {
	for {
		line, err := c.cut()
		if err != nil {
			return csvLine{}, err
		}
		c.row++
		if line.err != nil || len(bytes.TrimSpace(line.raw)) > 0 {
			line.row = c.row
			return line, nil
		}
		c.row-- // blank lines are not rows
	}
}

func (c *csvRows) cut() (csvLine, error) {
	line := csvLine{offset: c.offset}
	c.buf = c.buf[:0]
	var state csvState
	var quote int64 // offset of the last quote that opened a field
	large, read := false, false
	for {
		if c.r.Buffered() == 0 {
			if _, err := c.r.Peek(1); err != nil {
				if !errors.Is(err, io.EOF) || !read {
					return csvLine{}, err
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
		line.err = fmt.Errorf("the quote at byte %d is never closed", quote)
	case large:
		line.err = fmt.Errorf("larger than the limit of %d bytes for one row; the quote at byte %d may be closed in the wrong place", c.limit, quote)
	}
	if !large {
		line.raw = c.buf
	}
	return line, nil
}

// scan returns how many bytes of the window belong to the row, and whether it ends there.
func (c *csvRows) scan(window []byte, state *csvState, quote *int64) (int, bool) {
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
		case b == c.comma:
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
