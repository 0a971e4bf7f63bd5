package measure

import "rapport/internal/fact"

func csatResponseRate() Measure {
	return Measure{
		Name: "csat_response_rate", Label: "Survey response rate", Group: "Satisfaction",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(scored()),
		Denominator:      new(count(asked())),
		Formula:          "sessions with a score / sessions that were asked",
		NumeratorWords:   "sessions that gave a score",
		DenominatorWords: "sessions in which the survey was shown, or a score is known without that",
		Caveats:          "A sessions CSV with scores does not say who was asked: there it is always 1.",
		Source:           "spec.md §5.2",
	}
}
