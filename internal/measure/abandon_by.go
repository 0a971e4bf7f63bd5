package measure

import "rapport/internal/fact"

// The reasons why sessions are abandoned (spec.md §3.3).
const (
	reasonUserExit    = "UserExit"
	reasonUserError   = "UserError"
	reasonSystemError = "SystemError"
)

// abandonBy is one part of the abandon rate; the parts add up to it.
func abandonBy(why, label string, reason Predicate, words, caveats string) Measure {
	return Measure{
		Name: "abandon_" + why + "_rate", Label: label, Group: "Outcomes",
		Kind: KindRate, Unit: UnitShare, Better: LowerIsBetter,
		Table: fact.Sessions, Numerator: count(And(abandoned(), reason)), Denominator: new(count(finished())),
		Formula:          "abandoned sessions where " + words + " / engaged finished sessions",
		NumeratorWords:   "engaged sessions that are finished and were abandoned, where " + words,
		DenominatorWords: "engaged sessions that are finished",
		Caveats:          caveats,
		Source:           "spec.md §3.3, §8 #26",
	}
}

func abandonUserExitRate() Measure {
	return abandonBy("user_exit", "Abandon rate, user left", IsText("reason", reasonUserExit),
		"the reason is that the user left or fell silent",
		"An abandoned session for which the platform gives no reason, and in which no error was seen, has this one.")
}

func abandonUserErrorRate() Measure {
	return abandonBy("user_error", "Abandon rate, author's error", IsText("reason", reasonUserError),
		"the reason is an error in the bot's content (the platform's word is UserError: its user is the author)",
		"An error anywhere in a session that is abandoned counts, also one that it recovered from.")
}

func abandonSystemErrorRate() Measure {
	return abandonBy("system_error", "Abandon rate, platform error", IsText("reason", reasonSystemError),
		"the reason is an error of the platform",
		"An error anywhere in a session that is abandoned counts, also one that it recovered from.")
}

func abandonOtherRate() Measure {
	return abandonBy("other", "Abandon rate, other reasons", Except(IsText("reason", reasonUserExit, reasonUserError, reasonSystemError)),
		"the reason is another",
		"")
}
