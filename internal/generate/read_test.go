package generate

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// row is a written row as the standard library reads it: column to value, numbers and nulls as text.
type row map[string]string

// made writes a world and reads its rows back.
func made(t testing.TB, opts Options) ([]row, Stats, []byte) {
	t.Helper()
	var b bytes.Buffer
	stats, err := Write(t.Context(), &b, opts)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	switch opts.Format {
	case CSV:
		rows = readCSV(t, b.Bytes())
	case OData:
		rows = readOData(t, b.Bytes())
	default:
		rows = readLines(t, b.Bytes())
	}
	return rows, stats, b.Bytes()
}

func readLines(t testing.TB, data []byte) []row {
	t.Helper()
	var rows []row
	in := bufio.NewScanner(bytes.NewReader(data))
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var m map[string]any
		if err := json.Unmarshal(in.Bytes(), &m); err != nil {
			t.Fatalf("line %d: %v", len(rows)+1, err)
		}
		rows = append(rows, flat(m))
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func readOData(t testing.TB, data []byte) []row {
	t.Helper()
	var page struct {
		Context string           `json:"@odata.context"`
		Value   []map[string]any `json:"value"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(page.Context, "#conversationtranscripts") {
		t.Errorf("@odata.context is %q", page.Context)
	}
	rows := make([]row, len(page.Value))
	for i, m := range page.Value {
		rows[i] = flat(m)
	}
	return rows
}

func readCSV(t testing.TB, data []byte) []row {
	t.Helper()
	data, marked := bytes.CutPrefix(data, []byte("\ufeff"))
	if !marked {
		t.Error("the CSV has no byte-order mark")
	}
	lines, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]row, 0, len(lines))
	for _, line := range lines[1:] {
		r := row{}
		for i, name := range lines[0] {
			r[name] = line[i]
		}
		rows = append(rows, r)
	}
	return rows
}

func flat(m map[string]any) row {
	r := row{}
	for name, v := range m {
		switch v := v.(type) {
		case nil:
			r[name] = ""
		case float64:
			r[name] = fmt.Sprintf("%.0f", v)
		default:
			r[name] = fmt.Sprint(v)
		}
	}
	return r
}

// act is what the tests look at in an activity.
type act struct {
	ID          string
	Type        string
	ValueType   string
	Name        string
	Timestamp   int64
	TimestampMs int64
	ChannelID   string
	From        struct {
		ID   string
		Role int
	}
	Value json.RawMessage
}

// info is SessionInfo, and of ConversationInfo what has the same shape.
type info struct {
	StartTimeUtc, EndTimeUtc                time.Time //nolint:revive // the platform's names
	Type, Outcome, OutcomeReason            string
	TurnCount                               int
	ImpliedSuccess                          bool
	IsDesignMode                            bool
	LastSessionOutcome                      string
	LastTriggeredIntentID, LastUserIntentID string
	CSATScore                               int
}

// kept is a record as its reader would put it together: batches joined, the newest version of each row.
type kept struct {
	rows     []row
	acts     []act
	session  info
	head     info
	meta     struct{ BotId, AADTenantId, BotName string } //nolint:revive // the platform's names
	name     string
	start    time.Time
	created  time.Time
	newer    bool
	messages int
}

// records joins rows to records, in the order in which their first rows stand.
func records(t testing.TB, rows []row) []*kept {
	t.Helper()
	byID := map[string]row{}
	for _, r := range rows {
		if old, ok := byID[r["conversationtranscriptid"]]; ok && number(t, old["versionnumber"]) >= number(t, r["versionnumber"]) {
			t.Errorf("row %s comes again without a newer version", r["conversationtranscriptid"])
		}
		byID[r["conversationtranscriptid"]] = r
	}
	byKey := map[string]*kept{}
	var all []*kept
	for _, r := range rows {
		if byID[r["conversationtranscriptid"]]["versionnumber"] != r["versionnumber"] {
			continue
		}
		key := r["name"] + r["conversationstarttime"]
		k := byKey[key]
		if k == nil {
			k = &kept{name: r["name"], newer: r["schemaversion"] == "0.2.2"}
			byKey[key] = k
			all = append(all, k)
		}
		k.rows = append(k.rows, r)
	}
	for _, k := range all {
		k.join(t)
	}
	return all
}

func (k *kept) join(t testing.TB) {
	t.Helper()
	parts := make([][]act, len(k.rows))
	for i, r := range k.rows {
		var content struct{ Activities []act }
		decode(t, r["content"], &content)
		var batch struct{ BatchId json.RawMessage } //nolint:revive // the platform's name
		decode(t, r["metadata"], &batch)
		at := i
		if len(k.rows) > 1 {
			at = number(t, string(batch.BatchId))
		}
		parts[at] = content.Activities
	}
	for _, p := range parts {
		k.acts = append(k.acts, p...)
	}
	decode(t, k.rows[0]["metadata"], &k.meta)
	last := k.acts[len(k.acts)-1]
	if k.acts[0].ValueType != "ConversationInfo" || last.ValueType != "SessionInfo" || last.ID != "0" {
		t.Fatalf("record %s goes from %q to %q", k.name, k.acts[0].ValueType, last.ValueType)
	}
	decode(t, string(k.acts[0].Value), &k.head)
	decode(t, string(last.Value), &k.session)
	k.start, k.created = moment(t, k.rows[0]["conversationstarttime"]), moment(t, k.rows[0]["createdon"])
	for _, a := range k.acts {
		if a.Type == "message" {
			k.messages++
		}
	}
}

func decode(t testing.TB, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
}

func number(t testing.TB, s string) int {
	t.Helper()
	var n int
	decode(t, s, &n)
	return n
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04:05Z", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
