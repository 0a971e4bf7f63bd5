package measure

import "rapport/internal/fact"

// The reasons of hand-offs that have a measure of their own (spec.md §3.3); the platform has more, and may add to them.
const (
	reasonByUser   = "AgentTransferRequestedByUser"
	reasonByAuthor = "AgentTransferConfiguredByAuthor"
)

// escalationBy is one part of the escalation rate; the parts add up to it.
func escalationBy(who, label string, better Better, reason Predicate, words, caveats string) Measure {
	return Measure{
		Name: "escalation_by_" + who + "_rate", Label: label, Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: better,
		Table: fact.Sessions, Numerator: count(And(escalated(), reason)), Denominator: new(count(finished())),
		Formula:          "escalated sessions where " + words + " / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and ended in a hand-off where " + words,
		DenominatorWords: "engaged sessions that are finished",
		Caveats:          caveats,
		Source:           "spec.md §3.3, §5.8",
	}
}

func escalationByUserRate() Measure {
	return escalationBy("user", "Escalation rate, asked for by the user", LowerIsBetter, IsText("reason", reasonByUser),
		"the reason is that the user asked",
		"Where the platform gives no reason it is the rule that found the hand-off that says who asked.")
}

func escalationByAuthorRate() Measure {
	return escalationBy("author", "Escalation rate, intended by the author", NeitherWay, IsText("reason", reasonByAuthor),
		"the reason is that the author wanted it at this point",
		"Platforms give this reason to an Escalate topic that nobody configured as well, and hand-offs that give no reason have it.")
}

func escalationByOtherRate() Measure {
	return escalationBy("other", "Escalation rate, other reasons", LowerIsBetter, Except(IsText("reason", reasonByUser, reasonByAuthor)),
		"the reason is another, such as a question asked too often",
		"")
}
