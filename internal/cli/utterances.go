package cli

import (
	"context"
	"errors"
	"strings"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

type utterancesCmd struct {
	Contains     string   `arg:"" optional:"" help:"Only what contains this, in any case."`
	Unrecognised bool     `help:"Only what no topic matched." group:"filter"`
	Recognition  []string `help:"Only what was recognised, unrecognised or ambiguous." placeholder:"WORD" group:"filter"`
	Source       []string `help:"Only message, csat_comment or reaction_comment; or bot, the bot's last message in abandoned sessions." placeholder:"WORD" group:"filter"`
	Conversation string   `help:"Only of this conversation." placeholder:"ID" group:"filter"`
	Group        bool     `help:"What says the same together, the most frequent first." group:"output"`
	Limit        int      `help:"At most so many, the latest sessions first; 0 for all; default ${default}." default:"50" placeholder:"N" group:"output"`
	Definition   string   `help:"A definition in force; default is the data set's own." placeholder:"NAME" env:"RAPPORT_DEFINITION" group:"input"`
	Filter       []string `help:"Keep sessions with DIMENSION=VALUE, or leave them out with DIMENSION!=VALUE; several values with a comma." placeholder:"D=V" sep:"none" group:"filter"`
	IncludeTest  bool     `help:"Test traffic too: test canvas and evaluation runs." env:"RAPPORT_INCLUDE_TEST" group:"filter"`
	From         string   `help:"First day, or a moment." placeholder:"DATE" env:"RAPPORT_FROM" group:"filter"`
	To           string   `help:"Last day, the whole of it, or a moment." placeholder:"DATE" env:"RAPPORT_TO" group:"filter"`
	dataFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*utterancesCmd) Help() string {
	return `What users wrote: messages, and comments to surveys and reactions. Or, with --source bot, the bot's last message before users left.

    rapport utterances --unrecognised --data engagement
    rapport utterances "parking permit" --filter channel=msteams
    rapport utterances --group --source bot`
}

// errEnough ends a listing that has as many rows as were asked for.
var errEnough = errors.New("enough")

// Run implements the command.
func (c *utterancesCmd) Run(ctx context.Context, a *app) (err error) {
	zone, err := c.zoneFlag.load()
	if err != nil {
		return err
	}
	q := dataset.UtteranceQuery{Recognition: c.Recognition, Source: c.Source, Contains: c.Contains}
	if c.Unrecognised {
		q.Recognition = append(q.Recognition, "unrecognised")
	}
	ask := askFlags{Filter: c.Filter}
	if q.Filters, err = ask.filters(); err != nil {
		return err
	}
	q.Filters = ofKinds(q.Filters, c.IncludeTest)
	q.Definition, q.Zone, q.Range = c.Definition, c.TZ, &metric.Range{From: c.From, To: c.To}
	d, err := c.open(ctx, a, "rapport utterances")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	bots, err := botNames(ctx, d)
	if err != nil {
		return err
	}
	if c.Group {
		return c.group(ctx, a, d, q)
	}
	rows := &listing[wire.Utterance]{
		table: newTable(
			column{title: "SAID"}, column{title: "CONVERSATION", most: 44, least: 18}, column{title: "#", right: true}, column{title: "RECOGNISED"},
			column{title: "TEXT", most: 80, least: 20},
		),
		line: func(u *wire.Utterance) []string {
			return []string{wire.Local(u.At, zone), u.ConversationID, id(int64(u.Session)), recognisedAs(u), u.Text}
		},
		header:  wire.UtteranceHeader(),
		columns: (*wire.Utterance).Cells,
	}
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	n := 0
	err = d.EachUtterance(ctx, q, func(u *fact.Utterance) error {
		if c.Conversation != "" && !strings.EqualFold(u.Conversation, c.Conversation) {
			return nil
		}
		if n++; c.Limit > 0 && n > c.Limit {
			return errEnough
		}
		row := wire.UtteranceOfFact(u, wire.BotName(bots(u.Bot)))
		return rows.add(rowKey{untimed: true, number: n}, &row)
	})
	switch {
	case errors.Is(err, errEnough):
		a.note("and more: --limit 0 lists all")
	case err != nil:
		return err
	case n == 0:
		a.note("nothing that users wrote is like that")
	}
	return rows.write(ctx, a.out)
}

func recognisedAs(u *wire.Utterance) string {
	switch {
	case u.Source == "bot":
		return "(bot)"
	case u.Source != "message":
		return "(comment)"
	case u.Recognition == "":
		return "-"
	default:
		return u.Recognition
	}
}

// group lists what says the same together.
func (c *utterancesCmd) group(ctx context.Context, a *app, d dataSet, q dataset.UtteranceQuery) (err error) {
	switch {
	case c.Conversation != "":
		return errs.New(errs.Invalid, "leave out one of the two", "--group is over all conversations, and --conversation names one")
	case c.Limit == 0:
		return errs.New(errs.Invalid, "--limit 500 is the most", "--group lists so many groups as --limit says")
	}
	q.Limit = int64(c.Limit)
	found, err := d.UtteranceGroups(ctx, q)
	if err != nil {
		return err
	}
	rows := &listing[wire.UtteranceGroup]{
		table: newTable(
			column{title: "TIMES", right: true}, column{title: "SESSIONS", right: true}, column{title: "TEXT", most: 80, least: 20},
			column{title: "FOR EXAMPLE", most: 44, least: 18}, column{title: "#", right: true},
		),
		line: func(g *wire.UtteranceGroup) []string {
			return []string{number(g.Utterances), number(g.Sessions), g.Text, g.Example.ConversationID, id(int64(g.Example.Session))}
		},
		header:  wire.UtteranceGroupHeader(),
		columns: (*wire.UtteranceGroup).Cells,
	}
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	for n := range found.Groups {
		if err := rows.add(rowKey{untimed: true, number: n}, &found.Groups[n]); err != nil {
			return err
		}
	}
	if found.Utterances == 0 {
		a.note("nothing that was said is like that")
	}
	if found.Considered < found.Utterances {
		a.note("of the latest %s of %s utterances", number(found.Considered), number(found.Utterances))
	}
	if found.More > 0 {
		a.note("and %s more: --limit lists up to 500", count(found.More, "group"))
	}
	return rows.write(ctx, a.out)
}
