package wire

import (
	"strconv"
	"sync"

	"rapport/internal/activity"
	"rapport/internal/fact"
	"rapport/internal/session"
)

// Session is one analytics session: the keys and their order are the promise of docs/cli-json.md.
type Session struct {
	ConversationID string         `json:"conversation_id"`
	BotID          string         `json:"bot_id"`
	BotName        string         `json:"bot_name"`
	Session        int            `json:"session" doc:"1..n within its conversation"`
	StartedAt      *string        `json:"started_at"`
	EndedAt        *string        `json:"ended_at"`
	StartedBy      string         `json:"started_by" doc:"bot, user or empty"`
	Open           bool           `json:"open" doc:"not over as of the question; it has no outcome yet"`
	Channel        string         `json:"channel"`
	Locale         string         `json:"locale"`
	Kind           session.Kind   `json:"kind"`
	DesignMode     bool           `json:"design_mode"`
	Engagement     string         `json:"engagement"`
	Outcome        string         `json:"outcome"`
	Resolution     *string        `json:"resolution"`
	Reason         string         `json:"reason"`
	Topic          *Topic         `json:"topic"`
	Turns          int            `json:"turns"`
	UserMessages   int            `json:"user_messages"`
	BotMessages    int            `json:"bot_messages"`
	CSAT           *int           `json:"csat"`
	Definition     string         `json:"definition"`
	Source         session.Source `json:"source"`
	Evidence       []Evidence     `json:"evidence"`
}

// SessionOf is a session that has just been derived, as if everything were closed.
func SessionOf(bot activity.Bot, conversation, definition string, s *session.Session) Session {
	out := Session{
		ConversationID: conversation, BotID: bot.Key(), BotName: BotName(bot), Session: s.Number,
		StartedAt: Stamp(s.StartedAt, s.Untimed), EndedAt: Stamp(s.EndedAt, s.Untimed), StartedBy: s.StartedBy.String(),
		Channel: s.Channel, Locale: s.Locale, Kind: s.Kind, DesignMode: s.DesignMode,
		Engagement: Engagement(s.Engaged), Outcome: string(s.Outcome), Resolution: orNil(string(s.Resolution)), Reason: s.Reason,
		Topic: TopicOf(s.Topic), Turns: s.Turns, UserMessages: s.UserMessages, BotMessages: s.BotMessages,
		Definition: definition, Source: s.Source, Evidence: EvidenceOf(s.Evidence, s.Untimed),
	}
	if s.CSAT != 0 {
		out.CSAT = &s.CSAT
	}
	return out
}

// asOf marks the session as one that is open when it closes after asOf (ms; 0 reads everything as closed): what it would end as is not
// said before (DESIGN.md, law 8).
func (s *Session) asOf(closesAt, asOf int64, untimed bool) {
	if asOf == 0 || untimed || closesAt <= asOf {
		return
	}
	s.Open, s.Outcome, s.Resolution, s.Reason = true, string(session.None), nil, ""
}

// SessionAsOf is SessionOf at a moment (ms; 0 reads everything as closed).
func SessionAsOf(bot activity.Bot, conversation, definition string, s *session.Session, asOf int64) Session {
	out := SessionOf(bot, conversation, definition, s)
	out.asOf(s.ClosesAt, asOf, s.Untimed)
	return out
}

// SessionOfFact is a session as a store keeps it. Its evidence are the rules alone: which activities they saw is read again with the
// conversation. asOf (ms; 0 reads everything as closed) says whether it is open.
func SessionOfFact(f *fact.Session, botName, definition string, asOf int64) Session {
	out := Session{
		ConversationID: f.Conversation, BotID: f.Bot, BotName: botName, Session: int(f.Number),
		StartedAt: Stamp(f.StartedAt, f.Untimed), EndedAt: Stamp(f.EndedAt, f.Untimed), StartedBy: sessionWord("started_by", f.StartedBy),
		Channel: f.Channel, Locale: f.Locale, Kind: session.Kind(sessionWord("kind", f.Kind)), DesignMode: f.DesignMode,
		Engagement: Engagement(f.Engaged), Outcome: sessionWord("outcome", f.Outcome), Resolution: orNil(sessionWord("resolution", f.Resolution)),
		Reason: f.Reason, Topic: topicOfFact(f.TopicID, f.TopicName, sessionWord("topic_kind", f.TopicKind)),
		Turns: int(f.Turns), UserMessages: int(f.UserMessages), BotMessages: int(f.BotMessages),
		Definition: definition, Source: session.Source(sessionWord("origin", f.Origin)), Evidence: []Evidence{},
	}
	if f.CSAT != 0 {
		csat := int(f.CSAT)
		out.CSAT = &csat
	}
	for _, rule := range []string{
		sessionWord("opened_by", f.OpenedBy), sessionWord("engaged_by", f.EngagedBy), sessionWord("attributed_by", f.AttributedBy),
		sessionWord("decided_by", f.DecidedBy), sessionWord("ended_by", f.EndedBy),
	} {
		if rule != "" {
			out.Evidence = append(out.Evidence, Evidence{Rule: session.Rule(rule)})
		}
	}
	out.asOf(f.ClosesAt, asOf, f.Untimed)
	return out
}

// sessionWord is the word of a code in a closed set of sessions; "" for a code of a later version.
func sessionWord(column string, code uint8) string { return fact.Word(sessionSets()[column], code) }

// The closed sets of each table by column, made once: an export says them for every row.
var (
	sessionSets   = sync.OnceValue(func() map[string][]string { return fact.Codes(fact.SessionColumns()) })
	billedSets    = sync.OnceValue(func() map[string][]string { return fact.Codes(fact.BilledColumns()) })
	utteranceSets = sync.OnceValue(func() map[string][]string { return fact.Codes(fact.UtteranceColumns()) })
)

func topicOfFact(id, name, kind string) *Topic {
	if id == "" && name == "" {
		return nil
	}
	return &Topic{id, name, kind}
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// SessionHeader are the columns of sessions in a CSV.
func SessionHeader() []string {
	return []string{
		"conversation_id", "bot_id", "bot_name", "session", "started_at", "ended_at", "started_by", "open", "channel", "locale",
		"kind", "design_mode", "engagement", "outcome", "resolution", "reason", "topic_id", "topic_name", "topic_kind",
		"turns", "user_messages", "bot_messages", "csat", "definition", "source",
	}
}

// Cells are the session's, as SessionHeader names them, before SafeCell.
func (s *Session) Cells() []string {
	row := []string{
		s.ConversationID, s.BotID, s.BotName, strconv.Itoa(s.Session), OrEmpty(s.StartedAt), OrEmpty(s.EndedAt), s.StartedBy,
		strconv.FormatBool(s.Open), s.Channel, s.Locale, string(s.Kind), strconv.FormatBool(s.DesignMode), s.Engagement,
		s.Outcome, OrEmpty(s.Resolution), s.Reason,
	}
	row = append(row, s.Topic.Cells()...)
	return append(row, strconv.Itoa(s.Turns), strconv.Itoa(s.UserMessages), strconv.Itoa(s.BotMessages), s.Score(), s.Definition, string(s.Source))
}

// Score is the CSAT, or "".
func (s *Session) Score() string {
	if s.CSAT == nil {
		return ""
	}
	return strconv.Itoa(*s.CSAT)
}

// Ending is one word or two for people: unengaged, abandoned, resolved (implied).
func (s *Session) Ending() string {
	switch {
	case s.Outcome == string(session.None):
		return s.Engagement
	case s.Resolution != nil:
		return s.Outcome + " (" + *s.Resolution + ")"
	default:
		return s.Outcome
	}
}
