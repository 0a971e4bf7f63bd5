package activityjson

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// signal is what an activity says beyond its text, or nil. A source may name it by valueType, by name or by both, in any case
// (spec.md §4.5, §9.7); the valueType counts first.
func (d *Decoder) signal(kind activity.Type, valueType, name string, value []byte) (activity.Signal, error) {
	switch kind {
	case activity.TypeMessage, activity.TypeTyping, activity.TypeConversationUpdate:
		return nil, nil
	case activity.TypeHandOff:
		return activity.HandOff{}, nil
	case activity.TypeEndOfConversation:
		return activity.EndOfConversation{}, nil
	}
	for _, word := range []string{valueType, name} {
		if word == "" {
			continue
		}
		word = strings.ToLower(word)
		switch word {
		case "sessioninfo":
			return d.sessionInfo(value)
		case "dialogtracing", "dialogtracinginfo":
			return d.topicTrace(value), nil
		}
		if s := named(word, value); s != nil {
			return s, nil
		}
		if kind == activity.TypeEvent && (word == "handoff.initiate" || strings.HasSuffix(word, "handoff")) {
			return activity.HandOff{}, nil
		}
	}
	return nil, nil
}

// named reads the value that a word in lower case stands for; nil for words without a signal. The shapes are those of
// spec.md §4.6.
func named(word string, value []byte) activity.Signal {
	switch word {
	case "startconversation":
		return activity.ConversationStart{}
	case "conversationinfo":
		return conversationInfo(value)
	case "intentrecognition":
		return intentRecognition(value)
	case "intentcandidates":
		return intentCandidates(value)
	case "unknownintent":
		return activity.UnknownIntent{Utterance: string(of[struct{ UserQuery text }](value).UserQuery)}
	case "dialogredirect":
		v := of[struct {
			TargetDialogID   text
			TargetDialogType topicKind
		}](value)
		return activity.Redirect{Target: string(v.TargetDialogID), Kind: activity.TopicKind(v.TargetDialogType)}
	case "nodetracedata":
		v := of[struct{ NodeType, TopicDisplayName text }](value)
		return activity.TopicTrace{Steps: []activity.TopicStep{{Action: string(v.NodeType), Title: string(v.TopicDisplayName)}}}
	case "variableassignment":
		v := of[struct{ ID, Name, NewValue, Type text }](value)
		return activity.Variable{ID: string(v.ID), Name: string(v.Name), Value: cut(string(v.NewValue)), Scope: string(v.Type)}
	case "prrsurveyrequest":
		return activity.SurveyAsked{}
	case "prrsurveyresponse":
		if v := of[struct{ Response flag }](value).Response; v.known {
			return activity.SurveyAnswered{Yes: v.on}
		}
	case "csatsurveyrequest":
		return activity.CSATAsked{}
	case "csatsurveyresponse", "rapport.csat":
		return csat(value)
	case "impliedsuccess":
		return activity.ImpliedSuccess{}
	case "escalationrequested":
		return activity.EscalationRequested{}
	case "handoff":
		return activity.HandOff{}
	case "rapport.topic":
		return rapportTopic(value)
	case "rapport.outcome":
		return rapportOutcome(value)
	case "message/submitaction":
		return reaction(value)
	case "errorcode":
		return activity.ErrorCode{Code: string(of[struct{ ErrorCode text }](value).ErrorCode)}
	case "errortracedata":
		v := of[struct {
			IsUserError                           flag
			ErrorCode, ErrorSubCode, ErrorMessage text
		}](value)
		return activity.Error{
			User: v.IsUserError.on, Code: string(v.ErrorCode), SubCode: string(v.ErrorSubCode), Message: cut(string(v.ErrorMessage)),
		}
	case "gptanswer":
		return activity.GeneratedAnswer{State: string(of[struct{ GPTAnswerState text }](value).GPTAnswerState)}
	case "knowledgetracedata":
		v := of[struct {
			CompletionState       text
			IsKnowledgeSearched   flag
			CitedKnowledgeSources list[text]
		}](value)
		return activity.GeneratedAnswer{
			State: string(v.CompletionState), Searched: v.IsKnowledgeSearched.on, Sources: words(v.CitedKnowledgeSources),
		}
	case "skillinfo":
		v := of[struct{ Name, SkillName, DisplayName, SkillID, ID text }](value)
		return activity.Skill{Name: cmp.Or(string(v.SkillName), string(v.DisplayName), string(v.Name), string(v.SkillID), string(v.ID))}
	case "connectedagentinitializetracedata":
		v := of[struct{ BotSchemaName, ParentBotSchemaName text }](value)
		return activity.AgentCall{Child: string(v.BotSchemaName), Parent: string(v.ParentBotSchemaName)}
	case "https://www.luis.ai/schemas/trace", "luisrecognizer":
		return luis(value)
	default:
		return plan(word, value)
	}
	return nil
}

// of reads a value into a shape, as far as it fits.
func of[T any](value []byte) T {
	var v T
	_ = readInto(value, &v)
	return v
}

func words(ts []text) []string {
	var ws []string
	for _, t := range ts {
		if t != "" {
			ws = append(ws, string(t))
		}
	}
	return ws
}

// topicKind is a topic's kind: 0 and 1 as a number or in a string, or the word.
type topicKind activity.TopicKind

// UnmarshalJSON never fails.
func (k *topicKind) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(scalar(raw)) {
	case "0", "system":
		*k = topicKind(activity.KindSystem)
	case "1", "custom":
		*k = topicKind(activity.KindCustom)
	}
	return nil
}

func conversationInfo(value []byte) activity.Signal {
	v := of[struct {
		IsDesignMode                                 flag
		Locale                                       text
		LastSessionOutcome, LastSessionOutcomeReason text
	}](value)
	return activity.ConversationInfo{
		DesignMode: v.IsDesignMode.on, Locale: string(v.Locale),
		LastOutcome: string(v.LastSessionOutcome), LastReason: string(v.LastSessionOutcomeReason),
	}
}

// sessionInfo reads the platform's word on a session. It decides sessions, so one that says nothing is an error.
func (d *Decoder) sessionInfo(value []byte) (activity.Signal, error) {
	var v struct {
		StartTimeUTC, EndTimeUTC                text
		Type, Outcome, OutcomeReason            text
		TurnCount, CSATScore                    text
		ImpliedSuccess                          flag
		LastTriggeredIntentID, LastUserIntentID text
	}
	if !readInto(value, &v) || v.Type+v.Outcome+v.StartTimeUTC+v.EndTimeUTC == "" {
		return nil, fmt.Errorf("SessionInfo cannot be read: %s", quote(value))
	}
	s := activity.SessionInfo{
		Start: d.times.instant(v.StartTimeUTC), End: d.times.instant(v.EndTimeUTC),
		Type: string(v.Type), Outcome: string(v.Outcome), Reason: string(v.OutcomeReason),
		Turns:               -1,
		LastTriggeredIntent: string(v.LastTriggeredIntentID), LastUserIntent: string(v.LastUserIntentID),
	}
	if n, ok := whole(v.TurnCount); ok && n >= 0 {
		s.Turns = n
	}
	if v.ImpliedSuccess.known {
		s.Implied = &v.ImpliedSuccess.on
	}
	if n, ok := whole(v.CSATScore); ok && n >= 1 && n <= 5 {
		s.CSAT = n
	}
	return s, nil
}

// whole reads a whole number that may be written "4", "4.0" or 4.
func whole(t text) (int, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64)
	if err != nil || f != float64(int32(f)) {
		return 0, false
	}
	return int(f), true
}

// intentScore has its title and type beside the score (2021 to 2023) or under properties (since).
type intentScore struct {
	Title      text
	Type       topicKind
	Properties loose[struct {
		Title text
		Type  topicKind
	}]
}

func (s intentScore) title() string { return cmp.Or(string(s.Properties.v.Title), string(s.Title)) }

func (s intentScore) kind() activity.TopicKind {
	if k := s.Properties.v.Type; k != 0 {
		return activity.TopicKind(k)
	}
	return activity.TopicKind(s.Type)
}

func intentRecognition(value []byte) activity.Signal {
	v := of[struct {
		IntentID, IntentTitle                        text
		IntentType                                   topicKind
		TriggerUtterance, NormalizedTriggerUtterance text
		IntentScore                                  loose[intentScore]
	}](value)
	kind := activity.TopicKind(v.IntentType)
	if kind == activity.KindUnknown {
		kind = v.IntentScore.v.kind()
	}
	return activity.Intent{
		ID: string(v.IntentID), Title: cmp.Or(string(v.IntentTitle), v.IntentScore.v.title()), Kind: kind,
		Utterance: cmp.Or(string(v.TriggerUtterance), string(v.NormalizedTriggerUtterance)),
	}
}

// candidate is one topic of several that matched; the list's name differs between tools, and so may its elements.
type candidate struct{ id, title string }

// UnmarshalJSON never fails.
func (c *candidate) UnmarshalJSON(raw []byte) error {
	v := of[struct {
		IntentID, ID, TopicID    text
		IntentTitle, Title, Name text
		IntentScore              loose[intentScore]
	}](raw)
	c.id = cmp.Or(string(v.IntentID), string(v.TopicID), string(v.ID), scalar(raw))
	c.title = cmp.Or(string(v.IntentTitle), string(v.Title), string(v.Name), v.IntentScore.v.title())
	return nil
}

func intentCandidates(value []byte) activity.Signal {
	v := of[struct {
		TriggerUtterance, NormalizedTriggerUtterance text
		IntentCandidates, Intents, Candidates        list[candidate]
	}](value)
	s := activity.IntentCandidates{Utterance: cmp.Or(string(v.TriggerUtterance), string(v.NormalizedTriggerUtterance))}
	for _, cs := range []list[candidate]{v.IntentCandidates, v.Intents, v.Candidates} {
		for _, c := range cs {
			s.IDs = append(s.IDs, c.id)
			s.Titles = append(s.Titles, c.title)
		}
	}
	return s
}

// topicTrace is read by hand: no other value comes as often.
func (d *Decoder) topicTrace(value []byte) activity.Signal {
	var s activity.TopicTrace
	list := [1]field{{key: "actions"}}
	find(unwrap(value), list[:])
	actions := unwrap(list[0].value)
	if len(actions) == 0 || actions[0] != '[' {
		d.addStep(&s, actions)
		return s
	}
	a := decode.NewArray(actions, 0, anyDepth)
	for a.Next() && len(s.Steps) < listLimit {
		d.addStep(&s, a.Value())
	}
	return s
}

func (d *Decoder) addStep(s *activity.TopicTrace, action []byte) {
	f := [5]field{{key: "topicid"}, {key: "dialogcomponentid"}, {key: "actiontype"}, {key: "topicdisplayname"}, {key: "exception"}}
	if !find(unwrap(action), f[:]) {
		return
	}
	s.Steps = append(s.Steps, activity.TopicStep{
		Topic: d.word(f[0].value), Component: d.word(f[1].value), Action: d.word(f[2].value), Title: d.word(f[3].value),
		Exception: cut(scalar(f[4].value)),
	})
}

// weight is what a signal's lists cost beside the bytes that they were read from.
func weight(s activity.Signal) int64 {
	const word = 16 // a string without its text
	switch s := s.(type) {
	case activity.TopicTrace:
		return 5 * word * int64(len(s.Steps))
	case activity.IntentCandidates:
		return 2 * word * int64(len(s.IDs))
	case activity.PlanReceived:
		return word * int64(len(s.Steps))
	case activity.GeneratedAnswer:
		return word * int64(len(s.Sources))
	default:
		return 0
	}
}

// csat reads {response} of the platform and {score, comment} of rapport.csat, or a bare score. Scores that are not 1 to 5
// give no signal (spec.md §8 #16).
func csat(value []byte) activity.Signal {
	v := of[struct{ Response, Score, Comment text }](value)
	n, ok := whole(text(cmp.Or(string(v.Response), string(v.Score), scalar(value))))
	if !ok || n < 1 || n > 5 {
		return nil
	}
	return activity.CSATAnswered{Score: n, Comment: string(v.Comment)}
}

// rapportTopic reads {id, name, kind?} or the bare name.
func rapportTopic(value []byte) activity.Signal {
	v := of[struct {
		ID, Name text
		Kind     topicKind
	}](value)
	bare := scalar(value)
	s := activity.Intent{
		ID: cmp.Or(string(v.ID), string(v.Name), bare), Title: cmp.Or(string(v.Name), string(v.ID), bare), Kind: activity.TopicKind(v.Kind),
	}
	if s.ID == "" {
		return nil
	}
	return s
}

// rapportOutcome reads {outcome, resolution?, reason?} or the bare outcome. A word that is no outcome gives no signal.
func rapportOutcome(value []byte) activity.Signal {
	v := of[struct{ Outcome, Resolution, Reason text }](value)
	s := activity.Outcome{Reason: string(v.Reason)}
	switch strings.ToLower(cmp.Or(string(v.Outcome), scalar(value))) {
	case "resolved":
		s.Outcome = "resolved"
	case "escalated", "handoff":
		s.Outcome = "escalated"
	case "abandoned":
		s.Outcome = "abandoned"
	default:
		return nil
	}
	if r := strings.ToLower(string(v.Resolution)); r == "confirmed" || r == "implied" {
		s.Resolution = r
	}
	return s
}

// reaction reads a thumb up or down. On some channels the feedback, or all of it, is JSON within a string.
func reaction(value []byte) activity.Signal {
	v := of[struct {
		ActionName  text
		ActionValue loose[struct {
			Reaction text
			Feedback feedback
		}]
	}](value)
	word := strings.ToLower(string(v.ActionValue.v.Reaction))
	if !strings.EqualFold(string(v.ActionName), "feedback") || word != "like" && word != "dislike" {
		return nil
	}
	return activity.Reaction{Like: word == "like", Comment: string(v.ActionValue.v.Feedback)}
}

// feedback is the text of {feedbackText}, of that as JSON within a string, or of a string that is no JSON.
type feedback string

// UnmarshalJSON never fails.
func (f *feedback) UnmarshalJSON(raw []byte) error {
	if inner := unwrap(raw); !isNull(inner) && inner[0] == '{' {
		*f = feedback(of[struct{ FeedbackText text }](inner).FeedbackText)
		return nil
	}
	*f = feedback(scalar(raw))
	return nil
}

// plan reads the events of generative orchestration.
func plan(word string, value []byte) activity.Signal {
	type step struct {
		PlanIdentifier, PlanID, StepID, TaskDialogID text
		Type, State, ExecutionTime                   text
		Error                                        failure
		IsFinalPlan, WasCancelled                    flag
		Steps                                        list[tool]
	}
	switch word {
	case "dynamicplanreceived":
		v := of[step](value)
		s := activity.PlanReceived{Plan: string(v.PlanIdentifier), Final: v.IsFinalPlan.on}
		for _, t := range v.Steps {
			s.Steps = append(s.Steps, string(t))
		}
		return s
	case "dynamicplansteptriggered":
		v := of[step](value)
		return activity.PlanStep{Plan: string(v.PlanIdentifier), Step: string(v.StepID), Task: string(v.TaskDialogID), Type: string(v.Type)}
	case "dynamicplanstepfinished":
		v := of[step](value)
		return activity.PlanStepFinished{
			Plan: string(v.PlanIdentifier), Step: string(v.StepID), Task: string(v.TaskDialogID), State: string(v.State),
			Error: cut(string(v.Error)), Took: span(string(v.ExecutionTime)),
		}
	case "dynamicplanfinished":
		v := of[step](value)
		return activity.PlanFinished{Plan: cmp.Or(string(v.PlanID), string(v.PlanIdentifier)), Cancelled: v.WasCancelled.on}
	default:
		return nil
	}
}

// tool is a step of a plan: its id, or an object with it (2024).
type tool string

// UnmarshalJSON never fails.
func (t *tool) UnmarshalJSON(raw []byte) error {
	v := of[struct{ ToolName, TaskDialogID, ID text }](raw)
	*t = tool(cmp.Or(string(v.ToolName), string(v.TaskDialogID), string(v.ID), scalar(raw)))
	return nil
}

// failure is an error: its text, or an object with one.
type failure string

// UnmarshalJSON never fails.
func (f *failure) UnmarshalJSON(raw []byte) error {
	v := of[struct{ Message, ErrorMessage, Code, ErrorCode text }](raw)
	*f = failure(cmp.Or(string(v.Message), string(v.ErrorMessage), string(v.Code), string(v.ErrorCode), scalar(raw)))
	return nil
}

// span reads "hh:mm:ss.fffffff" with an optional "days." before it, in ms; -1 when it is not one.
func span(word string) int64 {
	days := 0
	clock := word
	if i, j := strings.IndexByte(word, '.'), strings.IndexByte(word, ':'); i >= 0 && i < j {
		n, err := strconv.Atoi(word[:i])
		if err != nil || n < 0 || n > 10_000 {
			return -1
		}
		days, clock = n, word[i+1:]
	}
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		return -1
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	return int64(days)*24*3600*1000 + t.Sub(midnight).Milliseconds()
}
