package measure

import "rapport/internal/fact"

func returningUserRate() Measure {
	return Measure{
		Name: "returning_user_rate", Label: "Returning user rate", Group: "Volume",
		Kind: KindRate, Unit: UnitShare,
		Table: fact.Sessions, Numerator: Aggregate{Func: Returning, Column: "user_key", Per: "conversation_key", Where: withUser()},
		Denominator:      new(Aggregate{Func: Distinct, Column: "user_key", Where: withUser()}),
		Formula:          "returning users / users",
		NumeratorWords:   "different users who have sessions in at least two conversations of the range (and of the group)",
		DenominatorWords: "different users of the sessions, within each bot",
		Caveats:          "It grows with the length of the range. Where ids are hardly ever reused there is no figure.",
		Source:           "DESIGN.md, Definitions",
	}
}
