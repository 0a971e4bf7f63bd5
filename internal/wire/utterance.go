package wire

import (
	"strconv"

	"rapport/internal/fact"
)

// Utterance is something that was said in a session: by the user, or by the bot before the user left.
type Utterance struct {
	ConversationID string  `json:"conversation_id"`
	BotID          string  `json:"bot_id"`
	BotName        string  `json:"bot_name"`
	Session        int     `json:"session" doc:"the session that it was said in"`
	StartedAt      *string `json:"session_started_at"`
	At             *string `json:"said_at"`
	Place          int     `json:"place" doc:"in the conversation's activities, from 0"`
	Source         string  `json:"source" doc:"message, csat_comment or reaction_comment of the user, or bot: its last message in an abandoned session, the first 300 characters"`
	Recognition    string  `json:"recognition" doc:"what the bot's language understanding made of it: recognised, unrecognised, ambiguous or empty for unknown"`
	Text           string  `json:"text"`
}

// UtteranceOfFact is an utterance as a store keeps it.
func UtteranceOfFact(f *fact.Utterance, botName string) Utterance {
	return Utterance{
		ConversationID: f.Conversation, BotID: f.Bot, BotName: botName, Session: int(f.Number),
		StartedAt: Stamp(f.StartedAt, f.StartedAt == 0), At: Stamp(f.At, f.At == 0), Place: int(f.Place),
		Source: utteranceWord("source", f.Source), Recognition: utteranceWord("recognition", f.Recognition), Text: f.Text,
	}
}

func utteranceWord(column string, code uint8) string {
	return fact.Word(utteranceSets()[column], code)
}

// UtteranceHeader are the columns of utterances in a CSV.
func UtteranceHeader() []string {
	return []string{
		"conversation_id", "bot_id", "bot_name", "session", "session_started_at", "said_at", "place", "source", "recognition", "text",
	}
}

// Cells are the utterance's, as UtteranceHeader names them, before SafeCell.
func (u *Utterance) Cells() []string {
	return []string{
		u.ConversationID, u.BotID, u.BotName, strconv.Itoa(u.Session), OrEmpty(u.StartedAt), OrEmpty(u.At), strconv.Itoa(u.Place),
		u.Source, u.Recognition, u.Text,
	}
}
