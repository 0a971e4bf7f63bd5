package duckdb

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"rapport/internal/measure"
)

const (
	msOfHour = 60 * 60 * 1000
	msOfDay  = 24 * msOfHour
)

// group writes the key of a group, as measure.Group.Key means it, and returns its type.
func (w *writer) group(g *measure.Group) (kind string) {
	if g.Where == nil {
		return w.key(g)
	}
	w.write("CASE WHEN ")
	w.predicate(g.Where)
	w.write(" THEN ")
	narrow := w.aside(func() { kind = w.key(g) })
	otherwise := any(g.Else.Int)
	switch kind {
	case kindText:
		otherwise = text(g.Else.Text)
	case kindBool, kindCode:
		narrow.sql, kind = "CAST("+narrow.sql+" AS BIGINT)", kindInt
	}
	w.write(narrow.sql, narrow.args...)
	w.write(" ELSE ? END", otherwise)
	return kind
}

// key writes the key of a row for which the group's condition holds.
func (w *writer) key(g *measure.Group) (kind string) {
	switch {
	case g.Unit != "":
		w.bucket(g)
		return kindInt
	case g.Bounds != nil:
		w.bounds(w.number(g.Column), g.Bounds)
		return kindInt
	default:
		sql, kind := w.column(g.Column)
		w.write(sql)
		return kind
	}
}

// bounds writes how many bounds are at most the value.
func (w *writer) bounds(value string, bounds []int64) {
	if len(bounds) == 0 {
		w.write("0")
		return
	}
	w.write("CASE")
	for i, b := range bounds {
		w.write(fmt.Sprintf(" WHEN %s < ? THEN %d", value, i), b)
	}
	w.write(fmt.Sprintf(" ELSE %d END", len(bounds)))
}

// bucket writes the bucket of a time. Every number in it is ours or an offset, an integer; offsets are written out, because DuckDB then sees
// that most of them are the same.
func (w *writer) bucket(g *measure.Group) {
	at := w.number(g.Column)
	offsets, positive := g.Offsets, false
	if g.Column == "started_at" && w.scope.ranged {
		offsets = within(offsets, w.scope.from, w.scope.to)
		positive = w.scope.from > 2*msOfDay // so that nothing below is negative, whatever the zone
	}
	div := func(a string, b int64) string {
		if positive {
			return fmt.Sprintf("(%s // %d)", a, b)
		}
		return fmt.Sprintf("(%s // %d - CAST(%s %% %d < 0 AS BIGINT))", a, b, a, b)
	}
	add, local := added(at, offsets), at
	if add != "0" {
		local = fmt.Sprintf("(%s + %s)", at, add)
	}
	day := div(local, msOfDay)
	switch g.Unit {
	case measure.Hour:
		w.write(fmt.Sprintf("(%s * %d - %s)", div(local, msOfHour), 2*msOfDay, add))
	case measure.Day:
		w.write(day)
	case measure.Week:
		w.write(div("("+day+" + 3)", 7))
	case measure.Month:
		date := "(DATE '1970-01-01' + CAST(" + day + " AS INTEGER))"
		w.write(fmt.Sprintf("(12 * (year(%s) - 1970) + month(%s) - 1)", date, date))
	case measure.Weekday:
		week := div("("+day+" + 3)", 7)
		w.write(fmt.Sprintf("(%s + 4 - 7 * %s)", day, week))
	case measure.HourOfDay:
		w.write(fmt.Sprintf("(%s - 24 * %s)", div(local, msOfHour), day))
	default:
		w.fail("the unit %q is unknown", g.Unit)
	}
}

// within are the offsets that hold somewhere between two moments.
func within(offsets []measure.Offset, from, to int64) []measure.Offset {
	var kept []measure.Offset
	for i, o := range offsets {
		next := int64(math.MaxInt64)
		if i+1 < len(offsets) {
			next = offsets[i+1].From
		}
		if next > from && (i == 0 || o.From < to) {
			kept = append(kept, o)
		}
	}
	return kept
}

// added writes what the zone adds at a time.
func added(at string, offsets []measure.Offset) string {
	if len(offsets) == 0 {
		return "0"
	}
	last := offsets[len(offsets)-1].Add
	if !slices.ContainsFunc(offsets, func(o measure.Offset) bool { return o.Add != last }) {
		return fmt.Sprintf("%d", last)
	}
	var b strings.Builder
	b.WriteString("CASE")
	for i := range offsets[:len(offsets)-1] {
		fmt.Fprintf(&b, " WHEN %s < %d THEN %d", at, offsets[i+1].From, offsets[i].Add)
	}
	fmt.Fprintf(&b, " ELSE %d END", last)
	return b.String()
}
