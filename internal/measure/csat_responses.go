package measure

import "rapport/internal/fact"

func csatResponses() Measure {
	return Measure{
		Name: "csat_responses", Label: "Survey responses", Group: "Satisfaction",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(scored()),
		Formula:        "sessions with a score",
		NumeratorWords: "sessions that gave a score of 1 to 5; several answers of a session count once",
		Source:         "spec.md §5.2, §8 #17",
	}
}
