// Package definition holds the rule sets that say what a session is: named, versioned data, not code.
//
// The presets are embedded YAML; a team's own file extends one of them and overrides keys. The topic catalogue, which says
// which topics are the author's, is here too.
package definition

import (
	"time"

	"rapport/internal/activity"
)

// Definition is one rule set, complete: everything it extends has been merged in.
type Definition struct {
	Name        string
	Version     string
	Extends     string // "" for a preset that stands alone
	Description string
	Hypothesis  bool // shaped on few records; say so wherever its numbers are shown

	Session    SessionRules
	Topics     TopicRules
	Engagement EngagementRules
	Outcome    OutcomeRules
	Billing    BillingRules

	// Keys lists every key in force in the order of the presets, with where it was set and the source it cites.
	Keys []Key
}

// ID is name@version, what a projection and every answer carry.
func (d *Definition) ID() string { return d.Name + "@" + d.Version }

// Key is one setting in force.
type Key struct {
	Path   string // e.g. session.idle_timeout
	Value  string // lists as the items of a YAML list
	From   string // the definition that set it
	Source string // where spec.md supports it; "" in a user's own file
}

// SessionRules say where a session begins and ends.
type SessionRules struct {
	// Boundaries is "platform" when SessionInfo's boundaries and labels stand where a record has one, else "derived".
	Boundaries string
	// IdleTimeout: a gap longer than this closes the session.
	IdleTimeout time.Duration
	// IdleReset says whose messages and events restart the idle clock: "any" or "user".
	IdleReset string
	// InactivityMessageWithin: what the bot alone says within this time after the time-out belongs to the session that timed
	// out (a custom inactivity topic), not to a new one. 0 turns it off.
	InactivityMessageWithin time.Duration
	// EndOfConversationCuts: activity endOfConversation is terminal, as a confirmed resolution and a hand-off are.
	EndOfConversationCuts bool
	// NextAfterOutcome says what opens the next session after a terminal outcome: "topic" (the user message that leads to the
	// next topic, unknown intent or plan) or "user_message" (the next one of any kind that answers no survey).
	NextAfterOutcome string
}

// The values of SessionRules.
const (
	BoundariesPlatform  = "platform"
	BoundariesDerived   = "derived"
	ResetAny            = "any"
	ResetUser           = "user"
	NextAtTopic         = "topic"
	NextAtUserMessage   = "user_message"
	ErrorsReasonOnly    = "reason"
	ErrorsAbandon       = "abandon"
	ByCustomTopic       = "custom_topic"
	ByEscalation        = "escalation"
	ByFallback          = "fallback"
	ByBoosting          = "boosting"
	ByPlanStep          = "plan_step"
	ByUserMessage       = "user_message"
	BySurveyYes         = "survey_yes"
	BySurveyAsked       = "survey_asked"
	BySurveyNo          = "survey_no"
	ByCSATAsked         = "csat_asked"
	ByConfirmedSuccess  = "confirmed_success_topic"
	ByConfirmedFailure  = "confirmed_failure_topic"
	ByImpliedSuccess    = "implied_success"
	ByEndOfConversation = "end_of_conversation_topic"
	ByEscalationRequest = "escalation_request"
	ByHandOff           = "hand_off"
	ByEscalateTopic     = "escalate_topic"
	ByFlow              = "flow"
	BySkill             = "skill"
)

// Role is what a system topic is for; it decides outcomes and engagement.
type Role string

// The roles that rules know.
const (
	RoleNone              Role = ""
	RoleEscalate          Role = "escalate"
	RoleEndOfConversation Role = "end_of_conversation"
	RoleConfirmedSuccess  Role = "confirmed_success"
	RoleConfirmedFailure  Role = "confirmed_failure"
	RoleFallback          Role = "fallback"
	RoleBoosting          Role = "boosting"
	RoleInactivity        Role = "inactivity"
	RoleClosing           Role = "closing"
)

// TopicRules name the platform's topics. Names are compared without case, spaces and punctuation, against the title and
// against the last part of the schema name.
type TopicRules struct {
	// System topics; what is not listed, and about which neither transcript nor catalogue say anything, is custom.
	System []string
	// Roles lists the names of topics with a role.
	Roles map[Role][]string

	system map[string]bool
	roles  map[string]Role
}

// EngagementRules say what makes a session engaged.
type EngagementRules struct {
	EngagedBy []string
}

// OutcomeRules say how an engaged session ended.
type OutcomeRules struct {
	ConfirmedBy []string // terminal: resolved, confirmed
	ImpliedBy   []string // resolved, implied, unless withdrawn
	WithdrawnBy []string // takes an implied resolution back
	EscalatedBy []string // terminal: escalated
	// Errors is "reason" when an error only sets the reason of an abandoned session, "abandon" when it also undoes an implied
	// resolution.
	Errors string
	// QuestionPending: a plan step implies no resolution while the bot waits for an answer.
	QuestionPending bool
}

// BillingRules are those of billed sessions (spec.md §2).
type BillingRules struct {
	OpenedBy    []string
	IdleTimeout time.Duration
	MaxLength   time.Duration
	MaxTurns    int
}

// KindOf says whether a topic is custom: from the transcript, else the catalogue, else this definition's names.
// names are the ways the topic is called: title, schema name.
func (d *Definition) KindOf(said activity.TopicKind, cat *Catalogue, id string, names ...string) activity.TopicKind {
	if said != activity.KindUnknown {
		return said
	}
	if t, ok := cat.Topic(id); ok && t.Kind != activity.KindUnknown {
		return t.Kind
	}
	for _, n := range names {
		if t, ok := cat.Topic(n); ok && t.Kind != activity.KindUnknown {
			return t.Kind
		}
	}
	for _, n := range names {
		if d.Topics.system[Fold(Last(n))] {
			return activity.KindSystem
		}
	}
	if d.Topics.system[Fold(Last(id))] {
		return activity.KindSystem
	}
	return activity.KindCustom
}

// RoleOf is the role of a topic that goes by these names.
func (d *Definition) RoleOf(cat *Catalogue, names ...string) Role {
	for _, n := range names {
		if t, ok := cat.Topic(n); ok && t.Role != RoleNone {
			return t.Role
		}
	}
	for _, n := range names {
		if r, ok := d.Topics.roles[Fold(Last(n))]; ok {
			return r
		}
	}
	return RoleNone
}

// Last is the last part of a schema name: "cr3e5_bot.topic.Search" is "Search". Other names are returned as they are.
func Last(name string) string {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			for _, mid := range []string{".topic", ".dialog", ".action", ".component", ".agent"} {
				if i >= len(mid) && name[i-len(mid):i] == mid {
					return name[i+1:]
				}
			}
		}
	}
	return name
}

// Fold takes case, spaces and punctuation off a name.
func Fold(name string) string {
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'A' && c <= 'Z':
			b = append(b, c+'a'-'A')
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c >= 0x80:
			b = append(b, c)
		}
	}
	return string(b)
}

func (d *Definition) index() {
	d.Topics.system = make(map[string]bool, len(d.Topics.System))
	for _, n := range d.Topics.System {
		d.Topics.system[Fold(n)] = true
	}
	d.Topics.roles = map[string]Role{}
	for role, names := range d.Topics.Roles {
		for _, n := range names {
			d.Topics.roles[Fold(n)] = role
		}
	}
}
