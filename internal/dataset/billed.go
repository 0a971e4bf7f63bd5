package dataset

import (
	"context"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// BilledPage is one page of billed sessions.
type BilledPage struct {
	metric.Header
	Period *metric.Period
	Billed []fact.Billed
	// Count is how many there are in all.
	Count int64
	Next  string // "" on the last page
}

// billed selects billed sessions: those of the measure, or all of them. Filters are those that billed sessions have, and nothing was said in
// one.
func (a *asked) billed(ctx context.Context, q SessionQuery) (store.Selection, *metric.Period, error) {
	if q.Said != "" {
		return store.Selection{}, nil, metric.Invalid("said", "", nil, "what users said belongs to analytics sessions, not to billed ones")
	}
	if q.Measure == "" {
		q.Measure = "billed_sessions"
	}
	return a.selection(ctx, q, fact.BilledOnes)
}

// BilledSessions is one page of billed sessions, the latest first unless the query sorts otherwise, and how many there are in all.
func (d *Dataset) BilledSessions(ctx context.Context, q SessionQuery) (BilledPage, error) {
	page := BilledPage{Billed: []fact.Billed{}}
	err := d.ask(ctx, q.asks(), func(a *asked) error {
		sel, period, err := a.billed(ctx, q)
		if err != nil {
			return err
		}
		if page.Count, err = a.count(ctx, fact.BilledOnes, sel); err != nil {
			return err
		}
		if err := byStart(q.Sort); err != nil {
			return err
		}
		if err := paged(&sel, fact.BilledOnes, q); err != nil {
			return err
		}
		page.Header, page.Period = a.Header, period
		err = a.view.Billed(ctx, a.projection, sel, func(b *fact.Billed) error {
			page.Billed = append(page.Billed, *b)
			return nil
		})
		if n := int(sel.Limit) - 1; err == nil && len(page.Billed) > n {
			page.Billed = page.Billed[:n]
			last := &page.Billed[n-1]
			page.Next = cursor(fact.BilledOnes, q, store.Position{
				Sort: measure.Key{Int: last.StartedAt}, StartedAt: last.StartedAt, ConversationKey: last.ConversationKey, Number: last.Number,
			})
		}
		return err
	})
	return page, err
}

// EachBilled calls yield with every billed session of the query, the latest first. Limit, Cursor and Sort do not apply.
func (d *Dataset) EachBilled(ctx context.Context, q SessionQuery, yield func(metric.Header, *fact.Billed) error) error {
	return d.ask(ctx, q.asks(), func(a *asked) error {
		sel, _, err := a.billed(ctx, q)
		if err != nil {
			return err
		}
		sel.Descending = true
		return a.view.Billed(ctx, a.projection, sel, func(b *fact.Billed) error { return yield(a.Header, b) })
	})
}
