// Package storetest is what every store must do. A store's own tests call Exercise and Agree; the store that is held against is memory.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rapport/internal/store"
)

// Exercise holds a store to the promises of package store. open returns an empty data set that nobody else uses, and sees to its end.
func Exercise(t *testing.T, open func(t *testing.T) store.Store) {
	for _, group := range []struct {
		name  string
		tests []promise
	}{
		{"transactions", transactions()},
		{"records", records()},
		{"imports", imports()},
		{"documents", documents()},
		{"projections", projections()},
		{"aggregates", aggregates()},
		{"selections", selections()},
		{"utterances", utterances()},
		{"groups of utterances", utteranceGroups()},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, p := range group.tests {
				t.Run(p.name, func(t *testing.T) { p.hold(t, open(t)) })
			}
		})
	}
}

// promise is one thing that stores promise.
type promise struct {
	name string
	hold func(t *testing.T, s store.Store)
}

// errStop is what callbacks of tests end with.
var errStop = errors.New("enough")

// view reads, update changes; an error ends the test.
func view(t *testing.T, s store.Store, f func(ctx context.Context, v store.View)) {
	t.Helper()
	ok(t, s.View(t.Context(), func(v store.View) error { f(t.Context(), v); return nil }))
}

func update(t *testing.T, s store.Store, f func(ctx context.Context, tx store.Tx)) {
	t.Helper()
	ok(t, s.Update(t.Context(), func(tx store.Tx) error { f(t.Context(), tx); return nil }))
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got is a value whose error ends the test.
func got[T any](value T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		ok(t, err)
		return value
	}
}

// same reports a difference. Nothing and an empty list are the same.
func same(t *testing.T, what string, want, have any) {
	t.Helper()
	if reflect.DeepEqual(want, have) {
		return // which is quicker to see
	}
	// Without the filter two ways to compare nothing with nothing would be at odds; element by element, raw records take for ever.
	raw := cmp.FilterValues(func(a, b []byte) bool { return len(a)+len(b) > 0 }, cmp.Comparer(bytes.Equal))
	if diff := cmp.Diff(want, have, cmpopts.EquateEmpty(), raw); diff != "" {
		t.Errorf("%s (- wanted, + got):\n%s", what, diff)
	}
}

// collect gathers what a callback is given.
func collect[T any](t *testing.T, each func(yield func(T) error) error) []T {
	t.Helper()
	var all []T
	ok(t, each(func(v T) error { all = append(all, v); return nil }))
	return all
}

// collectRows likewise, for rows that are valid only until the callback returns.
func collectRows[Row any](t *testing.T, each func(yield func(*Row) error) error) []Row {
	t.Helper()
	var all []Row
	ok(t, each(func(row *Row) error { all = append(all, *row); return nil }))
	return all
}

// stops holds that each ends with the error that a callback returns, and calls it no more.
func stops[T any](t *testing.T, what string, each func(yield func(T) error) error) {
	t.Helper()
	calls := 0
	err := each(func(T) error { calls++; return errStop })
	if !errors.Is(err, errStop) || calls != 1 {
		t.Errorf("%s: %d calls, then the error %v; one call and the callback's own error are wanted", what, calls, err)
	}
}
