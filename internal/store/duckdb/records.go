package duckdb

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"rapport/internal/activity"
	"rapport/internal/store"
)

const (
	headColumns = "id, key, import, print, line, byte_offset, conversation, days, provenance"
	// pieceBytes and pieceRows bound what is read of a table at once: DuckDB hands over whole answers.
	pieceBytes = 8 << 20
	pieceRows  = 4096
	fewRecords = 50
)

// row is a record as its table has it.
type row struct {
	store.Record
	provenance, size int64
	rawAt            *int64
}

// records runs a query for headColumns and, with raw, size, raw and raw_at.
func (v *view) records(ctx context.Context, query string, args []any, raw bool, yield func(store.Record) error) error {
	var rows []row
	var r row
	var print []byte
	var days any
	into := []any{&r.ID, &r.Key, &r.Import, &print, &r.Origin.Row, &r.Origin.Offset, &r.Conversation, &days, &r.provenance}
	if raw {
		into = append(into, &r.size, &r.Raw, &r.rawAt)
	}
	err := v.each(ctx, query, args, into, func() error {
		r.Print = hex.EncodeToString(print)
		r.Days = nil
		if list, ok := days.([]any); ok {
			r.Days = make([]int32, len(list))
			for i, day := range list {
				r.Days[i] = day.(int32)
			}
		}
		rows = append(rows, r)
		return nil
	})
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(rows, mostProvenances) {
		if err := v.complete(ctx, piece, yield); err != nil {
			return err
		}
	}
	return nil
}

// complete yields records with what stands elsewhere.
func (v *view) complete(ctx context.Context, rows []row, yield func(store.Record) error) error {
	numbers := make([]int64, len(rows))
	for i := range rows {
		numbers[i] = rows[i].provenance
	}
	provenances, err := v.named(ctx, numbers)
	if err != nil {
		return err
	}
	for i := range rows {
		r := &rows[i]
		provenances[r.provenance].give(&r.Record)
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.rawAt != nil {
			if r.Raw, err = v.raws.read(r.ID, *r.rawAt, r.size); err != nil {
				return err
			}
		}
		if err := yield(r.Record); err != nil {
			return err
		}
		r.Raw = nil // which the caller may have let go of
	}
	return nil
}

// Heads implements store.Records.
func (v *view) Heads(ctx context.Context, keys []int64) ([]store.Record, error) {
	if len(keys) == 0 {
		return nil, ctx.Err()
	}
	var heads []store.Record
	err := v.records(ctx, "SELECT "+headColumns+" FROM record WHERE "+among("key", keys), nil, false, func(r store.Record) error {
		heads = append(heads, r)
		return nil
	})
	slices.SortFunc(heads, func(a, b store.Record) int {
		return cmp.Or(cmp.Compare(a.Conversation, b.Conversation), cmp.Compare(a.ID, b.ID))
	})
	return heads, err
}

// Raw implements store.Records. A few records are looked up, those that stand close together in one go; many are found by one pass over the
// table, which costs as much as looking up about fewRecords of a million.
func (v *view) Raw(ctx context.Context, ids []int64, yield func(store.Record) error) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for len(ids) > 0 {
		n := min(len(ids), pieceRows)
		if len(ids) <= fewRecords {
			for n = 1; n < len(ids) && ids[n]-ids[0] < pieceRows; {
				n++
			}
		}
		if err := v.rawBetween(ctx, ids[:n], ids[0], ids[n-1], yield); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return ctx.Err()
}

// Each implements store.Records.
func (v *view) Each(ctx context.Context, yield func(store.Record) error) error {
	var last int64
	if err := v.one(ctx, "SELECT coalesce(max(id), 0) FROM record", nil, &last); err != nil {
		return err
	}
	for at := int64(0); at <= last; {
		var next *int64 // over what was removed
		if err := v.one(ctx, "SELECT min(id) FROM record WHERE id >= ?", []any{at}, &next); err != nil {
			return err
		}
		if next == nil {
			break
		}
		if err := v.rawBetween(ctx, nil, *next, *next+pieceRows-1, yield); err != nil {
			return err
		}
		at = *next + pieceRows
	}
	return ctx.Err()
}

// rawBetween reads the records from one id to another, or those of them that are in only, in pieces of about pieceBytes of what is in the table.
func (v *view) rawBetween(ctx context.Context, only []int64, from, to int64, yield func(store.Record) error) error {
	where, args := "id BETWEEN ? AND ?", []any{from, to}
	if int64(len(only)) == to-from+1 {
		only = nil // every one
	}
	if only != nil {
		where += " AND " + among("id", only)
	}
	type extent struct{ from, to int64 }
	var pieces []extent
	var id, size, held int64
	err := v.each(ctx, "SELECT id, if(raw_at IS NULL, size, 0) FROM record WHERE "+where+" ORDER BY id", args, []any{&id, &size}, func() error {
		if held += size; len(pieces) == 0 || held > pieceBytes {
			pieces = append(pieces, extent{from: id})
			held = size
		}
		pieces[len(pieces)-1].to = id
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range pieces {
		args[0], args[1] = p.from, p.to
		if err := v.records(ctx, "SELECT "+headColumns+", size, raw, raw_at FROM record WHERE "+where+" ORDER BY id", args, true, yield); err != nil {
			return err
		}
	}
	return nil
}

// among is the condition that a column is one of some numbers. They are written out: of what an update has not committed yet DuckDB would
// otherwise read every column of every row first, and join afterwards.
func among(column string, numbers []int64) string {
	b := []byte(column + " IN (")
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(append(b, ')'))
}

// keys runs a query for keys.
func (v *view) keys(ctx context.Context, query string, args ...any) ([]int64, error) {
	var keys []int64
	var key int64
	err := v.each(ctx, query, args, []any{&key}, func() error {
		keys = append(keys, key)
		return nil
	})
	return keys, err
}

// Split implements store.Records.
func (v *view) Split(ctx context.Context) ([]int64, error) {
	return v.keys(ctx, "SELECT key FROM record GROUP BY key HAVING max(id) - min(id) >= count(*) ORDER BY key")
}

// Bots implements store.Records.
func (v *view) Bots(ctx context.Context) ([]store.BotSeen, error) {
	const bot = "bot_id, bot_schema, bot_name"
	var all []store.BotSeen
	var b store.BotSeen
	left := ""
	if v.removed { // what lost its last record is still among the provenances
		left = " WHERE id IN (SELECT provenance FROM record)"
	}
	err := v.each(ctx, "SELECT "+bot+", bool_or(format <> ?), bool_or(format = ?) FROM provenance"+left+" GROUP BY ALL ORDER BY "+bot,
		[]any{string(activity.FormatSessions), string(activity.FormatSessions)},
		[]any{&b.Bot.ID, &b.Bot.Schema, &b.Bot.Name, &b.Transcripts, &b.Exported}, func() error {
			all = append(all, b)
			return nil
		})
	if err != nil {
		return nil, err
	}
	place := map[activity.Bot]int{}
	for i := range all {
		place[all[i].Bot] = i
	}
	var day int32
	err = v.each(ctx, "SELECT DISTINCT "+bot+", day FROM (SELECT DISTINCT provenance, unnest(days) AS day FROM record)"+
		" JOIN provenance ON id = provenance WHERE format <> ? ORDER BY day", []any{string(activity.FormatSessions)},
		[]any{&b.Bot.ID, &b.Bot.Schema, &b.Bot.Name, &day}, func() error {
			seen := &all[place[b.Bot]]
			seen.Days = append(seen.Days, day)
			return nil
		})
	return all, err
}

// KeysOf implements store.Records.
func (v *view) KeysOf(ctx context.Context, bots []activity.Bot, csv bool) ([]int64, error) {
	distinct := map[int64]bool{}
	of := "SELECT id FROM provenance WHERE bot_id = ? AND bot_schema = ? AND bot_name = ?"
	if csv {
		of += " AND format = ?"
	}
	for _, b := range bots {
		args := []any{text(b.ID), text(b.Schema), text(b.Name)}
		if csv {
			args = append(args, string(activity.FormatSessions))
		}
		keys, err := v.keys(ctx, "SELECT DISTINCT key FROM record WHERE provenance IN ("+of+")", args...)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			distinct[key] = true
		}
	}
	keys := make([]int64, 0, len(distinct))
	for key := range distinct {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys, ctx.Err()
}

// Imports implements store.Records.
func (v *view) Imports(ctx context.Context) ([]store.Import, error) {
	var all []store.Import
	var account string
	err := v.each(ctx, "SELECT account FROM import_account ORDER BY id DESC", nil, []any{&account}, func() error {
		var i store.Import
		if err := json.Unmarshal([]byte(account), &i); err != nil {
			return fmt.Errorf("read the account of an import: %w", err)
		}
		all = append(all, i)
		return nil
	})
	return all, err
}

// Rejects implements store.Records.
func (v *view) Rejects(ctx context.Context, imported int64, yield func(store.Reject) error) error {
	type extent struct{ from, to int64 }
	var pieces []extent
	var number, size, held int64
	err := v.each(ctx, "SELECT number, size FROM reject WHERE import = ? ORDER BY number", []any{imported}, []any{&number, &size}, func() error {
		if held += size + 256; len(pieces) == 0 || held > pieceBytes {
			pieces = append(pieces, extent{from: number})
			held = size
		}
		pieces[len(pieces)-1].to = number
		return nil
	})
	if err != nil {
		return err
	}
	r := store.Reject{Import: imported}
	for _, p := range pieces {
		err := v.each(ctx, "SELECT number, file, line, byte_offset, reason, raw FROM reject WHERE import = ? AND number BETWEEN ? AND ? ORDER BY number",
			[]any{imported, p.from, p.to}, []any{&r.Number, &r.Origin.File, &r.Origin.Row, &r.Origin.Offset, &r.Reason, &r.Raw}, func() error {
				if err := ctx.Err(); err != nil {
					return err
				}
				return yield(r)
			})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
