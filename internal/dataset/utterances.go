package dataset

import (
	"cmp"
	"context"
	"slices"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// sourceBot asks for the bot's last message in abandoned sessions. Without it all is about what users said.
const sourceBot = "bot"

// about reads what utterances are to be.
func (q UtteranceQuery) about() (store.UtteranceFilter, error) {
	f := store.UtteranceFilter{Contains: q.Contains}
	if slices.Contains(q.Source, sourceBot) && len(q.Source) > 1 {
		return f, metric.Invalid("source", "", nil, "%q stands alone: what users said is another question", sourceBot)
	}
	for _, c := range fact.UtteranceColumns() {
		var err error
		switch c.Name {
		case "source":
			asked := q.Source
			if len(asked) == 0 {
				asked = slices.DeleteFunc(slices.Clone(c.Codes), func(word string) bool { return word == sourceBot })
			}
			f.Source, err = codes(c.Codes, asked, "source")
		case "recognition":
			f.Recognition, err = codes(c.Codes, q.Recognition, "recognition")
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// sessions is which sessions the utterances are of. What the bot said last in one that may still go on is not its last.
func (q UtteranceQuery) sessions(ctx context.Context, a *asked) (store.Selection, *metric.Period, error) {
	sel, period, err := a.selection(ctx, q.SessionQuery, fact.Sessions)
	if slices.Contains(q.Source, sourceBot) {
		sel.Where = measure.And(sel.Where, measure.IsFinished())
	}
	return sel, period, err
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
		sel, period, err := q.sessions(ctx, a)
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
		sel, _, err := q.sessions(ctx, a)
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

// How utterances are grouped: so many of the latest, and so many groups.
const (
	mostGrouped   = 100_000
	defaultGroups = 20
	mostGroups    = 500
)

// UtteranceGroups is what was said, by what it says but for case and white space, the most frequent first. Of a great many utterances the
// latest are grouped; the answer says how many. Sort and Cursor do not apply, and Limit is of groups.
func (d *Dataset) UtteranceGroups(ctx context.Context, q UtteranceQuery) (GroupPage, error) {
	var page GroupPage
	about, err := q.about()
	switch {
	case err != nil:
		return page, err
	case q.Sort != "":
		return page, metric.Invalid("sort", "", nil, "groups have one order, the most frequent first")
	case q.Cursor != "":
		return page, metric.Invalid("cursor", "", nil, "groups come in one page; limit says how many")
	case q.Limit < 0 || q.Limit > mostGroups:
		return page, metric.Invalid("limit", "", nil, "%d is not between 1 and %d", q.Limit, mostGroups)
	}
	err = d.ask(ctx, q.asks(), func(a *asked) error {
		sel, period, err := q.sessions(ctx, a)
		if err != nil {
			return err
		}
		sel.Limit = cmp.Or(q.Limit, defaultGroups)
		page.Header, page.Period = a.Header, period
		page.UtteranceGroups, err = a.view.UtteranceGroups(ctx, a.projection, sel, about, mostGrouped)
		return err
	})
	return page, err
}
