package session

import (
	"cmp"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/definition"
)

// fold reads the activities of one session in order and keeps what decides its labels.
type fold struct {
	def      *definition.Definition
	topics   *topicReader
	timeline []activity.Entry

	life       state
	engagement state
	outcome    state

	indexes []int // what happened in it
	outside int   // how many of them, at the beginning, lie too far back to be its start

	openedBy    Rule
	openedAt    int // index of what opened it
	engagedBy   Rule
	decidedBy   Rule
	decidedAt   int64
	lastCustom  entered
	firstSystem entered
	seen        []uint64 // the numbers of the topics entered, End of Conversation apart: a bit each
	ending      bool     // End of Conversation runs

	startedBy activity.Role
	user, bot int
	csat      int
	csatAsked bool
	saidNo    bool // the latest answer to "did that help" was no
	reason    string
	errorBy   string // UserError or SystemError

	planOpen    bool  // a plan runs: nothing says that it finished
	lastMessage int   // index of the last message, -1
	terminalAt  int   // index of the terminal event, -1
	clock       int64 // the last activity that counts for the idle time-out
	evidence    []Evidence
}

// entered is a topic and the activity that entered it.
type entered struct {
	topic *readTopic
	at    int
}

func newFold(def *definition.Definition, topics *topicReader, timeline []activity.Entry, by Rule, opener int) *fold {
	f := &fold{
		def: def, topics: topics, timeline: timeline,
		life: stateOpen, engagement: stateUnengaged, outcome: stateUndecided,
		openedBy: by, openedAt: opener, lastMessage: -1, terminalAt: -1,
		evidence: make([]Evidence, 0, 12), // few sessions have more
	}
	f.note(by, opener, "")
	return f
}

func (f *fold) note(rule Rule, i int, detail string) {
	e := Evidence{Rule: rule, Detail: detail, Index: i}
	if i >= 0 {
		e.ActivityID, e.At = f.timeline[i].ID, f.timeline[i].At
	}
	f.evidence = append(f.evidence, e)
}

// resetsClock: messages, events, invokes and hand-offs restart the idle clock; traces, typing and conversation updates do not
// (spec.md §8 #4).
func (f *fold) resetsClock(a activity.Entry) bool {
	switch a.Type {
	case activity.TypeMessage, activity.TypeEvent, activity.TypeInvoke, activity.TypeHandOff, activity.TypeEndOfConversation:
		return f.def.Session.IdleReset == definition.ResetAny || a.Role == activity.RoleUser
	default:
		return false
	}
}

// include makes an activity part of the session without letting it decide anything.
func (f *fold) include(i int) {
	a := f.timeline[i]
	f.indexes = append(f.indexes, i)
	if !a.IsMessage() {
		return
	}
	switch a.Role {
	case activity.RoleUser:
		f.user++
	default:
		// A message of nobody in particular is the bot's: users are known by their role in every format.
		f.bot++
	}
	if f.startedBy == activity.RoleUnknown {
		f.startedBy = activity.RoleBot
		if a.Role == activity.RoleUser {
			f.startedBy = activity.RoleUser
		}
	}
	f.lastMessage = i
}

// apply includes an activity and lets it decide.
func (f *fold) apply(i int) {
	f.include(i)
	a := f.timeline[i]
	if f.resetsClock(a) || i == f.openedAt {
		f.clock = a.At
	}
	if a.IsMessage() && a.Role == activity.RoleUser {
		f.engage(definition.ByUserMessage, EngageUserMessage, i, "")
	}
	switch sig := a.Signal.(type) {
	case activity.Intent:
		f.enter(f.topics.triggered(sig), i)
	case activity.Redirect:
		f.enter(f.topics.get(sig.Target), i)
	case activity.TopicTrace:
		for k := range sig.Steps {
			if t := f.topics.stepped(&sig.Steps[k]); t != nil && !f.runs(t) {
				f.enter(t, i)
			}
		}
	case activity.UnknownIntent:
		f.leave()
		f.unknownIntent(i, sig.Utterance)
	case activity.PlanReceived:
		f.leave()
		f.planOpen = true
	case activity.PlanStep:
		f.leave()
		f.planOpen = true
		f.planStep(i, sig)
	case activity.PlanFinished:
		f.planOpen = false
	default:
		f.applyOutcome(i, a.Signal)
	}
}

// leads reports whether the activity is the beginning of something new: a topic, an unknown intent or a plan. A topic whose steps were
// seen already goes on; a system topic that another topic calls (Reset Conversation) and one that says good bye are the old matter's end.
func (f *fold) leads(a activity.Entry) bool {
	switch sig := a.Signal.(type) {
	case activity.Intent:
		t := f.topics.triggered(sig)
		return t == nil || t.role != definition.RoleClosing
	case activity.UnknownIntent, activity.PlanReceived, activity.PlanStep, activity.EscalationRequested:
		return true
	case activity.Redirect:
		return begins(f.topics.get(sig.Target))
	case activity.TopicTrace:
		return slices.ContainsFunc(sig.Steps, func(s activity.TopicStep) bool {
			t := f.topics.stepped(&s)
			return begins(t) && !f.runs(t)
		})
	default:
		return false
	}
}

// begins reports whether entering the topic is a new matter.
func begins(t *readTopic) bool {
	switch {
	case t == nil || t.role == definition.RoleClosing:
		return false
	case t.Kind == activity.KindCustom:
		return true
	default:
		return t.role == definition.RoleEscalate || t.role == definition.RoleFallback || t.role == definition.RoleBoosting
	}
}

// answers reports whether the activity is the answer to a survey.
func answers(a activity.Entry) bool {
	switch a.Signal.(type) {
	case activity.SurveyAnswered, activity.CSATAnswered:
		return true
	default:
		return false
	}
}

// applyOutcome reads the signals that say how it went.
func (f *fold) applyOutcome(i int, signal activity.Signal) {
	switch sig := signal.(type) {
	case activity.SurveyAsked:
		f.saidNo = false
		f.cancelTopics()
		f.imply(definition.BySurveyAsked, ImplySurveyAsked, i)
	case activity.SurveyAnswered:
		f.saidNo = !sig.Yes
		if sig.Yes {
			f.confirm(definition.BySurveyYes, ConfirmSurveyYes, i)
		} else {
			f.withdraw(definition.BySurveyNo, WithdrawSurveyNo, i)
		}
	case activity.CSATAsked:
		f.csatAsked = true
		// Reaching the satisfaction question confirms, unless the user just said no or a person took over (spec.md §1.6, §8.4).
		if !f.saidNo && f.outcome != stateEscalated {
			f.confirm(definition.ByCSATAsked, ConfirmCSATAsked, i)
		}
	case activity.CSATAnswered:
		f.csatAsked, f.csat = true, sig.Score
		f.note(CSATGiven, i, string(rune('0'+sig.Score)))
	case activity.ImpliedSuccess:
		f.imply(definition.ByImpliedSuccess, ImplySuccess, i)
	case activity.EscalationRequested:
		f.escalate(definition.ByEscalationRequest, EscalateRequest, i, ReasonByUser)
	case activity.HandOff:
		f.escalate(definition.ByHandOff, EscalateHandOff, i, ReasonByAuthor)
	case activity.Outcome:
		f.said(i, sig)
	case activity.EndOfConversation:
		if f.def.Session.EndOfConversationCuts {
			f.terminal(i)
		}
	case activity.Error:
		// A platform's error is the graver one and stays (spec.md §8.4 leaves the order open).
		switch {
		case !sig.User:
			f.errorBy = ReasonSystemError
		case f.errorBy == "":
			f.errorBy = ReasonUserError
		}
		f.note(ReasonErrorSeen, i, strings.TrimSpace(sig.Code+" "+sig.SubCode))
	}
}

// enter is a topic being entered.
func (f *fold) enter(t *readTopic, i int) {
	if t == nil {
		return
	}
	switch t.role {
	case definition.RoleEndOfConversation:
		f.cancelTopics()
	default:
		f.leave()
	}
	f.see(t)
	f.note(TopicEntered, i, t.Name)
	if t.Kind == activity.KindCustom {
		f.lastCustom = entered{t, i}
		f.engage(definition.ByCustomTopic, EngageCustomTopic, i, t.Name)
	} else if f.firstSystem.topic == nil {
		f.firstSystem = entered{t, i}
	}
	switch t.role {
	case definition.RoleEscalate:
		reason := ReasonByAuthor
		if in, ok := f.timeline[i].Signal.(activity.Intent); ok && in.Utterance != "" {
			reason = ReasonByUser
		}
		f.escalate(definition.ByEscalateTopic, EscalateTopic, i, reason)
	case definition.RoleEndOfConversation:
		f.imply(definition.ByEndOfConversation, ImplyEndOfConversation, i)
	case definition.RoleConfirmedSuccess:
		f.confirm(definition.ByConfirmedSuccess, ConfirmSuccessTopic, i)
	case definition.RoleConfirmedFailure:
		f.withdraw(definition.ByConfirmedFailure, WithdrawFailureTopic, i)
	case definition.RoleFallback:
		f.engage(definition.ByFallback, EngageFallback, i, t.Name)
	case definition.RoleBoosting:
		f.engage(definition.ByBoosting, EngageBoosting, i, t.Name)
	}
}

// runs reports whether a topic was entered, so that its next step is no new entry.
func (f *fold) runs(t *readTopic) bool {
	if t.role == definition.RoleEndOfConversation {
		return f.ending
	}
	at := t.number / 64
	return at < len(f.seen) && f.seen[at]&(1<<(t.number%64)) != 0
}

func (f *fold) see(t *readTopic) {
	if t.role == definition.RoleEndOfConversation {
		return
	}
	at := t.number / 64
	for len(f.seen) <= at {
		f.seen = append(f.seen, 0)
	}
	f.seen[at] |= 1 << (t.number % 64)
}

// cancelTopics: End of Conversation cancels the other topics, so that a step of one of them is a new entry; its own later steps are
// not, also when only its survey has shown that it runs (spec.md §1.6).
func (f *fold) cancelTopics() {
	f.seen, f.ending = nil, true
}

// leave: something else was entered, so End of Conversation is over, and its next step is a new entry.
func (f *fold) leave() { f.ending = false }

func (f *fold) unknownIntent(i int, utterance string) {
	by := definition.ByFallback
	if slices.Contains(f.def.Engagement.EngagedBy, definition.ByBoosting) {
		by = definition.ByBoosting
	}
	f.engage(by, EngageUnknownIntent, i, utterance)
}

func (f *fold) planStep(i int, step activity.PlanStep) {
	if isTopic(step.Task) {
		f.enter(f.topics.get(step.Task), i)
	}
	f.engage(definition.ByPlanStep, EngagePlanStep, i, step.Task)
	f.imply(definition.ByPlanStep, ImplyPlanStep, i)
}

func (f *fold) engage(by string, rule Rule, i int, detail string) {
	if !slices.Contains(f.def.Engagement.EngagedBy, by) {
		return
	}
	if to, changed := next(f.engagement, eventEngage); changed {
		f.engagement, f.engagedBy = to, rule
		f.note(rule, i, detail)
	}
}

// decide moves the outcome and keeps why. An event that changes nothing leaves no evidence.
func (f *fold) decide(on event, rule Rule, i int) bool {
	to, changed := next(f.outcome, on)
	if !changed {
		return false
	}
	f.outcome, f.decidedBy = to, rule
	if i >= 0 {
		f.decidedAt = f.timeline[i].At
	}
	f.note(rule, i, "")
	return true
}

func (f *fold) imply(by string, rule Rule, i int) {
	if !slices.Contains(f.def.Outcome.ImpliedBy, by) {
		return
	}
	if f.outcome == stateImplied && f.decidedBy == ImplyPlanStep && rule != ImplyPlanStep {
		// A survey is better ground than a plan step: what takes a plan step back does not take this back.
		f.decidedBy = rule
		f.note(rule, i, "")
		return
	}
	f.decide(eventImply, rule, i)
}

func (f *fold) withdraw(by string, rule Rule, i int) {
	if slices.Contains(f.def.Outcome.WithdrawnBy, by) {
		f.decide(eventWithdraw, rule, i)
	}
}

func (f *fold) confirm(by string, rule Rule, i int) {
	if !slices.Contains(f.def.Outcome.ConfirmedBy, by) {
		return
	}
	f.confirmed(rule, i)
}

func (f *fold) confirmed(rule Rule, i int) {
	// The last terminal event wins; of two at the same moment the hand-off does (spec.md §8 #25).
	if f.outcome == stateEscalated && !f.timedAfter(i) {
		return
	}
	if f.decide(eventConfirm, rule, i) {
		f.reason = ReasonResolved
		f.terminal(i)
	}
}

func (f *fold) timedAfter(i int) bool { return f.timeline[i].At > f.decidedAt }

func (f *fold) escalate(by string, rule Rule, i int, reason string) {
	if !slices.Contains(f.def.Outcome.EscalatedBy, by) {
		return
	}
	f.escalated(rule, i, reason)
}

func (f *fold) escalated(rule Rule, i int, reason string) {
	f.engage(definition.ByEscalation, EngageEscalation, i, "")
	switch {
	case f.decide(eventEscalate, rule, i):
		f.reason = reason
		f.terminal(i)
	case rule == EscalateRequest:
		// The topic's trace may stand before the request: the user asked all the same.
		f.reason = reason
	}
}

// said is what a bot says itself of the session, with event rapport.outcome.
func (f *fold) said(i int, o activity.Outcome) {
	switch strings.ToLower(o.Outcome) {
	case "resolved":
		if strings.EqualFold(o.Resolution, string(Implied)) {
			f.decide(eventImply, ImplySaid, i)
		} else {
			f.confirmed(ConfirmSaid, i)
		}
	case "escalated", "handoff":
		f.escalated(EscalateSaid, i, ReasonByAuthor)
	case "abandoned":
		f.decide(eventWithdraw, WithdrawSaid, i)
	default:
		return
	}
	if o.Reason != "" {
		f.reason = o.Reason
	}
}

// terminal makes the session wait for its end. Saying the same again later does not move the moment.
func (f *fold) terminal(i int) {
	f.terminalAt = i
	f.life, _ = next(f.life, eventTerminal)
}

// close ends the session and gives its labels.
func (f *fold) close(on event, by Rule) Session {
	f.life, _ = next(f.life, on)
	if f.outcome == stateImplied {
		switch {
		case f.errorBy != "" && f.def.Outcome.Errors == definition.ErrorsAbandon:
			f.decide(eventWithdraw, WithdrawError, -1)
		case f.decidedBy == ImplyPlanStep && f.def.Outcome.QuestionPending && f.questionPending():
			f.decide(eventWithdraw, WithdrawQuestionPending, f.lastMessage)
		}
	}
	s := Session{
		StartedBy: f.startedBy, UserMessages: f.user, BotMessages: f.bot, Turns: f.user + f.bot,
		CSAT: f.csat, CSATAsked: f.csatAsked,
		OpenedBy: f.openedBy, EndedBy: by, Source: Derived,
		Activities: f.indexes,
	}
	if s.StartedBy == activity.RoleUnknown {
		s.StartedBy = f.timeline[f.openedAt].Role
	}
	if s.StartedBy == activity.RoleUnknown {
		s.StartedBy = activity.RoleBot
	}
	f.bounds(&s)
	f.attribute(&s)
	f.label(&s)
	f.note(by, -1, "")
	f.evidence[len(f.evidence)-1].At = s.ClosesAt
	s.Evidence = f.evidence
	return s
}

func (f *fold) bounds(s *Session) {
	s.StartedAt = f.timeline[f.indexes[f.outside]].At
	s.EndedAt = s.StartedAt
	for _, i := range f.indexes[f.outside:] {
		s.StartedAt, s.EndedAt = min(s.StartedAt, f.timeline[i].At), max(s.EndedAt, f.timeline[i].At)
	}
	s.ClosesAt = max(f.clock+f.def.Session.IdleTimeout.Milliseconds(), s.EndedAt)
}

func (f *fold) attribute(s *Session) {
	by, rule := f.lastCustom, AttributeLastCustom
	if by.topic == nil {
		by, rule = f.firstSystem, AttributeFirstSystem
	}
	if by.topic == nil {
		return
	}
	s.Topic, s.AttributedBy = &by.topic.Topic, rule
	f.note(rule, by.at, s.Topic.Name)
}

func (f *fold) label(s *Session) {
	s.Outcome, s.Reason, s.DecidedBy = None, ReasonNoError, OutcomeUnengaged
	if f.engagement != stateEngaged {
		f.note(OutcomeUnengaged, -1, "")
		return
	}
	s.Engaged, s.EngagedBy, s.DecidedBy = true, f.engagedBy, f.decidedBy
	switch f.outcome {
	case stateConfirmed:
		s.Outcome, s.Resolution, s.Reason = Resolved, Confirmed, cmp.Or(f.reason, ReasonResolved)
	case stateImplied:
		s.Outcome, s.Resolution, s.Reason = Resolved, Implied, ReasonResolved
	case stateEscalated:
		s.Outcome, s.Reason = Escalated, f.reason
	default:
		s.Outcome, s.Reason = Abandoned, cmp.Or(f.errorBy, ReasonUserExit)
		if s.DecidedBy == "" {
			s.DecidedBy = OutcomeUndecided
			f.note(OutcomeUndecided, -1, "")
		}
	}
}

// questionPending: the bot asked something, its plan has not finished, and nobody answered. A courtesy such as "Anything else?"
// after a finished plan is no pending question (spec.md §9.5: a hypothesis).
func (f *fold) questionPending() bool {
	if f.lastMessage < 0 || !f.planOpen {
		return false
	}
	a := f.timeline[f.lastMessage]
	return a.Role != activity.RoleUser && (a.Asks || endsInQuestion(a.Text))
}

func endsInQuestion(text string) bool {
	text = strings.TrimRight(strings.TrimSpace(text), "*_)\"' ") // Markdown and quotes may close behind the mark
	return strings.HasSuffix(text, "?") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "؟")
}
