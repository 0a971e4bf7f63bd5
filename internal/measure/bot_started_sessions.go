package measure

import "rapport/internal/fact"

func botStartedSessions() Measure {
	return Measure{
		Name: "bot_started_sessions", Label: "Bot-started sessions", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(byBot()),
		Formula:        "sessions - user-started sessions",
		NumeratorWords: "sessions whose first message is the bot's, and those without any message",
		Caveats:        "A sessions CSV whose row names no first speaker counts here.",
		Source:         "spec.md §1.1, §8 #35",
	}
}
