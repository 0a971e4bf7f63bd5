// Package assemble puts records together to conversations, however they were spread over the input: rows of one conversation may stand
// anywhere, in any order, twice, in newer versions, and split into batches.
//
// It holds a bounded amount of decoded records; beyond that they are sorted by conversation in a temporary folder. What rules do not
// read never gets there.
package assemble

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/spill"
)

// DefaultBudget is how many bytes of decoded records are held before they are spilled.
const DefaultBudget = 8 << 20

// DefaultMostBytes is room for 64 Dataverse rows at their size limit, after reduction: for years of chat under one id.
const DefaultMostBytes = 64 << 20

// Options of an Assembler. The zero value is usable.
type Options struct {
	Budget  int64  // bytes held; 0 means DefaultBudget
	TempDir string // where to spill; "" means the system's temporary folder
	// MostBytes is how much of one conversation may be held, encoded; 0 means DefaultMostBytes. A conversation beyond it is rejected
	// whole, whatever the order of its records: half a conversation would give wrong sessions.
	MostBytes int64
	// Reject is called for every record of such a conversation, and counted as quarantined; may be nil.
	Reject func(origin activity.Origin, reason string) error
	// Bot finds the names and the id of a bot by id or schema name; may be nil.
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

// Assembler collects records, then gives out conversations. It is for one goroutine.
type Assembler struct {
	opts       Options
	codec      *codec
	sorter     *spill.Sorter
	buf        []byte
	counts     Counts
	bots       map[string]activity.Bot // by schema name and by lookup id: what records with both say
	days       map[botDay]bool         // bots and days that have transcripts
	keys       map[string]bool         // bots that have transcripts
	overridden map[botDay]int          // rows of a sessions CSV that gave way to transcripts
}

type botDay struct {
	bot string
	day int64 // days since 1970, UTC
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
		opts: opts, codec: newCodec(), sorter: spill.New(opts.Budget, opts.TempDir),
		bots: map[string]activity.Bot{}, days: map[botDay]bool{}, keys: map[string]bool{}, overridden: map[botDay]int{},
	}
}

// Record takes one record. It is kept until Conversations.
func (a *Assembler) Record(r *activity.Record) error {
	a.counts.Read++
	a.learn(r)
	var err error
	if a.buf, err = a.codec.encode(a.buf[:0], r); err != nil {
		return err
	}
	return a.sorter.Add([]byte(r.Conversation), a.buf)
}

// learn keeps what has to be known of all records before the first conversation can be given out: few bots, few days.
func (a *Assembler) learn(r *activity.Record) {
	if r.Bot.ID != "" && r.Bot.Schema != "" {
		for _, key := range []string{strings.ToLower(r.Bot.Schema), strings.ToLower(r.Bot.ID)} {
			known := a.bots[key]
			// The smallest id and the largest names, so that the answer does not hang on the order of the input.
			if known.ID == "" || r.Bot.ID < known.ID {
				known.ID = r.Bot.ID
			}
			known.Schema, known.Name = max(known.Schema, r.Bot.Schema), max(known.Name, r.Bot.Name)
			a.bots[key] = known
		}
	}
	if r.Session != nil {
		return
	}
	a.keys[r.Bot.Key()] = true
	last := int64(-1) // a record is nearly always of one day
	for i := range r.Activities {
		if d := day(r.Activities[i].At); d != last {
			a.days[botDay{r.Bot.Key(), d}] = true
			last = d
		}
	}
}

func day(ms int64) int64 { return ms / (24 * 60 * 60 * 1000) }

// Conversations calls yield with every conversation, ordered by conversation id and bot, its records each once and in order.
func (a *Assembler) Conversations(ctx context.Context, yield func(*activity.Conversation) error) error {
	a.resolveKeys()
	var id []byte
	var group []*activity.Record
	var held int64
	flush := func() error {
		err := a.split(group, yield)
		clear(group)
		group, held = group[:0], 0
		return err
	}
	err := a.sorter.All(ctx, func(key, value []byte) error {
		if !bytes.Equal(key, id) {
			if err := flush(); err != nil {
				return err
			}
			id = append(id[:0], key...)
		}
		r, err := a.codec.decode(value)
		if err != nil {
			return err
		}
		before := held
		if held += int64(len(value)); held <= a.opts.MostBytes {
			group = append(group, r)
			return nil
		}
		if before <= a.opts.MostBytes {
			for _, g := range group {
				if err := a.reject(g); err != nil {
					return err
				}
			}
			clear(group)
			group = group[:0]
		}
		return a.reject(r)
	})
	if err != nil {
		return err
	}
	return flush()
}

// reject puts a record of a conversation that is too large in quarantine.
func (a *Assembler) reject(r *activity.Record) error {
	a.counts.Quarantined++
	if a.opts.Reject == nil {
		return nil
	}
	return a.opts.Reject(r.Origin, fmt.Sprintf("conversation %q holds more than %d MiB of what rules read, over all its records",
		r.Conversation[:min(len(r.Conversation), 100)], a.opts.MostBytes>>20))
}

// Counts is complete once Conversations has returned. Of what is quarantined it counts only records of conversations that are too large.
func (a *Assembler) Counts() Counts { return a.counts }

// Overridden says how many sessions of a sessions CSV were left out because there are transcripts of the same bot and day, and of how many
// such days.
func (a *Assembler) Overridden() (sessions, days int) {
	for _, n := range a.overridden {
		sessions += n
	}
	return sessions, len(a.overridden)
}

// Close removes what was spilled.
func (a *Assembler) Close() error { return a.sorter.Close() }

// split parts the records of one conversation id by bot: two bots may use the same id.
func (a *Assembler) split(group []*activity.Record, yield func(*activity.Conversation) error) error {
	for _, r := range group {
		r.Bot = a.bot(r)
	}
	slices.SortStableFunc(group, func(x, y *activity.Record) int { return cmp.Compare(x.Bot.Key(), y.Bot.Key()) })
	for len(group) > 0 {
		n := 1
		for n < len(group) && group[n].Bot.Key() == group[0].Bot.Key() {
			n++
		}
		c := &activity.Conversation{ID: group[0].Conversation, Records: a.once(group[:n])}
		for _, r := range c.Records {
			c.Bot.ID, c.Bot.Schema, c.Bot.Name = max(c.Bot.ID, r.Bot.ID), max(c.Bot.Schema, r.Bot.Schema), max(c.Bot.Name, r.Bot.Name)
		}
		c.Records = a.giveWay(c.Records)
		group = group[n:]
		if len(c.Records) == 0 {
			continue
		}
		c.Sort()
		if err := yield(c); err != nil {
			return err
		}
	}
	return nil
}

// bot is who a record belongs to, once all records were seen.
func (a *Assembler) bot(r *activity.Record) activity.Bot {
	b := r.Bot
	if b.Key() == "" && r.Session != nil && len(a.keys) == 1 {
		// A sessions CSV names no bot: beside transcripts of one bot it is of that bot.
		for key := range a.keys {
			b.ID = key
		}
	}
	return a.resolve(b)
}

// resolve gives a bot what other records and the catalogue know of it.
func (a *Assembler) resolve(b activity.Bot) activity.Bot {
	if known, ok := find(b, func(key string) (activity.Bot, bool) { k, ok := a.bots[strings.ToLower(key)]; return k, ok }); ok {
		b = alias(b, known)
		b.Name = cmp.Or(b.Name, known.Name)
	}
	if a.opts.Bot != nil {
		if known, ok := find(b, a.opts.Bot); ok {
			b = alias(b, known)
			b.Name = cmp.Or(known.Name, b.Name)
		}
	}
	return b
}

func find(b activity.Bot, in func(key string) (activity.Bot, bool)) (activity.Bot, bool) {
	for _, key := range []string{b.ID, b.Schema} {
		if known, ok := in(key); ok && key != "" {
			return known, true
		}
	}
	return activity.Bot{}, false
}

// alias takes over the id and the schema name. What was given as the id may be the schema name: people know bots by it.
func alias(b, known activity.Bot) activity.Bot {
	if known.ID != "" && (b.ID == "" || strings.EqualFold(b.ID, known.Schema)) {
		b.ID = known.ID
	}
	b.Schema = cmp.Or(b.Schema, known.Schema)
	return b
}

// resolveKeys puts bots that have transcripts under their final keys, once all records were seen.
func (a *Assembler) resolveKeys() {
	final := func(key string) string { return a.resolve(activity.Bot{ID: key}).Key() }
	keys, days := map[string]bool{}, make(map[botDay]bool, len(a.days))
	for key := range a.keys {
		keys[final(key)] = true
	}
	for d := range a.days {
		days[botDay{final(d.bot), d.day}] = true
	}
	a.keys, a.days = keys, days
}

// giveWay leaves out sessions of a CSV on days for which there are transcripts of the same bot: those say more.
func (a *Assembler) giveWay(records []*activity.Record) []*activity.Record {
	return slices.DeleteFunc(records, func(r *activity.Record) bool {
		if r.Session == nil {
			return false
		}
		d := botDay{r.Bot.Key(), day(r.Session.StartedAt)}
		if a.days[d] {
			a.overridden[d]++
			return true
		}
		return false
	})
}

// once leaves one record of each key and counts the others: of two that say the same one is a duplicate, else the older version is
// superseded (DESIGN.md, law 1). Which stands never depends on the order of the input.
func (a *Assembler) once(group []*activity.Record) []*activity.Record {
	keys := identities(group)
	best := map[string]*activity.Record{}
	var order []string
	seen := map[string]map[[16]byte]bool{}
	for i, r := range group {
		k := keys[i]
		if best[k] == nil {
			order = append(order, k)
			seen[k] = map[[16]byte]bool{}
		}
		if seen[k][r.Hash] {
			a.counts.Duplicate++
		} else if best[k] != nil {
			a.counts.Superseded++
		} else {
			a.counts.Accepted++
		}
		seen[k][r.Hash] = true
		if best[k] == nil || newer(r, best[k]) > 0 {
			best[k] = r
		}
	}
	out := make([]*activity.Record, 0, len(order))
	for _, k := range order {
		out = append(out, best[k])
	}
	return out
}

// newer orders two records of one key: version, modification, then what they say, so that the answer is always the same.
func newer(a, b *activity.Record) int {
	return cmp.Or(
		cmp.Compare(a.Version, b.Version),
		cmp.Compare(a.ModifiedAt, b.ModifiedAt),
		cmp.Compare(len(a.Activities), len(b.Activities)),
		bytes.Compare(a.Hash[:], b.Hash[:]),
		// Of two that say the same the one that knows more of its bot stands.
		cmp.Compare(a.Bot.ID, b.Bot.ID),
		cmp.Compare(a.ID, b.ID),
	)
}

// identities is the key of each record: the source's, else start and batch; a record without a source's key is the one with such a key
// that has the same start, batch and content, since another export shape may lack the column.
func identities(group []*activity.Record) []string {
	window := func(r *activity.Record) string {
		b := binary.AppendVarint(nil, r.Start)
		return string(binary.AppendVarint(b, int64(r.Batch)))
	}
	named := map[string]string{}
	for _, r := range group {
		if r.ID != "" {
			k := window(r) + string(r.Hash[:])
			if old, ok := named[k]; !ok || r.ID < old {
				named[k] = r.ID
			}
		}
	}
	out := make([]string, len(group))
	for i, r := range group {
		switch id, ok := named[window(r)+string(r.Hash[:])]; {
		case r.ID != "":
			out[i] = r.ID
		case ok:
			out[i] = id
		default:
			out[i] = "\x00" + window(r)
		}
	}
	return out
}
