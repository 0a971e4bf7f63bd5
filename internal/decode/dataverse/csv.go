package dataverse

import (
	"bufio"
	"bytes"
	"cmp"
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
	raw     []byte // with its line end
}

// maxColumns is far more than the table has. A line with more is no header.
const maxColumns = 1000

// ReadHeader recognises the headings of a table of transcripts, between commas, semicolons or tabs. It is false without a
// column Content and one more that belongs to the table.
func ReadHeader(line []byte) (Header, bool) {
	var best Header
	var split decode.CSVFields
	most := 1
	for _, comma := range ",;\t" {
		fields, n, err := split.Split(line, byte(comma), maxColumns)
		if err != nil || n > maxColumns {
			continue
		}
		h := Header{Comma: comma, columns: make([]column, len(fields))}
		known, content := 0, false
		for i, field := range fields {
			h.columns[i] = columnOf(string(field))
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

// Table cuts a CSV export of the table into rows.
type Table struct {
	name   string
	rows   *decode.CSVRows
	header Header
}

// rejecter takes rows that cannot be used.
type rejecter interface{ Reject(decode.Reject) error }

// NewTable reads the header of a CSV export; offset is the count of bytes already consumed. A first line that is no header becomes a
// reject. Then, and for an input without a line, the table is nil. Errors are the reader's or the rejecter's.
func NewTable(name string, r *bufio.Reader, offset int64, lim decode.Limits, to rejecter) (*Table, error) {
	rows := decode.NewCSVRows(r, lim.OrDefault().RowBytes, offset)
	line, err := rows.Next()
	if err == nil && IsSeparatorLine(line.Raw) {
		line, err = rows.Next()
	}
	switch {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	header, ok := ReadHeader(line.Raw)
	if !ok {
		const reason = "the first line does not name the columns of the table of transcripts"
		return nil, to.Reject(lim.Quarantine(activity.Origin{File: name}, reason, line.Raw))
	}
	header.raw = bytes.Clone(line.Raw)
	rows.Comma = byte(header.Comma)
	rows.Restart()
	return &Table{name, rows, header}, nil
}

// Next returns the next row, for Decoder.Line, and its place: rows count from 1 behind the header. It is valid until the next call. The
// error is io.EOF at the end, or the reader's.
func (t *Table) Next() (decode.CSVRow, activity.Origin, error) {
	line, err := t.rows.Next()
	return line, activity.Origin{File: t.name, Row: line.Row, Offset: line.Offset}, err
}

// Line reads one row of a table. A row that cannot be used goes to the sink as a reject; the error is the sink's. The row may be reused
// afterwards.
func (d *Decoder) Line(t *Table, line decode.CSVRow, origin activity.Origin) error {
	head := &t.header
	if line.Err != nil {
		return d.reject(origin, line.Err, line.Raw)
	}
	if at := decode.InvalidUTF8(line.Raw); at >= 0 {
		return d.reject(origin, fmt.Errorf("invalid UTF-8 at byte %d", line.Offset+int64(at)), line.Raw)
	}
	fields, n, err := d.fields.Split(line.Raw, byte(head.Comma), len(head.columns))
	if err != nil {
		return d.reject(origin, fmt.Errorf("the row is not valid CSV: %w", err), line.Raw)
	}
	if n != len(head.columns) {
		return d.reject(origin, fmt.Errorf("the row has %d fields, the header has %d", n, len(head.columns)), line.Raw)
	}
	var r row
	for i, text := range fields {
		switch head.columns[i] {
		case colID:
			r.id = string(text)
		case colName:
			r.name = string(text)
		case colContent:
			r.content = content{value: text, text: true}
		case colMetadata:
			r.metadata = text
		case colStart:
			r.start = string(text)
		case colModified:
			r.modified = string(text)
		case colCreated:
			r.created = string(text)
		case colVersion:
			r.version = string(text)
		case colSchema:
			r.schema = string(text)
		case colBot:
			r.lookup(string(text))
		case colBotName:
			r.botName = cmp.Or(string(text), r.botName)
		}
	}
	return d.emit(r, head.raw, line.Raw, origin)
}
