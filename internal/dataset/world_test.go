package dataset_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/dataset"
	"rapport/internal/decode"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/generate"
	"rapport/internal/ingest"
	"rapport/internal/session"
	"rapport/internal/store"
	"rapport/internal/store/duckdb"
	"rapport/internal/store/memory"
)

// world is a data set under test, with its store.
type world struct {
	*dataset.Dataset
	store store.Store
}

// stores are what every test that is about more than rules runs on.
func stores(t *testing.T, f func(t *testing.T, open func(t *testing.T) store.Store)) {
	t.Run("memory", func(t *testing.T) { f(t, func(*testing.T) store.Store { return memory.New() }) })
	t.Run("duckdb", func(t *testing.T) { f(t, inFolder) })
}

func inFolder(t *testing.T) store.Store {
	t.Helper()
	s, err := duckdb.Open(t.Context(), t.TempDir(), duckdb.Options{MemoryLimit: 512 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func open(t testing.TB, s store.Store, opts dataset.Options) world {
	t.Helper()
	opts.TempDir = t.TempDir()
	d, err := dataset.Open(t.Context(), s, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return world{d, s}
}

func inMemory(t testing.TB) world {
	t.Helper()
	return open(t, memory.New(), dataset.Options{})
}

func (w world) load(t testing.TB, paths ...string) store.Import {
	t.Helper()
	i, err := w.Import(t.Context(), dataset.ImportOptions{Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	if i.Read != i.Accepted+i.Duplicate+i.Superseded+i.Quarantine {
		t.Errorf("import does not add up: %+v", i)
	}
	return i
}

// text imports what is written down here as a file.
func (w world) text(t testing.TB, text string) store.Import {
	t.Helper()
	return w.load(t, file(t, []byte(text)))
}

func (w world) remove(t testing.TB, id int64) store.Import {
	t.Helper()
	i, err := w.Remove(t.Context(), id, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w world) apply(t testing.TB, source string) {
	t.Helper()
	if _, err := w.Apply(t.Context(), source, nil); err != nil {
		t.Fatal(err)
	}
}

func file(t testing.TB, data []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rows.json")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// facts is everything that is derived under a definition, in an order of its own.
func (w world) facts(t testing.TB, definition string) fact.Facts {
	t.Helper()
	var f fact.Facts
	err := w.store.View(t.Context(), func(v store.View) error {
		projections, err := v.Projections(t.Context())
		if err != nil {
			return err
		}
		for _, p := range projections {
			if p.Name != definition {
				continue
			}
			if len(f.Sessions)+len(f.Billed) > 0 {
				return fmt.Errorf("two projections of %s", definition)
			}
			err := v.Sessions(t.Context(), p.ID, store.Selection{}, func(s *fact.Session) error { f.Sessions = append(f.Sessions, *s); return nil })
			if err != nil {
				return err
			}
			if p.Sessions != int64(len(f.Sessions)) {
				t.Errorf("the projection says %d sessions and has %d", p.Sessions, len(f.Sessions))
			}
			err = v.Billed(t.Context(), p.ID, store.Selection{}, func(b *fact.Billed) error { f.Billed = append(f.Billed, *b); return nil })
			if err != nil {
				return err
			}
			err = v.Utterances(t.Context(), p.ID, store.Selection{}, store.UtteranceFilter{}, func(u *fact.Utterance) error {
				f.Utterances = append(f.Utterances, *u)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	order(&f)
	return f
}

func order(f *fact.Facts) {
	slices.SortFunc(f.Sessions, func(a, b fact.Session) int {
		return cmp.Or(cmp.Compare(a.ConversationKey, b.ConversationKey), cmp.Compare(a.Number, b.Number))
	})
	slices.SortFunc(f.Billed, func(a, b fact.Billed) int {
		return cmp.Or(cmp.Compare(a.ConversationKey, b.ConversationKey), cmp.Compare(a.Number, b.Number))
	})
	slices.SortFunc(f.Utterances, func(a, b fact.Utterance) int {
		return cmp.Or(cmp.Compare(a.ConversationKey, b.ConversationKey), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Source, b.Source))
	})
}

// fromFiles is what the same paths give without any store.
func fromFiles(t testing.TB, name string, paths ...string) (fact.Facts, assemble.Counts) {
	t.Helper()
	def, err := definition.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	var f fact.Facts
	report, err := ingest.Run(context.Background(), ingest.Options{Paths: paths, Decode: decode.Options{}}, func(c *activity.Conversation) error {
		f.From(c, session.Derive(c, def, nil))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	order(&f)
	return f, report.Counts
}

func same(t testing.TB, what string, want, got fact.Facts) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%.4000s", what, diff)
	}
}

// made is a world of generated rows, each a line.
func made(t testing.TB, conversations int, seed uint64) [][]byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := generate.Write(t.Context(), &b, generate.Options{Conversations: conversations, Seed: seed}); err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(b.Bytes()), []byte("\n"))
}

func lines(rows [][]byte) []byte { return append(bytes.Join(rows, []byte("\n")), '\n') }

// row is a Dataverse row, with what the tests here differ in.
type row struct {
	ID, Conversation, Bot, Schema string
	Version                       int64
	Minute                        int // of 2026-03-02 09:00 UTC
	User, Topic                   string
	Child                         string // the schema name of an agent that is called; "" for none
}

func (r row) String() string {
	at := int64(1772442000 + 60*r.Minute)
	message := func(id, role int, text string, after int64) map[string]any {
		return map[string]any{
			"id": fmt.Sprintf("%s-%s-%d", r.Conversation, r.ID, id), "type": "message", "timestamp": at + after, "channelId": "directline",
			"from": map[string]any{"id": "u-" + r.User, "role": role}, "text": text,
		}
	}
	activities := []any{
		message(1, 1, "hello from "+r.ID, 0),
		map[string]any{
			"id": r.ID + "-t", "type": "event", "name": "rapport.topic", "timestamp": at + 1, "from": map[string]any{"id": "b", "role": 0},
			"value": map[string]any{"id": r.Topic, "name": r.Topic, "kind": "custom"},
		},
		message(2, 0, "yes?", 5),
	}
	if r.Child != "" {
		activities = append(activities, map[string]any{
			"id": r.ID + "-c", "type": "event", "name": "ConnectedAgentInitializeTraceData", "timestamp": at + 6, "from": map[string]any{"id": "b", "role": 0},
			"value": map[string]any{"botSchemaName": r.Child, "parentBotSchemaName": "parent"},
		})
	}
	content, _ := json.Marshal(map[string]any{"activities": activities})
	out := map[string]any{
		"conversationtranscriptid": r.ID, "conversationstarttime": fmt.Sprintf("2026-03-02T%02d:%02d:00Z", 9+r.Minute/60, r.Minute%60),
		"name": r.Conversation, "content": string(content), "versionnumber": r.Version,
	}
	if r.Bot != "" {
		out["_bot_conversationtranscriptid_value"] = r.Bot
	}
	if r.Schema != "" {
		out["metadata"] = fmt.Sprintf(`{"BotName":%q}`, r.Schema)
	}
	b, _ := json.Marshal(out)
	return string(b)
}

func rows(rs ...row) string {
	var out []string
	for _, r := range rs {
		out = append(out, r.String())
	}
	return strings.Join(out, "\n") + "\n"
}
