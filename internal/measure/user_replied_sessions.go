package measure

import "rapport/internal/fact"

func userRepliedSessions() Measure {
	return Measure{
		Name: "user_replied_sessions", Label: "Sessions with a user reply", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(answered()),
		Formula:        "sessions with a message of the user",
		NumeratorWords: "sessions in which the user wrote at least once, whoever wrote first",
		Caveats: "A click on a button that sends no message is no reply. Some of these are not engaged, and a session that a topic engaged " +
			"by itself may be engaged without one.",
		Source: "spec.md §1.4; field.md §3b",
	}
}
