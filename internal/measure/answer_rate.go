package measure

import "rapport/internal/fact"

func answerRate() Measure {
	return Measure{
		Name: "answer_rate", Label: "Generated answer rate", Group: "Language",
		Kind: KindRate, Unit: UnitShare, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: sum("answered", Predicate{}),
		Denominator:      new(generatedAll()),
		Formula:          "answered / generated answers",
		NumeratorWords:   "generated answers in the state Answered",
		DenominatorWords: "generated answers in any state",
		Caveats: "An answer is not a right answer: see like_rate. Answers of one session hang together, so the interval is " +
			"narrower than it should be.",
		Source: "spec.md §5.8, §4.6",
	}
}
