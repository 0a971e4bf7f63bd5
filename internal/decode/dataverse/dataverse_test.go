package dataverse_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/dataverse"
)

// recorder keeps what a decoder finds.
type recorder struct {
	records  []*activity.Record
	rejects  []decode.Reject
	warnings []decode.Warning
}

func (r *recorder) Record(rec *activity.Record) error { r.records = append(r.records, rec); return nil }

func (r *recorder) Reject(reject decode.Reject) error {
	r.rejects = append(r.rejects, reject)
	return nil
}

func (r *recorder) Warn(warning decode.Warning) error {
	r.warnings = append(r.warnings, warning)
	return nil
}

func realRows(t testing.TB) []json.RawMessage {
	t.Helper()
	b, err := os.ReadFile("../../../testdata/dataverse/conversationtranscripts.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(b, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// small is a row with one message, as a map to be changed by a test.
func small() map[string]any {
	return map[string]any{
		"conversationtranscriptid":            "AAAAAAAA-0000-0000-0000-000000000001",
		"name":                                "19:x_y@thread.v2_bbbbbbbb-0000-0000-0000-000000000002",
		"conversationstarttime":               "2024-09-12T16:57:51Z",
		"modifiedon":                          "2024-09-12T17:30:00Z",
		"createdon":                           "2024-09-12T17:29:00Z",
		"versionnumber":                       5539180,
		"schemaversion":                       "0.2.1",
		"schematype":                          "powervirtualagents",
		"_bot_conversationtranscriptid_value": "CCCCCCCC-0000-0000-0000-000000000003",
		"metadata":                            `{"BotId":"bbbbbbbb-0000-0000-0000-000000000002","BotName":"cr3e5_bot","BatchId":2}`,
		"content":                             `{"activities":[{"id":"1","type":"message","timestamp":1726160271,"from":{"id":"u","role":1},"text":"hi \"there\" é"}]}`,
	}
}

func decodeRow(t testing.TB, row any, opts decode.Options) *recorder {
	t.Helper()
	raw, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	return decodeRaw(t, raw, opts)
}

func decodeRaw(t testing.TB, raw []byte, opts decode.Options) *recorder {
	t.Helper()
	var got recorder
	if err := dataverse.New(opts, &got).Row(raw, activity.Origin{File: "rows.json", Row: 1}); err != nil {
		t.Fatal(err)
	}
	if len(got.records)+len(got.rejects) != 1 {
		t.Fatalf("one row became %d records and %d rejects", len(got.records), len(got.rejects))
	}
	return &got
}

func TestRow(t *testing.T) {
	got := decodeRow(t, small(), decode.Options{})
	if len(got.rejects)+len(got.warnings) > 0 {
		t.Fatalf("rejects %v, warnings %v", got.rejects, got.warnings)
	}
	rec := got.records[0]
	want := activity.Record{
		Format:        activity.FormatTranscript,
		Origin:        activity.Origin{File: "rows.json", Row: 1},
		ID:            "aaaaaaaa-0000-0000-0000-000000000001",
		Version:       5539180,
		ModifiedAt:    1726162200000,
		Bot:           activity.Bot{ID: "cccccccc-0000-0000-0000-000000000003", Schema: "cr3e5_bot"},
		Conversation:  "19:x_y@thread.v2",
		Start:         1726160271000,
		Batch:         2,
		User:          "u",
		SchemaVersion: "0.2.1",
		Activities: []activity.Activity{{
			ID: "1", Type: activity.TypeMessage, At: 1726160271000, Role: activity.RoleUser, From: "u", Text: `hi "there" é`,
		}},
	}
	want.Hash = rec.Hash
	if diff := cmp.Diff(want, *rec); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if rec.Hash == ([16]byte{}) {
		t.Error("no hash")
	}
}

// Each change leaves the record as it is, or changes exactly what is named.
func TestRowVariants(t *testing.T) {
	type change = func(map[string]any)
	set := func(key string, value any) change { return func(row map[string]any) { row[key] = value } }
	drop := func(keys ...string) change {
		return func(row map[string]any) {
			for _, key := range keys {
				delete(row, key)
			}
		}
	}
	const name, lookup = "bbbbbbbb-0000-0000-0000-000000000002", "_bot_conversationtranscriptid_value"
	tests := []struct {
		name   string
		change change
		want   func(*activity.Record)
		warns  int
	}{
		{name: "metadata an object", change: set("metadata", map[string]any{"BotId": name, "BotName": "cr3e5_bot", "BatchId": "2"})},
		{name: "keys in other cases", change: func(row map[string]any) {
			row["Content"], row["Name"], row["METADATA"] = row["content"], row["name"], row["metadata"]
			delete(row, "content")
			delete(row, "name")
			delete(row, "metadata")
		}},
		{name: "version as text", change: set("versionnumber", "5539180")},
		{name: "version of a spreadsheet", change: set("versionnumber", "5.53918E+06")},
		{name: "times of a spreadsheet", change: func(row map[string]any) {
			row["conversationstarttime"], row["modifiedon"] = "9/12/2024 4:57:51 PM", "2024-09-12 17:30:00"
		}},
		{name: "time of Europe", change: set("modifiedon", "12.09.2024 17:30")},
		{name: "time with a zone", change: set("modifiedon", "2024-09-12T19:30:00+02:00")},
		{name: "no batch", change: set("metadata", `{"BotId":"`+name+`","BotName":"cr3e5_bot","BatchId":""}`), want: func(r *activity.Record) { r.Batch = 0 }},
		{name: "batch in the name", change: func(row map[string]any) {
			row["name"] = row["name"].(string) + "_7"
			row["metadata"] = `{"BotId":"` + strings.ToUpper(name) + `","BotName":"cr3e5_bot"}`
		}, want: func(r *activity.Record) { r.Batch = 7 }},
		{name: "metadata's batch beats the name's", change: func(row map[string]any) { row["name"] = row["name"].(string) + "_7" }},
		{name: "metadata absent", change: drop("metadata"), want: func(r *activity.Record) { r.Batch, r.Bot.Schema = 0, "" }},
		{name: "metadata empty", change: set("metadata", ""), want: func(r *activity.Record) { r.Batch, r.Bot.Schema = 0, "" }},
		{name: "metadata null", change: set("metadata", nil), want: func(r *activity.Record) { r.Batch, r.Bot.Schema = 0, "" }},
		{name: "metadata broken", change: set("metadata", "{"), want: func(r *activity.Record) { r.Batch, r.Bot.Schema = 0, "" }, warns: 1},
		{name: "metadata deep", change: set("metadata", strings.Repeat("[", 100_000)), want: func(r *activity.Record) { r.Batch, r.Bot.Schema = 0, "" }, warns: 1},
		{name: "batch absurd", change: set("metadata", `{"BotId":"`+name+`","BotName":"cr3e5_bot","BatchId":-1}`), want: func(r *activity.Record) { r.Batch = 0 }, warns: 1},
		{name: "no known suffix", change: set("name", "a_b_c"), want: func(r *activity.Record) { r.Conversation = "a_b_c" }},
		{name: "only the suffix", change: set("name", "_"+name), want: func(r *activity.Record) { r.Conversation = "_" + name }},
		{name: "no name", change: drop("name"), want: func(r *activity.Record) { r.Conversation = r.ID }},
		{name: "modified missing", change: drop("modifiedon"), want: func(r *activity.Record) { r.ModifiedAt -= 60_000 }},
		{name: "modified absurd", change: set("modifiedon", "9999-01-01"), want: func(r *activity.Record) { r.ModifiedAt -= 60_000 }, warns: 1},
		{name: "start missing", change: drop("conversationstarttime")},
		{name: "start odd", change: set("conversationstarttime", "yesterday"), warns: 1},
		{name: "other schema type", change: set("schematype", "other")},
		{name: "bot's name", change: set(lookup+"@OData.Community.Display.V1.FormattedValue", "Bot"), want: func(r *activity.Record) { r.Bot.Name = "Bot" }},
		{name: "bot's name, older", change: set("bot_conversationtranscriptidname", "Bot"), want: func(r *activity.Record) { r.Bot.Name = "Bot" }},
		{name: "bot expanded", change: func(row map[string]any) {
			row["bot_ConversationTranscriptId"] = map[string]any{"botid": row[lookup], "name": "Bot", "schemaname": "x"}
			delete(row, lookup)
		}, want: func(r *activity.Record) { r.Bot.Name = "Bot" }},
		{name: "metadata.BotId is no identity", change: func(row map[string]any) {
			delete(row, lookup)
			row["metadata"] = `{"BotId":"` + name + `","BatchId":2}`
		}, want: func(r *activity.Record) { r.Bot = activity.Bot{ID: "given"} }},
		{name: "a bot that is named stays", change: drop(lookup), want: func(r *activity.Record) { r.Bot.ID = "" }},
	}
	opts := decode.Options{Bot: activity.Bot{ID: "given"}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := decodeRow(t, small(), opts).records[0]
			if test.want != nil {
				test.want(want)
			}
			row := small()
			test.change(row)
			got := decodeRow(t, row, opts)
			if len(got.rejects) > 0 {
				t.Fatalf("rejected: %v", got.rejects)
			}
			if diff := cmp.Diff(want, got.records[0]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.warnings) != test.warns {
				t.Errorf("warnings: %v", got.warnings)
			}
		})
	}
}

// A tool that escapes the column once more than the platform did changes nothing.
func TestContentEscapedTwice(t *testing.T) {
	want := decodeRow(t, small(), decode.Options{}).records[0]
	row := small()
	twice, _ := json.Marshal(row["content"])
	row["content"] = string(twice)
	if diff := cmp.Diff(want, decodeRow(t, row, decode.Options{}).records[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Without any name the content is: the same row is the same conversation wherever it is read, another one is another.
func TestRowWithoutNames(t *testing.T) {
	only := map[string]any{"content": small()["content"]}
	a := decodeRow(t, only, decode.Options{}).records[0]
	b := decodeRow(t, only, decode.Options{}).records[0]
	only["content"] = strings.Replace(only["content"].(string), "hi", "ho", 1)
	c := decodeRow(t, only, decode.Options{}).records[0]
	if a.Conversation == "" || a.ID == "" || a.Conversation != b.Conversation || a.Conversation == c.Conversation {
		t.Errorf("conversations %q, %q, %q", a.Conversation, b.Conversation, c.Conversation)
	}
}

func TestRowRejects(t *testing.T) {
	with := func(content any) string {
		row := small()
		row["content"] = content
		raw, _ := json.Marshal(row)
		return string(raw)
	}
	long := func(n int) string {
		return `{"activities":[{"type":"message","text":"` + strings.Repeat("é", n-41)
	}
	without := small()
	delete(without, "content")
	noContent, _ := json.Marshal(without)
	tests := []struct{ name, raw, reason string }{
		{"a list", `[1]`, "a row is a JSON object, this is a list"},
		{"null", `null`, "a row is a JSON object, this is null"},
		{"nothing", ``, "a row is a JSON object, this is nothing"},
		{"bad syntax", `{"content":"x" "name":1}`, "the row is not valid JSON"},
		{"bad literal", `{"a":tru,"content":"{}"}`, "the row is not valid JSON"},
		{"bad escape", `{"content":"\q"}`, "the row is not valid JSON"},
		{"two objects", `{"content":"{}"}{}`, "something follows the object"},
		{"no content", string(noContent), "the row has no content"},
		{"content null", with(nil), "the row has no content"},
		{"content a number", with(3), "content is a number, not JSON text"},
		{"content true", with(true), "content is true or false, not JSON text"},
		{"content blank", with(" "), "content is empty"},
		{"content not JSON", with("hello"), "content"},
		{"content cut", with(`{"activities":[{"type":"message"`), "truncated"},
		{"content cut by a reporting tool", with(long(32_000)), "exactly 32000 characters"},
		{"content cut by the column", with(long(1_048_576)), "exactly 1048576 characters"},
		{"no activities", with(`{"activities":[]}`), "content has no activities"},
		{"no list", with(`{"a":1}`), "activities"},
		{"deep content", with(`{"activities":[{"type":"message","value":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}]}`), "deeper"},
		{"absurd time", with(`{"activities":[{"type":"message","timestamp":99999999999999}]}`), "not between 2000 and 2100"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := decodeRaw(t, []byte(test.raw), decode.Options{})
			if len(got.rejects) == 0 || !strings.Contains(got.rejects[0].Reason, test.reason) {
				t.Fatalf("rejects %v, want %q", got.rejects, test.reason)
			}
			if r := got.rejects[0]; !strings.HasPrefix(test.raw, string(r.Raw)) || r.Origin.File != "rows.json" {
				t.Errorf("reject of %q holds %q", r.Origin.File, r.Raw)
			}
		})
	}
}

// table writes rows as a CSV export, and says which headings it gives to which keys.
func table(t testing.TB, rows []json.RawMessage, comma rune, headings [][2]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = comma
	head := make([]string, len(headings))
	for i, h := range headings {
		head[i] = h[0]
	}
	_ = w.Write(head)
	for _, raw := range rows {
		var row map[string]any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		if err := dec.Decode(&row); err != nil {
			t.Fatal(err)
		}
		fields := make([]string, len(headings))
		for i, h := range headings {
			if v := row[h[1]]; v != nil {
				fields[i] = fmt.Sprint(v)
			}
		}
		_ = w.Write(fields)
	}
	w.Flush()
	return b.Bytes()
}

var (
	logical = [][2]string{
		{"conversationtranscriptid", "conversationtranscriptid"},
		{"name", "name"},
		{"content", "content"},
		{"metadata", "metadata"},
		{"conversationstarttime", "conversationstarttime"},
		{"modifiedon", "modifiedon"},
		{"versionnumber", "versionnumber"},
		{"schemaversion", "schemaversion"},
		{"_bot_conversationtranscriptid_value", "_bot_conversationtranscriptid_value"},
	}
	display = [][2]string{
		{"(Do Not Modify) Conversation Transcript", "conversationtranscriptid"},
		{"(Do Not Modify) Row Checksum", "statecode"},
		{"(Do Not Modify) Modified On", "modifiedon"},
		{"Name", "name"},
		{"Conversation Start Time", "conversationstarttime"},
		{"Version Number", "versionnumber"},
		{"Schema Version", "schemaversion"},
		{"Bot", "_bot_conversationtranscriptid_value"},
		{"Metadata", "metadata"},
		{"Content", "content"},
	}
)

func readCSV(t testing.TB, in []byte, lim decode.Limits) *recorder {
	t.Helper()
	var got recorder
	table, err := dataverse.NewTable("t.csv", bufio.NewReaderSize(bytes.NewReader(in), 16), 0, lim, &got)
	if err != nil {
		t.Fatal(err)
	}
	d := dataverse.New(decode.Options{Limits: lim}, &got)
	for table != nil {
		line, origin, err := table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = d.Line(table, line, origin)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return &got
}

// The real rows say the same as JSON and in every dialect of CSV.
func TestCSVIsWorthTheRows(t *testing.T) {
	rows := realRows(t)
	var want recorder
	d := dataverse.New(decode.Options{}, &want)
	for i, raw := range rows {
		if err := d.Row(raw, activity.Origin{File: "t.csv", Row: i + 1}); err != nil {
			t.Fatal(err)
		}
	}
	if len(want.records) != 11 || len(want.rejects)+len(want.warnings) != 0 {
		t.Fatalf("%d records, rejects %v, warnings %v", len(want.records), want.rejects, want.warnings)
	}
	for name, in := range map[string][]byte{
		"logical names":      table(t, rows, ',', logical),
		"display names":      table(t, rows, ',', display),
		"semicolons":         table(t, rows, ';', logical),
		"tabs":               table(t, rows, '\t', display),
		"separator line":     append([]byte("sep=;\r\n"), table(t, rows, ';', logical)...),
		"carriage returns":   bytes.ReplaceAll(table(t, rows, ',', logical), []byte("\n"), []byte("\r\n")),
		"blank lines":        bytes.ReplaceAll(table(t, rows, ',', logical), []byte("\n"), []byte("\n\n")),
		"no last line break": bytes.TrimRight(table(t, rows, ',', logical), "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			got := readCSV(t, in, decode.Limits{})
			if len(got.rejects)+len(got.warnings) > 0 {
				t.Fatalf("rejects %v, warnings %v", got.rejects, got.warnings)
			}
			for _, r := range got.records {
				r.Origin.Offset = 0
			}
			if diff := cmp.Diff(want.records, got.records); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCSVRejects(t *testing.T) {
	const head = "name,content\n"
	good := `c1,"{""activities"":[` + "\n" + `{""type"":""message"",""timestamp"":1726160271}]}"` + "\n"
	lim := decode.DefaultLimits()
	lim.RowBytes = 200
	tests := []struct {
		name, in string
		records  int
		reasons  []string
	}{
		{"a good row", head + good, 1, nil},
		{"header only", head, 0, nil},
		{"no header", "a,b\n1,2\n", 0, []string{"does not name the columns"}},
		{"too few fields", head + "c2\n" + good, 1, []string{"1 fields, the header has 2"}},
		{"too many fields", head + "c2,{},x\n" + good, 1, []string{"3 fields, the header has 2"}},
		{"quotes not doubled", head + `c2,"{"activities":[]}"` + "\n" + good, 1, []string{"not valid CSV"}},
		{"quote never closed", head + good + `c2,"{` + "\nc3,{}\n", 1, []string{"the quote at byte 89 is never closed"}},
		{"large quote never closed", head + good + `c2,"` + strings.Repeat("x", 1000), 1, []string{"the quote at byte 89 is never closed"}},
		{"too large", head + `c2,"` + strings.Repeat("x", 1000) + "\"\n" + good, 1, []string{"larger than the limit of 200 bytes"}},
		{"a million fields", head + "c2" + strings.Repeat(",", 190) + "\n" + good, 1, []string{"the row has 191 fields, the header has 2"}},
		{"no content", head + "c2,\n" + good, 1, []string{"content is empty"}},
		{"invalid UTF-8", head + "c2,\xff\n" + good, 1, []string{"invalid UTF-8 at byte 16"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := readCSV(t, []byte(test.in), lim)
			if len(got.records) != test.records || len(got.rejects) != len(test.reasons) {
				t.Fatalf("%d records, rejects %v", len(got.records), got.rejects)
			}
			for i, reason := range test.reasons {
				if r := got.rejects[i]; !strings.Contains(r.Reason, reason) || !strings.HasPrefix(test.in[r.Origin.Offset:], string(r.Raw)) {
					t.Errorf("reject %v, want %q", r, reason)
				}
			}
		})
	}
}
