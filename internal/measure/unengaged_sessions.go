package measure

import "rapport/internal/fact"

func unengagedSessions() Measure {
	return Measure{
		Name: "unengaged_sessions", Label: "Unengaged sessions", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(unengaged()),
		Formula:        "sessions - engaged sessions",
		NumeratorWords: "sessions that are not engaged; an open one may still become so",
		Caveats:        "Sessions that only ran a tool are unengaged under the definitions of 2024 and before, however long they are.",
		Source:         "spec.md §1.4, §5.1",
	}
}
