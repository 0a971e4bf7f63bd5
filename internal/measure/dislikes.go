package measure

import "rapport/internal/fact"

func dislikes() Measure {
	return Measure{
		Name: "dislikes", Label: "Dislikes", Group: "Language",
		Kind: KindCount, Unit: UnitNumber,
		Table: fact.Sessions, Numerator: sum("dislikes", Predicate{}),
		Formula:        "sum of reactions that dislike an answer",
		NumeratorWords: "reactions (thumbs down) to answers",
		Caveats:        "Channels without reactions have none.",
		Source:         "spec.md §5.8",
	}
}
