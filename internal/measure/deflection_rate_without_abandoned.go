package measure

import "rapport/internal/fact"

func deflectionRateWithoutAbandoned() Measure {
	return Measure{
		Name: "deflection_rate_without_abandoned", Label: "Deflection rate without abandoned", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(resolved()),
		Denominator:      new(count(And(finished(), Is("outcome", 1, 2)))),
		Formula:          "resolved sessions / (resolved sessions + escalated sessions)",
		NumeratorWords:   "engaged sessions that are finished and were resolved, confirmed or implied",
		DenominatorWords: "engaged sessions that are finished and were resolved or escalated",
		Caveats:          "Abandoned sessions are in neither part: it rises when users who would have been escalated leave.",
		Source:           "spec.md §3.4; field.md §3b",
	}
}
