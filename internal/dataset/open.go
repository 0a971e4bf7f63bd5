package dataset

import (
	"context"

	"rapport/internal/definition"
	"rapport/internal/store"
)

// catalogueName is the one document of its kind.
const catalogueName = "topics"

// Open readies a data set: a new one is put under the default definition. What an earlier version of the program derived goes on to serve
// until Refresh.
func Open(ctx context.Context, s store.Store, opts Options) (*Dataset, error) {
	d := &Dataset{store: s, opts: opts}
	var empty bool
	err := s.View(ctx, func(v store.View) error {
		docs, err := v.DocumentsOf(ctx, store.KindDefinition)
		empty = len(docs) == 0
		return err
	})
	if err != nil || !empty {
		return d, err
	}
	def, err := definition.Load(definition.Default)
	if err != nil {
		return nil, err
	}
	err = s.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil || len(r.force) > 0 { // somebody else was first
			return err
		}
		if err := d.putDocument(ctx, tx, store.Document{Kind: store.KindDefinition, Name: def.Name, Body: def.Source()}); err != nil {
			return err
		}
		_, err = tx.CreateProjection(ctx, r.projection(def, d.now()))
		return err
	})
	return d, err
}

// Close closes the store.
func (d *Dataset) Close() error { return d.store.Close() }

// Generation counts the updates so far.
func (d *Dataset) Generation(ctx context.Context) (int64, error) {
	var g int64
	err := d.store.View(ctx, func(v store.View) error {
		g = v.Generation()
		return nil
	})
	return g, err
}

// now is the time in ms; 0 without a clock.
func (d *Dataset) now() int64 {
	if d.opts.Now == nil {
		return 0
	}
	return d.opts.Now().UnixMilli()
}

// putDocument keeps a new version of a document.
func (d *Dataset) putDocument(ctx context.Context, tx store.Tx, doc store.Document) error {
	history, err := tx.History(ctx, doc.Kind, doc.Name)
	if err != nil {
		return err
	}
	doc.Version, doc.At = 1, d.now()
	if len(history) > 0 {
		doc.Version = history[0].Version + 1
	}
	return tx.PutDocument(ctx, doc)
}
