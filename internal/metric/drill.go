package metric

import (
	"context"
	"fmt"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// DrillQuery names a number of an answer: its query, and the row.
type DrillQuery struct {
	// Measure whose rows are listed; "" for all sessions that the rest selects.
	Measure string
	// Denominator lists what the number is of, instead of what it counts.
	Denominator bool
	Filters     []Filter
	// Range, best the Period of the answer: nil is chosen as for a Query.
	Range *Range
	Zone  string
	AsOf  string
	// Dimensions and Grain of the query, and the row's Keys; no Keys for the total.
	Dimensions []string
	Grain      measure.Unit
	Keys       []string
}

// Drill is the selection of the rows that a number counted, by the predicate that counted them (DESIGN.md, law 6). A number that is not a
// count, such as users, leads to the sessions that it was counted from. The Period is nil where nothing has a time and no range was given.
func Drill(ctx context.Context, c Context, q DrillQuery) (Selection, *Period, error) {
	out := Selection{Table: fact.Sessions}
	chosenBy := []fact.Table{fact.Sessions}
	var rows measure.Predicate
	if q.Measure != "" {
		m, ok := measure.ByName(q.Measure)
		if !ok {
			return out, nil, noMeasure("measure", q.Measure)
		}
		chosenBy = tablesOf(m)
		out.Table, rows = m.Table, rowsOf(m.Table, m.Numerator)
		if q.Denominator {
			if m.Denominator == nil {
				return out, nil, invalid("denominator", nil, "", "%s has no denominator", q.Measure)
			}
			if m.DenominatorTable != "" {
				out.Table = m.DenominatorTable
			}
			rows = rowsOf(out.Table, *m.Denominator)
		}
	}
	tables := []fact.Table{out.Table}
	if len(q.Keys) != len(q.Dimensions) && len(q.Keys) != 0 {
		return out, nil, invalid("keys", nil, "", "%d keys for %d dimensions", len(q.Keys), len(q.Dimensions))
	}
	a, err := newAsk(c, tables, q.Dimensions, q.Grain, q.Filters, q.Zone, q.AsOf)
	if err != nil {
		return out, nil, err
	}
	p, period, err := a.periodOf(ctx, chosenBy, q.Range)
	if err != nil {
		return out, nil, err
	}
	t, err := a.terms(ctx, tables, p)
	if err != nil {
		return out, nil, err
	}
	row, s, err := a.row(q.Keys, t, p.span)
	if err != nil {
		return out, nil, err
	}
	out.Where, out.AsOf, out.Ranged = measure.And(a.where(t, true), rows, row), a.asOf, p.ranged || a.byTime()
	if out.Ranged {
		out.From, out.To = s.from, s.to
	}
	return out, period, nil
}

// Select is Drill without a row: the rows behind a total, or, without a measure, all sessions that the filters select.
func Select(
	ctx context.Context, c Context, measure string, denominator bool, filters []Filter, r *Range, zone, asOf string,
) (Selection, *Period, error) {
	return Drill(ctx, c, DrillQuery{Measure: measure, Denominator: denominator, Filters: filters, Range: r, Zone: zone, AsOf: asOf})
}

// periodOf is the period that a query for a measure of these tables would be answered for.
func (a *ask) periodOf(ctx context.Context, tables []fact.Table, r *Range) (period, *Period, error) {
	if r != nil {
		p, err := readRange(*r, a.zone, "range")
		if err == nil {
			p, err = a.closed(ctx, tables, p)
		}
		return p, p.answered(), err
	}
	// The choice hangs on whether there is anything, not on how it is grouped.
	plain := *a
	plain.dims = nil
	s := &sheet{}
	for _, table := range tables {
		s.add(table, measure.Aggregate{})
	}
	t, chosen, _, err := plain.tallyOf(ctx, s, nil)
	if err != nil {
		return period{}, nil, err
	}
	return t.period, chosen, nil
}

// row is the condition for the rows under the keys, and what they leave of the span.
func (a *ask) row(keys []string, t terms, s span) (measure.Predicate, span, error) {
	var all []measure.Predicate
	for i, key := range keys {
		d := &a.dims[i]
		field := fmt.Sprintf("keys[%d]", i)
		if d.Name == TimeDimension {
			p, cut, err := a.inBucket(d, key, t, s, field)
			if err != nil {
				return measure.Predicate{}, s, err
			}
			s = cut
			all = append(all, p)
			continue
		}
		if !d.has(key) {
			return measure.Predicate{}, s, Invalid(field, key, d.keys(), "%q is no value of %s", key, d.Name)
		}
		all = append(all, d.holds([]string{key}, t))
	}
	return measure.And(all...), s, nil
}

// inBucket narrows a span to the bucket that begins at a moment. A bucket whose border the clock went back over is no one span: it needs a
// condition too.
func (a *ask) inBucket(d *Dimension, key string, t terms, s span, field string) (measure.Predicate, span, error) {
	at, err := time.Parse(time.RFC3339Nano, key)
	if err != nil {
		return measure.Predicate{}, s, invalid(field, nil, "the row's key of time, RFC 3339", "%q is no moment", key)
	}
	ms := at.UnixMilli()
	for _, b := range buckets(a.grain, a.zone, span{ms, ms + 1}) {
		hull := b.hull()
		if hull.from != ms {
			continue
		}
		s = span{max(s.from, hull.from), min(s.to, hull.to)}
		if len(b.spans) == 1 {
			return measure.Predicate{}, s, nil
		}
		g := d.group(t)
		return measure.Predicate{Op: measure.GroupIn, Group: &g, Ints: []int64{b.key}}, s, nil
	}
	return measure.Predicate{}, s, invalid(field, nil, "the row's key of time, RFC 3339", "no %s begins at %s", a.grain, key)
}
