package measure

import "rapport/internal/fact"

func unfinishedSessions() Measure {
	return Measure{
		Name: "unfinished_sessions", Label: "Unfinished sessions", Group: "Engagement",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(Except(IsFinished())),
		Formula:        "sessions that are open as of the query",
		NumeratorWords: "sessions that may still go on: none where files are read, which are read as closed",
		Caveats:        "They count in sessions and in engaged sessions, and in no outcome and no outcome's denominator.",
		Source:         "DESIGN.md, law 8",
	}
}
