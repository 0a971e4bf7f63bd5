package export

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"rapport/internal/wire"
)

// form is RFC 3339 with milliseconds; in UTC it is what every other output writes.
const form = "2006-01-02T15:04:05.000Z07:00"

func stamp(dst []byte, ms int64, zone *time.Location) []byte {
	return time.UnixMilli(ms).In(zone).AppendFormat(dst, form)
}

// csvSink writes RFC 4180. What a spreadsheet would run is defused (docs/cli-json.md, CSV).
type csvSink struct {
	out   *csv.Writer
	heads []head
	zone  *time.Location
	cells []string
}

func newCSV(w io.Writer, heads []head, zone *time.Location) (*csvSink, error) {
	s := &csvSink{out: csv.NewWriter(w), heads: heads, zone: zone, cells: make([]string, len(heads))}
	s.out.UseCRLF = true
	for i, h := range heads {
		s.cells[i] = h.name
	}
	return s, s.out.Write(s.cells)
}

func (s *csvSink) row(cells []cell) error {
	for i, c := range cells {
		switch h := s.heads[i]; {
		case c.null:
			s.cells[i] = ""
		case h.kind == number:
			s.cells[i] = strconv.FormatInt(c.n, 10)
		case h.kind == flag:
			s.cells[i] = strconv.FormatBool(c.b)
		case h.kind == moment:
			s.cells[i] = string(stamp(nil, c.n, s.zone))
		default:
			s.cells[i] = wire.SafeCell(h.name, c.s)
		}
	}
	return s.out.Write(s.cells)
}

func (s *csvSink) close() error {
	s.out.Flush()
	return s.out.Error()
}

// linesSink writes one JSON object a line.
type linesSink struct {
	out  *bufio.Writer
	zone *time.Location
	keys [][]byte // with their quotes, and what stands before them
	head []head
	buf  []byte
}

func newLines(w io.Writer, heads []head, zone *time.Location) *linesSink {
	s := &linesSink{out: bufio.NewWriterSize(w, 64<<10), zone: zone, head: heads}
	for i, h := range heads {
		before := ","
		if i == 0 {
			before = "{"
		}
		s.keys = append(s.keys, []byte(before+strconv.Quote(h.name)+":"))
	}
	return s
}

func (s *linesSink) row(cells []cell) error {
	b := s.buf[:0]
	for i, c := range cells {
		b = append(b, s.keys[i]...)
		switch kind := s.head[i].kind; {
		case c.null:
			b = append(b, "null"...)
		case kind == number:
			b = strconv.AppendInt(b, c.n, 10)
		case kind == flag:
			b = strconv.AppendBool(b, c.b)
		case kind == moment:
			b = append(stamp(append(b, '"'), c.n, s.zone), '"')
		default:
			b = appendText(b, c.s)
		}
	}
	s.buf = append(b, '}', '\n')
	_, err := s.out.Write(s.buf)
	return err
}

func (s *linesSink) close() error { return s.out.Flush() }

// appendText appends a JSON string. As in all JSON that Rapport writes, what a terminal might obey is escaped (wire.Append).
func appendText[T string | []byte](dst []byte, s T) []byte {
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c < 0x7f && c != '"' && c != '\\' {
			i++
			continue
		}
		n := 1
		var escaped string
		switch {
		case c == '"', c == '\\':
			escaped = "\\" + string(rune(c))
		case c == '\b':
			escaped = `\b`
		case c == '\f':
			escaped = `\f`
		case c == '\n':
			escaped = `\n`
		case c == '\r':
			escaped = `\r`
		case c == '\t':
			escaped = `\t`
		case c < utf8.RuneSelf:
			escaped = fmt.Sprintf(`\u%04x`, c)
		default:
			var r rune
			if r, n = utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)])); r == utf8.RuneError && n == 1 {
				escaped = `\ufffd`
			} else if wire.Dangerous(r) {
				escaped = fmt.Sprintf(`\u%04x`, r)
			}
		}
		if escaped != "" {
			dst = append(append(dst, s[from:i]...), escaped...)
			from = i + n
		}
		i += n
	}
	return append(append(dst, s[from:]...), '"')
}
