package measure

import "rapport/internal/fact"

func billedSessions() Measure {
	return Measure{
		Name: "billed_sessions", Label: "Billed sessions", Group: "Billing",
		Kind: KindCount, Unit: UnitSessions,
		Table: fact.BilledOnes, Numerator: count(Predicate{}),
		Formula:        "billed sessions",
		NumeratorWords: "billed sessions that started in the range; their topic is the one that opened them",
		Caveats: "Cut by rules of their own: one may span several analytics sessions, and a greeting that leads nowhere makes none. It is " +
			"no invoice: licences that include sessions are not known here. Contracts since 2024 count messages or credits " +
			"instead.",
		Source: "spec.md §2",
	}
}
