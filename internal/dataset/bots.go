package dataset

import (
	"cmp"
	"context"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/fact"
	"rapport/internal/measure"
)

// counted is what Bots answers for one projection of one generation. Counting is a scan of everything there is, and every page asks for it.
type counted struct {
	generation, projection int64
	bots                   []Bot
}

// Bots are the bots of the data set under the default definition, most sessions first; sessions of every kind count.
func (d *Dataset) Bots(ctx context.Context) ([]Bot, error) {
	out := []Bot{}
	err := d.ask(ctx, asks{}, func(a *asked) error {
		if c := d.counted.Load(); c != nil && c.generation == a.rules.generation && c.projection == a.projection {
			out = slices.Clone(c.bots)
			return nil
		}
		timed := measure.Is("untimed", 0)
		rows, err := a.view.Aggregate(ctx, a.projection, measure.Plan{
			Table: fact.Sessions, Groups: []measure.Group{{Column: "bot"}},
			Aggregates: []measure.Aggregate{
				{Func: measure.Count},
				{Func: measure.Distinct, Column: "conversation_key"},
				{Func: measure.Rank, Column: "started_at", PerMille: 0, Where: timed},
				{Func: measure.Rank, Column: "started_at", PerMille: 1000, Where: timed},
			},
		})
		for _, r := range rows {
			key := r.Keys[0].Text
			named := a.rules.known.Resolve(activity.Bot{ID: key})
			b := Bot{Key: key, Schema: named.Schema, Name: cmp.Or(d.defaultsOf(a.rules, key).Name, named.Name), Sessions: r.Values[0], Conversations: r.Values[1]}
			if r.Valid[2] {
				b.FirstAt, b.LastAt = r.Values[2], r.Values[3]
			}
			out = append(out, b)
		}
		if err != nil {
			return err
		}
		slices.SortFunc(out, func(a, b Bot) int { return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Key, b.Key)) })
		d.counted.Store(&counted{a.rules.generation, a.projection, slices.Clone(out)})
		return nil
	})
	return out, err
}
