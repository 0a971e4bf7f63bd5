package metric

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// sheet is the aggregates that a question needs, each once; they are told apart by their place.
type sheet struct{ slots []slot }

type slot struct {
	table     fact.Table
	aggregate measure.Aggregate
}

func (s *sheet) add(table fact.Table, a measure.Aggregate) int {
	want := slot{table, a}
	for i := range s.slots {
		if reflect.DeepEqual(s.slots[i], want) {
			return i
		}
	}
	s.slots = append(s.slots, want)
	return len(s.slots) - 1
}

func (s *sheet) tables() []fact.Table {
	var tables []fact.Table
	for _, slot := range s.slots {
		if !slices.Contains(tables, slot.table) {
			tables = append(tables, slot.table)
		}
	}
	return tables
}

// of are the places of a table's aggregates for which keep holds.
func (s *sheet) of(table fact.Table, keep func(measure.Aggregate) bool) []int {
	var places []int
	for i, slot := range s.slots {
		if slot.table == table && keep(slot.aggregate) {
			places = append(places, i)
		}
	}
	return places
}

// adds is whether the aggregate of a whole is the sum of those of its parts.
func adds(a measure.Aggregate) bool {
	return a.Func == measure.Count || a.Func == measure.Sum || a.Func == measure.SumSquares
}

// counts are the integers of one group, by their place on the sheet.
type counts struct {
	values []int64
	valid  []bool // false for the rank of no rows
}

func (s *sheet) nothing() counts {
	c := counts{make([]int64, len(s.slots)), make([]bool, len(s.slots))}
	for i, slot := range s.slots {
		c.valid[i] = slot.aggregate.Func != measure.Rank
	}
	return c
}

// part is what was counted under one set of keys. The key of time is the bucket's place in the period, so that two periods can be laid
// side by side.
type part struct {
	keys []string
	counts
}

// tally is what a store answered about one period.
type tally struct {
	period  period
	buckets []bucket // of the dimension time
	groups  map[string]*part
	total   counts
}

// cuts is whether the period holds only a part of its bucket i: the first, the last.
func (t *tally) cuts(i int) bool {
	b := t.buckets[i].hull()
	return b.from < t.period.from || b.to > t.period.to
}

func idOf(keys []string) string { return strings.Join(keys, "\x00") }

// count asks the store for everything on the sheet, in as few plans as there can be: one a table for the groups, and one more for totals
// that are not the sum of their groups.
func (a *ask) count(ctx context.Context, s *sheet, p period) (*tally, error) {
	t := &tally{period: p, groups: map[string]*part{}, total: s.nothing()}
	terms, err := a.terms(ctx, s.tables(), p)
	if err != nil {
		return nil, err
	}
	if a.byTime() {
		if t.buckets, err = a.bucketsOf(p); err != nil {
			return nil, err
		}
	}
	for _, table := range s.tables() {
		if err := a.countTable(ctx, s, table, terms, t); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (a *ask) countTable(ctx context.Context, s *sheet, table fact.Table, terms terms, t *tally) error {
	plan := measure.Plan{
		Table: table, Where: a.where(terms, true), AsOf: a.asOf,
		Ranged: t.period.ranged, From: t.period.from, To: t.period.to,
	}
	if !plan.Ranged {
		plan.From, plan.To = 0, 0
	}
	whole := s.of(table, func(g measure.Aggregate) bool { return len(a.dims) == 0 || !adds(g) })
	if len(a.dims) > 0 {
		if err := a.countGroups(ctx, s, plan, terms, t); err != nil {
			return err
		}
	}
	if len(whole) == 0 {
		return nil
	}
	plan.Aggregates = s.pick(whole)
	rows, err := a.facts.Aggregate(ctx, plan)
	if err != nil {
		return fmt.Errorf("count %s rows: %w", table, err)
	}
	for i, place := range whole {
		t.total.values[place], t.total.valid[place] = rows[0].Values[i], rows[0].Valid[i]
	}
	return nil
}

func (s *sheet) pick(places []int) []measure.Aggregate {
	out := make([]measure.Aggregate, len(places))
	for i, place := range places {
		out[i] = s.slots[place].aggregate
	}
	return out
}

// countGroups asks for the groups of one table, and adds up what can be added.
func (a *ask) countGroups(ctx context.Context, s *sheet, plan measure.Plan, terms terms, t *tally) error {
	places := s.of(plan.Table, func(measure.Aggregate) bool { return true })
	plan.Aggregates = s.pick(places)
	topicAt := -1
	for i, d := range a.dims {
		plan.Groups = append(plan.Groups, d.group(terms))
		if d.Name == "topic" {
			topicAt = i
		}
	}
	// The first count brings the names of topics along, if rows of two names can be added up again. A second text to group by costs more than
	// the first, so the counts of other periods and tables ask only for the names of topics that are new to them.
	named := topicAt >= 0 && len(a.topics) == 0 && !slices.ContainsFunc(plan.Aggregates, func(g measure.Aggregate) bool { return !adds(g) })
	if named {
		plan.Groups = append(plan.Groups, measure.Group{Column: "topic_name"})
	}
	rows, err := a.facts.Aggregate(ctx, plan)
	if err != nil {
		return fmt.Errorf("count groups of %s rows: %w", plan.Table, err)
	}
	if len(rows) > maxRows {
		return a.tooManyRows(len(rows))
	}
	bucketAt := make(map[int64]int, len(t.buckets))
	for i, b := range t.buckets {
		bucketAt[b.key] = i
	}
	keys := make([]string, len(a.dims))
	for _, row := range rows {
		for i := range a.dims {
			if a.dims[i].Name != TimeDimension {
				keys[i] = a.dims[i].word(row.Keys[i])
				continue
			}
			at, ok := bucketAt[row.Keys[i].Int]
			if !ok {
				return fmt.Errorf("count groups of %s rows: %s %d is outside of the period", plan.Table, a.grain, row.Keys[i].Int)
			}
			keys[i] = strconv.Itoa(at)
		}
		if named {
			a.nameTopic(keys[topicAt], row.Keys[len(a.dims)].Text)
		}
		g := t.group(keys, s)
		for i, place := range places {
			if !adds(s.slots[place].aggregate) {
				g.values[place], g.valid[place] = row.Values[i], row.Valid[i]
				continue
			}
			g.values[place] += row.Values[i]
			t.total.values[place] += row.Values[i]
		}
	}
	if topicAt >= 0 && !named {
		return a.nameTopics(ctx, plan, topicAt, rows)
	}
	return nil
}

func (t *tally) group(keys []string, s *sheet) *part {
	id := idOf(keys)
	g := t.groups[id]
	if g == nil {
		g = &part{slices.Clone(keys), s.nothing()}
		t.groups[id] = g
	}
	return g
}

// nameTopics asks for the names of those topics of a plan's rows that have none yet.
func (a *ask) nameTopics(ctx context.Context, plan measure.Plan, topicAt int, rows []measure.Row) error {
	var ids []string
	for _, row := range rows {
		if _, ok := a.topics[row.Keys[topicAt].Text]; !ok {
			ids = append(ids, row.Keys[topicAt].Text)
		}
	}
	slices.Sort(ids)
	if ids = slices.Compact(ids); len(ids) == 0 {
		return nil
	}
	if len(a.topics) > 0 { // else all are new
		plan.Where = measure.And(plan.Where, measure.IsText("topic_id", ids...))
	}
	plan.Groups = []measure.Group{{Column: "topic_id"}, {Column: "topic_name"}}
	plan.Aggregates = []measure.Aggregate{{Func: measure.Count}}
	named, err := a.facts.Aggregate(ctx, plan)
	if err != nil {
		return fmt.Errorf("name topics: %w", err)
	}
	for _, row := range named {
		a.nameTopic(row.Keys[0].Text, row.Keys[1].Text)
	}
	return nil
}

// nameTopic keeps the largest name of an id, so that the answer does not hang on the order of rows.
func (a *ask) nameTopic(id, name string) {
	if a.topics == nil {
		a.topics = map[string]string{}
	}
	a.topics[id] = max(a.topics[id], name)
}

// terms are what the dimensions mean in a period.
func (a *ask) terms(ctx context.Context, tables []fact.Table, p period) (terms, error) {
	t := terms{asOf: a.asOf, grain: a.grain}
	if !a.onClock() {
		return t, nil
	}
	s := p.span
	// A range of centuries has hundreds of offsets; only those matter at which there is anything.
	if !p.ranged || s.to-s.from > 10*366*msOfDay {
		data, err := a.bounds(ctx, tables)
		if err != nil {
			return t, err
		}
		s = span{max(s.from, data.from), min(s.to, data.to)}
	}
	if !s.empty() {
		t.offsets = offsets(a.zone, s)
	}
	return t, nil
}

// bounds are from the first start to just after the last under those filters that need no clock; empty where nothing has a time.
func (a *ask) bounds(ctx context.Context, tables []fact.Table) (span, error) {
	out := span{endOfTime, beginning}
	start := measure.Aggregate{Func: measure.Rank, Column: "started_at"}
	end := start
	end.PerMille = 1000
	for _, table := range tables {
		rows, err := a.facts.Aggregate(ctx, measure.Plan{
			Table: table, AsOf: a.asOf, Aggregates: []measure.Aggregate{start, end},
			Where: measure.And(a.where(terms{asOf: a.asOf}, false), measure.Is("untimed", 0)),
		})
		if err != nil {
			return out, fmt.Errorf("find the first and the last %s: %w", table, err)
		}
		if rows[0].Valid[0] {
			out = span{min(out.from, rows[0].Values[0]), max(out.to, rows[0].Values[1]+1)}
		}
	}
	return out, nil
}

// bucketsOf are the buckets of the question's grain in a period.
func (a *ask) bucketsOf(p period) ([]bucket, error) {
	if p.empty() {
		return nil, nil
	}
	if n := (p.to - p.from) / longest(a.grain); n > maxBuckets {
		for _, grain := range []measure.Unit{measure.Day, measure.Week, measure.Month} {
			if (p.to-p.from)/longest(grain) <= maxBuckets {
				return nil, invalid("grain", nil, "ask by the "+string(grain), "%d buckets of one %s, %d at most", n, a.grain, maxBuckets)
			}
		}
		return nil, invalid("range", nil, "ask for less", "%d buckets of one %s, %d at most", n, a.grain, maxBuckets)
	}
	return buckets(a.grain, a.zone, p.span), nil
}

func (a *ask) tooManyRows(n int) error {
	return invalid(a.field, nil, "ask for fewer dimensions, a shorter range or a longer grain", "the answer has %d rows, %d at most", n, maxRows)
}
