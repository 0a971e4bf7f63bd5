package storetest

import (
	"context"
	"testing"

	"rapport/internal/errs"
	"rapport/internal/store"
)

func documents() []promise {
	return []promise{
		{"the latest version counts and the older ones stay", versions},
		{"a deleted document is not listed, and can come back", deletedDocument},
		{"a version is written once", versionTwice},
		{"a document comes back as it was given", documentsComeBack},
	}
}

func put(t *testing.T, s store.Store, documents ...store.Document) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) {
		for _, d := range documents {
			ok(t, tx.PutDocument(ctx, d))
		}
	})
}

func document(name string, version int64) store.Document {
	return store.Document{Kind: store.KindDefinition, Name: name, Version: version, At: 1000 + version, By: "somebody", Body: "body of " + name}
}

func versions(t *testing.T, s store.Store) {
	catalogue := store.Document{Kind: store.KindCatalogue, Name: "platform", Version: 1, Body: "of another kind"}
	put(t, s, document("platform", 1), document("b", 1), document("B", 1), catalogue)
	put(t, s, document("platform", 2), document("platform", 3))
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "latest", document("platform", 3), got(v.Document(ctx, store.KindDefinition, "platform"))(t))
		same(t, "of a kind", []store.Document{document("B", 1), document("b", 1), document("platform", 3)},
			got(v.DocumentsOf(ctx, store.KindDefinition))(t))
		same(t, "history", []store.Document{document("platform", 3), document("platform", 2), document("platform", 1)},
			got(v.History(ctx, store.KindDefinition, "platform"))(t))
		same(t, "of another kind", catalogue, got(v.Document(ctx, store.KindCatalogue, "platform"))(t))
		if _, err := v.Document(ctx, store.KindCatalogue, "b"); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("a document that is not there: %v", err)
		}
		same(t, "history of one that is not there", 0, len(got(v.History(ctx, store.KindCatalogue, "b"))(t)))
		same(t, "documents of a kind without any", 0, len(got(v.DocumentsOf(ctx, "nothing"))(t)))
	})
}

func deletedDocument(t *testing.T, s store.Store) {
	gone := document("a", 2)
	gone.Deleted, gone.Body = true, ""
	put(t, s, document("a", 1), document("b", 1), gone)
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "what is left", []store.Document{document("b", 1)}, got(v.DocumentsOf(ctx, store.KindDefinition))(t))
		same(t, "the latest version says that it is deleted", gone, got(v.Document(ctx, store.KindDefinition, "a"))(t))
		same(t, "history", []store.Document{gone, document("a", 1)}, got(v.History(ctx, store.KindDefinition, "a"))(t))
	})
	put(t, s, document("a", 3))
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "back again", []store.Document{document("a", 3), document("b", 1)}, got(v.DocumentsOf(ctx, store.KindDefinition))(t))
	})
}

func versionTwice(t *testing.T, s store.Store) {
	put(t, s, document("a", 1))
	err := s.Update(t.Context(), func(tx store.Tx) error {
		again := document("a", 1)
		again.Body = "other"
		return tx.PutDocument(t.Context(), again)
	})
	if err == nil {
		t.Error("a version was written twice")
	}
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "history", []store.Document{document("a", 1)}, got(v.History(ctx, store.KindDefinition, "a"))(t))
	})
}

func documentsComeBack(t *testing.T, s store.Store) {
	var want []store.Document
	for _, text := range oddTexts() {
		want = append(want, store.Document{Kind: store.KindDefinition, Name: text, Version: 1, At: -1 << 63, By: text, Body: text})
	}
	put(t, s, want...)
	view(t, s, func(ctx context.Context, v store.View) {
		for _, d := range want {
			same(t, "document", d, got(v.Document(ctx, d.Kind, d.Name))(t))
		}
		same(t, "documents", len(want), len(got(v.DocumentsOf(ctx, store.KindDefinition))(t)))
	})
}
