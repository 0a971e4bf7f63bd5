package measure

import "rapport/internal/fact"

func botMessages() Measure {
	return Measure{
		Name: "bot_messages", Label: "Bot messages", Group: "Volume",
		Kind: KindCount, Unit: UnitMessages,
		Table: fact.Sessions, Numerator: sum("bot_messages", Predicate{}),
		Formula:        "sum of messages of bots",
		NumeratorWords: "messages of bots",
		Caveats:        "Bots differ in how they cut one answer into messages.",
		Source:         "spec.md §9.2",
	}
}
