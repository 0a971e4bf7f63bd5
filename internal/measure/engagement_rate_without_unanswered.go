package measure

import "rapport/internal/fact"

func engagementRateWithoutUnanswered() Measure {
	return Measure{
		Name: "engagement_rate_without_unanswered", Label: "Engagement rate without unanswered", Group: "Engagement",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(And(engaged(), notUnanswered())),
		Denominator:      new(count(notUnanswered())),
		Formula:          "engaged sessions / sessions, both without bot-started sessions that nobody answered",
		NumeratorWords:   "engaged sessions that the user started or wrote in",
		DenominatorWords: "sessions that the user started or wrote in",
		Caveats:          "It is higher than engagement_rate for every bot that greets; do not compare it with the platform's figure.",
		Source:           "spec.md §8 #35",
	}
}
