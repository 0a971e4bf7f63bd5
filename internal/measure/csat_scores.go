package measure

import (
	"fmt"

	"rapport/internal/fact"
)

// csatOf counts the sessions with one score: the distribution of CSAT.
func csatOf(score int64) Measure {
	return Measure{
		Name: fmt.Sprintf("csat_%d", score), Label: fmt.Sprintf("CSAT of %d", score), Group: "Satisfaction",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(Is("csat", score)),
		Formula:        fmt.Sprintf("sessions with a score of %d", score),
		NumeratorWords: fmt.Sprintf("sessions whose last score is %d", score),
		Source:         "spec.md §5.2, §8 #17",
	}
}
