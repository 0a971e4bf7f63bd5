package measure

import "rapport/internal/fact"

func turnsPerSession() Measure {
	return Measure{
		Name: "turns_per_session", Label: "Turns per session", Group: "Volume",
		Kind: KindMean, Unit: UnitNumber,
		Table: fact.Sessions, Numerator: sum("turns", Predicate{}),
		Denominator:      new(count(Predicate{})),
		Squares:          new(Aggregate{Func: SumSquares, Column: "turns"}),
		Formula:          "turns / sessions",
		NumeratorWords:   "messages of both sides",
		DenominatorWords: "all sessions",
		Caveats:          "Greetings that nobody answers pull it down.",
		Source:           "spec.md §1.3, §9.2; §5.9",
	}
}
