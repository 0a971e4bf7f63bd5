package duckdb

import (
	"context"
	"errors"
	"fmt"

	"rapport/internal/fact"
)

// staging is where the facts of a projection wait, unordered and in temporary tables, until they are merged: what they replace goes in one
// statement, and they come in the order of their start. A table whose rows are ordered answers for a month by reading a month.
type staging struct {
	tx         *tx
	projection int64
	seq        int64 // of the Replace; a later one takes back what an earlier one staged of the same key
	replaced   bool  // since the last merge something was to be deleted
	rows       int   // since the last merge
	gone       *appender
	into       map[fact.Table]*appender
}

func (st *staging) table(t fact.Table) string { return "stage_" + tableName(t, st.projection) }
func (st *staging) goneTable() string         { return fmt.Sprintf("gone_%d", st.projection) }

// stage is the staging of a projection.
func (t *tx) stage(ctx context.Context, projection int64) (*staging, error) {
	if st := t.staged[projection]; st != nil {
		return st, nil
	}
	st := &staging{tx: t, projection: projection, into: map[fact.Table]*appender{}}
	seq := column{"seq", kindInt}
	if _, err := t.exec(ctx, createTable("CREATE TEMP TABLE", st.goneTable(), []column{{"key", kindInt}, seq})); err != nil {
		return nil, err
	}
	t.staged[projection] = st
	var err error
	if st.gone, err = t.open("temp", st.goneTable()); err != nil {
		return nil, err
	}
	for _, table := range factTables {
		columns := append(tableColumns(table), seq)
		if _, err := t.exec(ctx, createTable("CREATE TEMP TABLE", st.table(table), columns)); err != nil {
			return nil, err
		}
		if st.into[table], err = t.open("temp", st.table(table)); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// Replace implements store.FactWriter.
func (t *tx) Replace(ctx context.Context, projection int64, keys []int64, existed bool, f *fact.Facts) error {
	if err := t.hasProjection(ctx, projection); err != nil {
		return err
	}
	st, err := t.stage(ctx, projection)
	if err != nil {
		return err
	}
	st.seq++
	if existed {
		st.replaced = true
		for _, key := range keys {
			if err := st.gone.add(ctx, 0, key, st.seq); err != nil {
				return err
			}
		}
	}
	if err := addFacts(ctx, st, fact.Sessions, t.store.columns.sessions, f.Sessions); err != nil {
		return err
	}
	if err := addFacts(ctx, st, fact.BilledOnes, t.store.columns.billed, f.Billed); err != nil {
		return err
	}
	if err := addFacts(ctx, st, fact.Utterances, t.store.columns.utterances, f.Utterances); err != nil {
		return err
	}
	if st.rows += len(f.Sessions) + len(f.Billed) + len(f.Utterances); st.rows < stagedMost {
		return nil
	}
	return st.merge(ctx)
}

func addFacts[Row any](ctx context.Context, st *staging, table fact.Table, columns []fact.Column[Row], rows []Row) error {
	for i := range rows {
		if err := addFact(ctx, st.into[table], columns, &rows[i], st.seq); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// merge puts what is staged in the place of what it replaces.
func (st *staging) merge(ctx context.Context) error {
	if st.seq == 0 {
		return nil
	}
	if err := st.gone.flush(ctx); err != nil {
		return err
	}
	var more, behind int64
	for _, table := range factTables {
		if err := st.into[table].flush(ctx); err != nil {
			return err
		}
		added, loose, err := st.mergeTable(ctx, table)
		if err != nil {
			return fmt.Errorf("replace facts: %w", err)
		}
		if table == fact.Sessions {
			more, behind = added, loose
		}
	}
	if _, err := st.tx.exec(ctx, "DELETE FROM "+st.goneTable()); err != nil {
		return err
	}
	st.seq, st.replaced, st.rows = 0, false, 0
	_, err := st.tx.exec(ctx, "UPDATE projection SET sessions = sessions + ?, loose = loose + ? WHERE id = ?", more, behind, st.projection)
	return err
}

// mergeTable returns how many rows there are more, and how many were put behind later ones.
func (st *staging) mergeTable(ctx context.Context, t fact.Table) (more, loose int64, err error) {
	table, staged := tableName(t, st.projection), st.table(t)
	if st.replaced {
		gone, err := st.tx.exec(ctx, fmt.Sprintf("DELETE FROM %s WHERE key IN (SELECT key FROM %s)", table, st.goneTable()))
		if err != nil {
			return 0, 0, err
		}
		more -= gone
		if _, err := st.tx.exec(ctx, fmt.Sprintf("DELETE FROM %s AS s USING (SELECT key, max(seq) AS seq FROM %s GROUP BY key) AS g "+
			"WHERE g.key = s.key AND s.seq < g.seq", staged, st.goneTable())); err != nil {
			return 0, 0, err
		}
	}
	var behind bool
	if t == fact.Sessions { // which stand for all three
		err := st.tx.one(ctx, fmt.Sprintf("SELECT coalesce((SELECT min(started_at) FROM %s) < (SELECT max(started_at) FROM %s), false)", staged, table), nil, &behind)
		if err != nil {
			return 0, 0, err
		}
	}
	columns := names(tableColumns(t), "")
	added, err := st.tx.exec(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s ORDER BY started_at, key, seq", table, columns, columns, staged))
	if err != nil {
		return 0, 0, err
	}
	if behind && added < looseMost {
		loose = added
	}
	_, err = st.tx.exec(ctx, "DELETE FROM "+staged)
	return more + added, loose, err
}

// discard ends the appenders.
func (st *staging) discard() error {
	var err error
	for _, a := range st.into {
		err = errors.Join(err, a.discard())
	}
	if st.gone != nil {
		err = errors.Join(err, st.gone.discard())
	}
	st.into, st.gone = nil, nil
	return err
}

// drop forgets what is staged.
func (st *staging) drop(ctx context.Context) error {
	if err := st.discard(); err != nil {
		return fmt.Errorf("close appenders: %w", err)
	}
	if _, err := st.tx.exec(ctx, "DROP TABLE IF EXISTS temp."+st.goneTable()); err != nil {
		return err
	}
	for _, table := range factTables {
		if _, err := st.tx.exec(ctx, "DROP TABLE IF EXISTS temp."+st.table(table)); err != nil {
			return err
		}
	}
	return nil
}

const (
	// stagedMost is how many rows wait at most. So many, in order, fill enough row groups that each holds a few weeks.
	stagedMost = 4_000_000
	// looseMost is how many sessions put behind later ones do no harm, being in order among themselves. A projection is sorted again when
	// more than a part in looseShare of its sessions, and at least looseLeast, came in smaller lots.
	looseMost  = 1_000_000
	looseShare = 8
	looseLeast = 500_000
)

// sortIfLoose writes the tables of a projection anew, in order, when too much of it is out of order.
func (t *tx) sortIfLoose(ctx context.Context, projection int64) error {
	var sessions, loose int64
	if err := t.one(ctx, "SELECT sessions, loose FROM projection WHERE id = ?", []any{projection}, &sessions, &loose); err != nil {
		return err
	}
	if loose < looseLeast || loose < sessions/looseShare {
		return nil
	}
	return t.sort(ctx, projection)
}

// sort puts the tables of a projection in order.
func (t *tx) sort(ctx context.Context, projection int64) error {
	for _, table := range factTables {
		if err := t.rewrite(ctx, tableName(table, projection), names(tableColumns(table), "")); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, "UPDATE projection SET loose = 0 WHERE id = ?", projection)
	return err
}
