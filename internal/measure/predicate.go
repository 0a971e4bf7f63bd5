// Package measure says what can be counted: predicates and aggregates over the columns of facts, as data, and every measure of Rapport
// made of them, one file each.
//
// A measure is never SQL. Stores compile what this package says, or evaluate it row by row; both give the same integers.
package measure

import (
	"slices"

	"rapport/internal/fact"
)

// Op is what a predicate does.
type Op uint8

// The operations. True is the zero value: a predicate that was not given holds for every row.
const (
	True     Op = iota
	AllOf       // every one of Of
	AnyOf       // at least one of Of; an empty AnyOf is false
	Not         // not the first of Of
	In          // Column is one of Ints, or of Texts
	Between     // Column, a number, is at least Low and at most High
	Finished    // the session is not open any more; the plan says as of when
	Said        // the user said something that contains Texts[0], in any case (session table only)
	GroupIn     // the row's key of Group is one of Ints, or of Texts where the keys of Group are text
)

// Predicate is a condition on the columns of one row, as data.
type Predicate struct {
	Op        Op
	Column    string
	Ints      []int64
	Texts     []string
	Low, High int64
	Of        []Predicate
	Group     *Group // of GroupIn
}

// Is holds where a number, a code or a bool has one of the values.
func Is(column string, values ...int64) Predicate {
	return Predicate{Op: In, Column: column, Ints: values}
}

// IsText holds where a text has one of the values.
func IsText(column string, values ...string) Predicate {
	return Predicate{Op: In, Column: column, Texts: values}
}

// AtLeast holds where a number is at least low.
func AtLeast(column string, low int64) Predicate {
	return Predicate{Op: Between, Column: column, Low: low, High: 1<<63 - 1}
}

// And holds where all hold. Nothing is And of nothing.
func And(of ...Predicate) Predicate {
	var kept []Predicate
	for _, p := range of {
		switch p.Op {
		case True:
		case AllOf:
			kept = append(kept, p.Of...)
		default:
			kept = append(kept, p)
		}
	}
	switch len(kept) {
	case 0:
		return Predicate{}
	case 1:
		return kept[0]
	}
	return Predicate{Op: AllOf, Of: kept}
}

// Or holds where one holds.
func Or(of ...Predicate) Predicate { return Predicate{Op: AnyOf, Of: of} }

// Except holds where p does not.
func Except(p Predicate) Predicate { return Predicate{Op: Not, Of: []Predicate{p}} }

// IsFinished holds for sessions that are not open.
func IsFinished() Predicate { return Predicate{Op: Finished} }

// Holds evaluates p for a row. field gives the row's field for a column; said answers Said; asOf is the moment of Finished, 0 for never
// open. It is the meaning of predicates: what a store compiles must agree with it.
func (p *Predicate) Holds(field func(column string) any, said func(text string) bool, asOf int64) bool {
	switch p.Op {
	case True:
		return true
	case AllOf:
		for i := range p.Of {
			if !p.Of[i].Holds(field, said, asOf) {
				return false
			}
		}
		return true
	case AnyOf:
		for i := range p.Of {
			if p.Of[i].Holds(field, said, asOf) {
				return true
			}
		}
		return false
	case Not:
		return !p.Of[0].Holds(field, said, asOf)
	case In:
		f := field(p.Column)
		if s, ok := f.(*string); ok {
			for _, t := range p.Texts {
				if t == *s {
					return true
				}
			}
			return false
		}
		v := fact.Int(f)
		for _, i := range p.Ints {
			if i == v {
				return true
			}
		}
		return false
	case Between:
		v := fact.Int(field(p.Column))
		return v >= p.Low && v <= p.High
	case Finished:
		return asOf == 0 || fact.Int(field("closes_at")) <= asOf
	case Said:
		return said(p.Texts[0])
	case GroupIn:
		key := p.Group.Key(field, said, asOf)
		return slices.Contains(p.Ints, key.Int) && p.Texts == nil || slices.Contains(p.Texts, key.Text)
	default:
		panic("measure: unknown operation")
	}
}
