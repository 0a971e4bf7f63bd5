package fact

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/session"
)

// Facts are the facts of one conversation, or of all conversations of one id.
type Facts struct {
	Sessions   []Session
	Billed     []Billed
	Utterances []Utterance
}

// KeyOf is the key of a conversation id, whatever the bot: two bots may use the same id, and are then replaced together, so that a bot
// that turns out to be another one takes its conversations along.
func KeyOf(conversation string) int64 { return hash(conversation) }

func hash(parts ...string) int64 {
	var buf [256]byte
	b := buf[:0]
	for _, p := range parts {
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	sum := sha256.Sum256(b)
	return int64(binary.LittleEndian.Uint64(sum[:]))
}

// code is the index of a word in its closed set. A word that is not in it is a fault of ours.
func code[W ~string](words []string, w W) uint8 {
	i := slices.Index(words, string(w))
	if i < 0 {
		panic("fact: " + string(w) + " is not in its closed set")
	}
	return uint8(i)
}

// From flattens what was derived of one conversation and adds it to the facts.
func (f *Facts) From(c *activity.Conversation, res session.Result) {
	bot := c.Bot.Key()
	key, convKey := KeyOf(c.ID), hash(bot, c.ID)
	locale := ""
	for i := range res.Sessions {
		s := &res.Sessions[i]
		row := Session{
			Key: key, ConversationKey: convKey, Bot: bot, Conversation: c.ID, Number: int64(s.Number),
			StartedAt: s.StartedAt, EndedAt: s.EndedAt, ClosesAt: s.ClosesAt, Duration: s.EndedAt - s.StartedAt, Untimed: s.Untimed,
			StartedBy: code(sides, s.StartedBy.String()),
			Engaged:   s.Engaged, Outcome: code(outcomes, s.Outcome), Resolution: code(resolutions, s.Resolution), Reason: s.Reason,
			Turns: int64(s.Turns), UserMessages: int64(s.UserMessages), BotMessages: int64(s.BotMessages),
			CSATAsked: s.CSATAsked, CSAT: int64(s.CSAT),
			Channel: s.Channel, Locale: s.Locale, User: s.User, Kind: code(kinds, s.Kind), DesignMode: s.DesignMode,
			Origin:   code(origins, s.Source),
			OpenedBy: code(openedBy, s.OpenedBy), EngagedBy: code(engagedBy, s.EngagedBy), AttributedBy: code(attributedBy, s.AttributedBy),
			EndedBy: code(endedBy, s.EndedBy), DecidedBy: code(decidedBy, s.DecidedBy),
		}
		if s.User != "" {
			row.UserKey = hash(bot, s.User)
		}
		if s.Untimed {
			row.StartedAt, row.EndedAt, row.ClosesAt, row.Duration = 0, 0, 0, -1
		}
		if s.Topic != nil {
			row.TopicID, row.TopicName, row.TopicKind = s.Topic.ID, s.Topic.Name, code(topicKinds, s.Topic.Kind.String())
		}
		f.read(res.Timeline, s, &row)
		f.Sessions = append(f.Sessions, row)
		if locale == "" {
			locale = s.Locale
		}
	}
	for _, b := range res.Billed {
		row := Billed{
			Key: key, ConversationKey: convKey, Bot: bot, Conversation: c.ID, Number: int64(b.Number), StartedAt: b.StartedAt, EndedAt: b.EndedAt,
			Untimed: b.Untimed, OpenedBy: code(openedBy, b.OpenedBy), Turns: int64(b.Turns), Channel: b.Channel, Locale: locale, Kind: code(kinds, b.Kind),
		}
		if b.Untimed {
			row.StartedAt, row.EndedAt = 0, 0
		}
		if b.Topic != nil {
			row.TopicID, row.TopicName, row.TopicKind = b.Topic.ID, b.Topic.Name, code(topicKinds, b.Topic.Kind.String())
		}
		f.Billed = append(f.Billed, row)
	}
}

// read counts what the session's activities say, and keeps what the user wrote and where the bot lost it.
func (f *Facts) read(timeline []activity.Entry, s *session.Session, row *Session) {
	said := -1 // the latest message of the user, among f.Utterances
	keep := func(place int, source, text string) {
		at := timeline[place].At
		if row.Untimed {
			at = 0
		}
		f.Utterances = append(f.Utterances, Utterance{
			Key: row.Key, ConversationKey: row.ConversationKey, Bot: row.Bot, Conversation: row.Conversation, Number: row.Number,
			StartedAt: row.StartedAt, At: at, Place: int64(place), Source: code(utteranceSources, source), Text: text, Folded: Fold(text),
		})
	}
	recognise := func(word string) {
		if said >= 0 {
			f.Utterances[said].Recognition = code(recognitions, word)
		}
	}
	for _, place := range s.Activities {
		e := timeline[place]
		if e.IsMessage() && e.Role == activity.RoleUser {
			said = len(f.Utterances)
			keep(place, "message", e.Text)
		}
		switch sig := e.Signal.(type) {
		case activity.Intent:
			if sig.Utterance != "" {
				recognise("recognised")
			}
		case activity.UnknownIntent:
			row.Unrecognised++
			recognise("unrecognised")
		case activity.IntentCandidates:
			row.Ambiguous++
			recognise("ambiguous")
		case activity.GeneratedAnswer:
			row.answer(sig.State)
		case activity.Reaction:
			if sig.Like {
				row.Likes++
			} else {
				row.Dislikes++
			}
			if sig.Comment != "" {
				keep(place, "reaction_comment", sig.Comment)
			}
		case activity.CSATAnswered:
			if sig.Comment != "" {
				keep(place, "csat_comment", sig.Comment)
			}
		}
	}
	if s.Outcome != session.Abandoned {
		return
	}
	for _, place := range slices.Backward(s.Activities) {
		if e := timeline[place]; e.IsMessage() && e.Role == activity.RoleBot && e.Text != "" {
			keep(place, "bot", clip(e.Text, mostBotText))
			return
		}
	}
}

// mostBotText is how many characters are kept of the bot's last message: enough to tell them apart, and no second copy of long answers.
const mostBotText = 300

// clip cuts a text after so many characters.
func clip(text string, most int) string {
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}

// answer counts a generated answer by the state that the platform gave it (spec.md §4.6: four buckets, and the rest).
func (row *Session) answer(state string) {
	word := strings.ToLower(strings.ReplaceAll(state, " ", ""))
	switch {
	case word == "answered":
		row.Answered++
	case word == "notanswered", word == "unanswered":
		row.NotAnswered++
	case strings.HasPrefix(word, "filtered"), strings.HasPrefix(word, "moderated"):
		row.AnswerModerated++
	case word == "nosearchresults", word == "novalidsearchresults", word == "answernotfoundinsearchresults":
		row.AnswerNoResults++
	case word == "":
	default:
		row.AnswerElse++
	}
}
