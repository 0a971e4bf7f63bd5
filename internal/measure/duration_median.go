package measure

import "rapport/internal/fact"

func durationMedian() Measure {
	return Measure{
		Name: "duration_median", Label: "Duration, median", Group: "Volume",
		Kind: KindRank, Unit: UnitMilliseconds,
		Table: fact.Sessions, Numerator: Aggregate{Func: Rank, Column: "duration", PerMille: 500, Where: timed()},
		Formula:        "nearest rank: the smallest duration that at least half of the sessions do not exceed",
		NumeratorWords: "time from the first to the last activity of each session that has times",
		Caveats: "The idle time before a session is closed is not in it; a greeting alone lasts 0 s. A row of a sessions CSV " +
			"knows only its start, and counts as 0 s.",
		Source: "spec.md §9.1, §5.9",
	}
}
