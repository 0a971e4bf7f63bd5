package dataset

import (
	"context"

	"rapport/internal/errs"
	"rapport/internal/store"
)

// Catalogue is the topic catalogue as it was kept last; code errs.NotFound when there is none.
func (d *Dataset) Catalogue(ctx context.Context) (doc store.Document, err error) {
	err = d.store.View(ctx, func(v store.View) error {
		doc, err = v.Document(ctx, store.KindCatalogue, catalogueName)
		return err
	})
	if err == nil && doc.Deleted {
		err = errs.New(errs.NotFound, "keep one first: it says which topics are the authors own", "there is no topic catalogue")
	}
	return doc, err
}
