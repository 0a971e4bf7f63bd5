package measure

import "rapport/internal/fact"

func likes() Measure {
	return Measure{
		Name: "likes", Label: "Likes", Group: "Language",
		Kind: KindCount, Unit: UnitNumber,
		Table: fact.Sessions, Numerator: sum("likes", Predicate{}),
		Formula:        "sum of reactions that like an answer",
		NumeratorWords: "reactions (thumbs up) to answers",
		Caveats:        "Channels without reactions have none.",
		Source:         "spec.md §5.8",
	}
}
