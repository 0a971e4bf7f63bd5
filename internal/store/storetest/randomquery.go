package storetest

import (
	"slices"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
)

// query is a random question as people ask it. A few are wrong, and answered with the same error by everybody.
func (d *dice) query() metric.Query {
	table, measures, dimensions := d.about()
	q := metric.Query{
		Measures: some(d, 1+d.IntN(6), measures), Dimensions: some(d, of(d, 0, 1, 1, 2, 3), dimensions), Filters: d.filters(table),
		Range: d.period(), Zone: of(d, append(zones(), "")...), Comparison: d.comparison(), AsOf: d.asOf(),
	}
	for _, name := range q.Dimensions {
		if name == metric.TimeDimension {
			q.Grain = of(d, measure.Hour, measure.Day, measure.Week, measure.Month)
		}
	}
	if d.chance(2) {
		q.MinimumCount = new(int64(of(d, 0, 1, 5)))
	}
	if d.chance(2) {
		q.Sort = of(d, "", "-") + of(d, append(q.Measures, q.Dimensions...)...)
	}
	if d.chance(3) {
		q.Limit = int64(1 + d.IntN(5))
	}
	return q
}

func (d *dice) driverQuery() metric.DriverQuery {
	q := metric.DriverQuery{
		Measure: of(d, "engagement_rate", "resolution_rate", "escalation_rate", "abandon_rate", "csat_score"), Filters: d.filters(fact.Sessions),
		Range: d.period(), Zone: of(d, append(zones(), "")...), Comparison: d.comparison(), AsOf: d.asOf(), MinimumCount: new(int64(1)),
	}
	if d.chance(2) {
		q.Dimension = of(d, metric.DimensionNames(fact.Sessions)...)
	}
	return q
}

func (d *dice) about() (table fact.Table, measures, dimensions []string) {
	table = of(d, fact.Sessions, fact.Sessions, fact.Sessions, fact.BilledOnes)
	for _, m := range measure.All() {
		if m.Table == table {
			measures = append(measures, m.Name)
		}
	}
	return table, measures, metric.DimensionNames(table)
}

// filters are conditions on dimensions, by values that they have.
func (d *dice) filters(table fact.Table) []metric.Filter {
	var out []metric.Filter
	for range of(d, 0, 0, 1, 2) {
		dim, _ := metric.DimensionByName(of(d, metric.DimensionNames(table)...))
		f := metric.Filter{Dimension: dim.Name, Exclude: d.chance(2)}
		for range 1 + d.IntN(3) {
			switch {
			case dim.Values != nil:
				f.Values = append(f.Values, of(d, dim.Values...).Key)
			case dim.Name == "topic":
				f.Values = append(f.Values, of(d, "", "t1", "t2", "T3"))
			case dim.Name == "bot":
				f.Values = append(f.Values, of(d, "", "bot-1", "bot'3"))
			default:
				f.Values = append(f.Values, of(d, append(slices.Clone(fact.Codes(fact.SessionColumns())[dim.Name]), d.word())...))
			}
		}
		if dim.Name != metric.TimeDimension {
			out = append(out, f)
		}
	}
	return out
}

// period is a range, mostly one that has something in it.
func (d *dice) period() *metric.Range {
	from, to := d.moment(), d.moment()
	if from > to {
		from, to = to, from
	}
	switch d.IntN(6) {
	case 0:
		return nil
	case 1:
		return &metric.Range{}
	case 2:
		return &metric.Range{From: time.UnixMilli(from).UTC().Format(time.DateOnly)}
	case 3:
		return &metric.Range{From: time.UnixMilli(from).UTC().Format(time.RFC3339Nano), To: time.UnixMilli(to).UTC().Format(time.RFC3339Nano)}
	default:
		return &metric.Range{From: time.UnixMilli(from).UTC().Format(time.DateOnly), To: time.UnixMilli(to).UTC().Format(time.DateOnly)}
	}
}

func (d *dice) comparison() *metric.Comparison {
	if d.chance(2) {
		return nil
	}
	c := &metric.Comparison{Kind: of(d, "previous", "year", "custom"), MatchWeekday: d.chance(3)}
	if c.Kind == "custom" {
		c.Range, c.MatchWeekday = &metric.Range{From: "2025-04-01", To: "2025-04-30"}, false
	}
	return c
}

func (d *dice) asOf() string {
	if !d.chance(3) {
		return ""
	}
	return time.UnixMilli(d.moment()).UTC().Format(time.RFC3339Nano)
}
