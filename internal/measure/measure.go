package measure

import "rapport/internal/fact"

// Kind is how a measure's integers become its value.
type Kind string

// The kinds.
const (
	KindCount Kind = "count" // Numerator
	KindRate  Kind = "rate"  // Numerator of Denominator, a share of the same rows: 0 to 1, with a Wilson interval
	KindRatio Kind = "ratio" // Numerator over Denominator, two totals that are no share
	KindMean  Kind = "mean"  // Numerator, a sum, over Denominator, how many
	KindRank  Kind = "rank"  // Numerator, a quantile
)

// Unit of a value.
type ValueUnit string

// The units of values.
const (
	UnitSessions      ValueUnit = "sessions"
	UnitConversations ValueUnit = "conversations"
	UnitUsers         ValueUnit = "users"
	UnitMessages      ValueUnit = "messages"
	UnitAnswers       ValueUnit = "answers"
	UnitShare         ValueUnit = "share" // 0 to 1, shown in per cent
	UnitScore         ValueUnit = "score" // 1 to 5
	UnitMilliseconds  ValueUnit = "ms"
	UnitNumber        ValueUnit = "number"
)

// Better says which way is good, for the colour of a change.
type Better int8

// The ways.
const (
	LowerIsBetter  Better = -1
	NeitherWay     Better = 0
	HigherIsBetter Better = 1
)

// Measure is one number that can be asked for: what it counts, over what, and what to know about it.
type Measure struct {
	Name  string // in queries, e.g. engagement_rate
	Label string // for people, e.g. Engagement rate
	Group string // section of docs and menus: Engagement, Outcomes, Satisfaction, Volume, Billing, Language
	Kind  Kind
	Unit  ValueUnit
	// Better says which way is good.
	Better Better

	Table       fact.Table
	Numerator   Aggregate
	Denominator *Aggregate // nil for counts and ranks
	// DenominatorTable is set when the denominator is of another table (billed to resolved).
	DenominatorTable fact.Table

	// Squares is set for means whose interval is asked for: the sum of squares of what Numerator sums.
	Squares *Aggregate

	// Words for people: one sentence each.
	Formula          string // e.g. engaged sessions / sessions
	NumeratorWords   string // what the numerator counts
	DenominatorWords string
	Caveats          string // what misleads; may be empty
	Source           string // spec.md or field.md section
}

// The conditions that measures share.
func engaged() Predicate   { return Is("engaged", 1) }
func unengaged() Predicate { return Is("engaged", 0) }
func finished() Predicate  { return And(engaged(), IsFinished()) } // engaged and over: what outcome rates are of
func resolved() Predicate  { return And(finished(), Is("outcome", 1)) }
func escalated() Predicate { return And(finished(), Is("outcome", 2)) }
func abandoned() Predicate { return And(finished(), Is("outcome", 3)) }
func confirmed() Predicate { return And(resolved(), Except(Is("resolution", 2))) }
func implied() Predicate   { return And(resolved(), Is("resolution", 2)) }
func byUser() Predicate    { return Is("started_by", 2) }
func byBot() Predicate     { return Except(byUser()) } // also sessions without any message, e.g. only an event
func answered() Predicate  { return AtLeast("user_messages", 1) }
func timed() Predicate     { return Is("untimed", 0) }
func withUser() Predicate  { return Except(Is("user_key", 0)) }
func scored() Predicate    { return Is("csat", 1, 2, 3, 4, 5) }
func asked() Predicate     { return Or(Is("csat_asked", 1), scored()) }

// notUnanswered leaves out what the bot started and nobody answered.
func notUnanswered() Predicate { return Or(byUser(), answered()) }

func count(where Predicate) Aggregate { return Aggregate{Func: Count, Where: where} }

func sum(column string, where Predicate) Aggregate {
	return Aggregate{Func: Sum, Column: column, Where: where}
}
