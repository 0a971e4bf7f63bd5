package measure

import "rapport/internal/fact"

func resolutionRate() Measure {
	return Measure{
		Name: "resolution_rate", Label: "Resolution rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(resolved()),
		Denominator:      new(count(finished())),
		Formula:          "resolved sessions / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and were resolved, confirmed or implied",
		DenominatorWords: "engaged sessions that are finished",
		Caveats: "Implied resolutions are in it. Tools that divide by all sessions, or by conversations created in the range, get " +
			"a lower figure: compare resolution_rate_of_all.",
		Source: "spec.md §5.1, §8 #12; field.md §3b",
	}
}
