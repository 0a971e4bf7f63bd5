package measure

import "rapport/internal/fact"

func escalatedSessions() Measure {
	return Measure{
		Name: "escalated_sessions", Label: "Escalated sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(escalated()),
		Formula:        "engaged finished sessions that were escalated",
		NumeratorWords: "engaged sessions that are finished and ended in a hand-off to a person",
		Caveats:        "A hand-off counts whether or not a person took it.",
		Source:         "spec.md §3.1, §8 #24",
	}
}
