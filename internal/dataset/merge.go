package dataset

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/fact"
	"rapport/internal/store"
)

// merge puts what an import read together with what the store has. It runs in a goroutine of its own and reads the snapshot before the
// import, never what the import writes.
type merge struct {
	*importer
	view    store.View
	touched map[int64]bool // keys that are called otherwise now, and must be derived again even if nothing new is of them
	emit    func(*batch) error
	next    batch
	bytes   int
}

// batch is what one worker derives.
type batch struct {
	groups  []*group
	same    []int64 // stored records that were read again
	again   int64   // rows that say what another says
	rejects []decode.Reject
}

// produce emits everything that was read, then what is touched by it.
func (m *merge) produce(ctx context.Context, emit func(*batch) error) error {
	m.emit = emit
	m.reject = func(r decode.Reject) error {
		m.next.rejects = append(m.next.rejects, r)
		if len(m.next.rejects) < batchGroups {
			return nil
		}
		return m.flush(ctx)
	}
	err := m.records.Groups(ctx, func(id string, read []*activity.Record) error {
		m.next.groups = append(m.next.groups, m.distinct(id, read))
		if len(m.next.groups) < batchGroups && m.bytes < batchBytes {
			return nil
		}
		return m.flush(ctx)
	})
	if err == nil {
		err = m.flush(ctx)
	}
	if err != nil {
		return err
	}
	rest := slices.Sorted(maps.Keys(m.touched)) // what was read is off it by now
	for keys := range slices.Chunk(rest, batchGroups) {
		groups, err := readGroups(ctx, m.view, keys)
		if err != nil {
			return err
		}
		if err := emit(&batch{groups: groups}); err != nil {
			return err
		}
	}
	return nil
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
	if len(m.rules.bots) > 0 { // else there is no record in the store
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
	byKey, err := heads(ctx, m.view, keys)
	if err != nil {
		return err
	}
	changed := b.groups[:0]
	for _, g := range b.groups {
		g.stored = byKey[g.key]
		ids := make(map[string]int64, len(g.stored))
		for _, r := range g.stored {
			ids[r.Print] = r.ID
		}
		fresh, prints := g.fresh, g.prints
		g.fresh, g.prints = nil, nil
		for i, r := range fresh {
			if id, ok := ids[prints[i]]; ok {
				b.same, b.again = append(b.same, id), b.again+1
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
	if err := fill(ctx, m.view, changed); err != nil {
		return err
	}
	for _, g := range changed {
		m.bound(b, g)
	}
	return nil
}

// bound puts in quarantine what would make a stored conversation larger than may be held. It stays what it was: half of what was read would
// give wrong sessions, and the rest of it is safe.
func (m *merge) bound(b *batch, g *group) {
	bytes := int64(0)
	for i := range g.stored {
		bytes += int64(len(g.stored[i].Raw))
	}
	for _, r := range g.fresh {
		bytes += int64(len(r.Raw))
	}
	if most := m.dataset.mostBytes(); len(g.stored) > 0 && bytes > most {
		for _, r := range g.fresh {
			b.rejects = append(b.rejects, decode.Reject{Origin: r.Origin, Reason: fmt.Sprintf(
				"conversation %q would hold more than %d MiB with what was imported before", r.Conversation[:min(len(r.Conversation), 100)], most>>20,
			)})
		}
		g.fresh, g.prints = nil, nil
	}
}

// written is what a batch comes to.
type written struct {
	*batch
	add                             []store.Record
	fresh, changed                  part // conversations that were not there before, and those that were
	accepted, duplicate, superseded int64
}

// work settles and derives a batch, in the goroutine of a worker.
func (im *importer) work(ctx context.Context, b *batch) (*written, error) {
	w := &written{batch: b, duplicate: b.again}
	for _, g := range b.groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := settle(im.deriver.known, g)
		if err != nil {
			return nil, err
		}
		to := &w.fresh
		if len(g.stored) > 0 {
			to = &w.changed
		}
		im.deriver.add(to, g.key, s.conversations)
		for i, r := range g.fresh {
			w.add = append(w.add, rowOf(r, g.prints[i], im.opts.Bot))
			switch s.status[i] {
			case assemble.Duplicate:
				w.duplicate++
			case assemble.Superseded:
				w.superseded++
			default:
				w.accepted++
			}
		}
	}
	b.groups = nil // the decoded records may go
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
	a.Accepted, a.Duplicate, a.Superseded = a.Accepted+w.accepted, a.Duplicate+w.duplicate, a.Superseded+w.superseded
	a.Touched += int64(len(w.fresh.keys) + len(w.changed.keys))
	im.opts.Progress.add(w.accepted + w.duplicate + w.superseded)
	if err := im.deriver.write(ctx, im.tx, &w.fresh, false); err != nil {
		return err
	}
	return im.deriver.write(ctx, im.tx, &w.changed, true)
}
