package botframework_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/botframework"
)

// sink keeps what it is given.
type sink struct {
	records []*activity.Record
	rejects []decode.Reject
}

func (s *sink) Record(r *activity.Record) error { s.records = append(s.records, r); return nil }
func (s *sink) Reject(r decode.Reject) error    { s.rejects = append(s.rejects, r); return nil }
func (s *sink) Warn(decode.Warning) error       { return errors.New("no warnings are due") }

func read(t testing.TB, raw []byte, opts decode.Options) *sink {
	t.Helper()
	r, err := decode.Text(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{}
	if err := botframework.Read("f.transcript", r, opts, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// files are the real transcripts by name.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../../testdata/bot-framework/*/*.transcript")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Join(filepath.Base(filepath.Dir(name)), filepath.Base(name))] = raw
	}
	return all
}

// file is the one record of a real transcript.
func file(t testing.TB, name string) *activity.Record {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../../testdata/bot-framework", name))
	if err != nil {
		t.Fatal(err)
	}
	s := read(t, raw, decode.Options{})
	if len(s.records) != 1 || len(s.rejects) != 0 {
		t.Fatalf("%s: %d records, rejects %v", name, len(s.records), s.rejects)
	}
	return s.records[0]
}

// All 230 real files are read, each as one conversation.
func TestRealFiles(t *testing.T) {
	all := files(t)
	contents, ids, conversations := map[[32]byte]bool{}, map[string]bool{}, map[string]bool{}
	roles := map[string]int{}
	types := map[activity.Type]int{}
	signals := map[string]int{}
	withoutID := 0
	var untimed []string
	for name, raw := range all {
		s := read(t, raw, decode.Options{})
		if len(s.records) != 1 || len(s.rejects) != 0 {
			t.Errorf("%s: %d records, rejects %v", name, len(s.records), s.rejects)
			continue
		}
		r := s.records[0]
		contents[sha256.Sum256(raw)] = true
		ids[r.ID] = true
		conversations[r.Conversation] = true
		if r.Untimed {
			untimed = append(untimed, name)
		}
		missing := 0
		for i, a := range r.Activities {
			types[a.Type]++
			if a.IsMessage() {
				roles[a.Role.String()]++
			}
			if a.ID == "" {
				missing = 1
			}
			switch a.Signal.(type) {
			case activity.Intent:
				signals["intent"]++
			case activity.UnknownIntent:
				signals["unknown"]++
			}
			if a.Seq != i || !r.Untimed && a.At < r.Start {
				t.Errorf("%s: activity %d: seq %d, at %d, start %d", name, i, a.Seq, a.At, r.Start)
			}
		}
		withoutID += missing
		if r.Bot.ID == "" && !r.Untimed {
			t.Errorf("%s: no bot", name)
		}
	}
	got := []int{len(all), len(contents), len(ids), len(conversations), withoutID}
	// The recordings of the emulator that were edited by hand share a conversation id. 53 files leave ids out; in 18 more an
	// id is "0" or "-1", which stand for none.
	want := []int{230, 201, 186, 179, 71}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files, distinct contents, distinct ids, conversations, files with activities without id (-want +got):\n%s", diff)
	}
	// 117 messages have no role in the files. The 7 that stay unknown are those of the untimed file, which names no account.
	if diff := cmp.Diff(map[string]int{"bot": 944, "user": 837, "": 7}, roles); diff != "" {
		t.Errorf("messages by role (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[activity.Type]int{"message": 1788, "trace": 398, "conversationUpdate": 46, "typing": 9, "event": 2}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"intent": 185, "unknown": 3}, signals); diff != "" {
		t.Errorf("LUIS traces (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"botbuilder-js/Chatdown__sample.aeb90a4.transcript"}, untimed); diff != "" {
		t.Errorf("files without a time (-want +got):\n%s", diff)
	}
}

// Who is who where files leave it out. One letter an activity: b for the bot, u for the user, ? for unknown.
func TestRoles(t *testing.T) {
	for name, want := range map[string]struct{ roles, bot, botName, user string }{
		// Both sides have the id 12345; the names tell them apart. The typing activity names nobody.
		"botbuilder-js/Chatdown__sample.transcript": {"bu?bub", "LulaBot", "LulaBot", "Joe"},
		// As above, and the sender is in recipient.
		"botbuilder-js/Chatdown__test__sample.090fa27.transcript": {"bubbub", "LulaBot", "LulaBot", "Joe"},
		// No roles at all.
		"botbuilder-js/Chatdown__test__sample.c9562e5.transcript": {
			"bubbub", "e8d2b3ca-ae71-3a88-8bf7-b2ec3f2e5aa5", "LulaBot", "055beb33-46b6-3658-a936-2ae827d804a4",
		},
		// All roles.
		"botbuilder-js/Chatdown__test__sample.634be9d.transcript": {
			"bubbub", "69495507-d381-36b8-a32b-5e065104a192", "LulaBot", "85f5848f-e644-3403-81b2-a71e0b7e8d9d",
		},
		// The emulator gives the user a role as recipient only.
		"botbuilder-js/samples__single-prompt-bot-es6__bot.transcript": {"uububububub", "bf46a0c0-635f-11e8-9307-971e5667863d", "Bot", "default-user"},
		"botbuilder-dotnet/transcripts__SamplesTests__AspNetCoreRichCardsBotTest.transcript": {
			"uu" + strings.Repeat("ub", 18) + "bbbbbbb", "2b4ab8d0-5f80-11e8-824d-1d0ef78c646e", "Bot", "default-user",
		},
		// The test adapter's bot has no role.
		"botbuilder-js/transcripts__should use defaultlocale when rendering choices.transcript": {"ub", "bot", "Bot", "user1"},
		// A conversationUpdate that names nobody.
		"botbuilder-dotnet/tests__Transcripts__DialogsTests__AttachmentPrompt.transcript": {
			"?ubub", "OjGS4nkcV4YYDQImS16TRUBa+n0=", "Bot", "n4ojiaIMoHUqqelQk1FVF+kOGUw=",
		},
		// No account at all.
		"botbuilder-js/Chatdown__sample.aeb90a4.transcript": {"???????", "", "", ""},
	} {
		r := file(t, name)
		roles := ""
		for _, a := range r.Activities {
			switch a.Role {
			case activity.RoleBot:
				roles += "b"
			case activity.RoleUser:
				roles += "u"
			default:
				roles += "?"
			}
		}
		if roles != want.roles || r.Bot.ID != want.bot || r.Bot.Name != want.botName || r.User != want.user {
			t.Errorf("%s: roles %s, bot %+v, user %q; want %+v", name, roles, r.Bot, r.User, want)
		}
	}
}

// Roles spread along a chain of a hundred thousand accounts, told back to front, and a file of as many conversations is split, both
// in time that grows with the file: a quadratic way takes minutes, and runs into the limit of the test run.
func TestManyAccounts(t *testing.T) {
	const n = 100_000
	var chain, convs strings.Builder
	chain.WriteByte('[')
	convs.WriteByte('[')
	for i := range n {
		fmt.Fprintf(&chain, `{"type":"message","from":{"id":"%d"},"recipient":{"id":"%d"}},`, n-i+1, n-i)
		fmt.Fprintf(&convs, `{"type":"message","channelId":"web","conversation":{"id":"%d"},"from":{"id":"u%d","role":"user","aadObjectId":"a%d"}},`, i, i, i)
	}
	chain.WriteString(`{"type":"message","from":{"id":"1","role":"bot"}}]`)
	convs.WriteString(`{"type":"message","channelId":"web","conversation":{"id":"0"}}]`)
	s := read(t, []byte(chain.String()), decode.Options{})
	if len(s.records) != 1 || s.records[0].Activities[0].Role != activity.RoleBot || s.records[0].Activities[1].Role != activity.RoleUser {
		t.Errorf("rejects %v, or the chain has not the roles that alternate from its end", s.rejects)
	}
	s = read(t, []byte(convs.String()), decode.Options{})
	if len(s.records) != n || s.records[7].User != "a7" || len(s.records[0].Activities) != 2 {
		t.Errorf("%d records", len(s.records))
	}
}

// Ids that a channel gave are kept; those of tools repeat over unrelated files and are made unique.
func TestConversationIDs(t *testing.T) {
	for name, want := range map[string]string{
		"botbuilder-dotnet/transcripts__SamplesTests__AspNetCoreRichCardsBotTest.transcript":    "76c05520-5f87-11e8-ac9d-4b50ceb0d7fa|livechat",
		"botbuilder-js/Chatdown__test__sample.090fa27.transcript":                               "0#HASH",
		"botbuilder-js/Chatdown__test__sample.c9562e5.transcript":                               "1#HASH",
		"botbuilder-js/Chatdown__sample.transcript":                                             "transcript-HASH",
		"botbuilder-js/transcripts__should use defaultlocale when rendering choices.transcript": "should use defaultlocale when rendering choices#HASH",
	} {
		r := file(t, name)
		hash := strings.TrimPrefix(r.ID, "sha256:")
		want = strings.Replace(want, "#HASH", "#"+hash[:8], 1)
		want = strings.Replace(want, "-HASH", "-"+hash[:12], 1)
		if r.Conversation != want {
			t.Errorf("%s: conversation %q, want %q", name, r.Conversation, want)
		}
	}
}

// A bot that the caller names wins over the accounts in the file.
func TestBotOfTheCaller(t *testing.T) {
	s := read(t, []byte(`[{"type":"message","from":{"id":"b","name":"Bot"},"text":"hi"}]`), decode.Options{Bot: activity.Bot{ID: "mine", Name: "Mine"}})
	if got := s.records[0].Bot; got != (activity.Bot{ID: "mine", Name: "Mine"}) {
		t.Errorf("bot %+v", got)
	}
}

// What is said decides, not how it was written down.
func TestIdentity(t *testing.T) {
	raw := files(t)["botbuilder-js/Chatdown__sample.transcript"]
	base := read(t, raw, decode.Options{}).records[0]
	wide := []byte{0xff, 0xfe}
	for _, b := range raw { // the file is ASCII
		wide = append(wide, b, 0)
	}
	var compact, indented bytes.Buffer
	if err := errors.Join(json.Compact(&compact, raw), json.Indent(&indented, raw, "", "\t")); err != nil {
		t.Fatal(err)
	}
	for how, same := range map[string][]byte{
		"UTF-16":   wide,
		"CRLF":     bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")),
		"compact":  compact.Bytes(),
		"indented": indented.Bytes(),
	} {
		if got := read(t, same, decode.Options{}); len(got.records) != 1 || got.records[0].ID != base.ID || got.records[0].Hash != base.Hash {
			t.Errorf("%s: another id", how)
		}
	}
	other := read(t, bytes.Replace(raw, []byte("yo!"), []byte("yo?"), 1), decode.Options{})
	if other.records[0].ID == base.ID {
		t.Error("another text has the same id")
	}
}

// A list of several conversations that a channel named is a record each.
func TestSeveralConversations(t *testing.T) {
	s := read(t, []byte(`[
		{"type":"conversationUpdate","channelId":"emulator","timestamp":"2024-01-01T00:00:00Z"},
		{"type":"message","channelId":"emulator","conversation":{"id":"a"},"timestamp":"2024-01-01T00:00:01Z","from":{"id":"u","role":"user"},"text":"1"},
		{"type":"message","channelId":"emulator","conversation":"b","timestamp":"2024-01-01T00:00:05Z","from":{"id":"v","role":"user"},"text":"2"},
		{"type":"message","channelId":"emulator","conversation":{"id":"a"},"timestamp":"2024-01-01T00:00:03Z","from":{"id":"x","role":"bot"},"text":"3"},
		{"type":"trace","channelId":"emulator"}
	]`), decode.Options{})
	type part struct {
		Conversation, User string
		Row                int
		Start              int64
		Seqs               []int
		Texts              string
	}
	var got []part
	for _, r := range s.records {
		p := part{Conversation: r.Conversation, User: r.User, Row: r.Origin.Row, Start: r.Start - 1704067200000}
		for _, a := range r.Activities {
			p.Seqs = append(p.Seqs, a.Seq)
			p.Texts += a.Text
		}
		got = append(got, p)
	}
	want := []part{
		{"a", "u", 1, 0, []int{0, 1, 2, 3}, "13"},
		{"b", "v", 2, 5000, []int{0}, "2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if s.records[0].ID == s.records[1].ID {
		t.Error("both have one id")
	}
}

func TestDamage(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "the file is empty",
		" \n":                          "the file is empty",
		"{}":                           "not a list of activities: it starts with '{'",
		"[]":                           "the list of activities is empty",
		"[1]":                          "activity 0: not an object: 1",
		`[{"id":"1"}]`:                 "activity 0: it has no type",
		`[{"type":"message"},null]`:    "activity 1: not an object: null",
		`[{"type":"message"}`:          "activity 1: truncated: the input ends before the array is closed",
		`[{"type":"message","a":tru}]`: `activity 0: not valid JSON: `,
		`[{"type":"message"}] x`:       "'x' follows the list of activities at byte 21",
		"[{\"type\":\"message\",\"text\":\"\xff\"}]": "activity 0: invalid UTF-8 at byte 27",
		`[{"type":"message","timestamp":"never"}]`:   `activity 0: timestamp "never" is not a time`,
	} {
		s := read(t, []byte(text), decode.Options{})
		if len(s.records) != 0 || len(s.rejects) != 1 || !strings.HasPrefix(s.rejects[0].Reason, want) {
			t.Errorf("%q: %d records, rejects %v, want %s", text, len(s.records), s.rejects, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for name, raw := range files(f) {
		if len(raw) < 5000 && strings.HasPrefix(name, "botbuilder-js") {
			f.Add(raw)
		}
	}
	lim := decode.DefaultLimits()
	lim.RowBytes, lim.Depth = 4000, 32
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := read(t, raw, decode.Options{Limits: lim})
		if len(s.rejects) > 1 || (len(s.rejects) == 0) == (len(s.records) == 0) {
			t.Fatalf("%d records and %d rejects", len(s.records), len(s.rejects))
		}
		ids := map[string]bool{}
		for _, r := range s.records {
			if len(r.Activities) == 0 || r.Conversation == "" || ids[r.Conversation] {
				t.Errorf("record %+v", r)
			}
			ids[r.Conversation] = true
			for i, a := range r.Activities {
				if a.Seq != i || a.At < r.Start {
					t.Errorf("activity %+v of a record that starts at %d", a, r.Start)
				}
			}
		}
	})
}
