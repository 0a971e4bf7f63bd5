package cli

import (
	"context"
	"errors"

	"rapport/internal/activity"
	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/session"
	"rapport/internal/wire"
)

// anywhereFlags say what is read: paths, a data set, or a server.
type anywhereFlags struct {
	Paths  []string `arg:"" optional:"" name:"path" help:"Files, folders, globs in quotes, or - for standard input; .gz, .zst and .zip too."`
	Data   string   `help:"Read this data set instead of paths; default $RAPPORT_DATA." placeholder:"DIR" group:"input"`
	Server string   `help:"Ask a running rapport serve instead; default $RAPPORT_SERVER." placeholder:"URL" group:"input"`
	readFlags
}

// place is where to read, checked against the flags that mean something for files alone.
func (f *anywhereFlags) place() (place, error) {
	p, err := placeOf(f.Paths, f.Data, f.Server)
	if err != nil || len(p.paths) > 0 {
		return p, err
	}
	for _, flag := range []struct{ name, value, env, instead string }{
		{"--rejects", f.Rejects, "RAPPORT_REJECTS", "`rapport imports rejects ID` prints what an import put in quarantine"},
		{"--catalogue", join(f.Catalogue), "RAPPORT_CATALOGUE", "`rapport catalogue set FILE` gives a data set its catalogue"},
	} {
		if flag.value != "" && !fromEnvironment(flag.env, flag.value) {
			return p, errs.New(errs.Invalid, flag.instead, "%s is for files alone", flag.name)
		}
	}
	return p, nil
}

// reading is where sessions come from, once it is open.
type reading struct {
	from Source
	data dataSet // nil for files
	// definition is name@version of what sessions are derived under.
	definition string
	rules      // for files alone, but for the zone
}

func (r *reading) close() error {
	if r.data == nil {
		return nil
	}
	return r.data.Close()
}

// open readies what is read, under a definition.
func (f *anywhereFlags) open(ctx context.Context, a *app, holder string, name definitionFlag, tz zoneFlag) (r reading, err error) {
	p, err := f.place()
	if err != nil {
		return r, err
	}
	if len(p.paths) > 0 {
		in := &inputFlags{Paths: p.paths, readFlags: f.readFlags}
		r.rules, err = loadRules(a, name, in, tz)
		if err != nil {
			return r, err
		}
		r.from, r.definition = &files{a, in, r.def, r.catalogue}, r.def.ID()
		return r, nil
	}
	a.quiet = f.Quiet
	if r.zone, err = tz.load(); err != nil {
		return r, err
	}
	if r.data, err = p.open(ctx, f.TempDir, holder); err != nil {
		return r, err
	}
	if r.definition, err = inForce(ctx, a, r.data, name.Definition); err != nil {
		return r, errors.Join(err, r.data.Close())
	}
	r.from = &stored{r.data, name.Definition}
	return r, nil
}

// stored gives out the sessions of a data set.
type stored struct {
	data       rowReader
	definition string
}

var _ Source = (*stored)(nil)

// afterAll is a moment by which every session is over: a data set is read as files are.
const afterAll = "9999-01-01T00:00:00Z"

// all asks for everything, of every kind of traffic.
func (s *stored) all() dataset.SessionQuery {
	return dataset.SessionQuery{
		Definition: s.definition, Filters: []metric.Filter{everyKind()}, Range: &metric.Range{}, AsOf: afterAll, Sort: "started_at",
	}
}

// Sessions implements Source.
func (s *stored) Sessions(ctx context.Context, yield func(Row) error) error {
	bots, err := botNames(ctx, s.data)
	if err != nil {
		return err
	}
	words := fact.Codes(fact.SessionColumns())
	return s.data.EachSession(ctx, s.all(), func(h metric.Header, f *fact.Session) error {
		return yield(Row{bots(f.Bot), f.Conversation, h.Definition, sessionOf(f, words)})
	})
}

// sessionOf is a session as it was derived, without what a store does not keep: which activities the rules saw.
func sessionOf(f *fact.Session, words map[string][]string) session.Session {
	word := func(column string, code uint8) string { return fact.Word(words[column], code) }
	s := session.Session{
		Number: int(f.Number), StartedAt: f.StartedAt, EndedAt: f.EndedAt, ClosesAt: f.ClosesAt, Untimed: f.Untimed,
		StartedBy: roleOf(word("started_by", f.StartedBy)),
		Engaged:   f.Engaged, Outcome: session.Outcome(word("outcome", f.Outcome)), Resolution: session.Resolution(word("resolution", f.Resolution)),
		Reason: f.Reason, Turns: int(f.Turns), UserMessages: int(f.UserMessages), BotMessages: int(f.BotMessages),
		CSATAsked: f.CSATAsked, CSAT: int(f.CSAT), Channel: f.Channel, Locale: f.Locale, User: f.User,
		Kind: session.Kind(word("kind", f.Kind)), DesignMode: f.DesignMode, Source: session.Source(word("origin", f.Origin)),
		OpenedBy: session.Rule(word("opened_by", f.OpenedBy)), EngagedBy: session.Rule(word("engaged_by", f.EngagedBy)),
		AttributedBy: session.Rule(word("attributed_by", f.AttributedBy)),
		EndedBy:      session.Rule(word("ended_by", f.EndedBy)), DecidedBy: session.Rule(word("decided_by", f.DecidedBy)),
	}
	if f.TopicID != "" || f.TopicName != "" {
		s.Topic = &session.Topic{ID: f.TopicID, Name: f.TopicName, Kind: topicKindOf(word("topic_kind", f.TopicKind))}
	}
	for _, rule := range []session.Rule{s.OpenedBy, s.EngagedBy, s.AttributedBy, s.DecidedBy, s.EndedBy} {
		if rule != "" {
			s.Evidence = append(s.Evidence, session.Evidence{Rule: rule, Index: -1})
		}
	}
	return s
}

func roleOf(word string) activity.Role {
	for _, r := range []activity.Role{activity.RoleBot, activity.RoleUser} {
		if r.String() == word {
			return r
		}
	}
	return activity.RoleUnknown
}

func topicKindOf(word string) activity.TopicKind {
	for _, k := range []activity.TopicKind{activity.KindSystem, activity.KindCustom} {
		if k.String() == word {
			return k
		}
	}
	return activity.KindUnknown
}

// Billed implements Source.
func (s *stored) Billed(ctx context.Context, yield func(activity.Bot, rowKey, *wire.Billed) error) error {
	bots, err := botNames(ctx, s.data)
	if err != nil {
		return err
	}
	return s.data.EachBilled(ctx, s.all(), func(h metric.Header, f *fact.Billed) error {
		bot := bots(f.Bot)
		row := wire.BilledOfFact(f, wire.BotName(bot), h.Definition)
		return yield(bot, rowKey{f.StartedAt, f.Untimed, f.Bot, f.Conversation, int(f.Number)}, &row)
	})
}
