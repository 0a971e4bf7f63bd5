package measure

import "rapport/internal/fact"

func escalationRate() Measure {
	return Measure{
		Name: "escalation_rate", Label: "Escalation rate", Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: LowerIsBetter,
		Table: fact.Sessions, Numerator: count(escalated()),
		Denominator:      new(count(finished())),
		Formula:          "escalated sessions / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and ended in a hand-off to a person",
		DenominatorWords: "engaged sessions that are finished",
		Caveats: "It counts hand-offs that nobody took, and those that the author intended: see escalation_by_author_rate. Tools " +
			"that divide by all sessions, or by conversations created in the range, get a lower figure: compare " +
			"escalation_rate_of_all.",
		Source: "spec.md §5.1, §8 #24",
	}
}
