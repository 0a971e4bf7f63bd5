package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"rapport/internal/measure"
)

// errOverflow is what a sum that no int64 holds is answered with.
var errOverflow = errors.New("the sum is beyond 64 bits")

// group is the rows of one combination of keys.
type group[Row any] struct {
	keys []measure.Key
	rows []*Row
}

// aggregate answers a plan by evaluating it as it is written.
func aggregate[Row any](ctx context.Context, t *table[Row], plan measure.Plan) ([]measure.Row, error) {
	if err := t.checkPlan(plan); err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	if err := t.keep(scope{plan.Where, plan.AsOf, plan.Ranged, plan.From, plan.To}); err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	var answer []measure.Row
	for _, g := range t.groups(plan.Groups, plan.AsOf) {
		row := measure.Row{Keys: g.keys}
		for _, a := range plan.Aggregates {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			var counted []*Row
			for _, r := range g.rows {
				if t.holds(&a.Where, r, plan.AsOf) {
					counted = append(counted, r)
				}
			}
			value, valid, err := t.value(a, counted)
			if err != nil {
				return nil, fmt.Errorf("aggregate %q: %w", a.Column, err)
			}
			row.Values, row.Valid = append(row.Values, value), append(row.Valid, valid)
		}
		answer = append(answer, row)
	}
	return answer, nil
}

// checkPlan finds what a plan asks that the table cannot answer.
func (t *table[Row]) checkPlan(plan measure.Plan) error {
	for i := range plan.Groups {
		if err := t.checkGroup(&plan.Groups[i]); err != nil {
			return err
		}
	}
	for _, a := range plan.Aggregates {
		if err := t.check(&a.Where); err != nil {
			return err
		}
		var err error
		switch a.Func {
		case measure.Count:
		case measure.Sum, measure.SumSquares, measure.Rank:
			for _, column := range append([]string{a.Column}, a.Plus...) {
				err = cmp.Or(err, t.checkNumber(column))
			}
		case measure.Distinct:
			err = t.checkColumn(a.Column)
		case measure.Returning, measure.Reused:
			err = cmp.Or(t.checkColumn(a.Column), t.checkColumn(a.Per))
		default:
			err = fmt.Errorf("function %d is unknown", a.Func)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// groups sorts rows into groups, in the order of their keys.
func (t *table[Row]) groups(by []measure.Group, asOf int64) []group[Row] {
	if len(by) == 0 {
		return []group[Row]{{rows: t.rows}} // also when there is nothing
	}
	var groups []group[Row]
	place := map[string]int{} // by the keys, written out
	for _, row := range t.rows {
		keys := make([]measure.Key, len(by))
		name := ""
		for i := range by {
			keys[i] = by[i].Key(t.field(row), t.saidIn(row), asOf)
			name += fmt.Sprintf("%q %d ", keys[i].Text, keys[i].Int)
		}
		i, ok := place[name]
		if !ok {
			i = len(groups)
			place[name] = i
			groups = append(groups, group[Row]{keys: keys})
		}
		groups[i].rows = append(groups[i].rows, row)
	}
	slices.SortFunc(groups, func(a, b group[Row]) int { return slices.CompareFunc(a.keys, b.keys, compareKeys) })
	return groups
}

// value is one integer over the rows that count; valid is false where there is none.
func (t *table[Row]) value(a measure.Aggregate, rows []*Row) (value int64, valid bool, err error) {
	switch a.Func {
	case measure.Count:
		return int64(len(rows)), true, nil
	case measure.Sum:
		value, err = t.sum(rows, append([]string{a.Column}, a.Plus...))
	case measure.SumSquares:
		value, err = t.sumSquares(rows, a.Column)
	case measure.Distinct:
		value = int64(len(t.values(rows, a.Column)))
	case measure.Rank:
		return t.rank(rows, a.Column, a.PerMille)
	case measure.Returning:
		value = int64(len(t.returning(rows, a.Column, a.Per)))
	case measure.Reused:
		reused := map[measure.Key]bool{}
		back := t.returning(rows, a.Column, a.Per)
		for _, row := range rows {
			if back[keyOf(t.columns[a.Column](row))] {
				reused[keyOf(t.columns[a.Per](row))] = true
			}
		}
		value = int64(len(reused))
	}
	return value, true, err
}

// sum adds in 128 bits, so that what is too large on the way may still come out right, and what is too large in the end is noticed.
func (t *table[Row]) sum(rows []*Row, columns []string) (int64, error) {
	var total wide
	for _, row := range rows {
		for _, column := range columns {
			v := t.number(row, column)
			total.add(wide{hi: v >> 63, lo: uint64(v)})
		}
	}
	return total.int64()
}

func (t *table[Row]) sumSquares(rows []*Row, column string) (int64, error) {
	var total wide
	for _, row := range rows {
		v := t.number(row, column)
		hi, lo := bits.Mul64(magnitude(v), magnitude(v))
		total.add(wide{hi: int64(hi), lo: lo})
	}
	return total.int64()
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v)
	}
	return uint64(v)
}

// wide is a number of 128 bits, in two's complement.
type wide struct {
	hi int64
	lo uint64
}

func (w *wide) add(v wide) {
	lo, carry := bits.Add64(w.lo, v.lo, 0)
	w.lo = lo
	w.hi += v.hi + int64(carry)
}

func (w *wide) int64() (int64, error) {
	v := int64(w.lo)
	if w.hi != v>>63 {
		return 0, errOverflow
	}
	return v, nil
}

// values are the different values of a column, 0 and "" left out.
func (t *table[Row]) values(rows []*Row, column string) map[measure.Key]bool {
	values := map[measure.Key]bool{}
	for _, row := range rows {
		if v := keyOf(t.columns[column](row)); v != (measure.Key{}) {
			values[v] = true
		}
	}
	return values
}

// rank is the smallest value that at least perMille/1000 of the rows do not exceed.
func (t *table[Row]) rank(rows []*Row, column string, perMille int64) (int64, bool, error) {
	if len(rows) == 0 {
		return 0, false, nil
	}
	var values []int64
	for _, row := range rows {
		values = append(values, t.number(row, column))
	}
	slices.Sort(values)
	place := (perMille*int64(len(values)) + 999) / 1000
	return values[max(place, 1)-1], true, nil
}

// returning are the values of column, 0 left out, that stand in rows of at least two values of per.
func (t *table[Row]) returning(rows []*Row, column, per string) map[measure.Key]bool {
	first := map[measure.Key]measure.Key{}
	back := map[measure.Key]bool{}
	for _, row := range rows {
		who, where := keyOf(t.columns[column](row)), keyOf(t.columns[per](row))
		if who == (measure.Key{}) {
			continue
		}
		if seen, ok := first[who]; !ok {
			first[who] = where
		} else if seen != where {
			back[who] = true
		}
	}
	return back
}
