package measure

import "rapport/internal/fact"

func billedPerResolved() Measure {
	return Measure{
		Name: "billed_per_resolved", Label: "Billed sessions per resolved session", Group: "Billing",
		Kind: KindRatio, Unit: UnitNumber, Better: LowerIsBetter,
		Table: fact.BilledOnes, Numerator: count(Predicate{}),
		Denominator: new(count(resolved())), DenominatorTable: fact.Sessions,
		Formula:          "billed sessions / resolved sessions",
		NumeratorWords:   "billed sessions",
		DenominatorWords: "engaged sessions that are finished and were resolved",
		Caveats: "Two totals side by side, no share: the resolved sessions need not be the billed ones. By topic, billed sessions " +
			"stand at the topic that opened them, resolved ones at the topic they are attributed to.",
		Source: "spec.md §2, §5.1",
	}
}
