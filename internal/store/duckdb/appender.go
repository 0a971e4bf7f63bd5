package duckdb

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"strings"
	"unicode/utf8"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/fact"
)

// heldBytes is how much of what is appended may wait outside DuckDB's own accounting of memory.
const heldBytes = 8 << 20

// appender adds rows to one table, many at a time. For one goroutine; appenders of one connection may be used side by side.
type appender struct {
	tx    *tx
	to    *driver.Appender
	table string
	held  int
	// Of the row of a fact. Texts are bytes: as strings, the driver would copy each to bytes of its own.
	row   []sqldriver.Value
	texts []byte
}

// open returns an appender for a table.
func (t *tx) open(table string) (*appender, error) {
	t.flushing.Lock()
	defer t.flushing.Unlock()
	to, err := driver.NewAppender(t.raw, "", "main", table)
	if err != nil {
		return nil, t.store.problem(context.Background(), err, "append to "+table)
	}
	return &appender{tx: t, to: to, table: table}, nil
}

// text is a text as DuckDB takes it: of invalid UTF-8 it would make a null.
func text(s string) string {
	if utf8.ValidString(s) { // eight bytes at a time, which ToValidUTF8 is not
		return s
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// append appends a row of about so many bytes of texts, which waits for flush. Texts must have gone through text.
func (a *appender) append(ctx context.Context, bytes int, row ...sqldriver.Value) error {
	a.held += bytes + 8*len(row)
	return a.tx.store.problem(ctx, a.to.AppendRow(row...), "append to "+a.table)
}

// add is append for any number of rows: now and then it flushes.
func (a *appender) add(ctx context.Context, bytes int, row ...sqldriver.Value) error {
	if err := a.append(ctx, bytes, row...); err != nil || a.held <= heldBytes {
		return err
	}
	return a.flush(ctx)
}

// flush makes what was appended visible to queries of the same transaction.
func (a *appender) flush(ctx context.Context) error {
	a.held = 0
	a.tx.flushing.Lock()
	defer a.tx.flushing.Unlock()
	return a.tx.store.problem(ctx, a.to.Flush(), "append to "+a.table)
}

// discard ends it, and forgets what was not flushed.
func (a *appender) discard() error {
	a.tx.flushing.Lock()
	defer a.tx.flushing.Unlock()
	return errors.Join(a.to.Clear(), a.to.Close())
}

// appendFact appends a fact.
func appendFact[Row any](ctx context.Context, a *appender, columns []fact.Column[Row], row *Row) error {
	a.row, a.texts = a.row[:0], a.texts[:0]
	for i := range columns {
		switch f := columns[i].Of(row).(type) {
		case *string:
			start := len(a.texts)
			a.texts = append(a.texts, text(*f)...)
			a.row = append(a.row, a.texts[start:])
		case *int64:
			a.row = append(a.row, *f)
		case *bool:
			a.row = append(a.row, *f)
		case *uint8:
			a.row = append(a.row, *f)
		}
	}
	return a.append(ctx, len(a.texts), a.row...)
}
