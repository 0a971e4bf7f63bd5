package measure

import "rapport/internal/fact"

func deflectionRate() Measure {
	return Measure{
		Name: "deflection_rate", Label: "Deflection rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(And(finished(), Except(Is("outcome", 2)))),
		Denominator:      new(count(finished())),
		Formula:          "(engaged finished sessions - escalated sessions) / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and did not end in a hand-off to a person",
		DenominatorWords: "engaged sessions that are finished",
		Caveats: "Abandoned sessions count as deflected, which each organisation decides for itself: compare " +
			"deflection_rate_without_abandoned. Never show it without its formula.",
		Source: "spec.md §3.4; field.md §3b",
	}
}
