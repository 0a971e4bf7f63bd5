package measure

import "rapport/internal/fact"

func reusedConversationShare() Measure {
	return Measure{
		Name: "reused_conversation_share", Label: "Conversations with a reused user id", Group: "Volume",
		Kind: KindRate, Unit: UnitShare,
		Table: fact.Sessions, Numerator: Aggregate{Func: Reused, Column: "user_key", Per: "conversation_key", Where: withUser()},
		Denominator:      new(Aggregate{Func: Distinct, Column: "conversation_key", Where: withUser()}),
		Formula:          "conversations of returning users / conversations with a user",
		NumeratorWords:   "different conversations whose user id stands in another conversation too",
		DenominatorWords: "different conversations that have a user id",
		Caveats:          "Near 0, ids are made anew for every conversation, and users and returning users mean nothing.",
		Source:           "DESIGN.md, Definitions",
	}
}
