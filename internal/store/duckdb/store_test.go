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

// TestExerciseMerged merges facts as soon as they come, so that what an update writes twice is deleted in between.
func TestExerciseMerged(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) store.Store { return openWith(t, t.TempDir(), Options{StagedBytes: 1}) })
}

// TestAgree holds DuckDB against the slow and obvious store.
func TestAgree(t *testing.T) {
	n := 1000
	if testing.Short() {
		n = 100
	}
	storetest.Agree(t, memory.New(), open(t, t.TempDir()), n)
}
