package measure

import "rapport/internal/fact"

func csatAsked() Measure {
	return Measure{
		Name: "csat_asked", Label: "Surveys shown", Group: "Satisfaction",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(asked()),
		Formula:        "sessions that were asked for a score, or gave one",
		NumeratorWords: "sessions in which the survey was shown, or a score is known without that",
		Source:         "spec.md §5.2",
	}
}
