package snapshot_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/snapshot"
)

// sink keeps what it is given.
type sink struct {
	records []*activity.Record
	rejects []decode.Reject
}

func (s *sink) Record(r *activity.Record) error { s.records = append(s.records, r); return nil }
func (s *sink) Reject(r decode.Reject) error    { s.rejects = append(s.rejects, r); return nil }
func (s *sink) Warn(decode.Warning) error       { return errors.New("no warnings are due") }

func (s *sink) reasons() []string {
	var reasons []string
	for _, r := range s.rejects {
		reasons = append(reasons, r.String())
	}
	return reasons
}

func read(t testing.TB, r io.Reader, opts decode.Options) *sink {
	t.Helper()
	s := &sink{}
	if err := snapshot.Read("f.json", bufio.NewReader(r), opts, s); err != nil {
		t.Fatal(err)
	}
	return s
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../../testdata/snapshot", name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestTestPane(t *testing.T) {
	s := read(t, bytes.NewReader(fixture(t, "dialog.json")), decode.Options{})
	if len(s.records) != 1 || len(s.rejects) != 0 {
		t.Fatalf("%d records, rejects %v", len(s.records), s.reasons())
	}
	r := *s.records[0]
	if len(r.Activities) != 6 || r.ID == "" || r.Hash == [16]byte{} {
		t.Errorf("%d activities, id %q, hash %x", len(r.Activities), r.ID, r.Hash)
	}
	var roles []activity.Role
	for _, a := range r.Activities {
		roles = append(roles, a.Role)
	}
	bot, user := activity.RoleBot, activity.RoleUser
	if diff := cmp.Diff([]activity.Role{bot, bot, user, bot, bot, bot}, roles); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
	r.Activities, r.ID, r.Hash = nil, "", [16]byte{}
	want := activity.Record{
		Format: activity.FormatSnapshot, Origin: activity.Origin{File: "f.json", Row: 1},
		Bot: activity.Bot{Schema: "contoso_support"}, Conversation: "5c6e2f10-7d4b-4a55-9f2e-3f1f0f1e9a01",
		Start: 1725905089912, User: "u1",
	}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestContentOfARow(t *testing.T) {
	s := read(t, bytes.NewReader(fixture(t, "content.json")), decode.Options{Bot: activity.Bot{ID: "b"}})
	if len(s.records) != 1 {
		t.Fatalf("rejects %v", s.reasons())
	}
	r := s.records[0]
	if r.Format != activity.FormatContent || r.Bot != (activity.Bot{ID: "b"}) || r.Locale != "en-US" ||
		r.Conversation != "content-"+strings.TrimPrefix(r.ID, "sha256:")[:12] {
		t.Errorf("format %s, bot %+v, locale %q, conversation %q, id %q", r.Format, r.Bot, r.Locale, r.Conversation, r.ID)
	}
	if _, ok := r.Activities[len(r.Activities)-1].Signal.(activity.SessionInfo); !ok {
		t.Errorf("the last activity is %+v", r.Activities[len(r.Activities)-1])
	}
}

// Of two lists the last counts, as of any key that is there twice, and as it is in the content of a row.
func TestTwoLists(t *testing.T) {
	s := read(t, strings.NewReader(`{"activities":[{"type":"message","text":"a"}],"activities":[{"type":"message","text":"b"}]}`), decode.Options{})
	if len(s.records) != 1 || len(s.records[0].Activities) != 1 || s.records[0].Activities[0].Text != "b" {
		t.Errorf("%d records, rejects %v", len(s.records), s.reasons())
	}
}

// One envelope follows the other; what surrounds the activities does not matter, nor how the input arrives.
func TestSequence(t *testing.T) {
	text := `{"version":[1,{"activities":[]}],"Activities":[{"type":"message","timestamp":1725905090,"text":"one"}],"z":null}
		{"activities":[{"type":"message","timestamp":1725905090,"text":"two"},{"type":"message","timestamp":1}]}
		{"activities":[{"type":"message","timestamp":1725905090,"text":"three"}]}{"other":"x"}`
	for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		s := read(t, r, decode.Options{})
		var texts []string
		for _, r := range s.records {
			texts = append(texts, r.Activities[0].Text)
		}
		if diff := cmp.Diff([]string{"one", "three"}, texts); diff != "" {
			t.Errorf("%s: records (-want +got):\n%s", name, diff)
		}
		want := []string{
			"f.json: row 2 (byte 115): activity 1: timestamp 1 is not between 2000 and 2100",
			"f.json: row 4 (byte 295): it has no list of activities",
		}
		if diff := cmp.Diff(want, s.reasons()); diff != "" {
			t.Errorf("%s: rejects (-want +got):\n%s", name, diff)
		}
	}
}

// The same content in another layout is the same record.
func TestIdentity(t *testing.T) {
	raw := fixture(t, "dialog.json")
	a := read(t, bytes.NewReader(raw), decode.Options{})
	b := read(t, bytes.NewReader(bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte(": "), []byte(":")), []byte("\n"), []byte("\r\n"))), decode.Options{})
	c := read(t, bytes.NewReader(bytes.Replace(raw, []byte("Nine to five"), []byte("Ten to five"), 1)), decode.Options{})
	if a.records[0].ID != b.records[0].ID || a.records[0].ID == c.records[0].ID {
		t.Error("ids do not follow what the snapshot says")
	}
}

func TestDamage(t *testing.T) {
	const rest = "; the rest of the file is not read"
	for text, want := range map[string]string{
		"":                                  "f.json: the file is empty",
		"[]":                                "f.json: row 1 (byte 0): an object was expected, not '['" + rest,
		`{"activities":[]}`:                 "f.json: row 1 (byte 0): the list of activities is empty",
		`{"activities":5}`:                  "f.json: row 1 (byte 0): it has no list of activities",
		`{"activities":[{"type":"message"}`: "f.json: row 1 (byte 0): activity 1: truncated: the input ends before the array is closed" + rest,
		`{"activities":[{"type":"message","text":"`: "f.json: row 1 (byte 0): activity 0: truncated: the input ends inside it" + rest,
		`{"activities":[{"type":"message"}]`:        "f.json: row 1 (byte 0): truncated: the input ends inside the object" + rest,
		`{"a" 5}`:                                   `f.json: row 1 (byte 0): not valid JSON: no value for "a" at byte 5` + rest,
		`{"a":}`:                                    "f.json: row 1 (byte 0): not valid JSON: '}' where a value was expected, at byte 5" + rest,
		`{5:1}`:                                     "f.json: row 1 (byte 0): not valid JSON: '5' where a key was expected, at byte 1" + rest,
		`{"activities":[{"id":"1"}]}`:               "f.json: row 1 (byte 0): activity 0: it has no type",
	} {
		s := read(t, strings.NewReader(text), decode.Options{})
		if len(s.records) != 0 || len(s.rejects) != 1 || s.reasons()[0] != want {
			t.Errorf("%s\ngot:  %v\nwant: %s", text, s.reasons(), want)
		}
	}
}

// An activity of a hundred megabytes is one reject and is never held.
func TestHugeActivity(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100 MB")
	}
	huge := io.MultiReader(
		strings.NewReader(`{"activities":[{"type":"message","text":"`),
		io.LimitReader(letters{}, 100<<20),
		strings.NewReader(`"},{"type":"message"}]}{"activities":[{"type":"message","text":"next"}]}`),
	)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s := read(t, huge, decode.Options{})
	runtime.ReadMemStats(&after)
	want := []string{"f.json: row 1 (byte 0): activity 0: larger than the limit of 33554432 bytes for one row"}
	if diff := cmp.Diff(want, s.reasons()); diff != "" || len(s.records) != 1 {
		t.Errorf("%d records, rejects (-want +got):\n%s", len(s.records), diff)
	}
	if spent := after.TotalAlloc - before.TotalAlloc; spent > 256<<20 {
		t.Errorf("%d MB allocated", spent>>20)
	}
}

// letters never ends.
type letters struct{}

func (letters) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func FuzzRead(f *testing.F) {
	f.Add(fixture(f, "dialog.json"))
	f.Add([]byte(`{"activities":[{"type":"message"}]}{"a":[1,{}]}`))
	lim := decode.DefaultLimits()
	lim.RowBytes, lim.Depth = 4000, 32
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := read(t, bytes.NewReader(raw), decode.Options{Limits: lim})
		if len(s.records)+len(s.rejects) == 0 {
			t.Error("the input is neither accepted nor rejected")
		}
		for _, r := range s.records {
			if len(r.Activities) == 0 || r.Conversation == "" || r.ID == "" || r.Format == "" {
				t.Errorf("record %+v", r)
			}
		}
		for _, r := range s.rejects {
			if r.Reason == "" || r.Origin.Offset > int64(len(raw)) {
				t.Errorf("reject %+v", r)
			}
		}
	})
}
