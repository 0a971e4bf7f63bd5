package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// projection is a projection with its facts by key.
type projection struct {
	store.Projection
	facts map[int64]fact.Facts
}

// Projections implements store.Facts.
func (s *state) Projections(ctx context.Context) ([]store.Projection, error) {
	var all []store.Projection
	for _, p := range s.projections {
		all = append(all, p.Projection)
	}
	slices.SortFunc(all, func(a, b store.Projection) int { return cmp.Compare(a.ID, b.ID) })
	return all, ctx.Err()
}

func (s *state) projection(ctx context.Context, id int64) (projection, error) {
	p, ok := s.projections[id]
	if !ok {
		return p, errs.New(errs.NotFound, "", "there is no projection %d", id)
	}
	return p, ctx.Err()
}

// CreateProjection implements store.FactWriter.
func (t *tx) CreateProjection(ctx context.Context, p store.Projection) (int64, error) {
	t.lastProjection++
	p.ID, p.Sessions = t.lastProjection, 0
	t.projections[p.ID] = projection{Projection: p, facts: map[int64]fact.Facts{}}
	return p.ID, ctx.Err()
}

// DropProjection implements store.FactWriter.
func (t *tx) DropProjection(ctx context.Context, id int64) error {
	delete(t.projections, id)
	return ctx.Err()
}

// Replace implements store.FactWriter.
func (t *tx) Replace(ctx context.Context, id int64, keys []int64, existed bool, f *fact.Facts) error {
	p, err := t.projection(ctx, id)
	if err != nil {
		return err
	}
	fresh := map[int64]*fact.Facts{}
	for _, key := range keys {
		if _, there := p.facts[key]; there && !existed {
			return fmt.Errorf("replace facts of key %d: there are some, although the caller knows of none", key)
		}
		fresh[key] = &fact.Facts{}
	}
	of := func(key int64) *fact.Facts {
		if fresh[key] == nil {
			err = fmt.Errorf("replace facts: a row has the key %d, which is not to be replaced", key)
			return &fact.Facts{}
		}
		return fresh[key]
	}
	for _, row := range f.Sessions {
		of(row.Key).Sessions = append(of(row.Key).Sessions, row)
	}
	for _, row := range f.Billed {
		of(row.Key).Billed = append(of(row.Key).Billed, row)
	}
	for _, row := range f.Utterances {
		of(row.Key).Utterances = append(of(row.Key).Utterances, row)
	}
	if err != nil {
		return err
	}
	for key, facts := range fresh {
		p.Sessions += int64(len(facts.Sessions) - len(p.facts[key].Sessions))
		if len(facts.Sessions)+len(facts.Billed)+len(facts.Utterances) == 0 {
			delete(p.facts, key)
		} else {
			p.facts[key] = *facts
		}
	}
	t.projections[id] = p
	return nil
}

// Aggregate implements store.Facts.
func (s *state) Aggregate(ctx context.Context, id int64, plan measure.Plan) ([]measure.Row, error) {
	p, err := s.projection(ctx, id)
	if err != nil {
		return nil, err
	}
	switch plan.Table {
	case fact.Sessions:
		return aggregate(ctx, p.sessions(), plan)
	case fact.BilledOnes:
		return aggregate(ctx, p.billed(), plan)
	default:
		return nil, fmt.Errorf("aggregate: the table %q is not counted", plan.Table)
	}
}

// Sessions implements store.Facts.
func (s *state) Sessions(ctx context.Context, id int64, sel store.Selection, yield func(*fact.Session) error) error {
	p, err := s.projection(ctx, id)
	if err != nil {
		return err
	}
	t := p.sessions()
	if err := t.keep(scopeOf(sel)); err != nil {
		return err
	}
	return t.list(ctx, sel, yield)
}

// Billed implements store.Facts.
func (s *state) Billed(ctx context.Context, id int64, sel store.Selection, yield func(*fact.Billed) error) error {
	p, err := s.projection(ctx, id)
	if err != nil {
		return err
	}
	t := p.billed()
	if err := t.keep(scopeOf(sel)); err != nil {
		return err
	}
	return t.list(ctx, sel, yield)
}

// Utterances implements store.Facts.
func (s *state) Utterances(ctx context.Context, id int64, sel store.Selection, about store.UtteranceFilter, yield func(*fact.Utterance) error) error {
	p, err := s.projection(ctx, id)
	if err != nil {
		return err
	}
	sessions := p.sessions()
	if err := sessions.keep(scopeOf(sel)); err != nil {
		return err
	}
	type name struct{ conversation, number int64 }
	in := map[name]bool{}
	for _, row := range sessions.rows {
		in[name{row.ConversationKey, row.Number}] = true
	}
	t := p.utterances()
	t.rows = slices.DeleteFunc(t.rows, func(u *fact.Utterance) bool {
		return !in[name{u.ConversationKey, u.Number}] ||
			about.Source != nil && !slices.Contains(about.Source, u.Source) ||
			about.Recognition != nil && !slices.Contains(about.Recognition, u.Recognition) ||
			!strings.Contains(u.Folded, fact.Fold(about.Contains)) ||
			about.Conversation != 0 && u.ConversationKey != about.Conversation
	})
	return t.list(ctx, sel, yield)
}
