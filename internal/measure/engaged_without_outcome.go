package measure

import "rapport/internal/fact"

func engagedWithoutOutcome() Measure {
	return Measure{
		Name: "engaged_without_outcome", Label: "Engaged without outcome", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(And(finished(), Is("outcome", 0))),
		Formula:        "engaged finished sessions - resolved - escalated - abandoned",
		NumeratorWords: "engaged sessions that are finished and that a platform gave no outcome",
		Caveats:        "Derived sessions always have one. Sessions without it count in the denominator of every outcome rate.",
		Source:         "spec.md §8 #27",
	}
}
