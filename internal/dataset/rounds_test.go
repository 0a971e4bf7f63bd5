package dataset_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/dataset"
	"rapport/internal/store"
	"rapport/internal/store/memory"
)

// scattered is files of few conversations whose records lie anywhere: versions, repetitions, bots that are called by their id, their schema
// name or both, and sessions of a CSV beside them.
func scattered(t *testing.T, r *rand.Rand, name string, large bool) []string {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	bots := []row{{Bot: "id-1"}, {Schema: "cr1"}, {Bot: "id-1", Schema: "cr1"}, {Bot: "id-2"}, {Schema: "CR2"}}
	if r.IntN(2) == 0 {
		bots = append(bots, row{Bot: "id-2", Schema: "cr2"})
	}
	if large {
		bots = bots[:1] // what is learned of bots from records that are too large is another matter
	}
	for i := range 1 + r.IntN(4) {
		path := filepath.Join(dir, fmt.Sprintf("%d.json", i))
		var b strings.Builder
		if r.IntN(4) == 0 {
			path = filepath.Join(dir, fmt.Sprintf("%d.csv", i))
			b.WriteString("SessionID,StartDateTime,SessionOutcome,TopicName\n")
			for n := range 1 + r.IntN(5) {
				fmt.Fprintf(&b, "s%d-%d,2026-03-%02d 09:30:00,Resolved,A\n", i, n, 1+r.IntN(4))
			}
		} else {
			for n := range 1 + r.IntN(30) {
				one := bots[r.IntN(len(bots))]
				one.ID, one.Conversation, one.Topic = fmt.Sprint("r", r.IntN(12)), fmt.Sprint("c", r.IntN(6)), fmt.Sprint("topic ", r.IntN(3))
				one.Version, one.Minute = int64(r.IntN(3)), 200*r.IntN(4)
				if r.IntN(4) == 0 {
					one.Child = "cr1"
				}
				if large { // each once, for what is repeated counts only where it is met together
					one.ID, one.Topic = fmt.Sprintf("%s-%d-%d", name, i, n), strings.Repeat("x", r.IntN(600))
				}
				b.WriteString(one.String() + "\n")
			}
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// However much is read before it is written, an import comes to the same: its account, what is derived, what is derived anew, and what is
// left when it goes.
func TestRoundsChangeNothing(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		times := 60
		if strings.HasSuffix(t.Name(), "duckdb") {
			times = 4
		}
		for n := range times {
			r := rand.New(rand.NewPCG(uint64(n), 1))
			large := n%3 == 2
			first, second := scattered(t, r, "a", large), scattered(t, r, "b", large)
			most := int64(0)
			if large {
				most = 12_000
			}
			whole := open(t, memory.New(), dataset.Options{MostBytes: most})
			parts := open(t, newStore(t), dataset.Options{MostBytes: most, RoundBytes: []int64{1, 1300, 4000, 20_000}[n%4], Workers: 1 + n%3})
			check := func(what string) {
				t.Helper()
				for _, name := range []string{"platform", "guidance-2023"} {
					same(t, fmt.Sprint(n, ": ", what, ", ", name), whole.facts(t, name), parts.facts(t, name))
				}
				a, b := accounts(t, whole), accounts(t, parts)
				for i := range a {
					if a[i] != b[i] {
						t.Errorf("%d: %s\nat once   %s\nin rounds %s", n, what, a[i], b[i])
					}
				}
			}
			for _, w := range []world{whole, parts} {
				w.load(t, first...)
			}
			check("an import")
			for _, w := range []world{whole, parts} {
				w.load(t, second...)
			}
			check("another")
			for _, w := range []world{whole, parts} {
				w.apply(t, "guidance-2023")
			}
			check("derived anew")
			for _, w := range []world{whole, parts} {
				w.remove(t, 1)
			}
			check("the first gone")
			if t.Failed() {
				return
			}
		}
	})
}

// accounts are the accounts of all imports, in words.
func accounts(t *testing.T, w world) []string {
	t.Helper()
	all, err := w.Imports(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, i := range all {
		// A conversation may be too large by itself or with what was there, and what a bot is called may change to and fro.
		i.Reasons, i.Touched = nil, 0
		said = append(said, fmt.Sprintf("%+v", i))
	}
	return said
}

// A schema name that is learned late changes who calls whom, also in what a round or an import before has written.
func TestSchemaLearnedLate(t *testing.T) {
	first := rows(row{ID: "r1", Conversation: "c1", Bot: "id-1", Child: "cr1"})
	second := rows(row{ID: "r2", Conversation: "c2", Bot: "id-1", Schema: "cr1", Child: "other"})
	whole, rounds, imports := inMemory(t), open(t, memory.New(), dataset.Options{RoundBytes: 1}), inMemory(t)
	whole.text(t, first+second)
	rounds.text(t, first+second)
	imports.text(t, first)
	imports.text(t, second)
	want := whole.facts(t, "platform")
	if len(want.Sessions) != 2 || want.Sessions[0].Kind == want.Sessions[1].Kind {
		t.Fatalf("too little to tell: %+v", want.Sessions)
	}
	same(t, "in rounds", want, rounds.facts(t, "platform"))
	same(t, "in two imports", want, imports.facts(t, "platform"))
}

// A conversation that turns out to be too large after rounds wrote some of it goes whole, and leaves what was there before.
func TestTooLargeInRounds(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{MostBytes: 10_000, RoundBytes: 1})
		long := func(id string, minute int) row {
			return row{ID: id, Conversation: "1", Bot: "x", Topic: strings.Repeat(id, 1500), Minute: minute}
		}
		w.text(t, rows(long("a", 0)))
		before := w.facts(t, "platform")
		i := w.text(t, rows(
			long("b", 10), row{ID: "other", Conversation: "2", Bot: "x", Topic: "A"}, long("c", 20), long("d", 30), long("e", 40), long("f", 50), long("a", 0),
		))
		if i.Quarantine+i.Duplicate != 6 || i.Quarantine < 5 || i.Accepted != 1 {
			t.Errorf("%+v", i)
		}
		got := w.facts(t, "platform")
		if len(got.Sessions) != len(before.Sessions)+1 {
			t.Errorf("%d sessions, and there were %d", len(got.Sessions), len(before.Sessions))
		}
		w.remove(t, 2)
		same(t, "with the import removed", before, w.facts(t, "platform"))
	})
}
