package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

func transactions() []promise {
	return []promise{
		{"the generation counts updates", generation},
		{"an update that fails leaves nothing", failedUpdate},
		{"an update that panics leaves nothing", panickedUpdate},
		{"a view is one snapshot", snapshot},
		{"views go on while an update runs", viewsGoOn},
		{"an update sees what it wrote", ownWrites},
		{"updates run one after the other", serialUpdates},
		{"waiting for an update ends with its context", impatientUpdate},
		{"an ended context ends what is asked", endedContext},
		{"an update that is cancelled happens whole or not at all", cancelledUpdate},
		{"closing waits for the update that runs", closing},
	}
}

func generationOf(t *testing.T, s store.Store) (g int64) {
	t.Helper()
	view(t, s, func(_ context.Context, v store.View) { g = v.Generation() })
	return g
}

func generation(t *testing.T, s store.Store) {
	same(t, "generation of a new data set", int64(0), generationOf(t, s))
	for n := range int64(3) {
		update(t, s, func(_ context.Context, tx store.Tx) {
			same(t, "generation within an update", n, tx.Generation())
		})
		same(t, "generation after an update, also one that wrote nothing", n+1, generationOf(t, s))
	}
	if err := s.Update(t.Context(), func(store.Tx) error { return errStop }); !errors.Is(err, errStop) {
		t.Errorf("the update's error is %v, not its function's", err)
	}
	same(t, "generation after an update that failed", int64(3), generationOf(t, s))
}

// world is everything that a View can tell of a small data set.
type world struct {
	Generation  int64
	Records     []store.Record
	Split       []int64
	Imports     []store.Import
	Rejects     []store.Reject
	Projections []store.Projection
	Sessions    []fact.Session
	Billed      []fact.Billed
	Utterances  []fact.Utterance
	Counts      []measure.Row
	Definitions []store.Document
	History     []store.Document
}

func worldOf(t *testing.T, v store.View) world {
	t.Helper()
	ctx := t.Context()
	w := world{
		Generation:  v.Generation(),
		Records:     collect(t, func(y func(store.Record) error) error { return v.Each(ctx, y) }),
		Split:       got(v.Split(ctx))(t),
		Imports:     got(v.Imports(ctx))(t),
		Rejects:     collect(t, func(y func(store.Reject) error) error { return v.Rejects(ctx, 1, y) }),
		Projections: got(v.Projections(ctx))(t),
		Definitions: got(v.DocumentsOf(ctx, store.KindDefinition))(t),
		History:     got(v.History(ctx, store.KindDefinition, "platform"))(t),
	}
	for _, p := range w.Projections {
		sel := store.Selection{}
		w.Sessions = append(w.Sessions, sessionsOf(t, v, p.ID, sel)...)
		w.Billed = append(w.Billed, collectRows(t, func(y func(*fact.Billed) error) error { return v.Billed(ctx, p.ID, sel, y) })...)
		w.Utterances = append(w.Utterances, utterancesOf(t, v, p.ID, sel, store.UtteranceFilter{})...)
		count := measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{{Func: measure.Count}}}
		w.Counts = append(w.Counts, got(v.Aggregate(ctx, p.ID, count))(t)...)
	}
	return w
}

func snapshotOf(t *testing.T, s store.Store) (w world) {
	t.Helper()
	view(t, s, func(_ context.Context, v store.View) { w = worldOf(t, v) })
	return w
}

// write puts a little of everything into the data set; n tells one time from another.
func write(t *testing.T, ctx context.Context, tx store.Tx, n int64) {
	t.Helper()
	imported := got(tx.NextImport(ctx))(t)
	ok(t, tx.AddRecord(ctx, store.Record{
		ID: got(tx.NextRecord(ctx))(t), Key: fact.KeyOf("a"), Import: imported, Conversation: "a", Raw: fmt.Append(nil, "raw ", n),
	}))
	ok(t, tx.AddReject(ctx, store.Reject{Import: imported, Number: 1, Reason: fmt.Sprint("reason ", n)}))
	ok(t, tx.PutImport(ctx, store.Import{ID: imported, StartedAt: n}))
	ok(t, tx.PutDocument(ctx, store.Document{Kind: store.KindDefinition, Name: "platform", Version: n, Body: fmt.Sprint("body ", n)}))
	projection := got(tx.CreateProjection(ctx, store.Projection{Name: fmt.Sprint("projection ", n)}))(t)
	facts := conversation("bot", "a", 2)
	ok(t, tx.Replace(ctx, projection, []int64{fact.KeyOf("a")}, false, facts))
	ok(t, tx.Flush(ctx))
}

// undo changes and takes away what write wrote.
func undo(t *testing.T, ctx context.Context, tx store.Tx) {
	t.Helper()
	got(tx.RemoveImport(ctx, 1))(t)
	ok(t, tx.PutImport(ctx, store.Import{ID: 1, RemovedAt: 9}))
	ok(t, tx.PutDocument(ctx, store.Document{Kind: store.KindDefinition, Name: "platform", Version: 2, Deleted: true}))
	projections := got(tx.Projections(ctx))(t)
	ok(t, tx.Replace(ctx, projections[0].ID, []int64{fact.KeyOf("a")}, true, &fact.Facts{}))
	ok(t, tx.DropProjection(ctx, projections[0].ID))
	ok(t, tx.Flush(ctx))
}

func failedUpdate(t *testing.T, s store.Store) {
	for _, what := range []string{"an empty data set", "a data set with something in it"} {
		before := snapshotOf(t, s)
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if len(before.Records) > 0 {
				undo(t, t.Context(), tx)
				write(t, t.Context(), tx, 3)
			} else {
				write(t, t.Context(), tx, 1)
			}
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Fatalf("%s: the update's error is %v, not its function's", what, err)
		}
		same(t, what+" after an update that failed", before, snapshotOf(t, s))
		if len(before.Records) == 0 {
			update(t, s, func(ctx context.Context, tx store.Tx) { write(t, ctx, tx, 1) })
		}
	}
}

func panickedUpdate(t *testing.T, s store.Store) {
	before := snapshotOf(t, s)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Update(t.Context(), func(tx store.Tx) error {
			write(t, t.Context(), tx, 1)
			panic("a fault of the caller")
		})
	}()
	same(t, "the data set after a panic", before, snapshotOf(t, s))
	update(t, s, func(ctx context.Context, tx store.Tx) { write(t, ctx, tx, 1) })
}

func snapshot(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, tx store.Tx) { write(t, ctx, tx, 1) })
	before := snapshotOf(t, s)
	// Nothing was asked of the one view when the update ends, and everything of the other.
	view(t, s, func(_ context.Context, fresh store.View) {
		view(t, s, func(_ context.Context, used store.View) {
			same(t, "the view", before, worldOf(t, used))
			update(t, s, func(ctx context.Context, tx store.Tx) {
				undo(t, ctx, tx)
				write(t, ctx, tx, 3)
			})
			same(t, "the view, asked again after an update", before, worldOf(t, used))
			same(t, "the view, first asked after an update", before, worldOf(t, fresh))
		})
	})
	if after := snapshotOf(t, s); after.Generation != before.Generation+1 || after.Imports[0].StartedAt != 3 {
		t.Errorf("a view that starts after the update sees generation %d, imports %v", after.Generation, after.Imports)
	}
}

func viewsGoOn(t *testing.T, s store.Store) {
	update(t, s, func(ctx context.Context, tx store.Tx) { write(t, ctx, tx, 1) })
	before := snapshotOf(t, s)
	update(t, s, func(ctx context.Context, tx store.Tx) {
		undo(t, ctx, tx)
		write(t, ctx, tx, 3)
		same(t, "a view while an update runs", before, snapshotOf(t, s))
	})
	if after := generationOf(t, s); after != before.Generation+1 {
		t.Errorf("generation %d after the update, %d before", after, before.Generation)
	}
}

func ownWrites(t *testing.T, s store.Store) {
	var within world
	update(t, s, func(ctx context.Context, tx store.Tx) {
		write(t, ctx, tx, 1)
		within = worldOf(t, tx)
		if len(within.Records) != 1 || len(within.Rejects) != 1 || len(within.History) != 1 {
			t.Errorf("the update does not see what it wrote: %+v", within)
		}
	})
	within.Generation++
	after := snapshotOf(t, s)
	if len(after.Sessions) != 2 {
		t.Errorf("a view after the update sees %d sessions instead of 2", len(after.Sessions))
	}
	same(t, "what a view sees after the update, against what the update saw", within.withoutFacts(), after.withoutFacts())
}

// withoutFacts is the world but for facts, which an update need not see before it is over.
func (w world) withoutFacts() world {
	w.Sessions, w.Billed, w.Utterances, w.Counts = nil, nil, nil, nil
	w.Projections = slices.Clone(w.Projections)
	for i := range w.Projections {
		w.Projections[i].Sessions = 0
	}
	return w
}

func serialUpdates(t *testing.T, s store.Store) {
	const writers, turns = 6, 4
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range turns {
				err := s.Update(t.Context(), func(tx store.Tx) error {
					latest, err := tx.Document(t.Context(), store.KindCatalogue, "topics")
					if err != nil && errs.CodeOf(err) != errs.NotFound {
						return err
					}
					latest.Kind, latest.Name = store.KindCatalogue, "topics"
					latest.Version++
					return tx.PutDocument(t.Context(), latest)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() { // readers among them
			for range turns {
				err := s.View(t.Context(), func(v store.View) error {
					history, err := v.History(t.Context(), store.KindCatalogue, "topics")
					if int64(len(history)) != v.Generation() {
						t.Errorf("%d versions at generation %d", len(history), v.Generation())
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, s, func(ctx context.Context, v store.View) {
		latest := got(v.Document(ctx, store.KindCatalogue, "topics"))(t)
		same(t, "version after as many updates", int64(writers*turns), latest.Version)
	})
}

func impatientUpdate(t *testing.T, s store.Store) {
	running, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		err := s.Update(t.Context(), func(store.Tx) error {
			close(running)
			<-release
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-running
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() { cancel() })
	err := s.Update(ctx, func(store.Tx) error {
		t.Error("two updates run at once")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("waiting ended with %v", err)
	}
	close(release)
	wg.Wait()
	same(t, "generation", int64(1), generationOf(t, s))
}

func endedContext(t *testing.T, s store.Store) {
	var projection int64
	update(t, s, func(ctx context.Context, tx store.Tx) {
		projection = got(tx.CreateProjection(ctx, store.Projection{}))(t)
		ok(t, tx.Replace(ctx, projection, []int64{fact.KeyOf("a")}, false, conversation("bot", "a", 50)))
		for n := range int64(50) {
			ok(t, tx.AddRecord(ctx, store.Record{ID: n + 1, Key: 1, Import: 1, Conversation: "a", Raw: []byte("raw")}))
		}
	})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	wants := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	wants("view", s.View(ended, func(store.View) error { return nil }))
	wants("update", s.Update(ended, func(store.Tx) error { return nil }))
	view(t, s, func(_ context.Context, v store.View) {
		_, err := v.Aggregate(ended, projection, measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{{Func: measure.Count}}})
		wants("aggregate", err)
		_, err = v.Split(ended)
		wants("split", err)
		// In the middle of a list too: who left does not wait for its end.
		midway := func(what string, list func(ctx context.Context, row func() error) error) {
			t.Helper()
			rows := 0
			ctx, cancel := context.WithCancel(t.Context())
			wants(what, list(ctx, func() error { rows++; cancel(); return nil }))
			if rows == 50 {
				t.Errorf("%s: all rows came, though nobody waited for them", what)
			}
		}
		midway("sessions", func(ctx context.Context, row func() error) error {
			return v.Sessions(ctx, projection, store.Selection{}, func(*fact.Session) error { return row() })
		})
		midway("utterances", func(ctx context.Context, row func() error) error {
			return v.Utterances(ctx, projection, store.Selection{}, store.UtteranceFilter{}, func(*fact.Utterance) error { return row() })
		})
		midway("records", func(ctx context.Context, row func() error) error {
			return v.Each(ctx, func(store.Record) error { return row() })
		})
	})
}

func cancelledUpdate(t *testing.T, s store.Store) {
	before := snapshotOf(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx store.Tx) error {
		write(t, ctx, tx, 1)
		cancel()
		return nil
	})
	after := snapshotOf(t, s)
	if err != nil {
		same(t, "after an update that was cancelled", before, after)
	} else if len(after.Records) != 1 || len(after.Sessions) != 2 || after.Generation != before.Generation+1 {
		t.Errorf("the update says that it happened, but there is %+v", after)
	}
	update(t, s, func(_ context.Context, _ store.Tx) {})
}

func closing(t *testing.T, s store.Store) {
	running, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	over := false // written before the update ends, read after Close: a race is a failure
	wg.Go(func() {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			close(running)
			<-release
			over = true
			return tx.PutDocument(t.Context(), store.Document{Kind: store.KindCatalogue, Name: "topics", Version: 1})
		})
		if err != nil {
			t.Errorf("the update that ran when the data set was closed: %v", err)
		}
	})
	<-running
	wg.Go(func() { close(release) })
	ok(t, s.Close())
	if !over {
		t.Error("closed while an update ran")
	}
	wg.Wait()
	if err := s.View(t.Context(), func(store.View) error { return nil }); err == nil {
		t.Error("a closed data set can be read")
	}
	if err := s.Update(t.Context(), func(store.Tx) error { return nil }); err == nil {
		t.Error("a closed data set can be changed")
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
