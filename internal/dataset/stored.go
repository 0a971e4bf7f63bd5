package dataset

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
	"rapport/internal/fact"
	"rapport/internal/store"
)

// printOf is the fingerprint of a record: equal for two that are equal in everything but where, and in which export shape, they were read.
func printOf(r *activity.Record) string {
	var buf [512]byte
	b := buf[:0]
	for _, s := range [...]string{string(r.Format), r.ID, r.Bot.ID, r.Bot.Schema, r.Bot.Name, r.Conversation, r.Locale, r.User, r.SchemaVersion} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	for _, n := range [...]int64{r.Version, r.ModifiedAt, r.Start, int64(r.Batch), int64(len(r.Activities))} {
		b = binary.AppendVarint(b, n)
	}
	b = append(b, r.Hash[:]...)
	if r.Untimed {
		b = append(b, 1)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// rowOf is what the store keeps of a record that an import brought. Its id is the writer's to give.
func rowOf(r *activity.Record, print string, given activity.Bot) store.Record {
	return store.Record{
		Key: fact.KeyOf(r.Conversation), Print: print, Format: r.Format, Origin: r.Origin, Conversation: r.Conversation,
		Bot: r.Bot, Days: assemble.Days(r), Given: given, Raw: r.Raw,
	}
}

// rereader decodes stored records again: what is set up for one serves the next. The zero value is ready, and safe for concurrent use.
type rereader struct{ idle sync.Pool } // of *unpacked

// unpacked is what one goroutine decodes by.
type unpacked struct {
	raw   []byte
	again detect.Again
}

// keptRaw bounds what is left behind by a large record.
const keptRaw = 1 << 20

// read decodes a stored record again.
func (re *rereader) read(r *store.Record) (*activity.Record, error) {
	u, _ := re.idle.Get().(*unpacked)
	if u == nil {
		u = &unpacked{}
	}
	var got one
	var err error
	if u.raw, err = decode.Unpack(u.raw[:0], r.Raw); err == nil {
		err = u.again.Read(r.Origin.File, u.raw, decode.Options{Bot: r.Given, Workers: 1}, &got)
	}
	if cap(u.raw) <= keptRaw {
		re.idle.Put(u)
	}
	if err != nil {
		return nil, fmt.Errorf("read record %d again: %w", r.ID, err)
	}
	if len(got.records) != 1 {
		return nil, fmt.Errorf("read record %d again: it gives %d records: %s", r.ID, len(got.records), got.reason)
	}
	rec := got.records[0]
	rec.Origin, rec.Bot, rec.Conversation, rec.Raw = r.Origin, r.Bot, r.Conversation, r.Raw
	return rec, nil
}

// one takes what a stored record was read from.
type one struct {
	records []*activity.Record
	reason  string
}

// Record implements decode.Sink.
func (o *one) Record(r *activity.Record) error { o.records = append(o.records, r); return nil }

// Reject implements decode.Sink.
func (o *one) Reject(r decode.Reject) error { o.reason = r.String(); return nil }

// Warn implements decode.Sink.
func (o *one) Warn(decode.Warning) error { return nil }

// group is all records of one conversation id: those that were just read, and those in the store, to be read again.
type group struct {
	key    int64
	fresh  []*activity.Record
	prints []string           // of fresh
	stored []store.Record     // with Raw
	reread []*activity.Record // stored, once they were decoded again
	// refused is why nothing may be kept of what the import brought; "" where it may.
	refused string
}

// records are all of them, the fresh ones first.
func (g *group) records(re *rereader) ([]*activity.Record, error) {
	for i := len(g.reread); i < len(g.stored); i++ {
		r, err := re.read(&g.stored[i])
		if err != nil {
			return nil, err
		}
		g.reread = append(g.reread, r)
	}
	return append(slices.Clip(g.fresh), g.reread...), nil
}

// heads are the stored records of these keys by key, without Raw.
func heads(ctx context.Context, in store.Records, keys []int64) (map[int64][]store.Record, error) {
	found, err := in.Heads(ctx, keys)
	if err != nil {
		return nil, err
	}
	byKey := make(map[int64][]store.Record, len(keys))
	for _, r := range found {
		byKey[r.Key] = append(byKey[r.Key], r)
	}
	return byKey, nil
}

// fill reads the Raw of the groups' stored records.
func fill(ctx context.Context, in store.Records, groups []*group) error {
	place := map[int64]*store.Record{}
	var ids []int64
	for _, g := range groups {
		for i := range g.stored {
			place[g.stored[i].ID] = &g.stored[i]
			ids = append(ids, g.stored[i].ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return in.Raw(ctx, ids, func(r store.Record) error {
		if to := place[r.ID]; to != nil {
			to.Raw = r.Raw
		}
		return nil
	})
}

// readGroups reads all stored records of these keys.
func readGroups(ctx context.Context, in store.Records, keys []int64) ([]*group, error) {
	byKey, err := heads(ctx, in, keys)
	if err != nil {
		return nil, err
	}
	groups := make([]*group, len(keys))
	for i, key := range keys {
		groups[i] = &group{key: key, stored: byKey[key]}
	}
	return groups, fill(ctx, in, groups)
}

// apartGroups is how many groups are read at once whose records lie apart. It is more than a batch, since every such look costs a pass over the
// records.
const apartGroups = 512

// eachGroup calls yield with the stored records of every key of a snapshot, one key at a time, reading each once and holding little.
func eachGroup(ctx context.Context, v store.View, yield func(*group) error) error {
	keys, err := v.Split(ctx)
	if err != nil {
		return err
	}
	apart := make(map[int64]bool, len(keys))
	for _, key := range keys {
		apart[key] = true
	}
	g := &group{}
	flush := func() error {
		done := g
		g = &group{}
		if len(done.stored) == 0 {
			return nil
		}
		return yield(done)
	}
	err = v.Each(ctx, func(r store.Record) error {
		if apart[r.Key] {
			return nil
		}
		if r.Key != g.key {
			if err := flush(); err != nil {
				return err
			}
			g.key = r.Key
		}
		g.stored = append(g.stored, r)
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(keys, apartGroups) {
		groups, err := readGroups(ctx, v, chunk)
		if err != nil {
			return err
		}
		for _, g := range groups {
			if len(g.stored) == 0 { // of an import that was removed
				continue
			}
			if err := yield(g); err != nil {
				return err
			}
		}
	}
	return nil
}

// byConversation parts records by conversation id, since two ids may share a key.
func byConversation(records []*activity.Record) [][]*activity.Record {
	slices.SortStableFunc(records, func(a, b *activity.Record) int { return cmp.Compare(a.Conversation, b.Conversation) })
	var out [][]*activity.Record
	for i := 0; i < len(records); {
		n := i + 1
		for n < len(records) && records[n].Conversation == records[i].Conversation {
			n++
		}
		out = append(out, records[i:n])
		i = n
	}
	return out
}
