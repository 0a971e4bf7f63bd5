package memory

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/store"
)

// record is a record with what the store knows of its origin.
type record struct {
	store.Record
	by []int64 // the imports that brought it, ascending
}

// byID are all records, ascending by id.
func (s *state) byID() []record {
	return slices.SortedFunc(maps.Values(s.records), func(a, b record) int { return cmp.Compare(a.ID, b.ID) })
}

// Heads implements store.Records.
func (s *state) Heads(ctx context.Context, keys []int64) ([]store.Record, error) {
	wanted := setOf(keys)
	var heads []store.Record
	for _, r := range s.byID() {
		if wanted[r.Key] {
			head := r.Record
			head.Raw = nil
			heads = append(heads, head)
		}
	}
	slices.SortStableFunc(heads, func(a, b store.Record) int { return cmp.Compare(a.Conversation, b.Conversation) })
	return heads, ctx.Err()
}

// Raw implements store.Records.
func (s *state) Raw(ctx context.Context, ids []int64, yield func(store.Record) error) error {
	wanted := setOf(ids)
	return s.each(ctx, func(r record) bool { return wanted[r.ID] }, yield)
}

// Each implements store.Records.
func (s *state) Each(ctx context.Context, yield func(store.Record) error) error {
	return s.each(ctx, func(record) bool { return true }, yield)
}

func (s *state) each(ctx context.Context, keep func(record) bool, yield func(store.Record) error) error {
	for _, r := range s.byID() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !keep(r) {
			continue
		}
		if err := yield(r.Record); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Split implements store.Records.
func (s *state) Split(ctx context.Context) ([]int64, error) {
	last := map[int64]int64{}
	var split []int64
	for _, r := range s.byID() {
		if id, ok := last[r.Key]; ok && id+1 != r.ID {
			split = append(split, r.Key)
		}
		last[r.Key] = r.ID
	}
	return distinct(split), ctx.Err()
}

// Bots implements store.Records.
func (s *state) Bots(ctx context.Context) ([]store.BotSeen, error) {
	seen := map[activity.Bot]store.BotSeen{}
	for _, r := range s.records {
		bot := seen[r.Bot]
		bot.Bot = r.Bot
		if r.Format == activity.FormatSessions {
			bot.Exported = true
		} else {
			bot.Transcripts = true
			bot.Days = append(bot.Days, r.Days...)
		}
		seen[r.Bot] = bot
	}
	bots := slices.SortedFunc(maps.Values(seen), func(a, b store.BotSeen) int {
		return cmp.Or(cmp.Compare(a.Bot.ID, b.Bot.ID), cmp.Compare(a.Bot.Schema, b.Bot.Schema), cmp.Compare(a.Bot.Name, b.Bot.Name))
	})
	for i := range bots {
		bots[i].Days = distinct(bots[i].Days)
	}
	return bots, ctx.Err()
}

// KeysOf implements store.Records.
func (s *state) KeysOf(ctx context.Context, bots []activity.Bot, csv bool) ([]int64, error) {
	var keys []int64
	for _, r := range s.records {
		if slices.Contains(bots, r.Bot) && (!csv || r.Format == activity.FormatSessions) {
			keys = append(keys, r.Key)
		}
	}
	return distinct(keys), ctx.Err()
}

// Imports implements store.Records.
func (s *state) Imports(ctx context.Context) ([]store.Import, error) {
	latestFirst := func(a, b store.Import) int { return cmp.Compare(b.ID, a.ID) }
	return slices.SortedFunc(maps.Values(s.imports), latestFirst), ctx.Err()
}

// Rejects implements store.Records.
func (s *state) Rejects(ctx context.Context, imported int64, yield func(store.Reject) error) error {
	byNumber := func(a, b store.Reject) int { return cmp.Compare(a.Number, b.Number) }
	for _, r := range slices.SortedFunc(slices.Values(s.rejects[imported]), byNumber) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// AddRecord implements store.RecordWriter.
func (t *tx) AddRecord(ctx context.Context, r store.Record) error {
	if _, ok := t.records[r.ID]; ok {
		return fmt.Errorf("add record %d: it is there already", r.ID)
	}
	r.Days, r.Raw = slices.Clone(r.Days), bytes.Clone(r.Raw)
	t.records[r.ID] = record{Record: r, by: []int64{r.Import}}
	t.lastRecord = max(t.lastRecord, r.ID)
	t.lastImport = max(t.lastImport, r.Import)
	return ctx.Err()
}

// Sight implements store.RecordWriter.
func (t *tx) Sight(ctx context.Context, id, imported int64) error {
	r, ok := t.records[id]
	if !ok {
		return fmt.Errorf("note that import %d brought record %d: there is no such record", imported, id)
	}
	r.by = distinct(append(slices.Clone(r.by), imported))
	t.records[id] = r
	t.lastImport = max(t.lastImport, imported)
	return ctx.Err()
}

// AddReject implements store.RecordWriter.
func (t *tx) AddReject(ctx context.Context, r store.Reject) error {
	r.Raw = bytes.Clone(r.Raw)
	t.rejects[r.Import] = append(slices.Clip(t.rejects[r.Import]), r)
	return ctx.Err()
}

// RemoveRecords implements store.RecordWriter.
func (t *tx) RemoveRecords(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		delete(t.records, id)
	}
	return ctx.Err()
}

// PutImport implements store.RecordWriter.
func (t *tx) PutImport(ctx context.Context, i store.Import) error {
	i.Paths, i.Reasons, i.Warnings = slices.Clone(i.Paths), slices.Clone(i.Reasons), slices.Clone(i.Warnings)
	t.imports[i.ID] = i
	t.lastImport = max(t.lastImport, i.ID)
	return ctx.Err()
}

// RemoveImport implements store.RecordWriter.
func (t *tx) RemoveImport(ctx context.Context, imported int64) ([]int64, error) {
	var dropped []int64
	for id, r := range t.records {
		if !slices.Contains(r.by, imported) {
			continue
		}
		r.by = slices.DeleteFunc(slices.Clone(r.by), func(by int64) bool { return by == imported })
		if len(r.by) == 0 {
			dropped = append(dropped, r.Key)
			delete(t.records, id)
			continue
		}
		r.Import = r.by[0]
		t.records[id] = r
	}
	delete(t.rejects, imported)
	return distinct(dropped), ctx.Err()
}

// NextRecord implements store.RecordWriter.
func (t *tx) NextRecord(ctx context.Context) (int64, error) { return t.lastRecord + 1, ctx.Err() }

// NextImport implements store.RecordWriter.
func (t *tx) NextImport(ctx context.Context) (int64, error) { return t.lastImport + 1, ctx.Err() }

func setOf(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// distinct sorts values and leaves each there once.
func distinct[T cmp.Ordered](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}
