package dataset

import (
	"context"
	"runtime"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/session"
	"rapport/internal/store"
)

// What a batch holds at most. A batch is what one worker derives and one write writes.
const (
	batchGroups = 256
	batchBytes  = 2 << 20 // of packed records
)

// target is a projection that is written, and what it is derived under.
type target struct {
	projection int64
	def        *definition.Definition
}

// deriver derives groups for several projections. It is safe for concurrent use.
type deriver struct {
	known     *assemble.Known // sealed
	catalogue *definition.Catalogue
	targets   []target
	rereader  rereader
}

// settled is what became of the records of a group.
type settled struct {
	conversations []*activity.Conversation
	records       []*activity.Record // the fresh ones, then the stored
	status        []assemble.Status  // of the records
}

// settle puts the records of a group together.
func settle(re *rereader, known *assemble.Known, g *group) (settled, error) {
	records, err := g.records(re)
	if err != nil {
		return settled{}, err
	}
	if len(g.stored) == 0 || len(records) == 1 {
		s := known.Settle(records)
		return settled{s.Conversations, records, s.Status}, nil
	}
	place := make(map[*activity.Record]int, len(records))
	for i, r := range records {
		place[r] = i
	}
	out := settled{records: records, status: make([]assemble.Status, len(records))}
	for _, part := range byConversation(slices.Clone(records)) {
		s := known.Settle(part)
		out.conversations = append(out.conversations, s.Conversations...)
		for i, r := range part {
			out.status[place[r]] = s.Status[i]
		}
	}
	return out, nil
}

// part is the facts of some keys, by target.
type part struct {
	keys  []int64
	facts []fact.Facts
}

// add derives conversations, which are all that there is of a key, under every target.
func (d *deriver) add(to *part, key int64, conversations []*activity.Conversation) {
	if to.facts == nil {
		to.facts = make([]fact.Facts, len(d.targets))
	}
	to.keys = append(to.keys, key)
	for _, c := range conversations {
		for i, t := range d.targets {
			to.facts[i].From(c, session.Derive(c, t.def, d.catalogue))
		}
	}
}

// write puts a part in place of what there was of its keys.
func (d *deriver) write(ctx context.Context, tx store.Tx, p *part, existed bool) error {
	if len(p.keys) == 0 {
		return nil
	}
	for i, t := range d.targets {
		if err := tx.Replace(ctx, t.projection, p.keys, existed, &p.facts[i]); err != nil {
			return err
		}
	}
	return nil
}

// work derives stored groups.
func (d *deriver) work(ctx context.Context, groups []*group) (*part, error) {
	out := &part{}
	for _, g := range groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := settle(&d.rereader, d.known, g)
		if err != nil {
			return nil, err
		}
		d.add(out, g.key, s.conversations)
	}
	return out, nil
}

// batcher gathers groups to batches.
type batcher struct {
	groups []*group
	bytes  int
	emit   func([]*group) error
}

func (b *batcher) add(g *group) error {
	b.groups = append(b.groups, g)
	for i := range g.stored {
		b.bytes += len(g.stored[i].Raw)
	}
	for _, r := range g.fresh {
		b.bytes += len(r.Raw)
	}
	if len(b.groups) < batchGroups && b.bytes < batchBytes {
		return nil
	}
	return b.flush()
}

func (b *batcher) flush() error {
	groups := b.groups
	b.groups, b.bytes = nil, 0
	if len(groups) == 0 {
		return nil
	}
	return b.emit(groups)
}

// all derives every record of a snapshot anew into projections that are empty so far.
func (d *deriver) all(ctx context.Context, workers int, v store.View, tx store.Tx, p *Progress) error {
	return pipeline(
		ctx, workers,
		func(ctx context.Context, emit func([]*group) error) error {
			b := batcher{emit: emit}
			if err := eachGroup(ctx, v, b.add); err != nil {
				return err
			}
			return b.flush()
		},
		d.work,
		func(out *part) error {
			p.add(int64(len(out.keys)))
			return d.write(ctx, tx, out, false)
		},
	)
}

// again derives the keys of a transaction anew, from the records that it has now.
func (d *deriver) again(ctx context.Context, workers int, tx store.Tx, keys []int64, p *Progress) error {
	for len(keys) > 0 {
		n := min(len(keys), batchGroups*workers)
		groups, err := readGroups(ctx, tx, keys[:n])
		if err != nil {
			return err
		}
		keys = keys[n:]
		err = pipeline(
			ctx, workers,
			func(_ context.Context, emit func([]*group) error) error {
				b := batcher{emit: emit}
				for _, g := range groups {
					if err := b.add(g); err != nil {
						return err
					}
				}
				return b.flush()
			},
			d.work,
			func(out *part) error {
				p.add(int64(len(out.keys)))
				return d.write(ctx, tx, out, true)
			},
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// workers is how many derive at a time.
func (d *Dataset) workers() int {
	if d.opts.Workers > 0 {
		return d.opts.Workers
	}
	return runtime.GOMAXPROCS(0)
}
