package measure

import "rapport/internal/fact"

func userMessagesPerSession() Measure {
	return Measure{
		Name: "user_messages_per_session", Label: "User messages per session", Group: "Volume",
		Kind: KindMean, Unit: UnitNumber,
		Table: fact.Sessions, Numerator: sum("user_messages", Predicate{}),
		Denominator:      new(count(Predicate{})),
		Squares:          new(Aggregate{Func: SumSquares, Column: "user_messages"}),
		Formula:          "user messages / sessions",
		NumeratorWords:   "messages of users",
		DenominatorWords: "all sessions",
		Caveats:          "Greetings that nobody answers pull it down.",
		Source:           "spec.md §9.2",
	}
}
