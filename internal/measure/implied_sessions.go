package measure

import "rapport/internal/fact"

func impliedSessions() Measure {
	return Measure{
		Name: "implied_sessions", Label: "Implied sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(implied()),
		Formula:        "resolved sessions - confirmed sessions",
		NumeratorWords: "engaged sessions that are finished and were resolved without a word of the user about it",
		Caveats:        "Silence read as success.",
		Source:         "spec.md §3.2",
	}
}
