package cli

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/client"
	"rapport/internal/dataset"
	"rapport/internal/decode"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/export"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/session"
	"rapport/internal/store"
	"rapport/internal/wire"
)

type exportCmd struct {
	What   exported `arg:"" help:"${enum}." enum:"sessions,billed,utterances,conversations"`
	Paths  []string `arg:"" optional:"" name:"path" help:"Files, folders, globs in quotes, or - for standard input, instead of a data set."`
	Data   string   `help:"Folder of the data set; default $RAPPORT_DATA." placeholder:"DIR" group:"input"`
	Server string   `help:"Ask a running rapport serve instead; default $RAPPORT_SERVER." placeholder:"URL" group:"input"`
	readFlags
	definitionFlag
	From        string   `help:"First day, or a moment." placeholder:"DATE" env:"RAPPORT_FROM" group:"filter"`
	To          string   `help:"Last day, the whole of it, or a moment." placeholder:"DATE" env:"RAPPORT_TO" group:"filter"`
	Filter      []string `help:"Keep sessions with DIMENSION=VALUE, or leave them out with DIMENSION!=VALUE; several values with a comma." placeholder:"D=V" sep:"none" group:"filter"`
	IncludeTest bool     `help:"Test traffic too: test canvas and evaluation runs." env:"RAPPORT_INCLUDE_TEST" group:"filter"`
	TZ          string   `name:"zone" help:"Time zone of days and of times; default ${default}." default:"UTC" placeholder:"ZONE" env:"RAPPORT_ZONE" group:"output"`
	Format      string   `help:"csv, jsonl, parquet; for conversations jsonl, odata, csv. Default jsonl." placeholder:"FORMAT" default:"jsonl" group:"output"`
	Columns     []string `help:"Only these columns, in this order." placeholder:"NAME" group:"output"`
	Replace     bool     `help:"Of conversations: put derived SessionInfo in the place of what the platform wrote." group:"output"`
	Output      string   `help:"Write to this file instead of standard output." short:"o" placeholder:"FILE" group:"output"`
}

// exported is what can be exported.
type exported string

const (
	exportedSessions      exported = "sessions"
	exportedBilled        exported = "billed"
	exportedUtterances    exported = "utterances"
	exportedConversations exported = "conversations"
)

// Help is shown below the flags' summary.
func (*exportCmd) Help() string {
	return `Rows for other programs, streamed: docs/cli-json.md has the columns. Conversations are rows of the Dataverse table
conversationtranscript, one a session, that end with the session as the platform writes it: reports built on that table work on them.

    rapport export sessions --data engagement --format parquet -o sessions.parquet
    rapport export conversations --format csv -o transcripts.csv transcripts/`
}

// Run implements the command.
func (c *exportCmd) Run(ctx context.Context, a *app) (err error) {
	a.quiet = c.Quiet
	zone, err := zoneFlag{c.TZ}.load()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	from := anywhereFlags{Paths: c.Paths, Data: c.Data, Server: c.Server, readFlags: c.readFlags}
	p, err := from.place()
	if err != nil {
		return err
	}
	e := exporting{app: a, options: export.Options{Format: export.Format(c.Format), Zone: zone, Columns: c.Columns}, replace: c.Replace}
	if e.query, err = c.query(); err != nil {
		return err
	}
	run := func(w io.Writer) error { return c.from(ctx, a, p, &e, w) }
	if c.Output == "" {
		return run(a.out)
	}
	return writeWhole(c.Output, run)
}

// check refuses a format before anything is read or written.
func (c *exportCmd) check() error {
	formats := export.Formats()
	if c.What == exportedConversations {
		formats = export.TranscriptFormats()
	}
	var words []string
	for _, f := range formats {
		words = append(words, string(f))
	}
	if !slices.Contains(words, c.Format) {
		return errs.New(errs.Invalid, "use "+strings.Join(words, ", "), "%s have no format %q", c.What, c.Format)
	}
	switch {
	case c.What == exportedConversations && len(c.Columns) > 0:
		return errs.New(errs.Invalid, "leave it out", "--columns is for rows, and a conversation has those of its table")
	case c.What != exportedConversations && c.Replace:
		return errs.New(errs.Invalid, "leave it out", "--replace is for conversations")
	}
	return nil
}

// query is which sessions are meant.
func (c *exportCmd) query() (dataset.SessionQuery, error) {
	ask := askFlags{Filter: c.Filter}
	filters, err := ask.filters()
	if err != nil {
		return dataset.SessionQuery{}, err
	}
	filters = ofKinds(filters, c.IncludeTest)
	return dataset.SessionQuery{
		Definition: c.Definition, Filters: filters, Range: &metric.Range{From: c.From, To: c.To}, Zone: c.TZ, AsOf: afterAll, Sort: "started_at",
	}, nil
}

// from exports from where the data is.
func (c *exportCmd) from(ctx context.Context, a *app, p place, e *exporting, w io.Writer) (err error) {
	switch {
	case len(p.paths) > 0:
		return c.fromFiles(ctx, a, p.paths, e, w)
	case p.server != "":
		return c.fromServer(ctx, p.server, e.query, w)
	}
	d, err := openData(ctx, p.folder, c.TempDir, use{holder: "rapport export"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := inForce(ctx, a, local{d}, c.Definition); err != nil {
		return err
	}
	return e.data(ctx, d, c.What, w)
}

// fromServer writes what a server streams.
func (c *exportCmd) fromServer(ctx context.Context, address string, q dataset.SessionQuery, w io.Writer) error {
	server, err := client.New(address)
	if err != nil {
		return err
	}
	more := url.Values{}
	if len(c.Columns) > 0 {
		more.Set("columns", strings.Join(c.Columns, ","))
	}
	if c.Replace {
		more.Set("replace", "true")
	}
	if c.What == exportedBilled {
		q.Sort = "" // they have one order
	}
	return errors.Join(server.Export(ctx, string(c.What)+"."+c.Format, q, more, w), server.Close())
}

// exporting is one export.
type exporting struct {
	app     *app
	options export.Options
	query   dataset.SessionQuery
	replace bool
}

// data exports from a data set.
func (e *exporting) data(ctx context.Context, d *dataset.Dataset, what exported, w io.Writer) error {
	bots, err := botNames(ctx, local{d})
	if err != nil {
		return err
	}
	e.options.BotName = func(key string) string { return wire.BotName(bots(key)) }
	switch what {
	case exportedSessions:
		return rowsTo(export.Sessions, w, e.options, func(out *export.Writer[fact.Session]) error { return d.EachSession(ctx, e.query, out.Write) })
	case exportedBilled:
		return rowsTo(export.Billed, w, e.options, func(out *export.Writer[fact.Billed]) error { return d.EachBilled(ctx, e.query, out.Write) })
	case exportedUtterances:
		return rowsTo(export.Utterances, w, e.options, func(out *export.Writer[fact.Utterance]) error {
			return d.EachUtterance(ctx, dataset.UtteranceQuery{SessionQuery: e.query}, func(u *fact.Utterance) error { return out.Write(metric.Header{}, u) })
		})
	default:
		return e.transcripts(w, func(yield func(*activity.Conversation, session.Result) error) error {
			return d.EachConversation(ctx, e.query, func(c *dataset.Conversation) error { return yield(c.Conversation, c.Result) })
		})
	}
}

// rowsTo writes rows with a writer of their table.
func rowsTo[R any](
	open func(io.Writer, export.Options) (*export.Writer[R], error), w io.Writer, o export.Options, fill func(*export.Writer[R]) error,
) error {
	out, err := open(w, o)
	if err != nil {
		return err
	}
	if err := fill(out); err != nil {
		return err
	}
	return out.Close()
}

func (e *exporting) transcripts(w io.Writer, each func(func(*activity.Conversation, session.Result) error) error) error {
	out, err := export.Transcripts(w, export.TranscriptOptions{Format: e.options.Format, Replace: e.replace})
	if err != nil {
		return err
	}
	if err := each(out.Write); err != nil {
		return err
	}
	if out.Left > 0 {
		e.app.note("%s of a sessions CSV left out: without activities there is no transcript", count(out.Left, "conversation"))
	}
	return out.Close()
}

// fromFiles exports what files hold by way of a data set that lasts as long as the command.
func (c *exportCmd) fromFiles(ctx context.Context, a *app, paths []string, e *exporting, w io.Writer) (err error) {
	def, err := c.load(a)
	if err != nil {
		return err
	}
	if err := apart(c.Rejects, paths); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.TempDir, "rapport-export-*")
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "name a folder that exists, with --temp-dir", "make a folder to work in")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	d, err := openData(ctx, dir, c.TempDir, use{holder: "rapport export", create: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := c.fill(ctx, a, d, paths, def); err != nil {
		return err
	}
	e.query.Definition = def.Name
	return e.data(ctx, d, c.What, w)
}

// fill puts files, their catalogue and a definition into a new data set.
func (c *exportCmd) fill(ctx context.Context, a *app, d *dataset.Dataset, paths []string, def *definition.Definition) error {
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	defer show.stop()
	switch len(c.Catalogue) {
	case 0:
	case 1:
		text, err := readCatalogue(c.Catalogue[0])
		if err != nil {
			return err
		}
		if err := d.SetCatalogue(ctx, text, p); err != nil {
			return err
		}
	default:
		return errs.New(errs.Invalid, "put them into one file", "%d catalogues are given, and an export takes one", len(c.Catalogue))
	}
	if _, err := d.Apply(ctx, def.Source(), p); err != nil {
		return err
	}
	done, err := d.Import(ctx, dataset.ImportOptions{Paths: paths, Stdin: a.in, Bot: activity.Bot{ID: c.Bot}, Progress: p})
	if err != nil {
		return err
	}
	noteRecords(a, done, "--rejects FILE keeps every row")
	if c.Rejects != "" {
		if err := keepRejects(ctx, d, done.ID, c.Rejects); err != nil {
			return err
		}
	}
	return nothingRead(importCounts(done))
}

func keepRejects(ctx context.Context, d *dataset.Dataset, imported int64, file string) error {
	out, err := openRejects(file)
	if err != nil {
		return err
	}
	err = d.Rejects(ctx, imported, func(r store.Reject) error {
		return out.keep(decode.Reject{Origin: r.Origin, Reason: r.Reason, Raw: r.Raw})
	})
	return errors.Join(err, out.close())
}

// writeWhole writes a file under another name until it is whole: half an export would pass for one.
func writeWhole(name string, write func(io.Writer) error) error {
	hint := "name a file in a folder that can be written"
	f, err := os.CreateTemp(filepath.Dir(name), ".rapport-export-*")
	if err != nil {
		return errs.Wrap(err, errs.Invalid, hint, "create --output %q", name)
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
