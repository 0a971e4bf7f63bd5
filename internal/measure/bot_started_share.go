package measure

import "rapport/internal/fact"

func botStartedShare() Measure {
	return Measure{
		Name: "bot_started_share", Label: "Share of bot-started sessions", Group: "Engagement",
		Kind: KindRate, Unit: UnitShare,
		Table: fact.Sessions, Numerator: count(byBot()),
		Denominator:      new(count(Predicate{})),
		Formula:          "bot-started sessions / sessions",
		NumeratorWords:   "sessions whose first message is the bot's, and those without any message",
		DenominatorWords: "all sessions",
		Source:           "spec.md §1.1, §8 #35",
	}
}
