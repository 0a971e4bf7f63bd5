package export

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
)

// rowColumns are columns of the Dataverse table as its Web API names them.
func rowColumns() []string {
	return []string{
		"conversationtranscriptid", "conversationstarttime", "createdon", "modifiedon", "versionnumber", "statecode", "statuscode",
		"schematype", "schemaversion", "metadata", "_bot_conversationtranscriptid_value",
		"_bot_conversationtranscriptid_value@OData.Community.Display.V1.FormattedValue", "name", "content",
	}
}

// cells are the row's, in the order of rowColumns; numbers are told from texts.
func (r *row) cells() []any {
	at := func(ms int64) any {
		if ms == 0 {
			return nil
		}
		return utc(ms)
	}
	orNil := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	version := any(nil)
	if r.version != 0 {
		version = r.version
	}
	return []any{
		r.id, at(r.start), at(r.created), at(r.modified), version, int64(0), int64(1), r.schemaType, orNil(r.schema), r.metadata,
		orNil(r.botID), orNil(r.botName), r.name, r.content,
	}
}

// rowSink writes rows of the table in one of its export shapes.
type rowSink struct {
	format Format
	out    *bufio.Writer
	csv    *csv.Writer
	rows   int64
	buf    []byte
}

func newRowSink(w io.Writer, format Format) (*rowSink, error) {
	s := &rowSink{format: format, out: bufio.NewWriterSize(w, 256<<10)}
	switch format {
	case OData:
		_, err := s.out.WriteString(`{"@odata.context":"https://rapport.example/api/data/v9.2/$metadata#conversationtranscripts","value":[`)
		return s, err
	case CSV:
		s.csv = csv.NewWriter(s.out)
		s.csv.UseCRLF = true
		return s, s.csv.Write(rowColumns())
	default:
		return s, nil
	}
}

func (s *rowSink) row(r row) error {
	cells := r.cells()
	if s.format == CSV {
		return s.csvRow(cells)
	}
	b := s.buf[:0]
	if s.format == OData {
		if s.rows > 0 {
			b = append(b, ',')
		}
		b = append(b, '\n')
	}
	s.rows++
	for i, name := range rowColumns() {
		b = append(b, "{,"[min(i, 1)])
		b = append(strconv.AppendQuote(b, name), ':')
		switch v := cells[i].(type) {
		case nil:
			b = append(b, "null"...)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case string:
			b = appendText(b, v)
		case []byte:
			b = appendText(b, v)
		}
	}
	b = append(b, '}')
	if s.format == JSONLines {
		b = append(b, '\n')
	}
	s.buf = b
	_, err := s.out.Write(b)
	return err
}

// csvRow writes cells as they are: a row that is read back must be what was written, and content begins with a brace.
func (s *rowSink) csvRow(cells []any) error {
	line := make([]string, len(cells))
	for i, c := range cells {
		switch v := c.(type) {
		case int64:
			line[i] = strconv.FormatInt(v, 10)
		case string:
			line[i] = v
		case []byte:
			line[i] = string(v)
		}
	}
	return s.csv.Write(line)
}

func (s *rowSink) close() error {
	if s.csv != nil {
		s.csv.Flush()
		if err := s.csv.Error(); err != nil {
			return err
		}
	}
	if s.format == OData {
		if _, err := s.out.WriteString("\n]}\n"); err != nil {
			return err
		}
	}
	return s.out.Flush()
}
