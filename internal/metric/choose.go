package metric

import (
	"context"
	"fmt"
	"slices"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// tallyOf counts what is asked in a range, or in the default one: the last whole days, and where there is nothing those up to the last day
// that has anything.
func (a *ask) tallyOf(ctx context.Context, s *sheet, r *Range) (*tally, *Period, []string, error) {
	var present []int
	for _, table := range s.tables() {
		present = append(present, s.add(table, measure.Aggregate{}))
	}
	if r != nil {
		p, err := readRange(*r, a.zone, "range")
		if err != nil {
			return nil, nil, nil, err
		}
		if p, err = a.closed(ctx, s.tables(), p); err != nil {
			return nil, nil, nil, err
		}
		t, err := a.count(ctx, s, p)
		return t, p.answered(), nil, err
	}
	if a.asOf != 0 {
		p := defaultDays(a.asOf, a.zone, byDefault)
		t, err := a.count(ctx, s, p)
		if err != nil {
			return nil, nil, nil, err
		}
		if slices.ContainsFunc(present, func(place int) bool { return t.total.values[place] > 0 }) {
			return t, p.answered(), nil, nil
		}
	}
	p, note, err := a.lastDays(ctx, s.tables())
	if err != nil {
		return nil, nil, nil, err
	}
	t, err := a.count(ctx, s, p)
	if !p.ranged || p.empty() {
		return t, nil, note, err
	}
	return t, p.answered(), note, err
}

// closed gives a period without an end the one that the data has, where buckets need it.
func (a *ask) closed(ctx context.Context, tables []fact.Table, p period) (period, error) {
	if !a.byTime() || !p.open() {
		return p, nil
	}
	data, err := a.bounds(ctx, tables)
	if err != nil {
		return p, err
	}
	p.ranged = true
	if data.empty() {
		p.span = span{}
		return p, nil
	}
	if p.from == beginning {
		p.from = min(startOfDay(dayOf(data.from, a.zone), a.zone), p.to)
	}
	if p.to == endOfTime {
		p.to = max(startOfDay(dayOf(data.to-1, a.zone)+1, a.zone), p.from)
	}
	return p, nil
}

// lastDays are the days up to the last that has anything. Where nothing has a time, they are all time, or, by time, none.
func (a *ask) lastDays(ctx context.Context, tables []fact.Table) (period, []string, error) {
	data, err := a.bounds(ctx, tables)
	if err != nil {
		return period{}, nil, err
	}
	if data.empty() {
		return period{zone: a.zone, ranged: a.byTime()}, []string{"Nothing that was asked for has a time, so there is no range."}, nil
	}
	last := dayOf(data.to-1, a.zone)
	p := daysOf(last-DefaultDays+1, last, a.zone, lastWithData)
	words := fmt.Sprintf("These are the %d days up to the last one with data, %s.", DefaultDays, dateOf(last).Format("2006-01-02"))
	if a.asOf != 0 {
		words = fmt.Sprintf("There is nothing in the last %d days. ", DefaultDays) + words
	}
	return p, []string{words}, nil
}

func (a *ask) tallyBefore(ctx context.Context, s *sheet, p period, c Comparison) (*tally, error) {
	b, err := p.compared(c)
	if err != nil {
		return nil, err
	}
	return a.count(ctx, s, b)
}

// untimed is how many rows a range left out because they have no time.
func (a *ask) untimed(ctx context.Context, tables []fact.Table, p period) (int64, error) {
	if !p.ranged {
		return 0, nil
	}
	table := tables[0]
	if slices.Contains(tables, fact.Sessions) {
		table = fact.Sessions
	}
	// An untimed row is stored at 0: the bound lets a store that sorts by time skip all others.
	at0 := measure.Predicate{Op: measure.Between, Column: "started_at"}
	rows, err := a.facts.Aggregate(ctx, measure.Plan{
		Table: table, AsOf: a.asOf, Aggregates: []measure.Aggregate{{Func: measure.Count}},
		Where: measure.And(measure.Is("untimed", 1), at0, a.where(terms{asOf: a.asOf, grain: a.grain}, true)),
	})
	if err != nil {
		return 0, fmt.Errorf("count %s rows without time: %w", table, err)
	}
	return rows[0].Values[0], nil
}
