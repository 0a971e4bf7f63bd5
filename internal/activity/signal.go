package activity

// Signal is what an activity says beyond its text. The set is closed: the types of this file.
// Each names the valueType or event that it is read from (spec.md §4.6).
type Signal interface{ signal() }

// TopicKind says whether a topic is the author's or the platform's, as far as the transcript tells.
type TopicKind uint8

// The kinds. KindUnknown leaves the question to the catalogue and the definition.
const (
	KindUnknown TopicKind = iota
	KindSystem
	KindCustom
)

// String is "system", "custom" or "".
func (k TopicKind) String() string {
	switch k {
	case KindSystem:
		return "system"
	case KindCustom:
		return "custom"
	default:
		return ""
	}
}

type (
	// ConversationStart: event startConversation.
	ConversationStart struct{}

	// ConversationInfo: the first trace of a record.
	ConversationInfo struct {
		DesignMode  bool
		Locale      string
		LastOutcome string
		LastReason  string
	}

	// SessionInfo: what the platform says of the session that ends here. Words are as written; zero values where absent.
	SessionInfo struct {
		Start, End          int64 // ms
		Type                string
		Outcome             string
		Reason              string
		Turns               int // -1 when absent
		Implied             *bool
		LastTriggeredIntent string
		LastUserIntent      string
		CSAT                int // 0 when absent
	}

	// Intent: IntentRecognition, a LUIS trace with an intent, or event rapport.topic. A topic was triggered.
	Intent struct {
		ID        string
		Title     string
		Kind      TopicKind
		Utterance string // "" when a system event triggered it
	}

	// IntentCandidates: several topics matched.
	IntentCandidates struct {
		Utterance string
		IDs       []string
		Titles    []string
	}

	// UnknownIntent: nothing matched; fallback or conversational boosting follows.
	UnknownIntent struct{ Utterance string }

	// Redirect: DialogRedirect. A topic calls another.
	Redirect struct {
		Target string
		Kind   TopicKind
	}

	// TopicTrace: DialogTracing, DialogTracingInfo, NodeTraceData. Steps that topics took, in order.
	TopicTrace struct{ Steps []TopicStep }

	// TopicStep is one action of a topic.
	TopicStep struct {
		Topic     string // schema name
		Component string // botcomponent id
		Action    string // action type, e.g. InvokeFlowAction
		Title     string // topicDisplayName, where given
		Exception string
	}

	// PlanReceived: DynamicPlanReceived. The orchestrator planned these tools or topics.
	PlanReceived struct {
		Plan  string
		Steps []string
		Final bool
	}

	// PlanStep: DynamicPlanStepTriggered. The orchestrator runs a tool, a topic or a knowledge search.
	PlanStep struct {
		Plan string
		Step string
		Task string // "P:UniversalSearchTool", "<bot>.topic.X", "<bot>.action.X"
		Type string // KnowledgeSource, LlmSkill, Action, or ""
	}

	// PlanStepFinished: DynamicPlanStepFinished.
	PlanStepFinished struct {
		Plan  string
		Step  string
		Task  string
		State string // completed, failed, blocked
		Error string
		Took  int64 // ms, -1 when unknown
	}

	// PlanFinished: DynamicPlanFinished.
	PlanFinished struct {
		Plan      string
		Cancelled bool
	}

	// SurveyAsked: PRRSurveyRequest, "did that answer your question".
	SurveyAsked struct{}

	// SurveyAnswered: PRRSurveyResponse.
	SurveyAnswered struct{ Yes bool }

	// CSATAsked: CSATSurveyRequest.
	CSATAsked struct{}

	// CSATAnswered: CSATSurveyResponse, event rapport.csat. Score is 1 to 5; others are not decoded into a signal.
	CSATAnswered struct {
		Score   int
		Comment string
	}

	// ImpliedSuccess: a question was reached one of whose branches is a success.
	ImpliedSuccess struct{}

	// EscalationRequested: the user asked for a person.
	EscalationRequested struct{}

	// HandOff: trace HandOff, activity handoff, event handoff.initiate, or a provider's *Handoff event.
	HandOff struct{}

	// Outcome: event rapport.outcome. A bot says itself how the session ended.
	Outcome struct {
		Outcome    string // resolved, escalated, abandoned
		Resolution string // confirmed, implied, or ""
		Reason     string
	}

	// EndOfConversation: activity endOfConversation.
	EndOfConversation struct{}

	// ErrorCode: trace ErrorCode, a code alone. It does not say whose error it was and decides nothing.
	ErrorCode struct{ Code string }

	// Error: ErrorTraceData.
	Error struct {
		User    bool // an author's mistake, not the platform's
		Code    string
		SubCode string
		Message string
	}

	// GeneratedAnswer: GPTAnswer, and the completion state of KnowledgeTraceData.
	GeneratedAnswer struct {
		State    string
		Searched bool
		Sources  []string // cited knowledge sources
	}

	// Reaction: invoke message/submitAction with feedback.
	Reaction struct {
		Like    bool
		Comment string
	}

	// Variable: VariableAssignment.
	Variable struct {
		ID    string
		Name  string
		Value string
		Scope string // local, global
	}

	// Skill: SkillInfo. A Bot Framework skill was used.
	Skill struct{ Name string }

	// AgentCall: ConnectedAgentInitializeTraceData. Parent calls Child.
	AgentCall struct {
		Child  string // schema name
		Parent string
	}
)

func (ConversationStart) signal()   {}
func (ConversationInfo) signal()    {}
func (SessionInfo) signal()         {}
func (Intent) signal()              {}
func (IntentCandidates) signal()    {}
func (UnknownIntent) signal()       {}
func (Redirect) signal()            {}
func (TopicTrace) signal()          {}
func (PlanReceived) signal()        {}
func (PlanStep) signal()            {}
func (PlanStepFinished) signal()    {}
func (PlanFinished) signal()        {}
func (SurveyAsked) signal()         {}
func (SurveyAnswered) signal()      {}
func (CSATAsked) signal()           {}
func (CSATAnswered) signal()        {}
func (ImpliedSuccess) signal()      {}
func (EscalationRequested) signal() {}
func (HandOff) signal()             {}
func (Outcome) signal()             {}
func (EndOfConversation) signal()   {}
func (ErrorCode) signal()           {}
func (Error) signal()               {}
func (GeneratedAnswer) signal()     {}
func (Reaction) signal()            {}
func (Variable) signal()            {}
func (Skill) signal()               {}
func (AgentCall) signal()           {}

// Signals is one zero value of every type of signal, in a fixed order: what stores or shows signals ranges over it.
func Signals() []Signal {
	return []Signal{
		ConversationStart{},
		ConversationInfo{},
		SessionInfo{},
		Intent{},
		IntentCandidates{},
		UnknownIntent{},
		Redirect{},
		TopicTrace{},
		PlanReceived{},
		PlanStep{},
		PlanStepFinished{},
		PlanFinished{},
		SurveyAsked{},
		SurveyAnswered{},
		CSATAsked{},
		CSATAnswered{},
		ImpliedSuccess{},
		EscalationRequested{},
		HandOff{},
		Outcome{},
		EndOfConversation{},
		ErrorCode{},
		Error{},
		GeneratedAnswer{},
		Reaction{},
		Variable{},
		Skill{},
		AgentCall{},
	}
}
