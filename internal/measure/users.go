package measure

import "rapport/internal/fact"

func users() Measure {
	return Measure{
		Name: "users", Label: "Users", Group: "Volume",
		Kind: KindCount, Unit: UnitUsers,
		Table: fact.Sessions, Numerator: Aggregate{Func: Distinct, Column: "user_key", Where: withUser()},
		Formula:        "different users with a session in the range",
		NumeratorWords: "different users of the sessions, within each bot",
		Caveats: "Many channels give every conversation a new id, and one person then counts as many users: see " +
			"reused_conversation_share. Users of two groups count in both.",
		Source: "spec.md §5.8, §5.9",
	}
}
