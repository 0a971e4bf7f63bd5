package generate

import "strconv"

// answerState is what came of a search for a generated answer: GPTAnswer's word, then the one of completionState.
type answerState struct{ gpt, completion string }

func (a answerState) answered() bool { return a.gpt == "Answered" }

func (s *session) searchOutcome() answerState {
	x := s.r.Float64()
	if s.bad {
		x += 0.2
	}
	switch {
	case x < 0.64:
		return answerState{"Answered", "Answered"}
	case x < 0.80:
		return answerState{"Answer not Found in Search Results", "AnswerNotFoundInSearchResults"}
	case x < 0.92:
		return answerState{"No Search Results", "NoSearchResults"}
	case x < 0.95:
		return answerState{"Filtered", "Filtered"}
	default:
		return answerState{"SystemError", "InternalError"}
	}
}

// unknown is what a bot without a planner does with words that match no topic: conversational boosting, then Fallback.
func (s *session) unknown(object int) {
	s.trace("UnknownIntent")
	s.add(`{"userQuery":"`)
	s.bytes(s.said)
	s.add(`"}`)
	s.end()
	s.entered = true
	search, id := s.bot.schema+".topic.Search", s.bot.system[sysSearch]
	s.step(search, id, "SearchAndSummarizeContent", "search-content", "", "")
	s.wait(700 + seconds(s.r, 2, 12))
	state := s.searchOutcome()
	t := s.chat.tongue
	s.set()
	if state.answered() {
		s.set(t.found[0], s.bot.objects[object][s.chat.speech], t.found[1], `\n\n`)
		s.text = s.article(s.text, 2+s.r.IntN(5))
	}
	s.variable("Answer", s.text)
	s.trace("GPTAnswer")
	s.add(`{"gptAnswerState":"`, state.gpt, `"}`)
	s.end()
	s.supportData(object, state)
	s.step(search, id, "ConditionGroup", "has-answer-conditions", "", "")
	if state.answered() {
		s.reply(message{feedback: s.bot.newer})
		s.step(search, id, "ConditionItem", "has-answer", "has-answer", "")
		s.reaction()
		return
	}
	s.step(search, id, "ConditionGroup", "has-answer-conditionsElseActions", "has-answer-conditionsElseActions", "")
	fallback, id := s.bot.schema+".topic.Fallback", s.bot.system[sysFallback]
	s.step(fallback, id, "ConditionGroup", "conditionGroup_LktzXw", "", "")
	s.missed++
	if s.missed >= 3 {
		s.step(fallback, id, "BeginDialog", "9a2f1c", "", "")
		s.handOff("AgentTransferFromQuestionMaxAttempts", nil)
		return
	}
	s.step(fallback, id, "ConditionItem", "conditionItem_tlGIVo", "", "")
	s.set(pick(s.r, t.fallback))
	s.reply(message{})
	s.step(fallback, id, "SendActivity", "sendMessage_QZreqo", "conditionItem_tlGIVo", "")
	switch x := s.r.Float64(); {
	case x < 0.3:
		s.over = true
	case x < 0.8: // the same in other words
		s.question(object, action(s.r.IntN(int(actions))))
		s.person()
		s.unknown(object)
	}
}

// supportData is the bulk of real records: what was searched, what came back, what the model was told and what it said, which
// stands in text.
func (s *session) supportData(object int, state answerState) {
	s.event("GenerativeAnswersSupportData")
	s.add(`{"endpoints":[],"queryRewrittingOpenAIResponse":null,"summarizationOpenAIResponse":`)
	found := state.gpt != "No Search Results" && state.gpt != "SystemError"
	if !found {
		s.add(`null,"searchResults":[]`)
	} else {
		s.add(`{"Result":{"Summary":"`)
		s.bytes(s.text)
		s.add(`","TextSummary":"`)
		s.bytes(s.text)
		s.add(`","SpeechSummary":"","TextCitations":[],"SpeechCitations":null,"ContainsConfidentialData":false,`,
			`"HighestSensitivityLabelInfo":null,"MessageId":"`)
		s.guid()
		s.add(`"},"RawSummary":"","CompletionTokens":`)
		s.number(int64(40 + s.r.IntN(400)))
		s.add(`,"PromptTokens":`)
		s.number(int64(600 + s.r.IntN(3000)))
		s.add(`,"Prompt":"`, prompt)
		at := len(s.body)
		s.body = s.article(s.body, 4+s.r.IntN(10))
		end := len(s.body)
		s.add(`","CompletionResponse":"NoError","ErrorCode":null},"searchResults":[`)
		s.results(object, 2+s.r.IntN(4), s.body[at:end])
		s.add(`]`)
	}
	s.add(`,"verifiedSearchResults":[],"searchErrors":[],"message":"`)
	s.bytes(s.said)
	s.add(`","screenedMessage":null,"rewrittenMessage":"`)
	s.bytes(s.said)
	s.add(`","rewrittenMessageKeywords":"`, s.bot.objects[object][s.chat.speech])
	s.add(`","filteredOpenAISummary":null,"screenedOpenAISummary":null,"activityId":"`)
	s.bytes(s.cause)
	s.add(`","conversationId":"`)
	s.bytes(s.chat.id)
	s.add(`","performedContentProvenanceCheck":true,"performedContentModerationCheck":true,"cdsBotId":"`, s.bot.lookup,
		`","tenantId":"`, s.world.tenant, `","environmentId":"`, s.world.environ, `","gptAnswerState":"`, state.gpt,
		`","triggeredGptFallback":false,"completionState":"`, state.completion, `"}`)
	s.end()
}

const prompt = `You answer questions of the people who use this service. Use nothing but the search results below and name the ` +
	`ones that you used. When they do not hold the answer, say so. Answer in the language of the question, shortly and politely.\n\n` +
	`Search results:\n`

// results appends search results; the first quotes what the model was told.
func (s *session) results(object, n int, quoted []byte) {
	for i := range n {
		if i > 0 {
			s.add(`,`)
		}
		s.add(`{"Title":"`, s.bot.objects[object][s.chat.speech], ` (KB-`)
		s.body = appendPad(s.body, s.r.IntN(1_000_000), 6)
		s.add(`)","Url":"https://intranet.example/kb/`)
		s.body = appendHex(s.body, s.r.Uint64())
		s.add(`?lang=`, s.chat.tongue.locale, `","Snippet":"`)
		if i == 0 && len(quoted) > 0 {
			s.bytes(quoted)
		} else {
			s.body = s.article(s.body, 2+s.r.IntN(7))
		}
		s.add(`","SearchType":"GraphConnector","RelevanceScore":`)
		s.decimal(s.r.Float64(), 12)
		s.add(`,"LastModifiedTime":"`)
		s.body = appendTime(s.body, s.began-s.r.Int64N(400*24*3600*1000))
		s.add(`"}`)
	}
}

// reaction is the thumb that a few people give an answer. Teams wraps the comment in JSON once more (spec.md §4.6).
func (s *session) reaction() {
	x := s.r.Float64()
	if x > 0.07 {
		return
	}
	thumb := "like"
	if x < 0.025 || s.bad && x < 0.05 {
		thumb = "dislike"
	}
	s.wait(1000 + seconds(s.r, 6, 60))
	s.mark()
	s.add(`{"id":"`)
	s.guid()
	s.add(`","type":"invoke"`)
	s.stamp()
	s.fromUser()
	s.add(`,"name":"message/submitAction","channelId":"`, s.chat.channel.id, `","attachments":[]`)
	s.replyTo()
	s.add(`,"value":{"actionName":"feedback","actionValue":{"reaction":"`, thumb, `","feedback":`)
	comment := ""
	if s.r.Float64() < 0.4 {
		comment = pick(s.r, s.chat.tongue.comments)
	}
	if s.chat.channel.id == "msteams" {
		s.add(`"{\u0022feedbackText\u0022:\u0022`, comment, `\u0022}"`)
	} else {
		s.add(`{"feedbackText":"`, comment, `"}`)
	}
	s.add(`}}`)
	s.end()
}

// planTurn is what a bot of 2026 with generative orchestration does: it plans, runs the steps, answers from what they gave.
func (s *session) planTurn(t *topic, object int) {
	if s.r.Float64() < 0.03 { // the model answers without a plan
		s.set(s.chat.tongue.fallback[0])
		s.reply(message{})
		return
	}
	task, kind := "P:UniversalSearchTool", "KnowledgeSource"
	switch {
	case t != nil && s.r.Float64() < 0.75:
		task, kind = t.schema, "LlmSkill"
	case t != nil:
		task, kind = s.bot.schema+".action."+t.schema[len(s.bot.schema+".topic."):], "Action"
	}
	plan, step := guid(s.r), guid(s.r)
	s.planReceived(plan, task, kind)
	s.planned, s.denied = true, false
	s.named("DynamicPlanStepTriggered", "DynamicPlanStepTriggered")
	s.add(`{"planIdentifier":"`, plan, `","stepId":"`, step, `","taskDialogId":"`, task, `","thought":"`)
	s.body = s.article(s.body, 1)
	s.add(`","state":1,"hasRecommendations":false,"type":"`, kind, `"}`)
	s.end()
	s.named("DynamicPlanStepBindUpdate", "DynamicPlanStepBindUpdate")
	s.add(`{"taskDialogId":"`, task, `","stepId":"`, step, `","arguments":{"search_query":"`)
	s.bytes(s.said)
	s.add(`","search_keywords":"`, s.bot.objects[object][s.chat.speech], `"},"planIdentifier":"`, plan, `"}`)
	s.end()
	began := s.now
	s.wait(400 + seconds(s.r, 2, 14))

	fails := 0.02
	if s.bad {
		fails = 0.2
	}
	failed := s.r.Float64() < fails
	switch {
	case failed:
		s.stepFinished(plan, step, task, "failed", began, 0)
		s.fail(kind == "Action")
	case kind == "KnowledgeSource":
		state := s.searchOutcome()
		s.searched(object, state)
		s.stepFinished(plan, step, task, "completed", began, 2)
		if state.answered() {
			s.compose(object)
		} else {
			s.set(pick(s.r, s.chat.tongue.fallback))
			s.reply(message{})
		}
		s.knowledge(state)
	case kind == "Action":
		s.stepFinished(plan, step, task, "completed", began, 3)
		s.compose(object)
	default:
		s.redirect(t.id, "1")
		s.wanted = t.id
		s.run(t)
		if s.pending {
			return // the plan waits with the topic, and nobody comes back
		}
		s.stepFinished(plan, step, task, "completed", began, 0)
	}
	if s.handedOff == "" {
		s.pending = false // a question behind a finished plan is a courtesy
		s.named("DynamicPlanFinished", "DynamicPlanFinished")
		s.add(`{"planId":"`, plan, `","wasCancelled":false}`)
		s.end()
	}
	if kind != "LlmSkill" && !s.over {
		s.reaction()
		s.over = s.r.Float64() < 0.25
	}
}

// compose is an answer that the model wrote itself; now and then it asks back.
func (s *session) compose(object int) {
	t := s.chat.tongue
	s.set(t.found[0], s.bot.objects[object][s.chat.speech], t.found[1], `\n\n`)
	s.text = s.article(s.text, 2+s.r.IntN(5))
	m := message{feedback: true}
	if s.r.Float64() < 0.15 {
		s.text = append(append(s.text, `\n\n`...), pick(s.r, t.open)...)
		m.expects = true
	}
	s.reply(m)
}

func (s *session) planReceived(plan, task, kind string) {
	s.named("DynamicPlanReceived", "DynamicPlanReceived")
	s.add(`{"steps":["`, task, `"],"isFinalPlan":false,"planIdentifier":"`, plan, `","toolDefinitions":[`)
	for i := range 1 + s.r.IntN(3) {
		if i > 0 {
			s.add(`,`)
		}
		tool := &s.bot.topics[draw(s.r, s.bot.popular)]
		s.add(`{"schemaName":"`, tool.schema, `","displayName":"`, tool.title, `","description":"`)
		s.body = s.article(s.body, 2)
		s.add(`","inputs":[{"name":"query","type":"String","isRequired":true}]}`)
	}
	s.add(`],"toolKinds":{"`, task, `":"`, kind, `"}}`)
	s.end()
	s.event("DynamicPlanReceivedDebug")
	s.add(`{"summary":"`)
	s.body = s.article(s.body, 1)
	s.add(`","ask":"`)
	s.bytes(s.said)
	s.add(`","planIdentifier":"`, plan, `","isFinalPlan":false}`)
	s.end()
}

// stepFinished closes a plan step; its observation holds an article of n sentences.
func (s *session) stepFinished(plan, step, task, state string, began int64, n int) {
	s.named("DynamicPlanStepFinished", "DynamicPlanStepFinished")
	s.add(`{"taskDialogId":"`, task, `","stepId":"`, step, `","observation":{`)
	if n > 0 {
		s.add(`"search_result":{"Text":{"Content":"`)
		s.body = s.article(s.body, n)
		s.add(`"}}`)
	}
	s.add(`},"planUsedOutputs":{},"planIdentifier":"`, plan, `","state":"`, state, `","hasRecommendations":false,"executionTime":"00:`)
	took := s.now - began
	s.body = append(appendPad(s.body, int(took/60_000)%60, 2), ':')
	s.body = append(appendPad(s.body, int(took/1000)%60, 2), '.')
	s.body = appendPad(s.body, int(took%1000)*10_000+s.r.IntN(10_000), 7)
	s.add(`"`)
	if state == "failed" {
		s.add(`,"error":{"code":"SystemError","message":"the tool did not answer"}`)
	}
	s.add(`}`)
	s.end()
}

// searched is what the search tool saw, which no rule reads and which makes such records large.
func (s *session) searched(object int, state answerState) {
	s.event("UniversalSearchToolTraceData")
	s.add(`{"toolId":"P:UniversalSearchTool","knowledgeSources":["`, s.bot.schema, `.knowledge.Handbook","`, s.bot.schema,
		`.knowledge.Intranet"],"outputKnowledgeSources":["`, s.bot.schema, `.knowledge.Handbook"],"fullResults":[`)
	if state.gpt != "No Search Results" {
		s.results(object, 2+s.r.IntN(4), nil)
	}
	s.add(`],"filteredResults":[`)
	if state.answered() {
		s.results(object, 1, nil)
	}
	s.add(`]}`)
	s.end()
}

// knowledge notes the state of a generated answer and the sources that it cites.
func (s *session) knowledge(state answerState) {
	s.trace("KnowledgeTraceData")
	s.add(`{"completionState":"`, state.completion, `","isKnowledgeSearched":true,"citedKnowledgeSources":[`)
	if state.answered() {
		s.add(`"`, s.bot.schema, `.knowledge.Handbook"`)
	}
	s.add(`],"failedKnowledgeSourcesTypes":[]}`)
	s.end()
}

// toolOnly is the orchestration of 2024: a tool runs, no topic is entered, and the session stays unengaged (spec.md §1.4).
func (s *session) toolOnly(object int) {
	if s.bot.newer {
		s.unknown(object)
		return
	}
	plan, tool := guid(s.r), s.bot.schema+".component.AddCase"
	s.event("DynamicPlanReceived")
	s.add(`{"steps":["`, tool, `"],"isFinalPlan":true}`)
	s.end()
	s.event("DynamicPlanReceivedDebug")
	s.add(`{"planIdentifier":"`, plan, `","steps":[{"toolName":"`, tool, `","inputBinding":{"$kind":"ActionInputBinding","binding":{"text":`,
		`{"$kind":"ValueExpression","literalValue":"`, s.bot.objects[object][s.chat.speech],
		`"}}},"outputBinding":{"$kind":"ActionOutputBinding"},"state":"created","hasRecommendations":false}],"isFinalPlan":true}`)
	s.end()
	s.event("DynamicPlanStepTriggered")
	s.add(`{"planIdentifier":"`, plan, `","taskDialogId":"`, tool, `","thought":"`)
	s.body = s.article(s.body, 1)
	s.add(`","state":"inProgress","hasRecommendations":false}`)
	s.end()
	s.event("DynamicPlanStepBindUpdate")
	s.add(`{"taskDialogId":"`, tool, `","arguments":{"text":"`, s.bot.objects[object][s.chat.speech], `"}}`)
	s.end()
	s.wait(800 + seconds(s.r, 2, 10))
	s.event("DynamicPlanStepFinished")
	s.add(`{"taskDialogId":"`, tool, `","observation":{},"planUsedOutputs":{},"planIdentifier":"`, plan,
		`","state":"completed","hasRecommendations":false}`)
	s.end()
	if s.r.Float64() < 0.6 {
		s.set(s.chat.tongue.thanks)
		s.reply(message{})
	}
	s.event("DynamicPlanFinished")
	s.add(`{"planId":"`, plan, `"}`)
	s.end()
	s.over = true
}

// trigger is an autonomous run: something happened, and the bot acts without anybody writing.
func (s *session) trigger() {
	t := &s.bot.topics[draw(s.r, s.bot.popular)]
	s.set("Use content from ", `{\u0022caseId\u0022:\u0022`, strconv.FormatUint(s.r.Uint64()>>40, 10), `\u0022}`)
	s.user()
	s.wait(200)
	s.planTurn(t, t.object)
}
