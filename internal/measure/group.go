package measure

import (
	"sort"
	"time"

	"rapport/internal/fact"
)

const (
	msOfHour = 60 * 60 * 1000
	msOfDay  = 24 * msOfHour
)

// Key is the row's key of the group. field, said and asOf are as in Predicate.Holds. It is the meaning of groups: what a store compiles
// must agree with it.
func (g *Group) Key(field func(column string) any, said func(text string) bool, asOf int64) Key {
	if g.Where != nil && !g.Where.Holds(field, said, asOf) {
		return g.Else
	}
	f := field(g.Column)
	switch {
	case g.Unit != "":
		return Key{Int: Bucket(fact.Int(f), g.Unit, g.Offsets)}
	case g.Bounds != nil:
		v := fact.Int(f)
		return Key{Int: int64(sort.Search(len(g.Bounds), func(i int) bool { return g.Bounds[i] > v }))}
	case fact.IsText(f):
		return Key{Text: *f.(*string)}
	default:
		return Key{Int: fact.Int(f)}
	}
}

// Bucket is the key of the bucket that a moment (ms) falls into, as Group says.
func Bucket(ms int64, unit Unit, offsets []Offset) int64 {
	add := OffsetAt(ms, offsets)
	local := ms + add
	day := FloorDiv(local, msOfDay)
	switch unit {
	case Hour:
		return FloorDiv(local, msOfHour)*2*msOfDay - add
	case Day:
		return day
	case Week:
		return FloorDiv(day+3, 7)
	case Month:
		y, m, _ := time.Unix(day*msOfDay/1000, 0).UTC().Date()
		return 12*int64(y-1970) + int64(m) - 1
	case Weekday:
		return FloorMod(day+3, 7) + 1
	case HourOfDay:
		return FloorDiv(local, msOfHour) - 24*day
	default:
		panic("measure: unknown unit " + string(unit))
	}
}

// OffsetAt is what the zone adds at a moment; 0 where there is no list.
func OffsetAt(ms int64, offsets []Offset) int64 {
	add := int64(0)
	for i, o := range offsets {
		if i == 0 || o.From <= ms {
			add = o.Add
		}
	}
	return add
}

// FloorDiv is a/b rounded down, for b above 0.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// FloorMod is what FloorDiv leaves, from 0 to b-1.
func FloorMod(a, b int64) int64 { return a - FloorDiv(a, b)*b }
