package measure

import "rapport/internal/fact"

func returningUsers() Measure {
	return Measure{
		Name: "returning_users", Label: "Returning users", Group: "Volume",
		Kind: KindCount, Unit: UnitUsers,
		Table: fact.Sessions, Numerator: Aggregate{Func: Returning, Column: "user_key", Per: "conversation_key", Where: withUser()},
		Formula:        "users with at least two conversations in the range",
		NumeratorWords: "different users who have sessions in at least two conversations of the range (and of the group)",
		Caveats: "Where ids are hardly ever reused there is no figure, since it would only count the exceptions. A return to the " +
			"same conversation does not count; chat channels that keep one conversation a person have none.",
		Source: "DESIGN.md, Definitions",
	}
}
