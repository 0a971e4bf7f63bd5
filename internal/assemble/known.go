package assemble

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"rapport/internal/activity"
)

// Known is what has to be known of all records of a data set before its conversations can be put together: how bots are called, and
// which bots have transcripts on which days. That is little, however large the data set. First it learns; what Sealed returns settles, and is
// safe for concurrent use.
type Known struct {
	bots      map[string]activity.Bot // by schema name and by id, in lower case: what those with both say
	keys      map[string]bool         // bots that have transcripts
	days      map[botDay]bool         // the days on which they have them
	catalogue func(key string) (activity.Bot, bool)
}

type botDay struct {
	bot string
	day int32 // since 1970, UTC
}

// NewKnown returns one that knows nothing.
func NewKnown() *Known {
	return &Known{bots: map[string]activity.Bot{}, keys: map[string]bool{}, days: map[botDay]bool{}}
}

// Learn learns from one record, as it was read.
func (k *Known) Learn(r *activity.Record) {
	k.LearnBot(r.Bot)
	if r.Session == nil {
		k.LearnDays(r.Bot, Days(r))
	}
}

// LearnBot learns how a bot is called, from a record's bot as its source wrote it.
func (k *Known) LearnBot(b activity.Bot) {
	if b.ID == "" || b.Schema == "" {
		return
	}
	for _, key := range [...]string{strings.ToLower(b.Schema), strings.ToLower(b.ID)} {
		known := k.bots[key]
		before := known
		// The smallest id and the largest names, so that the answer does not hang on the order of the input.
		if known.ID == "" || b.ID < known.ID {
			known.ID = b.ID
		}
		known.Schema, known.Name = max(known.Schema, b.Schema), max(known.Name, b.Name)
		if known != before {
			k.bots[key] = known
		}
	}
}

// LearnDays learns that a bot, as its source wrote it, has transcripts, and on which days since 1970 in UTC.
func (k *Known) LearnDays(b activity.Bot, days []int32) {
	key := b.Key()
	if !k.keys[key] {
		k.keys[key] = true
	}
	for _, day := range days {
		if d := (botDay{key, day}); !k.days[d] {
			k.days[d] = true
		}
	}
}

// Days is the days since 1970 in UTC of a record's activities, ascending, each once; nil for a row of a sessions CSV.
func Days(r *activity.Record) []int32 {
	if r.Session != nil {
		return nil
	}
	var days []int32
	for i := range r.Activities {
		d := day(r.Activities[i].At)
		if n := len(days); n == 0 || days[n-1] != d { // a record is nearly always of one day
			days = append(days, d)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func day(ms int64) int32 { return int32(ms / (24 * 60 * 60 * 1000)) }

// Sealed returns what it knows by now, for settling; it may learn on. bot finds the names and the id of a bot in a catalogue by id or schema
// name; it may be nil.
func (k *Known) Sealed(bot func(key string) (activity.Bot, bool)) *Known {
	sealed := &Known{bots: maps.Clone(k.bots), keys: make(map[string]bool, len(k.keys)), days: make(map[botDay]bool, len(k.days)), catalogue: bot}
	// Bots that have transcripts are kept under what they are called in the end.
	final := make(map[string]string, len(k.keys))
	for key := range k.keys {
		final[key] = sealed.alias(activity.Bot{ID: key}).Key()
		sealed.keys[final[key]] = true
	}
	for d := range k.days {
		sealed.days[botDay{final[d.bot], d.day}] = true
	}
	return sealed
}

// Resolve is what a bot is called in the end, by all records and the catalogue; for a sealed Known. Two sealed Knowns that resolve a bot
// alike give it the same key. A bot without id and schema name, as a sessions CSV has it, is the one bot that has transcripts, where there
// is one.
func (k *Known) Resolve(b activity.Bot) activity.Bot {
	if b.Key() == "" && len(k.keys) == 1 {
		for key := range k.keys {
			b.ID = key
		}
	}
	return k.alias(b)
}

// alias gives a bot what other records and the catalogue know of it.
func (k *Known) alias(b activity.Bot) activity.Bot {
	if known, ok := find(b, k.learned); ok {
		b = merge(b, known)
		b.Name = cmp.Or(b.Name, known.Name)
	}
	if k.catalogue != nil {
		if known, ok := find(b, k.catalogue); ok {
			b = merge(b, known)
			b.Name = cmp.Or(known.Name, b.Name)
		}
	}
	return b
}

func (k *Known) learned(key string) (activity.Bot, bool) {
	b, ok := k.bots[strings.ToLower(key)]
	return b, ok
}

func find(b activity.Bot, in func(key string) (activity.Bot, bool)) (activity.Bot, bool) {
	for _, key := range [...]string{b.ID, b.Schema} {
		if known, ok := in(key); ok && key != "" {
			return known, true
		}
	}
	return activity.Bot{}, false
}

// merge takes over the id and the schema name. What was given as the id may be the schema name: people know bots by it.
func merge(b, known activity.Bot) activity.Bot {
	if known.ID != "" && (b.ID == "" || strings.EqualFold(b.ID, known.Schema)) {
		b.ID = known.ID
	}
	b.Schema = cmp.Or(b.Schema, known.Schema)
	return b
}
