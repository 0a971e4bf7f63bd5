package measure

import "rapport/internal/fact"

func likeRate() Measure {
	return Measure{
		Name: "like_rate", Label: "Like rate", Group: "Language",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: sum("likes", Predicate{}),
		Denominator:      new(Aggregate{Func: Sum, Column: "likes", Plus: []string{"dislikes"}}),
		Formula:          "likes / (likes + dislikes)",
		NumeratorWords:   "reactions (thumbs up) to answers",
		DenominatorWords: "reactions to answers",
		Caveats: "Few users react, and those who do are not like the rest. Reactions of one session hang together, so the interval is narrower " +
			"than it should be.",
		Source: "spec.md §5.8, §5.9",
	}
}
