package duckdb

import (
	"fmt"
	"slices"

	"rapport/internal/measure"
)

// Most measures are counts of rows under a few conditions that many of them share: finished, engaged, the outcome. Testing each condition
// for each row and aggregate costs several times what reading the rows does. A plan of several such aggregates is therefore folded: rows are
// first counted by the different values of everything that is tested, which makes a few thousand at most, and those are then added up
// under the conditions.

// foldFrom is how many conditional aggregates make it worth the first step.
const foldFrom = 4

// wide are the columns that tell nearly every row from the others: by those there is nothing to fold.
var wide = []string{"key", "conversation_key", "user_key", "conversation", "user_id", "started_at", "ended_at", "closes_at", "duration"}

// narrow is whether a column has few different values: those of bools and codes, and grades.
func narrow(name, kind string) bool { return kind == kindBool || kind == kindCode || name == "csat" }

// folds is whether a plan is better folded, as far as its aggregates at those places go.
func folds(plan *measure.Plan, places []int) bool {
	conditional := 0
	for _, i := range places {
		a := &plan.Aggregates[i]
		switch a.Func {
		case measure.Count, measure.Sum, measure.SumSquares:
		default:
			return false // not to be had from parts
		}
		if a.Where.Op != measure.True {
			conditional++
		}
	}
	return conditional >= foldFrom && !slices.ContainsFunc(plan.Groups, func(g measure.Group) bool {
		return g.Unit == "" && g.Bounds == nil && slices.Contains(wide, g.Column)
	})
}

// fold is the first step: what it has a column for. Narrow columns have their own names; a test of any other is a bool c0, c1...; a sum is
// s0, s1...; the number of rows is n.
type fold struct {
	columns []string
	tests   []fragment
	sums    []string
}

func (f *fold) column(sql string) {
	if !slices.Contains(f.columns, sql) {
		f.columns = append(f.columns, sql)
	}
}

// test is the column that has what a condition says of the rows.
func (f *fold) test(condition fragment) string {
	at := slices.IndexFunc(f.tests, func(t fragment) bool { return t.sql == condition.sql && slices.Equal(t.args, condition.args) })
	if at < 0 {
		at = len(f.tests)
		f.tests = append(f.tests, condition)
	}
	return fmt.Sprintf("c%d", at)
}

// sum is the column that has the sum of an expression.
func (f *fold) sum(sql string) string {
	at := slices.Index(f.sums, sql)
	if at < 0 {
		at = len(f.sums)
		f.sums = append(f.sums, sql)
	}
	return fmt.Sprintf("s%d", at)
}

// folded writes a plan in two steps, up to the grouping of the second.
func (w *writer) folded(plan *measure.Plan, places []int) {
	w.fold = &fold{}
	second := w.aside(func() {
		for i := range plan.Groups {
			w.write(fmt.Sprintf("t.k%d, ", i))
		}
		for i, place := range places {
			if i > 0 {
				w.write(", ")
			}
			w.aggregate(&plan.Aggregates[place])
		}
	})
	first := w.fold
	w.fold = nil
	w.write("SELECT "+second.sql, second.args...)
	w.write("\nFROM (SELECT ")
	w.groups(plan.Groups)
	if len(plan.Groups) > 0 {
		w.write(", ")
	}
	for _, column := range first.columns {
		w.write(column + ", ")
	}
	for i, test := range first.tests {
		w.write("("+test.sql+fmt.Sprintf(") AS c%d, ", i), test.args...)
	}
	for i, sql := range first.sums {
		w.write(fmt.Sprintf("sum(%s) AS s%d, ", sql, i))
	}
	w.write("count(*) AS n\nFROM " + tableName(plan.Table, w.projection) + " AS t")
	w.where()
	w.write("\nGROUP BY ALL) AS t")
}
