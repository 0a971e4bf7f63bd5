package detect

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"rapport/internal/decode"
	"rapport/internal/decode/dataverse"
)

// kind is what an input, or one JSON value in it, looks like.
type kind uint8

const (
	unknown    kind = iota
	empty           // nothing but white space
	rowList         // a list of rows, or of contents
	page            // an object that holds such a list: an OData response, the test framework's list of conversations
	row             // one row of the table of transcripts
	envelope        // the content of a row: an object with a list of activities
	activity        // one activity
	activities      // a list of activities
	emptyList       // []
	rowTable        // CSV of the table of transcripts
	sessions        // CSV of the portal's sessions
	bots            // a table of bots or of their components, as rows or as a list of them
)

// guess is a kind, or what a person should be told about an input that is of none.
type guess struct {
	kind kind
	// hint says what the input looks like; set for unknown and bots.
	hint string
}

const botsHint = "this is a table of bots, not of transcripts: pass it with --catalogue"

// recognise goes by the beginning of an input, in UTF-8; complete says that head is all of it.
func recognise(head []byte, complete bool) guess {
	text := trimSpace(head)
	if len(text) == 0 {
		if complete {
			return guess{kind: empty}
		}
		return guess{hint: "it starts with nothing but white space"}
	}
	if text[0] == '{' || text[0] == '[' {
		return recogniseJSON(text, complete)
	}
	if isEscaped(text) {
		return guess{kind: envelope}
	}
	if hint := magic(text); hint != "" {
		return guess{hint: hint}
	}
	return recogniseText(text)
}

// trimSpace takes off what may stand before a value.
func trimSpace(head []byte) []byte { return bytes.TrimLeft(head, " \t\r\n\x1e\ufeff") }

// recogniseJSON goes by the first value of a list or a sequence that says something: one odd element must not cost the rest. Where that
// value goes on behind what is seen and says nothing so far, each value is looked at when it is there whole.
func recogniseJSON(text []byte, complete bool) guess {
	it := decode.NewElements(bufio.NewReader(bytes.NewReader(text)), decode.Limits{}, 0)
	var first guess
	for i := 0; ; i++ {
		el, err := it.Next()
		if err != nil {
			if it.Array() && i == 0 {
				return guess{kind: emptyList}
			}
			return first
		}
		g := recogniseValue(el.Raw)
		switch {
		case g.kind == unknown:
			if i == 0 {
				first = g
				if el.Err != nil && !complete && bytes.HasPrefix(el.Raw, []byte("{")) {
					first = guess{kind: row}
					if it.Array() {
						first.kind = rowList
					}
				}
			}
			continue
		case it.Array():
			return listOf(g)
		case i > 0 && g.kind == page:
			g.kind = row // values one by one
		}
		return g
	}
}

// recogniseValue goes by one value, as far as raw shows it; by a list's first element.
func recogniseValue(raw []byte) guess {
	if len(raw) == 0 {
		return guess{hint: "JSON that ends behind its first bracket"}
	}
	if raw[0] == '{' {
		return recogniseObject(raw)
	}
	if isEscaped(raw) {
		return guess{kind: envelope} // whoever reads it looks closer
	}
	if raw[0] == '[' {
		switch inner := bytes.TrimLeft(raw[1:], " \t\r\n"); {
		case len(inner) > 0 && inner[0] == ']':
			return guess{kind: emptyList}
		case len(inner) > 0 && inner[0] == '{':
			return listOf(recogniseObject(inner))
		}
	}
	return guess{hint: "JSON, but not of objects: it holds " + quote(raw)}
}

// isEscaped recognises JSON that was left in its string, as jq prints the column content.
func isEscaped(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte(`"{`)) || bytes.HasPrefix(raw, []byte(`"[{`))
}

// listOf says what a list is whose element is g.
func listOf(g guess) guess {
	switch g.kind {
	case activity:
		g.kind = activities
	case unknown, bots:
	default:
		g.kind = rowList
	}
	return g
}

// recogniseObject goes by the keys of a JSON object, as far as text shows it. Some keys settle it at once, so that a row's
// content is not looked through.
func recogniseObject(text []byte) guess {
	var keys []string
	seen := map[string]byte{}
	settled := unknown
	walkKeys(text, func(key string, value byte) bool {
		keys = append(keys, key)
		key = strings.ToLower(key)
		seen[key] = value
		switch key {
		case "conversationtranscriptid", "conversationstarttime", "_bot_conversationtranscriptid_value":
			settled = row
		case "activities":
			if value == '[' {
				settled = envelope
			}
		case "list_of_conversations":
			if value == '[' {
				settled = page
			}
		}
		return settled == unknown && len(keys) < 100
	})
	if settled != unknown {
		return guess{kind: settled}
	}
	has := func(names ...string) bool {
		for _, name := range names {
			if _, ok := seen[name]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case has("botcomponentid", "componenttype"), has("botid", "schemaname") && has("name"):
		return guess{kind: bots, hint: botsHint}
	case seen["value"] == '[' && !has("type", "from", "valuetype"):
		return guess{kind: page}
	case has("content", "schematype") && !has("contenttype"):
		return guess{kind: row}
	case has("valuetype", "recipient", "channelid", "replytoid"),
		has("type") && has("from", "timestamp", "conversation", "text", "id", "attachments", "suggestedactions", "channeldata", "membersadded"):
		return guess{kind: activity}
	case has("name") && has("metadata"):
		return guess{kind: row} // without its content, which its reject will say
	case len(keys) == 0:
		return guess{hint: "a JSON object without keys"}
	}
	return guess{hint: "JSON, but neither rows nor activities: its keys are " + list(keys)}
}

// list is the first keys, each cut to a length that people read.
func list(keys []string) string {
	const most, longest = 12, 40
	var b strings.Builder
	for i, key := range keys {
		switch {
		case i == most:
			return b.String() + ", ..."
		case i > 0:
			b.WriteString(", ")
		}
		if len(key) > longest {
			key = strings.ToValidUTF8(key[:longest], "") + "..."
		}
		b.WriteString(key)
	}
	return b.String()
}

// walkKeys calls fn with each key at the top of an object and the first byte of its value, until fn returns false or the text
// ends. Keys are as written, escapes included. It makes no difference to it whether brackets match.
func walkKeys(text []byte, fn func(key string, value byte) bool) {
	i, depth := 0, 0
	for i < len(text) {
		switch text[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return
			}
		case '"':
			start := i + 1
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) {
				return
			}
			if depth != 1 {
				break
			}
			rest := bytes.TrimLeft(text[i+1:], " \t\r\n")
			if len(rest) == 0 || rest[0] != ':' {
				break // a string value
			}
			value := bytes.TrimLeft(rest[1:], " \t\r\n")
			if len(value) == 0 || !fn(string(text[start:i]), value[0]) {
				return
			}
		}
		i++
	}
}

// recogniseText goes by the first line of something that is not JSON.
func recogniseText(text []byte) guess {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	if dataverse.IsSeparatorLine(line) {
		line, _, _ = bytes.Cut(rest, []byte("\n"))
	}
	line = bytes.TrimRight(line, "\r")
	if _, ok := dataverse.ReadHeader(line); ok {
		return guess{kind: rowTable}
	}
	headings := strings.FieldsFunc(strings.ToLower(string(line)), func(r rune) bool { return r == ',' || r == ';' || r == '\t' })
	known := map[string]bool{}
	for _, h := range headings {
		known[strings.NewReplacer(" ", "", "_", "", `"`, "").Replace(strings.TrimSpace(h))] = true
	}
	switch {
	case known["sessionid"] && known["sessionoutcome"]:
		return guess{kind: sessions}
	case known["botcomponentid"], known["componenttype"], known["botid"] && known["schemaname"]:
		return guess{kind: bots, hint: botsHint}
	case known["conversationtranscriptid"], known["(donotmodify)conversationtranscript"], known["conversationstarttime"]:
		return guess{hint: "a table of transcripts without the column Content: export it with that column"}
	case len(headings) > 2:
		return guess{hint: "a table, but neither of transcripts nor of sessions: its first line is " + quote(line)}
	default:
		return guess{hint: "text: it starts with " + quote(line)}
	}
}

func quote(line []byte) string {
	if len(line) > 80 {
		line = line[:80]
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(string(line), ""))
}

// magic names a file that is not text by its first bytes; "" when it may be text.
func magic(head []byte) string {
	for _, known := range []struct{ prefix, hint string }{
		{"PK\x03\x04", "an Excel workbook or another Office file: export it as CSV"},
		{"\xD0\xCF\x11\xE0", "an old Excel workbook or another Office file: export it as CSV"},
		{"%PDF", "a PDF document"},
		{"PAR1", "a Parquet file: export it as CSV or JSON Lines"},
		{"SQLite format 3\x00", "an SQLite database: export the table as CSV or JSON Lines"},
		{"\x1f\x8b", "a gzip file packed too often: unpack it first"},
		{"\x28\xb5\x2f\xfd", "a zstd file packed too often: unpack it first"},
		{"7z\xBC\xAF", "a 7-Zip archive: unpack it first"},
		{"Rar!", "a RAR archive: unpack it first"},
		{"BZh", "a bzip2 file: unpack it first"},
		{"\xFD7zXZ", "an xz file: unpack it first"},
	} {
		if bytes.HasPrefix(head, []byte(known.prefix)) {
			return known.hint
		}
	}
	lower := bytes.ToLower(head[:min(len(head), 512)])
	switch {
	case head[0] == '<' && bytes.Contains(lower, []byte("<html")) || bytes.HasPrefix(lower, []byte("<!doctype html")):
		return "HTML, perhaps the page of a sign-in instead of the file"
	case head[0] == '<':
		return "XML: export it as CSV or JSON"
	}
	start := head[:min(len(head), 1024)]
	if bytes.IndexByte(start, 0) >= 0 {
		return "binary"
	}
	broken := 0
	for i := 0; i < len(start); {
		r, n := utf8.DecodeRune(start[i:])
		if r == utf8.RuneError && n == 1 {
			broken++
		}
		i += n
	}
	if broken > len(start)/10 {
		return "binary"
	}
	return ""
}
