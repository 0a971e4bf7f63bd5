//go:build unix

package source_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/source"
)

// A pipe that nobody writes to is left out of globs as of folders: opening it would wait forever.
func TestPipesAreLeftOut(t *testing.T) {
	dir := folder(t, map[string]string{"a.json": "[]"})
	if err := syscall.Mkfifo(filepath.Join(dir, "b.json"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	for _, path := range []string{"", "*", "**"} {
		if diff := cmp.Diff([]string{"a.json: []"}, walk(t, dir, source.Options{}, path)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", path, diff)
		}
	}
}
