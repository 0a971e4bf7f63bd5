package detect_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
	"rapport/internal/source"
)

const realFile = "../../../testdata/dataverse/conversationtranscripts.json"

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

func (r *recorder) Warn(w decode.Warning) error { r.warnings = append(r.warnings, w); return nil }

func read(t testing.TB, in io.Reader) *recorder {
	t.Helper()
	var got recorder
	if err := detect.Read("in", in, decode.Options{}, &got); err != nil {
		t.Fatal(err)
	}
	return &got
}

func realRows(t testing.TB) []json.RawMessage {
	t.Helper()
	b, err := os.ReadFile(realFile)
	if err != nil {
		t.Fatal(err)
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(b, &rows); err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		var compact bytes.Buffer
		if err := json.Compact(&compact, rows[i]); err != nil {
			t.Fatal(err)
		}
		rows[i] = compact.Bytes()
	}
	return rows
}

func join(rows []json.RawMessage, before, between, after string) []byte {
	parts := make([][]byte, len(rows))
	for i, row := range rows {
		parts[i] = row
	}
	return slices.Concat([]byte(before), bytes.Join(parts, []byte(between)), []byte(after))
}

// change makes each row anew.
func change(t testing.TB, rows []json.RawMessage, fn func(map[string]json.RawMessage)) []json.RawMessage {
	t.Helper()
	changed := make([]json.RawMessage, len(rows))
	for i, raw := range rows {
		var row map[string]json.RawMessage
		if err := json.Unmarshal(raw, &row); err != nil {
			t.Fatal(err)
		}
		fn(row)
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(row); err != nil {
			t.Fatal(err)
		}
		changed[i] = bytes.TrimSpace(b.Bytes())
	}
	return changed
}

func unquoted(raw json.RawMessage) json.RawMessage {
	var text string
	_ = json.Unmarshal(raw, &text)
	return json.RawMessage(text)
}

func asCSV(t testing.TB, rows []json.RawMessage) []byte {
	t.Helper()
	columns := []string{
		"conversationtranscriptid", "content", "name", "metadata", "conversationstarttime", "modifiedon", "createdon",
		"versionnumber", "schemaversion", "schematype", "_bot_conversationtranscriptid_value",
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	_ = w.Write(columns)
	change(t, rows, func(row map[string]json.RawMessage) {
		fields := make([]string, len(columns))
		for i, column := range columns {
			if fields[i] = string(row[column]); strings.HasPrefix(fields[i], `"`) {
				fields[i] = string(unquoted(row[column]))
			}
		}
		_ = w.Write(fields)
	})
	w.Flush()
	return b.Bytes()
}

// shapes are the ways in which the same rows are exported.
func shapes(t testing.TB, rows []json.RawMessage) map[string][]byte {
	t.Helper()
	const odata = `{"@odata.context":"https://x/api/data/v9.2/$metadata#conversationtranscripts","value":[`
	lines := join(rows, "", "\n", "\n")
	return map[string][]byte{
		"list":                 join(rows, "[", ",", "]"),
		"OData":                join(rows, odata, ",", "]}"),
		"OData pages":          slices.Concat(join(rows[:5], odata, ",", "]}\n"), join(rows[5:], odata, ",", "]}\n")),
		"OData pages in lists": slices.Concat(join(rows[:5], "["+odata, ",", "]},"), join(rows[5:], odata, ",", "]}]")),
		"lists in a list":      slices.Concat(join(rows[:5], "[[", ",", "],"), join(rows[5:], "[", ",", "]]")),
		"lists":                slices.Concat(join(rows[:5], "[", ",", "]"), join(rows[5:], "[", ",", "]")),
		"lines":                lines,
		"concatenated":         join(rows, "", "", ""),
		"carriage returns":     bytes.ReplaceAll(lines, []byte("\n"), []byte("\r\n")),
		"CSV":                  asCSV(t, rows),
		"other keys": join(change(t, rows, func(row map[string]json.RawMessage) {
			for key, value := range row {
				delete(row, key)
				row[strings.ToUpper(key)] = value
			}
		}), "[", ",", "]"),
		"metadata as object": join(change(t, rows, func(row map[string]json.RawMessage) {
			row["metadata"] = unquoted(row["metadata"])
		}), "[", ",", "]"),
		"content as object": join(change(t, rows, func(row map[string]json.RawMessage) {
			row["content"] = unquoted(row["content"])
		}), "[", ",", "]"),
	}
}

// packings are the ways in which a file comes.
var packings = map[string]func(testing.TB, []byte) []byte{
	"plain": func(_ testing.TB, b []byte) []byte { return b },
	"gzip": func(_ testing.TB, b []byte) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		_, _ = w.Write(b)
		_ = w.Close()
		return out.Bytes()
	},
	"zstd": func(t testing.TB, b []byte) []byte {
		w, err := zstd.NewWriter(nil)
		if err != nil {
			t.Fatal(err)
		}
		return w.EncodeAll(b, nil)
	},
	"zip": func(_ testing.TB, b []byte) []byte {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		f, _ := w.Create("member")
		_, _ = f.Write(b)
		_ = w.Close()
		return out.Bytes()
	},
	"UTF-16": func(t testing.TB, b []byte) []byte {
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(b)
		if err != nil {
			t.Fatal(err)
		}
		return out
	},
	"byte-order mark": func(_ testing.TB, b []byte) []byte { return append([]byte("\ufeff"), b...) },
}

// Law 1: the same rows in another export shape are the same records.
func TestShapesAreWorthTheSame(t *testing.T) {
	want := read(t, mustOpen(t))
	if len(want.records) != 11 || len(want.rejects)+len(want.warnings) > 0 {
		t.Fatalf("%d records, rejects %v, warnings %v", len(want.records), want.rejects, want.warnings)
	}
	activities := 0
	for i, rec := range want.records {
		activities += len(rec.Activities)
		if rec.Origin.Row != i+1 || rec.Conversation == "" || rec.Bot.ID == "" || rec.Bot.Schema == "" || rec.Version == 0 {
			t.Errorf("record %d: %+v", i, rec)
		}
	}
	if activities != 195 {
		t.Errorf("%d activities, want 195", activities)
	}
	for shape, plain := range shapes(t, realRows(t)) {
		for packing, pack := range packings {
			t.Run(shape+"/"+packing, func(t *testing.T) {
				if shape == "CSV" && packing == "byte-order mark" {
					t.Skip("it has one already")
				}
				path := filepath.Join(t.TempDir(), "export")
				if err := os.WriteFile(path, pack(t, plain), 0o600); err != nil {
					t.Fatal(err)
				}
				var got recorder
				err := source.Walk(t.Context(), []string{path}, source.Options{}, func(in source.Input) error {
					return detect.Read(in.Name, in.Reader, decode.Options{}, &got)
				})
				if err != nil || len(got.rejects)+len(got.warnings) > 0 {
					t.Fatalf("%v, rejects %v, warnings %v", err, got.rejects, got.warnings)
				}
				opts := cmpopts.IgnoreFields(activity.Origin{}, "File", "Offset")
				if diff := cmp.Diff(want.records, got.records, opts); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}

func mustOpen(t testing.TB) io.Reader {
	t.Helper()
	b, err := os.ReadFile(realFile)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b)
}

// The content alone says the same activities; whose they are, only the row knew.
func TestContentAlone(t *testing.T) {
	rows := realRows(t)
	want := read(t, mustOpen(t)).records
	var contents, escaped []json.RawMessage
	for _, row := range rows {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(row, &fields); err != nil {
			t.Fatal(err)
		}
		contents = append(contents, unquoted(fields["content"]))
		escaped = append(escaped, fields["content"])
	}
	for name, in := range map[string][]byte{
		"lines":          join(contents, "", "\n", "\n"),
		"list":           join(contents, "[", ",", "]"),
		"escaped lines":  join(escaped, "", "\n", "\n"),
		"escaped list":   join(escaped, "[", ",", "]"),
		"test framework": join(contents, `{"list_of_conversations":[`, ",", "]}"),
	} {
		t.Run(name, func(t *testing.T) {
			got := read(t, bytes.NewReader(in))
			if len(got.records) != len(want) || len(got.rejects)+len(got.warnings) > 0 {
				t.Fatalf("%d records, rejects %v, warnings %v", len(got.records), got.rejects, got.warnings)
			}
			for i, rec := range got.records {
				if diff := cmp.Diff(want[i].Activities, rec.Activities); diff != "" {
					t.Errorf("record %d (-want +got):\n%s", i, diff)
				}
				if rec.Format != activity.FormatContent || rec.Origin.Row != i+1 || rec.Origin.File != "in" || rec.Start != want[i].Start {
					t.Errorf("record %d: %s, %+v, %d", i, rec.Format, rec.Origin, rec.Start)
				}
			}
		})
	}
}

func TestSingleRow(t *testing.T) {
	got := read(t, bytes.NewReader(realRows(t)[3]))
	want := read(t, mustOpen(t)).records[3]
	if len(got.records) != 1 || len(got.rejects) > 0 {
		t.Fatalf("%d records, %v", len(got.records), got.rejects)
	}
	if diff := cmp.Diff(want, got.records[0], cmpopts.IgnoreFields(activity.Record{}, "Origin")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What is told about a file that was read all the same.
func TestWarnings(t *testing.T) {
	row := string(realRows(t)[0])
	for _, test := range []struct{ name, in, text string }{
		{"more pages, said before", `{"@odata.nextLink":"https://x?page=2","value":[` + row + `]}`, "@odata.nextLink leads to the next one"},
		{"more pages, said behind", `{"value":[` + row + `],"@odata.nextLink":"https://x?page=2"}`, "@odata.nextLink leads to the next one"},
		{"no end of the page", `{"value":[` + row + `]`, "truncated"},
		{"an empty page", `{"value":[]}` + row, "a page without rows"},
		{"an empty list", `[]` + row, "an empty list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := read(t, strings.NewReader(test.in))
			if len(got.records) != 1 || len(got.rejects) > 0 || len(got.warnings) != 1 || !strings.Contains(got.warnings[0].Text, test.text) {
				t.Errorf("%d records, rejects %v, warnings %v", len(got.records), got.rejects, got.warnings)
			}
		})
	}
}

// summary is what became of an input, in order: a record is its row, a reject its row and reason.
func summary(got *recorder) []string {
	var lines []string
	for _, r := range got.records {
		lines = append(lines, fmt.Sprintf("%d ok", r.Origin.Row))
	}
	for _, r := range got.rejects {
		lines = append(lines, fmt.Sprintf("%d %s", r.Origin.Row, r.Reason))
	}
	slices.Sort(lines)
	return lines
}
