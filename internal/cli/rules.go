package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/wire"
)

type definitionsApplyCmd struct {
	Name string `arg:"" help:"A name from definitions list, or a YAML file."`
	dataFlag
}

// Help is shown below the flags' summary.
func (*definitionsApplyCmd) Help() string {
	return `Derives every conversation of the data set under the definition, and keeps the sessions beside those of the others in force.
Until that is done the old ones serve.

    rapport definitions apply ours.yaml --data engagement`
}

// Run implements the command.
func (c *definitionsApplyCmd) Run(ctx context.Context, a *app) (err error) {
	def, err := definitionFlag{c.Name}.load(a)
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, use{holder: "rapport definitions apply", writes: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	done, err := d.Apply(ctx, def.Source(), p)
	show.stop()
	if err != nil {
		return err
	}
	a.note("%s is in force: %s", done.Definition.ID(), count(done.Sessions, "session"))
	return nil
}

type definitionsDropCmd struct {
	Name string `arg:"" help:"A name from definitions in-force."`
	dataFlag
}

// Help is shown below the flags' summary.
func (*definitionsDropCmd) Help() string {
	return `Records stay, and so does what other definitions derived of them.

    rapport definitions drop ours --data engagement`
}

// Run implements the command.
func (c *definitionsDropCmd) Run(ctx context.Context, a *app) (err error) {
	d, err := c.open(ctx, a, use{holder: "rapport definitions drop", writes: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Drop(ctx, c.Name); err != nil {
		return err
	}
	a.note("definition %s is dropped", c.Name)
	return nil
}

type definitionsInForceCmd struct {
	dataFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*definitionsInForceCmd) Help() string {
	return "    rapport definitions in-force --data engagement"
}

// Run implements the command.
func (c *definitionsInForceCmd) Run(ctx context.Context, a *app) (err error) {
	zone, err := c.zoneFlag.load()
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, "rapport definitions in-force")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	all, err := d.Definitions(ctx)
	if err != nil {
		return err
	}
	rows := &listing[wire.InForce]{
		table: newTable(column{title: "NAME"}, column{title: "VERSION"}, column{title: "APPLIED"}, column{title: "SESSIONS", right: true}, column{title: "STATE"}),
		line: func(f *wire.InForce) []string {
			return []string{f.Name, f.Version, wire.Local(f.AppliedAt, zone), number(f.Sessions), stateOf(f)}
		},
		header: []string{"name", "version", "hypothesis", "applied_at", "sessions", "stale", "ready"},
		columns: func(f *wire.InForce) []string {
			return []string{f.Name, f.Version, fmt.Sprint(f.Hypothesis), wire.OrEmpty(f.AppliedAt), id(f.Sessions), fmt.Sprint(f.Stale), fmt.Sprint(f.Ready)}
		},
	}
	rows.open(c.Format, "")
	defer func() { err = errors.Join(err, rows.close()) }()
	for n := range all {
		if err := rows.add(rowKey{untimed: true, number: n}, &all[n]); err != nil {
			return err
		}
	}
	return rows.write(ctx, a.out)
}

func stateOf(f *wire.InForce) string {
	switch {
	case !f.Ready:
		return "not derived yet"
	case f.Stale:
		return "derived by earlier rules"
	default:
		return "ready"
	}
}

type definitionsDiffCmd struct {
	A string `arg:"" help:"A name from definitions list, or a YAML file."`
	B string `arg:"" help:"What to compare it with."`
	dataFlag
	zoneFlag
	List   bool   `help:"List the sessions that differ too."`
	Format string `help:"Form of the output: ${enum}; default ${default}." default:"table" enum:"table,json,jsonl" placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*definitionsDiffCmd) Help() string {
	return `Derives every conversation of the data set under both, in a stream, and keeps neither. Sessions of every kind count.

    rapport definitions diff platform studio-2026 --list --data engagement`
}

// Run implements the command.
func (c *definitionsDiffCmd) Run(ctx context.Context, a *app) (err error) {
	zone, err := c.zoneFlag.load()
	if err != nil {
		return err
	}
	first, err := definitionFlag{c.A}.load(a)
	if err != nil {
		return err
	}
	second, err := definitionFlag{c.B}.load(a)
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, use{holder: "rapport definitions diff"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return c.diff(ctx, a, d, first, second, zone)
}

// diff writes the comparison. The sessions that differ are sorted in a listing until the sums, which come first, are known.
func (c *definitionsDiffCmd) diff(ctx context.Context, a *app, d *dataset.Dataset, first, second *definition.Definition, zone *time.Location) (err error) {
	rows := newRuleListing(zone)
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	n := 0
	sum, err := d.Diff(ctx, first, second, p, func(one dataset.Difference) error {
		if !c.List {
			return nil
		}
		n++
		row := wire.DifferenceOf(one, first.ID(), second.ID())
		return rows.add(differenceKey(one, n), &row)
	})
	show.stop()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.out)
	switch c.Format {
	case formatTable:
		if err := writeComparison(out, wire.DefinitionDiffOf(sum)); err != nil {
			return err
		}
		if c.List && n > 0 {
			fmt.Fprintln(out)
		}
		if err := flush(out); err != nil || !c.List {
			return err
		}
		return rows.write(ctx, a.out)
	case formatJSONL:
		if err := a.json(wire.DefinitionDiffOf(sum)); err != nil {
			return err
		}
		return rows.write(ctx, a.out)
	default:
		row := wire.DefinitionDiffOf(sum)
		if !c.List {
			return a.json(row)
		}
		line, err := wire.Append(nil, row)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, `{"summary":%s,"differences":`, line)
		if err := rows.write(ctx, out); err != nil {
			return err
		}
		fmt.Fprintln(out, "}")
		return flush(out)
	}
}

// writeComparison is the table for people: both sides, and the change from the first to the second.
func writeComparison(w io.Writer, c wire.DefinitionDiff) error {
	a, b := &c.A, &c.B
	rows := [][]string{}
	for _, n := range []struct {
		name string
		of   func(*wire.Side) int64
	}{
		{"sessions", func(s *wire.Side) int64 { return s.Sessions }},
		{"engaged", func(s *wire.Side) int64 { return s.Engaged }},
		{"resolved", func(s *wire.Side) int64 { return s.Resolved }},
		{"  confirmed", func(s *wire.Side) int64 { return s.Confirmed }},
		{"  implied", func(s *wire.Side) int64 { return s.Implied }},
		{"escalated", func(s *wire.Side) int64 { return s.Escalated }},
		{"abandoned", func(s *wire.Side) int64 { return s.Abandoned }},
		{"billed sessions", func(s *wire.Side) int64 { return s.Billed }},
	} {
		rows = append(rows, []string{n.name, number(n.of(a)), number(n.of(b)), signed(n.of(b) - n.of(a))})
	}
	for _, r := range []struct {
		name string
		a, b wire.Rate
	}{
		{"engagement", a.Rates.Engagement, b.Rates.Engagement},
		{"resolution", a.Rates.Resolution, b.Rates.Resolution},
		{"escalation", a.Rates.Escalation, b.Rates.Escalation},
		{"abandon", a.Rates.Abandon, b.Rates.Abandon},
	} {
		change := "-"
		if r.a.Rate != nil && r.b.Rate != nil {
			change = fmt.Sprintf("%+.1f points", 100*(*r.b.Rate-*r.a.Rate))
		}
		rows = append(rows, []string{r.name, share(r.a.Rate), share(r.b.Rate), change})
	}
	t := newTable(column{title: ""}, column{title: a.Definition, right: true}, column{title: b.Definition, right: true}, column{title: "CHANGE", right: true})
	if err := t.print(w, rows); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s of %s differ, in %s\n", number(c.Differ), count(c.Conversations, "conversation"), count(c.Sessions, "session"))
	var moved []string
	for _, f := range sortedKeys(c.Fields) {
		moved = append(moved, fmt.Sprintf("%s %s", f, number(c.Fields[f])))
	}
	if len(moved) > 0 {
		fmt.Fprintf(w, "what differs: %s\n", strings.Join(moved, ", "))
	}
	return nil
}

func share(rate *float64) string {
	if rate == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100**rate)
}

func signed(n int64) string {
	switch {
	case n > 0:
		return "+" + number(n)
	case n < 0:
		return "-" + number(-n)
	default:
		return "0"
	}
}

func differenceKey(d dataset.Difference, n int) rowKey {
	s := d.A
	if s == nil {
		s = d.B
	}
	return rowKey{s.StartedAt, s.Untimed, d.Bot.Key(), d.Conversation, s.Number*2 + n%2}
}

func newRuleListing(zone *time.Location) *listing[wire.Difference] {
	side := func(s *wire.Session) string {
		if s == nil {
			return "(no session)"
		}
		return strings.TrimSpace(fmt.Sprintf("%s, %s, %s", s.Ending(), s.Topic.Title(), count(s.Turns, "turn")))
	}
	return &listing[wire.Difference]{
		table: newTable(
			column{title: "STARTED"}, column{title: "CONVERSATION", most: 44, least: 18}, column{title: "DIFFERS IN", most: 40, least: 12},
			column{title: "A", most: 50, least: 20}, column{title: "B", most: 50, least: 20},
		),
		line: func(d *wire.Difference) []string {
			s := d.A
			if s == nil {
				s = d.B
			}
			fields := strings.Join(d.Fields, ", ")
			if d.A == nil || d.B == nil {
				fields = "only one has it"
			}
			return []string{wire.Local(s.StartedAt, zone), d.ConversationID, fields, side(d.A), side(d.B)}
		},
	}
}
