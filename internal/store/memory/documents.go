package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"rapport/internal/errs"
	"rapport/internal/store"
)

type documentName struct{ kind, name string }

// Document implements store.Documents.
func (s *state) Document(ctx context.Context, kind, name string) (store.Document, error) {
	versions := s.documents[documentName{kind, name}]
	if len(versions) == 0 {
		return store.Document{}, errs.New(errs.NotFound, "", "there is no %s %q", kind, name)
	}
	return versions[len(versions)-1], ctx.Err()
}

// DocumentsOf implements store.Documents.
func (s *state) DocumentsOf(ctx context.Context, kind string) ([]store.Document, error) {
	var all []store.Document
	for name, versions := range s.documents {
		if latest := versions[len(versions)-1]; name.kind == kind && !latest.Deleted {
			all = append(all, latest)
		}
	}
	slices.SortFunc(all, func(a, b store.Document) int { return cmp.Compare(a.Name, b.Name) })
	return all, ctx.Err()
}

// History implements store.Documents.
func (s *state) History(ctx context.Context, kind, name string) ([]store.Document, error) {
	versions := slices.Clone(s.documents[documentName{kind, name}])
	slices.Reverse(versions)
	return versions, ctx.Err()
}

// PutDocument implements store.Tx.
func (t *tx) PutDocument(ctx context.Context, d store.Document) error {
	name := documentName{d.Kind, d.Name}
	versions := t.documents[name]
	if want := int64(len(versions)) + 1; d.Version != want {
		return fmt.Errorf("put %s %q: its version is %d instead of %d", d.Kind, d.Name, d.Version, want)
	}
	t.documents[name] = append(slices.Clip(versions), d)
	return ctx.Err()
}
