package measure

import "rapport/internal/fact"

func confirmedRate() Measure {
	return Measure{
		Name: "confirmed_rate", Label: "Confirmed resolution rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: count(confirmed()),
		Denominator:      new(count(finished())),
		Formula:          "confirmed sessions / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and in which the user said that it helped",
		DenominatorWords: "engaged sessions that are finished",
		Caveats:          "Only users who are asked can confirm: a bot without End of Conversation has none.",
		Source:           "spec.md §3.2, §5.1",
	}
}
