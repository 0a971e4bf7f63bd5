// Package export writes what a data set holds for other programs: its rows as CSV, JSON Lines or Parquet, and its conversations as rows of
// the Dataverse table conversationtranscript.
//
// Writers stream: memory does not grow with the number of rows. Every format has the same columns, those of docs/cli-json.md, exports.
package export

import (
	"fmt"
	"io"
	"strings"
	"time"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
)

// Format is the form of exported rows.
type Format string

// The formats of rows.
const (
	CSV       Format = "csv"
	JSONLines Format = "jsonl"
	Parquet   Format = "parquet"
)

// Formats are all formats of rows.
func Formats() []Format { return []Format{CSV, JSONLines, Parquet} }

// ContentType is the format's media type.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case JSONLines:
		return "application/jsonl"
	case Parquet:
		return "application/vnd.apache.parquet"
	case OData:
		return "application/json"
	default:
		return "application/octet-stream"
	}
}

// Options of a Writer.
type Options struct {
	Format Format
	// Zone is that of times; nil means UTC. Parquet keeps moments, which have none.
	Zone *time.Location
	// BotName is what people call a bot; nil names it by its key.
	BotName func(bot string) string
	// Columns, where given, are the only ones written, in this order.
	Columns []string
}

// Writer writes rows of one table. It is for one goroutine.
type Writer[Row any] struct {
	columns []column[Row]
	sink    sink
	cells   []cell
	setting setting
}

// Sessions writes analytics sessions. The error is of code errs.Invalid for an unknown format or column.
func Sessions(w io.Writer, o Options) (*Writer[fact.Session], error) {
	return newWriter(w, o, sessionColumns())
}

// Billed writes billed sessions.
func Billed(w io.Writer, o Options) (*Writer[fact.Billed], error) {
	return newWriter(w, o, billedColumns())
}

// Utterances writes what users said.
func Utterances(w io.Writer, o Options) (*Writer[fact.Utterance], error) {
	return newWriter(w, o, utteranceColumns())
}

// Write writes one row. The header is that of the answer it is of; the method is what dataset.EachSession yields to.
func (w *Writer[Row]) Write(h metric.Header, row *Row) error {
	if err := w.setting.of(h); err != nil {
		return err
	}
	for i := range w.columns {
		w.cells[i] = cell{}
		w.columns[i].of(&w.setting, row, &w.cells[i])
	}
	if err := w.sink.row(w.cells); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	return nil
}

// Close writes what is left: a file without it is not whole. It does not close what the writer writes to.
func (w *Writer[Row]) Close() error {
	if err := w.sink.close(); err != nil {
		return fmt.Errorf("write the last rows: %w", err)
	}
	return nil
}

func newWriter[Row any](to io.Writer, o Options, all []column[Row]) (*Writer[Row], error) {
	columns, err := chosen(all, o.Columns)
	if err != nil {
		return nil, err
	}
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	heads := make([]head, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	w := &Writer[Row]{columns: columns, cells: make([]cell, len(columns)), setting: setting{botName: o.BotName}}
	switch o.Format {
	case CSV:
		w.sink, err = newCSV(to, heads, zone)
	case JSONLines:
		w.sink = newLines(to, heads, zone)
	case Parquet:
		w.sink = newParquet(to, heads)
	default:
		return nil, errs.New(errs.Invalid, "use one of "+words(Formats()), "there is no format %q for rows", o.Format)
	}
	return w, err
}

// chosen are the columns asked for, all of them without a choice.
func chosen[Row any](all []column[Row], names []string) ([]column[Row], error) {
	if len(names) == 0 {
		return all, nil
	}
	var out []column[Row]
next:
	for _, name := range names {
		for _, c := range all {
			if c.name == name {
				out = append(out, c)
				continue next
			}
		}
		known := make([]string, len(all))
		for i, c := range all {
			known[i] = c.name
		}
		return nil, errs.New(errs.Invalid, "use some of "+words(known), "there is no column %q", name)
	}
	return out, nil
}

func words[S ~string](all []S) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}

// setting is what a row's cells need beside the row.
type setting struct {
	botName    func(string) string
	definition string
	asOfText   string
	asOf       int64 // ms; 0 reads everything as closed
}

func (c *setting) of(h metric.Header) error {
	c.definition = h.Definition
	if h.AsOf == c.asOfText {
		return nil
	}
	t, err := time.Parse(time.RFC3339, h.AsOf)
	if err != nil && h.AsOf != "" {
		return fmt.Errorf("read the moment of the answer: %w", err)
	}
	c.asOfText, c.asOf = h.AsOf, 0
	if h.AsOf != "" {
		c.asOf = t.UnixMilli()
	}
	return nil
}

func (c *setting) bot(key string) string {
	if c.botName == nil {
		return key
	}
	return c.botName(key)
}

// kind is what a column holds.
type kind uint8

const (
	text kind = iota
	number
	flag
	moment // ms since 1970
)

// head is a column without its rows. A nullable one may have nothing in it.
type head struct {
	name     string
	kind     kind
	nullable bool
}

// cell is one value, of the column's kind.
type cell struct {
	null bool
	s    string
	n    int64
	b    bool
}

// column is one column of a table of rows.
type column[Row any] struct {
	head
	of func(*setting, *Row, *cell)
}

// sink writes cells in one format.
type sink interface {
	row(cells []cell) error
	close() error
}
