package measure

import "rapport/internal/fact"

func engagementRate() Measure {
	return Measure{
		Name: "engagement_rate", Label: "Engagement rate", Group: "Engagement",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(engaged()),
		Denominator:      new(count(Predicate{})),
		Formula:          "engaged sessions / sessions",
		NumeratorWords:   "sessions that entered a custom topic or Escalate, or whatever else the definition says engages",
		DenominatorWords: "all sessions",
		Caveats: "A bot that speaks first adds unengaged sessions: compare user_started_engagement_rate and " +
			"engagement_rate_without_unanswered. Other tools call the share of sessions in which the user replied by this " +
			"name: that is the definition user-replied.",
		Source: "spec.md §5.1, §1.4; field.md §3b",
	}
}
