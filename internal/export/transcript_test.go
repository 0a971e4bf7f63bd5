package export_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/definition"
	"rapport/internal/export"
	"rapport/internal/generate"
	"rapport/internal/ingest"
	"rapport/internal/session"
	"rapport/internal/source"
)

const fixtures = "../../testdata"

// derived reads paths and calls yield with every conversation and what a definition derives of it.
func derived(t *testing.T, name string, yield func(*activity.Conversation, session.Result) error, paths ...string) {
	t.Helper()
	def, err := definition.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := definition.LoadCatalogue()
	if err != nil {
		t.Fatal(err)
	}
	report, err := ingest.Run(context.Background(), ingest.Options{Paths: paths, Source: source.Options{}, Decode: decode.Options{KeepRaw: true}},
		func(c *activity.Conversation) error { return yield(c, session.Derive(c, def, cat)) })
	if err != nil {
		t.Fatal(err)
	}
	if report.Counts.Quarantined > 0 {
		t.Fatalf("%d rows in quarantine: %v", report.Counts.Quarantined, report.Rejects)
	}
}

// seen is what has to survive an export: all of a session but whose word it is, and when it was certain to be over.
func seen(c *activity.Conversation, s *session.Session) string {
	topic := "-"
	if s.Topic != nil {
		topic = fmt.Sprintf("%s %s %s", s.Topic.ID, s.Topic.Name, s.Topic.Kind)
	}
	// Who said nothing is nobody: a row of a session in which the bot alone spoke names no user.
	user := ""
	if s.UserMessages > 0 {
		user = s.User
	}
	return fmt.Sprintf("%s %s #%d %d..%d untimed=%t by=%s engaged=%t %s/%s/%s topic=%s turns=%d/%d/%d csat=%t/%d %s %s user=%s %s design=%t",
		c.Bot.Key(), c.ID, s.Number, s.StartedAt, s.EndedAt, s.Untimed, s.StartedBy, s.Engaged, s.Outcome, s.Resolution, s.Reason, topic,
		s.Turns, s.UserMessages, s.BotMessages, s.CSATAsked, s.CSAT, s.Channel, s.Locale, user, s.Kind, s.DesignMode)
}

// roundTrip exports what is at paths as a definition sees it, reads the export as the platform's, and returns the sessions of both.
func roundTrip(t *testing.T, o export.TranscriptOptions, definition string, paths ...string) (before, after []string) {
	t.Helper()
	var buf bytes.Buffer
	w, err := export.Transcripts(&buf, o)
	if err != nil {
		t.Fatal(err)
	}
	derived(t, definition, func(c *activity.Conversation, res session.Result) error {
		for i := range res.Sessions {
			before = append(before, seen(c, &res.Sessions[i]))
		}
		return w.Write(c, res)
	}, paths...)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "export")
	if err := os.WriteFile(file, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	said := 0
	derived(t, "platform", func(c *activity.Conversation, res session.Result) error {
		for i := range res.Sessions {
			after = append(after, seen(c, &res.Sessions[i]))
			if res.Sessions[i].Source == session.FromPlatform {
				said++
			}
		}
		return nil
	}, file)
	if said != len(after) {
		t.Errorf("%d of %d sessions carry no SessionInfo", len(after)-said, len(after))
	}
	slices.Sort(before)
	slices.Sort(after)
	return before, after
}

// Law: what is exported under a definition reads back, under platform, as the same sessions.
func TestTranscriptsReadBack(t *testing.T) {
	world := filepath.Join(t.TempDir(), "world.jsonl")
	f, err := os.Create(world)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate.Write(context.Background(), f, generate.Options{Conversations: 400, Seed: 7, Format: generate.DataverseJSONL, Bots: 4}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	inputs := map[string]string{
		"real rows":     filepath.Join(fixtures, "dataverse", "conversationtranscripts.json"),
		"bot framework": filepath.Join(fixtures, "bot-framework", "**", "*.transcript"),
		"content":       filepath.Join(fixtures, "snapshot", "content.json"),
		"snapshot":      filepath.Join(fixtures, "snapshot", "dialog.json"),
		"generated":     world,
	}
	for name, path := range inputs {
		for _, format := range export.TranscriptFormats() {
			for _, definition := range []string{"platform", "guidance-2023"} {
				t.Run(strings.Join([]string{name, string(format), definition}, "/"), func(t *testing.T) {
					before, after := roundTrip(t, export.TranscriptOptions{Format: format, Replace: definition != "platform"}, definition, path)
					if len(before) == 0 {
						t.Fatal("nothing to compare")
					}
					if diff := cmp.Diff(before, after); diff != "" {
						t.Errorf("written (-), read (+): %.4000s", diff)
					}
				})
			}
		}
	}
}
