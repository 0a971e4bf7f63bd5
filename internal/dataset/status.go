package dataset

import (
	"context"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// Status is how a data set stands: what is meant where a question says nothing, and how far its data goes.
type Status struct {
	Generation int64
	Zone       string
	Definition string // name
	// FirstAt and LastAt are the starts of the first and the last session of any kind until now, in ms; 0 where none has a time.
	FirstAt, LastAt int64
	LastImportAt    int64 // ms, the end of the latest import that stands; 0 without one
	Sample          bool  // an import of made-up data stands
}

// Status says how the data set stands. It is cheap enough to ask every minute.
func (d *Dataset) Status(ctx context.Context) (Status, error) {
	var out Status
	err := d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		f, err := d.definitionOf(r, "", nil)
		if err != nil {
			return err
		}
		out = Status{Generation: v.Generation(), Zone: d.zoneOf(r, nil).String(), Definition: f.def.Name}
		imports, err := v.Imports(ctx)
		if err != nil {
			return err
		}
		for _, i := range imports {
			if i.RemovedAt == 0 {
				out.LastImportAt = max(out.LastImportAt, i.FinishedAt)
				out.Sample = out.Sample || i.Sample
			}
		}
		if f.serving == nil {
			return nil
		}
		out.FirstAt, out.LastAt, err = d.span(ctx, v, f.serving.ID)
		return err
	})
	return out, err
}

// span is the start of the first and of the last session of a projection until now; 0 where none has a time.
func (d *Dataset) span(ctx context.Context, v store.View, projection int64) (first, last int64, err error) {
	ends := func(asOf int64, where measure.Predicate) error {
		rows, err := v.Aggregate(ctx, projection, measure.Plan{Table: fact.Sessions, AsOf: asOf, Where: where, Aggregates: []measure.Aggregate{
			{Func: measure.Rank, Column: "started_at", PerMille: 0}, {Func: measure.Rank, Column: "started_at", PerMille: 1000},
		}})
		if err == nil && rows[0].Valid[0] {
			first, last = rows[0].Values[0], rows[0].Values[1]
		}
		return err
	}
	// The ends of a whole column a store may know without reading it. They are those of the sessions that count, unless one has no time,
	// which is kept as 0, or starts later than now: then all have to be looked at.
	now := d.now()
	if err := ends(0, measure.Predicate{}); err != nil || first > 0 && (last <= now || now == 0) {
		return first, last, err
	}
	first, last = 0, 0
	return first, last, ends(now, measure.Is("untimed", 0))
}
