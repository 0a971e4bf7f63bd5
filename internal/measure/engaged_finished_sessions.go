package measure

import "rapport/internal/fact"

func engagedFinishedSessions() Measure {
	return Measure{
		Name: "engaged_finished_sessions", Label: "Engaged finished sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(finished()),
		Formula:        "engaged sessions that are finished",
		NumeratorWords: "engaged sessions that are finished: what outcome rates are of",
		Source:         "DESIGN.md, law 8; spec.md §5.1",
	}
}
