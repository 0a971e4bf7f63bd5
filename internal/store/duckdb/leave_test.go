package duckdb

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"rapport/internal/store"
)

// Whoever leaves while a transaction begins spoils no connection for those who come after.
func TestLeavingSpoilsNoConnection(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{MemoryLimit: 512 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nothing := func(store.View) error { return nil }
	var all sync.WaitGroup
	for range maxViews {
		all.Go(func() {
			for range 200 {
				// Longer than it takes to find a connection, shorter than it takes to begin.
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(600))*time.Microsecond)
				_ = s.View(ctx, nothing) // given up, or not
				cancel()
			}
		})
	}
	all.Wait()
	for range 10 * maxViews {
		all.Go(func() {
			if err := s.View(t.Context(), nothing); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
