package session_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/definition"
	"rapport/internal/session"
)

// TestRules runs every script of testdata/rules. They are the specification of the machine: one file a rule.
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/rules/*.rules")
	if err != nil || len(files) == 0 {
		t.Fatalf("no rule scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".rules"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := parseScript(t, string(text))
			if len(s.cases) == 0 {
				t.Fatal("no case")
			}
			for _, c := range s.cases {
				for _, name := range c.definitions {
					t.Run(c.name+"/"+name, func(t *testing.T) { c.run(t, file, name) })
				}
			}
		})
	}
}

func (c *scriptCase) run(t *testing.T, file, name string) {
	def, err := definition.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var cat *definition.Catalogue
	if c.topics != "" {
		path := filepath.Join(t.TempDir(), "topics.yaml")
		if err := os.WriteFile(path, []byte("topics:\n"+c.topics), 0o600); err != nil {
			t.Fatal(err)
		}
		if cat, err = definition.LoadCatalogue(path); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.expect) == 0 {
		t.Fatal("the case expects nothing")
	}
	c.conv.Sort()
	got := session.Derive(&c.conv, def, cat)
	checkPartition(t, got)
	sessions, billed := 0, 0
	wantsBilled := false
	for _, e := range c.expect {
		switch e.kind {
		case "session":
			if sessions < len(got.Sessions) {
				check(t, file, e, sessionValues(got.Sessions[sessions], got))
			}
			sessions++
		case "unbilled":
			wantsBilled = true
		case "billed":
			wantsBilled = true
			if billed < len(got.Billed) {
				check(t, file, e, billedValues(got.Billed[billed]))
			}
			billed++
		}
	}
	if !wantsBilled || sessions > 0 {
		if sessions != len(got.Sessions) {
			t.Errorf("%s: %d sessions, want %d:\n%s", file, len(got.Sessions), sessions, dump(got))
		}
	}
	if wantsBilled && billed != len(got.Billed) {
		t.Errorf("%s: %d billed sessions, want %d: %+v", file, len(got.Billed), billed, got.Billed)
	}
	if t.Failed() {
		t.Log("\n" + dump(got))
	}
}

func check(t *testing.T, file string, e expectation, have map[string]string) {
	t.Helper()
	for _, want := range e.wants {
		key, value, ok := strings.Cut(want, "=")
		if !ok {
			key, value = want, "true"
		}
		got, known := have[key]
		if !known {
			t.Errorf("%s:%d: there is no %q to expect", file, e.line, key)
		} else if got != value {
			t.Errorf("%s:%d: %s is %q, want %q", file, e.line, key, got, value)
		}
	}
}

func offset(ms int64) string {
	return "+" + time.UnixMilli(ms).UTC().Sub(scriptEpoch).String()
}

func sessionValues(s session.Session, r session.Result) map[string]string {
	topic, kind := "", ""
	if s.Topic != nil {
		topic, kind = s.Topic.ID, s.Topic.Kind.String()
	}
	var rules []string
	for _, e := range s.Evidence {
		rules = append(rules, string(e.Rule))
	}
	var says []string
	for _, i := range s.Activities {
		if r.Timeline[i].IsMessage() {
			says = append(says, r.Timeline[i].Text)
		}
	}
	engagement := "unengaged"
	if s.Engaged {
		engagement = "engaged"
	}
	name := ""
	if s.Topic != nil {
		name = s.Topic.Name
	}
	return map[string]string{
		"start": short(offset(s.StartedAt)), "end": short(offset(s.EndedAt)), "closes": short(offset(s.ClosesAt)), "by": s.StartedBy.String(),
		"engagement": engagement, "outcome": string(s.Outcome), "resolution": string(s.Resolution),
		"reason": s.Reason, "topic": topic, "topic_kind": kind, "topic_name": name, "turns": fmt.Sprint(s.Turns), "user": fmt.Sprint(s.UserMessages), "bot": fmt.Sprint(s.BotMessages),
		"csat": fmt.Sprint(s.CSAT), "csat_asked": fmt.Sprint(s.CSATAsked), "kind": string(s.Kind), "design": fmt.Sprint(s.DesignMode), "source": string(s.Source),
		"opened": string(s.OpenedBy), "engaged_by": string(s.EngagedBy), "attributed": string(s.AttributedBy),
		"ended": string(s.EndedBy), "decided": string(s.DecidedBy), "untimed": fmt.Sprint(s.Untimed),
		"says": strings.Join(says, "|"), "evidence": strings.Join(rules, ","),
	}
}

func billedValues(b session.Billed) map[string]string {
	topic := ""
	if b.Topic != nil {
		topic = b.Topic.ID
	}
	return map[string]string{
		"start": short(offset(b.StartedAt)), "end": short(offset(b.EndedAt)), "opened": string(b.OpenedBy), "topic": topic,
		"turns": fmt.Sprint(b.Turns), "kind": string(b.Kind),
	}
}

// short is +30m where Go prints +30m0s, as the scripts write it.
func short(s string) string {
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func dump(r session.Result) string {
	var b strings.Builder
	for _, s := range r.Sessions {
		v := sessionValues(s, r)
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b.WriteString("session")
		for _, k := range keys {
			fmt.Fprintf(&b, " %s=%q", k, v[k])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// checkPartition: every activity of a conversation that has a session is in exactly one.
func checkPartition(t interface {
	Helper()
	Errorf(string, ...any)
}, r session.Result,
) {
	t.Helper()
	if len(r.Sessions) == 0 {
		return
	}
	in := make([]int, len(r.Timeline))
	for _, s := range r.Sessions {
		for _, i := range s.Activities {
			in[i]++
		}
	}
	for i, n := range in {
		if n != 1 {
			t.Errorf("activity %d (%s %s) is in %d sessions", i, r.Timeline[i].Type, r.Timeline[i].Name, n)
		}
	}
}
