package measure

import "rapport/internal/fact"

func userMessages() Measure {
	return Measure{
		Name: "user_messages", Label: "User messages", Group: "Volume",
		Kind: KindCount, Unit: UnitMessages,
		Table: fact.Sessions, Numerator: sum("user_messages", Predicate{}),
		Formula:        "sum of messages of users",
		NumeratorWords: "messages of users",
		Source:         "spec.md §9.2",
	}
}
