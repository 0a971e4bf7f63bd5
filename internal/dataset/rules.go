package dataset

import (
	"context"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/metric"
	"rapport/internal/session"
	"rapport/internal/store"
)

// rules is what conversations are put together and derived under in one snapshot: the definitions in force, the catalogue, and what all
// records together teach of bots.
type rules struct {
	generation    int64
	catalogue     *definition.Catalogue // nil for none
	catalogueDoc  store.Document
	catalogueFrom int64 // the document's version; 0 for none
	force         []inForce
	bots          []store.BotSeen
	known         *assemble.Known // sealed
	stray         []int64         // projections of no definition in force
}

// inForce is a definition with its projections.
type inForce struct {
	doc store.Document
	def *definition.Definition
	// current is derived under exactly these rules, nil while there is none; serving is what answers: current, else the latest of the name.
	current, serving *store.Projection
	outdated         []int64
}

// rulesOf reads the rules of a committed snapshot, which stay what they are until the next update.
func (d *Dataset) rulesOf(ctx context.Context, v store.View) (*rules, error) {
	if r := d.latest.Load(); r != nil && r.generation == v.Generation() {
		return r, nil
	}
	r, err := d.readRules(ctx, v)
	if err == nil {
		d.latest.Store(r)
	}
	return r, err
}

// readRules reads them anew, as within an update.
func (d *Dataset) readRules(ctx context.Context, v store.View) (*rules, error) {
	r := &rules{generation: v.Generation()}
	if err := r.readCatalogue(ctx, v, d.latest.Load()); err != nil {
		return nil, err
	}
	if err := r.readForce(ctx, v); err != nil {
		return nil, err
	}
	return r, r.learn(ctx, v)
}

// readCatalogue takes the parsed catalogue over from older rules where its text is the same.
func (r *rules) readCatalogue(ctx context.Context, v store.View, older *rules) error {
	doc, err := v.Document(ctx, store.KindCatalogue, catalogueName)
	switch {
	case errs.CodeOf(err) == errs.NotFound:
		return nil
	case err != nil:
		return err
	case doc.Deleted:
		return nil
	}
	r.catalogueDoc, r.catalogueFrom = doc, doc.Version
	if older != nil && older.catalogueDoc == doc {
		r.catalogue = older.catalogue
		return nil
	}
	r.catalogue, err = definition.ParseCatalogue([]byte(doc.Body))
	return err
}

func (r *rules) readForce(ctx context.Context, v store.View) error {
	docs, err := v.DocumentsOf(ctx, store.KindDefinition)
	if err != nil {
		return err
	}
	projections, err := v.Projections(ctx)
	if err != nil {
		return err
	}
	for _, doc := range docs {
		def, err := storedDefinition(doc)
		if err != nil {
			return err
		}
		f := inForce{doc: doc, def: def}
		for i := range projections {
			p := &projections[i]
			if p.Name != def.Name {
				continue
			}
			if r.fits(p, def) {
				f.current = p
			}
			f.serving = p
		}
		if f.current != nil {
			f.serving = f.current
		}
		for i := range projections {
			if p := &projections[i]; p.Name == def.Name && p != f.current {
				f.outdated = append(f.outdated, p.ID)
			}
		}
		r.force = append(r.force, f)
	}
	for _, p := range projections {
		if _, ok := r.find(p.Name); !ok {
			r.stray = append(r.stray, p.ID)
		}
	}
	return nil
}

// storedDefinition reads a definition in force. A preset is always the program's own.
func storedDefinition(doc store.Document) (*definition.Definition, error) {
	for _, preset := range definition.Presets() {
		if preset == doc.Name {
			return definition.Load(preset)
		}
	}
	return definition.ParseStored(doc.Name, doc.Body)
}

// fits reports whether a projection is what the engine would derive now.
func (r *rules) fits(p *store.Projection, def *definition.Definition) bool {
	return p.Rules == def.Fingerprint() && p.Catalogue == r.catalogueFrom && p.Revision == session.Revision
}

// projection is a new one for a definition under these rules.
func (r *rules) projection(def *definition.Definition, at int64) store.Projection {
	return store.Projection{
		Name: def.Name, Definition: def.ID(), Rules: def.Fingerprint(), Catalogue: r.catalogueFrom, Revision: session.Revision, BuiltAt: at,
	}
}

func (r *rules) find(name string) (*inForce, bool) {
	for i := range r.force {
		if r.force[i].def.Name == name {
			return &r.force[i], true
		}
	}
	return nil, false
}

// definition finds a definition in force by name. Errors: errs.Invalid about the field definition, with the names that there are.
func (r *rules) definition(name string) (*inForce, error) {
	if f, ok := r.find(name); ok {
		return f, nil
	}
	return nil, metric.Invalid("definition", name, r.names(), "%q is not in force, only %s", name, strings.Join(r.names(), ", "))
}

// names are the definitions in force.
func (r *rules) names() []string {
	var names []string
	for _, f := range r.force {
		names = append(names, f.def.Name)
	}
	return names
}

// stale reports whether anything has to be derived again.
func (r *rules) stale() bool {
	for _, f := range r.force {
		if f.current == nil || len(f.outdated) > 0 {
			return true
		}
	}
	return len(r.stray) > 0
}

// learn learns of bots what the records in the store teach.
func (r *rules) learn(ctx context.Context, v store.View) error {
	var err error
	if r.bots, err = v.Bots(ctx); err != nil {
		return err
	}
	known := assemble.NewKnown()
	learnBots(known, r.bots)
	r.known = known.Sealed(r.catalogue.Bot)
	return nil
}

func learnBots(k *assemble.Known, bots []store.BotSeen) {
	for _, b := range bots {
		k.LearnBot(b.Bot)
		if b.Transcripts {
			k.LearnDays(b.Bot, b.Days)
		}
	}
}

// botName is what people call a bot, by its key.
func (r *rules) botName(key string) string {
	b := r.known.Resolve(activity.Bot{ID: key})
	if b.Name != "" {
		return b.Name
	}
	return b.Schema
}
