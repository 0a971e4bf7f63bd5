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
		started := func(perMille int64) measure.Aggregate {
			return measure.Aggregate{Func: measure.Rank, Column: "started_at", PerMille: perMille, Where: measure.Is("untimed", 0)}
		}
		rows, err := v.Aggregate(ctx, f.serving.ID, measure.Plan{
			Table: fact.Sessions, AsOf: d.now(), Aggregates: []measure.Aggregate{started(0), started(1000)},
		})
		if err == nil && rows[0].Valid[0] {
			out.FirstAt, out.LastAt = rows[0].Values[0], rows[0].Values[1]
		}
		return err
	})
	return out, err
}
