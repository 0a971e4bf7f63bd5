package metric

import (
	"cmp"
	"context"
	"math"
	"reflect"
	"slices"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/stat"
)

// Drivers answers what moves a measure (field.md §3c). Errors are as Answer's. It shows association, not cause.
func Drivers(ctx context.Context, c Context, q DriverQuery) (DriverResult, error) {
	answer, err := new(DriverCounts).Ask(c, q)
	if err != nil {
		return DriverResult{}, err
	}
	return answer(ctx)
}

// DriverCounts answers several driver questions. Those that differ in nothing but their measure, minimum count and limit are counted
// together: a page asks for the drivers of four measures, and groups cost far more than one more figure of each. The zero value is ready.
type DriverCounts struct{ counts []*driverCount }

// Ask checks a question, and has what it needs counted with the others. answer is to be called when all have been asked.
func (dc *DriverCounts) Ask(c Context, q DriverQuery) (answer func(context.Context) (DriverResult, error), err error) {
	m, err := drivenMeasure(q.Measure)
	if err != nil {
		return nil, err
	}
	minimum, err := minimumOf(q.MinimumCount)
	if err != nil {
		return nil, err
	}
	if q.Limit < 0 {
		return nil, invalid("limit", nil, "0 means all", "%d is below 0", q.Limit)
	}
	n, err := dc.of(c, q, m.Table)
	if err != nil {
		return nil, err
	}
	dr := driving{asked: place(m, &n.sheet), volume: n.sheet.add(m.Table, measure.Aggregate{}), minimum: minimum}
	return func(ctx context.Context) (DriverResult, error) {
		if err := n.count(ctx); err != nil {
			return DriverResult{}, err
		}
		return dr.result(c, q, n), nil
	}, nil
}

// of is the count that a question belongs to.
func (dc *DriverCounts) of(c Context, q DriverQuery, table fact.Table) (*driverCount, error) {
	q.Measure, q.MinimumCount, q.Limit = "", nil, 0
	for _, n := range dc.counts {
		if n.table == table && reflect.DeepEqual(n.query, q) {
			return n, nil
		}
	}
	n := &driverCount{query: q, table: table}
	tables := []fact.Table{table}
	name := cmp.Or(q.Dimension, "topic")
	d, err := dimension(name, tables, "dimension")
	switch {
	case err != nil:
		return nil, err
	case d.Name == TimeDimension:
		return nil, invalid("dimension", nil, "ask a query for the time, with a comparison", "time is no driver")
	}
	if n.ask, err = newAsk(c, tables, []string{name}, "", q.Filters, q.Zone, q.AsOf); err != nil {
		return nil, err
	}
	n.ask.field = "dimension"
	if err := q.Comparison.check(); err != nil {
		return nil, err
	}
	dc.counts = append(dc.counts, n)
	return n, nil
}

// driverCount is what driver questions of several measures have in common: the groups of one dimension in a period, and in the one before.
type driverCount struct {
	query   DriverQuery // without what may differ
	table   fact.Table
	ask     *ask
	sheet   sheet
	counted bool

	now, before *tally // before is nil without a comparison
	period      *Period
	notes       []string
	untimed     int64
	names       map[string]string // of topics
}

// count asks the store, once.
func (n *driverCount) count(ctx context.Context) (err error) {
	if n.counted {
		return nil
	}
	if n.now, n.period, n.notes, err = n.ask.tallyOf(ctx, &n.sheet, n.query.Range); err != nil {
		return err
	}
	if n.untimed, err = n.ask.untimed(ctx, []fact.Table{n.table}, n.now.period); err != nil {
		return err
	}
	if n.query.Comparison != nil && n.period != nil {
		if n.before, err = n.ask.tallyBefore(ctx, &n.sheet, n.now.period, *n.query.Comparison); err != nil {
			return err
		}
	}
	n.names = n.ask.topicNames()
	n.counted = true
	return nil
}

// result is the answer to one question.
func (dr *driving) result(c Context, q DriverQuery, n *driverCount) DriverResult {
	out := DriverResult{
		Header: n.ask.header(c), Measure: q.Measure, Dimension: n.ask.dims[0].Name, Period: n.period, Notes: n.notes,
		Overall: dr.value(n.now.total, dr.minimum, false),
	}
	out.Untimed = n.untimed
	if n.before != nil {
		out.Compared = n.before.period.answered()
		then := dr.value(n.before.total, dr.minimum, false)
		change := dr.change(out.Overall, then)
		out.Before, out.Change = &then, &change
	}
	out.Drivers = dr.drivers(n)
	slices.SortFunc(out.Drivers, byImpact)
	if extra := int64(len(out.Drivers)) - q.Limit; q.Limit > 0 && extra > 0 {
		out.More, out.Drivers = extra, out.Drivers[:q.Limit]
	}
	return out
}

// drivenMeasure is a measure that can be split by groups: a rate or a mean of which the groups add up.
func drivenMeasure(name string) (measure.Measure, error) {
	var allowed []string
	for _, m := range measure.All() {
		if m.Kind != measure.KindRate && m.Kind != measure.KindMean || !adds(m.Numerator) || !adds(*m.Denominator) || len(tablesOf(m)) > 1 {
			continue
		}
		if m.Name == name {
			return m, nil
		}
		allowed = append(allowed, m.Name)
	}
	if _, ok := measure.ByName(name); ok {
		return measure.Measure{}, Invalid("measure", name, allowed, "%s is neither a rate nor a mean of sessions", name)
	}
	return measure.Measure{}, Invalid("measure", name, allowed, "%q is no measure", name)
}

// driving is a measure and what is needed of it for drivers.
type driving struct {
	asked
	volume  int // place of the count of all sessions
	minimum int64
}

// amounts of a group: k of n for rates, the sum, its squares and how many for means; and its sessions.
type amounts struct{ k, n, squares, sessions int64 }

func (dr *driving) amounts(c counts) amounts {
	a := amounts{k: c.values[dr.num], n: c.values[dr.den], sessions: c.values[dr.volume]}
	if dr.squares >= 0 {
		a.squares = c.values[dr.squares]
	}
	return a
}

func (a amounts) without(b amounts) amounts {
	return amounts{a.k - b.k, a.n - b.n, a.squares - b.squares, a.sessions - b.sessions}
}

// rate is k of n; 0 without n.
func (a amounts) rate() float64 {
	if a.n == 0 {
		return 0
	}
	return float64(a.k) / float64(a.n)
}

// drivers are the groups of both periods.
func (dr *driving) drivers(n *driverCount) []Driver {
	now, before := n.now, n.before
	d := &n.ask.dims[0]
	keys := map[string]bool{}
	for _, g := range now.groups {
		keys[g.keys[0]] = true
	}
	if before != nil {
		for _, g := range before.groups {
			keys[g.keys[0]] = true
		}
	}
	of := func(t *tally, key string) counts {
		if g := t.groups[idOf([]string{key})]; g != nil {
			return g.counts
		}
		return n.sheet.nothing()
	}
	whole := dr.amounts(now.total)
	out := make([]Driver, 0, len(keys))
	for key := range keys {
		c := of(now, key)
		one := dr.driver(dr.amounts(c), whole)
		one.Key, one.Label, one.Value = key, n.ask.labelOf(d, key, n.names), dr.value(c, dr.minimum, false)
		if before != nil {
			then := of(before, key)
			value := dr.value(then, dr.minimum, false)
			one.Before = &value
			one.RateEffect, one.MixEffect = effects(dr.amounts(c), whole, dr.amounts(then), dr.amounts(before.total))
		}
		out = append(out, one)
	}
	return out
}

// driver is what one group does to the whole.
func (dr *driving) driver(g, whole amounts) Driver {
	out := Driver{Volume: g.sessions}
	if whole.sessions > 0 {
		out.Share = finite(float64(g.sessions) / float64(whole.sessions))
	}
	rest := whole.without(g)
	out.TemplateImpact = dr.template(g, whole)
	if g.n == 0 || rest.n == 0 || g.n < dr.minimum || rest.n < dr.minimum {
		return out
	}
	w := float64(g.n) / float64(whole.n)
	out.Impact = finite(w * (g.rate() - rest.rate()))
	if low, high, ok := dr.interval(g, rest); ok {
		out.ImpactLow, out.ImpactHigh = finite(w*low), finite(w*high)
		out.Clear = low > 0 || high < 0
	}
	if dr.Kind == measure.KindRate && dr.Better != measure.NeitherWay {
		gain := float64(dr.Better) * float64(g.n) * (rest.rate() - g.rate())
		out.Headroom = finite(max(0, gain))
	}
	return out
}

// interval is that of the group's value minus the rest's.
func (dr *driving) interval(g, rest amounts) (low, high float64, ok bool) {
	switch {
	case dr.Kind == measure.KindRate:
		low, high = stat.Newcombe(g.k, g.n, rest.k, rest.n, stat.Z95)
		return low, high, true
	case dr.squares >= 0:
		return stat.DifferenceOfMeans(g.k, g.squares, g.n, rest.k, rest.squares, rest.n)
	}
	return 0, 0, false
}

// template is the impact of the platform's report template: for rates over all sessions instead of the denominator (spec.md §5.7).
func (dr *driving) template(g, whole amounts) *float64 {
	if dr.Kind == measure.KindRate {
		g.n, whole.n = g.sessions, whole.sessions
	}
	rest := whole.without(g)
	if rest.n == 0 || whole.n == 0 {
		return nil
	}
	return finite(whole.rate() - rest.rate())
}

// effects split the change of the whole between two periods: what comes of the group's rate having changed, and of its share having
// changed. Over all groups both add up to the change. A group that one period lacks has the rate of the other. Nil where one of the periods
// has nothing.
func effects(g, whole, gBefore, wholeBefore amounts) (rate, mix *float64) {
	if whole.n == 0 || wholeBefore.n == 0 {
		return nil, nil
	}
	r, rBefore := g.rate(), gBefore.rate()
	switch {
	case g.n == 0 && gBefore.n == 0:
		return finite(0), finite(0)
	case g.n == 0:
		r = rBefore
	case gBefore.n == 0:
		rBefore = r
	}
	w, wBefore := float64(g.n)/float64(whole.n), float64(gBefore.n)/float64(wholeBefore.n)
	overall := (whole.rate() + wholeBefore.rate()) / 2
	return finite((w + wBefore) / 2 * (r - rBefore)), finite((w - wBefore) * ((r+rBefore)/2 - overall))
}

// byImpact puts the largest impact first, whichever way it goes; what has none is last, the largest group first.
func byImpact(a, b Driver) int {
	size := func(d Driver) float64 {
		if d.Impact == nil {
			return -1
		}
		return math.Abs(*d.Impact)
	}
	return cmp.Or(cmp.Compare(size(b), size(a)), cmp.Compare(b.Volume, a.Volume), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Key, b.Key))
}
