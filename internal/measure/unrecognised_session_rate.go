package measure

import "rapport/internal/fact"

func unrecognisedSessionRate() Measure {
	return Measure{
		Name: "unrecognised_session_rate", Label: "Sessions with an unrecognised utterance", Group: "Language",
		Kind: KindRate, Unit: UnitShare, Better: LowerIsBetter,
		Table: fact.Sessions, Numerator: count(And(answered(), AtLeast("unrecognised", 1))),
		Denominator:      new(count(answered())),
		Formula:          "sessions with an unrecognised utterance / sessions in which the user wrote",
		NumeratorWords:   "sessions in which the user wrote and at least one utterance matched no topic",
		DenominatorWords: "sessions in which the user wrote at least once",
		Caveats: "Unlike the outcome rates it is not over engaged sessions: an utterance that matches nothing need not engage. " +
			"Transcripts alone say it: a row of a sessions CSV counts as having none.",
		Source: "spec.md §3.4",
	}
}
