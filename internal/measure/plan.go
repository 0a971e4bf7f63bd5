package measure

import "rapport/internal/fact"

// Func is how rows become one integer.
type Func uint8

// The functions. All are exact.
const (
	Count      Func = iota // rows
	Sum                    // of Column
	SumSquares             // of Column, for the interval of a mean
	Distinct               // different values of Column, 0 and "" left out
	// Rank is the nearest-rank quantile of Column: the smallest value that at least PerMille/1000 of the rows do not exceed, so 0 is the
	// least value and 1000 the largest. Absent (Row.Valid false) when no row counts.
	Rank
	// Returning is how many different values of Column (users, 0 left out) stand in rows of at least two different values of Per
	// (conversations), within the group.
	Returning
	// Reused is how many different values of Per stand in rows whose value of Column is Returning.
	Reused
)

// Aggregate is one integer over the rows for which Where holds.
type Aggregate struct {
	Func   Func
	Column string // of Sum, SumSquares, Distinct, Rank, Returning, Reused
	// Plus are further columns that Sum adds along: the sum of Column and all of them, e.g. of every state of a generated answer.
	Plus     []string
	Per      string // of Returning, Reused
	PerMille int64  // of Rank
	Where    Predicate
}

// Unit is what a bucket of time is.
type Unit string

// The units. Hours are those of the zone's clock: one that it repeats is two. Weeks start on Monday.
const (
	Hour      Unit = "hour"
	Day       Unit = "day"
	Week      Unit = "week"
	Month     Unit = "month"
	Weekday   Unit = "weekday"     // 1 Monday to 7 Sunday
	HourOfDay Unit = "hour_of_day" // 0 to 23
)

// Offset is what a zone adds to UTC (ms) from a moment (ms) on, until the next. The first of a list holds from the beginning of time.
type Offset struct{ From, Add int64 }

// Group is one thing that rows are grouped by: exactly one of its forms.
type Group struct {
	// Column alone: by its value.
	Column string
	// Bounds: a number in ranges; the key is how many of the bounds are at most the value, so 0 is below the first.
	Bounds []int64
	// Unit and Offsets: Column, a time in ms, by a bucket of the zone's time. With local = ms + offset and floor division, the key is
	// for Day local/86400000, the day since 1970; for Week (day+3)/7; for Month 12*(year-1970)+month-1; for Weekday (day+3)%7+1; for
	// HourOfDay local/3600000 - 24*day; for Hour local/3600000*172800000 - offset, the hour of the clock and what the zone adds in it,
	// which is two keys for an hour that clocks repeat. (No offset is a day, so two days keep hours apart.)
	Unit    Unit
	Offsets []Offset
	// Where narrows any of the forms: a row for which it does not hold has the key Else (of the same type as the others). Nil is every row.
	Where *Predicate
	Else  Key
}

// Plan is one question to one table: the aggregates of the rows for which Where holds, grouped. Rows come back in the order of their keys.
type Plan struct {
	Table      fact.Table // Sessions or BilledOnes
	Where      Predicate
	Groups     []Group
	Aggregates []Aggregate
	// AsOf is the moment (ms) that Finished means; 0 for never open. Rows that start after it are left out.
	AsOf int64
	// From and To bound started_at: from From (ms, inclusive) to To (exclusive). Rows without times are left out when Ranged.
	Ranged   bool
	From, To int64
}

// Key is one key of a row: text for a text column, else a number.
type Key struct {
	Text string
	Int  int64
}

// Row is the answer for one group. Without groups there is exactly one row, whatever there is to count.
type Row struct {
	Keys   []Key
	Values []int64
	Valid  []bool // false where there is no value: Rank of no rows
}
