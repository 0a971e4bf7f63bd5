package api

import (
	"context"

	"rapport/internal/audit"
	"rapport/internal/dataset"
	"rapport/internal/wire"
)

// Audit is the result of a job of kind audit.
type Audit struct {
	Definition    string            `json:"definition" doc:"name@version of what derived"`
	Conversations int64             `json:"conversations" doc:"that carry the platform's SessionInfo"`
	Sessions      int64             `json:"sessions" doc:"of the platform, whatever the kind"`
	Fields        []wire.AuditField `json:"fields"`
	Differences   []AuditDifference `json:"differences" doc:"up to 1,000"`
	More          int64             `json:"more" doc:"how many others there are"`
}

// AuditDifference is one field of one session on which the two do not agree.
type AuditDifference struct {
	ConversationID string      `json:"conversation_id"`
	BotID          string      `json:"bot_id"`
	Session        int         `json:"session" doc:"the platform session's number; the derived one's where the platform has none"`
	At             *string     `json:"at" doc:"its start"`
	Field          audit.Field `json:"field"`
	Platform       *string     `json:"platform" doc:"null when it has no such session"`
	Derived        *string     `json:"derived" doc:"null when there is no such session"`
}

func auditDifferenceOf(d dataset.Disagreement) AuditDifference {
	side := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	return AuditDifference{
		ConversationID: d.Conversation, BotID: d.Bot.Key(), Session: d.Number, At: wire.Stamp(d.At, d.Untimed),
		Field: d.Field, Platform: side(d.Platform), Derived: side(d.Derived),
	}
}

type auditInput struct {
	Body struct {
		Definition given `json:"definition"`
	}
}

func (a *API) audit(ctx context.Context, in *auditInput) (*jobOutput, error) {
	def, err := a.parse(ctx, in.Body.Definition, "body.definition")
	if err != nil {
		return nil, err
	}
	if err := dataset.Auditable(def); err != nil {
		return nil, err
	}
	return a.start("audit", def.ID(), looks, nil, func(ctx context.Context, p *progress) (any, error) {
		out := Audit{Definition: def.ID(), Differences: []AuditDifference{}}
		sum, err := a.opts.Data.Audit(ctx, def, p, func(d dataset.Disagreement) error {
			if len(out.Differences) == mostDiffered {
				out.More++
				return nil
			}
			out.Differences = append(out.Differences, auditDifferenceOf(d))
			return nil
		})
		out.Conversations, out.Sessions, out.Fields = sum.Conversations, sum.Sessions, wire.AuditOf(def.ID(), sum).Fields
		return out, err
	})
}
