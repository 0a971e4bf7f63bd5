package export

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// pieces is a conversation taken apart: the activities as they came, by record.
type pieces struct {
	conversation *activity.Conversation
	raw          [][][]byte
	metadataBot  string // BotId of the metadata, which reports join by
	tenant       string
	taken        map[string]bool // ids of rows
	last, start  int64           // of the row before
}

func unpack(c *activity.Conversation) (*pieces, error) {
	p := &pieces{conversation: c, raw: make([][][]byte, len(c.Records)), taken: map[string]bool{}}
	for i, r := range c.Records {
		if len(r.Activities) == 0 {
			continue
		}
		if r.Raw == nil {
			return nil, fmt.Errorf("record %d came without its bytes", i+1)
		}
		raw, err := decode.Unpack(nil, r.Raw)
		if err != nil {
			return nil, err
		}
		if p.raw[i], err = p.read(r.Format, raw); err != nil {
			return nil, fmt.Errorf("read record %d again: %w", i+1, err)
		}
		if len(p.raw[i]) != len(r.Activities) {
			return nil, fmt.Errorf("record %d has %d activities, %d were read before", i+1, len(p.raw[i]), len(r.Activities))
		}
	}
	return p, nil
}

// read finds the activities in what a record was decoded from.
func (p *pieces) read(format activity.Format, raw []byte) ([][]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if format != activity.FormatTranscript {
		return activitiesIn(raw)
	}
	var content, metadata []byte
	var err error
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		content, metadata, err = rowOfJSON(trimmed)
	} else {
		content, metadata, err = rowOfCSV(raw)
	}
	if err != nil {
		return nil, err
	}
	p.learn(metadata)
	return activitiesIn(content)
}

// learn keeps what the metadata says of the bot; it may be missing or broken, which costs nothing but that.
func (p *pieces) learn(metadata []byte) {
	text, err := unquoted(metadata)
	if err != nil || len(text) == 0 {
		return
	}
	word := func(name string) string {
		value, err := member(text, name)
		if err != nil || len(value) == 0 {
			return ""
		}
		word, err := decode.Unquote(nil, value)
		if err != nil {
			return ""
		}
		return string(word)
	}
	p.metadataBot, p.tenant = cmp.Or(word("botid"), p.metadataBot), cmp.Or(word("aadtenantid"), p.tenant)
}

// unquoted takes JSON out of the strings that it was escaped into, twice at most.
func unquoted(raw []byte) ([]byte, error) {
	raw = bytes.TrimSpace(raw)
	for range 2 {
		if len(raw) == 0 || raw[0] != '"' {
			break
		}
		inner, err := decode.Unquote(nil, raw)
		if err != nil {
			return nil, err
		}
		raw = bytes.TrimSpace(inner)
	}
	return raw, nil
}

// anyDepth is for what was decoded before, and so is nested no deeper than its limits.
const anyDepth = 1 << 30

// member is the value of an object's key, whatever its case; nil where there is none. Of two with one name the last counts.
func member(raw []byte, name string) ([]byte, error) {
	var value []byte
	o := decode.NewObject(raw, 0, anyDepth)
	for o.Next() {
		if strings.EqualFold(string(o.Key), name) {
			value = o.Value()
		}
	}
	return value, o.Err()
}

// elements are the values of a list.
func elements(raw []byte) ([][]byte, error) {
	var list [][]byte
	a := decode.NewArray(raw, 0, anyDepth)
	for a.Next() {
		list = append(list, a.Value())
	}
	return list, a.Err()
}

// rowOfJSON is a row, or a list of one.
func rowOfJSON(raw []byte) (content, metadata []byte, err error) {
	if raw[0] == '[' {
		list, err := elements(raw)
		if err != nil {
			return nil, nil, err
		}
		if len(list) != 1 {
			return nil, nil, fmt.Errorf("a list of %d rows where one was expected", len(list))
		}
		raw = list[0]
	}
	if content, err = member(raw, "content"); err != nil {
		return nil, nil, err
	}
	metadata, err = member(raw, "metadata")
	return content, metadata, err
}

// rowOfCSV is a header and a row.
func rowOfCSV(raw []byte) (content, metadata []byte, err error) {
	for _, comma := range ",;\t" {
		r := csv.NewReader(bytes.NewReader(raw))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 2 || len(rows[0]) != len(rows[1]) {
			continue
		}
		for i, heading := range rows[0] {
			switch plainHeading(heading) {
			case "content":
				content = []byte(rows[1][i])
			case "metadata":
				metadata = []byte(rows[1][i])
			}
		}
		if content != nil {
			return content, metadata, nil
		}
	}
	return nil, nil, errors.New("neither JSON nor a table with a column content")
}

// plainHeading is a column's name as the table's own, whether a tool wrote the logical or the display name.
func plainHeading(heading string) string {
	heading = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(heading)), "(do not modify)")
	return strings.TrimSpace(strings.TrimPrefix(heading, "\ufeff"))
}

// activitiesIn is the list in {"activities": [...]}, or the bare list; it may be escaped into a string.
func activitiesIn(raw []byte) ([][]byte, error) {
	raw, err := unquoted(raw)
	if err != nil {
		return nil, err
	}
	if len(raw) > 0 && raw[0] == '[' {
		list, err := elements(raw)
		if err != nil || len(list) != 1 {
			return list, err
		}
		// Something with line breaks in it is kept as a list of one (decode.Packer).
		if inner, err := member(list[0], "activities"); err != nil || inner == nil {
			return list, err
		}
		raw = list[0]
	}
	inner, err := member(raw, "activities")
	if err != nil {
		return nil, err
	}
	if inner == nil {
		return nil, errors.New("there is no list of activities")
	}
	return elements(inner)
}

// activity is one activity as it came; of another format than the table's, in the words of the table (spec.md §4.5): times in seconds and
// milliseconds, sides as numbers.
func (p *pieces) activity(e activity.Entry) ([]byte, error) {
	raw := p.raw[e.Record][e.Seq]
	rec := p.conversation.Records[e.Record]
	if rec.Format == activity.FormatTranscript || rec.Format == activity.FormatContent {
		return raw, nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	for key := range fields {
		switch strings.ToLower(key) {
		case "timestamp", "timestampms", "localtimestamp", "from", "recipient", "conversation":
			delete(fields, key)
		}
	}
	set := func(key string, v any) error {
		b, err := marshal(v)
		fields[key] = b
		return err
	}
	from := map[string]any{"id": e.From}
	if e.Role != activity.RoleUnknown {
		from["role"] = int(e.Role) - int(activity.RoleBot)
	}
	if e.Role == activity.RoleUser && rec.User != "" && rec.User != e.From {
		from["aadObjectId"] = rec.User // who the user of the record was found to be
	}
	errSet := set("from", from)
	if !rec.Untimed {
		errSet = errors.Join(errSet, set("timestamp", e.At/1000), set("timestampMs", e.At))
	}
	if errSet != nil {
		return nil, errSet
	}
	return marshal(fields)
}

// again is the ConversationInfo of a record whose sessions are rows of their own: each begins with it, under an id of its own, since
// activities are told apart by id.
func (p *pieces) again(part part) ([]byte, error) {
	raw, err := p.activity(*part.repeated)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	for key := range fields {
		switch strings.ToLower(key) {
		case "id", "timestamp", "timestampms":
			delete(fields, key)
		}
	}
	if begin := part.entries[0]; !p.conversation.Records[begin.Record].Untimed {
		fields["timestamp"] = fmt.Append(nil, begin.At/1000)
		fields["timestampMs"] = fmt.Append(nil, begin.At)
	}
	return marshal(fields)
}

// designMode says of a row that it is from the test canvas, which a snapshot is by being one.
func designMode(locale string) ([]byte, error) {
	type value struct {
		Design bool   `json:"isDesignMode"`
		Locale string `json:"locale,omitempty"`
	}
	return marshal(struct {
		ValueType string `json:"valueType"`
		Type      string `json:"type"`
		Value     value  `json:"value"`
	}{"ConversationInfo", "trace", value{true, locale}})
}
