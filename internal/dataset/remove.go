package dataset

import (
	"context"
	"maps"
	"slices"

	"rapport/internal/errs"
	"rapport/internal/store"
)

// Remove takes back what only that import brought: its records, what was derived of them, and its rejects. The account of it stays, with
// RemovedAt. Errors: errs.NotFound for an import that never was, errs.Conflict for one that was removed before.
func (d *Dataset) Remove(ctx context.Context, id int64, p *Progress) (store.Import, error) {
	if err := d.Refresh(ctx, p); err != nil {
		return store.Import{}, err
	}
	var done store.Import
	err := d.store.Update(ctx, func(tx store.Tx) error {
		var err error
		if done, err = findImport(ctx, tx, id); err != nil {
			return err
		}
		if done.RemovedAt != 0 {
			return errs.New(errs.Conflict, "`rapport imports list` shows what there is", "import %d was removed before", id)
		}
		before, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		keys, err := tx.RemoveImport(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.Flush(ctx); err != nil {
			return err
		}
		after, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		c := change{before.known, after.known, before.bots, after.bots}
		touched, err := touchedBy(ctx, tx, c.moved(), c.exported())
		if err != nil {
			return err
		}
		for _, key := range keys {
			touched[key] = true
		}
		to := &deriver{known: after.known, catalogue: after.catalogue}
		for _, f := range after.force {
			if f.current == nil {
				return errs.New(errs.Conflict, "remove it again", "the data set is being derived again")
			}
			to.targets = append(to.targets, target{f.current.ID, f.def})
		}
		p.begin(stageDeriving, int64(len(touched)))
		if err := to.again(ctx, d.workers(), tx, slices.Sorted(maps.Keys(touched)), p); err != nil {
			return err
		}
		p.begin(stageWriting, 0)
		done.RemovedAt = max(d.now(), 1) // 0 means that it stands
		return tx.PutImport(ctx, done)
	})
	if err != nil {
		return store.Import{}, err
	}
	return done, nil
}

// Imports are all imports, the latest first.
func (d *Dataset) Imports(ctx context.Context) ([]store.Import, error) {
	var all []store.Import
	err := d.store.View(ctx, func(v store.View) error {
		var err error
		all, err = v.Imports(ctx)
		return err
	})
	return all, err
}

// ImportOf is one import; code errs.NotFound.
func (d *Dataset) ImportOf(ctx context.Context, id int64) (store.Import, error) {
	var one store.Import
	err := d.store.View(ctx, func(v store.View) error {
		var err error
		one, err = findImport(ctx, v, id)
		return err
	})
	return one, err
}

func findImport(ctx context.Context, v store.Records, id int64) (store.Import, error) {
	all, err := v.Imports(ctx)
	if err != nil {
		return store.Import{}, err
	}
	for _, i := range all {
		if i.ID == id {
			return i, nil
		}
	}
	return store.Import{}, errs.New(errs.NotFound, "`rapport imports list` shows what there is", "there is no import %d", id)
}
