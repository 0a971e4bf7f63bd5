package wire

import (
	"rapport/internal/activity"
	"rapport/internal/session"
)

// Conversation is a conversation with everything that was decided in it (docs/cli-json.md, explain).
type Conversation struct {
	ConversationID string     `json:"conversation_id"`
	BotID          string     `json:"bot_id"`
	BotName        string     `json:"bot_name"`
	Definition     string     `json:"definition"`
	Records        int        `json:"records"`
	Sessions       []Session  `json:"sessions"`
	Billed         []Billed   `json:"billed_sessions"`
	Activities     []Activity `json:"activities"`
}

// Activity is one thing that happened, with what it decided.
type Activity struct {
	ID       string        `json:"id"`
	At       *string       `json:"at"`
	Type     activity.Type `json:"type"`
	Name     string        `json:"name"`
	Side     string        `json:"side" doc:"user, bot or empty"`
	Text     string        `json:"text"`
	Note     string        `json:"note" doc:"what it says beyond its text, in words that may change"`
	Session  *int          `json:"session" doc:"the analytics session that it is in"`
	Evidence []Evidence    `json:"evidence"`
}

// ConversationOf says everything of a conversation, as of a moment (ms; 0 reads everything as closed).
func ConversationOf(c *activity.Conversation, res session.Result, asOf int64) Conversation {
	out := Conversation{
		ConversationID: c.ID, BotID: c.Bot.Key(), BotName: BotName(c.Bot), Definition: res.Definition, Records: len(c.Records),
		Sessions: []Session{}, Billed: []Billed{}, Activities: []Activity{},
	}
	in, why := Places(res)
	for i, e := range res.Timeline {
		out.Activities = append(out.Activities, Activity{
			ID: e.ID, At: Stamp(e.At, c.Records[e.Record].Untimed), Type: e.Type, Name: e.Name, Side: e.Role.String(), Text: e.Text,
			Note: InWords(e.Signal), Session: in[i], Evidence: EvidenceOf(why[i], c.Records[e.Record].Untimed),
		})
	}
	for i := range res.Sessions {
		out.Sessions = append(out.Sessions, SessionAsOf(c.Bot, c.ID, res.Definition, &res.Sessions[i], asOf))
	}
	for i := range res.Billed {
		out.Billed = append(out.Billed, BilledOf(c, res.Definition, &res.Billed[i]))
	}
	return out
}

// Places says of each activity, by its place in the timeline, in which session it is, and what evidence names it.
func Places(res session.Result) (in map[int]*int, why map[int][]session.Evidence) {
	in, why = map[int]*int{}, map[int][]session.Evidence{}
	keep := func(all []session.Evidence) {
		for _, e := range all {
			if e.Index >= 0 {
				why[e.Index] = append(why[e.Index], e)
			}
		}
	}
	for i := range res.Sessions {
		for _, at := range res.Sessions[i].Activities {
			in[at] = &res.Sessions[i].Number
		}
		keep(res.Sessions[i].Evidence)
	}
	for i := range res.Billed {
		keep(res.Billed[i].Evidence)
	}
	return in, why
}
