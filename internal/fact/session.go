package fact

import (
	"unicode"
	"unicode/utf8"
)

// The words of closed sets. Only ever added to at the end: stores keep the index.
var (
	sides       = []string{"", "bot", "user"}
	outcomes    = []string{"none", "resolved", "escalated", "abandoned"}
	resolutions = []string{"", "confirmed", "implied"}
	topicKinds  = []string{"", "system", "custom"}
	kinds       = []string{"chat", "autonomous", "design", "evaluation", "child"}
	origins     = []string{"derived", "platform"}

	// The rules that can get into a column (package session), as yet in the order of their words, in which lists of sessions sort by them. What
	// opened a session and a billed session is one set: one dimension.
	openedBy = []string{
		"", "billed.custom_topic", "billed.flow", "billed.max_length", "billed.max_turns", "billed.skill",
		"open.after_idle", "open.after_outcome", "open.first", "open.platform",
	}
	engagedBy = []string{
		"", "engage.boosting", "engage.custom_topic", "engage.escalation", "engage.fallback", "engage.plan_step", "engage.platform",
		"engage.unknown_intent", "engage.user_message",
	}
	attributedBy = []string{"", "attribute.first_system", "attribute.last_custom", "attribute.platform"}
	endedBy      = []string{"", "end.idle", "end.outcome", "end.platform", "end.records", "end.said"}
	decidedBy    = []string{
		"", "confirm.confirmed_success_topic", "confirm.csat_asked", "confirm.said", "confirm.survey_yes",
		"escalate.escalate_topic", "escalate.escalation_request", "escalate.hand_off", "escalate.said",
		"imply.end_of_conversation_topic", "imply.implied_success", "imply.plan_step", "imply.said", "imply.survey_asked",
		"outcome.platform", "outcome.undecided", "outcome.unengaged",
		"withdraw.confirmed_failure_topic", "withdraw.error", "withdraw.question_pending", "withdraw.said", "withdraw.survey_no",
	}
)

// Session is one analytics session. Times are milliseconds since 1970, UTC; 0 and meaningless when Untimed.
type Session struct {
	Key             int64 // hash of the conversation id: what replaces a conversation whole
	ConversationKey int64 // hash of bot and conversation id: what conversations are counted by
	UserKey         int64 // hash of bot and user; 0 without a user
	Bot             string
	Conversation    string
	Number          int64

	StartedAt, EndedAt, ClosesAt int64
	Duration                     int64 // ms; -1 when untimed
	Untimed                      bool
	StartedBy                    uint8

	Engaged    bool
	Outcome    uint8
	Resolution uint8
	Reason     string
	TopicID    string
	TopicName  string
	TopicKind  uint8

	Turns, UserMessages, BotMessages int64
	CSATAsked                        bool
	CSAT                             int64 // 0 for none

	Unrecognised, Ambiguous                                             int64 // utterances that no topic, or several topics, matched
	Answered, NotAnswered, AnswerModerated, AnswerNoResults, AnswerElse int64 // generated answers, by state
	Likes, Dislikes                                                     int64

	Channel, Locale, User string
	Kind                  uint8
	DesignMode            bool
	Origin                uint8

	OpenedBy, EngagedBy, AttributedBy, EndedBy, DecidedBy uint8
}

// SessionColumns are the columns of a session, in the order in which stores keep them.
func SessionColumns() []Column[Session] {
	type S = Session
	return []Column[S]{
		{"key", Number, "hash of the conversation id", nil, func(s *S) any { return &s.Key }},
		{"conversation_key", Number, "hash of bot and conversation id", nil, func(s *S) any { return &s.ConversationKey }},
		{"user_key", Identifier, "hash of bot and user; 0 without a user", nil, func(s *S) any { return &s.UserKey }},
		{"bot", Label, "the bot's id, else its schema name", nil, func(s *S) any { return &s.Bot }},
		{"conversation", Identifier, "conversation id", nil, func(s *S) any { return &s.Conversation }},
		{"number", Number, "place of the session in its conversation, from 1", nil, func(s *S) any { return &s.Number }},
		{"started_at", Number, "ms since 1970, UTC; 0 when untimed", nil, func(s *S) any { return &s.StartedAt }},
		{"ended_at", Number, "ms, the last activity in it", nil, func(s *S) any { return &s.EndedAt }},
		{"closes_at", Number, "ms, when it is certain to be over; before, it is open", nil, func(s *S) any { return &s.ClosesAt }},
		{"duration", Number, "ms from first to last activity; -1 when untimed", nil, func(s *S) any { return &s.Duration }},
		{"untimed", Label, "its records carry no times", nil, func(s *S) any { return &s.Untimed }},
		{"started_by", Label, "who sent the first message", sides, func(s *S) any { return &s.StartedBy }},
		{"engaged", Label, "whether it became engaged", nil, func(s *S) any { return &s.Engaged }},
		{"outcome", Label, "how it ended, once it is finished", outcomes, func(s *S) any { return &s.Outcome }},
		{"resolution", Label, "how it was resolved", resolutions, func(s *S) any { return &s.Resolution }},
		{"reason", Label, "why it ended so", nil, func(s *S) any { return &s.Reason }},
		{"topic_id", Label, "the topic it is attributed to", nil, func(s *S) any { return &s.TopicID }},
		{"topic_name", Label, "that topic's name", nil, func(s *S) any { return &s.TopicName }},
		{"topic_kind", Label, "the author's topic or the platform's", topicKinds, func(s *S) any { return &s.TopicKind }},
		{"turns", Number, "messages of both sides", nil, func(s *S) any { return &s.Turns }},
		{"user_messages", Number, "messages of the user", nil, func(s *S) any { return &s.UserMessages }},
		{"bot_messages", Number, "messages of the bot", nil, func(s *S) any { return &s.BotMessages }},
		{"csat_asked", Label, "whether it was asked for satisfaction", nil, func(s *S) any { return &s.CSATAsked }},
		{"csat", Number, "the last answer, 1 to 5; 0 for none", nil, func(s *S) any { return &s.CSAT }},
		{"unrecognised", Number, "utterances that matched no topic", nil, func(s *S) any { return &s.Unrecognised }},
		{"ambiguous", Number, "utterances that matched several topics", nil, func(s *S) any { return &s.Ambiguous }},
		{"answered", Number, "generated answers given", nil, func(s *S) any { return &s.Answered }},
		{"not_answered", Number, "generated answers that said nothing was known", nil, func(s *S) any { return &s.NotAnswered }},
		{"answer_moderated", Number, "generated answers that were filtered", nil, func(s *S) any { return &s.AnswerModerated }},
		{"answer_no_results", Number, "generated answers without search results", nil, func(s *S) any { return &s.AnswerNoResults }},
		{"answer_else", Number, "generated answers in another state, errors among them", nil, func(s *S) any { return &s.AnswerElse }},
		{"likes", Number, "reactions that like an answer", nil, func(s *S) any { return &s.Likes }},
		{"dislikes", Number, "reactions that do not", nil, func(s *S) any { return &s.Dislikes }},
		{"channel", Label, "channel id", nil, func(s *S) any { return &s.Channel }},
		{"locale", Label, "language and region", nil, func(s *S) any { return &s.Locale }},
		{"user_id", Identifier, "aadObjectId, else the account's id", nil, func(s *S) any { return &s.User }},
		{"kind", Label, "sort of traffic; headline numbers count chat", kinds, func(s *S) any { return &s.Kind }},
		{"design_mode", Label, "from the test canvas", nil, func(s *S) any { return &s.DesignMode }},
		{"origin", Label, "whose boundaries and labels it has", origins, func(s *S) any { return &s.Origin }},
		{"opened_by", Label, "rule that opened it", openedBy, func(s *S) any { return &s.OpenedBy }},
		{"engaged_by", Label, "rule that engaged it", engagedBy, func(s *S) any { return &s.EngagedBy }},
		{"attributed_by", Label, "rule that attributed it", attributedBy, func(s *S) any { return &s.AttributedBy }},
		{"ended_by", Label, "rule that ended it", endedBy, func(s *S) any { return &s.EndedBy }},
		{"decided_by", Label, "rule that set its outcome", decidedBy, func(s *S) any { return &s.DecidedBy }},
	}
}

// Billed is one billed session. Times are milliseconds since 1970, UTC.
type Billed struct {
	Key, ConversationKey int64
	Bot, Conversation    string
	Number               int64
	StartedAt, EndedAt   int64
	Untimed              bool
	OpenedBy             uint8
	TopicID, TopicName   string
	TopicKind            uint8
	Turns                int64
	Channel, Locale      string
	Kind                 uint8
}

// BilledColumns are the columns of a billed session.
func BilledColumns() []Column[Billed] {
	type B = Billed
	return []Column[B]{
		{"key", Number, "hash of the conversation id", nil, func(b *B) any { return &b.Key }},
		{"conversation_key", Number, "hash of bot and conversation id", nil, func(b *B) any { return &b.ConversationKey }},
		{"bot", Label, "the bot's id, else its schema name", nil, func(b *B) any { return &b.Bot }},
		{"conversation", Identifier, "conversation id", nil, func(b *B) any { return &b.Conversation }},
		{"number", Number, "place of the billed session in its conversation, from 1", nil, func(b *B) any { return &b.Number }},
		{"started_at", Number, "ms since 1970, UTC; 0 when untimed", nil, func(b *B) any { return &b.StartedAt }},
		{"ended_at", Number, "ms, the last user message or trigger in it", nil, func(b *B) any { return &b.EndedAt }},
		{"untimed", Label, "its records carry no times", nil, func(b *B) any { return &b.Untimed }},
		{"opened_by", Label, "rule that opened it", openedBy, func(b *B) any { return &b.OpenedBy }},
		{"topic_id", Label, "the topic that opened it", nil, func(b *B) any { return &b.TopicID }},
		{"topic_name", Label, "that topic's name", nil, func(b *B) any { return &b.TopicName }},
		{"topic_kind", Label, "the author's topic or the platform's", topicKinds, func(b *B) any { return &b.TopicKind }},
		{"turns", Number, "exchanges in it", nil, func(b *B) any { return &b.Turns }},
		{"channel", Label, "channel id", nil, func(b *B) any { return &b.Channel }},
		{"locale", Label, "language and region", nil, func(b *B) any { return &b.Locale }},
		{"kind", Label, "sort of traffic; headline numbers count chat", kinds, func(b *B) any { return &b.Kind }},
	}
}

// Utterance is something that was said in a session: what a user wrote, a message or a comment to a survey or a reaction; and the last message
// of the bot before a session was abandoned, which are no user's and are left out wherever nobody asks for them.
type Utterance struct {
	Key, ConversationKey int64
	Bot, Conversation    string
	Number               int64 // of its session
	StartedAt            int64 // of its session
	At                   int64 // ms; 0 when untimed
	Place                int64 // in the conversation's timeline
	Source               uint8
	Recognition          uint8
	Text                 string
	Folded               string // Fold(Text), so that every store searches alike
}

// Fold makes texts alike that differ in case or white space alone. What is searched and grouped goes through it, and what is searched for.
func Fold(text string) string {
	var buf [512]byte // most texts are shorter
	b := buf[:0]
	gap := false // there is white space between what was written and what comes
	for _, r := range text {
		if r == ' ' || '\t' <= r && r <= '\r' || r >= utf8.RuneSelf && unicode.IsSpace(r) {
			gap = len(b) > 0
			continue
		}
		if gap {
			b, gap = append(b, ' '), false
		}
		switch {
		case r >= utf8.RuneSelf:
			b = utf8.AppendRune(b, unicode.ToLower(r))
		case 'A' <= r && r <= 'Z':
			b = append(b, byte(r)+'a'-'A')
		default:
			b = append(b, byte(r))
		}
	}
	if string(b) == text {
		return text // no second copy
	}
	return string(b)
}

// BotSource is the code of the source of what the bot said; all others are a user's.
const BotSource uint8 = 3

var (
	utteranceSources = []string{"message", "csat_comment", "reaction_comment", "bot"}
	recognitions     = []string{"", "recognised", "unrecognised", "ambiguous"}
)

// UtteranceColumns are the columns of an utterance.
func UtteranceColumns() []Column[Utterance] {
	type U = Utterance
	return []Column[U]{
		{"key", Number, "hash of the conversation id", nil, func(u *U) any { return &u.Key }},
		{"conversation_key", Number, "hash of bot and conversation id", nil, func(u *U) any { return &u.ConversationKey }},
		{"bot", Label, "the bot's id, else its schema name", nil, func(u *U) any { return &u.Bot }},
		{"conversation", Identifier, "conversation id", nil, func(u *U) any { return &u.Conversation }},
		{"number", Number, "of its session", nil, func(u *U) any { return &u.Number }},
		{"started_at", Number, "ms, start of its session", nil, func(u *U) any { return &u.StartedAt }},
		{"said_at", Number, "ms since 1970, UTC; 0 when untimed", nil, func(u *U) any { return &u.At }},
		{"place", Number, "in the conversation's timeline, from 0", nil, func(u *U) any { return &u.Place }},
		{"source", Label, "a message or a comment of the user, or the bot's last message in an abandoned session", utteranceSources, func(u *U) any { return &u.Source }},
		{"recognition", Label, "what the bot's language understanding made of it", recognitions, func(u *U) any { return &u.Recognition }},
		{"text", Text, "what was said", nil, func(u *U) any { return &u.Text }},
		{"folded", Text, "the same in lower case with single spaces, for searching and grouping", nil, func(u *U) any { return &u.Folded }},
	}
}
