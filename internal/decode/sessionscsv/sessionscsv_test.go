package sessionscsv_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/sessionscsv"
)

// sink keeps what it is given.
type sink struct {
	records  []*activity.Record
	rejects  []decode.Reject
	warnings []decode.Warning
}

func (s *sink) Record(r *activity.Record) error { s.records = append(s.records, r); return nil }
func (s *sink) Reject(r decode.Reject) error    { s.rejects = append(s.rejects, r); return nil }
func (s *sink) Warn(w decode.Warning) error     { s.warnings = append(s.warnings, w); return nil }

func read(t *testing.T, text string, opts decode.Options) *sink {
	t.Helper()
	s := &sink{}
	if err := sessionscsv.Read("f.csv", bufio.NewReader(strings.NewReader(text)), opts, s); err != nil {
		t.Fatal(err)
	}
	return s
}

func fixture(t *testing.T, name string) *sink {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("../../../testdata/sessions-csv", name))
	if err != nil {
		t.Fatal(err)
	}
	return read(t, string(raw), decode.Options{Bot: activity.Bot{ID: "bot"}})
}

func ms(year int, month time.Month, day, hour, minute, second, milli int) int64 {
	return time.Date(year, month, day, hour, minute, second, milli*1e6, time.UTC).UnixMilli()
}

// checkFrame looks at what every record has in common and returns the sessions.
func checkFrame(t *testing.T, s *sink) []activity.PlatformSession {
	t.Helper()
	var sessions []activity.PlatformSession
	for _, r := range s.records {
		if r.Format != activity.FormatSessions || r.ID != "session:"+r.Session.ID || r.Conversation != r.Session.ID ||
			r.Start != r.Session.StartedAt || r.Bot.ID != "bot" || r.Hash == [16]byte{} || r.Activities != nil {
			t.Errorf("record %+v", r)
		}
		sessions = append(sessions, *r.Session)
	}
	return sessions
}

func TestSevenColumns(t *testing.T) {
	s := fixture(t, "seven-columns.csv")
	if len(s.rejects)+len(s.warnings) != 0 {
		t.Errorf("rejects %v, warnings %v", s.rejects, s.warnings)
	}
	want := []activity.PlatformSession{
		{
			ID: "5a1f7d3e-0001", StartedAt: ms(2024, 1, 31, 15, 4, 5, 0), FirstMessage: "where is my order, please",
			Topic: "Order status", TopicID: "contoso.topic.Order", Outcome: "Resolved", Turns: -1,
			UserMessages: 2, BotMessages: 1, StartedBy: activity.RoleUser,
		},
		{
			ID: "5a1f7d3e-0002", StartedAt: ms(2024, 1, 31, 14, 0, 0, 0), Outcome: "Unengaged", Turns: -1,
			BotMessages: 1, StartedBy: activity.RoleBot,
		},
		{
			ID: "5a1f7d3e-0003", StartedAt: ms(2024, 1, 31, 13, 59, 59, 250), FirstMessage: "I said \"now\"\nand I mean it",
			Topic: "Escalate", TopicID: "contoso.topic.Escalate", Outcome: "Escalated", Turns: -1,
			UserMessages: 1, BotMessages: 1, StartedBy: activity.RoleUser,
		},
	}
	got := checkFrame(t, s)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(activity.PlatformSession{}, "Transcript")); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
	if want := "User says: I said \"now\"\nand I mean it;Agent says: One moment;"; got[2].Transcript != want {
		t.Errorf("transcript %q, want %q", got[2].Transcript, want)
	}
	if o := s.records[1].Origin; o != (activity.Origin{File: "f.csv", Row: 2, Offset: 297}) {
		t.Errorf("origin of the second row: %+v", o)
	}
}

func TestThirteenColumns(t *testing.T) {
	s := fixture(t, "thirteen-columns.csv")
	if len(s.rejects)+len(s.warnings) != 0 {
		t.Errorf("rejects %v, warnings %v", s.rejects, s.warnings)
	}
	yes, no := true, false
	want := []activity.PlatformSession{
		{
			ID: "s-1", StartedAt: ms(2024, 1, 31, 15, 4, 5, 0), FirstMessage: "hi", Topic: "Greeting", TopicID: "t-1",
			Transcript: "User says: hi;Agent says: hello;", Outcome: "Resolved", Reason: "Resolved", Implied: &yes, Turns: 4,
			UserMessages: 1, BotMessages: 1, StartedBy: activity.RoleUser, Channel: "msteams", CSAT: 5, Comment: "thanks",
		},
		{
			ID: "s-2", StartedAt: ms(2024, 1, 2, 11, 0, 0, 0), FirstMessage: "bye", Topic: "Goodbye", TopicID: "t-2",
			Transcript: "Agent says: hello;User says: bye;", Outcome: "Abandoned", Reason: "UserExit", Implied: &no, Turns: 2,
			UserMessages: 1, BotMessages: 1, StartedBy: activity.RoleBot, Channel: "directline",
		},
		{
			ID: "s-3", StartedAt: ms(2024, 1, 2, 10, 0, 0, 0), Outcome: "Unengaged", Turns: 1, UserMessages: -1, BotMessages: -1, Channel: "webchat",
		},
	}
	if diff := cmp.Diff(want, checkFrame(t, s)); diff != "" {
		t.Errorf("sessions (-want +got):\n%s", diff)
	}
}

// One date that can only be day first decides for those before it, and contradicts those after it.
func TestDayFirst(t *testing.T) {
	s := fixture(t, "day-first.csv")
	got := checkFrame(t, s)
	if len(got) != 2 || got[0].StartedAt != ms(2024, 4, 3, 18, 0, 0, 0) || got[1].StartedAt != ms(2024, 4, 13, 17, 30, 15, 0) {
		t.Errorf("sessions %+v", got)
	}
	want := `f.csv: row 3 (byte 122): the start "2/13/2024 17:00" has day and month the other way round than the dates before it`
	if len(s.rejects) != 1 || s.rejects[0].String() != want || string(s.rejects[0].Raw) != "d-3;2/13/2024 17:00;Resolved;" {
		t.Errorf("rejects %q, want %s", s.rejects, want)
	}
}

func TestDateThatDoesNotSay(t *testing.T) {
	s := read(t, "SessionID\tStartDateTime\tSessionOutcome\na\t3/4/2024 1:02 PM\tResolved\nb\t2024-01-01\tResolved\n", decode.Options{})
	if len(s.records) != 2 || s.records[0].Start != ms(2024, 3, 4, 13, 2, 0, 0) || s.records[1].Start != ms(2024, 1, 1, 0, 0, 0, 0) {
		t.Errorf("records %+v", s.records)
	}
	if len(s.warnings) != 1 || s.warnings[0].String() != `f.csv: dates such as "3/4/2024 1:02 PM" are read as month/day/year: no date of the file says otherwise` {
		t.Errorf("warnings %v", s.warnings)
	}
}

func TestDates(t *testing.T) {
	want := ms(2024, 1, 31, 15, 4, 5, 0)
	for _, word := range []string{
		"2024-01-31T15:04:05", "2024-01-31T15:04:05Z", "2024-01-31T16:04:05+01:00", "2024-01-31 15:04:05 UTC", "2024/01/31 15:04:05",
		"1/31/2024 3:04:05 PM", "01/31/2024 03:04:05 pm", "1/31/2024 3:04:05\u202fPM", "1/31/2024, 3:04:05 PM", "1-31-2024 15:04:05",
		"1/31/24 15:04:05", "31/1/2024 15:04:05", "31.01.2024 15:04:05", "2024-01-31 15:04:05.000",
	} {
		s := read(t, "SessionID,StartDateTime,SessionOutcome\na,\""+word+"\",Resolved\n", decode.Options{})
		if len(s.records) != 1 || s.records[0].Start != want {
			t.Errorf("%s: records %v, rejects %v", word, s.records, s.rejects)
		}
	}
}

func TestDamagedRows(t *testing.T) {
	s := fixture(t, "damaged.csv")
	var got []string
	for _, r := range s.rejects {
		got = append(got, fmt.Sprintf("%d: %s", r.Origin.Row, r.Reason))
		if len(r.Raw) == 0 || strings.ContainsAny(string(r.Raw), "\n") {
			t.Errorf("row %d: raw %q", r.Origin.Row, r.Raw)
		}
	}
	want := []string{
		"1: the session id is missing",
		"2: the start is missing",
		`3: the start "soon" is not a date and time`,
		`4: the outcome is "Happy", not Resolved, Escalated, Abandoned or Unengaged`,
		`5: CSAT is "6", not 1 to 5`,
		"6: 3 fields where the header has 4 columns",
		`7: the start "1024-01-31 15:04:05" is not between 2000 and 2100`,
		`8: not valid CSV: bare " in non-quoted-field`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rejects (-want +got):\n%s", diff)
	}
	if len(s.records) != 1 || s.records[0].Session.ID != "x-9" || s.records[0].Session.CSAT != 3 {
		t.Errorf("the good row behind the bad ones: %+v", s.records)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "the file is empty",
		"a,b\n1,2\n":                    "not a sessions CSV: the column SessionID is missing",
		"SessionID,SessionOutcome\n":    "not a sessions CSV: the column StartDateTime is missing",
		"SessionID,Session Id\n":        `the column "Session Id" is there twice`,
		"SessionID,\"StartDateTime\n\n": "header: the quote at byte 10 is never closed",
	} {
		s := read(t, text, decode.Options{})
		if len(s.records) != 0 || len(s.rejects) != 1 || s.rejects[0].Reason != want {
			t.Errorf("%q: rejects %v, want %s", text, s.rejects, want)
		}
	}
}

// A quote that never closes costs a bounded amount of memory, and rows held for their dates are not lost.
func TestQuoteThatNeverCloses(t *testing.T) {
	lim := decode.DefaultLimits()
	lim.RowBytes = 1000
	text := "SessionID,StartDateTime,SessionOutcome\na,3/4/2024 10:00,Resolved\nb,\"" + strings.Repeat("x\n", 10_000)
	s := read(t, text, decode.Options{Limits: lim})
	if len(s.records) != 1 || s.records[0].Session.ID != "a" {
		t.Errorf("records %v", s.records)
	}
	if len(s.rejects) != 1 || s.rejects[0].Reason != "the quote at byte 67 is never closed" || s.rejects[0].Origin.Row != 2 {
		t.Errorf("rejects %v", s.rejects)
	}
}

// What is small in a file and large in memory is bounded: fields that no column has, and rows that wait for the order of dates.
func TestManySmallThings(t *testing.T) {
	const head = "SessionID,StartDateTime,SessionOutcome\n"
	s := read(t, head+"a,2024-01-31 10:00,Resolved"+strings.Repeat(",", 1_000_000)+"\nb,2024-01-31 10:00,Resolved\n", decode.Options{})
	if len(s.records) != 1 || len(s.rejects) != 1 || s.rejects[0].Reason != "1000003 fields where the header has 3 columns" {
		t.Errorf("%d records, rejects %v", len(s.records), s.rejects)
	}
	s = read(t, "SessionID"+strings.Repeat(",", 1_000_000)+"\n", decode.Options{})
	if len(s.rejects) != 1 || !strings.Contains(s.rejects[0].Reason, "the header has 1000001 columns") {
		t.Errorf("rejects %v", s.rejects)
	}
	lim := decode.DefaultLimits()
	lim.RowBytes = 10_000
	s = read(t, head+strings.Repeat("a,3/4/2024 10:00,Resolved\n", 100)+"b,31/1/2024 10:00,Resolved\n", decode.Options{Limits: lim})
	if len(s.records) != 100 || len(s.warnings) != 1 || len(s.rejects) != 1 {
		t.Errorf("%d records, warnings %v, rejects %v: rows were held beyond the limit", len(s.records), s.warnings, s.rejects)
	}
}

// The hash is of what a row says, not of where its columns stand.
func TestHash(t *testing.T) {
	a := read(t, "SessionID,StartDateTime,SessionOutcome\na,2024-01-31 10:00,Resolved\n", decode.Options{})
	b := read(t, "Session Outcome;Start Date Time;Session ID\nResolved;31.01.2024 10:00;a\n", decode.Options{})
	c := read(t, "SessionID,StartDateTime,SessionOutcome\na,2024-01-31 10:00,Abandoned\n", decode.Options{})
	if a.records[0].Hash != b.records[0].Hash || a.records[0].Hash == c.records[0].Hash {
		t.Error("hashes do not follow what the rows say")
	}
}

func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("../../../testdata/sessions-csv/*.csv")
	if err != nil || len(names) == 0 {
		f.Fatal("no fixtures", err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	lim := decode.DefaultLimits()
	lim.RowBytes = 2000
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := &sink{}
		if err := sessionscsv.Read("f", bufio.NewReader(strings.NewReader(string(raw))), decode.Options{Limits: lim}, s); err != nil {
			t.Fatal(err)
		}
		var rows []int
		for _, r := range s.records {
			rows = append(rows, r.Origin.Row)
			if p := r.Session; p.ID == "" || p.CSAT < 0 || p.CSAT > 5 || p.Turns < -1 || p.StartedAt < ms(2000, 1, 1, 0, 0, 0, 0) {
				t.Errorf("session %+v", p)
			}
		}
		for _, r := range s.rejects {
			rows = append(rows, r.Origin.Row)
			if r.Reason == "" {
				t.Error("a reject without a reason")
			}
		}
		// Every row is told of once; a file that is none is one reject of row 0.
		slices.Sort(rows)
		for i, row := range rows {
			if row != i+1 && (row != 0 || len(rows) != 1) {
				t.Fatalf("rows %v", rows)
			}
		}
	})
}
