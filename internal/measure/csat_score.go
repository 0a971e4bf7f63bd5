package measure

import "rapport/internal/fact"

func csatScore() Measure {
	return Measure{
		Name: "csat_score", Label: "CSAT score", Group: "Satisfaction",
		Kind: KindMean, Unit: UnitScore, Better: HigherIsBetter,
		Table: fact.Sessions, Numerator: sum("csat", scored()),
		Denominator:      new(count(scored())),
		Squares:          new(Aggregate{Func: SumSquares, Column: "csat", Where: scored()}),
		Formula:          "sum of scores / sessions with a score",
		NumeratorWords:   "the last score, 1 to 5, that each session gave",
		DenominatorWords: "sessions that gave a score",
		Caveats: "Who answers is not who was served: look at csat_response_rate beside it. Tools that average every answer, or a " +
			"scale of 0 to 5, differ.",
		Source: "spec.md §5.2, §8 #16, #17",
	}
}
