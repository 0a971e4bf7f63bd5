package duckdb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sqldriver "database/sql/driver"

	"rapport/internal/activity"
	"rapport/internal/store"
)

// provenance is where a record came from and what it says of its bot: the same for thousands of records. It stands once in a table of its own,
// and records name it by its number. Nothing depends on its standing there only once: an update numbers anew what it has not met lately.
type provenance struct {
	format, file string
	bot, given   activity.Bot
}

const provenanceTexts = "format, file, bot_id, bot_schema, bot_name, given_id, given_schema, given_name"

// mostProvenances is how many an update or a view remembers, of texts up to about heldBytes: a data set may be of a million files.
const mostProvenances = 4096

// latestProvenances is how many of what earlier updates numbered an update knows from the beginning, unless they are long: those of a server
// are small and alike.
const latestProvenances = 256

func provenanceOf(r *store.Record) provenance {
	return provenance{string(r.Format), r.Origin.File, r.Bot, r.Given}
}

// give tells a record what it names by number.
func (p *provenance) give(r *store.Record) {
	r.Format, r.Origin.File, r.Bot, r.Given = activity.Format(p.format), p.file, p.bot, p.given
}

// texts are what stands in provenanceTexts.
func (p *provenance) texts() []*string {
	return []*string{&p.format, &p.file, &p.bot.ID, &p.bot.Schema, &p.bot.Name, &p.given.ID, &p.given.Schema, &p.given.Name}
}

func (p *provenance) bytes() (n int) {
	for _, s := range p.texts() {
		n += len(*s)
	}
	return n
}

// numbered is what an update remembers of the provenances that it has numbered.
type numbered struct {
	of    map[provenance]int64 // nil before the first
	bytes int                  // of its texts
	last  int64                // the highest number that was ever given, as far as it still stands
}

// number is the number of a provenance.
func (t *tx) number(ctx context.Context, p provenance) (int64, error) {
	known := &t.numbered
	if n, ok := known.of[p]; ok {
		return n, nil
	}
	if known.of == nil {
		if err := t.latest(ctx); err != nil {
			return 0, err
		}
	}
	kept := p // a copy: else every look-up would be on the heap
	for _, s := range kept.texts() {
		*s = text(*s)
	}
	if n, ok := known.of[kept]; ok {
		return n, nil
	}
	if len(known.of) >= mostProvenances || known.bytes > heldBytes {
		clear(known.of)
		known.bytes = 0
	}
	a, err := t.appender("provenance")
	if err != nil {
		return 0, err
	}
	known.last++
	row := []sqldriver.Value{known.last}
	for _, s := range kept.texts() {
		*s = strings.Clone(*s) // it may be a piece of all that the record came as
		row = append(row, *s)
	}
	known.of[kept] = known.last
	known.bytes += kept.bytes()
	return known.last, a.add(ctx, kept.bytes(), row...)
}

// latest readies an update for numbering.
func (t *tx) latest(ctx context.Context) error {
	known := &t.numbered
	if err := t.one(ctx, "SELECT coalesce(max(id), 0) FROM provenance", nil, &known.last); err != nil {
		return err
	}
	known.of = map[provenance]int64{}
	short := fmt.Sprintf("id > %d AND strlen(concat(%s)) <= %d", known.last-latestProvenances, provenanceTexts, heldBytes/latestProvenances)
	return t.provenances(ctx, short, func(n int64, p provenance) {
		known.of[p] = n
		known.bytes += p.bytes()
	})
}

// forgetOrphans removes the provenances that no record names any more: they are names of files and bots.
func (t *tx) forgetOrphans(ctx context.Context) error {
	_, err := t.exec(ctx, "DELETE FROM provenance WHERE id NOT IN (SELECT DISTINCT provenance FROM record)")
	return err
}

// remembered is what a view remembers of the provenances that it has read.
type remembered struct {
	of    map[int64]*provenance
	bytes int // of their texts
}

// named are the provenances of these numbers, and maybe others. They are looked up beside the records rather than joined to them: their texts
// are then handed over once and not with every record, and what is asked of records stays as narrow as it was however many provenances there are.
func (v *view) named(ctx context.Context, numbers []int64) (map[int64]*provenance, error) {
	wanted := slices.Compact(slices.Sorted(slices.Values(numbers)))
	known := v.remembered
	missing := slices.DeleteFunc(slices.Clone(wanted), func(n int64) bool { return known.of[n] != nil })
	if len(missing) == 0 {
		return known.of, nil
	}
	if known.of == nil || len(known.of)+len(missing) > mostProvenances {
		known, missing = remembered{of: map[int64]*provenance{}}, wanted
	}
	where := among("id", missing)
	if first, last := missing[0], missing[len(missing)-1]; last-first == int64(len(missing)-1) {
		where = fmt.Sprintf("id BETWEEN %d AND %d", first, last)
	}
	err := v.provenances(ctx, where, func(n int64, p provenance) {
		known.of[n] = &p
		known.bytes += p.bytes()
	})
	if err != nil {
		return nil, err
	}
	for _, n := range missing {
		if known.of[n] == nil {
			return nil, fmt.Errorf("read records: provenance %d is not there", n)
		}
	}
	v.remembered = remembered{}
	if known.bytes <= heldBytes {
		v.remembered = known
	}
	return known.of, nil
}

// provenances yields those for which a condition holds.
func (v *view) provenances(ctx context.Context, where string, yield func(n int64, p provenance)) error {
	var n int64
	var p provenance
	into := []any{&n}
	for _, s := range p.texts() {
		into = append(into, s)
	}
	return v.each(ctx, "SELECT id, "+provenanceTexts+" FROM provenance WHERE "+where, nil, into, func() error {
		yield(n, p)
		return nil
	})
}
