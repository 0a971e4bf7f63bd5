package measure

import "rapport/internal/fact"

// generatedAll is how many generated answers there are, whatever became of them.
func generatedAll() Aggregate {
	return Aggregate{
		Func: Sum, Column: "answered",
		Plus: []string{"not_answered", "answer_moderated", "answer_no_results", "answer_else"},
	}
}

// answersIn counts generated answers in one state; the states add up to generated_answers.
func answersIn(state, column, label, words, caveats string) Measure {
	return Measure{
		Name: state + "_answers", Label: label, Group: "Language",
		Kind: KindCount, Unit: UnitAnswers,
		Table: fact.Sessions, Numerator: sum(column, Predicate{}),
		Formula:        "sum of generated answers " + words,
		NumeratorWords: "generated answers " + words,
		Caveats:        caveats,
		Source:         "spec.md §4.6",
	}
}

func answeredAnswers() Measure {
	return answersIn("answered", "answered", "Answers given", "that were given (Answered)", "An answer is not a right answer: see like_rate.")
}

func notAnsweredAnswers() Measure {
	return answersIn("not_answered", "not_answered", "Answers not known", "that said nothing was known (Not Answered)", "")
}

func moderatedAnswers() Measure {
	return answersIn("moderated", "answer_moderated", "Answers moderated", "that were held back by a filter (Filtered, Moderated)", "")
}

func noResultAnswers() Measure {
	return answersIn("no_result", "answer_no_results", "Answers without results", "for which the search found nothing to answer from", "")
}

func otherAnswers() Measure {
	return answersIn("other", "answer_else", "Answers in another state", "in any other state, errors and those not executed among them", "")
}
