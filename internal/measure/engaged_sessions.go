package measure

import "rapport/internal/fact"

func engagedSessions() Measure {
	return Measure{
		Name: "engaged_sessions", Label: "Engaged sessions", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(engaged()),
		Formula:        "engaged sessions",
		NumeratorWords: "sessions that became engaged, open ones too",
		Caveats:        "What engages is the definition's to say; five readings are in use.",
		Source:         "spec.md §1.4",
	}
}
