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
	out := make([]metric.Result, len(queries))
	return out, d.each(ctx, len(queries), func(i int) asks { return asks{queries[i].Definition, queries[i].Filters} }, func(i int, a *asked) error {
		var err error
		out[i], err = metric.Answer(ctx, a.Context, queries[i])
		return err
	})
}

// Drivers answers driver questions from one snapshot. An error names the question it is about: queries[1].
func (d *Dataset) Drivers(ctx context.Context, queries []metric.DriverQuery) ([]metric.DriverResult, error) {
	out := make([]metric.DriverResult, len(queries))
	return out, d.each(ctx, len(queries), func(i int) asks { return asks{queries[i].Definition, queries[i].Filters} }, func(i int, a *asked) error {
		var err error
		out[i], err = metric.Drivers(ctx, a.Context, queries[i])
		return err
	})
}

// each answers n questions from one snapshot.
func (d *Dataset) each(ctx context.Context, n int, of func(i int) asks, answer func(i int, a *asked) error) error {
	return d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		for i := range n {
			a, err := d.asked(v, r, of(i))
			if err == nil {
				err = answer(i, a)
			}
			if err != nil {
				return metric.At(fmt.Sprintf("queries[%d]", i), err)
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
