package measure

// All is every measure, in the order of docs and menus: by group, and within one from the plain to the particular.
func All() []Measure {
	return []Measure{
		sessions(), engagedSessions(), unengagedSessions(), engagementRate(), unfinishedSessions(),
		userStarted(sessions()), userStarted(engagedSessions()), userStarted(unengagedSessions()), userStarted(engagementRate()),
		userStarted(unfinishedSessions()),
		userRepliedSessions(), userReplyRate(),
		botStartedSessions(), botStartedShare(), botStartedAnsweredRate(), engagementRateWithoutUnanswered(),

		engagedFinishedSessions(), resolvedSessions(), confirmedSessions(), impliedSessions(), escalatedSessions(), abandonedSessions(),
		engagedWithoutOutcome(),
		resolutionRate(), confirmedRate(), impliedRate(), escalationRate(), abandonRate(),
		escalationByUserRate(), escalationByAuthorRate(), escalationByOtherRate(),
		abandonUserExitRate(), abandonUserErrorRate(), abandonSystemErrorRate(), abandonOtherRate(),
		ofAll(resolutionRate()), ofAll(confirmedRate()), ofAll(impliedRate()), ofAll(escalationRate()), ofAll(abandonRate()),
		containmentRate(), deflectionRate(), deflectionRateWithoutAbandoned(),

		csatScore(), csatTopTwoRate(), csatResponses(), csatAsked(), csatResponseRate(),
		csatOf(1), csatOf(2), csatOf(3), csatOf(4), csatOf(5),

		conversations(), sessionsPerConversation(), users(), returningUsers(), returningUserRate(), reusedConversationShare(),
		turns(), turnsPerSession(), userMessages(), userMessagesPerSession(), botMessages(), durationMedian(), durationP90(),

		billedSessions(), billedTurns(), billedPerResolved(),

		unrecognisedUtterances(), ambiguousUtterances(), unrecognisedSessionRate(),
		generatedAnswers(), answeredAnswers(), notAnsweredAnswers(), moderatedAnswers(), noResultAnswers(), otherAnswers(), answerRate(),
		likes(), dislikes(), likeRate(),
	}
}

// ByName is the measure of a name; false where there is none.
func ByName(name string) (Measure, bool) {
	for _, m := range All() {
		if m.Name == name {
			return m, true
		}
	}
	return Measure{}, false
}

// Names of all measures, in the order of All.
func Names() []string {
	var names []string
	for _, m := range All() {
		names = append(names, m.Name)
	}
	return names
}
