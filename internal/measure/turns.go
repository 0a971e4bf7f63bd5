package measure

import "rapport/internal/fact"

func turns() Measure {
	return Measure{
		Name: "turns", Label: "Turns", Group: "Volume",
		Kind: KindCount, Unit: UnitMessages,
		Table: fact.Sessions, Numerator: sum("turns", Predicate{}),
		Formula:        "sum of turns",
		NumeratorWords: "messages of both sides, also those with a card alone; where the platform says how many, its count",
		Caveats:        "A turn of a billed session is an exchange: see billed_turns.",
		Source:         "spec.md §1.3, §9.2",
	}
}
