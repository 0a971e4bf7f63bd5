package measure

import "rapport/internal/fact"

func userReplyRate() Measure {
	return Measure{
		Name: "user_reply_rate", Label: "User reply rate", Group: "Engagement",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(answered()),
		Denominator:      new(count(Predicate{})),
		Formula:          "sessions with a message of the user / sessions",
		NumeratorWords:   "sessions in which the user wrote at least once, whoever wrote first",
		DenominatorWords: "all sessions",
		Caveats: "Other tools call this the engagement rate; see engagement_rate. A bot that speaks first lowers it: bot_started_answered_rate " +
			"looks at those sessions alone.",
		Source: "spec.md §1.4; field.md §3b",
	}
}
