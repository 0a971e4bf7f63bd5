// Package cli is the command line: one file a command, and what the commands share. It decides nothing about sessions.
//
// docs/cli.md has the exit codes and the environment, docs/cli-json.md the output for programs.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"rapport/internal/errs"
)

// The exit codes of docs/cli.md.
const (
	exitOK          = 0
	exitFound       = 1 // audit --strict found differences, definitions check a fault
	exitUsage       = 2
	exitInput       = 3
	exitFault       = 4
	exitInterrupted = 130
)

// errFound ends a command that has done its work and found what it was told to look for. What was found is printed already.
var errFound = errors.New("found")

// Streams are the process's standard streams.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// commands is the whole command line.
type commands struct {
	Sessions    sessionsCmd    `cmd:"" help:"List analytics sessions, one row each."`
	Billed      billedCmd      `cmd:"" help:"List billed sessions, one row each."`
	Report      reportCmd      `cmd:"" help:"Sum up: engagement, outcomes, satisfaction, topics, days."`
	Audit       auditCmd       `cmd:"" help:"Compare what the platform said of its sessions with what a definition derives."`
	Explain     explainCmd     `cmd:"" help:"Show one conversation as a timeline, with the reason for every decision."`
	Import      importCmd      `cmd:"" help:"Read files into a data set, which grows."`
	Imports     importsCmd     `cmd:"" help:"List, show and take back imports of a data set."`
	Query       queryCmd       `cmd:"" help:"Ask a data set any number, by any dimension, with its interval."`
	Drivers     driversCmd     `cmd:"" help:"Say which topics, or other groups, move a number."`
	Utterances  utterancesCmd  `cmd:"" help:"List and search what users wrote."`
	Export      exportCmd      `cmd:"" help:"Write rows or transcripts for other programs: CSV, JSON Lines, Parquet, Dataverse."`
	Serve       serveCmd       `cmd:"" help:"Show a data set in the browser, and answer over HTTP."`
	Definitions definitionsCmd `cmd:"" help:"List, show, check, apply and compare definitions."`
	Catalogue   catalogueCmd   `cmd:"" help:"Keep the topic catalogue of a data set."`
	Config      configCmd      `cmd:"" help:"Check and show the configuration of a server."`
	Demo        demoCmd        `cmd:"" help:"Look at the dashboard with made-up data."`
	Generate    generateCmd    `cmd:"" help:"Make up a world of conversations, for demos and load."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

const description = `Rapport measures how people engage with chatbots, from the transcripts that bots record.

    rapport demo
    rapport report transcripts/
    rapport sessions --format csv export.json > sessions.csv
    rapport import export.json --data engagement
    rapport query engagement_rate --by topic --data engagement

Exit codes: 0 done, 1 found (audit --strict, definitions check), 2 usage or definition, 3 input could not be read, 4 internal fault, 130 interrupted.`

// Main runs one command and returns its exit code. Data goes to Out; what is for people to know goes to Err.
func Main(ctx context.Context, args []string, std Streams) int {
	a := &app{in: interruptible(ctx, std.In), out: std.Out, err: std.Err}
	err := a.run(ctx, args)
	switch {
	case errors.Is(err, syscall.EPIPE):
		return exitOK // whoever read had enough
	case err != nil && ctx.Err() != nil:
		a.print("interrupted")
		return exitInterrupted
	}
	a.flush()
	return a.fail(err)
}

func (a *app) run(ctx context.Context, args []string) error {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("rapport"), kong.Description(description), kong.Writers(a.out, a.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(a),
		kong.ExplicitGroups([]kong.Group{{Key: "input", Title: "Input:"}, {Key: "filter", Title: "Filter:"}, {Key: "output", Title: "Output:"}}),
	)
	if err != nil {
		return fmt.Errorf("build command line: %w", err)
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return usage(err)
	}
	return chosen.Run()
}

// usage gives an error of the command line a hint.
func usage(err error) error {
	if errors.Is(err, syscall.EPIPE) { // whoever read the help has seen enough
		return err
	}
	help := "rapport --help"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			help = node.FullPath() + " --help"
		}
	}
	return errs.New(errs.Invalid, "`"+help+"` shows what there is", "%s", err)
}

// app is what every command gets: the streams, and what is still to be said.
type app struct {
	in       io.Reader
	out, err io.Writer
	quiet    bool
	notices  []string
}

// note keeps a line for people until the data is out. There are few: whoever notes cuts what grows with the input.
func (a *app) note(format string, args ...any) {
	a.notices = append(a.notices, fmt.Sprintf(format, args...))
}

func (a *app) flush() {
	if !a.quiet {
		for _, n := range a.notices {
			a.print(n)
		}
	}
	a.notices = nil
}

// print writes one line to standard error. Nothing can be done when that is gone.
func (a *app) print(line string) { fmt.Fprintln(a.err, clean(line)) }

// fail prints an error and returns its exit code.
func (a *app) fail(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFound):
		return exitFound
	}
	a.print("error: " + strings.TrimSpace(err.Error()))
	if hint := errs.HintOf(err); hint != "" {
		a.print("try: " + hint)
	}
	switch errs.CodeOf(err) {
	case errs.Invalid:
		return exitUsage
	case errs.NotFound, errs.Input, errs.Conflict:
		return exitInput
	default:
		return exitFault
	}
}

// terminal returns the terminal behind a stream, if there is one.
func terminal(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// interruptible ends a read that waits for input when ctx is done.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	return &waiting{ctx: ctx, r: r}
}

// waiting starts to read at the first Read, so that a command that reads nothing takes nothing.
type waiting struct {
	ctx  context.Context
	r    io.Reader
	pipe *io.PipeReader
}

// Read implements io.Reader.
func (w *waiting) Read(p []byte) (int, error) {
	if w.pipe == nil {
		pr, pw := io.Pipe()
		w.pipe = pr
		go func() {
			_, err := io.Copy(pw, w.r)
			pw.CloseWithError(err)
		}()
		context.AfterFunc(w.ctx, func() { pr.CloseWithError(w.ctx.Err()) })
	}
	return w.pipe.Read(p)
}
