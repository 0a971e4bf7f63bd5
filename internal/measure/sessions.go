package measure

import "rapport/internal/fact"

func sessions() Measure {
	return Measure{
		Name: "sessions", Label: "Sessions", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(Predicate{}),
		Formula:        "sessions",
		NumeratorWords: "sessions that started in the range",
		Caveats: "A bot that speaks first, or that is embedded on a web page, adds a session for every visitor: compare " +
			"user_started_sessions.",
		Source: "spec.md §1.1, §5.1",
	}
}
