package cli

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/wire"
)

const (
	realRows = "../../testdata/dataverse/conversationtranscripts.json"
	docFile  = "../../docs/cli-json.md"
)

// run runs a command in this process and returns what it writes.
func run(t *testing.T, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	if code := Main(context.Background(), args, Streams{In: strings.NewReader(""), Out: &out, Err: &errOut}); code != exitOK {
		t.Fatalf("%v exits with %d: %s", args, code, errOut.String())
	}
	return out.String()
}

// documented reads the keys of one section of docs/cli-json.md, in their order.
func documented(t *testing.T, section string) []string {
	t.Helper()
	doc, err := os.ReadFile(docFile)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(doc), "\n## "+section+"\n")
	if !ok {
		t.Fatalf("%s has no section %q", docFile, section)
	}
	body, _, _ := strings.Cut(rest, "\n## ")
	var keys []string
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(body, -1) {
		keys = append(keys, m[1])
	}
	return keys
}

// keysOf reads the keys of the first JSON object in text, in their order.
func keysOf(t *testing.T, text string) []string {
	t.Helper()
	at := strings.IndexByte(text, '{')
	if at < 0 {
		t.Fatalf("no object in %q", text)
	}
	dec := json.NewDecoder(strings.NewReader(text[at:]))
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key.(string))
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return keys
}

func secondLine(text string) string {
	_, rest, _ := strings.Cut(text, "\n")
	return rest
}

// The promise of docs/cli-json.md: the keys listed there are those that the program writes, in that order.
func TestDocumentedKeys(t *testing.T) {
	world := filepath.Join(t.TempDir(), "world.jsonl")
	run(t, "generate", "--conversations", "50", "--output", world)
	audit := run(t, "audit", "--format", "jsonl", realRows)
	rejects := filepath.Join(t.TempDir(), "rejects.jsonl")
	mixed := filepath.Join(t.TempDir(), "mixed.jsonl")
	row, err := os.ReadFile(world)
	if err != nil {
		t.Fatal(err)
	}
	row = append(row[:bytes.IndexByte(row, '\n')+1], []byte(`{"name":"x","content":"{"}`+"\n")...)
	if err := os.WriteFile(mixed, row, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "sessions", "--rejects", rejects, mixed)
	rejected, err := os.ReadFile(rejects)
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	run(t, "import", "-q", "--data", data, realRows, mixed, world)
	diff := run(t, "definitions", "diff", "platform", "studio-2026", "--list", "--format", "jsonl", "--data", data)
	for section, output := range map[string]string{
		"imports":                run(t, "imports", "list", "--format", "json", "--data", data),
		"definitions diff":       diff,
		"definitions difference": secondLine(diff),
		"utterances":             run(t, "utterances", "--format", "jsonl", "--data", data),
		"utterance groups":       run(t, "utterances", "--group", "--format", "jsonl", "--data", data),

		"sessions":         run(t, "sessions", "--include-test", "--format", "jsonl", realRows),
		"billed":           run(t, "billed", "--format", "jsonl", world),
		"report":           run(t, "report", "--format", "json", world),
		"audit":            audit,
		"audit difference": secondLine(audit),
		"explain":          run(t, "explain", "--format", "json", "--conversation", "7f73da05", realRows),
		"definitions list": run(t, "definitions", "list", "--format", "json"),
		"Rejects":          string(rejected),
	} {
		t.Run(section, func(t *testing.T) {
			if diff := cmp.Diff(documented(t, section), keysOf(t, output)); diff != "" {
				t.Errorf("%s says (-), the program writes (+): %s", docFile, diff)
			}
		})
	}
}

// What an export has behind the columns of the command of the same name.
func TestDocumentedExports(t *testing.T) {
	world := filepath.Join(t.TempDir(), "world.jsonl")
	run(t, "generate", "--conversations", "50", "--output", world)
	data := filepath.Join(t.TempDir(), "data")
	run(t, "import", "-q", "--data", data, world)
	for what, want := range map[string][]string{
		"sessions":   append(wire.SessionHeader(), documented(t, "export sessions")...),
		"billed":     append(wire.BilledHeader(), "locale"),
		"utterances": wire.UtteranceHeader(),
	} {
		header, _, _ := strings.Cut(run(t, "export", what, "--format", "csv", "--data", data), "\r\n")
		if diff := cmp.Diff(strings.Join(want, ","), header); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	force := append(documented(t, "definitions list"), documented(t, "definitions in-force")...)
	if diff := cmp.Diff(force, keysOf(t, run(t, "definitions", "in-force", "--format", "json", "--data", data))); diff != "" {
		t.Errorf("definitions in-force: %s", diff)
	}
}

// Columns are the keys in the same order: topic in three, and no evidence.
func TestColumnsAreTheKeys(t *testing.T) {
	world := filepath.Join(t.TempDir(), "world.jsonl")
	run(t, "generate", "--conversations", "50", "--output", world)
	for _, command := range []string{"sessions", "billed"} {
		var want []string
		for _, k := range documented(t, command) {
			switch k {
			case "topic":
				want = append(want, "topic_id", "topic_name", "topic_kind")
			case "evidence":
			default:
				want = append(want, k)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(run(t, command, "--format", "csv", world))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, rows[0]); diff != "" {
			t.Errorf("%s: %s", command, diff)
		}
		if len(rows) < 20 {
			t.Errorf("%s: only %d rows", command, len(rows))
		}
	}
}

// Every form says the same of each session.
func TestFormsAgree(t *testing.T) {
	world := filepath.Join(t.TempDir(), "world.jsonl")
	run(t, "generate", "--conversations", "200", "--output", world)
	var array []wire.Session
	if err := json.Unmarshal([]byte(run(t, "sessions", "--format", "json", world)), &array); err != nil {
		t.Fatal(err)
	}
	var lines []wire.Session
	dec := json.NewDecoder(strings.NewReader(run(t, "sessions", "--format", "jsonl", world)))
	for dec.More() {
		var s wire.Session
		if err := dec.Decode(&s); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, s)
	}
	if diff := cmp.Diff(array, lines); diff != "" {
		t.Errorf("json and jsonl differ: %s", diff)
	}
	rows, err := csv.NewReader(strings.NewReader(run(t, "sessions", "--format", "csv", world))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(lines)+1 {
		t.Fatalf("csv has %d rows, jsonl %d lines", len(rows)-1, len(lines))
	}
	for i, s := range lines {
		got := fmt.Sprint(rows[i+1][0], rows[i+1][3], rows[i+1][4], rows[i+1][13], rows[i+1][19])
		want := fmt.Sprint(s.ConversationID, s.Session, *s.StartedAt, s.Outcome, s.Turns)
		if got != want {
			t.Fatalf("row %d is %s, want %s", i, got, want)
		}
		if i > 0 && *lines[i-1].StartedAt > *s.StartedAt {
			t.Fatalf("row %d starts before row %d", i, i-1)
		}
	}
}

// The table of exit codes in docs/cli.md and in --help says what the program does.
func TestDocumentedExitCodes(t *testing.T) {
	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []int{exitOK, exitFound, exitUsage, exitInput, exitFault, exitInterrupted} {
		if !strings.Contains(string(doc), fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("docs/cli.md has no row for exit code %d", code)
		}
	}
}

// Every variable of the environment that a flag has is in docs/cli.md.
func TestDocumentedEnvironment(t *testing.T) {
	doc, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range source {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`env:"(RAPPORT_[A-Z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !strings.Contains(string(doc), "`"+m[1]+"`") {
				t.Errorf("docs/cli.md lacks %s", m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no variable found")
	}
}
