package measure

import "rapport/internal/fact"

func confirmedSessions() Measure {
	return Measure{
		Name: "confirmed_sessions", Label: "Confirmed sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(confirmed()),
		Formula:        "resolved sessions that the user confirmed",
		NumeratorWords: "engaged sessions that are finished and in which the user said that it helped",
		Caveats:        "A resolution that the platform does not mark as implied counts as confirmed.",
		Source:         "spec.md §3.2",
	}
}
