package dataset

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/fact"
	"rapport/internal/store"
)

// lateBytes is how much comes late of the groups that are read from the store at once.
const lateBytes = 16 << 20

// keepForLater keeps what was read of a conversation that a round has written.
func (m *merge) keepForLater(read []*activity.Record) error {
	for _, r := range read {
		if err := m.late.Record(r); err != nil {
			return err
		}
	}
	return nil
}

// again derives, once all is read, what the rounds could not know: conversations of which more came after one had written them, and those
// that are called otherwise since. It reads what the rounds wrote.
func (im *importer) again(ctx context.Context) error {
	if im.late.Counts().Read == 0 && len(im.touched)+len(im.over) == 0 {
		return nil
	}
	if err := im.tx.Flush(ctx); err != nil {
		return err
	}
	// The transaction is for one goroutine: of some groups what is stored is read, then they are derived and written.
	m := &merge{importer: im, in: im.tx, mostGroups: apartGroups, mostBytes: lateBytes}
	m.emit = func(b *batch) error {
		return pipeline(ctx, im.dataset.workers(), b.split, im.work, func(w *written) error { return im.write(ctx, w) })
	}
	m.reject = func(r decode.Reject) error { return m.refuse(ctx, r) }
	return m.produceLate(ctx)
}

// split emits a batch in parts for the workers.
func (b *batch) split(_ context.Context, emit func(*batch) error) error {
	groups := b.groups
	b.groups = nil
	if err := emit(b); err != nil {
		return err
	}
	for part := range slices.Chunk(groups, batchGroups) {
		if err := emit(&batch{groups: part}); err != nil {
			return err
		}
	}
	return nil
}

// produceLate emits what again is about.
func (m *merge) produceLate(ctx context.Context) error {
	err := m.late.Groups(ctx, func(id string, read []*activity.Record) error {
		if !m.written[fact.KeyOf(id)] {
			return m.add(ctx, id, read)
		}
		for _, r := range read {
			if err := m.reject(decode.Reject{Origin: r.Origin, Reason: assemble.TooLarge(id, m.dataset.mostBytes())}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = m.flush(ctx)
	}
	if err != nil {
		return err
	}
	for _, key := range m.over {
		delete(m.touched, key)
	}
	for _, keys := range [][]int64{m.over, slices.Sorted(maps.Keys(m.touched))} {
		for keys := range slices.Chunk(keys, apartGroups) {
			groups, err := readGroups(ctx, m.in, keys)
			if err != nil {
				return err
			}
			for _, g := range groups {
				if m.written[g.key] {
					g.refused = assemble.TooLarge(g.stored[0].Conversation, m.dataset.mostBytes())
				} else {
					m.written[g.key] = false
				}
			}
			if err := m.emit(&batch{groups: groups}); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBack takes back what was counted of a group's records that a round wrote, before they are settled again with the rest. What the import
// brought of a conversation that is too large goes whole, the same as if it had come at once.
func (im *importer) takeBack(w *written, g *group) error {
	mine := im.mineFirst(g.stored)
	if mine > 0 {
		alone := &group{stored: g.stored}
		was, err := settle(&im.deriver.rereader, im.knownOf(g.stored[0].ID), alone)
		if err != nil {
			return err
		}
		g.reread = alone.reread
		bytes := int64(0)
		for i, r := range was.records[:mine] {
			w.count(was.status[i], -1)
			bytes += assemble.Size(r)
		}
		for _, r := range g.fresh {
			bytes += assemble.Size(r)
		}
		if most := im.dataset.mostBytes(); bytes > most {
			g.refused = assemble.TooLarge(g.stored[0].Conversation, most)
		}
		if g.refused != "" {
			w.over = append(w.over, g.key)
		}
	}
	if g.refused == "" {
		return nil
	}
	refuse := func(o activity.Origin) {
		w.rejects = append(w.rejects, decode.Reject{Origin: o, Reason: g.refused})
	}
	for _, r := range g.fresh {
		refuse(r.Origin)
	}
	for _, r := range g.stored[:mine] {
		refuse(r.Origin)
		w.drop = append(w.drop, r.ID)
	}
	g.fresh, g.prints, g.stored, g.reread = nil, nil, g.stored[mine:], nil
	return nil
}

// mineFirst puts the records that the import brought before those that were there, and returns how many they are. Of two that say the same
// the first stands, so that they keep the order that they had in the round: what was read, then what was there.
func (im *importer) mineFirst(stored []store.Record) int {
	mine := 0
	place := func(r store.Record) int {
		if r.Import == im.account.ID {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(stored, func(a, b store.Record) int { return cmp.Compare(place(a), place(b)) })
	for mine < len(stored) && place(stored[mine]) == 0 {
		mine++
	}
	return mine
}

// knownOf is what was known of bots in the round that wrote a record.
func (im *importer) knownOf(record int64) *assemble.Known {
	i := len(im.eras) - 1
	for i > 0 && im.eras[i].firstID > record {
		i--
	}
	return im.eras[i].known
}
