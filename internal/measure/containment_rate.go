package measure

import "rapport/internal/fact"

func containmentRate() Measure {
	return Measure{
		Name: "containment_rate", Label: "Containment rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(And(IsFinished(), Except(And(engaged(), Is("outcome", 2))))),
		Denominator:      new(count(IsFinished())),
		Formula:          "finished sessions that were not escalated / finished sessions",
		NumeratorWords:   "finished sessions that did not end with a hand-off to a person, unengaged ones too",
		DenominatorWords: "all finished sessions",
		Caveats: "Unengaged and abandoned sessions count as contained, so a bot that nobody talks to contains everything. Nobody " +
			"is followed to another channel or back within a day, as the strictest definition asks.",
		Source: "field.md §3b",
	}
}
