package activityjson

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/segmentio/encoding/json"

	"rapport/internal/decode"
)

// wire is an activity with its values located and not yet read. They point into the input.
type wire struct {
	id, kind, name, valueType, value  []byte
	timestamp, timestampMs            []byte
	from, recipient, to, conversation []byte
	channelID, replyToID, locale      []byte
	text, inputHint                   []byte
	attachments, suggestedActions     []byte
	channelData                       []byte
	// by is whom from is; nil where that is still to be read from sender, which is its members: nearly every activity has one, and it is read
	// while it is passed over.
	by     *sender
	sender [4]field
}

// slot is where the value of a key goes; nil for keys that nobody reads. Keys match in any case.
func (w *wire) slot(key []byte) *[]byte {
	var lower [len("suggestedactions")]byte
	switch string(decode.LowerKey(lower[:], key)) {
	case "id":
		return &w.id
	case "type":
		return &w.kind
	case "name":
		return &w.name
	case "valuetype":
		return &w.valueType
	case "value":
		return &w.value
	case "timestamp":
		return &w.timestamp
	case "timestampms":
		return &w.timestampMs
	case "from":
		return &w.from
	case "recipient":
		return &w.recipient
	case "to":
		return &w.to
	case "conversation":
		return &w.conversation
	case "channelid":
		return &w.channelID
	case "replytoid":
		return &w.replyToID
	case "locale":
		return &w.locale
	case "text":
		return &w.text
	case "inputhint":
		return &w.inputHint
	case "attachments":
		return &w.attachments
	case "suggestedactions":
		return &w.suggestedActions
	case "channeldata":
		return &w.channelData
	default:
		return nil
	}
}

// locate finds the values of the activity that raw starts with, for a w that is empty, and returns the index behind it.
func (w *wire) locate(raw []byte, level, limit int, lately *senders) (int, error) {
	o := decode.NewObject(raw, level, limit)
	for o.Next() {
		slot := w.slot(o.Key)
		switch rest := o.Rest(); {
		case slot == nil:
		case slot == &w.from && len(rest) > 0 && rest[0] == '{':
			if w.by = lately.at(rest, o.Level()); w.by != nil {
				w.from = rest[:len(w.by.raw)]
				o.Pass(len(w.from))
				continue
			}
			w.sender = accountFields
			n, err := walk(rest, o.Level(), limit, w.sender[:])
			if err != nil {
				return 0, err
			}
			w.from = rest[:n]
			o.Pass(n)
		case slot == &w.from:
			w.from, w.by = o.Value(), nil
		default:
			*slot = o.Value()
		}
	}
	return o.End(), o.Err()
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

// listLimit bounds how many elements are kept of a list in a value. Real ones have a few dozen; a list of millions of nothing takes
// little room in a file and much in memory.
const listLimit = 4096

// UnmarshalJSON never fails.
func (l *list[T]) UnmarshalJSON(raw []byte) error {
	*l = nil
	raw = unwrap(raw)
	switch {
	case isNull(raw):
	case raw[0] == '[':
		a := decode.NewArray(raw, 0, anyDepth)
		for a.Next() && len(*l) < listLimit {
			l.add(a.Value())
		}
	default:
		l.add(raw)
	}
	return nil
}

func (l *list[T]) add(element []byte) {
	var v T
	if readInto(element, &v) {
		*l = append(*l, v)
	}
}

// readInto reads raw, or the JSON in the string that raw is, into v. It reports whether that worked.
func readInto[T any](raw []byte, v *T) bool {
	if raw = unwrap(raw); isNull(raw) {
		return false
	}
	_, err := json.Parse(raw, v, 0)
	return err == nil
}

// unwrap returns the JSON object or array that a string holds, as some channels write it; any other value as it is.
func unwrap(raw []byte) []byte {
	if len(raw) < 2 || raw[0] != '"' {
		return raw
	}
	if first := skipEscapedSpace(raw[1:]); first != '{' && first != '[' {
		return raw
	}
	b, err := decode.Unquote(nil, raw)
	if b = trim(b); err != nil || len(b) == 0 {
		return raw
	}
	if end, err := decode.SkipValue(b, 0, 0, innerDepth); err != nil || end != len(b) {
		return raw
	}
	return b
}

// skipEscapedSpace is the first character of what a string says that is not white space, where it is written as it is.
func skipEscapedSpace(s []byte) byte {
	for len(s) > 1 {
		switch {
		case s[0] == ' ':
			s = s[1:]
		case s[0] == '\\' && (s[1] == 'n' || s[1] == 'r' || s[1] == 't'):
			s = s[2:]
		default:
			return s[0]
		}
	}
	return 0
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
		var short [256]byte
		s, err := decode.Unquote(short[:0], raw)
		if err != nil {
			return ""
		}
		return string(s)
	case '{', '[', 'n':
		return ""
	}
	switch string(raw) { // of which nothing need be made
	case "true":
		return "true"
	case "false":
		return "false"
	default:
		return string(raw)
	}
}

func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// isFilledList reports whether raw is an object with a list of that name (in lower case) that is not empty, or such a list.
func isFilledList(raw []byte, name string) bool {
	f := [1]field{{key: name}}
	if find(raw, f[:]) {
		raw = f[0].value
	}
	return len(raw) > 0 && raw[0] == '[' && trim(raw[1:])[0] != ']'
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
