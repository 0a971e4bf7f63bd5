package generate

import "strconv"

// recognise runs a topic that the person's words triggered.
func (s *session) recognise(t *topic) {
	s.intent(t.id, t.title)
	s.run(t)
}

// run plays a topic from its questions to its end.
func (s *session) run(t *topic) {
	tongue := s.chat.tongue
	for i := range t.questions {
		id := "question_" + strconv.Itoa(i+1)
		free := s.r.Float64() < 0.3
		m := message{expects: free}
		if free {
			s.set(pick(s.r, tongue.open))
		} else {
			s.set(pick(s.r, tongue.ask))
			n := s.r.IntN(len(tongue.choices) - 3)
			m.choices = tongue.choices[n : n+3]
		}
		s.reply(m)
		s.step(t.schema, t.id, "Question", id, "", "")
		if s.r.Float64() < t.leaves/float64(t.questions) {
			s.over = true
			return
		}
		if free {
			s.text = append(appendPad(append(s.text[:0], "REF-"...), s.r.IntN(10_000_000), 7), " / "...)
			s.text = strconv.AppendInt(s.text, int64(1+s.r.IntN(28)), 10)
		} else {
			s.set(pick(s.r, m.choices))
		}
		s.person()
		s.variable("Answer"+strconv.Itoa(i+1), s.said)
		s.step(t.schema, t.id, "ConditionGroup", "conditionGroup_"+strconv.Itoa(i+1), "", "")
		s.step(t.schema, t.id, "ConditionItem", "conditionItem_"+strconv.Itoa(i+1), "conditionItem_"+strconv.Itoa(i+1), "")
	}
	fails, escalates := t.fails, t.escalates
	if s.bad {
		fails, escalates = min(0.5, 5*fails+0.1), min(0.4, 2.5*escalates+0.1)
	}
	if t.flow {
		s.wait(400 + seconds(s.r, 2, 20))
		if s.r.Float64() < 2*fails {
			s.step(t.schema, t.id, "InvokeFlowAction", "invokeFlowAction_t7", "", "FlowActionException")
			s.fail(false)
			return
		}
		s.step(t.schema, t.id, "InvokeFlowAction", "invokeFlowAction_t7", "", "")
	}
	if s.r.Float64() < fails {
		s.fail(s.r.Float64() < 0.6)
		return
	}
	s.answer(t.object, 2+s.r.IntN(4))
	s.step(t.schema, t.id, "SendActivity", "sendMessage_Rk20cd", "", "")
	if s.r.Float64() < 0.08 { // the topic goes on in another one
		next := &s.bot.topics[draw(s.r, s.bot.popular)]
		s.redirect(next.id, "1")
		s.wanted = next.id
		s.answer(next.object, 1+s.r.IntN(2))
		s.step(next.schema, next.id, "SendActivity", "sendMessage_Zs81bb", "", "")
	}
	switch x := s.r.Float64(); {
	case x < escalates:
		s.handOff("AgentTransferConfiguredByAuthor", t)
	case x < escalates+t.solves:
		if s.fault == "" {
			s.ending(t)
		}
	case x < escalates+t.solves+t.leaves:
		s.over = true
	}
}

// answer lets the bot say what an article of n sentences says about an object.
func (s *session) answer(object, n int) {
	t := s.chat.tongue
	s.set(t.found[0], s.bot.objects[object][s.chat.speech], t.found[1], `\n\n`)
	s.text = s.article(s.text, n)
	s.reply(message{})
}

// ending is the End of Conversation topic. Nobody need answer: then the session counts as resolved all the same.
func (s *session) ending(t *topic) {
	tongue := s.chat.tongue
	yesNo := []string{tongue.yes, tongue.no}
	schema, id := s.bot.schema+".topic.EndofConversation", s.bot.system[sysEnd]
	s.redirect(id, "0")
	s.typed("ImpliedSuccess", "ImpliedSuccess", "")
	s.typed("PRRSurveyRequest", "PRR", "")
	s.asked, s.implied = true, true
	s.set(tongue.solved)
	s.reply(message{choices: yesNo})
	s.step(schema, id, "Question", "41d42054-d4cb-4e90-b922-2b16b37fe379", "", "")
	if s.r.Float64() < 0.5 {
		s.over = true
		return
	}
	s.answered = true
	mean := 4.1
	if t != nil {
		mean = t.score
	}
	if s.bad {
		mean -= 1.2
	}
	if s.r.Float64() < 0.30-0.25*(mean-2.5)/2 {
		s.unsolved(yesNo)
		return
	}
	s.set(tongue.yes)
	s.person()
	s.typed("PRRSurveyResponse", "PRR", "True")
	s.implied, s.confirmed, s.over = false, true, true
	s.step(schema, id, "ConditionItem", "condition-0-item-0", "condition-0-item-0", "")
	s.survey(mean)
}

// unsolved is what follows the answer that the question is still open.
func (s *session) unsolved(yesNo []string) {
	t := s.chat.tongue
	s.set(t.no)
	s.person()
	s.typed("PRRSurveyResponse", "PRR", "False")
	s.implied, s.denied = false, true
	s.set(t.again)
	s.reply(message{choices: yesNo})
	switch x := s.r.Float64(); {
	case x < 0.35:
		s.set(t.no)
		s.person()
		s.handOff("AgentTransferConfiguredByAuthor", nil)
	case x < 0.7:
		s.over = true
	default:
		s.set(t.yes)
		s.person()
		s.set(t.thanks)
		s.reply(message{})
	}
}

// survey asks for a score around the mean; about half of the people give one.
func (s *session) survey(mean float64) {
	t := s.chat.tongue
	s.typed("CSATSurveyRequest", "CSAT", "")
	s.invited = true
	s.set(t.rate)
	s.reply(message{card: scoreCard, expects: true})
	if s.r.Float64() < 0.45 {
		return
	}
	s.score = max(1, min(5, int(mean+0.9*s.r.NormFloat64()+0.5)))
	s.scored = true
	score := strconv.Itoa(s.score)
	s.set(score)
	s.person()
	s.typed("CSATSurveyResponse", "CSAT", score)
	s.set(t.thanks)
	s.reply(message{})
}

const scoreCard = `{"type":"AdaptiveCard","version":"1.5","body":[{"type":"Input.ChoiceSet","id":"rating","style":"expanded","choices":[` +
	`{"title":"1","value":"1"},{"title":"2","value":"2"},{"title":"3","value":"3"},{"title":"4","value":"4"},{"title":"5","value":"5"}]}],` +
	`"actions":[{"type":"Action.Submit","title":"OK"}]}`

func (s *session) askForHuman() {
	s.set(pick(s.r, s.chat.tongue.human))
	s.person()
	s.trace("EscalationRequested")
	s.add(`{"escalationRequestType":0}`)
	s.end()
	s.handOff("AgentTransferRequestedByUser", nil)
}

// handOff is the Escalate topic. The session is over whether or not anybody takes it.
func (s *session) handOff(reason string, last *topic) {
	t := s.chat.tongue
	s.set(t.transfer)
	s.reply(message{})
	if !s.bot.planner {
		s.step(s.bot.schema+".topic.Escalate", s.bot.system[sysEscalate], "SendActivity", "sendMessage_s39DCt", "", "")
	}
	s.trace("HandOff")
	s.add(`{}`)
	s.end()
	s.handedOff, s.over = reason, true
	if !s.bot.live {
		return
	}
	s.trace("HandOff")
	s.add(`{}`)
	s.end()
	if s.chat.channel.id == "lcw" {
		s.mark()
		s.add(`{"id":"`)
		s.guid()
		s.add(`","type":"handoff"`)
		s.stamp()
		s.fromBot()
		s.add(`,"channelId":"lcw"`)
		s.replyTo()
		s.add(`,"value":{"type":"transferToAgent","message":"","context":`)
		s.context(last)
		s.add(`}`)
	} else {
		s.event("handoff.initiate")
		s.context(last)
	}
	s.end()
	if s.r.Float64() < 0.5 {
		s.mark()
		s.add(`{"id":"`)
		s.guid()
		s.add(`","type":"endOfConversation"`)
		s.stamp()
		s.fromBot()
		s.add(`,"channelId":"`, s.chat.channel.id, `"}`)
	}
}

// context is what a person who takes over gets to see.
func (s *session) context(last *topic) {
	s.add(`{"va_Scope":"bot","va_BotName":"`, s.bot.label, `","va_BotId":"`, s.bot.meta, `","va_ConversationId":"`)
	s.bytes(s.chat.id)
	s.add(`","va_Language":"`, s.chat.tongue.locale, `","va_LastTopic":"`)
	if last != nil {
		s.add(last.title)
	}
	s.add(`","va_LastPhrases":"`)
	s.bytes(s.said)
	s.add(`"}`)
}

// fail is an error and the On Error topic.
func (s *session) fail(byAuthor bool) {
	codes, sub := [...]string{"SystemError", "FlowActionTimedOut", "OpenAIModelTokenLimit"}, "SystemError"
	s.fault = "SystemError"
	if byAuthor {
		codes, sub = [...]string{"ContentError", "RedirectToNonExistentDialog", "FlowActionBadRequest"}, "UserError"
		s.fault = "UserError"
	}
	code := codes[s.r.IntN(len(codes))]
	s.trace("ErrorTraceData")
	s.add(`{"isUserError":`, strconv.FormatBool(byAuthor), `,"errorCode":"`, code, `","errorMessage":"The flow with id `)
	s.guid()
	s.add(` did not answer as its definition says (correlation `)
	s.guid()
	s.add(`).","errorSubCode":"`, sub, `"}`)
	s.end()
	s.set(s.chat.tongue.fault, code)
	s.reply(message{})
	if !s.bot.planner {
		s.step(s.bot.schema+".topic.OnError", s.bot.system[sysError], "SendActivity", "sendMessage_XJBYMo", "", code)
	}
	s.over = s.r.Float64() < 0.6
}
