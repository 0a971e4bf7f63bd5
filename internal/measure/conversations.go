package measure

import "rapport/internal/fact"

func conversations() Measure {
	return Measure{
		Name: "conversations", Label: "Conversations", Group: "Volume",
		Kind: KindCount, Unit: UnitConversations,
		Table: fact.Sessions, Numerator: Aggregate{Func: Distinct, Column: "conversation_key"},
		Formula:        "different conversations with a session in the range",
		NumeratorWords: "different conversations of the sessions",
		Caveats:        "A conversation with sessions in two groups, such as two days, counts in both: groups do not add up to the total.",
		Source:         "spec.md §1.1",
	}
}
