package wire

import "rapport/internal/audit"

// Audit is what the platform said against what a definition derives, over all conversations (docs/cli-json.md, audit).
type Audit struct {
	Definition    string       `json:"definition" doc:"name@version of what derived"`
	Conversations int64        `json:"conversations" doc:"that carry the platform's SessionInfo"`
	Sessions      int64        `json:"sessions" doc:"of the platform"`
	Differences   int64        `json:"differences" doc:"how many there are"`
	Fields        []AuditField `json:"fields"`
}

// AuditField is in how many of the compared sessions both say the same.
type AuditField struct {
	Field    audit.Field `json:"field"`
	Agree    int64       `json:"agree"`
	Compared int64       `json:"compared"`
}

// AuditOf is a summary, every field in it.
func AuditOf(definition string, s audit.Summary) Audit {
	out := Audit{Definition: definition, Conversations: s.Conversations, Sessions: s.Sessions, Differences: s.Differences}
	for _, f := range audit.Fields() {
		out.Fields = append(out.Fields, AuditField{f, s.Agreements[f].Agree, s.Agreements[f].Compared})
	}
	return out
}
