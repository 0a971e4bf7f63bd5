package session_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/definition"
	"rapport/internal/ingest"
	"rapport/internal/session"
)

// derived reads paths and derives every conversation under a definition.
func derived(t *testing.T, name string, paths ...string) ([]session.Result, ingest.Report) {
	t.Helper()
	def, err := definition.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []session.Result
	report, err := ingest.Run(context.Background(), ingest.Options{Paths: paths}, func(c *activity.Conversation) error {
		r := session.Derive(c, def, nil)
		checkPartition(t, r)
		out = append(out, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Counts.Adds() {
		t.Errorf("counts do not add up: %s", report.Counts)
	}
	return out, report
}

const realRows = "../../testdata/dataverse/conversationtranscripts.json"

// TestRealRows: on the eleven rows of 2024 the machine says what the platform said (spec.md §8.1, §9).
func TestRealRows(t *testing.T) {
	platform, _ := derived(t, "platform", realRows)
	got, report := derived(t, "studio-2024", realRows)
	if want := (assemble.Counts{Read: 11, Accepted: 11}); report.Counts != want {
		t.Errorf("counts %s", report.Counts)
	}
	if len(platform) != 11 || len(got) != 11 {
		t.Fatalf("%d and %d conversations", len(platform), len(got))
	}
	var turns []int
	engaged := 0
	for i := range got {
		if len(platform[i].Sessions) != 1 || len(got[i].Sessions) != 1 {
			t.Errorf("conversation %d: %d platform sessions, %d derived", i, len(platform[i].Sessions), len(got[i].Sessions))
			continue
		}
		p, d := platform[i].Sessions[0], got[i].Sessions[0]
		if p.Source != session.FromPlatform || d.Source != session.Derived {
			t.Errorf("conversation %d: sources %s, %s", i, p.Source, d.Source)
		}
		label := func(s session.Session) string {
			return fmt.Sprint(s.Engaged, s.Outcome, s.Resolution, s.Turns, s.StartedAt/1000, s.EndedAt/1000, s.Kind, s.StartedBy)
		}
		if label(p) != label(d) {
			t.Errorf("conversation %d: the platform says %s, derived is %s", i, label(p), label(d))
		}
		turns = append(turns, d.Turns)
		if d.Engaged {
			engaged++
		}
	}
	slices.Sort(turns)
	if want := []int{1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 9}; !slices.Equal(turns, want) || engaged != 7 {
		t.Errorf("turns %v, engaged %d", turns, engaged)
	}
}

// TestRealTranscripts: the recordings of Bot Framework bots under user-replied.
func TestRealTranscripts(t *testing.T) {
	got, report := derived(t, "user-replied", "../../testdata/bot-framework/**/*.transcript")
	// 201 of the 230 files differ byte by byte, 186 in what they say: 15 are another one in UTF-16 or indented otherwise.
	if want := (assemble.Counts{Read: 230, Accepted: 186, Duplicate: 44}); report.Counts != want {
		t.Errorf("counts %s", report.Counts)
	}
	if len(report.Rejects) > 0 {
		t.Errorf("rejects %v", report.Rejects)
	}
	sessions, engaged, untimed, user := 0, 0, 0, 0
	for _, r := range got {
		for _, s := range r.Sessions {
			sessions++
			user += s.UserMessages
			if s.Engaged {
				engaged++
			}
			if s.Engaged != (s.UserMessages > 0) {
				t.Errorf("engaged %v with %d messages of the user", s.Engaged, s.UserMessages)
			}
			if s.Untimed {
				untimed++
			}
			if s.Kind != session.Chat {
				t.Errorf("kind %s", s.Kind)
			}
		}
	}
	if summary := fmt.Sprint(len(got), sessions, engaged, untimed); summary != "179 179 129 1" {
		t.Errorf("conversations, sessions, engaged, untimed: %s", summary)
	}
	if user == 0 {
		t.Error("nobody said anything")
	}
}

// TestLUISTopics: the intents of LUIS traces are topics.
func TestLUISTopics(t *testing.T) {
	got, _ := derived(t, "guidance-2023", "../../testdata/bot-framework/BotBuilder-Samples")
	names := map[string]bool{}
	for _, r := range got {
		for _, s := range r.Sessions {
			if s.Topic != nil {
				names[s.Topic.Name] = true
			}
		}
	}
	var list []string
	for n := range names {
		list = append(list, n)
	}
	slices.Sort(list)
	if !slices.Contains(list, "sandwich") {
		t.Errorf("topics %s", strings.Join(list, ", "))
	}
}
