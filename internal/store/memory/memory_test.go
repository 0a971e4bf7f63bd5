package memory

import (
	"testing"

	"rapport/internal/store"
	"rapport/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Exercise(t, func(*testing.T) store.Store { return New() })
}

// TestAgree holds the questions themselves to something: they can be asked, and most of them have an answer.
func TestAgree(t *testing.T) { storetest.Agree(t, New(), New(), 200) }
