package metric

import (
	"math"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/stat"
)

// ReuseThreshold is the share of conversations whose user has another one, below which there is no figure for returning users: the ids
// are then made anew for every conversation, and who returns cannot be seen (DESIGN.md, Definitions).
const ReuseThreshold = 0.05

// asked is a measure with the places of its integers on the sheet.
type asked struct {
	measure.Measure
	num, den, squares int // -1 for none
	reused, of        int // of measures of returning users: conversations with a reused id, and all with any; -1 for none
}

func place(m measure.Measure, s *sheet) asked {
	out := asked{Measure: m, num: s.add(m.Table, m.Numerator), den: -1, squares: -1, reused: -1, of: -1}
	if m.Denominator != nil {
		table := m.Table
		if m.DenominatorTable != "" {
			table = m.DenominatorTable
		}
		out.den = s.add(table, *m.Denominator)
	}
	if m.Squares != nil {
		out.squares = s.add(m.Table, *m.Squares)
	}
	if r := m.Numerator; r.Func == measure.Returning {
		with := measure.And(r.Where, measure.Except(measure.Is(r.Column, 0)))
		out.reused = s.add(m.Table, measure.Aggregate{Func: measure.Reused, Column: r.Column, Per: r.Per, Where: with})
		out.of = s.add(m.Table, measure.Aggregate{Func: measure.Distinct, Column: r.Per, Where: with})
	}
	return out
}

// hides is whether ids are reused so rarely that there is no figure for returning users. It is asked of an answer's total: a single day
// has few who return within it, whatever their ids.
func (m *asked) hides(total counts) (share float64, hidden bool) {
	if m.reused < 0 || total.values[m.of] == 0 {
		return 0, false
	}
	share = float64(total.values[m.reused]) / float64(total.values[m.of])
	return share, share < ReuseThreshold
}

// value is the measure of what was counted.
func (m *asked) value(c counts, minimum int64, hidden bool) Value {
	num := c.values[m.num]
	var v Value
	switch m.Kind {
	case measure.KindRank:
		if c.valid[m.num] {
			v.Value = finite(float64(num))
		}
		return v
	case measure.KindCount:
		if v.TooFew = hidden; !hidden {
			v.Value, v.Numerator = finite(float64(num)), &num
		}
		return v
	}
	den := c.values[m.den]
	v.Denominator = &den
	if hidden {
		v.TooFew = true
		return v
	}
	v.Numerator = &num
	if den == 0 {
		return v
	}
	if m.Kind != measure.KindRatio && den < minimum {
		v.TooFew = true
		return v
	}
	v.Value = finite(float64(num) / float64(den))
	switch {
	case m.Kind == measure.KindRate:
		low, high := stat.Wilson(num, den, stat.Z95)
		v.Low, v.High = finite(low), finite(high)
	case m.squares >= 0:
		if low, high, ok := stat.MeanInterval(num, c.values[m.squares], den); ok {
			v.Low, v.High = finite(low), finite(high)
		}
	}
	return v
}

// change is from before to now.
func (m *asked) change(now, before Value) Change {
	if now.Value == nil || before.TooFew {
		return Change{}
	}
	switch {
	case before.Value == nil:
		return Change{New: true}
	case m.Kind == measure.KindRate:
		return Change{Points: finite(*now.Value - *before.Value)}
	case *before.Value == 0 && *now.Value == 0:
		return Change{Relative: finite(0)}
	case *before.Value == 0:
		return Change{New: true}
	}
	return Change{Relative: finite((*now.Value - *before.Value) / *before.Value)}
}

// finite is nil for what JSON cannot say.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// rowsOf is the condition for the rows that an aggregate is made of, to list them.
func rowsOf(table fact.Table, a measure.Aggregate) measure.Predicate {
	switch a.Func {
	case measure.Count, measure.Rank:
		return a.Where
	case measure.Distinct, measure.Returning, measure.Reused:
		if isText(table, a.Column) {
			return measure.And(a.Where, measure.Except(measure.IsText(a.Column, "")))
		}
		return measure.And(a.Where, measure.Except(measure.Is(a.Column, 0)))
	}
	some := []measure.Predicate{measure.Except(measure.Is(a.Column, 0))}
	for _, column := range a.Plus {
		some = append(some, measure.Except(measure.Is(column, 0)))
	}
	if len(some) == 1 {
		return measure.And(a.Where, some[0])
	}
	return measure.And(a.Where, measure.Or(some...))
}

func isText(table fact.Table, column string) bool {
	if table == fact.BilledOnes {
		var b fact.Billed
		for _, c := range fact.BilledColumns() {
			if c.Name == column {
				return fact.IsText(c.Of(&b))
			}
		}
	}
	var s fact.Session
	for _, c := range fact.SessionColumns() {
		if c.Name == column {
			return fact.IsText(c.Of(&s))
		}
	}
	return false
}
