package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// table is rows that can be asked about.
type table[Row any] struct {
	name    fact.Table
	columns map[string]func(*Row) any
	rows    []*Row
	// said reports whether the user said something that contains text (folded) in the session; nil where rows are no sessions.
	said func(row *Row, text string) bool
}

func tableOf[Row any](name fact.Table, columns []fact.Column[Row]) *table[Row] {
	t := &table[Row]{name: name, columns: map[string]func(*Row) any{}}
	for _, c := range columns {
		t.columns[c.Name] = c.Of
	}
	return t
}

func (p projection) sessions() *table[fact.Session] {
	t := tableOf(fact.Sessions, fact.SessionColumns())
	for key := range p.facts {
		for i := range p.facts[key].Sessions {
			t.rows = append(t.rows, &p.facts[key].Sessions[i])
		}
	}
	t.said = func(s *fact.Session, text string) bool {
		return slices.ContainsFunc(p.facts[s.Key].Utterances, func(u fact.Utterance) bool {
			return u.ConversationKey == s.ConversationKey && u.Number == s.Number && u.Source != fact.BotSource && strings.Contains(u.Folded, text)
		})
	}
	return t
}

func (p projection) billed() *table[fact.Billed] {
	t := tableOf(fact.BilledOnes, fact.BilledColumns())
	for key := range p.facts {
		for i := range p.facts[key].Billed {
			t.rows = append(t.rows, &p.facts[key].Billed[i])
		}
	}
	return t
}

func (p projection) utterances() *table[fact.Utterance] {
	t := tableOf(fact.Utterances, fact.UtteranceColumns())
	for key := range p.facts {
		for i := range p.facts[key].Utterances {
			t.rows = append(t.rows, &p.facts[key].Utterances[i])
		}
	}
	return t
}

// scope is which rows count at all.
type scope struct {
	where    measure.Predicate
	asOf     int64
	ranged   bool
	from, to int64
}

func scopeOf(s store.Selection) scope { return scope{s.Where, s.AsOf, s.Ranged, s.From, s.To} }

// keep takes away the rows that are not in a scope.
func (t *table[Row]) keep(s scope) error {
	if err := t.check(&s.where); err != nil {
		return err
	}
	t.rows = slices.DeleteFunc(t.rows, func(row *Row) bool {
		started, untimed := t.number(row, "started_at"), t.number(row, "untimed") == 1
		return s.asOf != 0 && !untimed && started > s.asOf ||
			s.ranged && (untimed || started < s.from || started >= s.to) ||
			!t.holds(&s.where, row, s.asOf)
	})
	return nil
}

func (t *table[Row]) number(row *Row, column string) int64 { return fact.Int(t.columns[column](row)) }

func (t *table[Row]) holds(p *measure.Predicate, row *Row, asOf int64) bool {
	return p.Holds(t.field(row), t.saidIn(row), asOf)
}

func (t *table[Row]) field(row *Row) func(string) any {
	return func(column string) any { return t.columns[column](row) }
}

func (t *table[Row]) saidIn(row *Row) func(string) bool {
	return func(text string) bool { return t.said(row, fact.Fold(text)) }
}

// check finds what a predicate asks that the table cannot answer.
func (t *table[Row]) check(p *measure.Predicate) error {
	for i := range p.Of {
		if err := t.check(&p.Of[i]); err != nil {
			return err
		}
	}
	switch p.Op {
	case measure.In:
		return t.checkColumn(p.Column)
	case measure.Between:
		return t.checkNumber(p.Column)
	case measure.Finished:
		return t.checkNumber("closes_at")
	case measure.Said:
		if t.said == nil {
			return fmt.Errorf("the table %q has nothing said", t.name)
		}
	case measure.GroupIn:
		return t.checkGroup(p.Group)
	}
	return nil
}

func (t *table[Row]) checkGroup(g *measure.Group) error {
	if g.Where != nil {
		if err := t.check(g.Where); err != nil {
			return err
		}
	}
	if g.Unit != "" || g.Bounds != nil {
		return t.checkNumber(g.Column)
	}
	return t.checkColumn(g.Column)
}

func (t *table[Row]) checkColumn(column string) error {
	if t.columns[column] == nil {
		return fmt.Errorf("the table %q has no column %q", t.name, column)
	}
	return nil
}

func (t *table[Row]) checkNumber(column string) error {
	if err := t.checkColumn(column); err != nil {
		return err
	}
	if fact.IsText(t.columns[column](new(Row))) {
		return fmt.Errorf("the column %q of the table %q is no number", column, t.name)
	}
	return nil
}

// list calls yield with the rows in the order of a selection, from its place on.
func (t *table[Row]) list(ctx context.Context, sel store.Selection, yield func(*Row) error) error {
	if sel.Sort != "" {
		if err := t.checkColumn(sel.Sort); err != nil {
			return err
		}
	}
	places := make(map[*Row]store.Position, len(t.rows))
	for _, row := range t.rows {
		places[row] = t.position(row, sel.Sort)
	}
	before := func(a, b store.Position) int {
		if sel.Descending {
			a, b = b, a
		}
		return comparePositions(a, b)
	}
	if sel.After != nil {
		after := *sel.After
		if sel.Sort == "" {
			after.Sort = measure.Key{}
		}
		t.rows = slices.DeleteFunc(t.rows, func(row *Row) bool { return before(places[row], after) <= 0 })
	}
	slices.SortFunc(t.rows, func(a, b *Row) int { return before(places[a], places[b]) })
	if sel.Limit > 0 && int64(len(t.rows)) > sel.Limit {
		t.rows = t.rows[:sel.Limit]
	}
	for _, row := range t.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		given := *row
		if err := yield(&given); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// position is a row's place where rows are sorted by a column, "" for no other than their start.
func (t *table[Row]) position(row *Row, sort string) store.Position {
	p := store.Position{
		StartedAt:       t.number(row, "started_at"),
		ConversationKey: t.number(row, "conversation_key"),
		Number:          t.number(row, "number"),
	}
	if sort != "" {
		p.Sort = keyOf(t.columns[sort](row))
	}
	if t.columns["place"] != nil {
		p.Place = t.number(row, "place")
	}
	return p
}

func comparePositions(a, b store.Position) int {
	return cmp.Or(
		compareKeys(a.Sort, b.Sort), cmp.Compare(a.StartedAt, b.StartedAt), cmp.Compare(a.ConversationKey, b.ConversationKey),
		cmp.Compare(a.Number, b.Number), cmp.Compare(a.Place, b.Place),
	)
}

func compareKeys(a, b measure.Key) int {
	return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Int, b.Int))
}

func keyOf(field any) measure.Key {
	if text, ok := field.(*string); ok {
		return measure.Key{Text: *text}
	}
	return measure.Key{Int: fact.Int(field)}
}
