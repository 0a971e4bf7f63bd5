package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/store"
	"rapport/internal/wire"
)

type importCmd struct {
	Paths []string `arg:"" name:"path" help:"Files, folders, globs in quotes, or - for standard input; .gz, .zst and .zip too."`
	dataFlag
	Bot    string `help:"Bot of records that name none." placeholder:"ID" env:"RAPPORT_BOT" group:"input"`
	Format string `help:"Form of the account on standard output: ${enum}; default ${default}, which prints it as notes." default:"none" enum:"none,json" placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*importCmd) Help() string {
	return `What is read goes into the data set, which is made when it is not there. It happens whole or not at all: an import that is
interrupted leaves nothing, and what is there already is counted as duplicate, so that importing again is safe.

    rapport import exports/ --data engagement`
}

// Run implements the command.
func (c *importCmd) Run(ctx context.Context, a *app) (err error) {
	if dir, err := c.folder(); err == nil {
		if err := outside(dir, c.Paths); err != nil {
			return err
		}
	}
	d, err := c.open(ctx, a, use{holder: "rapport import", create: true, writes: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	done, err := d.Import(ctx, dataset.ImportOptions{Paths: c.Paths, Stdin: a.in, Bot: activity.Bot{ID: c.Bot}, Progress: p})
	show.stop()
	if err != nil {
		return err
	}
	noteImport(a, done)
	if c.Format == formatJSON {
		if err := a.json(wire.ImportOf(done, "")); err != nil {
			return err
		}
	}
	if done.Quarantine == done.Read {
		return errs.New(errs.Input, "`rapport imports rejects "+id(done.ID)+"` shows every row with its reason", "nothing could be read: all %d quarantined", done.Read)
	}
	return nil
}

// outside refuses to read the data set's own files.
func outside(dir string, paths []string) error {
	for _, path := range paths {
		if within(dir, path) {
			return errs.New(errs.Invalid, "name a folder outside of it", "data set %q lies in what is read: %q", dir, path)
		}
	}
	return nil
}

// noteImport says what became of every record, and of the data set.
func noteImport(a *app, i store.Import) {
	noteRecords(a, i, "`rapport imports rejects "+id(i.ID)+"` shows every row")
	a.note("import %d: %s derived", i.ID, count(i.Touched, "conversation"))
}

// noteRecords says what became of every record. all says how to see all of those in quarantine.
func noteRecords(a *app, i store.Import, all string) {
	for n, w := range i.Warnings {
		if n == shownWarnings {
			a.note("and %s", count(len(i.Warnings)-n, "more warning"))
			break
		}
		a.note("warning: %s", w)
	}
	for n, r := range i.Reasons {
		if n == shownRejects {
			a.note("and %s, %s", count(len(i.Reasons)-n, "more reason"), all)
			break
		}
		a.note("quarantined: %s: %s", count(r.Rows, "row"), r.Text)
	}
	a.note("records: %s", importCounts(i))
}

func importCounts(i store.Import) assemble.Counts {
	return assemble.Counts{Read: i.Read, Accepted: i.Accepted, Duplicate: i.Duplicate, Superseded: i.Superseded, Quarantined: i.Quarantine}
}

// pathsOf is an import's paths for a table.
func pathsOf(i *wire.Import) string { return cmp.Or(strings.Join(i.Paths, " "), "-") }
