package measure

import "rapport/internal/fact"

func ambiguousUtterances() Measure {
	return Measure{
		Name: "ambiguous_utterances", Label: "Ambiguous utterances", Group: "Language",
		Kind: KindCount, Unit: UnitMessages,
		Table: fact.Sessions, Numerator: sum("ambiguous", Predicate{}),
		Formula:        "sum of utterances that matched several topics",
		NumeratorWords: "utterances for which the bot had to ask which topic was meant (the trace IntentCandidates)",
		Caveats:        "Transcripts alone say it: a row of a sessions CSV counts as having none.",
		Source:         "spec.md §3.4",
	}
}
