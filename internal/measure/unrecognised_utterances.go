package measure

import "rapport/internal/fact"

func unrecognisedUtterances() Measure {
	return Measure{
		Name: "unrecognised_utterances", Label: "Unrecognised utterances", Group: "Language",
		Kind: KindCount, Unit: UnitMessages,
		Table: fact.Sessions, Numerator: sum("unrecognised", Predicate{}),
		Formula:        "sum of utterances that matched no topic",
		NumeratorWords: "utterances for which the bot found no topic (the trace UnknownIntent)",
		Caveats: "With generative orchestration most bots have none: the planner always finds something. Transcripts alone say " +
			"it: a row of a sessions CSV counts as having none.",
		Source: "spec.md §3.4, §4.6",
	}
}
