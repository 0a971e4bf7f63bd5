package dataset

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// asks is what every question says of whose rules it is about.
type asks struct {
	definition string
	filters    []metric.Filter
}

// asked is a question in its surroundings: one snapshot and one projection in it.
type asked struct {
	dataset    *Dataset
	view       store.View
	rules      *rules
	force      *inForce
	projection int64
	metric.Context
}

// ask calls f with the latest snapshot and the projection that a question is about.
func (d *Dataset) ask(ctx context.Context, q asks, f func(*asked) error) error {
	return d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		a, err := d.asked(v, r, q)
		if err != nil {
			return err
		}
		return f(a)
	})
}

// asked finds the projection of a question, and the defaults that hold for it.
func (d *Dataset) asked(v store.View, r *rules, q asks) (*asked, error) {
	f, err := d.definitionOf(r, q.definition, q.filters)
	if err != nil {
		return nil, err
	}
	if f.serving == nil {
		return nil, errs.New(errs.Conflict, "wait until it is derived", "definition %q has no projection yet", f.def.Name)
	}
	a := &asked{dataset: d, view: v, rules: r, force: f, projection: f.serving.ID}
	a.Context = metric.Context{Facts: facts{v, f.serving.ID}, Header: d.header(r, f), Zone: d.zoneOf(r, q.filters), BotName: d.botName(r)}
	if d.opts.Now != nil {
		a.Now = d.opts.Now()
	}
	return a, nil
}

// definitionOf is the definition that a question means: the one it names, else the default of the only bot that it is about, else that of
// the data set. Errors: errs.Invalid when it is not in force.
func (d *Dataset) definitionOf(r *rules, name string, filters []metric.Filter) (*inForce, error) {
	if name == "" {
		name = d.botDefaults(r, filters).Definition
	}
	if name == "" {
		name = d.opts.Definition
	}
	if name == "" {
		name = definition.Default
		if _, ok := r.find(name); !ok && len(r.force) == 1 {
			name = r.force[0].def.Name
		}
	}
	return r.definition(name)
}

// zoneOf is the zone of a question that names none.
func (d *Dataset) zoneOf(r *rules, filters []metric.Filter) *time.Location {
	switch zone := d.botDefaults(r, filters).Zone; {
	case zone != nil:
		return zone
	case d.opts.Zone != nil:
		return d.opts.Zone
	default:
		return time.UTC
	}
}

// botDefaults are those of the bot that the filters leave, where that is one.
func (d *Dataset) botDefaults(r *rules, filters []metric.Filter) BotDefaults {
	if len(d.opts.Bots) == 0 {
		return BotDefaults{}
	}
	var only string
	for _, f := range filters {
		if f.Dimension == "bot" && !f.Exclude && len(f.Values) == 1 {
			only = f.Values[0]
		}
	}
	return d.defaultsOf(r, only)
}

// botName says what people call a bot, by its key.
func (d *Dataset) botName(r *rules) func(key string) string {
	return func(key string) string { return cmp.Or(d.defaultsOf(r, key).Name, r.botName(key)) }
}

// defaultsOf are those of a bot, by its key, id or schema name.
func (d *Dataset) defaultsOf(r *rules, key string) BotDefaults {
	if key == "" || len(d.opts.Bots) == 0 {
		return BotDefaults{}
	}
	bot := r.known.Resolve(activity.Bot{ID: key})
	for _, name := range [...]string{key, bot.ID, bot.Schema} {
		for called, defaults := range d.opts.Bots {
			if name != "" && strings.EqualFold(called, name) {
				return defaults
			}
		}
	}
	return BotDefaults{}
}

// header is what answers from the projection that serves carry.
func (d *Dataset) header(r *rules, f *inForce) metric.Header {
	h := metric.Header{Generation: r.generation, Definition: f.def.ID(), Zone: time.UTC.String(), Stale: f.current == nil}
	if f.serving != nil {
		h.Catalogue, h.Revision = f.serving.Catalogue, f.serving.Revision
		if h.Stale {
			h.Definition = f.serving.Definition
		}
	}
	return h
}

// facts is one projection in one snapshot.
type facts struct {
	view       store.View
	projection int64
}

// Aggregate implements metric.Facts.
func (f facts) Aggregate(ctx context.Context, plan measure.Plan) ([]measure.Row, error) {
	return f.view.Aggregate(ctx, f.projection, plan)
}

// sortable are the columns that sessions may be sorted by.
var sortable = []string{
	"started_at", "ended_at", "duration", "turns", "user_messages", "bot_messages", "csat", "engaged", "outcome", "topic_name", "bot", "channel",
	"locale", "unrecognised",
}

// sorting reads a sort word: a column, "-" in front for descending; "" is the latest first.
func sorting(word string) (column string, descending bool, err error) {
	if word == "" {
		word = "-started_at"
	}
	column, descending = strings.CutPrefix(word, "-")
	if !slices.Contains(sortable, column) {
		return "", false, metric.Invalid("sort", column, sortable, "sessions cannot be sorted by %q; by %s they can, with - in front for descending", column, strings.Join(sortable, ", "))
	}
	return column, descending, nil
}
