package dataset

import (
	"context"
	"slices"
	"strings"

	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/store"
)

// Definitions are those in force, ordered by name.
func (d *Dataset) Definitions(ctx context.Context) ([]InForce, error) {
	var out []InForce
	err := d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		for i := range r.force {
			out = append(out, r.force[i].public())
		}
		return nil
	})
	return out, err
}

func (f *inForce) public() InForce {
	out := InForce{Definition: f.def, Source: f.def.Source(), Version: f.doc.Version, AppliedAt: f.doc.At, Stale: f.current == nil, Ready: f.serving != nil}
	if f.serving != nil {
		out.Sessions = f.serving.Sessions
	}
	return out
}

// Apply puts a definition in force, or a new version of it, and derives its projection; both happen at once. source is its YAML, or the name
// of a preset. Applying what is in force already does nothing. Errors with code errs.Invalid: the YAML is wrong, a preset's name with other
// rules, or a version that had other rules before.
func (d *Dataset) Apply(ctx context.Context, source string, p *Progress) (InForce, error) {
	def, err := given(source)
	if err != nil {
		return InForce{}, err
	}
	err = d.store.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		if f, ok := r.find(def.Name); ok && f.def.ID() == def.ID() && f.def.Fingerprint() == def.Fingerprint() {
			return d.refresh(ctx, tx, r, p)
		}
		if err := unlikeBefore(ctx, tx, def); err != nil {
			return err
		}
		doc := store.Document{Kind: store.KindDefinition, Name: def.Name, Body: def.Source()}
		return d.changeRules(ctx, tx, doc, p)
	})
	if err != nil {
		return InForce{}, err
	}
	var out InForce
	err = d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		f, err := r.definition(def.Name)
		if err == nil {
			out = f.public()
		}
		return err
	})
	return out, err
}

// given is a definition as people name or write it.
func given(source string) (*definition.Definition, error) {
	if name := strings.TrimSpace(source); slices.Contains(definition.Presets(), name) {
		return definition.Load(name)
	}
	return definition.ParseSource(source)
}

// unlikeBefore refuses a version that once had other rules: name@version on an answer must mean one thing for ever.
func unlikeBefore(ctx context.Context, v store.View, def *definition.Definition) error {
	history, err := v.History(ctx, store.KindDefinition, def.Name)
	if err != nil || slices.Contains(definition.Presets(), def.Name) {
		return err
	}
	for _, doc := range history {
		if doc.Body == "" {
			continue
		}
		old, err := definition.ParseStored(doc.Name, doc.Body)
		if err == nil && old.Version == def.Version && old.Fingerprint() != def.Fingerprint() {
			return errs.New(errs.Invalid, "give it another `version:`, or none", "%s had other rules when it was applied before", def.ID())
		}
	}
	return nil
}

// Drop takes a definition out of force and drops its projection. Errors: errs.NotFound for one that is not in force, errs.Conflict for the
// last one.
func (d *Dataset) Drop(ctx context.Context, name string) error {
	return d.store.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		f, ok := r.find(name)
		switch {
		case !ok:
			return errs.New(errs.NotFound, "`rapport definitions list --data DIR` shows what is in force", "definition %q is not in force, only %s", name, strings.Join(r.names(), ", "))
		case len(r.force) == 1:
			return errs.New(errs.Conflict, "apply another one first", "%q is the only definition in force", name)
		}
		doc := f.doc
		doc.Deleted = true
		if err := d.putDocument(ctx, tx, doc); err != nil {
			return err
		}
		drop := f.outdated
		if f.current != nil {
			drop = append(drop, f.current.ID)
		}
		for _, id := range drop {
			if err := tx.DropProjection(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}
