package duckdb

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"strings"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/fact"
)

// heldBytes is how much of what is appended may wait outside DuckDB's own accounting of memory.
const heldBytes = 8 << 20

// appender adds rows to one table, many at a time. For one goroutine.
type appender struct {
	store *Store
	to    *driver.Appender
	table string
	held  int
	row   []sqldriver.Value
}

// open returns the appender for a table of a catalogue ("" for the data set, "temp").
func (t *tx) open(catalogue, table string) (*appender, error) {
	to, err := driver.NewAppender(t.raw, catalogue, "main", table)
	if err != nil {
		return nil, t.store.problem(context.Background(), err, "append to "+table)
	}
	return &appender{store: t.store, to: to, table: table}, nil
}

// text is a text as DuckDB takes it: of invalid UTF-8 it would make a null.
func text(s string) string { return strings.ToValidUTF8(s, "\ufffd") }

// add appends a row. Texts must have gone through text.
func (a *appender) add(ctx context.Context, bytes int, row ...sqldriver.Value) error {
	if err := a.to.AppendRow(row...); err != nil {
		return a.store.problem(ctx, err, "append to "+a.table)
	}
	if a.held += bytes + 8*len(row); a.held > heldBytes {
		return a.flush(ctx)
	}
	return nil
}

// flush makes what was appended visible to queries of the same transaction.
func (a *appender) flush(ctx context.Context) error {
	a.held = 0
	return a.store.problem(ctx, a.to.Flush(), "append to "+a.table)
}

// discard ends it, and forgets what was not flushed.
func (a *appender) discard() error {
	return errors.Join(a.to.Clear(), a.to.Close())
}

// addFact appends a fact and, behind its columns, seq.
func addFact[Row any](ctx context.Context, a *appender, columns []fact.Column[Row], row *Row, seq int64) error {
	a.row = a.row[:0]
	bytes := 0
	for i := range columns {
		switch f := columns[i].Of(row).(type) {
		case *string:
			bytes += len(*f)
			a.row = append(a.row, text(*f))
		case *int64:
			a.row = append(a.row, *f)
		case *bool:
			a.row = append(a.row, *f)
		case *uint8:
			a.row = append(a.row, *f)
		}
	}
	a.row = append(a.row, seq)
	return a.add(ctx, bytes, a.row...)
}
