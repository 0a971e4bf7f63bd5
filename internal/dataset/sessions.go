package dataset

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// How many rows a page has.
const (
	defaultPage = 50
	mostPage    = 1000
)

func (q SessionQuery) asks() asks { return asks{q.Definition, q.Filters} }

// narrow makes a selection of the store's out of one of metric's.
func (a *asked) narrow(sel metric.Selection, q SessionQuery) store.Selection {
	if q.Said != "" {
		sel.Where = measure.And(sel.Where, measure.Predicate{Op: measure.Said, Texts: []string{q.Said}})
	}
	if q.Zone != "" {
		a.Zone, _ = time.LoadLocation(q.Zone) // metric would not have taken one that there is not
	}
	a.Header.Zone = a.Zone.String()
	if sel.AsOf != 0 {
		a.AsOf = time.UnixMilli(sel.AsOf).In(a.Zone).Format(time.RFC3339)
	}
	return store.Selection{Where: sel.Where, AsOf: sel.AsOf, Ranged: sel.Ranged, From: sel.From, To: sel.To}
}

// paged is a selection with its order and place, as a page asks for it: one row more than the page has, to see whether there is a next.
func paged(sel *store.Selection, list fact.Table, q SessionQuery) error {
	var err error
	if sel.Sort, sel.Descending, err = sorting(q.Sort); err != nil {
		return err
	}
	switch {
	case q.Limit < 0 || q.Limit > mostPage:
		return metric.Invalid("limit", "", nil, "%d is not between 1 and %d", q.Limit, mostPage)
	case q.Limit == 0:
		sel.Limit = defaultPage + 1
	default:
		sel.Limit = q.Limit + 1
	}
	sel.After, err = readCursor(list, q)
	return err
}

// Sessions is one page of sessions, and how many there are in all.
func (d *Dataset) Sessions(ctx context.Context, q SessionQuery) (SessionPage, error) {
	page := SessionPage{Sessions: []fact.Session{}}
	err := d.ask(ctx, q.asks(), func(a *asked) error {
		sel, period, err := a.selection(ctx, q, fact.Sessions)
		if err != nil {
			return err
		}
		if page.Count, err = a.count(ctx, fact.Sessions, sel); err != nil {
			return err
		}
		if err := paged(&sel, fact.Sessions, q); err != nil {
			return err
		}
		page.Header, page.Period = a.Header, period
		err = a.view.Sessions(ctx, a.projection, sel, func(s *fact.Session) error {
			page.Sessions = append(page.Sessions, *s)
			return nil
		})
		if n := int(sel.Limit) - 1; err == nil && len(page.Sessions) > n {
			page.Sessions = page.Sessions[:n]
			page.Next = cursor(fact.Sessions, q, positionOf(&page.Sessions[n-1], sel.Sort))
		}
		return err
	})
	return page, err
}

// count is how many rows of a table there are in a selection.
func (a *asked) count(ctx context.Context, table fact.Table, sel store.Selection) (int64, error) {
	rows, err := a.view.Aggregate(ctx, a.projection, measure.Plan{
		Table: table, Where: sel.Where, AsOf: sel.AsOf, Ranged: sel.Ranged, From: sel.From, To: sel.To,
		Aggregates: []measure.Aggregate{{Func: measure.Count}},
	})
	if err != nil {
		return 0, err
	}
	return rows[0].Values[0], nil
}

// EachSession calls yield with every session of the query, in its order, from one snapshot. Limit and Cursor do not apply. The row is valid
// until yield returns.
func (d *Dataset) EachSession(ctx context.Context, q SessionQuery, yield func(metric.Header, *fact.Session) error) error {
	return d.ask(ctx, q.asks(), func(a *asked) error {
		sel, _, err := a.selection(ctx, q, fact.Sessions)
		if err != nil {
			return err
		}
		if sel.Sort, sel.Descending, err = sorting(q.Sort); err != nil {
			return err
		}
		return a.view.Sessions(ctx, a.projection, sel, func(s *fact.Session) error { return yield(a.Header, s) })
	})
}

// positionOf is a session's place in an order.
func positionOf(s *fact.Session, column string) store.Position {
	p := store.Position{StartedAt: s.StartedAt, ConversationKey: s.ConversationKey, Number: s.Number}
	for _, c := range fact.SessionColumns() {
		if c.Name != column {
			continue
		}
		if field := c.Of(s); fact.IsText(field) {
			p.Sort.Text = *field.(*string)
		} else {
			p.Sort.Int = fact.Int(field)
		}
	}
	return p
}

// place is what a cursor says: the list and the order it belongs to, and the last row of the page before. It holds on whatever is imported
// meanwhile.
type place struct {
	List  fact.Table `json:"l"`
	Sort  string     `json:"s"`
	After store.Position
}

func cursor(list fact.Table, q SessionQuery, at store.Position) string {
	b, err := json.Marshal(place{list, q.Sort, at})
	if err != nil {
		panic(err) // plain numbers and text
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(list fact.Table, q SessionQuery) (*store.Position, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	var p place
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	switch {
	case err != nil || p.List != list:
		return nil, errs.Wrap(&metric.FieldError{Field: "cursor", Problem: "no page of this list ended with it"}, errs.Invalid, "take `next` of the page before, as it is", "cursor")
	case p.Sort != q.Sort:
		return nil, errs.Wrap(
			&metric.FieldError{Field: "cursor", Problem: "it belongs to another order"}, errs.Invalid, "sort as for the page before, or begin without a cursor", "cursor",
		)
	}
	return &p.After, nil
}
