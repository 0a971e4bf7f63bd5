package duckdb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/fact"
	"rapport/internal/store"
)

// stagedWorld is what a data set should hold: the ids of sessions by projection and key. Billed sessions and utterances have the same.
type stagedWorld map[int64]map[int64][]string

func (w stagedWorld) clone() stagedWorld {
	out := stagedWorld{}
	for projection, keys := range w {
		out[projection] = maps.Clone(keys)
	}
	return out
}

// TestStagingAgrees replaces facts at random, several times in one update and with little, some or all of them staged, beside projections that
// come and go and updates that fail; what is left is held against maps.
func TestStagingAgrees(t *testing.T) {
	errFail := errors.New("on purpose")
	for seed, staged := range []int{1, 3_000, 20_000, 200_000, 0} {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		dir := t.TempDir()
		s := openWith(t, dir, Options{StagedBytes: staged})
		world := stagedWorld{}
		for range 12 {
			next, fail := world.clone(), r.IntN(4) == 0
			err := s.Update(t.Context(), func(tx store.Tx) error {
				for range 1 + r.IntN(30) {
					if err := stagedStep(t.Context(), tx, next, r); err != nil {
						return err
					}
				}
				if fail {
					return errFail
				}
				return nil
			})
			if fail != errors.Is(err, errFail) || !fail && err != nil {
				t.Fatal(err)
			}
			if !fail {
				world = next
			}
			if diff := cmp.Diff(world, storedWorld(t, s)); diff != "" {
				t.Fatalf("%d bytes staged (- wanted, + got):\n%s", staged, diff)
			}
		}
	}
}

// stagedStep does one thing to a data set and to what it should hold.
func stagedStep(ctx context.Context, tx store.Tx, w stagedWorld, r *rand.Rand) error {
	projections := slices.Sorted(maps.Keys(w))
	what := r.IntN(14)
	switch {
	case what == 0 && len(w) < 4 || len(w) == 0:
		id, err := tx.CreateProjection(ctx, store.Projection{Name: "p"})
		w[id] = map[int64][]string{}
		return err
	case what == 1 && len(w) > 1:
		gone := projections[r.IntN(len(projections))]
		delete(w, gone)
		return tx.DropProjection(ctx, gone)
	case what == 2:
		return tx.Flush(ctx)
	}
	projection := projections[r.IntN(len(projections))]
	have, existed := w[projection], r.IntN(2) == 0
	var f fact.Facts
	var keys []int64
	for range 1 + r.IntN(40) {
		key := int64(r.IntN(300))
		if _, there := have[key]; slices.Contains(keys, key) || there && !existed {
			continue
		}
		keys = append(keys, key)
		var rows []string
		for n := range r.IntN(4) {
			id, at := fmt.Sprint(key, "-", r.IntN(1_000_000)), int64(r.IntN(100_000))
			f.Sessions = append(f.Sessions, fact.Session{Key: key, Conversation: id, StartedAt: at, User: strings.Repeat("u", n)})
			f.Billed = append(f.Billed, fact.Billed{Key: key, Conversation: id, StartedAt: at})
			f.Utterances = append(f.Utterances, fact.Utterance{Key: key, Conversation: id, StartedAt: at, Text: id, Folded: id})
			rows = append(rows, id)
		}
		delete(have, key)
		if len(rows) > 0 {
			have[key] = slices.Sorted(slices.Values(rows))
		}
	}
	err := tx.Replace(ctx, projection, keys, existed, &f)
	clear(f.Sessions) // which stay the caller's
	return err
}

// storedWorld is what a data set holds.
func storedWorld(t *testing.T, s *Store) stagedWorld {
	t.Helper()
	w := stagedWorld{}
	err := s.View(t.Context(), func(v store.View) error {
		projections, err := v.Projections(t.Context())
		if err != nil {
			return err
		}
		for _, p := range projections {
			sessions, billed, utterances := map[int64][]string{}, map[int64][]string{}, map[int64][]string{}
			err := errors.Join(
				v.Sessions(t.Context(), p.ID, store.Selection{}, func(row *fact.Session) error {
					sessions[row.Key] = append(sessions[row.Key], row.Conversation)
					p.Sessions--
					return nil
				}),
				v.Billed(t.Context(), p.ID, store.Selection{}, func(row *fact.Billed) error {
					billed[row.Key] = append(billed[row.Key], row.Conversation)
					return nil
				}),
				v.Utterances(t.Context(), p.ID, store.Selection{}, store.UtteranceFilter{}, func(row *fact.Utterance) error {
					utterances[row.Key] = append(utterances[row.Key], row.Folded)
					return nil
				}),
			)
			if err != nil {
				return err
			}
			for _, rows := range []map[int64][]string{sessions, billed, utterances} {
				for _, ids := range rows {
					slices.Sort(ids)
				}
				if diff := cmp.Diff(sessions, rows); diff != "" {
					t.Errorf("tables of projection %d differ:\n%s", p.ID, diff)
				}
			}
			if p.Sessions != 0 {
				t.Errorf("projection %d counts %d sessions too many", p.ID, p.Sessions)
			}
			w[p.ID] = sessions
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestStagedTexts: what is staged is counted, and rows of one conversation share its id, however long.
func TestStagedTexts(t *testing.T) {
	const rows, long = 100, 1 << 20
	said := make([]fact.Utterance, rows)
	for i := range said {
		said[i] = fact.Utterance{Conversation: strings.Repeat("c", long), Text: fmt.Sprint("text ", i), Folded: fmt.Sprint("text ", i)}
	}
	columns := newColumnLists().unlike.utterances
	if n := together(said, columns); n < long || n > long+rows*(1<<10) {
		t.Errorf("%d bytes are counted for an id of %d", n, long)
	}
	for i := range said {
		if unsafe.StringData(said[i].Conversation) != unsafe.StringData(said[0].Conversation) {
			t.Fatalf("row %d has an id of its own", i)
		}
		if want := fmt.Sprint("text ", i); said[i].Text != want || said[i].Folded != want || len(said[i].Conversation) != long {
			t.Fatalf("row %d is %q, %q", i, said[i].Text, said[i].Folded)
		}
	}
}

// TestLargeParcels: parcels that are too large to wait whole go in piece by piece, and rows stay in order.
func TestLargeParcels(t *testing.T) {
	s := open(t, t.TempDir())
	projection := load(t, s, 0)
	const rows = 2*parcelRows + 10
	var f fact.Facts
	for i := range int64(rows) {
		f.Sessions = append(f.Sessions, fact.Session{Key: i, StartedAt: rows - i, User: strings.Repeat("u", 3*heldBytes/parcelRows)})
	}
	err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Replace(t.Context(), projection, nil, false, &f) })
	if err != nil {
		t.Fatal(err)
	}
	if !inOrder(t, s, projection) {
		t.Error("rows are not in the order of their start")
	}
	err = s.View(t.Context(), func(v store.View) error {
		if n := counted(t, v, projection); n != rows {
			t.Errorf("%d rows instead of %d", n, rows)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
