package dataset

import (
	"context"
	"slices"

	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// about reads what utterances are to be.
func (q UtteranceQuery) about() (store.UtteranceFilter, error) {
	f := store.UtteranceFilter{Contains: q.Contains}
	for _, c := range fact.UtteranceColumns() {
		var err error
		switch c.Name {
		case "source":
			f.Source, err = codes(c.Codes, q.Source, "source")
		case "recognition":
			f.Recognition, err = codes(c.Codes, q.Recognition, "recognition")
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

func codes(words, asked []string, field string) ([]uint8, error) {
	var out []uint8
	for _, w := range asked {
		i := slices.Index(words, w)
		if i < 0 {
			return nil, metric.Invalid(field, w, words, "there is no %q", w)
		}
		out = append(out, uint8(i))
	}
	return out, nil
}

// Utterances is one page of what users said, the latest sessions first unless the query sorts otherwise.
func (d *Dataset) Utterances(ctx context.Context, q UtteranceQuery) (UtterancePage, error) {
	page := UtterancePage{Utterances: []fact.Utterance{}}
	about, err := q.about()
	if err != nil {
		return page, err
	}
	err = d.ask(ctx, q.asks(), func(a *asked) error {
		sel, period, err := a.selection(ctx, q.SessionQuery, fact.Sessions)
		if err != nil {
			return err
		}
		if err := byStart(q.Sort); err != nil {
			return err
		}
		if err := paged(&sel, fact.Utterances, q.SessionQuery); err != nil {
			return err
		}
		page.Header, page.Period = a.Header, period
		err = a.view.Utterances(ctx, a.projection, sel, about, func(u *fact.Utterance) error {
			page.Utterances = append(page.Utterances, *u)
			return nil
		})
		if n := int(sel.Limit) - 1; err == nil && len(page.Utterances) > n {
			page.Utterances = page.Utterances[:n]
			page.Next = cursor(fact.Utterances, q.SessionQuery, utterancePosition(&page.Utterances[n-1]))
		}
		return err
	})
	return page, err
}

// byStart refuses orders that utterances and billed sessions do not have.
func byStart(sort string) error {
	if column, _, err := sorting(sort); err != nil || column != "started_at" {
		allowed := []string{"started_at", "-started_at"}
		return metric.Invalid("sort", sort, allowed, "these rows are sorted by started_at")
	}
	return nil
}

func utterancePosition(u *fact.Utterance) store.Position {
	p := store.Position{StartedAt: u.StartedAt, ConversationKey: u.ConversationKey, Number: u.Number, Place: u.Place}
	p.Sort.Int = u.StartedAt
	return p
}

// EachUtterance calls yield with every utterance of the query, in its order, from one snapshot. Limit and Cursor do not apply. The row is
// valid until yield returns.
func (d *Dataset) EachUtterance(ctx context.Context, q UtteranceQuery, yield func(*fact.Utterance) error) error {
	about, err := q.about()
	if err != nil {
		return err
	}
	return d.ask(ctx, q.asks(), func(a *asked) error {
		sel, _, err := a.selection(ctx, q.SessionQuery, fact.Sessions)
		if err != nil {
			return err
		}
		if err := byStart(q.Sort); err != nil {
			return err
		}
		if sel.Sort, sel.Descending, err = sorting(q.Sort); err != nil {
			return err
		}
		return a.view.Utterances(ctx, a.projection, sel, about, yield)
	})
}
