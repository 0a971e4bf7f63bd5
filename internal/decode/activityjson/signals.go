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
	for _, word := range [...]string{valueType, name} {
		if word == "" {
			continue
		}
		switch word = d.lower(word); word {
		case "sessioninfo":
			return d.sessionInfo(value)
		case "dialogtracing", "dialogtracinginfo":
			return d.topicTrace(value), nil
		}
		if s := d.named(word, value); s != nil {
			return s, nil
		}
		if kind == activity.TypeEvent && (word == "handoff.initiate" || strings.HasSuffix(word, "handoff")) {
			return activity.HandOff{}, nil
		}
	}
	return nil, nil
}

// lower is a word that repeats in lower case, which is held once too.
func (d *Decoder) lower(word string) string {
	known, ok := d.lowered[word]
	if !ok {
		known = strings.ToLower(word)
		if len(word) <= longName {
			d.lowered[word] = known
		}
	}
	return known
}

// named reads the value that a word in lower case stands for; nil for words without a signal. The shapes are those of
// spec.md §4.6. What it holds of the value is counted by who calls it.
func (d *Decoder) named(word string, value []byte) activity.Signal {
	switch word {
	case "startconversation":
		return activity.ConversationStart{}
	case "conversationinfo":
		return d.conversationInfo(value)
	case "intentrecognition":
		return d.intentRecognition(value)
	case "intentcandidates":
		return intentCandidates(value)
	case "unknownintent":
		return activity.UnknownIntent{Utterance: member(value, "userquery")}
	case "dialogredirect":
		f := [2]field{{key: "targetdialogid"}, {key: "targetdialogtype"}}
		find(unwrap(value), f[:])
		return activity.Redirect{Target: d.known(f[0].value), Kind: kindOf(f[1].value)}
	case "nodetracedata":
		v := of[struct{ NodeType, TopicDisplayName text }](value)
		return activity.TopicTrace{Steps: []activity.TopicStep{{Action: string(v.NodeType), Title: string(v.TopicDisplayName)}}}
	case "variableassignment":
		f := [4]field{{key: "id"}, {key: "name"}, {key: "newvalue"}, {key: "type"}}
		find(unwrap(value), f[:])
		return activity.Variable{ID: d.known(f[0].value), Name: d.known(f[1].value), Value: cut(scalar(f[2].value)), Scope: d.known(f[3].value)}
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
		return activity.ErrorCode{Code: member(value, "errorcode")}
	case "errortracedata":
		v := of[struct {
			IsUserError                           flag
			ErrorCode, ErrorSubCode, ErrorMessage text
		}](value)
		return activity.Error{
			User: v.IsUserError.on, Code: string(v.ErrorCode), SubCode: string(v.ErrorSubCode), Message: cut(string(v.ErrorMessage)),
		}
	case "gptanswer":
		return activity.GeneratedAnswer{State: member(value, "gptanswerstate")}
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
		return d.plan(word, value)
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
	if known := kindOf(raw); known != activity.KindUnknown {
		*k = topicKind(known)
	}
	return nil
}

func kindOf(raw []byte) activity.TopicKind {
	switch strings.ToLower(scalar(raw)) {
	case "0", "system":
		return activity.KindSystem
	case "1", "custom":
		return activity.KindCustom
	default:
		return activity.KindUnknown
	}
}

// member is one member of a value.
func member(value []byte, key string) string {
	f := [1]field{{key: key}}
	find(unwrap(value), f[:])
	return scalar(f[0].value)
}

func (d *Decoder) conversationInfo(value []byte) activity.Signal {
	f := [4]field{{key: "isdesignmode"}, {key: "locale"}, {key: "lastsessionoutcome"}, {key: "lastsessionoutcomereason"}}
	find(unwrap(value), f[:])
	return activity.ConversationInfo{
		DesignMode: flagOf(f[0].value), Locale: d.known(f[1].value), LastOutcome: d.known(f[2].value), LastReason: d.known(f[3].value),
	}
}

// sessionInfo reads the platform's word on a session. It decides sessions, so one that says nothing is an error.
func (d *Decoder) sessionInfo(value []byte) (activity.Signal, error) {
	f := [10]field{
		{key: "starttimeutc"},
		{key: "endtimeutc"},
		{key: "type"},
		{key: "outcome"},
		{key: "outcomereason"},
		{key: "turncount"},
		{key: "impliedsuccess"},
		{key: "csatscore"},
		{key: "lasttriggeredintentid"},
		{key: "lastuserintentid"},
	}
	ok := find(unwrap(value), f[:])
	s := activity.SessionInfo{
		Start: d.times.instant(f[0].value), End: d.times.instant(f[1].value),
		Type: d.word(f[2].value), Outcome: d.word(f[3].value), Reason: d.word(f[4].value),
		Turns:               -1,
		LastTriggeredIntent: d.word(f[8].value), LastUserIntent: d.word(f[9].value),
	}
	if !ok || s.Type+s.Outcome == "" && scalar(f[0].value)+scalar(f[1].value) == "" {
		return nil, fmt.Errorf("SessionInfo cannot be read: %s", quote(value))
	}
	if n, ok := whole(text(scalar(f[5].value))); ok && n >= 0 {
		s.Turns = n
	}
	var implied flag
	if _ = implied.UnmarshalJSON(f[6].value); implied.known {
		s.Implied = &implied.on
	}
	if n, ok := whole(text(scalar(f[7].value))); ok && n >= 1 && n <= 5 {
		s.CSAT = n
	}
	return s, nil
}

// whole reads a whole number that may be written "4", "4.0" or 4.
func whole(t text) (int, bool) {
	if t == "" { // as nearly always: an error would cost more than the rest
		return 0, false
	}
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

func (d *Decoder) intentRecognition(value []byte) activity.Signal {
	f := [6]field{
		{key: "intentid"},
		{key: "intenttitle"},
		{key: "intenttype"},
		{key: "triggerutterance"},
		{key: "normalizedtriggerutterance"},
		{key: "intentscore"},
	}
	find(unwrap(value), f[:])
	s := activity.Intent{ID: d.known(f[0].value), Title: d.known(f[1].value), Kind: kindOf(f[2].value), Utterance: scalar(f[3].value)}
	if s.Utterance == "" {
		s.Utterance = scalar(f[4].value)
	}
	if s.Title == "" || s.Kind == activity.KindUnknown {
		score := of[intentScore](f[5].value)
		s.Title = cmp.Or(s.Title, score.title())
		if s.Kind == activity.KindUnknown {
			s.Kind = score.kind()
		}
	}
	return s
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

// topicTrace is read by hand, and its list while it is passed over: no other value comes as often.
func (d *Decoder) topicTrace(value []byte) activity.Signal {
	var s activity.TopicTrace
	if value = unwrap(value); isNull(value) || value[0] != '{' {
		return s
	}
	o := decode.NewObject(value, 0, anyDepth)
	for o.Next() {
		if !fold(o.Key, "actions") {
			continue
		}
		s.Steps = nil // of two members with one name the last counts
		switch rest := o.Rest(); {
		case rest[0] == '[':
			o.Pass(d.addSteps(&s, rest))
		default:
			if actions := unwrap(o.Value()); len(actions) > 0 && actions[0] == '[' {
				d.addSteps(&s, actions)
			} else {
				d.addStep(&s, actions)
			}
		}
	}
	return s
}

// addSteps reads the list that b starts with and returns the index behind it.
func (d *Decoder) addSteps(s *activity.TopicTrace, b []byte) int {
	a := decode.NewArray(b, 0, anyDepth)
	for a.Next() {
		switch rest := a.Rest(); {
		case len(s.Steps) >= listLimit:
		case rest[0] == '{':
			a.Pass(d.addStep(s, rest))
		default:
			d.addStep(s, a.Value())
		}
	}
	return a.End()
}

// addStep reads the object that action starts with, or that it holds as a string, and returns the index behind it.
func (d *Decoder) addStep(s *activity.TopicTrace, action []byte) int {
	f := [5]field{{key: "topicid"}, {key: "dialogcomponentid"}, {key: "actiontype"}, {key: "topicdisplayname"}, {key: "exception"}}
	end, ok := seek(unwrap(action), f[:])
	if !ok {
		return end
	}
	s.Steps = append(s.Steps, activity.TopicStep{
		Topic: d.word(f[0].value), Component: d.word(f[1].value), Action: d.word(f[2].value), Title: d.word(f[3].value),
		Exception: cut(scalar(f[4].value)),
	})
	return end
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

// plan reads the events of generative orchestration, which come often: by hand.
func (d *Decoder) plan(word string, value []byte) activity.Signal {
	get := func(fields ...field) []field {
		find(unwrap(value), fields)
		return fields
	}
	switch word {
	case "dynamicplanreceived":
		f := get(field{key: "planidentifier"}, field{key: "isfinalplan"}, field{key: "steps"})
		s := activity.PlanReceived{Plan: d.step(f[0].value), Final: flagOf(f[1].value)}
		var steps list[tool]
		_ = steps.UnmarshalJSON(f[2].value)
		for _, t := range steps {
			s.Steps = append(s.Steps, string(t))
		}
		return s
	case "dynamicplansteptriggered":
		f := get(field{key: "planidentifier"}, field{key: "stepid"}, field{key: "taskdialogid"}, field{key: "type"})
		return activity.PlanStep{Plan: d.step(f[0].value), Step: d.step(f[1].value), Task: d.known(f[2].value), Type: d.known(f[3].value)}
	case "dynamicplanstepfinished":
		f := get(field{key: "planidentifier"}, field{key: "stepid"}, field{key: "taskdialogid"}, field{key: "state"},
			field{key: "error"}, field{key: "executiontime"})
		var wrong failure
		_ = wrong.UnmarshalJSON(f[4].value)
		return activity.PlanStepFinished{
			Plan: d.step(f[0].value), Step: d.step(f[1].value), Task: d.known(f[2].value), State: d.known(f[3].value),
			Error: cut(string(wrong)), Took: span(scalar(f[5].value)),
		}
	case "dynamicplanfinished":
		f := get(field{key: "planid"}, field{key: "planidentifier"}, field{key: "wascancelled"})
		return activity.PlanFinished{Plan: cmp.Or(d.step(f[0].value), d.step(f[1].value)), Cancelled: flagOf(f[2].value)}
	default:
		return nil
	}
}

// flagOf is whether a flag is known and on.
func flagOf(raw []byte) bool {
	var f flag
	_ = f.UnmarshalJSON(raw)
	return f.on
}

// tool is a step of a plan: its id, or an object with it (2024).
type tool string

// UnmarshalJSON never fails.
func (t *tool) UnmarshalJSON(raw []byte) error {
	if bare := unwrap(raw); len(bare) > 0 && bare[0] == '"' {
		*t = tool(scalar(raw))
		return nil
	}
	v := of[struct{ ToolName, TaskDialogID, ID text }](raw)
	*t = tool(cmp.Or(string(v.ToolName), string(v.TaskDialogID), string(v.ID), scalar(raw)))
	return nil
}

// failure is an error: its text, or an object with one.
type failure string

// UnmarshalJSON never fails.
func (f *failure) UnmarshalJSON(raw []byte) error {
	if bare := unwrap(raw); len(bare) > 0 && bare[0] == '"' {
		*f = failure(scalar(raw))
		return nil
	}
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
