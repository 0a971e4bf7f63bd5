// Package metric answers questions about sessions: a Query is data, what it asks of a store are plans of package measure, and the Result
// carries with every number what it is made of (DESIGN.md, laws 6 to 8).
//
// Stores return integers; rates, means, intervals, changes and drivers are computed here, once.
package metric

import (
	"context"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// Query is one question. The JSON is that of the API.
type Query struct {
	// Measures by name, at least one.
	Measures []string `json:"measures"`
	// Dimensions to group by, at most four; "time" is the bucket of Grain. docs/metrics.md lists them.
	Dimensions []string `json:"dimensions,omitempty"`
	// Filters all hold. Without a filter on kind, or kind as a dimension, only chat counts.
	Filters []Filter `json:"filters,omitempty"`
	// Range; nil asks for the default range, or for the last one that has data.
	Range *Range `json:"range,omitempty"`
	// Zone is an IANA name; "" means the default.
	Zone string `json:"zone,omitempty"`
	// Grain of the dimension time: hour, day, week, month.
	Grain measure.Unit `json:"grain,omitempty"`
	// Comparison with another range; nil for none.
	Comparison *Comparison `json:"comparison,omitempty"`
	// Definition is a name in force; "" means the default.
	Definition string `json:"definition,omitempty"`
	// AsOf is a moment, RFC 3339; "" means now for a server. See DESIGN.md, law 8.
	AsOf string `json:"as_of,omitempty"`
	// MinimumCount is the denominator below which a rate or mean is "too few"; nil means DefaultMinimumCount.
	MinimumCount *int64 `json:"minimum_count,omitempty"`
	// Sort is a measure or dimension of the query, "-" in front for descending; "" sorts by the dimensions. What has no value is last. Limit 0
	// means all; what is cut off is counted.
	Sort  string `json:"sort,omitempty"`
	Limit int64  `json:"limit,omitempty"`
}

// DefaultMinimumCount is the denominator below which a rate or mean is not shown as a number.
const DefaultMinimumCount = 10

// Filter keeps, or with Exclude leaves out, rows whose dimension has one of the values.
type Filter struct {
	Dimension string   `json:"dimension"`
	Exclude   bool     `json:"exclude,omitempty"`
	Values    []string `json:"values"`
}

// Range is a time range: days of the zone, "2026-04-01", of which To is the last; or moments, RFC 3339, of which To is the first not in it.
// An end that is "" is open; without both it is all time, sessions without times included unless time is a dimension.
type Range struct {
	From string `json:"from" required:"false"`
	To   string `json:"to" required:"false"`
}

// Comparison is with what: previous (the period of equal length before), year (the same a year earlier) or custom (Range).
type Comparison struct {
	Kind string `json:"kind"`
	// MatchWeekday moves the range by up to three days so that it starts on the same weekday; a previous one only back, by up to six, so that
	// the two do not overlap.
	MatchWeekday bool   `json:"match_weekday,omitempty"`
	Range        *Range `json:"range,omitempty"`
}

// Value is the value of one measure: the number with what it is made of. Value is nil where there is none: no denominator, or too few.
type Value struct {
	Value       *float64 `json:"value"`
	Numerator   *int64   `json:"numerator,omitempty"`
	Denominator *int64   `json:"denominator,omitempty"`
	// Low and High bound the 95 % interval: Wilson's for rates, Student's for means.
	Low  *float64 `json:"low,omitempty"`
	High *float64 `json:"high,omitempty"`
	// TooFew is set where the denominator is below the minimum count, or where ids are hardly ever reused (returning users).
	TooFew bool `json:"too_few,omitempty"`
}

// Change is from the comparison to now. Points is for rates (a difference of shares); Relative for all else ((now-then)/then). New says
// that there was nothing to compare with: 0, or no denominator. All are empty where there is no value now, or was one of too few.
type Change struct {
	Points   *float64 `json:"points,omitempty"`
	Relative *float64 `json:"relative,omitempty"`
	New      bool     `json:"new,omitempty"`
}

// Row is one group. Keys are by dimension, in the order of the query, as words ("" for unknown); time as the bucket's start, RFC 3339 with
// the zone's offset. Values, Before and Changes are by measure; Before and Changes are nil without a comparison.
type Row struct {
	Keys    []string `json:"keys"`
	Labels  []string `json:"labels"` // what people read for each key: a topic's name, a bot's name
	Values  []Value  `json:"values"`
	Before  []Value  `json:"before,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	// BeforeKeys are the keys of the row compared with, where time is a dimension: buckets are laid side by side in their order.
	BeforeKeys []string `json:"before_keys,omitempty"`
	// Partial says that the bucket is not over as of the query, that sessions in it are still open, or that the range holds only a part of it.
	Partial bool `json:"partial,omitempty"`
}

// Period is a range as it was answered.
type Period struct {
	From string `json:"from"` // RFC 3339 in the zone; "" where the range is open
	To   string `json:"to"`   // exclusive
	// Chosen says why: given, default, or last_with_data.
	Chosen string `json:"chosen,omitempty"`
}

// Header is what every answer carries.
type Header struct {
	Generation int64  `json:"generation"`
	Definition string `json:"definition"` // name@version
	Catalogue  int64  `json:"catalogue_version"`
	Revision   int64  `json:"engine_revision"`
	Stale      bool   `json:"stale,omitempty"` // an older projection serves until the new one is derived
	Zone       string `json:"zone"`
	AsOf       string `json:"as_of,omitempty"` // "" where everything is read as closed
	// Untimed is how many sessions a range left out because they have no time.
	Untimed int64 `json:"untimed,omitempty"`
}

// Result is the answer to a Query.
type Result struct {
	Header
	Period     *Period  `json:"period,omitempty"` // nil when there is no data at all and no range was given
	Compared   *Period  `json:"compared,omitempty"`
	Measures   []string `json:"measures"`
	Dimensions []string `json:"dimensions"`
	Rows       []Row    `json:"rows"`
	// Total is the answer without dimensions, under the same filters.
	Total Row `json:"total"`
	// More is how many rows Limit cut off.
	More int64 `json:"more,omitempty"`
	// Notes are sentences for people: which range was chosen, what was left out.
	Notes []string `json:"notes,omitempty"`
}

// Facts is what a store gives: one projection in one snapshot.
type Facts interface {
	Aggregate(ctx context.Context, plan measure.Plan) ([]measure.Row, error)
}

// Context is what surrounds a query: whose projection, when, what things are called.
type Context struct {
	Facts Facts
	Header
	// Now is the moment to answer as of unless the query says otherwise; the zero time reads everything as closed.
	Now time.Time
	// Zone is the default zone.
	Zone *time.Location
	// BotName gives a bot's name for people; may be nil.
	BotName func(bot string) string
}

// Selection is what a drill-down lists: the rows behind one value of an answer, by the predicate that counted them.
type Selection struct {
	Table    fact.Table
	Where    measure.Predicate
	AsOf     int64 // ms; 0 reads everything as closed
	Ranged   bool
	From, To int64 // ms, To exclusive
}
