package dataset

import (
	"context"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/session"
	"rapport/internal/store"
)

// Conversation reads one conversation again, and derives it under a definition in force ("" for the default); code errs.NotFound. bot is its
// id or schema name; "" is any bot, and an errs.Invalid error that names them where several have the id.
func (d *Dataset) Conversation(ctx context.Context, bot, id, definition string) (*Conversation, error) {
	var out *Conversation
	err := d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		found, err := conversationsOf(ctx, v, r, id)
		if err != nil {
			return err
		}
		var c *activity.Conversation
		var bots []string
		for _, one := range found {
			if bot == "" || isBot(r, one.Bot, bot) {
				c = one
				bots = append(bots, one.Bot.Key())
			}
		}
		switch {
		case len(bots) == 0 && bot != "":
			return errs.New(errs.NotFound, "", "bot %q has no conversation %q", bot, id)
		case len(bots) == 0:
			return errs.New(errs.NotFound, "", "there is no conversation %q", id)
		case len(bots) > 1:
			return errs.New(errs.Invalid, "name the bot: "+strings.Join(bots, ", "), "several bots have a conversation %q", id)
		}
		f, err := d.definitionOf(r, definition, []metric.Filter{{Dimension: "bot", Values: []string{c.Bot.Key()}}})
		if err == nil {
			out = d.derive(r, f, c)
		}
		return err
	})
	return out, err
}

// derive derives a conversation by the engine as it is now, whatever serves.
func (d *Dataset) derive(r *rules, f *inForce, c *activity.Conversation) *Conversation {
	h := d.header(r, f)
	h.Definition, h.Catalogue, h.Revision, h.Stale = f.def.ID(), r.catalogueFrom, session.Revision, false
	return &Conversation{Header: h, Conversation: c, Result: session.Derive(c, f.def, r.catalogue)}
}

// isBot reports whether a bot goes by a name that people give: its id or its schema name, or another name of the same bot.
func isBot(r *rules, b activity.Bot, name string) bool {
	return strings.EqualFold(b.ID, name) || strings.EqualFold(b.Schema, name) || r.known.Resolve(activity.Bot{ID: name}).Key() == b.Key()
}

// conversationsOf are those of one conversation id, one a bot.
func conversationsOf(ctx context.Context, v store.View, r *rules, id string) ([]*activity.Conversation, error) {
	groups, err := readGroups(ctx, v, []int64{fact.KeyOf(id)})
	if err != nil {
		return nil, err
	}
	s, err := settle(&rereader{}, r.known, groups[0])
	if err != nil {
		return nil, err
	}
	var out []*activity.Conversation
	for _, c := range s.conversations {
		if c.ID == id {
			out = append(out, c)
		}
	}
	return out, nil
}

// exportPage is how many sessions are looked through at a time for the conversations that they are of.
const exportPage = 16_384

// EachConversation reads every conversation that has a session in the query, and derives it. Each comes once, in no order that means
// anything, all from one snapshot; a few are held at a time.
func (d *Dataset) EachConversation(ctx context.Context, q SessionQuery, yield func(*Conversation) error) error {
	return d.ask(ctx, q.asks(), func(a *asked) error {
		sel, _, err := a.selection(ctx, q, fact.Sessions)
		if err != nil {
			return err
		}
		// By conversation, so that no conversation has to be remembered.
		sel.Sort, sel.Descending, sel.Limit = "conversation_key", false, exportPage
		return pipeline(
			ctx, d.workers(),
			func(ctx context.Context, emit func([]*wanted) error) error { return a.wanted(ctx, sel, emit) },
			func(ctx context.Context, want []*wanted) ([]*Conversation, error) { return d.exported(ctx, a, want) },
			func(out []*Conversation) error {
				for _, c := range out {
					if err := yield(c); err != nil {
						return err
					}
				}
				return nil
			},
		)
	})
}

// wanted is a conversation of an export, as the projection names it, with its records.
type wanted struct {
	bot, conversation string
	*group
}

// wanted emits the conversations of a selection that is sorted by them, page by page.
func (a *asked) wanted(ctx context.Context, sel store.Selection, emit func([]*wanted) error) error {
	var last fact.Session
	var begun bool
	for {
		var page []*wanted
		n := int64(0)
		err := a.view.Sessions(ctx, a.projection, sel, func(s *fact.Session) error {
			n++
			if !begun || s.ConversationKey != last.ConversationKey {
				page = append(page, &wanted{bot: strings.Clone(s.Bot), conversation: strings.Clone(s.Conversation), group: &group{key: s.Key}})
			}
			last, begun = *s, true
			return nil
		})
		if err != nil {
			return err
		}
		for len(page) > 0 {
			some := page[:min(len(page), batchGroups)]
			page = page[len(some):]
			if err := a.fill(ctx, some); err != nil {
				return err
			}
			if err := emit(some); err != nil {
				return err
			}
		}
		if n < sel.Limit {
			return nil
		}
		at := positionOf(&last, "conversation_key")
		sel.After = &at
	}
}

// fill reads the records of conversations.
func (a *asked) fill(ctx context.Context, want []*wanted) error {
	keys, groups := make([]int64, len(want)), make([]*group, len(want))
	for i, w := range want {
		keys[i], groups[i] = w.key, w.group
	}
	byKey, err := heads(ctx, a.view, keys)
	if err != nil {
		return err
	}
	for _, g := range groups {
		g.stored = byKey[g.key]
	}
	return fill(ctx, a.view, groups)
}

func (d *Dataset) exported(ctx context.Context, a *asked, want []*wanted) ([]*Conversation, error) {
	var out []*Conversation
	var re rereader
	for _, w := range want {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := settle(&re, a.rules.known, w.group)
		if err != nil {
			return nil, err
		}
		for _, c := range s.conversations {
			if c.ID == w.conversation && isBot(a.rules, c.Bot, w.bot) {
				out = append(out, d.derive(a.rules, a.force, c))
			}
		}
	}
	return out, nil
}
