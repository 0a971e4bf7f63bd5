// Package assemble puts records together to conversations, however they were spread over the input: rows of one conversation may stand
// anywhere, in any order, twice, in newer versions, and split into batches.
//
// Assembler groups records by conversation id. It holds a bounded amount of them as they are; beyond that they are written down and
// sorted in a temporary folder. Known is what has to be known of a whole data set to settle one group into conversations.
package assemble

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/spill"
)

// DefaultBudget is how many bytes of decoded records are held before they are spilled.
const DefaultBudget = 8 << 20

// DefaultMostBytes is room for 64 Dataverse rows at their size limit, after reduction: for years of chat under one id.
const DefaultMostBytes = 64 << 20

// Options of an Assembler. The zero value is usable.
type Options struct {
	Budget  int64  // bytes held, and a fourth of it once they are spilled; 0 means DefaultBudget
	TempDir string // where to spill; "" means the system's temporary folder
	// MostBytes is how much of one conversation may be held; 0 means DefaultMostBytes. A conversation beyond it is rejected
	// whole, whatever the order of its records: half a conversation would give wrong sessions.
	MostBytes int64
	// Reject is called for every record of such a conversation, and counted as quarantined; may be nil.
	Reject func(r *activity.Record, reason string) error
	// Bot finds the names and the id of a bot by id or schema name, for Conversations; may be nil.
	Bot func(key string) (activity.Bot, bool)
}

// Counts is where every record that was read ended (DESIGN.md, law 4). Read is their sum.
type Counts struct {
	Read        int64
	Accepted    int64
	Duplicate   int64 // said the same as another
	Superseded  int64 // an older version of another
	Quarantined int64
}

// Adds reports whether the counts add up.
func (c Counts) Adds() bool { return c.Read == c.Accepted+c.Duplicate+c.Superseded+c.Quarantined }

// String is the sentence that people see.
func (c Counts) String() string {
	return fmt.Sprintf("%d read = %d accepted + %d duplicate + %d superseded + %d quarantined",
		c.Read, c.Accepted, c.Duplicate, c.Superseded, c.Quarantined)
}

// Assembler collects records, then gives out groups or conversations. It is for one goroutine.
type Assembler struct {
	opts  Options
	known *Known

	// Records are held as they are up to the budget. From the first one beyond it on all of them go through the sorter.
	held     []held
	bytes    int64
	spilling bool
	codec    *codec
	sorter   *spill.Sorter
	buf      []byte

	counts     Counts
	overridden map[botDay]int // rows of a sessions CSV that gave way to transcripts
}

// held is a record and what it costs in memory.
type held struct {
	record *activity.Record
	bytes  int64
}

// New returns an empty Assembler. Close it when done.
func New(opts Options) *Assembler {
	if opts.Budget == 0 {
		opts.Budget = DefaultBudget
	}
	if opts.MostBytes == 0 {
		opts.MostBytes = DefaultMostBytes
	}
	return &Assembler{
		opts: opts, known: NewKnown(), codec: newCodec(), sorter: spill.New(opts.Budget/4, opts.TempDir), overridden: map[botDay]int{},
	}
}

// Record takes one record. It is kept until Groups or Close, and the caller leaves it as it is.
func (a *Assembler) Record(r *activity.Record) error {
	a.counts.Read++
	a.known.Learn(r)
	if a.spilling {
		err := a.spill(r)
		a.bytes += int64(len(a.buf))
		return err
	}
	h := held{r, Size(r)}
	a.held = append(a.held, h)
	if a.bytes += h.bytes; a.bytes <= a.opts.Budget {
		return nil
	}
	a.spilling = true
	for i := range a.held {
		if err := a.spill(a.held[i].record); err != nil {
			return err
		}
		a.held[i].record = nil // written down, so that no record is in memory twice
	}
	a.held = nil
	return nil
}

func (a *Assembler) spill(r *activity.Record) error {
	var err error
	if a.buf, err = a.codec.encode(a.buf[:0], r); err != nil {
		return err
	}
	return a.sorter.Add([]byte(r.Conversation), a.buf)
}

// Known is what all records taught so far.
func (a *Assembler) Known() *Known { return a.known }

// Held is about how many bytes the records have that wait, in memory or written down.
func (a *Assembler) Held() int64 { return a.bytes }

// Groups gives out and forgets the records, those of one conversation id at a time, in order of the id, as they were read: nothing is settled
// yet. The slice is valid until yield returns, the records for as long as the caller likes. What comes afterwards begins anew; only Known and
// Counts go on.
func (a *Assembler) Groups(ctx context.Context, yield func(id string, group []*activity.Record) error) error {
	g := grouper{assembler: a, yield: yield}
	if err := a.sorted(ctx, g.add); err != nil {
		return err
	}
	if err := g.flush(); err != nil {
		return err
	}
	clear(a.held)
	a.held, a.bytes, a.spilling = a.held[:0], 0, false
	return a.sorter.Close()
}

// sorted calls yield with every record in order of the conversation id, then of arrival.
func (a *Assembler) sorted(ctx context.Context, yield func(held) error) error {
	if a.spilling {
		return a.sorter.All(ctx, func(_, value []byte) error {
			r, err := a.codec.decode(value)
			if err != nil {
				return err
			}
			return yield(held{r, Size(r)})
		})
	}
	slices.SortStableFunc(a.held, func(x, y held) int { return cmp.Compare(x.record.Conversation, y.record.Conversation) })
	for i, h := range a.held {
		if i%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := yield(h); err != nil {
			return err
		}
	}
	return nil
}

// grouper collects the records of one conversation id.
type grouper struct {
	assembler *Assembler
	yield     func(id string, group []*activity.Record) error
	id        string
	group     []*activity.Record
	bytes     int64
}

func (g *grouper) add(h held) error {
	if h.record.Conversation != g.id {
		if err := g.flush(); err != nil {
			return err
		}
		g.id = h.record.Conversation
	}
	most := g.assembler.opts.MostBytes
	before := g.bytes
	if g.bytes += h.bytes; g.bytes <= most {
		g.group = append(g.group, h.record)
		return nil
	}
	if before <= most {
		for _, r := range g.group {
			if err := g.assembler.reject(r); err != nil {
				return err
			}
		}
		g.clear()
	}
	return g.assembler.reject(h.record)
}

func (g *grouper) flush() error {
	var err error
	if len(g.group) > 0 {
		err = g.yield(g.id, g.group)
	}
	g.clear()
	g.bytes = 0
	return err
}

func (g *grouper) clear() {
	clear(g.group)
	g.group = g.group[:0]
}

// reject puts a record of a conversation that is too large in quarantine.
func (a *Assembler) reject(r *activity.Record) error {
	a.counts.Quarantined++
	if a.opts.Reject == nil {
		return nil
	}
	return a.opts.Reject(r, TooLarge(r.Conversation, a.opts.MostBytes))
}

// TooLarge is why the records of a conversation are rejected that holds more than most bytes.
func TooLarge(id string, most int64) string {
	return fmt.Sprintf("conversation %q holds more than %d MiB of what rules read, over all its records", id[:min(len(id), 100)], most>>20)
}

// Conversations calls yield with every conversation, ordered by conversation id and bot, its records each once and in order. It may be
// called once.
func (a *Assembler) Conversations(ctx context.Context, yield func(*activity.Conversation) error) error {
	known := a.known.Sealed(a.opts.Bot)
	return a.Groups(ctx, func(_ string, group []*activity.Record) error {
		settled, gaveWay := known.settle(group)
		for _, s := range settled.Status {
			switch s {
			case Accepted:
				a.counts.Accepted++
			case Duplicate:
				a.counts.Duplicate++
			case Superseded:
				a.counts.Superseded++
			}
		}
		for _, d := range gaveWay {
			a.overridden[d]++
		}
		for _, c := range settled.Conversations {
			if err := yield(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Counts is complete once Conversations has returned. Of what is quarantined it counts only records of conversations that are too large.
// After Groups alone it counts what was read and what is quarantined: how the others ended is in what Settle returns.
func (a *Assembler) Counts() Counts { return a.counts }

// Overridden says how many sessions of a sessions CSV Conversations left out because there are transcripts of the same bot and day, and of
// how many such days.
func (a *Assembler) Overridden() (sessions, days int) {
	for _, n := range a.overridden {
		sessions += n
	}
	return sessions, len(a.overridden)
}

// Close forgets the records and removes what was spilled.
func (a *Assembler) Close() error {
	a.held = nil
	return a.sorter.Close()
}
