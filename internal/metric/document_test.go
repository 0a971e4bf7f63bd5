package metric

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// docs/metrics.md is what the code says. UPDATE_DOCS=1 writes it again.
func TestDocument(t *testing.T) {
	const file = "../../docs/metrics.md"
	var page bytes.Buffer
	if err := Document(&page); err != nil {
		t.Fatal(err)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(file, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("docs/metrics.md is not what the code says; UPDATE_DOCS=1 writes it again (-file +code):\n%s", diff)
	}
}
