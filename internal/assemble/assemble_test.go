package assemble

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rapport/internal/activity"
)

const hour = int64(3600_000)

func rec(conv, id string, version int64, says string) *activity.Record {
	r := &activity.Record{Format: activity.FormatTranscript, Conversation: conv, ID: id, Version: version, Start: 1000, Bot: activity.Bot{ID: "b1", Schema: "cr1"}}
	r.Activities = []activity.Activity{{ID: says, Type: activity.TypeMessage, Text: says, At: 1000}}
	copy(r.Hash[:], says)
	return r
}

// assembled runs records through an Assembler and prints what comes out, one conversation a line.
func assembled(t testing.TB, opts Options, records ...*activity.Record) (string, Counts) {
	t.Helper()
	opts.TempDir = t.TempDir()
	a := New(opts)
	for _, r := range records {
		if err := a.Record(r); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	err := a.Conversations(context.Background(), func(c *activity.Conversation) error {
		var says []string
		for _, e := range c.Timeline() {
			says = append(says, e.Text)
		}
		for _, r := range c.Records {
			if r.Session != nil {
				says = append(says, "session "+r.Session.ID)
			}
		}
		lines = append(lines, fmt.Sprintf("%s %s(%s): %s", c.Bot.Key(), c.ID, c.Bot.Name, strings.Join(says, " ")))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	counts := a.Counts()
	if !counts.Adds() {
		t.Errorf("counts do not add up: %s", counts)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(opts.TempDir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	return strings.Join(lines, "\n"), counts
}

// TestIdentity: which of several records of one conversation stand (DESIGN.md, law 1).
func TestIdentity(t *testing.T) {
	noID := func(r *activity.Record) *activity.Record { r.ID = ""; return r }
	batch := func(r *activity.Record, n int) *activity.Record { r.Batch = n; return r }
	for _, tc := range []struct {
		name    string
		records []*activity.Record
		want    string
		counts  Counts
	}{
		{"one", []*activity.Record{rec("c", "1", 1, "a")}, "b1 c(): a", Counts{1, 1, 0, 0, 0}},
		{"twice the same", []*activity.Record{rec("c", "1", 1, "a"), rec("c", "1", 1, "a")}, "b1 c(): a", Counts{2, 1, 1, 0, 0}},
		{"a newer version", []*activity.Record{rec("c", "1", 1, "a"), rec("c", "1", 2, "b")}, "b1 c(): b", Counts{2, 1, 0, 1, 0}},
		{"an older version after it", []*activity.Record{rec("c", "1", 2, "b"), rec("c", "1", 1, "a"), rec("c", "1", 1, "a")}, "b1 c(): b", Counts{3, 1, 1, 1, 0}},
		{"two records", []*activity.Record{rec("c", "1", 1, "a"), rec("c", "2", 1, "b")}, "b1 c(): a b", Counts{2, 2, 0, 0, 0}},
		{"an export without the key says the same", []*activity.Record{noID(rec("c", "", 0, "a")), rec("c", "1", 7, "a")}, "b1 c(): a", Counts{2, 1, 1, 0, 0}},
		{"without a key, start and batch are the key", []*activity.Record{noID(rec("c", "", 1, "a")), noID(rec("c", "", 2, "b"))}, "b1 c(): b", Counts{2, 1, 0, 1, 0}},
		{
			"batches without a key are two",
			[]*activity.Record{batch(noID(rec("c", "", 1, "b")), 2), batch(noID(rec("c", "", 1, "a")), 1)},
			"b1 c(): a b",
			Counts{2, 2, 0, 0, 0},
		},
		{"conversations apart", []*activity.Record{rec("d", "2", 1, "b"), rec("c", "1", 1, "a")}, "b1 c(): a\nb1 d(): b", Counts{2, 2, 0, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for n := range 6 {
				records := slices.Clone(tc.records)
				rand.New(rand.NewPCG(uint64(n), 0)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
				got, counts := assembled(t, Options{}, records...)
				if got != tc.want || counts != tc.counts {
					t.Errorf("order %d: %s (%s), want %s (%s)", n, got, counts, tc.want, tc.counts)
				}
			}
		})
	}
}

// TestBots: an export that names only the schema finds the lookup id in another; two bots may use one conversation id.
func TestBots(t *testing.T) {
	schemaOnly := rec("c", "2", 1, "b")
	schemaOnly.Bot = activity.Bot{Schema: "CR1"}
	other := rec("c", "3", 1, "x")
	other.Bot = activity.Bot{ID: "b2", Schema: "cr2"}
	names := func(key string) (activity.Bot, bool) {
		if key == "cr2" || key == "b2" {
			return activity.Bot{ID: "b2", Schema: "cr2", Name: "Two"}, true
		}
		return activity.Bot{}, false
	}
	got, _ := assembled(t, Options{Bot: names}, schemaOnly, other, rec("c", "1", 1, "a"))
	if want := "b1 c(): a b\nb2 c(Two): x"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestExportedSessionsGiveWay: where transcripts of the same bot and day are there they win, and it is said.
func TestExportedSessionsGiveWay(t *testing.T) {
	exported := func(id string, bot string, at int64) *activity.Record {
		r := &activity.Record{Format: activity.FormatSessions, ID: id, Conversation: id, Bot: activity.Bot{ID: bot}, Start: at}
		r.Session = &activity.PlatformSession{ID: id, StartedAt: at}
		copy(r.Hash[:], id)
		return r
	}
	a := New(Options{TempDir: t.TempDir()})
	defer a.Close()
	for _, r := range []*activity.Record{
		rec("c", "1", 1, "a"), exported("same-day", "b1", 5*hour), exported("no-name", "", 5*hour), exported("next-day", "b1", 30*hour), exported("other-bot", "b9", 5*hour),
	} {
		if err := a.Record(r); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	if err := a.Conversations(context.Background(), func(c *activity.Conversation) error { got = append(got, c.ID); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := []string{"c", "next-day", "other-bot"}; !slices.Equal(got, want) {
		t.Errorf("conversations %v, want %v", got, want)
	}
	if s, d := a.Overridden(); s != 2 || d != 1 {
		t.Errorf("%d sessions of %d days gave way, want 2 of 1", s, d)
	}
	if c := a.Counts(); c.Accepted != 5 || !c.Adds() {
		t.Errorf("counts %s", c)
	}
}

// TestExportedSessionsFindTheirBot: by whatever name the caller or the transcripts beside it call the bot.
func TestExportedSessionsFindTheirBot(t *testing.T) {
	catalogue := func(key string) (activity.Bot, bool) {
		return activity.Bot{ID: "b1", Schema: "cr1"}, strings.EqualFold(key, "b1") || strings.EqualFold(key, "cr1")
	}
	both, schema := activity.Bot{ID: "b1", Schema: "cr1"}, activity.Bot{Schema: "cr1"}
	for _, tc := range []struct {
		name      string
		given     string // --bot
		beside    []activity.Bot
		catalogue func(string) (activity.Bot, bool)
		want      string // whose it is; "" when it gave way to a transcript
	}{
		{"transcripts of one bot", "", []activity.Bot{both}, nil, ""},
		{"of one bot, some by its schema name", "", []activity.Bot{both, schema}, nil, ""},
		{"of two bots", "", []activity.Bot{both, {ID: "b2"}}, nil, " e()"},
		{"the schema name", "CR1", []activity.Bot{both}, nil, ""},
		{"the schema name, transcripts by id", "cr1", []activity.Bot{{ID: "b1"}}, catalogue, ""},
		{"the id, transcripts by schema name", "b1", []activity.Bot{schema}, catalogue, ""},
		{"another bot", "b9", []activity.Bot{both}, catalogue, "b9 e()"},
	} {
		var records []*activity.Record
		for i, bot := range tc.beside {
			r := rec(fmt.Sprint("c", i), "1", 1, "a")
			r.Bot = bot
			records = append(records, r)
		}
		exported := &activity.Record{Format: activity.FormatSessions, ID: "e", Conversation: "e", Bot: activity.Bot{ID: tc.given}, Start: hour}
		exported.Session = &activity.PlatformSession{ID: "e", StartedAt: hour}
		got, _ := assembled(t, Options{Bot: tc.catalogue}, append(records, exported)...)
		whose := ""
		for line := range strings.Lines(got) {
			if before, ok := strings.CutSuffix(strings.TrimSpace(line), ": session e"); ok {
				whose = before
			}
		}
		if whose != strings.TrimSpace(tc.want) {
			t.Errorf("%s: it is of %q, want %q\n%s", tc.name, whose, tc.want, got)
		}
	}
}

// TestSpillingChangesNothing: with any budget, in any order, the conversations are the same.
func TestSpillingChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var records []*activity.Record
		for i := range rapid.IntRange(1, 60).Draw(rt, "records") {
			conv := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "conversation")
			records = append(records, rec(conv, fmt.Sprint(i%17), int64(rapid.IntRange(0, 3).Draw(rt, "version")), fmt.Sprint("m", rapid.IntRange(0, 9).Draw(rt, "says"))))
		}
		held, heldCounts := assembled(t, Options{Budget: 1 << 30}, records...)
		seed := rapid.Uint64().Draw(rt, "seed")
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		spilled, spilledCounts := assembled(t, Options{Budget: 500}, records...)
		if held != spilled || heldCounts != spilledCounts {
			rt.Fatalf("held\n%s (%s)\nspilled\n%s (%s)", held, heldCounts, spilled, spilledCounts)
		}
	})
}

// TestTooLarge: a conversation that does not fit is rejected whole, in any order, and its neighbours are read.
func TestTooLarge(t *testing.T) {
	var records []*activity.Record
	for i := range 50 {
		records = append(records, rec("large", fmt.Sprint(i), 1, strings.Repeat("x", 100)+fmt.Sprint(i)))
	}
	records = append(records, rec("a", "a", 1, "before"), rec("z", "z", 1, "after"))
	for n := range 4 {
		rand.New(rand.NewPCG(uint64(n), 0)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		rejected := 0
		got, counts := assembled(t, Options{MostBytes: 4000, Budget: 2000, Reject: func(_ *activity.Record, reason string) error {
			if !strings.Contains(reason, `"large"`) {
				t.Errorf("reason %q", reason)
			}
			rejected++
			return nil
		}}, records...)
		if want := "b1 a(): before\nb1 z(): after"; got != want || rejected != 50 || counts.Quarantined != 50 || counts.Accepted != 2 {
			t.Errorf("got %q, %d rejected, %s", got, rejected, counts)
		}
	}
}
