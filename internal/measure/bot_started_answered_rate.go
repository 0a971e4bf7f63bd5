package measure

import "rapport/internal/fact"

func botStartedAnsweredRate() Measure {
	return Measure{
		Name: "bot_started_answered_rate", Label: "Bot-started sessions answered", Group: "Engagement",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(And(byBot(), answered())),
		Denominator:      new(count(byBot())),
		Formula:          "bot-started sessions with a message of the user / bot-started sessions",
		NumeratorWords:   "bot-started sessions in which the user wrote at least once",
		DenominatorWords: "sessions whose first message is the bot's, and those without any message",
		Caveats:          "A click on a button that sends no message is no answer.",
		Source:           "spec.md §8 #35",
	}
}
