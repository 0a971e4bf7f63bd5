package wire

import (
	"rapport/internal/dataset"
	"rapport/internal/session"
)

// Rate is two counts and what they make: null where the denominator is 0.
type Rate struct {
	Numerator   int64    `json:"numerator"`
	Denominator int64    `json:"denominator"`
	Rate        *float64 `json:"rate" doc:"0 to 1"`
}

// RateOf divides.
func RateOf(numerator, denominator int64) Rate {
	r := Rate{Numerator: numerator, Denominator: denominator}
	if denominator != 0 {
		v := float64(numerator) / float64(denominator)
		r.Rate = &v
	}
	return r
}

// DefinitionDiff is what other rules change (docs/cli-json.md, definitions diff).
type DefinitionDiff struct {
	A             Side             `json:"a"`
	B             Side             `json:"b"`
	Conversations int64            `json:"conversations"`
	Differ        int64            `json:"differing_conversations"`
	Sessions      int64            `json:"differing_sessions" doc:"those that stand alone among them"`
	Fields        map[string]int64 `json:"fields" doc:"how many sessions differ in each"`
}

// Side is one definition's numbers over everything, whatever the kind.
type Side struct {
	Definition string `json:"definition" doc:"name@version"`
	Sessions   int64  `json:"sessions"`
	Engaged    int64  `json:"engaged"`
	Resolved   int64  `json:"resolved"`
	Confirmed  int64  `json:"resolved_confirmed"`
	Implied    int64  `json:"resolved_implied"`
	Escalated  int64  `json:"escalated"`
	Abandoned  int64  `json:"abandoned"`
	Billed     int64  `json:"billed_sessions"`
	Rates      Rates  `json:"rates"`
}

// Rates are engagement over sessions, and outcomes over engaged ones.
type Rates struct {
	Engagement Rate `json:"engagement"`
	Resolution Rate `json:"resolution"`
	Escalation Rate `json:"escalation"`
	Abandon    Rate `json:"abandon"`
}

// DefinitionDiffOf is a comparison for people and programs.
func DefinitionDiffOf(c dataset.Comparison) DefinitionDiff {
	out := DefinitionDiff{
		A: sideOf(c.A, c.SummaryA), B: sideOf(c.B, c.SummaryB),
		Conversations: c.Conversations, Differ: c.Differ, Sessions: c.Sessions, Fields: c.FieldsThatMove,
	}
	if out.Fields == nil {
		out.Fields = map[string]int64{}
	}
	return out
}

func sideOf(definition string, s dataset.DiffSide) Side {
	return Side{
		Definition: definition, Sessions: s.Sessions, Engaged: s.Engaged, Resolved: s.Resolved, Confirmed: s.Confirmed, Implied: s.Implied,
		Escalated: s.Escalated, Abandoned: s.Abandoned, Billed: s.Billed,
		Rates: Rates{
			Engagement: RateOf(s.Engaged, s.Sessions), Resolution: RateOf(s.Resolved, s.Engaged),
			Escalation: RateOf(s.Escalated, s.Engaged), Abandon: RateOf(s.Abandoned, s.Engaged),
		},
	}
}

// Difference is one session that two definitions see differently.
type Difference struct {
	ConversationID string   `json:"conversation_id"`
	BotID          string   `json:"bot_id"`
	Fields         []string `json:"fields" doc:"in which they differ"`
	A              *Session `json:"a" doc:"null where this definition has no session there"`
	B              *Session `json:"b"`
}

// DifferenceOf names the definitions of the two sides in their sessions.
func DifferenceOf(d dataset.Difference, a, b string) Difference {
	side := func(definition string, s *session.Session) *Session {
		if s == nil {
			return nil
		}
		row := SessionOf(d.Bot, d.Conversation, definition, s)
		return &row
	}
	return Difference{
		ConversationID: d.Conversation, BotID: d.Bot.Key(), Fields: append([]string{}, d.Fields...), A: side(a, d.A), B: side(b, d.B),
	}
}
