package dataset

import (
	"context"

	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// Refresh derives what is stale: projections of an earlier engine, catalogue or wording of the rules. Until it is done the old ones serve.
// Where nothing is stale it does nothing.
func (d *Dataset) Refresh(ctx context.Context, p *Progress) error {
	var stale bool
	err := d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err == nil {
			stale = r.stale()
		}
		return err
	})
	if err != nil || !stale {
		return err
	}
	return d.store.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		return d.refresh(ctx, tx, r, p)
	})
}

// refresh derives every definition that has no current projection, all in one go over the records, and drops what is outdated. The records
// are those of the last snapshot: a transaction that refreshes changes none.
func (d *Dataset) refresh(ctx context.Context, tx store.Tx, r *rules, p *Progress) error {
	to := &deriver{known: r.known, catalogue: r.catalogue}
	var drop []int64
	for _, f := range r.force {
		drop = append(drop, f.outdated...)
		if f.current != nil {
			continue
		}
		id, err := tx.CreateProjection(ctx, r.projection(f.def, d.now()))
		if err != nil {
			return err
		}
		to.targets = append(to.targets, target{id, f.def})
	}
	if len(to.targets) > 0 {
		err := d.store.View(ctx, func(v store.View) error {
			total, err := conversations(ctx, v, r)
			if err != nil {
				return err
			}
			p.begin(stageDeriving, total)
			return to.all(ctx, d.workers(), v, tx, p)
		})
		if err != nil {
			return err
		}
	}
	p.begin(stageWriting, 0)
	for _, id := range append(drop, r.stray...) {
		if err := tx.DropProjection(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// conversations is about how many there are: those with a session, under any definition that answers; 0 when none does.
func conversations(ctx context.Context, v store.View, r *rules) (int64, error) {
	for _, f := range r.force {
		if f.serving == nil {
			continue
		}
		rows, err := v.Aggregate(ctx, f.serving.ID, measure.Plan{
			Table: fact.Sessions, Aggregates: []measure.Aggregate{{Func: measure.Distinct, Column: "conversation_key"}},
		})
		if err != nil {
			return 0, err
		}
		return rows[0].Values[0], nil
	}
	return 0, nil
}

// SetCatalogue keeps a topic catalogue (its text, as definition.ParseCatalogue reads it) and derives every projection again. "" removes it.
// Setting what is set already does nothing. An error in the text has code errs.Invalid.
func (d *Dataset) SetCatalogue(ctx context.Context, text string, p *Progress) error {
	if text != "" {
		if _, err := definition.ParseCatalogue([]byte(text)); err != nil {
			return err
		}
	}
	return d.store.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		if r.catalogueDoc.Body == text {
			return nil
		}
		doc := store.Document{Kind: store.KindCatalogue, Name: catalogueName, Body: text, Deleted: text == ""}
		return d.changeRules(ctx, tx, doc, p)
	})
}

// changeRules keeps a document that says what the rules are, and derives what is stale by it.
func (d *Dataset) changeRules(ctx context.Context, tx store.Tx, doc store.Document, p *Progress) error {
	if err := d.putDocument(ctx, tx, doc); err != nil {
		return err
	}
	if err := tx.Flush(ctx); err != nil {
		return err
	}
	r, err := d.readRules(ctx, tx)
	if err != nil {
		return err
	}
	return d.refresh(ctx, tx, r, p)
}
