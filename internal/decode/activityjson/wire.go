package activityjson

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/segmentio/encoding/json"
)

// wire is an activity with its values located and not yet read. Keys match in any case. The messages point into the input.
type wire struct {
	ID, Type, Name, ValueType, Value  json.RawMessage
	Timestamp, TimestampMs            json.RawMessage
	From, Recipient, To, Conversation json.RawMessage
	ChannelID, ReplyToID, Locale      json.RawMessage
	Text, InputHint                   json.RawMessage
	Attachments, SuggestedActions     json.RawMessage
	ChannelData                       json.RawMessage
}

// The types below read a value of a shape that varies and never fail: what does not fit is the zero value. That way one field
// of an unexpected type does not cost its neighbours.

// text is a string, or a number or a boolean as written.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = text(scalar(raw))
	return nil
}

// flag is a boolean, written as such, in words or as 0 and 1.
type flag struct{ known, on bool }

// UnmarshalJSON never fails.
func (f *flag) UnmarshalJSON(raw []byte) error {
	switch strings.ToLower(scalar(raw)) {
	case "true", "1", "yes":
		*f = flag{known: true, on: true}
	case "false", "0", "no":
		*f = flag{known: true}
	}
	return nil
}

// loose is a T, or a string that holds the JSON of one; anything else is the zero value.
type loose[T any] struct{ v T }

// UnmarshalJSON never fails.
func (l *loose[T]) UnmarshalJSON(raw []byte) error {
	_ = readInto(raw, &l.v)
	return nil
}

// list is an array of T whose misfits are left out, or a single T.
type list[T any] []T

// UnmarshalJSON never fails.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	*l = nil
	add := func(_ int, element []byte) error {
		var v T
		if readInto(element, &v) {
			*l = append(*l, v)
		}
		return nil
	}
	switch raw = unwrap(raw); {
	case isNull(raw):
	case raw[0] == '[':
		_ = eachElement(raw, innerDepth, add) // the array's end is known, and add does not fail
	default:
		_ = add(0, raw)
	}
	return nil
}

// readInto reads raw, or the JSON in the string that raw is, into v. It reports whether that worked.
func readInto[T any](raw []byte, v *T) bool {
	if raw = unwrap(raw); isNull(raw) {
		return false
	}
	_, err := json.Parse(raw, v, 0)
	return err == nil
}

// innerDepth bounds the nesting of JSON that stands inside a string: whoever bounded the nesting of the row did not see it.
const innerDepth = 128

// unwrap returns the JSON object or array that a string holds, as some channels write it; any other value as it is.
func unwrap(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	inner := strings.TrimSpace(scalar(raw))
	if inner == "" || inner[0] != '{' && inner[0] != '[' {
		return raw
	}
	b := []byte(inner)
	if end, err := skipValue(b, 0, innerDepth); err != nil || end != len(b) {
		return raw
	}
	return b
}

// scalar is a string's text, or a number or boolean as written; "" for anything else. It does not alias raw.
func scalar(raw []byte) string {
	if len(raw) == 0 {
		return ""
	}
	switch raw[0] {
	case '"':
		if len(raw) >= 2 && bytes.IndexByte(raw, '\\') < 0 {
			return string(raw[1 : len(raw)-1])
		}
		var s string
		if _, err := json.Parse(raw, &s, 0); err != nil {
			return ""
		}
		return s
	case '{', '[', 'n':
		return ""
	default:
		return string(raw)
	}
}

// identifier is an id, "" where the source wrote a placeholder for none ("0" on SessionInfo; Chatdown wrote -1).
func identifier(raw []byte) string {
	switch id := scalar(raw); id {
	case "0", "-1":
		return ""
	default:
		return id
	}
}

func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// isFilledList reports whether raw is an object with a list of that name (in lower case) that is not empty, or such a list.
func isFilledList(raw []byte, name string) bool {
	if isNull(raw) {
		return false
	}
	if raw[0] == '{' {
		list, _ := member(raw, name, innerDepth)
		raw = list
	}
	return len(raw) > 0 && raw[0] == '[' && trim(raw[1:])[0] != ']'
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func trim(raw []byte) []byte { return bytes.Trim(raw, " \t\r\n") }

// textLimit bounds what is kept of a text that no rule reads whole: the text of cards, a variable's value.
const textLimit = 4096

// cut bounds a text to textLimit bytes, at a character's edge.
func cut(s string) string {
	if len(s) <= textLimit {
		return s
	}
	n := textLimit
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// quote shows the start of a value in an error.
func quote(raw []byte) string {
	const most = 40
	if len(raw) == 0 {
		return "nothing"
	}
	if len(raw) > most {
		return strings.ToValidUTF8(string(raw[:most]), "") + "…"
	}
	return string(raw)
}
