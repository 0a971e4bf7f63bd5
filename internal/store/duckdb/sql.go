package duckdb

import (
	"fmt"
	"slices"
	"strings"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// writer writes SQL. What callers give is bound and never part of the text; the only identifiers are those of the column lists.
type writer struct {
	sql        strings.Builder
	args       []any
	table      fact.Table
	kinds      map[string]string // of the table's columns
	alias      string            // of the table, with its dot
	projection int64
	scope      scope
	fold       *fold // while the second step of one is written
	err        error
}

// scope is which rows count at all.
type scope struct {
	where    measure.Predicate
	asOf     int64
	ranged   bool
	from, to int64
}

func newWriter(t fact.Table, projection int64, s scope) *writer {
	w := &writer{table: t, kinds: map[string]string{}, alias: "t.", projection: projection, scope: s}
	for _, c := range tableColumns(t) {
		w.kinds[c.name] = c.kind
	}
	return w
}

func (w *writer) write(sql string, args ...any) {
	w.sql.WriteString(sql)
	w.args = append(w.args, args...)
}

func (w *writer) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// column is the name of a column and its type; an unknown one is an error of the whole.
func (w *writer) column(name string) (sql, kind string) {
	kind, ok := w.kinds[name]
	if !ok {
		w.fail("the table %q has no column %q", w.table, name)
		return "NULL", kindInt
	}
	return w.alias + name, kind
}

// number is a column as a number.
func (w *writer) number(name string) string {
	sql, kind := w.column(name)
	switch kind {
	case kindText:
		w.fail("the column %q of the table %q is no number", name, w.table)
	case kindBool, kindCode:
		return "CAST(" + sql + " AS BIGINT)"
	}
	return sql
}

// where writes the conditions of the scope, and says whether there were any.
func (w *writer) where() bool {
	s := w.scope
	var parts []func()
	if s.ranged && s.asOf != 0 { // what starts later is not there yet
		s.to, s.asOf = min(s.to, max(s.asOf, s.asOf+1)), 0
	}
	if s.ranged {
		parts = append(parts, func() {
			w.write(w.alias+"started_at >= ? AND "+w.alias+"started_at < ? AND NOT "+w.alias+"untimed", s.from, s.to)
		})
	}
	if s.asOf != 0 {
		parts = append(parts, func() {
			w.write("("+w.alias+"untimed OR "+w.alias+"started_at <= ?)", s.asOf)
		})
	}
	if s.where.Op != measure.True {
		parts = append(parts, func() { w.predicate(&s.where) })
	}
	for i, part := range parts {
		w.write([]string{"\nWHERE ", "\n  AND "}[min(i, 1)])
		part()
	}
	return len(parts) > 0
}

// predicate writes a condition. It stands in brackets where it is made of several.
func (w *writer) predicate(p *measure.Predicate) {
	switch p.Op {
	case measure.True:
		w.write("true")
	case measure.AllOf:
		w.several(p.Of, " AND ", "true")
	case measure.AnyOf:
		w.several(p.Of, " OR ", "false")
	case measure.Not:
		w.write("NOT ")
		w.predicate(&p.Of[0])
	default:
		w.test(p)
	}
}

// test writes a condition on one thing.
func (w *writer) test(p *measure.Predicate) {
	if f := w.fold; f != nil {
		if (p.Op == measure.In || p.Op == measure.Between) && narrow(p.Column, w.kinds[p.Column]) {
			f.column(w.alias + p.Column)
		} else {
			w.fold = nil
			condition := w.aside(func() { w.test(p) })
			w.fold = f
			w.write(w.alias + f.test(condition))
			return
		}
	}
	switch p.Op {
	case measure.In:
		sql, kind := w.column(p.Column)
		w.in(fragment{sql: sql}, kind, p.Ints, p.Texts)
	case measure.Between:
		w.between(w.number(p.Column), p.Low, p.High)
	case measure.Finished:
		if w.scope.asOf == 0 {
			w.write("true")
			return
		}
		w.write(w.number("closes_at")+" <= ?", w.scope.asOf)
	case measure.Said:
		w.said(p.Texts[0])
	case measure.GroupIn:
		var kind string
		key := w.aside(func() { kind = w.group(p.Group) })
		key.sql = "(" + key.sql + ")"
		w.in(key, kind, p.Ints, p.Texts)
	default:
		w.fail("the operation %d is unknown", p.Op)
	}
}

// fragment is a piece of SQL with what is bound in it.
type fragment struct {
	sql  string
	args []any
}

// aside is what f writes, without writing it.
func (w *writer) aside(f func()) fragment {
	sql, args := w.sql, w.args
	w.sql, w.args = strings.Builder{}, nil
	f()
	made := fragment{w.sql.String(), w.args}
	w.sql, w.args = sql, args
	return made
}

func (w *writer) several(of []measure.Predicate, between, none string) {
	if len(of) == 0 {
		w.write(none)
		return
	}
	w.write("(")
	for i := range of {
		if i > 0 {
			w.write(between)
		}
		w.predicate(&of[i])
	}
	w.write(")")
}

// in writes that a value is one of a list.
func (w *writer) in(value fragment, kind string, ints []int64, texts []string) {
	switch kind {
	case kindText:
		args := make([]any, len(texts))
		for i, t := range texts {
			args[i] = text(t)
		}
		w.list(value, "?", args)
	case kindBool:
		yes, no := slices.Contains(ints, 1), slices.Contains(ints, 0)
		switch {
		case yes && no:
			w.write("true")
		case yes:
			w.write(value.sql, value.args...)
		case no:
			w.write("NOT "+value.sql, value.args...)
		default:
			w.write("false")
		}
	case kindCode:
		var args []any
		for _, i := range ints {
			if i >= 0 && i <= 255 { // no row has another
				args = append(args, i)
			}
		}
		w.list(value, "CAST(? AS UTINYINT)", args)
	default:
		ints = slices.Compact(slices.Sorted(slices.Values(ints)))
		if n := len(ints); n > 2 && ints[0]+int64(n)-1 == ints[n-1] { // without a gap: two comparisons rather than n
			w.write(value.sql+" BETWEEN ? AND ?", append(value.args, ints[0], ints[n-1])...)
			return
		}
		args := make([]any, len(ints))
		for i, n := range ints {
			args[i] = n
		}
		w.list(value, "?", args)
	}
}

func (w *writer) list(value fragment, place string, of []any) {
	if len(of) == 0 {
		w.write("false")
		return
	}
	w.write(value.sql, value.args...)
	if len(of) == 1 {
		w.write(" = "+place, of...)
		return
	}
	w.write(" IN ("+place+strings.Repeat(", "+place, len(of)-1)+")", of...)
}

func (w *writer) between(sql string, low, high int64) {
	const least, most = -1 << 63, 1<<63 - 1
	switch {
	case low == least && high == most:
		w.write("true")
	case high == most:
		w.write(sql+" >= ?", low)
	case low == least:
		w.write(sql+" <= ?", high)
	default:
		w.write(sql+" BETWEEN ? AND ?", low, high)
	}
}

// said writes that the user said something that contains text.
func (w *writer) said(what string) {
	if w.table != fact.Sessions {
		w.fail("the table %q has nothing said", w.table)
		return
	}
	w.write("EXISTS (SELECT 1 FROM "+tableName(fact.Utterances, w.projection)+" AS said WHERE said.conversation_key = "+w.alias+"conversation_key AND said.number = "+
		w.alias+"number AND said.source <> CAST(? AS UTINYINT) AND contains(said.folded, ?))", fact.BotSource, text(fact.Fold(what)))
}
