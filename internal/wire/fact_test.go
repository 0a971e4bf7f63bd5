package wire_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/generate"
	"rapport/internal/ingest"
	"rapport/internal/session"
	"rapport/internal/wire"
)

// conversations calls f with every conversation of a generated world and what is derived of it.
func conversations(t *testing.T, f func(*activity.Conversation, session.Result)) {
	t.Helper()
	var b bytes.Buffer
	if _, err := generate.Write(t.Context(), &b, generate.Options{Conversations: 300, Seed: 11}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "world.jsonl")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	def, err := definition.Load("guidance-2023")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ingest.Run(t.Context(), ingest.Options{Paths: []string{file}}, func(c *activity.Conversation) error {
		f(c, session.Derive(c, def, nil))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What a store keeps of a session says the same as the session: all but what the rules saw.
func TestFactsSayTheSame(t *testing.T) {
	sessions, billed := 0, 0
	conversations(t, func(c *activity.Conversation, res session.Result) {
		var kept fact.Facts
		kept.From(c, res)
		for i := range res.Sessions {
			want := wire.SessionOf(c.Bot, c.ID, res.Definition, &res.Sessions[i])
			got := wire.SessionOfFact(&kept.Sessions[i], wire.BotName(c.Bot), res.Definition, 0)
			want.Evidence, got.Evidence = nil, nil
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: %s", c.ID, diff)
			}
			sessions++
		}
		for i := range res.Billed {
			want := wire.BilledOf(c, res.Definition, &res.Billed[i])
			got := wire.BilledOfFact(&kept.Billed[i], wire.BotName(c.Bot), res.Definition)
			want.Evidence, got.Evidence = nil, nil
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s: %s", c.ID, diff)
			}
			billed++
		}
		for _, u := range kept.Utterances {
			row := wire.UtteranceOfFact(&u, "")
			if got := wire.ConversationOf(c, res, 0).Activities[row.Place]; row.Source == "message" && got.Text != row.Text {
				t.Fatalf("%s: said %q, the activity is %q", c.ID, row.Text, got.Text)
			}
		}
	})
	if sessions < 300 || billed == 0 {
		t.Errorf("only %d sessions and %d billed sessions", sessions, billed)
	}
}

// Columns and their cells are as many.
func TestCellsFitTheirHeaders(t *testing.T) {
	for name, n := range map[string][2]int{
		"sessions":   {len(wire.SessionHeader()), len((&wire.Session{}).Cells())},
		"billed":     {len(wire.BilledHeader()), len((&wire.Billed{}).Cells())},
		"utterances": {len(wire.UtteranceHeader()), len((&wire.Utterance{}).Cells())},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: %d columns, %d cells", name, n[0], n[1])
		}
	}
}

// A session that is open says nothing of how it ends, whoever keeps it (DESIGN.md, law 8).
func TestOpenSessions(t *testing.T) {
	s := session.Session{
		Number: 1, StartedAt: 1000, EndedAt: 2000, ClosesAt: 5000, Engaged: true, Outcome: session.Resolved, Resolution: session.Implied,
		Reason: "Resolved", Kind: session.Chat, Source: session.Derived,
	}
	c := activity.Conversation{ID: "c"}
	var kept fact.Facts
	kept.From(&c, session.Result{Sessions: []session.Session{s}})
	for asOf, open := range map[int64]bool{0: false, 4999: true, 5000: false} {
		for _, got := range []wire.Session{
			wire.SessionAsOf(c.Bot, "c", "d", &s, asOf),
			wire.SessionOfFact(&kept.Sessions[0], "", "d", asOf),
		} {
			if got.Open != open || (got.Outcome == "none") != open || (got.Resolution == nil) != open || (got.Reason == "") != open || got.Engagement != "engaged" {
				t.Errorf("as of %d: %+v", asOf, got)
			}
		}
	}
}
