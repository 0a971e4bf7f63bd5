package dataset

import (
	"context"
	"fmt"

	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// Query answers questions from one snapshot. An error names the query it is about: queries[1].
func (d *Dataset) Query(ctx context.Context, queries []metric.Query) ([]metric.Result, error) {
	of := func(i int) asks { return asks{queries[i].Definition, queries[i].Filters} }
	return each(ctx, d, len(queries), of, func(c metric.Context, i int) (answer[metric.Result], error) {
		return func(ctx context.Context) (metric.Result, error) { return metric.Answer(ctx, c, queries[i]) }, nil
	})
}

// Drivers answers driver questions from one snapshot. An error names the question it is about: queries[1].
func (d *Dataset) Drivers(ctx context.Context, queries []metric.DriverQuery) ([]metric.DriverResult, error) {
	of := func(i int) asks { return asks{queries[i].Definition, queries[i].Filters} }
	var counts metric.DriverCounts
	return each(ctx, d, len(queries), of, func(c metric.Context, i int) (answer[metric.DriverResult], error) {
		return counts.Ask(c, queries[i])
	})
}

// answer is a question that was checked, ready to be answered.
type answer[R any] = func(context.Context) (R, error)

// each answers n questions from one snapshot: it asks all of them before it answers the first.
func each[R any](ctx context.Context, d *Dataset, n int, of func(i int) asks, ask func(c metric.Context, i int) (answer[R], error)) ([]R, error) {
	at := func(i int, err error) error { return metric.At(fmt.Sprintf("queries[%d]", i), err) }
	out := make([]R, n)
	return out, d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		answers := make([]answer[R], n)
		for i := range n {
			a, err := d.asked(v, r, of(i))
			if err == nil {
				answers[i], err = ask(a.Context, i)
			}
			if err != nil {
				return at(i, err)
			}
		}
		for i, answer := range answers {
			if out[i], err = answer(ctx); err != nil {
				return at(i, err)
			}
		}
		return nil
	})
}

// selection is the rows of a table that a listing is about.
func (a *asked) selection(ctx context.Context, q SessionQuery, of fact.Table) (store.Selection, *metric.Period, error) {
	sel, period, err := metric.Drill(ctx, a.Context, metric.DrillQuery{
		Measure: q.Measure, Denominator: q.Denominator, Filters: q.Filters, Range: q.Range, Zone: q.Zone, AsOf: q.AsOf,
		Dimensions: q.Dimensions, Grain: q.Grain, Keys: q.Keys,
	})
	if err != nil {
		return store.Selection{}, nil, err
	}
	if sel.Table != of {
		return store.Selection{}, nil, metric.Invalid("measure", q.Measure, nil, "%s counts rows of the list %s, and this is the list %s", q.Measure, sel.Table, of)
	}
	return a.narrow(sel, q), period, nil
}
