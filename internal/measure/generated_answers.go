package measure

import "rapport/internal/fact"

func generatedAnswers() Measure {
	return Measure{
		Name: "generated_answers", Label: "Generated answers", Group: "Language",
		Kind: KindCount, Unit: UnitAnswers,
		Table: fact.Sessions, Numerator: generatedAll(),
		Formula:        "sum of generated answers, whatever became of them",
		NumeratorWords: "times that the bot tried to generate an answer and said what became of it",
		Caveats: "The state comes from the traces GPTAnswer and, of plans that search knowledge, KnowledgeTraceData; a state Not Executed " +
			"counts too. Transcripts alone say it: a row of a sessions CSV counts as having none.",
		Source: "spec.md §4.6, §5.8",
	}
}
