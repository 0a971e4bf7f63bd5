// Package memory keeps a data set in maps and slices: slow, obvious and gone with the process. It is what other stores are held against,
// and what tests run on.
package memory

import (
	"context"
	"errors"
	"maps"
	"sync"

	"rapport/internal/store"
)

var (
	_ store.Store = (*Store)(nil)
	_ store.Tx    = (*tx)(nil)
)

// errClosed is what a closed store answers.
var errClosed = errors.New("the data set is closed")

// Store is a data set in memory.
type Store struct {
	turn chan struct{} // holds one thing while an Update runs

	mu     sync.Mutex // guards what follows
	latest *state     // never changed once it is here
	closed bool
}

// New returns an empty data set.
func New() *Store {
	return &Store{turn: make(chan struct{}, 1), latest: &state{
		records:     map[int64]record{},
		imports:     map[int64]store.Import{},
		rejects:     map[int64][]store.Reject{},
		projections: map[int64]projection{},
		documents:   map[documentName][]store.Document{},
	}}
}

// state is all there is at one generation. It is also the View of it.
type state struct {
	generation int64
	// The highest ids that were ever used.
	lastRecord, lastImport, lastProjection int64

	records     map[int64]record
	imports     map[int64]store.Import
	rejects     map[int64][]store.Reject
	projections map[int64]projection
	documents   map[documentName][]store.Document // versions, ascending
}

// clone is a state that can be changed without anybody noticing: what the maps hold is replaced, never written into.
func (s *state) clone() *state {
	c := *s
	c.records = maps.Clone(s.records)
	c.imports = maps.Clone(s.imports)
	c.rejects = maps.Clone(s.rejects)
	c.documents = maps.Clone(s.documents)
	c.projections = map[int64]projection{}
	for id, p := range s.projections {
		p.facts = maps.Clone(p.facts)
		c.projections[id] = p
	}
	return &c
}

// tx is a state that is being changed. What is written is visible to it at once.
type tx struct{ *state }

// View implements store.Store.
func (s *Store) View(ctx context.Context, f func(store.View) error) error {
	latest, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	return f(latest)
}

// Update implements store.Store.
func (s *Store) Update(ctx context.Context, f func(store.Tx) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	latest, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	next := latest.clone()
	if err := f(&tx{next}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	next.generation++
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latest = next
	return nil
}

// Close implements store.Store.
func (s *Store) Close() error {
	if err := s.enter(context.Background()); err != nil {
		return err
	}
	defer s.leave()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// enter waits for the turn to change something.
func (s *Store) enter(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Store) leave() { <-s.turn }

func (s *Store) snapshot(ctx context.Context) (*state, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	return s.latest, nil
}

// Generation implements store.View.
func (s *state) Generation() int64 { return s.generation }

// Flush implements store.Tx.
func (t *tx) Flush(ctx context.Context) error { return ctx.Err() }
