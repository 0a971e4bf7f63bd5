package measure

import "rapport/internal/fact"

func billedTurns() Measure {
	return Measure{
		Name: "billed_turns", Label: "Billed turns", Group: "Billing",
		Kind: KindCount, Unit: UnitNumber,
		Table: fact.BilledOnes, Numerator: sum("turns", Predicate{}),
		Formula:        "sum of exchanges of billed sessions",
		NumeratorWords: "exchanges between user and bot: messages of the user while a billed session is open",
		Caveats:        "Not the turns of an analytics session, which count both sides.",
		Source:         "spec.md §2",
	}
}
