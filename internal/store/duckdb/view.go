package duckdb

import (
	"context"
	"database/sql"
	"errors"

	"rapport/internal/errs"
	"rapport/internal/store"
)

// view reads one snapshot: a transaction on a connection of its own.
type view struct {
	store       *Store
	conn        *sql.Conn
	generation  int64
	projections map[int64]bool // that are known to be there
	raws        *rawFile       // nil where there is none
	remembered  remembered
	removed     bool // some records, by the update whose view it is
}

// snapshot is the view of the transaction that a connection has begun. Reading the generation is what fixes the snapshot: DuckDB takes it
// at the first statement.
func (s *Store) snapshot(ctx context.Context, conn *sql.Conn) (*view, error) {
	s.rawLock.RLock()
	defer s.rawLock.RUnlock()
	v := &view{store: s, conn: conn, projections: map[int64]bool{}}
	if err := v.one(ctx, "SELECT generation FROM state", nil, &v.generation); err != nil {
		return nil, err
	}
	v.raws = s.raws.use()
	return v, nil
}

// end ends what a view holds besides its transaction.
func (v *view) end() error { return v.raws.release() }

// Generation implements store.View.
func (v *view) Generation() int64 { return v.generation }

// each runs a query and calls yield after every row was read into what into points to. DuckDB holds the whole answer by then: whoever asks
// for many rows asks in pieces.
func (v *view) each(ctx context.Context, query string, args, into []any, yield func() error) (err error) {
	rows, err := v.conn.QueryContext(ctx, query, args...)
	if err != nil {
		return v.store.problem(ctx, err, "query")
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return v.store.problem(ctx, err, "read row")
		}
		if err := yield(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return v.store.problem(ctx, rows.Err(), "read rows")
}

// one reads the only row of an answer.
func (v *view) one(ctx context.Context, query string, args []any, into ...any) error {
	return v.each(ctx, query, args, into, func() error { return nil })
}

const documentColumns = "kind, name, version, changed_at, changed_by, deleted, body"

func (v *view) documents(ctx context.Context, rest string, args ...any) ([]store.Document, error) {
	var all []store.Document
	var d store.Document
	err := v.each(ctx, "SELECT "+documentColumns+" FROM document "+rest, args,
		[]any{&d.Kind, &d.Name, &d.Version, &d.At, &d.By, &d.Deleted, &d.Body}, func() error {
			all = append(all, d)
			return nil
		})
	return all, err
}

// Document implements store.Documents.
func (v *view) Document(ctx context.Context, kind, name string) (store.Document, error) {
	latest, err := v.documents(ctx, "WHERE kind = ? AND name = ? ORDER BY version DESC LIMIT 1", kind, text(name))
	if err != nil {
		return store.Document{}, err
	}
	if len(latest) == 0 {
		return store.Document{}, errs.New(errs.NotFound, "", "there is no %s %q", kind, name)
	}
	return latest[0], nil
}

// DocumentsOf implements store.Documents.
func (v *view) DocumentsOf(ctx context.Context, kind string) ([]store.Document, error) {
	return v.documents(ctx, `AS d WHERE kind = ? AND NOT deleted
		AND version = (SELECT max(version) FROM document AS o WHERE o.kind = d.kind AND o.name = d.name) ORDER BY name`, kind)
}

// History implements store.Documents.
func (v *view) History(ctx context.Context, kind, name string) ([]store.Document, error) {
	return v.documents(ctx, "WHERE kind = ? AND name = ? ORDER BY version DESC", kind, text(name))
}
