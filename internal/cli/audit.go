package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/audit"
	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/wire"
)

type auditCmd struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Files, folders, globs in quotes, or - for standard input; .gz, .zst and .zip too."`
	Data  string   `help:"Read this data set instead of paths; default $RAPPORT_DATA." placeholder:"DIR" group:"input"`
	readFlags
	Definition string `help:"Rules to derive with: a name from definitions list, or a YAML file; default ${default}." default:"guidance-2023" placeholder:"NAME|FILE" env:"RAPPORT_DEFINITION" group:"input"`
	Strict     bool   `help:"Exit with 1 when there is any difference." env:"RAPPORT_STRICT" group:"output"`
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*auditCmd) Help() string {
	return `Every record that carries the platform's SessionInfo is derived again without it, and the two are compared field by field:
first how often they agree, then each difference with the reason for what was derived. Test traffic is always read.

    rapport audit --definition studio-2024 --strict transcripts/`
}

// Run implements the command.
func (c *auditCmd) Run(ctx context.Context, a *app) (err error) {
	from := anywhereFlags{Paths: c.Paths, Data: c.Data, readFlags: c.readFlags}
	p, err := from.place()
	if err != nil {
		return err
	}
	if p.server != "" {
		return errs.New(errs.Invalid, "give paths or --data DIR, or ask the server: POST /api/v1/audits (docs/api.md)", "audit reads files or a data set, no server")
	}
	in := &inputFlags{Paths: p.paths, readFlags: c.readFlags}
	by, err := loadRules(a, definitionFlag{c.Definition}, in, c.zoneFlag)
	if err != nil {
		return err
	}
	if by.def.Name == definition.Default {
		return errs.New(errs.Invalid, "name the rules to judge, e.g. --definition studio-2024", "definition %q is what the platform said: it agrees with itself", by.def.Name)
	}
	rows := newDifferenceListing()
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	n := 0 // keeps those of one session in their order
	add := func(bot activity.Bot, conversation string, d audit.Difference) error {
		n++
		row := differenceRow(bot, conversation, d)
		return rows.add(rowKey{d.At, d.Untimed, bot.Key(), conversation, n}, &row)
	}
	var sum audit.Summary
	if len(p.paths) > 0 {
		sum, err = auditFiles(ctx, a, in, by, add)
	} else {
		a.quiet = c.Quiet
		sum, err = auditData(ctx, a, p.folder, c.TempDir, by.def, add)
	}
	if err != nil {
		return err
	}
	if sum.Sessions == 0 {
		a.note("nothing to compare: no record carries the platform's SessionInfo")
		a.note("try: rapport sessions --definition %s", c.Definition)
	}
	if err := writeAudit(ctx, a.out, rows, wire.AuditOf(by.def.ID(), sum), by.zone); err != nil {
		return err
	}
	if c.Strict && sum.Differences > 0 {
		return errFound
	}
	return nil
}

type addDifference func(bot activity.Bot, conversation string, d audit.Difference) error

func auditFiles(ctx context.Context, a *app, in *inputFlags, by rules, add addDifference) (sum audit.Summary, err error) {
	platform, err := definition.Load(definition.Default)
	if err != nil {
		return sum, err
	}
	err = read(ctx, a, in, by.catalogue, func(c *activity.Conversation) error {
		res := audit.Compare(c, platform, by.def, by.catalogue)
		sum.Add(res)
		for _, d := range res.Differences {
			if err := add(c.Bot, c.ID, d); err != nil {
				return err
			}
		}
		return nil
	})
	return sum, err
}

func auditData(ctx context.Context, a *app, folder, tempDir string, def *definition.Definition, add addDifference) (sum audit.Summary, err error) {
	d, err := openData(ctx, folder, tempDir, use{holder: "rapport audit"})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	defer show.stop()
	return d.Audit(ctx, def, p, func(one dataset.Disagreement) error { return add(one.Bot, one.Conversation, one.Difference) })
}

// differenceJSON is one difference for programs (docs/cli-json.md).
type differenceJSON struct {
	ConversationID string          `json:"conversation_id"`
	BotID          string          `json:"bot_id"`
	Session        int             `json:"session"`
	StartedAt      *string         `json:"started_at"`
	Kind           string          `json:"kind"`
	Field          audit.Field     `json:"field"`
	Platform       *string         `json:"platform"`
	Derived        *string         `json:"derived"`
	Evidence       []wire.Evidence `json:"evidence"`
}

func differenceRow(bot activity.Bot, conversation string, d audit.Difference) differenceJSON {
	side := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	return differenceJSON{
		ConversationID: conversation, BotID: bot.Key(), Session: d.Number, StartedAt: wire.Stamp(d.At, d.Untimed), Kind: string(d.Kind),
		Field: d.Field, Platform: side(d.Platform), Derived: side(d.Derived), Evidence: wire.EvidenceOf(d.Evidence, d.Untimed),
	}
}

func newDifferenceListing() *listing[differenceJSON] {
	return &listing[differenceJSON]{
		table:  newTable(),
		line:   func(*differenceJSON) []string { return nil },
		header: []string{"conversation_id", "bot_id", "session", "started_at", "kind", "field", "platform", "derived", "evidence"},
		columns: func(d *differenceJSON) []string {
			return []string{
				d.ConversationID, d.BotID, strconv.Itoa(d.Session), wire.OrEmpty(d.StartedAt), d.Kind, string(d.Field),
				wire.OrEmpty(d.Platform), wire.OrEmpty(d.Derived), reasons(d.Evidence),
			}
		},
	}
}

func reasons(evidence []wire.Evidence) string {
	parts := make([]string, len(evidence))
	for i, e := range evidence {
		parts[i] = strings.TrimSpace(string(e.Rule) + " " + e.Detail)
	}
	return strings.Join(parts, "; ")
}

func writeAudit(ctx context.Context, w io.Writer, rows *listing[differenceJSON], sum wire.Audit, zone *time.Location) error {
	switch rows.format {
	case formatCSV:
		return rows.write(ctx, w)
	case formatTable:
		return writeAuditText(ctx, w, rows, sum, zone)
	case formatJSONL:
		out := bufio.NewWriterSize(w, 64<<10)
		line, err := wire.Append(nil, sum)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
		if err := rows.writeLines(ctx, out); err != nil {
			return err
		}
		return flush(out)
	default:
		out := bufio.NewWriterSize(w, 64<<10)
		head, err := wire.Append(nil, sum)
		if err != nil {
			return err
		}
		// The summary's object goes on with the differences, which may be too many to hold.
		if _, err := fmt.Fprintf(out, "{\n\"summary\": %s,\n\"differences\": ", head); err != nil {
			return err
		}
		if err := rows.writeArray(ctx, out); err != nil {
			return err
		}
		if _, err := out.WriteString("}\n"); err != nil {
			return err
		}
		return flush(out)
	}
}

func writeAuditText(ctx context.Context, w io.Writer, rows *listing[differenceJSON], sum wire.Audit, zone *time.Location) error {
	out := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "platform against %s: %s in %s\n\n", clean(sum.Definition), count(sum.Sessions, "session"), count(sum.Conversations, "conversation"))
	for _, f := range sum.Fields {
		if f.Compared == 0 {
			fmt.Fprintf(out, "  %-11s -\n", f.Field)
			continue
		}
		fmt.Fprintf(out, "  %-11s %d of %d\n", f.Field, f.Agree, f.Compared)
	}
	err := rows.each(ctx, func(d *differenceJSON) error {
		fmt.Fprintf(out, "\n%s, session %d (%s): %s\n", clean(d.ConversationID), d.Session, wire.Local(d.StartedAt, zone), d.Field)
		fmt.Fprintf(out, "  platform  %s\n  derived   %s\n", clean(noSession(d.Platform)), clean(noSession(d.Derived)))
		for _, e := range d.Evidence {
			_, err := fmt.Fprintf(out, "            %s\n", clean(evidenceLine(e)))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return flush(out)
}

func noSession(side *string) string {
	if side == nil {
		return "no such session"
	}
	return *side
}

// evidenceLine is a rule, what it saw and where.
func evidenceLine(e wire.Evidence) string {
	line := string(e.Rule)
	if e.Detail != "" {
		line += " " + strconv.Quote(e.Detail)
	}
	if e.ActivityID != "" {
		line += " (activity " + e.ActivityID + ")"
	}
	return line
}
