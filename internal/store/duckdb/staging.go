package duckdb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unsafe"

	"rapport/internal/fact"
)

// staging is where the facts of a projection wait until they are merged: what they replace goes in one statement, and they come in the
// order of their start. A table whose rows are ordered answers for a month by reading a month.
type staging struct {
	tx         *tx
	projection int64
	lots       []fact.Facts  // one a Replace
	gone       map[int64]int // keys to delete, with how many lots there were: what those say of the key is taken back
	bytes      int
}

// defaultStagedBytes is what all projections together may have staged, enough for 100,000 conversations under one definition. What waits is
// replaced by forgetting it. Of what was merged rows must be deleted, and then DuckDB copies all that the update wrote to the table once more
// when it is committed, in one thread.
const defaultStagedBytes = 192 << 20

// Replace implements store.FactWriter.
func (t *tx) Replace(ctx context.Context, projection int64, keys []int64, existed bool, f *fact.Facts) error {
	if err := t.hasProjection(ctx, projection); err != nil {
		return err
	}
	st := t.staged[projection]
	if st == nil {
		st = &staging{tx: t, projection: projection, gone: map[int64]int{}}
		t.staged[projection] = st
	}
	if existed {
		for _, key := range keys {
			st.gone[key] = len(st.lots)
		}
		st.bytes += len(keys) * int(2*unsafe.Sizeof(keys[0]))
	}
	lot := fact.Facts{Sessions: slices.Clone(f.Sessions), Billed: slices.Clone(f.Billed), Utterances: slices.Clone(f.Utterances)}
	unlike := &t.store.columns.unlike
	st.bytes += together(lot.Sessions, unlike.sessions) + together(lot.Billed, unlike.billed) + together(lot.Utterances, unlike.utterances)
	st.lots = append(st.lots, lot)
	bytes := 0
	for _, st := range t.staged {
		bytes += st.bytes
	}
	if bytes < t.store.stagedBytes {
		return ctx.Err()
	}
	return t.mergeStaged(ctx)
}

// mergeStaged merges what is staged of every projection.
func (t *tx) mergeStaged(ctx context.Context) error {
	for _, st := range t.staged {
		if err := st.merge(ctx); err != nil {
			return err
		}
	}
	return nil
}

// together puts the texts of rows that hardly repeat into one piece of memory, those of a row side by side, and returns about what the rows
// cost in memory; other texts are few words, each held once. Rows are handed over in the order of their start, and each text that stood
// elsewhere would be waited for by itself. The rows of a conversation share its id.
func together[Row any](rows []Row, columns []fact.Column[Row]) (bytes int) {
	size := 0
	for i := range rows {
		for _, c := range columns {
			if text := c.Of(&rows[i]).(*string); i == 0 || *text != *c.Of(&rows[i-1]).(*string) {
				size += len(*text)
			}
		}
	}
	var all strings.Builder
	all.Grow(size)
	for i := range rows {
		for _, c := range columns {
			text := c.Of(&rows[i]).(*string)
			if i > 0 {
				if before := c.Of(&rows[i-1]).(*string); *text == *before {
					*text = *before
					continue
				}
			}
			from := all.Len()
			all.WriteString(*text)
			*text = all.String()[from:]
		}
	}
	return size + len(rows)*int(unsafe.Sizeof(placed[Row]{})+unsafe.Sizeof(*new(Row)))
}

// merge puts what is staged in the place of what it replaces.
func (st *staging) merge(ctx context.Context) error {
	if len(st.lots) == 0 {
		return nil
	}
	gone, err := st.remove(ctx)
	if err != nil {
		return err
	}
	var sessions []placed[fact.Session]
	var billed []placed[fact.Billed]
	var utterances []placed[fact.Utterance]
	var sorts sync.WaitGroup
	sorts.Go(func() {
		sessions = ordered(st, func(f *fact.Facts) []fact.Session { return f.Sessions }, func(s *fact.Session) (int64, int64) { return s.StartedAt, s.Key })
		billed = ordered(st, func(f *fact.Facts) []fact.Billed { return f.Billed }, func(b *fact.Billed) (int64, int64) { return b.StartedAt, b.Key })
	})
	sorts.Go(func() {
		utterances = ordered(st, func(f *fact.Facts) []fact.Utterance { return f.Utterances }, func(u *fact.Utterance) (int64, int64) { return u.StartedAt, u.Key })
	})
	sorts.Wait()
	behind, err := st.behind(ctx, sessions)
	if err != nil {
		return err
	}
	columns := &st.tx.store.columns
	err = st.tx.put(ctx, slices.Concat(
		parcels(tableName(fact.Sessions, st.projection), columns.sessions, sessions),
		parcels(tableName(fact.BilledOnes, st.projection), columns.billed, billed),
		parcels(tableName(fact.Utterances, st.projection), columns.utterances, utterances),
	))
	if err != nil {
		return err
	}
	loose := 0
	if behind {
		loose = len(sessions)
	}
	st.lots, st.bytes = nil, 0
	clear(st.gone)
	_, err = st.tx.exec(ctx, "UPDATE projection SET sessions = sessions + ?, loose = loose + ? WHERE id = ?", int64(len(sessions))-gone, int64(loose), st.projection)
	return err
}

// remove deletes what is replaced, and returns how many sessions that were.
func (st *staging) remove(ctx context.Context) (sessions int64, err error) {
	if len(st.gone) == 0 {
		return 0, nil
	}
	keys := make([]int64, 0, len(st.gone))
	for key := range st.gone {
		keys = append(keys, key)
	}
	for _, table := range factTables {
		n, err := st.tx.exec(ctx, fmt.Sprintf("DELETE FROM %s WHERE key IN (SELECT unnest(?::BIGINT[]))", tableName(table, st.projection)), keys)
		if err != nil {
			return 0, fmt.Errorf("replace facts: %w", err)
		}
		if table == fact.Sessions {
			sessions = n
		}
	}
	return sessions, nil
}

// behind reports whether sessions would stand behind later ones. They stand for all three tables.
func (st *staging) behind(ctx context.Context, sessions []placed[fact.Session]) (behind bool, err error) {
	if len(sessions) == 0 {
		return false, nil
	}
	query := fmt.Sprintf("SELECT coalesce(max(started_at) > ?, false) FROM %s", tableName(fact.Sessions, st.projection))
	return behind, st.tx.one(ctx, query, []any{sessions[0].at}, &behind)
}

// placed is a row and its place in the order.
type placed[Row any] struct {
	at, key int64
	seq     int
	row     *Row
}

// ordered are the rows of all lots that still stand, by their start.
func ordered[Row any](st *staging, of func(*fact.Facts) []Row, place func(*Row) (at, key int64)) []placed[Row] {
	n := 0
	for i := range st.lots {
		n += len(of(&st.lots[i]))
	}
	all := make([]placed[Row], 0, n)
	for i := range st.lots {
		rows := of(&st.lots[i])
		for j := range rows {
			at, key := place(&rows[j])
			if i >= st.gone[key] {
				all = append(all, placed[Row]{at, key, len(all), &rows[j]})
			}
		}
	}
	slices.SortFunc(all, func(a, b placed[Row]) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.key, b.key), cmp.Compare(a.seq, b.seq))
	})
	return all
}

const (
	// A projection is sorted again when more than a part in looseShare of its sessions, and at least looseLeast, stand behind later ones.
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
		columns := tableColumns(table)
		if err := t.rewrite(ctx, tableName(table, projection), columns, names(columns, "")); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, "UPDATE projection SET loose = 0 WHERE id = ?", projection)
	return err
}
