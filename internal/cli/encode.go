package cli

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

// appendJSON appends v on one line. What a terminal might obey and JSON leaves alone (DEL, the C1 controls, and what reorders or hides
// text) is escaped too.
func appendJSON(dst []byte, v any) ([]byte, error) {
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

func escapable(r rune) bool { return r >= 0x7f && dangerous(r) }

// stampForm is RFC 3339 with milliseconds, in UTC.
const stampForm = "2006-01-02T15:04:05.000Z"

// stamp is a time for programs; nil where nothing is known of it.
func stamp(ms int64, untimed bool) *string {
	if untimed {
		return nil
	}
	s := activity.Time(ms).Format(stampForm)
	return &s
}

// local is a stamp for people, in their zone.
func local(at *string, zone *time.Location) string {
	if at == nil {
		return "untimed"
	}
	t, err := time.Parse(stampForm, *at)
	if err != nil {
		return *at
	}
	return t.In(zone).Format("2006-01-02 15:04:05")
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// topicJSON is the topic in every output.
type topicJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind"`
}

func topicOf(t *session.Topic) *topicJSON {
	if t == nil {
		return nil
	}
	return &topicJSON{t.ID, t.Name, t.Kind.String()}
}

// columns are the topic's in a CSV.
func (t *topicJSON) columns() []string {
	if t == nil {
		return []string{"", "", ""}
	}
	return []string{t.ID, t.Name, t.Kind}
}

func (t *topicJSON) name() string {
	if t == nil {
		return "-"
	}
	return t.Name
}

// evidenceJSON is one piece of evidence in every output.
type evidenceJSON struct {
	Rule       session.Rule `json:"rule"`
	ActivityID string       `json:"activity_id"`
	At         *string      `json:"at"`
	Detail     string       `json:"detail"`
}

func evidenceOf(evidence []session.Evidence, untimed bool) []evidenceJSON {
	out := make([]evidenceJSON, len(evidence))
	for i, e := range evidence {
		out[i] = evidenceJSON{e.Rule, e.ActivityID, stamp(e.At, untimed || e.At == 0), e.Detail}
	}
	return out
}

func engagement(engaged bool) string {
	if engaged {
		return "engaged"
	}
	return "unengaged"
}

// uncontrolled takes the control characters out of a cell that CSV has no way to escape; line breaks and tabs stay, in quotes.
func uncontrolled(cell string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return utf8.RuneError
		}
		return r
	}, cell)
}

// unformula puts an apostrophe before text that a spreadsheet would run as a formula (docs/cli-json.md, CSV). Ids are left alone unless
// they could do harm, since many begin with a dash and people join tables by them.
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
