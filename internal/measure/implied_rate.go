package measure

import "rapport/internal/fact"

func impliedRate() Measure {
	return Measure{
		Name: "implied_rate", Label: "Implied resolution rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare,
		Table: fact.Sessions, Numerator: count(implied()),
		Denominator:      new(count(finished())),
		Formula:          "implied sessions / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and were resolved without a word of the user about it",
		DenominatorWords: "engaged sessions that are finished",
		Caveats:          "Silence read as success; a rise is good only where confirmed_rate does not fall.",
		Source:           "spec.md §3.2, §5.1",
	}
}
