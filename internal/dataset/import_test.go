package dataset_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/store"
	"rapport/internal/store/memory"
)

const testdata = "../../testdata"

// Law 1: the same rows give the same facts, however often, in which pieces, in which order and in which shape they come, and the same as
// without any store.
func TestHoweverTheyCome(t *testing.T) {
	all := made(t, 300, 7)
	whole := file(t, lines(all))
	want, counts := fromFiles(t, "platform", whole)
	if len(want.Sessions) < 300 || len(want.Billed) == 0 || len(want.Utterances) == 0 || counts.Duplicate == 0 {
		t.Fatalf("too little to tell: %d sessions, %d billed, %d utterances, %s", len(want.Sessions), len(want.Billed), len(want.Utterances), counts)
	}
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		t.Run("once and twice", func(t *testing.T) {
			w := open(t, newStore(t), dataset.Options{})
			i := w.load(t, whole)
			if i.Accepted != counts.Accepted || i.Superseded != counts.Superseded || i.Duplicate != counts.Duplicate || i.Read != counts.Read {
				t.Errorf("%+v, want %s", i, counts)
			}
			same(t, "once", want, w.facts(t, "platform"))
			if i = w.load(t, whole); i.Duplicate != i.Read || i.Touched != 0 {
				t.Errorf("again: %+v", i)
			}
			same(t, "twice", want, w.facts(t, "platform"))
		})
		t.Run("in shuffled pieces", func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for range 3 {
				w := open(t, newStore(t), dataset.Options{Workers: 1 + r.IntN(4)})
				rows := append([][]byte{}, all...)
				r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				var pieces []string
				for len(rows) > 0 {
					n := min(len(rows), 1+r.IntN(120))
					pieces = append(pieces, file(t, lines(rows[:n])))
					rows = rows[n:]
				}
				var accepted int64
				for _, p := range pieces {
					i := w.load(t, p)
					accepted += i.Accepted
				}
				if accepted < counts.Accepted { // a newer version that comes later is accepted as well
					t.Errorf("%d accepted in pieces, %s at once", accepted, counts)
				}
				same(t, "in pieces", want, w.facts(t, "platform"))
				again := int64(1 + r.IntN(len(pieces)))
				w.remove(t, again)
				if got := w.facts(t, "platform"); len(got.Sessions) >= len(want.Sessions) {
					t.Errorf("%d sessions without import %d", len(got.Sessions), again)
				}
				w.load(t, pieces[again-1])
				same(t, "with one removed and imported again", want, w.facts(t, "platform"))
			}
		})
	})
}

// Every fixture, in one import and file by file, as from files.
func TestFixtures(t *testing.T) {
	want, counts := fromFiles(t, "platform", testdata)
	if counts.Quarantined == 0 || counts.Duplicate == 0 {
		t.Errorf("too little to tell: %s", counts)
	}
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		once := open(t, newStore(t), dataset.Options{})
		i := once.load(t, testdata)
		if i.Read != counts.Read || i.Accepted != counts.Accepted || i.Quarantine != counts.Quarantined {
			t.Errorf("%+v, want %s", i, counts)
		}
		same(t, "at once", want, once.facts(t, "platform"))

		apart := open(t, newStore(t), dataset.Options{})
		for _, path := range files(t) {
			if _, err := apart.Import(t.Context(), dataset.ImportOptions{Paths: []string{path}}); err != nil && errs.CodeOf(err) != errs.Input {
				t.Fatal(err)
			}
		}
		same(t, "file by file", want, apart.facts(t, "platform"))
	})
}

func files(t *testing.T) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(testdata, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// The last first: not the order in which a folder is read.
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// Export shapes of one table are one data set.
func TestShapes(t *testing.T) {
	plain := testdata + "/dataverse/conversationtranscripts.json"
	data, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	w := inMemory(t)
	first := w.load(t, plain)
	want := w.facts(t, "platform")
	var list bytes.Buffer
	list.WriteString("[")
	list.Write(bytes.TrimSpace(data))
	list.WriteString("]")
	second := w.load(t, file(t, list.Bytes()))
	if second.Duplicate != first.Read || second.Accepted != 0 {
		t.Errorf("another shape: %+v after %+v", second, first)
	}
	same(t, "another shape", want, w.facts(t, "platform"))
}

// A record's newer version stands, and when its import goes the older one does again.
func TestSupersededComesBack(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		old, edited := row{ID: "r1", Conversation: "c", Bot: "b1", Version: 1, Topic: "Old"}, row{ID: "r1", Conversation: "c", Bot: "b1", Version: 2, Topic: "New"}
		w.text(t, rows(old))
		before := w.facts(t, "platform")
		if i := w.text(t, rows(edited)); i.Accepted != 1 || i.Touched != 1 {
			t.Errorf("newer: %+v", i)
		}
		if got := w.facts(t, "platform").Sessions; len(got) != 1 || got[0].TopicName != "New" {
			t.Fatalf("%+v", got)
		}
		w.remove(t, 2)
		same(t, "the older one again", before, w.facts(t, "platform"))

		// The other way round: the older one comes late.
		other := open(t, newStore(t), dataset.Options{})
		other.text(t, rows(edited))
		if i := other.text(t, rows(old)); i.Superseded != 1 || i.Accepted != 0 {
			t.Errorf("older: %+v", i)
		}
		if got := other.facts(t, "platform").Sessions; got[0].TopicName != "New" {
			t.Errorf("%+v", got)
		}
		other.remove(t, 1)
		same(t, "the older one alone", before, other.facts(t, "platform"))
	})
}

// Removing takes back what only that import brought.
func TestRemove(t *testing.T) {
	a, b, c := row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "1", Bot: "x", Minute: 120, Topic: "B"}, row{ID: "c", Conversation: "2", Bot: "x", Topic: "C"}
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(a, c))
		w.text(t, rows(a, b))
		same3 := w.facts(t, "platform")
		if len(same3.Sessions) != 3 {
			t.Fatalf("%d sessions", len(same3.Sessions))
		}
		gone := w.remove(t, 1)
		if gone.RemovedAt == 0 || gone.Accepted != 2 {
			t.Errorf("%+v", gone)
		}
		want, _ := fromFiles(t, "platform", file(t, []byte(rows(a, b))))
		same(t, "without the first", want, w.facts(t, "platform"))
		// What was handed on by the removed import is still found when everything is derived anew.
		w.apply(t, "guidance-2023")
		if got := w.facts(t, "guidance-2023").Sessions; len(got) != 2 {
			t.Errorf("%d sessions derived anew", len(got))
		}
		w.remove(t, 2)
		if got := w.facts(t, "platform"); len(got.Sessions)+len(got.Billed)+len(got.Utterances) > 0 {
			t.Errorf("left behind: %+v", got)
		}
		for id, code := range map[int64]errs.Code{1: errs.Conflict, 3: errs.NotFound} {
			if _, err := w.Remove(t.Context(), id, nil); errs.CodeOf(err) != code {
				t.Errorf("import %d: %v", id, err)
			}
		}
		w.text(t, rows(c, b))
		w.text(t, rows(a))
		same(t, "again", same3, w.facts(t, "platform"))
		all, err := w.Imports(t.Context())
		if err != nil || len(all) != 4 || all[0].ID != 4 || all[3].RemovedAt == 0 || all[0].RemovedAt != 0 {
			t.Errorf("%+v %v", all, err)
		}
	})
}

// A bot whose id becomes known late is one bot from then on, also in what was imported before; and two again when that is taken back.
func TestAliasLearnedLate(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(row{ID: "a", Conversation: "1", Schema: "cr1_shop", Topic: "A"}))
		if got := w.facts(t, "platform").Sessions; got[0].Bot != "cr1_shop" {
			t.Fatalf("%+v", got)
		}
		before := w.facts(t, "platform")
		i := w.text(t, rows(row{ID: "b", Conversation: "2", Schema: "cr1_shop", Bot: "id-1", Topic: "A"}))
		if i.Touched != 2 {
			t.Errorf("%d conversations touched, want both", i.Touched)
		}
		for _, s := range w.facts(t, "platform").Sessions {
			if s.Bot != "id-1" {
				t.Errorf("conversation %s is of bot %s", s.Conversation, s.Bot)
			}
		}
		w.remove(t, 2)
		same(t, "taken back", before, w.facts(t, "platform"))
	})
}

// Sessions of a CSV give way to transcripts of the same bot and day, whichever came first.
func TestExportedSessionsGiveWay(t *testing.T) {
	csv := "SessionID,StartDateTime,SessionOutcome,TopicName\ns1,2026-03-02 09:30:00,Resolved,A\ns2,2026-03-05 09:30:00,Resolved,A\n"
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, csv)
		before := w.facts(t, "platform")
		if len(before.Sessions) != 2 {
			t.Fatalf("%+v", before.Sessions)
		}
		transcripts := rows(row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"})
		w.text(t, transcripts)
		want, _ := fromFiles(t, "platform", file(t, []byte(csv)), file(t, []byte(transcripts)))
		if len(want.Sessions) != 2 {
			t.Fatalf("%+v", want.Sessions)
		}
		same(t, "given way", want, w.facts(t, "platform"))
		w.remove(t, 2)
		same(t, "taken back", before, w.facts(t, "platform"))
	})
}

// What cannot be read is kept where it can be seen, and grouped by why.
func TestQuarantine(t *testing.T) {
	w := inMemory(t)
	bad := `{"conversationtranscriptid":"x%","conversationstarttime":"2026-03-02T09:00:00Z","content":"{\"activities\":[{\"type\":\"message\",\"timestamp\":99999999999999}]}"}`
	i := w.text(t, rows(row{ID: "a", Conversation: "1", Bot: "x"})+strings.ReplaceAll(bad, "%", "1")+"\n"+strings.ReplaceAll(bad, "%", "2")+"\n")
	if i.Quarantine != 2 || i.Accepted != 1 || len(i.Reasons) != 1 || i.Reasons[0].Rows != 2 {
		t.Errorf("%+v", i)
	}
	var got []store.Reject
	if err := w.Rejects(t.Context(), 1, func(r store.Reject) error { got = append(got, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Number != 1 || got[1].Origin.Row != 3 || string(got[1].Raw) != strings.ReplaceAll(bad, "%", "2") {
		t.Errorf("%+v", got)
	}
	if err := w.Rejects(t.Context(), 2, nil); errs.CodeOf(err) != errs.NotFound {
		t.Error(err)
	}

	// Nothing but quarantine is an import that people can look at; nothing at all is none.
	if i := w.text(t, bad); i.Quarantine != 1 || i.ID != 2 {
		t.Errorf("%+v", i)
	}
	if _, err := w.Import(t.Context(), dataset.ImportOptions{Paths: []string{file(t, []byte("[]"))}}); errs.CodeOf(err) != errs.Input {
		t.Error(err)
	}
	if _, err := w.Import(t.Context(), dataset.ImportOptions{Paths: []string{filepath.Join(t.TempDir(), "none")}}); errs.CodeOf(err) != errs.NotFound {
		t.Error(err)
	}
	if all, err := w.Imports(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%+v %v", all, err)
	}
}

// A conversation that is larger than may be held is quarantined: whole, or what would make a stored one too large.
func TestTooLarge(t *testing.T) {
	w := open(t, memory.New(), dataset.Options{MostBytes: 10_000})
	long := func(id string, minute, bytes int) row {
		// What does not compress.
		r, text := rand.New(rand.NewPCG(uint64(minute), 1)), make([]byte, bytes)
		for i := range text {
			text[i] = 'a' + byte(r.IntN(26))
		}
		return row{ID: id, Conversation: "1", Bot: "x", Topic: string(text), Minute: minute}
	}
	if i := w.text(t, rows(long("a", 0, 12_000), row{ID: "b", Conversation: "2", Bot: "x", Topic: "A"})); i.Quarantine != 1 || i.Accepted != 1 {
		t.Errorf("at once: %+v", i)
	}
	if i := w.text(t, rows(long("a", 0, 2500))); i.Accepted != 1 {
		t.Errorf("%+v", i)
	}
	before := w.facts(t, "platform")
	if i := w.text(t, rows(long("b", 1, 2500), long("c", 2, 2500))); i.Quarantine+i.Accepted != 2 || i.Quarantine == 0 {
		t.Errorf("later: %+v", i)
	}
	same(t, "what was there", before, w.facts(t, "platform"))
	if i := w.text(t, rows(long("a", 0, 2500))); i.Duplicate != 1 {
		t.Errorf("again: %+v", i)
	}
}

// An import that stops leaves nothing, wherever it stops.
func TestInterrupted(t *testing.T) {
	whole := file(t, lines(made(t, 200, 3)))
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		before, err := w.Generation(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		running := runtime.NumGoroutine()
		for _, stop := range []string{"reading", "deriving", "writing"} {
			ctx, cancel := context.WithCancel(t.Context())
			p := &dataset.Progress{}
			in := &stopper{Context: ctx, stop: func() bool { return p.Stage() == stop }, cancel: cancel}
			_, err := w.Import(in, dataset.ImportOptions{Paths: []string{whole}, Progress: p})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", stop, err)
			}
			if g, err := w.Generation(t.Context()); err != nil || g != before {
				t.Errorf("%s: generation %d, was %d: %v", stop, g, before, err)
			}
			if f := w.facts(t, "platform"); len(f.Sessions) > 0 {
				t.Errorf("%s: %d sessions", stop, len(f.Sessions))
			}
			for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > running && time.Now().Before(end); {
				runtime.Gosched()
			}
			if n := runtime.NumGoroutine(); n > running {
				t.Errorf("%s: %d goroutines, were %d", stop, n, running)
			}
		}
		if i := w.load(t, whole); i.ID != 1 || i.Touched != 200 {
			t.Errorf("%+v", i)
		}
	})
}

// stopper is a context that ends when somebody looks at it in a certain moment.
type stopper struct {
	context.Context
	stop   func() bool
	cancel func()
}

// Err implements context.Context.
func (s *stopper) Err() error {
	if s.stop() {
		s.cancel()
	}
	return s.Context.Err()
}

// Done implements context.Context.
func (s *stopper) Done() <-chan struct{} {
	if s.stop() {
		s.cancel()
	}
	return s.Context.Done()
}
