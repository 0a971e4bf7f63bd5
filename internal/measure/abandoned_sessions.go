package measure

import "rapport/internal/fact"

func abandonedSessions() Measure {
	return Measure{
		Name: "abandoned_sessions", Label: "Abandoned sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(abandoned()),
		Formula:        "engaged finished sessions that were abandoned",
		NumeratorWords: "engaged sessions that are finished and were abandoned: over, and neither resolved nor escalated",
		Caveats:        "A user who got what they needed from an answer and left counts here where the topic does not end with End of Conversation.",
		Source:         "spec.md §3.1",
	}
}
