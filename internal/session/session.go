// Package session cuts a conversation into analytics sessions and billed sessions, and says why.
//
// Derive is a pure function of a conversation, a definition and a topic catalogue: no clock, no I/O, no state carried over.
// docs/state-machine.md draws it; spec.md §1 to §3 with the readings of §8, and §9 where records decide, is what it follows.
package session

import (
	"rapport/internal/activity"
)

// Revision is the engine's: it grows whenever the same records and definition may give other sessions than before, or other facts of them.
const Revision = 2

// Outcome is how an engaged session ended.
type Outcome string

// The outcomes. An unengaged session has None.
const (
	None      Outcome = "none"
	Resolved  Outcome = "resolved"
	Escalated Outcome = "escalated"
	Abandoned Outcome = "abandoned"
)

// Resolution is how a resolved session was resolved; "" for others.
type Resolution string

// The resolutions.
const (
	Confirmed Resolution = "confirmed"
	Implied   Resolution = "implied"
)

// The reasons of spec.md §3.3 that derivation gives. Platform sessions carry whatever the platform said.
const (
	ReasonNoError     = "NoError"
	ReasonResolved    = "Resolved"
	ReasonUserExit    = "UserExit"
	ReasonUserError   = "UserError"
	ReasonSystemError = "SystemError"
	ReasonByUser      = "AgentTransferRequestedByUser"
	ReasonByAuthor    = "AgentTransferConfiguredByAuthor"
)

// Kind is what sort of traffic a session is. Headline numbers count Chat.
type Kind string

// The kinds, in order of precedence (spec.md §1.8).
const (
	Autonomous Kind = "autonomous"
	Design     Kind = "design"
	Evaluation Kind = "evaluation"
	Child      Kind = "child"
	Chat       Kind = "chat"
)

// Test reports whether the traffic is a test: the test canvas or an evaluation run.
func (k Kind) Test() bool { return k == Design || k == Evaluation }

// Source says whose boundaries and labels a session has.
type Source string

// The sources.
const (
	FromPlatform Source = "platform"
	Derived      Source = "derived"
)

// Topic is the topic that a session is attributed to.
type Topic struct {
	ID   string
	Name string
	Kind activity.TopicKind
}

// Evidence is why: the rule, the activity that it saw and when.
type Evidence struct {
	Rule       Rule
	ActivityID string
	At         int64 // ms; 0 in an untimed conversation
	Detail     string
	// Index is the activity's place in the timeline, -1 when no single activity is behind it.
	Index int
}

// Session is one analytics session. Times are milliseconds since 1970, UTC, and mean nothing when Untimed.
type Session struct {
	Number    int // 1..n within its conversation
	StartedAt int64
	EndedAt   int64 // the last activity in it
	ClosesAt  int64 // when it was certain to be over
	Untimed   bool
	StartedBy activity.Role // the sender of the first message

	Engaged    bool
	Outcome    Outcome
	Resolution Resolution
	Reason     string
	Topic      *Topic

	Turns        int // messages of both sides (spec.md §1.3)
	UserMessages int
	BotMessages  int
	CSATAsked    bool
	CSAT         int // the last answer, 1 to 5; 0 for none

	Channel    string
	Locale     string
	User       string
	Kind       Kind
	DesignMode bool
	Source     Source

	OpenedBy     Rule
	EngagedBy    Rule // "" when unengaged
	AttributedBy Rule // "" without a topic
	EndedBy      Rule
	DecidedBy    Rule // what set the outcome
	Evidence     []Evidence

	// Activities are the places in the timeline of what happened in it, ascending.
	Activities []int
}

// Result is everything derived from one conversation.
type Result struct {
	Definition string // name@version
	Timeline   []activity.Entry
	Sessions   []Session
	Billed     []Billed
}

// Rule is the code of a rule that decided something. Codes are stable: they are stored with sessions and shown to people.
type Rule string

// The rules, by what they decide.
const (
	OpenFirst        Rule = "open.first"         // the conversation's first message or user event
	OpenAfterIdle    Rule = "open.after_idle"    // the first one after the idle time-out
	OpenAfterOutcome Rule = "open.after_outcome" // the user message that led on after a terminal outcome
	OpenPlatform     Rule = "open.platform"      // SessionInfo says so

	TopicEntered Rule = "topic.entered"

	EngageCustomTopic   Rule = "engage.custom_topic"
	EngageEscalation    Rule = "engage.escalation"
	EngageFallback      Rule = "engage.fallback"
	EngageBoosting      Rule = "engage.boosting"
	EngageUnknownIntent Rule = "engage.unknown_intent" // fallback or boosting follows
	EngagePlanStep      Rule = "engage.plan_step"
	EngageUserMessage   Rule = "engage.user_message"
	EngagePlatform      Rule = "engage.platform"

	AttributeLastCustom  Rule = "attribute.last_custom"
	AttributeFirstSystem Rule = "attribute.first_system"
	AttributePlatform    Rule = "attribute.platform"

	ConfirmSurveyYes        Rule = "confirm.survey_yes"
	ConfirmCSATAsked        Rule = "confirm.csat_asked"
	ConfirmSuccessTopic     Rule = "confirm.confirmed_success_topic"
	ConfirmSaid             Rule = "confirm.said" // event rapport.outcome
	ImplySurveyAsked        Rule = "imply.survey_asked"
	ImplySuccess            Rule = "imply.implied_success"
	ImplyEndOfConversation  Rule = "imply.end_of_conversation_topic"
	ImplyPlanStep           Rule = "imply.plan_step"
	ImplySaid               Rule = "imply.said"
	WithdrawSurveyNo        Rule = "withdraw.survey_no"
	WithdrawFailureTopic    Rule = "withdraw.confirmed_failure_topic"
	WithdrawError           Rule = "withdraw.error"
	WithdrawQuestionPending Rule = "withdraw.question_pending"
	WithdrawSaid            Rule = "withdraw.said"
	EscalateRequest         Rule = "escalate.escalation_request"
	EscalateHandOff         Rule = "escalate.hand_off"
	EscalateTopic           Rule = "escalate.escalate_topic"
	EscalateSaid            Rule = "escalate.said"

	OutcomeUnengaged  Rule = "outcome.unengaged"  // never engaged: no outcome
	OutcomeUndecided  Rule = "outcome.undecided"  // neither resolved nor escalated: abandoned
	OutcomePlatform   Rule = "outcome.platform"   // SessionInfo says so
	ReasonErrorSeen   Rule = "reason.error"       // an error anywhere in it
	CSATGiven         Rule = "csat.answered"      // the last answer counts
	EndIdle           Rule = "end.idle"           // nothing for longer than the idle time-out
	EndOutcome        Rule = "end.outcome"        // terminal outcome, and something new began
	EndSaid           Rule = "end.said"           // endOfConversation, and something new began
	EndRecords        Rule = "end.records"        // nothing more was recorded
	EndPlatform       Rule = "end.platform"       // SessionInfo says so
	GlueInactivity    Rule = "glue.inactivity"    // the bot's remark after the time-out
	PlatformQuestion  Rule = "platform.question"  // what the platform said contradicts itself
	PlatformConfirmed Rule = "platform.confirmed" // implied by its label, confirmed by a survey answer in it
)
