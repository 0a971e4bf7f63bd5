package duckdb

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// statement is SQL for some of the aggregates of a plan: its rows are the keys of a group, then those aggregates.
type statement struct {
	sql        string
	args       []any
	aggregates []int // in the plan
}

// compile writes a plan as SQL. The first statement has every group in order; Returning and Reused, which count groups of groups, have
// statements of their own.
func compile(plan measure.Plan, projection int64) ([]statement, error) {
	if plan.Table != fact.Sessions && plan.Table != fact.BilledOnes {
		return nil, fmt.Errorf("the table %q is not counted", plan.Table)
	}
	var first []int
	statements := make([]statement, 1)
	for i := range plan.Aggregates {
		a := &plan.Aggregates[i]
		if a.Func != measure.Returning && a.Func != measure.Reused {
			first = append(first, i)
			continue
		}
		st, err := compilePairs(plan, projection, a)
		if err != nil {
			return nil, err
		}
		st.aggregates = []int{i}
		statements = append(statements, st)
	}
	w := planWriter(plan, projection)
	if folds(&plan, first) {
		w.folded(&plan, first)
	} else {
		w.straight(&plan, first)
	}
	w.byOrdinal("\nGROUP BY", len(plan.Groups))
	w.byOrdinal("\nORDER BY", len(plan.Groups))
	statements[0] = statement{w.sql.String(), w.args, first}
	return statements, w.err
}

// straight writes a plan in one step, up to its grouping.
func (w *writer) straight(plan *measure.Plan, places []int) {
	w.write("SELECT ")
	w.groups(plan.Groups)
	for i, place := range places {
		if i > 0 || len(plan.Groups) > 0 {
			w.write(", ")
		}
		w.aggregate(&plan.Aggregates[place])
	}
	if len(places)+len(plan.Groups) == 0 {
		w.write("count(*)") // one row, whatever there is
	}
	w.write("\nFROM " + tableName(plan.Table, w.projection) + " AS t")
	w.where()
}

func planWriter(plan measure.Plan, projection int64) *writer {
	return newWriter(plan.Table, projection, scope{plan.Where, plan.AsOf, plan.Ranged, plan.From, plan.To})
}

func (w *writer) groups(groups []measure.Group) {
	for i := range groups {
		if i > 0 {
			w.write(", ")
		}
		w.group(&groups[i])
		w.write(fmt.Sprintf(" AS k%d", i))
	}
}

// byOrdinal writes that the first n columns order or group the rows.
func (w *writer) byOrdinal(what string, n int) {
	for i := range n {
		if i == 0 {
			w.write(what + " ")
		} else {
			w.write(", ")
		}
		w.write(fmt.Sprint(i + 1))
	}
}

// aggregate writes one integer.
func (w *writer) aggregate(a *measure.Aggregate) {
	switch a.Func {
	case measure.Count:
		if w.fold != nil {
			w.total(&a.Where, w.alias+"n")
			break
		}
		w.write("count(*)")
		w.filter(&a.Where)
	case measure.Sum:
		of := []string{w.summand(w.number(a.Column))}
		for _, column := range a.Plus {
			of = append(of, w.summand(w.number(column)))
		}
		w.total(&a.Where, of...)
	case measure.SumSquares:
		n := w.number(a.Column)
		w.total(&a.Where, w.summand(n+" * "+n))
	case measure.Distinct:
		sql, kind := w.column(a.Column)
		if kind == kindBool {
			sql, kind = w.number(a.Column), kindInt
		}
		w.write("count(DISTINCT " + sql + ")")
		given := measure.In // of 0 or ""; never one of the rows that are counted
		w.filter(&measure.Predicate{Op: measure.AllOf, Of: []measure.Predicate{a.Where, {Op: measure.Not, Of: []measure.Predicate{
			{Op: given, Column: a.Column, Ints: []int64{0}, Texts: []string{""}},
		}}}})
	case measure.Rank:
		n := w.number(a.Column)
		switch {
		case a.PerMille <= 0:
			w.write("min(" + n + ")")
		case a.PerMille >= 1000:
			w.write("max(" + n + ")")
		default: // a decimal, so that the place is exact
			w.write(fmt.Sprintf("quantile_disc(%s, 0.%03d)", n, a.PerMille))
		}
		w.filter(&a.Where)
	default:
		w.fail("the function %d is unknown", a.Func)
	}
}

// total writes the sum of all that is given, 0 of no rows.
func (w *writer) total(where *measure.Predicate, of ...string) {
	w.write("CAST(coalesce(")
	for i, sql := range of {
		if i > 0 {
			w.write(" + ")
		}
		w.write("sum(" + sql + ")")
		w.filter(where)
	}
	w.write(", 0) AS BIGINT)")
}

// summand is what a sum is of: an expression of the rows, or what the first step of a fold has of it.
func (w *writer) summand(sql string) string {
	if w.fold == nil {
		return sql
	}
	return w.alias + w.fold.sum(sql)
}

// filter narrows an aggregate.
func (w *writer) filter(p *measure.Predicate) {
	of := measure.And(*p)
	if of.Op == measure.AllOf {
		of = measure.And(of.Of...)
	}
	if of.Op == measure.True {
		return
	}
	w.write(" FILTER (WHERE ")
	w.predicate(&of)
	w.write(")")
}

// compilePairs writes Returning and Reused: over the different pairs of a user and a conversation in each group.
func compilePairs(plan measure.Plan, projection int64, a *measure.Aggregate) (statement, error) {
	w := planWriter(plan, projection)
	who, kind := w.column(a.Column)
	per, _ := w.column(a.Per)
	none := "0"
	switch kind {
	case kindText:
		none = "''"
	case kindBool:
		none = "false"
	}
	w.scope.where = measure.And(w.scope.where, a.Where)
	w.write("WITH pair AS (SELECT DISTINCT ")
	w.groups(plan.Groups)
	if len(plan.Groups) > 0 {
		w.write(", ")
	}
	w.write(who + " AS who, " + per + " AS per\nFROM " + tableName(plan.Table, projection) + " AS t")
	w.where()
	var keys strings.Builder
	for i := range plan.Groups {
		fmt.Fprintf(&keys, "k%d, ", i)
	}
	w.write("),\nback AS (SELECT " + keys.String() + "who FROM pair WHERE who <> " + none + " GROUP BY ALL HAVING count(*) > 1)\nSELECT " + keys.String())
	if a.Func == measure.Returning {
		w.write("count(*) FROM back")
	} else {
		w.write("count(DISTINCT per) FROM pair JOIN back USING (" + keys.String() + "who)")
	}
	w.byOrdinal("\nGROUP BY", len(plan.Groups))
	return statement{sql: w.sql.String(), args: w.args}, w.err
}

// Aggregate implements store.Facts.
func (v *view) Aggregate(ctx context.Context, projection int64, plan measure.Plan) ([]measure.Row, error) {
	if err := v.hasProjection(ctx, projection); err != nil {
		return nil, err
	}
	statements, err := compile(plan, projection)
	if err != nil {
		return nil, fmt.Errorf("aggregate: %w", err)
	}
	var answer []measure.Row
	place := map[string]int{} // by keys, where a later statement has to find them
	for i, st := range statements {
		err := v.answer(ctx, st, len(plan.Groups), func(keys []measure.Key, values []int64, valid []bool) error {
			if i == 0 {
				row := measure.Row{Keys: keys, Values: make([]int64, len(plan.Aggregates)), Valid: make([]bool, len(plan.Aggregates))}
				for j := range row.Valid {
					row.Valid[j] = true // of a group that a later statement does not have: 0
				}
				if len(statements) > 1 {
					place[nameOf(keys)] = len(answer)
				}
				answer = append(answer, row)
			}
			at := len(answer) - 1
			if i > 0 {
				found, ok := place[nameOf(keys)]
				if !ok {
					return errors.New("aggregate: a group is in one answer and not in another")
				}
				at = found
			}
			for j, a := range st.aggregates {
				answer[at].Values[a], answer[at].Valid[a] = values[j], valid[j]
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return answer, nil
}

func nameOf(keys []measure.Key) string { return fmt.Sprintf("%#v", keys) }

// answer runs a statement and calls yield with every row of it.
func (v *view) answer(ctx context.Context, st statement, groups int, yield func([]measure.Key, []int64, []bool) error) error {
	cells := make([]any, groups+max(len(st.aggregates), 1))
	if groups > 0 {
		cells = cells[:groups+len(st.aggregates)]
	}
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	return v.each(ctx, st.sql, st.args, into, func() error {
		var keys []measure.Key
		for _, cell := range cells[:groups] {
			key, err := keyOf(cell)
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		values, valid := make([]int64, len(st.aggregates)), make([]bool, len(st.aggregates))
		for i := range st.aggregates {
			if cell := cells[groups+i]; cell != nil {
				key, err := keyOf(cell)
				if err != nil {
					return err
				}
				values[i], valid[i] = key.Int, true
			}
		}
		return yield(keys, values, valid)
	})
}

// keyOf is a cell of an answer.
func keyOf(cell any) (measure.Key, error) {
	switch c := cell.(type) {
	case string:
		return measure.Key{Text: c}, nil
	case int64:
		return measure.Key{Int: c}, nil
	case int32:
		return measure.Key{Int: int64(c)}, nil
	case uint8:
		return measure.Key{Int: int64(c)}, nil
	case bool:
		if c {
			return measure.Key{Int: 1}, nil
		}
		return measure.Key{}, nil
	default:
		return measure.Key{}, fmt.Errorf("read an answer: a cell of type %T", cell)
	}
}
