package export

import (
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// groupRows is how many rows a row group has: what is held in memory before it is written.
const groupRows = 50_000

// batchRows is how many rows go to the library at once.
const batchRows = 256

// parquetSink writes Parquet with columns of their types, times as milliseconds UTC.
type parquetSink struct {
	out   *parquet.GenericWriter[any]
	heads []head
	batch []parquet.Row
}

func newParquet(w io.Writer, heads []head) *parquetSink {
	schema := parquet.NewSchema("rapport", layout(heads))
	return &parquetSink{
		heads: heads,
		out: parquet.NewGenericWriter[any](w, schema,
			parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(groupRows), parquet.CreatedBy("rapport", "", "")),
	}
}

func (s *parquetSink) row(cells []cell) error {
	n := len(s.batch)
	if n < cap(s.batch) {
		s.batch = s.batch[:n+1]
	} else {
		s.batch = append(s.batch, nil)
	}
	row := s.batch[n][:0]
	for i, c := range cells {
		row = append(row, s.heads[i].value(c).Level(0, s.heads[i].level(c), i))
	}
	s.batch[n] = row
	if len(s.batch) < batchRows {
		return nil
	}
	return s.flush()
}

func (s *parquetSink) flush() error {
	_, err := s.out.WriteRows(s.batch)
	s.batch = s.batch[:0]
	return err
}

func (s *parquetSink) close() error {
	if err := s.flush(); err != nil {
		return err
	}
	return s.out.Close()
}

// level is the definition level: 1 for a value in a column that may have none.
func (h head) level(c cell) int {
	if h.nullable && !c.null {
		return 1
	}
	return 0
}

func (h head) value(c cell) parquet.Value {
	switch {
	case c.null:
		return parquet.NullValue()
	case h.kind == number, h.kind == moment:
		return parquet.Int64Value(c.n)
	case h.kind == flag:
		return parquet.BooleanValue(c.b)
	default:
		return parquet.ByteArrayValue([]byte(c.s))
	}
}

func (h head) node() parquet.Node {
	var n parquet.Node
	switch h.kind {
	case number:
		n = parquet.Int(64)
	case flag:
		n = parquet.Leaf(parquet.BooleanType)
	case moment:
		n = parquet.Timestamp(parquet.Millisecond)
	default:
		n = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	if h.nullable {
		n = parquet.Optional(n)
	}
	return n
}

// ordered is a group whose columns stay in their order; the library's own sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

// Fields implements parquet.Node.
func (o ordered) Fields() []parquet.Field { return o.fields }

type field struct {
	parquet.Node
	name string
}

// Name implements parquet.Field.
func (f field) Name() string { return f.name }

// Value implements parquet.Field. Rows are written as rows and never taken out of Go values.
func (f field) Value(base reflect.Value) reflect.Value { return base.FieldByName(f.name) }

func layout(heads []head) parquet.Node {
	o := ordered{Group: parquet.Group{}}
	for _, h := range heads {
		n := h.node()
		o.Group[h.name] = n
		o.fields = append(o.fields, field{n, h.name})
	}
	return o
}
