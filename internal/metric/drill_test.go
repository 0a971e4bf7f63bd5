package metric

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// filterGen makes filters that keep something now and then.
func filterGen(t *rapid.T, dims []string) []Filter {
	var out []Filter
	for _, name := range dims {
		d, _ := DimensionByName(name)
		values := d.keys()
		if values == nil {
			values = []string{"", "a", "t1", "t2", "msteams", "directline", "de-DE", "u1", "u2", "c1", "UserExit", Unfinished, "open.first", "end.idle"}
		}
		out = append(out, Filter{
			Dimension: name, Exclude: rapid.Bool().Draw(t, "exclude "+name),
			Values: rapid.SliceOfNDistinct(rapid.SampledFrom(values), 1, 3, rapid.ID).Draw(t, "values of "+name),
		})
	}
	return out
}

// Any number opens the rows that it counted: as many as it says where it counts rows, else rows of which it can be counted again, and that
// all have a part in it.
func TestDrillOpensWhatWasCounted(t *testing.T) {
	ctx := context.Background()
	night := day(t, zone(t, "Europe/Berlin"), "2026-10-25 00:00")
	zones := []string{"Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"}
	rapid.Check(t, func(t *rapid.T) {
		w := worldGen(night).Draw(t, "world")
		m := rapid.SampledFrom(measure.All()).Draw(t, "measure")
		names := DimensionNames(fact.Sessions)
		if len(tablesOf(m)) > 1 || m.Table == fact.BilledOnes {
			names = DimensionNames(fact.BilledOnes)
		}
		noTime := slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == TimeDimension })
		dims := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 2, rapid.ID).Draw(t, "dimensions")
		zero := int64(0)
		q := Query{
			Measures: []string{m.Name}, Dimensions: dims, MinimumCount: &zero,
			Filters: filterGen(t, rapid.SliceOfNDistinct(rapid.SampledFrom(noTime), 0, 2, rapid.ID).Draw(t, "filters")),
			Zone:    rapid.SampledFrom(zones).Draw(t, "zone"),
			Range: rapid.SampledFrom([]*Range{
				nil, {}, {"2026-10-24", "2026-10-25"}, {"2026-10-25T00:30:00Z", "2026-10-26"}, {From: "2026-10-25"},
			}).Draw(t, "range"),
		}
		if slices.Contains(dims, TimeDimension) {
			q.Grain = rapid.SampledFrom([]measure.Unit{"hour", "day", "week", "month"}).Draw(t, "grain")
		}
		c := Context{Facts: w}
		if rapid.Bool().Draw(t, "live") {
			c.Now = night.Add(time.Duration(rapid.IntRange(-60, 60).Draw(t, "now")) * time.Hour)
		}
		a, err := Answer(ctx, c, q)
		if err != nil {
			t.Fatal(err)
		}
		open := func(r Row, denominator bool) {
			sel, _, err := Drill(ctx, c, DrillQuery{
				Measure: m.Name, Denominator: denominator, Filters: q.Filters, Range: q.Range, Zone: q.Zone,
				Dimensions: q.Dimensions, Grain: q.Grain, Keys: r.Keys,
			})
			if err != nil {
				t.Fatal(err)
			}
			aggregate, counted := m.Numerator, r.Values[0].Numerator
			if denominator {
				aggregate, counted = *m.Denominator, r.Values[0].Denominator
			}
			if m.Kind == measure.KindRank && r.Values[0].Value != nil {
				n := int64(*r.Values[0].Value)
				counted = &n
			}
			if counted == nil {
				return // no figure
			}
			rows := w.selected(sel)
			if n := int64(len(rows)); aggregate.Func == measure.Count && n != *counted {
				t.Errorf("%s %v: %d rows behind %d", m.Name, r.Keys, n, *counted)
			}
			if n, _ := evaluate(aggregate, rows, sel.AsOf); n != *counted {
				t.Errorf("%s %v: the rows behind %d make %d", m.Name, r.Keys, *counted, n)
			}
			for i := range rows {
				if n, _ := evaluate(measure.Aggregate{Where: aggregate.Where}, rows[i:i+1], sel.AsOf); n != 1 {
					t.Errorf("%s %v: a row that does not count", m.Name, r.Keys)
				}
			}
		}
		for _, r := range append(slices.Clone(a.Rows), a.Total) {
			open(r, false)
			if m.Denominator != nil {
				open(r, true)
			}
		}
	})
}

// A bucket of which the clock went back over the border is opened whole, and nothing else with it.
func TestDrillIntoABucketInTwoPieces(t *testing.T) {
	z := zone(t, "America/St_Johns")
	back := day(t, z, "2010-11-06 12:00").UnixMilli() + 12*msOfHour + 60_000 // a minute after midnight
	w := &world{}
	for _, ms := range []int64{back - 61_000, back - 30_000, back, back + 58*60_000, back + 60*60_000} {
		w.sessions = append(w.sessions, fact.Session{StartedAt: ms})
	}
	c := Context{Facts: w, Zone: z}
	q := Query{Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: measure.Day, Range: &Range{"2010-11-05", "2010-11-08"}}
	for i, want := range []int{0, 3, 2, 0} {
		r := answer(t, c, q).Rows[i]
		sel, _, err := Drill(context.Background(), c, DrillQuery{Measure: "sessions", Range: q.Range, Dimensions: q.Dimensions, Grain: q.Grain, Keys: r.Keys})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(w.selected(sel)); n != want || *r.Values[0].Value != float64(want) {
			t.Errorf("%s: %d rows behind %v, want %d", r.Keys[0], n, *r.Values[0].Value, want)
		}
	}
}

func TestDrillThatCannotBe(t *testing.T) {
	for _, tt := range []struct {
		q     DrillQuery
		field string
	}{
		{DrillQuery{Measure: "x"}, "measure"},
		{DrillQuery{Measure: "sessions", Denominator: true}, "denominator"},
		{DrillQuery{Dimensions: []string{"bot"}, Keys: []string{"a", "b"}}, "keys"},
		{DrillQuery{Dimensions: []string{"outcome"}, Keys: []string{"x"}}, "keys[0]"},
		{DrillQuery{Dimensions: []string{"time"}, Grain: "day", Keys: []string{"2026-04-01"}}, "keys[0]"},
		{DrillQuery{Dimensions: []string{"time"}, Grain: "day", Keys: []string{"2026-04-01T10:00:00Z"}}, "keys[0]"},
	} {
		tt.q.Range = &Range{"2026-04-01", "2026-04-02"}
		_, _, err := Drill(context.Background(), Context{Facts: &world{}}, tt.q)
		if field := fieldOf(err); field != tt.field {
			t.Errorf("%+v: %v, want an error of %s", tt.q, err, tt.field)
		}
	}
}
