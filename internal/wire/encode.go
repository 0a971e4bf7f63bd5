// Package wire is the JSON that people and programs see: sessions, billed sessions, what users said, a conversation with its evidence. The
// command line and the API write the same, by the names of docs/cli-json.md.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport/internal/activity"
	"rapport/internal/session"
)

// Append appends v as JSON on one line. What a terminal might obey and JSON leaves alone (DEL, the C1 controls, and what reorders or hides
// text) is escaped too.
func Append(dst []byte, v any) ([]byte, error) {
	buf := bytes.NewBuffer(dst)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	start := buf.Len()
	if err := enc.Encode(v); err != nil {
		return dst, fmt.Errorf("write %T as JSON: %w", v, err)
	}
	out := buf.Bytes()[:buf.Len()-1] // without the encoder's line break
	if !bytes.ContainsFunc(out[start:], escapable) {
		return out, nil
	}
	var safe []byte
	for _, r := range string(out[start:]) {
		if escapable(r) {
			safe = fmt.Appendf(safe, `\u%04x`, r)
		} else {
			safe = append(safe, string(r)...)
		}
	}
	return append(out[:start], safe...), nil
}

func escapable(r rune) bool { return r >= 0x7f && Dangerous(r) }

// Dangerous reports whether a terminal might obey a character, or it reorders or hides text: controls, and format characters. Joiners and
// variation selectors, which scripts and emoji need, are none.
func Dangerous(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' ||
		(r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') || r == '\u200e' || r == '\u200f' ||
		r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// StampForm is RFC 3339 with milliseconds, in UTC.
const StampForm = "2006-01-02T15:04:05.000Z"

// Stamp is a time (ms since 1970) for programs; nil where nothing is known of it.
func Stamp(ms int64, untimed bool) *string {
	if untimed {
		return nil
	}
	s := activity.Time(ms).Format(StampForm)
	return &s
}

// Local is a stamp for people, in their zone.
func Local(at *string, zone *time.Location) string {
	if at == nil {
		return "untimed"
	}
	t, err := time.Parse(StampForm, *at)
	if err != nil {
		return *at
	}
	return t.In(zone).Format("2006-01-02 15:04:05")
}

// BotName is what a bot is called to people: its name, else the schema name, else the id.
func BotName(b activity.Bot) string {
	switch {
	case b.Name != "":
		return b.Name
	case b.Schema != "":
		return b.Schema
	default:
		return b.ID
	}
}

// Topic is the topic in every output.
type Topic struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind" doc:"custom, system or empty"`
}

// TopicOf is nil for no topic.
func TopicOf(t *session.Topic) *Topic {
	if t == nil {
		return nil
	}
	return &Topic{t.ID, t.Name, t.Kind.String()}
}

// Cells are the topic's columns in a CSV: id, name, kind.
func (t *Topic) Cells() []string {
	if t == nil {
		return []string{"", "", ""}
	}
	return []string{t.ID, t.Name, t.Kind}
}

// Title is the topic's name, or a dash.
func (t *Topic) Title() string {
	if t == nil {
		return "-"
	}
	return t.Name
}

// Evidence is one piece of evidence in every output.
type Evidence struct {
	Rule       session.Rule `json:"rule" doc:"code of the rule"`
	ActivityID string       `json:"activity_id" doc:"what it saw; empty when no single activity stands behind it"`
	At         *string      `json:"at"`
	Detail     string       `json:"detail"`
}

// EvidenceOf is never nil, so that JSON says [].
func EvidenceOf(evidence []session.Evidence, untimed bool) []Evidence {
	out := make([]Evidence, len(evidence))
	for i, e := range evidence {
		out[i] = Evidence{e.Rule, e.ActivityID, Stamp(e.At, untimed || e.At == 0), e.Detail}
	}
	return out
}

// Engagement is the word for it.
func Engagement(engaged bool) string {
	if engaged {
		return "engaged"
	}
	return "unengaged"
}

// SafeCell is a cell of a CSV that neither a terminal nor a spreadsheet obeys (docs/cli-json.md, CSV).
func SafeCell(column, cell string) string { return unformula(column, uncontrolled(cell)) }

// uncontrolled takes the control characters out of a cell that CSV has no way to escape; line breaks and tabs stay, in quotes.
func uncontrolled(cell string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, cell)
}

// unformula puts an apostrophe before text that a spreadsheet would run as a formula. Ids are left alone unless they could do harm, since
// many begin with a dash and people join tables by them.
func unformula(column, cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	isID := column == "id" || strings.HasSuffix(column, "_id")
	if isID && !strings.ContainsAny(cell, "(|!") {
		return cell
	}
	return "'" + cell
}

// OrEmpty is what a pointer points to, or "".
func OrEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
