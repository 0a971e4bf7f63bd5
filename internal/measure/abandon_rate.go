package measure

import "rapport/internal/fact"

func abandonRate() Measure {
	return Measure{
		Name: "abandon_rate", Label: "Abandon rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: LowerIsBetter,
		Table: fact.Sessions, Numerator: count(abandoned()),
		Denominator:      new(count(finished())),
		Formula:          "abandoned sessions / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and were abandoned: over, and neither resolved nor escalated",
		DenominatorWords: "engaged sessions that are finished",
		Caveats:          "A user who got an answer and left counts as abandoned where the topic does not end with End of Conversation.",
		Source:           "spec.md §5.1, §3.1",
	}
}
