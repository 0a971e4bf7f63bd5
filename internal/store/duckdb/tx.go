package duckdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/errs"
	"rapport/internal/store"
)

// tx is the one update that runs.
type tx struct {
	*view
	raw *driver.Conn // the view's connection, for appending
	// The highest ids that were ever given.
	lastRecord, lastImport, lastProjection int64
	appenders                              map[string]*appender // by table of the data set
	staged                                 map[int64]*staging   // by projection
	flushing                               sync.Mutex           // held while an appender begins, flushes or ends: the connection does one thing at a time
	rawTo                                  rawAppender
	numbered                               numbered
}

// Update implements store.Store.
func (s *Store) Update(ctx context.Context, f func(store.Tx) error) error {
	return s.update(ctx, true, func(t *tx) error { return f(t) })
}

// update runs f in a transaction; counted says whether the generation grows.
func (s *Store) update(ctx context.Context, counted bool, f func(*tx) error) (err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	conn, err := s.begin(ctx)
	if err != nil {
		return err
	}
	open := true
	defer func() {
		if open {
			err = errors.Join(err, rollback(conn))
		}
	}()
	t, err := s.newTx(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	defer func() {
		if open { // appenders go first: they hold on to the transaction
			err = errors.Join(err, t.discard(), t.rawTo.undo())
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	if err := t.finish(ctx, counted); err != nil {
		return err
	}
	// From here on it is done or not, whatever the caller still wants. What cannot be committed is rolled back by DuckDB itself.
	open = false
	return errors.Join(t.commit(context.WithoutCancel(ctx)), conn.Close())
}

// commit makes the update visible, and the file that its raw records stand in the one of every snapshot from here on.
func (t *tx) commit(ctx context.Context) error {
	s := t.store
	if t.rawTo.file != s.raws {
		s.rawLock.Lock()
		defer s.rawLock.Unlock()
	}
	if _, err := t.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return errors.Join(s.problem(ctx, err, "commit"), t.rawTo.undo())
	}
	if t.rawTo.file == s.raws {
		return nil
	}
	last := s.raws
	s.raws = t.rawTo.file
	return last.retire()
}

func (s *Store) newTx(ctx context.Context, conn *sql.Conn) (*tx, error) {
	v, err := s.snapshot(ctx, conn)
	if err != nil {
		return nil, err
	}
	t := &tx{view: v, appenders: map[string]*appender{}, staged: map[int64]*staging{}}
	if err := conn.Raw(func(raw any) error {
		t.raw = raw.(*driver.Conn)
		return nil
	}); err != nil {
		return nil, errors.Join(s.problem(ctx, err, "open connection"), v.end())
	}
	var number, end int64
	err = t.one(ctx, "SELECT last_record, last_import, last_projection, raw_file, raw_end FROM state", nil,
		&t.lastRecord, &t.lastImport, &t.lastProjection, &number, &end)
	if err != nil {
		return nil, errors.Join(err, v.end())
	}
	t.rawTo = newRawAppender(s.dir, v.raws, number, end)
	return t, nil
}

// finish writes everything that is still held, puts tables in order that need it, and counts the update.
func (t *tx) finish(ctx context.Context, counted bool) error {
	if err := t.Flush(ctx); err != nil {
		return err
	}
	if err := t.mergeStaged(ctx); err != nil {
		return err
	}
	for _, st := range t.staged {
		if err := t.sortIfLoose(ctx, st.projection); err != nil {
			return err
		}
	}
	if err := t.discard(); err != nil {
		return fmt.Errorf("close appenders: %w", err)
	}
	t.appenders = nil
	if t.removed {
		if err := t.forgetOrphans(ctx); err != nil {
			return err
		}
		if err := t.compactRaws(ctx); err != nil {
			return err
		}
	}
	if err := t.rawTo.sync(); err != nil {
		return err
	}
	if counted {
		_, err := t.exec(ctx, "UPDATE state SET generation = generation + 1, last_record = ?, last_import = ?, last_projection = ?, raw_file = ?, raw_end = ?",
			t.lastRecord, t.lastImport, t.lastProjection, t.rawTo.number, t.rawTo.at)
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// discard ends the appenders.
func (t *tx) discard() error {
	var err error
	for _, a := range t.appenders {
		err = errors.Join(err, a.discard())
	}
	t.appenders = nil
	return err
}

// exec runs a statement and says how many rows it changed.
func (t *tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, t.store.problem(ctx, err, "write")
	}
	n, err := res.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("count rows: %w", err)
	}
	return n, nil
}

// appender is the one for a table of the data set.
func (t *tx) appender(table string) (*appender, error) {
	if a := t.appenders[table]; a != nil {
		return a, nil
	}
	a, err := t.open(table)
	if err != nil {
		return nil, err
	}
	t.appenders[table] = a
	return a, nil
}

// Flush implements store.Tx.
func (t *tx) Flush(ctx context.Context) error {
	if err := t.flushAppenders(ctx); err != nil {
		return err
	}
	return t.rawTo.flush()
}

// flushAppenders makes visible what was appended to all tables of the data set.
func (t *tx) flushAppenders(ctx context.Context) error {
	for _, a := range t.appenders {
		if err := a.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// PutDocument implements store.Tx.
func (t *tx) PutDocument(ctx context.Context, d store.Document) error {
	latest, err := t.Document(ctx, d.Kind, d.Name)
	if err != nil && errs.CodeOf(err) != errs.NotFound {
		return err
	}
	if want := latest.Version + 1; d.Version != want {
		return fmt.Errorf("put %s %q: its version is %d instead of %d", d.Kind, d.Name, d.Version, want)
	}
	_, err = t.exec(ctx, "INSERT INTO document ("+documentColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)",
		d.Kind, text(d.Name), d.Version, d.At, text(d.By), d.Deleted, text(d.Body))
	return err
}
