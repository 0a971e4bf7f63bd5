package detect_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
)

// fixtures are all inputs of testdata, by path.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir("../../../testdata", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) == ".md" {
			return err
		}
		all[path], err = os.ReadFile(path)
		return err
	})
	if err != nil || len(all) < 200 {
		t.Fatalf("%d fixtures: %v", len(all), err)
	}
	return all
}

func readWith(t testing.TB, in []byte, opts decode.Options) *recorder {
	t.Helper()
	var got recorder
	if err := detect.Read("in", bytes.NewReader(in), opts, &got); err != nil {
		t.Fatal(err)
	}
	return &got
}

// rereads checks that each record's Raw gives that record alone, and that keeping it changes nothing else. It returns how many there are.
func rereads(t testing.TB, in []byte) int {
	t.Helper()
	opts := decode.Options{KeepRaw: true, Bot: activity.Bot{ID: "the bot"}}
	got, plain := readWith(t, in, opts), readWith(t, in, decode.Options{Bot: opts.Bot})
	if diff := cmp.Diff(plain.records, got.records, cmpopts.IgnoreFields(activity.Record{}, "Raw")); diff != "" {
		t.Errorf("keeping what records were read from changes them (-without +with):\n%s", diff)
	}
	for _, rec := range got.records {
		raw, err := decode.Unpack(nil, rec.Raw)
		if err != nil {
			t.Fatal(err)
		}
		again := readWith(t, raw, opts)
		if len(again.records) != 1 || len(again.rejects)+len(again.warnings) > 0 {
			t.Errorf("row %d alone: %d records, rejects %v, warnings %v\n%.300s", rec.Origin.Row, len(again.records), again.rejects, again.warnings, raw)
			continue
		}
		if diff := cmp.Diff(rec, again.records[0], cmpopts.IgnoreFields(activity.Record{}, "Origin")); diff != "" {
			t.Errorf("row %d alone (-want +got):\n%s\n%.300s", rec.Origin.Row, diff, raw)
		}
	}
	return len(got.records)
}

// Every record of every fixture can be read again from what it keeps.
func TestRawOfFixtures(t *testing.T) {
	n := 0
	for path, in := range fixtures(t) {
		t.Run(filepath.Base(path), func(t *testing.T) { n += rereads(t, in) })
	}
	if n < 250 {
		t.Errorf("%d records, want all 11 rows, 230 transcripts, 2 snapshots and the sessions", n)
	}
}

// In whatever shape and encoding rows and contents come.
func TestRawOfShapes(t *testing.T) {
	rows := realRows(t)
	for shape, in := range shapes(t, rows) {
		for _, packing := range []string{"plain", "UTF-16"} {
			t.Run(shape+"/"+packing, func(t *testing.T) {
				if n := rereads(t, packings[packing](t, in)); n != len(rows) {
					t.Errorf("%d records", n)
				}
			})
		}
	}
	indented := bytes.ReplaceAll(join(rows, "[\n", ",\n", "\n]"), []byte(`,"`), []byte(",\n\"")) // contents have escaped quotes
	if n := rereads(t, indented); n != len(rows) {
		t.Errorf("indented: %d records", n)
	}
	var contents, escaped [][]byte
	change(t, rows, func(row map[string]json.RawMessage) {
		contents, escaped = append(contents, unquoted(row["content"])), append(escaped, row["content"])
	})
	two := slices.Concat([]byte(`"`), bytes.Trim(escaped[0], `"`), []byte(" "), bytes.Trim(escaped[1], `"`), []byte(`"`))
	for name, in := range map[string][]byte{
		"contents":                  bytes.Join(contents, []byte("\n")),
		"list of contents":          slices.Concat([]byte("["), bytes.Join(contents, []byte(",")), []byte("]")),
		"escaped contents":          bytes.Join(escaped, []byte("\n")),
		"two contents in a string":  two,
		"two contents, in a list":   slices.Concat([]byte("["), two, []byte("]")),
		"contents of one list each": slices.Concat([]byte(`{"list_of_conversations":[`), bytes.Join(contents, []byte(",")), []byte("]}")),
	} {
		t.Run(name, func(t *testing.T) {
			if n := rereads(t, in); n < 2 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// What a row alone would not say: where its list, its file or its neighbours decided.
func TestRawOfWhatNeedsItsFile(t *testing.T) {
	row := string(realRows(t)[0])
	large := strings.Repeat("x", 200_000)
	chat := func(conversation, more string) string {
		return `{"type":"message","text":"hi","channelId":"web","conversation":{"id":"` + conversation + `"},"from":{"id":"u"}` + more + `}`
	}
	for _, test := range []struct {
		name, in string
		records  int
	}{
		{"a line break within a string", "[" + strings.Replace(row, `{`, "{\"note\":\"a\n{b\",", 1) + "]", 1},
		{"a row recognised late", "[" + row + "," + strings.Replace(row, `{`, `{"note":"`+large+`",`, 1) + "]", 2},
		{"content recognised late", `[{"activities":[` + chat("a", "") + `]},{"note":"` + large + `","activities":[` + chat("b", "") + `]}]`, 2},
		{"day and month by another row", "SessionID,StartDateTime,SessionOutcome\na,3/4/2024 10:00,Resolved\nb,\"13/4/2024 10:00\",Resolved\nc,5/4/2024,Resolved", 3},
		{"day and month by nothing", "SessionID;StartDateTime;SessionOutcome\r\n\"a;\"\"b\";3/4/2024 10:00:01.25;Resolved\r\n", 1},
		{
			"conversations in one list that know of each other", "[" +
				chat("a", `,"recipient":{"id":"b","role":"bot"},"timestamp":"2024-01-01T10:00:00Z","locale":"de-DE"`) + "," +
				chat("b", `,"recipient":{"id":"b"}`) + "," + chat("a", "") + `,{"type":"trace"},` +
				`{"type":"message","text":"no channel","conversation":{"id":"c"}}` + "]", 3,
		},
		{"lists of activities in a list", "[[" + chat("a", "") + "," + chat("b", "") + "],[\n" + chat("c", "") + "]]", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			if n := rereads(t, []byte(test.in)); n != test.records {
				t.Errorf("%d records, want %d", n, test.records)
			}
		})
	}
}

// A file of activities that is too large to keep is said to be, and is read where nothing is kept.
func TestRawIsBounded(t *testing.T) {
	in := []byte(`[{"type":"message","from":{"id":"u"},"text":"hi","ignored":"` + strings.Repeat("x", 5000) + `"}]`)
	opts := decode.Options{Limits: decode.DefaultLimits()}
	opts.Limits.RecordBytes = 4000
	if got := readWith(t, in, opts); len(got.records) != 1 {
		t.Errorf("rejects %v", got.rejects)
	}
	opts.KeepRaw = true
	got := readWith(t, in, opts)
	if len(got.records) != 0 || len(got.rejects) != 1 || !strings.Contains(got.rejects[0].Reason, "limit of 4000 bytes") {
		t.Errorf("%d records, rejects %v", len(got.records), got.rejects)
	}
}
