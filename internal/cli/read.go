package cli

import (
	"bufio"
	"context"
	"errors"
	"os"
	"path/filepath"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/ingest"
	"rapport/internal/session"
	"rapport/internal/source"
	"rapport/internal/wire"
)

// Row is one analytics session with whose it is.
type Row struct {
	Bot          activity.Bot
	Conversation string
	Definition   string // name@version
	session.Session
}

// Source is where `sessions`, `billed` and `report` get sessions from: files, or a data set here or behind a server. Errors have the codes
// of errs.
type Source interface {
	// Sessions calls yield with every session under the definition asked for, in any order.
	Sessions(ctx context.Context, yield func(Row) error) error
	// Billed does so with every billed session; the row is valid until yield returns.
	Billed(ctx context.Context, yield func(bot activity.Bot, key rowKey, row *wire.Billed) error) error
}

// files derives sessions from the paths of the command line.
type files struct {
	app       *app
	flags     *inputFlags
	def       *definition.Definition
	catalogue *definition.Catalogue
}

var _ Source = (*files)(nil)

// Sessions implements Source.
func (f *files) Sessions(ctx context.Context, yield func(Row) error) error {
	exported := 0
	err := f.results(ctx, func(c *activity.Conversation, res session.Result) error {
		for _, r := range c.Records {
			if r.Session != nil && f.def.Session.Boundaries != definition.BoundariesPlatform {
				exported++
			}
		}
		for i := range res.Sessions {
			if err := yield(Row{c.Bot, c.ID, res.Definition, res.Sessions[i]}); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && exported > 0 {
		f.app.note("%s of a sessions CSV left out: without activities %s derives nothing, --definition %s shows %s",
			count(exported, "session"), f.def.ID(), definition.Default, them(exported))
	}
	return err
}

// Billed implements Source.
func (f *files) Billed(ctx context.Context, yield func(activity.Bot, rowKey, *wire.Billed) error) error {
	return f.results(ctx, func(c *activity.Conversation, res session.Result) error {
		for i := range res.Billed {
			b := &res.Billed[i]
			row := wire.BilledOf(c, res.Definition, b)
			if err := yield(c.Bot, rowKey{b.StartedAt, b.Untimed, c.Bot.Key(), c.ID, b.Number}, &row); err != nil {
				return err
			}
		}
		return nil
	})
}

// results derives every conversation, and notes how many have no session.
func (f *files) results(ctx context.Context, yield func(*activity.Conversation, session.Result) error) error {
	silent := 0
	err := read(ctx, f.app, f.flags, f.catalogue, func(c *activity.Conversation) error {
		res := session.Derive(c, f.def, f.catalogue)
		if len(res.Sessions) == 0 && len(res.Timeline) > 0 {
			silent++
		}
		return yield(c, res)
	})
	if err != nil {
		return err
	}
	if silent > 0 {
		f.app.note("%s without a message or user event, and so without a session", count(silent, "conversation"))
	}
	return nil
}

// read gives out every conversation, with a progress line while it does, and notes the account of the records.
//
// Errors: NotFound for a path that leads nowhere, Input when nothing at all could be read, Invalid for --rejects and --temp-dir.
func read(ctx context.Context, a *app, in *inputFlags, cat *definition.Catalogue, yield func(*activity.Conversation) error) (err error) {
	a.quiet = in.Quiet
	if in.TempDir != "" {
		if info, err := os.Stat(in.TempDir); err != nil || !info.IsDir() {
			return errs.New(errs.Invalid, "name a folder that exists", "--temp-dir %q is no folder", in.TempDir)
		}
	}
	if err := apart(in.Rejects, in.Paths); err != nil {
		return err
	}
	rejects, err := openRejects(in.Rejects)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rejects.close()) }()

	bytes, stage := &source.Progress{}, &ingest.Stage{}
	show := startProgress(a, readingFiles(bytes, stage))
	report, err := ingest.Run(ctx, ingest.Options{
		Paths:    in.Paths,
		Source:   source.Options{Stdin: a.in, TempDir: in.TempDir, Progress: bytes},
		Decode:   decode.Options{Bot: activity.Bot{ID: in.Bot}},
		Assemble: assemble.Options{TempDir: in.TempDir, Bot: cat.Bot},
		Reject:   rejects.keep,
		Stage:    stage,
	}, yield)
	show.stop()
	if err != nil {
		return err
	}
	account(a, report, in.Rejects)
	return nothingRead(report.Counts)
}

func nothingRead(c assemble.Counts) error {
	switch {
	case c.Accepted > 0:
		return nil
	case c.Quarantined > 0:
		return errs.New(errs.Input, "look at the reasons above, or keep every row with --rejects FILE", "nothing could be read: %d of %d quarantined", c.Quarantined, c.Read)
	default:
		return errs.New(errs.Input, "give conversationtranscript rows, .transcript files, or a sessions CSV", "the input holds no records")
	}
}

// shownRejects and shownWarnings are how many of them people see.
const (
	shownRejects  = 5
	shownWarnings = 5
)

// account notes where every record ended, and why some did not make it.
func account(a *app, r ingest.Report, kept string) {
	for i, w := range r.Warnings {
		if i == shownWarnings {
			a.note("and %s", count(len(r.Warnings)-i, "more warning"))
			break
		}
		a.note("warning: %s", w)
	}
	if r.Overridden > 0 {
		a.note("warning: %s of a sessions CSV left out, on %s for which there are transcripts of the same bot", count(r.Overridden, "session"), count(r.OverriddenDays, "day"))
	}
	for i, reject := range r.Rejects {
		if i == shownRejects {
			break
		}
		a.note("quarantined: %s", reject)
	}
	if more := r.Counts.Quarantined - int64(min(len(r.Rejects), shownRejects)); more > 0 {
		if kept == "" {
			a.note("and %d more, --rejects FILE keeps them all", more)
		} else {
			a.note("and %d more, all in %s", more, kept)
		}
	}
	a.note("records: %s", r.Counts)
}

// rejectFile keeps quarantined rows. A nil one keeps nothing.
type rejectFile struct {
	file *os.File
	out  *bufio.Writer
	buf  []byte
}

// apart refuses a file of rejects that is among what is read, since opening it empties it.
func apart(rejects string, paths []string) error {
	if rejects == "" {
		return nil
	}
	for _, path := range paths {
		if globbed, err := filepath.Match(path, rejects); within(rejects, path) || (err == nil && globbed) {
			return errs.New(errs.Invalid, "name a file outside of it", "--rejects %q would be written over what is read: %q", rejects, path)
		}
	}
	return nil
}

// within reports whether a file, which need not be there yet, is the other or lies in a folder below it.
func within(file, other string) bool {
	info, err := os.Stat(other)
	if err != nil {
		return false
	}
	at, err := filepath.Abs(file)
	for err == nil {
		if here, err := os.Stat(at); err == nil && os.SameFile(here, info) {
			return true
		}
		up := filepath.Dir(at)
		if up == at || !info.IsDir() {
			return false
		}
		at = up
	}
	return false
}

func openRejects(name string) (*rejectFile, error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it holds what people wrote
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "name a file that can be written", "open --rejects %q", name)
	}
	return &rejectFile{file: f, out: bufio.NewWriter(f)}, nil
}

// keep writes one row of docs/cli-json.md, "Rejects".
func (f *rejectFile) keep(r decode.Reject) error {
	if f == nil {
		return nil
	}
	row := struct {
		File   string  `json:"file"`
		Row    int     `json:"row"`
		Offset int64   `json:"offset"`
		Reason string  `json:"reason"`
		Raw    *string `json:"raw"`
	}{File: r.Origin.File, Row: r.Origin.Row, Offset: r.Origin.Offset, Reason: r.Reason}
	if r.Raw != nil {
		raw := string(r.Raw)
		row.Raw = &raw
	}
	var err error
	if f.buf, err = wire.Append(f.buf[:0], row); err != nil {
		return err
	}
	_, err = f.out.Write(append(f.buf, '\n'))
	return err
}

func (f *rejectFile) close() error {
	if f == nil {
		return nil
	}
	return errors.Join(f.out.Flush(), f.file.Close())
}
