package measure

import "rapport/internal/fact"

func resolvedSessions() Measure {
	return Measure{
		Name: "resolved_sessions", Label: "Resolved sessions", Group: "Outcomes",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.Sessions, Numerator: count(resolved()),
		Formula:        "engaged finished sessions that were resolved",
		NumeratorWords: "engaged sessions that are finished and were resolved, confirmed or implied",
		Caveats:        "Implied resolutions are users who left after the end of a topic without saying so: see confirmed_sessions.",
		Source:         "spec.md §3.1, §3.2",
	}
}
