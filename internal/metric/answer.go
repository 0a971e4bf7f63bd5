package metric

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// Answer answers a query from one projection. What the query says wrong is an error of code errs.Invalid around a *FieldError. The
// definition is the caller's to find: the Context holds its facts.
func Answer(ctx context.Context, c Context, q Query) (Result, error) {
	measures, tables, err := measuresOf(q.Measures)
	if err != nil {
		return Result{}, err
	}
	a, err := newAsk(c, tables, q.Dimensions, q.Grain, q.Filters, q.Zone, q.AsOf)
	if err != nil {
		return Result{}, err
	}
	an := &answering{ask: a, sheet: &sheet{}, open: -1}
	if an.minimum, err = minimumOf(q.MinimumCount); err != nil {
		return Result{}, err
	}
	if err := an.sortBy(q); err != nil {
		return Result{}, err
	}
	if err := q.Comparison.check(); err != nil {
		return Result{}, err
	}
	for _, m := range measures {
		an.measures = append(an.measures, place(m, an.sheet))
	}
	if a.byTime() && a.asOf != 0 && slices.Contains(tables, fact.Sessions) {
		an.open = an.sheet.add(fact.Sessions, measure.Aggregate{Where: measure.Except(measure.IsFinished())})
	}
	now, period, notes, err := a.tallyOf(ctx, an.sheet, q.Range)
	if err != nil {
		return Result{}, err
	}
	an.now, an.notes = now, notes
	out := Result{Header: a.header(c), Period: period, Measures: q.Measures, Dimensions: append([]string{}, q.Dimensions...), Rows: []Row{}}
	if out.Untimed, err = a.untimed(ctx, tables, now.period); err != nil {
		return Result{}, err
	}
	if q.Comparison != nil && period != nil {
		if an.before, err = a.tallyBefore(ctx, an.sheet, now.period, *q.Comparison); err != nil {
			return Result{}, err
		}
		out.Compared = an.before.period.answered()
		an.noteComparison()
	}
	an.hide()
	lines, err := an.lines()
	if err != nil {
		return Result{}, err
	}
	an.sort(lines)
	if q.Limit > 0 && int64(len(lines)) > q.Limit {
		out.More = int64(len(lines)) - q.Limit
		lines = lines[:q.Limit]
	}
	for i := range lines {
		out.Rows = append(out.Rows, lines[i].Row)
	}
	total := line{now: now.total}
	if an.before != nil {
		total.before = &an.before.total
	}
	an.fill(&total)
	total.Keys, total.Labels = []string{}, []string{}
	out.Total, out.Notes = total.Row, an.notes
	return out, nil
}

// answering is a Query on its way to a Result.
type answering struct {
	*ask
	sheet    *sheet
	measures []asked
	minimum  int64
	now      *tally
	before   *tally // nil without a comparison
	open     int    // place of the sessions that are open, -1 where nobody asks
	hidden   []hidden
	notes    []string
	names    map[string]string // of topics, once they are asked for
	// order: by a measure or a dimension; -1 for neither.
	byMeasure, byDimension int
	descending             bool
}

// hidden is whether a measure has no figure, now and before.
type hidden struct{ now, before bool }

// line is a Row before it is finished.
type line struct {
	Row
	parts  []string // the keys of its group
	bucket int      // its place in the period, -1 without
	now    counts
	before *counts
}

// header is the Context's, with what the question itself decides.
func (a *ask) header(c Context) Header {
	h := c.Header
	h.Zone, h.AsOf = a.zone.String(), ""
	if a.asOf != 0 {
		h.AsOf = moment(a.asOf, a.zone)
	}
	return h
}

func (an *answering) noteComparison() {
	if an.asOf != 0 && an.asOf < an.now.period.to {
		an.notes = append(an.notes, "The period is not over: it is compared with a whole one.")
	}
	n, m := len(an.now.buckets), len(an.before.buckets)
	const inOrder = "The period has %d buckets and the one before %d: they are compared in their order, and "
	switch {
	case n > m:
		an.notes = append(an.notes, fmt.Sprintf(inOrder+"the last %d stand alone.", n, m, n-m))
	case n < m:
		an.notes = append(an.notes, fmt.Sprintf(inOrder+"the last %d of the one before are in its total alone.", n, m, m-n))
	}
	for i := range min(n, m) {
		if an.before.cuts(i) && !an.now.cuts(i) {
			an.notes = append(an.notes, "A whole bucket is compared with one of which the period before has only a part: compare the totals.")
			break
		}
	}
}

// hide finds the measures for which there is no figure.
func (an *answering) hide() {
	said := false
	for i := range an.measures {
		m := &an.measures[i]
		share, now := m.hides(an.now.total)
		h := hidden{now: now}
		if an.before != nil {
			_, h.before = m.hides(an.before.total)
		}
		an.hidden = append(an.hidden, h)
		if now && !said {
			said = true
			an.notes = append(an.notes, fmt.Sprintf("Only %.1f %% of conversations have a user who has another one: ids are hardly reused, so there is "+
				"no figure for returning users (%.0f %% at least).", share*100, ReuseThreshold*100))
		}
	}
}

// lines are the groups of both periods, side by side.
func (an *answering) lines() ([]line, error) {
	var combos [][]string // keys of groups, without time
	seen := map[string]bool{}
	timeAt := slices.IndexFunc(an.dims, func(d Dimension) bool { return d.Name == TimeDimension })
	add := func(t *tally) {
		for _, g := range t.groups {
			keys := g.keys
			if timeAt >= 0 {
				keys = slices.Clone(keys)
				keys[timeAt] = ""
			}
			if id := idOf(keys); !seen[id] {
				seen[id] = true
				combos = append(combos, keys)
			}
		}
	}
	switch {
	case len(an.dims) == 0:
		return nil, nil
	case timeAt >= 0 && len(an.dims) == 1:
		combos = [][]string{{""}}
	default:
		add(an.now)
		if an.before != nil {
			add(an.before)
		}
	}
	if timeAt < 0 {
		lines := make([]line, 0, len(combos))
		for _, keys := range combos {
			lines = append(lines, an.line(keys, -1, timeAt))
		}
		return lines, nil
	}
	if n := len(combos) * len(an.now.buckets); n > maxRows {
		return nil, an.tooManyRows(n)
	}
	lines := make([]line, 0, len(combos)*len(an.now.buckets))
	for i := range an.now.buckets {
		for _, combo := range combos {
			keys := slices.Clone(combo)
			keys[timeAt] = strconv.Itoa(i)
			lines = append(lines, an.line(keys, i, timeAt))
		}
	}
	return lines, nil
}

// line is the row of one group. bucket is the place of its bucket in the period, -1 without time.
func (an *answering) line(parts []string, bucket, timeAt int) line {
	l := line{parts: parts, bucket: bucket, now: an.sheet.nothing()}
	id := idOf(parts)
	if g := an.now.groups[id]; g != nil {
		l.now = g.counts
	}
	if an.before != nil && (bucket < 0 || bucket < len(an.before.buckets)) {
		nothing := an.sheet.nothing()
		l.before = &nothing
		if g := an.before.groups[id]; g != nil {
			l.before = &g.counts
		}
	}
	l.Keys = slices.Clone(parts)
	for i := range an.dims {
		l.Labels = append(l.Labels, an.label(i, parts[i]))
	}
	if bucket >= 0 {
		b := an.now.buckets[bucket].hull()
		l.Keys[timeAt] = moment(b.from, an.zone)
		l.Labels[timeAt] = an.timeLabel(b.from)
		l.Partial = an.asOf != 0 && b.to > an.asOf || an.now.cuts(bucket) ||
			an.open >= 0 && l.now.values[an.open] > 0
		if l.before != nil {
			l.BeforeKeys = slices.Clone(l.Keys)
			l.BeforeKeys[timeAt] = moment(an.before.buckets[bucket].hull().from, an.zone)
		}
	}
	an.fill(&l)
	return l
}

// fill computes the values of a row from its counts.
func (an *answering) fill(l *line) {
	for i := range an.measures {
		m := &an.measures[i]
		now := m.value(l.now, an.minimum, an.hidden[i].now)
		l.Values = append(l.Values, now)
		if l.before != nil {
			before := m.value(*l.before, an.minimum, an.hidden[i].before)
			l.Before = append(l.Before, before)
			l.Changes = append(l.Changes, m.change(now, before))
		}
	}
}

// label is a key for people.
func (an *answering) label(i int, key string) string {
	if an.names == nil {
		an.names = an.topicNames()
	}
	return an.ask.labelOf(&an.dims[i], key, an.names)
}

func (a *ask) labelOf(d *Dimension, key string, topics map[string]string) string {
	if key != "" {
		switch d.Name {
		case "topic":
			return cmp.Or(topics[key], key)
		case "bot":
			if a.botName != nil {
				return cmp.Or(a.botName(key), key)
			}
		}
	}
	return d.label(key)
}

// topicNames are what topics are called, by id. Topics of one name, as those that every bot has, are told apart by their ids.
func (a *ask) topicNames() map[string]string {
	names := make(map[string]string, len(a.topics))
	maps.Copy(names, a.topics)
	same := map[string]int{}
	for _, name := range names {
		same[name]++
	}
	for id, name := range names {
		if name != "" && name != id && same[name] > 1 {
			names[id] = name + " (" + id + ")"
		}
	}
	return names
}

func (an *answering) timeLabel(ms int64) string {
	layout := "2006-01-02"
	switch an.grain {
	case measure.Hour:
		layout = "2006-01-02 15:04"
	case measure.Month:
		layout = "2006-01"
	}
	return time.UnixMilli(ms).In(an.zone).Format(layout)
}

// sortBy reads what the rows are ordered by.
func (an *answering) sortBy(q Query) error {
	if q.Limit < 0 {
		return invalid("limit", nil, "0 means all", "%d is below 0", q.Limit)
	}
	name, descending := strings.CutPrefix(q.Sort, "-")
	an.descending = descending
	an.byMeasure, an.byDimension = slices.Index(q.Measures, name), slices.Index(q.Dimensions, name)
	if q.Sort != "" && an.byMeasure < 0 && an.byDimension < 0 {
		return Invalid("sort", name, append(slices.Clone(q.Measures), q.Dimensions...), "%q is neither a measure nor a dimension of the query", name)
	}
	return nil
}

// sort orders rows as the query asks, then by their keys. What has no value is last, whichever way.
func (an *answering) sort(lines []line) {
	slices.SortFunc(lines, func(a, b line) int {
		way := 0
		if an.byMeasure >= 0 {
			x, y := a.Values[an.byMeasure].Value, b.Values[an.byMeasure].Value
			switch {
			case x == nil && y == nil:
			case x == nil:
				return 1
			case y == nil:
				return -1
			default:
				way = cmp.Compare(*x, *y)
			}
		} else if an.byDimension >= 0 {
			way = an.compare(an.byDimension, &a, &b)
		}
		if an.descending {
			way = -way
		}
		for i := range an.dims {
			way = cmp.Or(way, an.compare(i, &a, &b))
		}
		return way
	})
}

// compare orders two rows by one dimension: time by the bucket, closed sets in their order, others by what people read.
func (an *answering) compare(i int, a, b *line) int {
	d := &an.dims[i]
	if d.Name == TimeDimension {
		return a.bucket - b.bucket
	}
	if d.Values != nil {
		return cmp.Or(cmp.Compare(d.place(a.parts[i]), d.place(b.parts[i])), cmp.Compare(a.parts[i], b.parts[i]))
	}
	return cmp.Or(cmp.Compare(a.Labels[i], b.Labels[i]), cmp.Compare(a.parts[i], b.parts[i]))
}
