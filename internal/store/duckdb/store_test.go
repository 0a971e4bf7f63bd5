package duckdb

import (
	"testing"

	"rapport/internal/store"
	"rapport/internal/store/memory"
	"rapport/internal/store/storetest"
)

func TestExercise(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) store.Store { return open(t, t.TempDir()) })
}

// TestAgree holds DuckDB against the slow and obvious store.
func TestAgree(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	storetest.Agree(t, memory.New(), open(t, t.TempDir()), n)
}
