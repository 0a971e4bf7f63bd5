package wire

import (
	"strconv"

	"rapport/internal/store"
)

// UtteranceGroups is what was said, by what it says.
type UtteranceGroups struct {
	Groups     []UtteranceGroup `json:"groups" doc:"most utterances first, then by text"`
	Utterances int64            `json:"utterances" doc:"how many there are in all"`
	Considered int64            `json:"considered" doc:"of how many of the latest the groups are: at most 100,000"`
	More       int64            `json:"more" doc:"how many further groups there are"`
}

// UtteranceGroup is utterances that say the same but for case and white space.
type UtteranceGroup struct {
	Text       string  `json:"text" doc:"as the latest of them has it"`
	Utterances int64   `json:"utterances"`
	Sessions   int64   `json:"sessions" doc:"in how many sessions it was said"`
	Example    Example `json:"example" doc:"the session of the latest"`
}

// Example is a session to look at.
type Example struct {
	BotID          string `json:"bot_id"`
	ConversationID string `json:"conversation_id"`
	Session        int    `json:"session"`
}

// UtteranceGroupsOf are groups as a store counts them.
func UtteranceGroupsOf(g store.UtteranceGroups) UtteranceGroups {
	out := UtteranceGroups{Groups: make([]UtteranceGroup, len(g.Groups)), Utterances: g.Utterances, Considered: g.Considered, More: g.More}
	for i, one := range g.Groups {
		out.Groups[i] = UtteranceGroup{
			Text: one.Text, Utterances: one.Utterances, Sessions: one.Sessions,
			Example: Example{BotID: one.Bot, ConversationID: one.Conversation, Session: int(one.Number)},
		}
	}
	return out
}

// UtteranceGroupHeader are the columns of groups in a CSV.
func UtteranceGroupHeader() []string {
	return []string{"text", "utterances", "sessions", "example_bot_id", "example_conversation_id", "example_session"}
}

// Cells are the group's, as UtteranceGroupHeader names them, before SafeCell.
func (g *UtteranceGroup) Cells() []string {
	return []string{
		g.Text, strconv.FormatInt(g.Utterances, 10), strconv.FormatInt(g.Sessions, 10),
		g.Example.BotID, g.Example.ConversationID, strconv.Itoa(g.Example.Session),
	}
}
