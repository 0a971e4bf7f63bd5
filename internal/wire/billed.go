package wire

import (
	"strconv"

	"rapport/internal/activity"
	"rapport/internal/fact"
	"rapport/internal/session"
)

// Billed is one billed session (docs/cli-json.md).
type Billed struct {
	ConversationID string             `json:"conversation_id"`
	BotID          string             `json:"bot_id"`
	BotName        string             `json:"bot_name"`
	Billed         int                `json:"billed_session"`
	StartedAt      *string            `json:"started_at"`
	EndedAt        *string            `json:"ended_at"`
	OpenedBy       session.BilledRule `json:"opened_by"`
	Channel        string             `json:"channel"`
	Kind           session.Kind       `json:"kind"`
	Topic          *Topic             `json:"topic"`
	Turns          int                `json:"turns"`
	Definition     string             `json:"definition"`
	Evidence       []Evidence         `json:"evidence"`
}

// BilledOf is a billed session that has just been derived.
func BilledOf(c *activity.Conversation, definition string, b *session.Billed) Billed {
	return Billed{
		ConversationID: c.ID, BotID: c.Bot.Key(), BotName: BotName(c.Bot), Billed: b.Number,
		StartedAt: Stamp(b.StartedAt, b.Untimed), EndedAt: Stamp(b.EndedAt, b.Untimed), OpenedBy: b.OpenedBy,
		Channel: b.Channel, Kind: b.Kind, Topic: TopicOf(b.Topic), Turns: b.Turns, Definition: definition,
		Evidence: EvidenceOf(b.Evidence, b.Untimed),
	}
}

// BilledOfFact is a billed session as a store keeps it, its evidence the rule alone.
func BilledOfFact(f *fact.Billed, botName, definition string) Billed {
	rule := billedWord("opened_by", f.OpenedBy)
	return Billed{
		ConversationID: f.Conversation, BotID: f.Bot, BotName: botName, Billed: int(f.Number),
		StartedAt: Stamp(f.StartedAt, f.Untimed), EndedAt: Stamp(f.EndedAt, f.Untimed), OpenedBy: session.BilledRule(rule),
		Channel: f.Channel, Kind: session.Kind(billedWord("kind", f.Kind)),
		Topic: topicOfFact(f.TopicID, f.TopicName, billedWord("topic_kind", f.TopicKind)), Turns: int(f.Turns), Definition: definition,
		Evidence: []Evidence{{Rule: session.Rule(rule)}},
	}
}

func billedWord(column string, code uint8) string { return fact.Word(billedSets()[column], code) }

// BilledHeader are the columns of billed sessions in a CSV.
func BilledHeader() []string {
	return []string{
		"conversation_id", "bot_id", "bot_name", "billed_session", "started_at", "ended_at", "opened_by", "channel", "kind",
		"topic_id", "topic_name", "topic_kind", "turns", "definition",
	}
}

// Cells are the billed session's, as BilledHeader names them, before SafeCell.
func (b *Billed) Cells() []string {
	row := []string{
		b.ConversationID, b.BotID, b.BotName, strconv.Itoa(b.Billed), OrEmpty(b.StartedAt), OrEmpty(b.EndedAt),
		string(b.OpenedBy), b.Channel, string(b.Kind),
	}
	row = append(row, b.Topic.Cells()...)
	return append(row, strconv.Itoa(b.Turns), b.Definition)
}
