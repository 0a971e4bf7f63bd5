// Package fact is what stores keep of sessions: flat rows, one a session, and the one list of columns that schema, metrics, exports and
// docs share.
//
// A fact carries everything that a number can be counted by, and nothing that somebody said; what users said is a row of its own, so
// that it can be searched, listed and governed apart (DESIGN.md, law 10).
package fact

import "slices"

// Class says who may see a column (DESIGN.md, law 10).
type Class string

// The classes.
const (
	Number     Class = "number"     // counts, times, scores
	Label      Class = "label"      // words from small sets: channel, topic, outcome
	Identifier Class = "identifier" // names a person or a conversation
	Text       Class = "text"       // what somebody wrote
)

// Column is one column of a table. The row's field is reached by Of, so that there is one list for writing, reading and evaluating.
type Column[Row any] struct {
	Name    string
	Class   Class
	Meaning string
	// Codes are the words of a closed set; the field holds the index. Words are only ever added at the end: stores keep the index.
	Codes []string
	// Of is a pointer to the field: *int64, *uint8 (a code), *bool or *string.
	Of func(*Row) any
}

// Table is a kind of fact.
type Table string

// The tables.
const (
	Sessions   Table = "session"   // analytics sessions
	BilledOnes Table = "billed"    // billed sessions
	Utterances Table = "utterance" // what was said in sessions
)

// Int is a field as a number: a bool is 0 or 1. It panics for text, which is a fault of the caller.
func Int(field any) int64 {
	switch f := field.(type) {
	case *int64:
		return *f
	case *uint8:
		return int64(*f)
	case *bool:
		if *f {
			return 1
		}
		return 0
	default:
		panic("fact: not a number")
	}
}

// IsText reports whether a field is text.
func IsText(field any) bool {
	_, ok := field.(*string)
	return ok
}

// Codes are the closed sets of a table, by column.
func Codes[Row any](columns []Column[Row]) map[string][]string {
	sets := map[string][]string{}
	for _, c := range columns {
		if c.Codes != nil {
			sets[c.Name] = c.Codes
		}
	}
	return sets
}

// CodesOf is the closed set of one column. It panics where there is no such column, which is a fault of the caller.
func CodesOf[Row any](columns []Column[Row], name string) []string {
	return columns[slices.IndexFunc(columns, func(c Column[Row]) bool { return c.Name == name })].Codes
}

// Word is the word of a code in a closed set; "" for a code of a later version.
func Word(codes []string, code uint8) string {
	if int(code) >= len(codes) {
		return ""
	}
	return codes[code]
}
