package dataset

import (
	"context"
	"fmt"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/fact"
	"rapport/internal/store"
)

// merge puts what an import read together with what the store has. In a round it runs in a goroutine of its own and reads the snapshot before
// the import, never what the import writes.
type merge struct {
	*importer
	in    store.Records // nil where there is nothing in it
	emit  func(*batch) error
	next  batch
	bytes int
	// What is compared with the store at once.
	mostGroups, mostBytes int
}

// batch is what one worker derives.
type batch struct {
	groups  []*group
	same    []int64 // stored records that were read again
	again   int64   // rows that say what another says
	rejects []decode.Reject
}

// produce emits what was read since the last round.
func (m *merge) produce(ctx context.Context, emit func(*batch) error) error {
	m.emit = func(b *batch) error {
		for _, g := range b.groups {
			m.written[g.key] = g.refused != ""
		}
		return emit(b)
	}
	m.reject = func(r decode.Reject) error { return m.refuse(ctx, r) }
	err := m.records.Groups(ctx, func(id string, read []*activity.Record) error {
		if _, ok := m.written[fact.KeyOf(id)]; ok {
			return m.keepForLater(read)
		}
		return m.add(ctx, id, read)
	})
	if err != nil {
		return err
	}
	return m.flush(ctx)
}

// refuse takes a reject along.
func (m *merge) refuse(ctx context.Context, r decode.Reject) error {
	m.next.rejects = append(m.next.rejects, r)
	if len(m.next.rejects) < batchGroups {
		return nil
	}
	return m.flush(ctx)
}

// add takes what was read of a conversation along.
func (m *merge) add(ctx context.Context, id string, read []*activity.Record) error {
	m.next.groups = append(m.next.groups, m.distinct(id, read))
	if len(m.next.groups) < m.mostGroups && m.bytes < m.mostBytes {
		return nil
	}
	return m.flush(ctx)
}

// distinct keeps one of each print.
func (m *merge) distinct(id string, read []*activity.Record) *group {
	g := &group{key: fact.KeyOf(id)}
	var had map[string]bool
	if len(read) > 1 {
		had = make(map[string]bool, len(read))
	}
	for _, r := range read {
		p := printOf(r)
		if had[p] {
			m.next.again++
			continue
		}
		if had != nil {
			had[p] = true
		}
		g.fresh, g.prints = append(g.fresh, r), append(g.prints, p)
		m.bytes += len(r.Raw)
	}
	return g
}

// flush compares a batch with the store, and emits what is left of it.
func (m *merge) flush(ctx context.Context) error {
	b := m.next
	m.next, m.bytes = batch{}, 0
	if m.in != nil {
		if err := m.compare(ctx, &b); err != nil {
			return err
		}
	}
	return m.emit(&b)
}

// compare takes what the store has already off a batch, and adds the stored records of conversations that change.
func (m *merge) compare(ctx context.Context, b *batch) error {
	keys := make([]int64, len(b.groups))
	for i, g := range b.groups {
		keys[i] = g.key
	}
	byKey, err := heads(ctx, m.in, keys)
	if err != nil {
		return err
	}
	changed := b.groups[:0]
	for _, g := range b.groups {
		g.stored = byKey[g.key]
		have := make(map[string]*store.Record, len(g.stored))
		for i := range g.stored {
			have[g.stored[i].Print] = &g.stored[i]
		}
		fresh, prints := g.fresh, g.prints
		g.fresh, g.prints = nil, nil
		for i, r := range fresh {
			if r := have[prints[i]]; r != nil {
				if b.again++; r.Import != m.account.ID {
					b.same = append(b.same, r.ID)
				}
				continue
			}
			g.fresh, g.prints = append(g.fresh, r), append(g.prints, prints[i])
		}
		if len(g.fresh) > 0 || m.touched[g.key] {
			changed = append(changed, g)
		}
		delete(m.touched, g.key)
	}
	b.groups = changed
	if err := fill(ctx, m.in, changed); err != nil {
		return err
	}
	for _, g := range changed {
		m.bound(g)
	}
	return nil
}

// bound refuses what would make a stored conversation larger than may be held. It stays what it was: half of what was read would give wrong
// sessions, and the rest of it is safe.
func (m *merge) bound(g *group) {
	bytes := int64(0)
	for i := range g.stored {
		bytes += int64(len(g.stored[i].Raw))
	}
	for _, r := range g.fresh {
		bytes += int64(len(r.Raw))
	}
	if most := m.dataset.mostBytes(); len(g.stored) > 0 && len(g.fresh) > 0 && bytes > most {
		id := g.fresh[0].Conversation
		g.refused = fmt.Sprintf("conversation %q would hold more than %d MiB with what was imported before", id[:min(len(id), 100)], most>>20)
	}
}

// written is what a batch comes to.
type written struct {
	*batch
	add                             []store.Record
	fresh, changed                  part // conversations that were not there before, and those that were
	accepted, duplicate, superseded int64
	drop, over                      []int64 // records that a round wrote and that cannot stay, and their keys
}

// count counts records that ended so.
func (w *written) count(how assemble.Status, records int64) {
	switch how {
	case assemble.Duplicate:
		w.duplicate += records
	case assemble.Superseded:
		w.superseded += records
	default:
		w.accepted += records
	}
}

// work settles and derives a batch, in the goroutine of a worker.
func (im *importer) work(ctx context.Context, b *batch) (*written, error) {
	w := &written{batch: b, duplicate: b.again}
	for _, g := range b.groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := &w.fresh
		if len(g.stored) > 0 {
			to = &w.changed
		}
		if err := im.takeBack(w, g); err != nil {
			return nil, err
		}
		s, err := settle(&im.deriver.rereader, im.deriver.known, g)
		if err != nil {
			return nil, err
		}
		im.deriver.add(to, g.key, s.conversations)
		for i, r := range g.fresh {
			w.add = append(w.add, rowOf(r, g.prints[i], im.opts.Bot))
			w.count(s.status[i], 1)
		}
		for i, r := range g.stored {
			if r.Import == im.account.ID {
				w.count(s.status[len(g.fresh)+i], 1)
			}
		}
		g.fresh, g.stored, g.reread = nil, nil, nil // which may go
	}
	b.groups = nil
	return w, nil
}

// write writes what became of a batch.
func (im *importer) write(ctx context.Context, w *written) error {
	a := &im.account
	for i := range w.add {
		w.add[i].ID, w.add[i].Import = im.nextID, a.ID
		im.nextID++
		if err := im.tx.AddRecord(ctx, w.add[i]); err != nil {
			return err
		}
	}
	for _, id := range w.same {
		if err := im.tx.Sight(ctx, id, a.ID); err != nil {
			return err
		}
	}
	for _, r := range w.rejects {
		if err := im.quarantine(ctx, r); err != nil {
			return err
		}
	}
	if err := im.tx.RemoveRecords(ctx, w.drop); err != nil {
		return err
	}
	for _, key := range w.over {
		im.written[key] = true
	}
	a.Accepted, a.Duplicate, a.Superseded = a.Accepted+w.accepted, a.Duplicate+w.duplicate, a.Superseded+w.superseded
	im.deriving.add(int64(len(w.add)) + w.again)
	if err := im.deriver.write(ctx, im.tx, &w.fresh, false); err != nil {
		return err
	}
	return im.deriver.write(ctx, im.tx, &w.changed, true)
}
