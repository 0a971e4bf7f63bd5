package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"rapport/internal/activity"
	"rapport/internal/errs"
	"rapport/internal/session"
	"rapport/internal/wire"
)

type explainCmd struct {
	anywhereFlags
	definitionFlag
	Conversation string `help:"The conversation's id, or the beginning of it." required:"" placeholder:"ID"`
	zoneFlag
	Format string `help:"Form of the output: ${enum}; default ${default}." default:"table" enum:"table,json" placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*explainCmd) Help() string {
	return `Messages, what the bot's engine noted, where sessions begin and end, and why. Test traffic is always read.
When two bots use one id, --bot says which is meant.

    rapport explain export.json --conversation 815e0c51`
}

// Run implements the command.
func (c *explainCmd) Run(ctx context.Context, a *app) (err error) {
	want := strings.TrimSuffix(c.Conversation, "…")
	if want == "" {
		return errs.New(errs.Invalid, "`rapport sessions` lists conversations", "--conversation is empty")
	}
	in, err := c.open(ctx, a, "rapport explain", c.definitionFlag, c.zoneFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	conv, err := in.explain(ctx, want, c.Bot)
	if err != nil {
		return err
	}
	if c.Format == formatJSON {
		return a.json(conv)
	}
	out := bufio.NewWriter(a.out)
	newTimeline(&conv, in.zone, widthOf(a.out)).write(out)
	return flush(out)
}

// explain finds a conversation in what is read, by its id or the beginning of that.
func (r *reading) explain(ctx context.Context, want, bot string) (wire.Conversation, error) {
	find := finder{want: want, bot: bot}
	if from, ok := r.from.(*files); ok {
		if err := read(ctx, from.app, from.flags, from.catalogue, find.look); err != nil {
			return wire.Conversation{}, err
		}
		conv, err := find.found()
		if err != nil {
			return wire.Conversation{}, err
		}
		return wire.ConversationOf(conv, session.Derive(conv, r.def, r.catalogue), 0), nil
	}
	name, _, _ := strings.Cut(r.definition, "@")
	conv, err := r.data.Explain(ctx, bot, want, name)
	if errs.CodeOf(err) != errs.NotFound {
		return conv, err
	}
	// Not the whole id: whose beginning is it, and what comes near?
	last := ""
	err = r.from.Sessions(ctx, func(row Row) error {
		if row.Conversation == last { // most sessions of a conversation follow each other
			return nil
		}
		last = row.Conversation
		return find.look(&activity.Conversation{Bot: row.Bot, ID: row.Conversation})
	})
	if err != nil {
		return wire.Conversation{}, err
	}
	found, err := find.found()
	if err != nil {
		return wire.Conversation{}, err
	}
	return r.data.Explain(ctx, found.Bot.Key(), found.ID, name)
}

// finder looks for a conversation among all of them, and for those whose ids come near. What it holds does not grow with them.
type finder struct {
	want, bot string
	exact     []*activity.Conversation // of several bots, maybe
	beginning []*activity.Conversation // whose ids begin so, a few
	near      []nearID
}

type nearID struct {
	id       string
	distance int
}

// mostNear is how many other ids people are shown, mostSame of how many bots a conversation is kept.
const (
	mostNear = 3
	mostSame = 100
)

// look takes note of a conversation. It may be shown the same one again.
func (f *finder) look(c *activity.Conversation) error {
	if strings.EqualFold(c.ID, f.want) {
		f.exact = note(f.exact, c, mostSame)
		return nil
	}
	if len(c.ID) >= len(f.want) && strings.EqualFold(c.ID[:len(f.want)], f.want) {
		f.beginning = note(f.beginning, c, mostNear+1)
	}
	if slices.ContainsFunc(f.near, func(n nearID) bool { return n.id == c.ID }) {
		return nil
	}
	// Ids are short; the bound keeps one absurd id from costing minutes.
	d := levenshtein.ComputeDistance(strings.ToLower(f.want), strings.ToLower(c.ID[:min(len(c.ID), 200)]))
	f.near = append(f.near, nearID{c.ID, d})
	slices.SortStableFunc(f.near, func(a, b nearID) int { return cmp.Compare(a.distance, b.distance) })
	f.near = f.near[:min(len(f.near), mostNear)]
	return nil
}

// note adds a conversation that is not there yet, up to so many.
func note(list []*activity.Conversation, c *activity.Conversation, most int) []*activity.Conversation {
	same := func(o *activity.Conversation) bool { return o.ID == c.ID && o.Bot.Key() == c.Bot.Key() }
	if len(list) >= most || slices.ContainsFunc(list, same) {
		return list
	}
	return append(list, c)
}

func (f *finder) found() (*activity.Conversation, error) {
	switch {
	case len(f.exact) == 1:
		return f.exact[0], nil
	case len(f.exact) > 1:
		return f.ofBot()
	case len(f.beginning) == 1:
		return f.beginning[0], nil
	case len(f.beginning) > 1:
		var ids []string
		for _, c := range f.beginning {
			ids = append(ids, c.ID)
		}
		return nil, errs.New(errs.Invalid, "give more of the id: "+strings.Join(ids, ", "), "several conversations begin with %q", f.want)
	}
	var ids []string
	for _, n := range f.near {
		if n.distance <= len(f.want)/2 { // any id is the nearest to something
			ids = append(ids, n.id)
		}
	}
	hint := "`rapport sessions --include-test PATH` lists conversations"
	if len(ids) > 0 {
		hint = "the nearest: " + strings.Join(ids, ", ")
	}
	return nil, errs.New(errs.Invalid, hint, "there is no conversation %q in what was read", f.want)
}

func (f *finder) ofBot() (*activity.Conversation, error) {
	var bots []string
	for _, c := range f.exact {
		if f.bot != "" && slices.ContainsFunc([]string{c.Bot.ID, c.Bot.Schema, c.Bot.Name}, func(s string) bool { return strings.EqualFold(s, f.bot) }) {
			return c, nil
		}
		bots = append(bots, c.Bot.Key())
	}
	return nil, errs.New(errs.Invalid, "say which with --bot: "+strings.Join(bots, ", "), "%s have a conversation %q", count(len(f.exact), "bot"), f.want)
}

func labels(s *wire.Session) string {
	parts := []string{s.Engagement}
	if s.Outcome != string(session.None) {
		parts = append(parts, s.Outcome)
	}
	var why []string
	if s.Resolution != nil {
		why = append(why, *s.Resolution)
	}
	if s.Reason != "" && !strings.EqualFold(s.Reason, s.Outcome) {
		why = append(why, s.Reason)
	}
	if len(why) > 0 {
		parts[len(parts)-1] += " (" + strings.Join(why, ", ") + ")"
	}
	parts = append(parts, "topic "+s.Topic.Title(), count(s.Turns, "turn"), "started by "+s.StartedBy)
	if s.CSAT != nil {
		parts = append(parts, fmt.Sprintf("score %d of 5", *s.CSAT))
	}
	return clean(strings.Join(append(parts, string(s.Kind), string(s.Source)), ", "))
}
