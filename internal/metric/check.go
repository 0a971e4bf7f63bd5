package metric

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// The limits of one question.
const (
	maxMeasures   = 50
	maxDimensions = 4
	maxFilters    = 50
	maxValues     = 100
	maxBuckets    = 5_000
	maxRows       = 200_000
)

// ask is a question that was checked, but for its period: what its plans share.
type ask struct {
	facts      Facts
	zone       *time.Location
	asOf       int64
	dims       []Dimension
	field      string // of the dimensions in the question
	grain      measure.Unit
	conditions []condition
	botName    func(string) string
	topics     map[string]string // their names by id, as counts have brought them
}

// condition is a Filter that was checked.
type condition struct {
	dim     Dimension
	exclude bool
	values  []string
}

// newAsk checks what every question has: where it stands in time, and its filters. dims are those whose rows are grouped.
func newAsk(c Context, tables []fact.Table, dims []string, grain measure.Unit, filters []Filter, zone, asOf string) (*ask, error) {
	a := &ask{facts: c.Facts, zone: c.Zone, grain: grain, botName: c.BotName, field: "dimensions"}
	if err := a.place(c, zone, asOf); err != nil {
		return nil, err
	}
	if err := a.groupBy(tables, dims); err != nil {
		return nil, err
	}
	if err := a.filter(tables, filters); err != nil {
		return nil, err
	}
	about := func(d Dimension) bool { return d.Name == "kind" }
	if !slices.ContainsFunc(a.dims, about) && !slices.ContainsFunc(a.conditions, func(c condition) bool { return about(c.dim) }) {
		kind, _ := DimensionByName("kind")
		a.conditions = append(a.conditions, condition{dim: kind, values: []string{"chat"}})
	}
	return a, nil
}

// place finds the zone and the moment to answer as of.
func (a *ask) place(c Context, zone, asOf string) error {
	if a.zone == nil {
		a.zone = time.UTC
	}
	if zone != "" {
		z, err := time.LoadLocation(zone)
		if err != nil || zone == "Local" {
			return invalid("zone", nil, "an IANA name: Europe/Berlin, Asia/Kolkata, UTC", "%q is no time zone", zone)
		}
		a.zone = z
	}
	if !c.Now.IsZero() {
		a.asOf = c.Now.UnixMilli()
	}
	if asOf != "" {
		t, err := time.Parse(time.RFC3339Nano, asOf)
		if err != nil || t.UnixMilli() <= 0 {
			return invalid("as_of", nil, "RFC 3339: 2026-04-01T09:00:00+02:00", "%q is no moment", asOf)
		}
		a.asOf = t.UnixMilli()
	}
	return nil
}

func (a *ask) groupBy(tables []fact.Table, dims []string) error {
	if len(dims) > maxDimensions {
		return invalid("dimensions", nil, "", "%d dimensions, %d at most", len(dims), maxDimensions)
	}
	for i, name := range dims {
		field := fmt.Sprintf("dimensions[%d]", i)
		d, err := dimension(name, tables, field)
		if err != nil {
			return err
		}
		if slices.Contains(dims[:i], name) {
			return invalid(field, nil, "", "%s is there twice", name)
		}
		a.dims = append(a.dims, d)
	}
	grains := []string{string(measure.Hour), string(measure.Day), string(measure.Week), string(measure.Month)}
	switch timed := slices.Contains(dims, TimeDimension); {
	case timed && !slices.Contains(grains, string(a.grain)):
		return Invalid("grain", string(a.grain), grains, "%q is no grain of time", a.grain)
	case !timed && a.grain != "":
		return invalid("grain", nil, `add "time" to the dimensions`, "a grain without the dimension time")
	}
	return nil
}

func (a *ask) filter(tables []fact.Table, filters []Filter) error {
	if len(filters) > maxFilters {
		return invalid("filters", nil, "", "%d filters, %d at most", len(filters), maxFilters)
	}
	for i, f := range filters {
		field := fmt.Sprintf("filters[%d]", i)
		d, err := dimension(f.Dimension, tables, field+".dimension")
		if err != nil {
			return err
		}
		switch {
		case d.Name == TimeDimension:
			return invalid(field+".dimension", nil, "give a range instead", "time is no filter")
		case len(f.Values) == 0:
			return invalid(field+".values", d.keys(), "", "a filter on %s without values", d.Name)
		case len(f.Values) > maxValues:
			return invalid(field+".values", nil, "", "%d values, %d at most", len(f.Values), maxValues)
		}
		for j, v := range f.Values {
			if d.Values != nil && !slices.Contains(d.keys(), v) {
				return Invalid(fmt.Sprintf("%s.values[%d]", field, j), v, d.keys(), "%q is no value of %s", v, d.Name)
			}
		}
		a.conditions = append(a.conditions, condition{dim: d, exclude: f.Exclude, values: f.Values})
	}
	return nil
}

// dimension finds a dimension that all tables have.
func dimension(name string, tables []fact.Table, field string) (Dimension, error) {
	var names []string
	for _, d := range Dimensions() {
		has := func(t fact.Table) bool { return slices.Contains(d.Tables, t) }
		if !slices.ContainsFunc(tables, func(t fact.Table) bool { return !has(t) }) {
			names = append(names, d.Name)
		}
	}
	d, ok := DimensionByName(name)
	switch {
	case !ok:
		return d, invalid(field, names, fmt.Sprintf("did you mean %q?", nearest(name, names)), "%q is no dimension", name)
	case !slices.Contains(names, name):
		return d, invalid(field, names, "these have one: "+strings.Join(names, ", "), "billed sessions have no %s", name)
	}
	return d, nil
}

// measuresOf finds measures by name, and the tables that they count.
func measuresOf(names []string) ([]measure.Measure, []fact.Table, error) {
	switch {
	case len(names) == 0:
		return nil, nil, invalid("measures", measure.Names(), "", "no measure is asked for")
	case len(names) > maxMeasures:
		return nil, nil, invalid("measures", nil, "ask twice", "%d measures, %d at most", len(names), maxMeasures)
	}
	all := measure.All()
	var out []measure.Measure
	var tables []fact.Table
	for i, name := range names {
		at := slices.IndexFunc(all, func(m measure.Measure) bool { return m.Name == name })
		if at < 0 {
			return nil, nil, noMeasure(fmt.Sprintf("measures[%d]", i), name)
		}
		out = append(out, all[at])
		for _, t := range tablesOf(all[at]) {
			if !slices.Contains(tables, t) {
				tables = append(tables, t)
			}
		}
	}
	return out, tables, nil
}

func noMeasure(field, name string) error {
	return Invalid(field, name, measure.Names(), "%q is no measure", name)
}

func tablesOf(m measure.Measure) []fact.Table {
	if m.Denominator != nil && m.DenominatorTable != "" && m.DenominatorTable != m.Table {
		return []fact.Table{m.Table, m.DenominatorTable}
	}
	return []fact.Table{m.Table}
}

// minimumOf is the minimum count of a question.
func minimumOf(n *int64) (int64, error) {
	switch {
	case n == nil:
		return DefaultMinimumCount, nil
	case *n < 0:
		return 0, invalid("minimum_count", nil, "", "%d is below 0", *n)
	}
	return *n, nil
}

// where is the condition of all filters. zoned false leaves out those that hang on the zone's clock.
func (a *ask) where(t terms, zoned bool) measure.Predicate {
	var all []measure.Predicate
	for _, c := range a.conditions {
		if c.dim.zoned() && !zoned {
			continue
		}
		p := c.dim.holds(c.values, t)
		if c.exclude {
			p = measure.Except(p)
		}
		all = append(all, p)
	}
	return measure.And(all...)
}

func (a *ask) byTime() bool {
	return slices.ContainsFunc(a.dims, func(d Dimension) bool { return d.Name == TimeDimension })
}

// onClock is whether anything in the question hangs on the zone's clock.
func (a *ask) onClock() bool {
	return slices.ContainsFunc(a.dims, func(d Dimension) bool { return d.zoned() }) ||
		slices.ContainsFunc(a.conditions, func(c condition) bool { return c.dim.zoned() })
}
