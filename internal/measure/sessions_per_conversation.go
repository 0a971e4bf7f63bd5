package measure

import "rapport/internal/fact"

func sessionsPerConversation() Measure {
	return Measure{
		Name: "sessions_per_conversation", Label: "Sessions per conversation", Group: "Volume",
		Kind: KindRatio, Unit: UnitNumber,
		Table: fact.Sessions, Numerator: count(Predicate{}),
		Denominator:      new(Aggregate{Func: Distinct, Column: "conversation_key"}),
		Formula:          "sessions / conversations",
		NumeratorWords:   "sessions",
		DenominatorWords: "different conversations of the sessions",
		Caveats:          "A conversation that reaches beyond the range counts with its sessions inside.",
		Source:           "spec.md §1.1",
	}
}
