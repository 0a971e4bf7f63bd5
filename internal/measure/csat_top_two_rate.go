package measure

import "rapport/internal/fact"

func csatTopTwoRate() Measure {
	return Measure{
		Name: "csat_top_two_rate", Label: "CSAT, satisfied", Group: "Satisfaction",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(Is("csat", 4, 5)),
		Denominator:      new(count(scored())),
		Formula:          "sessions with a score of 4 or 5 / sessions with a score",
		NumeratorWords:   "sessions whose last score is 4 or 5",
		DenominatorWords: "sessions that gave a score",
		Caveats:          "Some tools call this figure CSAT, where the platform shows the mean.",
		Source:           "field.md §3b; spec.md §5.9",
	}
}
