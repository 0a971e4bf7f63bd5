package cli

import (
	"bufio"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"rapport/internal/assemble"
	"rapport/internal/dataset"
	"rapport/internal/wire"
)

type importsCmd struct {
	List    importsListCmd    `cmd:"" help:"List the imports of a data set, the latest first."`
	Show    importsShowCmd    `cmd:"" help:"Show the account of one import."`
	Rejects importsRejectsCmd `cmd:"" help:"Print what an import put in quarantine, as it came."`
	Remove  importsRemoveCmd  `cmd:"" help:"Take back what only that import brought."`
}

type importsListCmd struct {
	dataFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*importsListCmd) Help() string { return "    rapport imports list --data engagement" }

// Run implements the command.
func (c *importsListCmd) Run(ctx context.Context, a *app) (err error) {
	zone, err := c.zoneFlag.load()
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, "rapport imports list")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	all, err := d.Imports(ctx)
	if err != nil {
		return err
	}
	return listImports(ctx, a, all, c.Format, zone)
}

func listImports(ctx context.Context, a *app, all []wire.Import, format string, zone *time.Location) (err error) {
	rows := &listing[wire.Import]{
		table: newTable(
			column{title: "#", right: true}, column{title: "STARTED"}, column{title: "READ", right: true}, column{title: "ACCEPTED", right: true},
			column{title: "DUPLICATE", right: true}, column{title: "SUPERSEDED", right: true}, column{title: "QUARANTINED", right: true},
			column{title: "PATHS", most: 60, least: 12},
		),
		line: func(i *wire.Import) []string {
			at := wire.Local(i.StartedAt, zone)
			if i.RemovedAt != nil {
				at += " (removed)"
			}
			return []string{
				id(i.ID), at, number(i.Read), number(i.Accepted), number(i.Duplicate), number(i.Superseded), number(i.Quarantined), pathsOf(i),
			}
		},
		header: []string{
			"id", "started_at", "finished_at", "removed_at", "paths", "bytes", "inputs", "read", "accepted", "duplicate", "superseded", "quarantined",
			"conversations", "generation",
		},
		columns: func(i *wire.Import) []string {
			return []string{
				id(i.ID), wire.OrEmpty(i.StartedAt), wire.OrEmpty(i.FinishedAt), wire.OrEmpty(i.RemovedAt), strings.Join(i.Paths, " "),
				id(i.Bytes), id(i.Inputs), id(i.Read), id(i.Accepted), id(i.Duplicate), id(i.Superseded), id(i.Quarantined),
				id(i.Conversations), id(i.Generation),
			}
		},
	}
	rows.open(format, "")
	defer func() { err = errors.Join(err, rows.close()) }()
	for n := range all {
		if err := rows.add(rowKey{untimed: true, number: n}, &all[n]); err != nil {
			return err
		}
	}
	if len(all) == 0 {
		a.note("the data set has no imports: `rapport import PATH...` makes one")
	}
	return rows.write(ctx, a.out)
}

type importsShowCmd struct {
	ID int64 `arg:"" help:"The import's number."`
	dataFlags
	zoneFlag
	Format string `help:"Form of the output: ${enum}; default ${default}." default:"table" enum:"table,json" placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*importsShowCmd) Help() string { return "    rapport imports show 3 --data engagement" }

// Run implements the command.
func (c *importsShowCmd) Run(ctx context.Context, a *app) (err error) {
	zone, err := c.zoneFlag.load()
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, "rapport imports show")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	i, err := d.ImportOf(ctx, c.ID)
	if err != nil {
		return err
	}
	if c.Format == formatJSON {
		return a.json(i)
	}
	return showImport(a, i, zone)
}

func showImport(a *app, i wire.Import, zone *time.Location) error {
	out := bufio.NewWriter(a.out)
	lines := [][2]string{
		{"import", id(i.ID)}, {"started", wire.Local(i.StartedAt, zone)}, {"finished", wire.Local(i.FinishedAt, zone)},
	}
	if i.RemovedAt != nil {
		lines = append(lines, [2]string{"removed", wire.Local(i.RemovedAt, zone)})
	}
	lines = append(lines,
		[2]string{"paths", pathsOf(&i)}, [2]string{"inputs", number(i.Inputs)}, [2]string{"bytes", size(i.Bytes)},
		[2]string{"records", countsOf(&i).String()}, [2]string{"conversations", number(i.Conversations)},
	)
	for _, r := range i.Reasons {
		lines = append(lines, [2]string{"quarantined", count(r.Rows, "row") + ": " + r.Text})
	}
	for _, w := range i.Warnings {
		lines = append(lines, [2]string{"warning", w})
	}
	for _, l := range lines {
		if _, err := out.WriteString(pad(l[0], 14) + clean(l[1]) + "\n"); err != nil {
			return err
		}
	}
	return flush(out)
}

type importsRejectsCmd struct {
	ID int64 `arg:"" help:"The import's number."`
	dataFlags
}

// Help is shown below the flags' summary.
func (*importsRejectsCmd) Help() string {
	return `One row a line, as --rejects of the other commands writes them (docs/cli-json.md). Mend the rows and import them.

    rapport imports rejects 3 --data engagement > rejects.jsonl`
}

// Run implements the command.
func (c *importsRejectsCmd) Run(ctx context.Context, a *app) (err error) {
	d, err := c.open(ctx, a, "rapport imports rejects")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	i, err := d.ImportOf(ctx, c.ID)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.out)
	var line []byte
	n := 0
	err = d.Rejects(ctx, c.ID, func(r wire.Reject) (err error) {
		n++
		if line, err = wire.Append(line[:0], r); err != nil {
			return err
		}
		_, err = out.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case i.RemovedAt != nil:
		a.note("import %d was removed, and its rejects with it", c.ID)
	case n == 0:
		a.note("import %d put nothing in quarantine", c.ID)
	}
	return flush(out)
}

type importsRemoveCmd struct {
	ID int64 `arg:"" help:"The import's number."`
	dataFlag
}

// Help is shown below the flags' summary.
func (*importsRemoveCmd) Help() string {
	return `Records that another import brought too stay. The account of the import stays, marked as removed.

    rapport imports remove 3 --data engagement`
}

// Run implements the command.
func (c *importsRemoveCmd) Run(ctx context.Context, a *app) (err error) {
	d, err := c.open(ctx, a, use{holder: "rapport imports remove", writes: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	_, err = d.Remove(ctx, c.ID, p)
	show.stop()
	if err != nil {
		return err
	}
	a.note("import %d is taken back", c.ID)
	return nil
}

// id is a number without commas.
func id(n int64) string { return strconv.FormatInt(n, 10) }

func countsOf(i *wire.Import) assemble.Counts {
	return assemble.Counts{Read: i.Read, Accepted: i.Accepted, Duplicate: i.Duplicate, Superseded: i.Superseded, Quarantined: i.Quarantined}
}

// json writes one object on one line.
func (a *app) json(v any) error {
	line, err := wire.Append(nil, v)
	if err != nil {
		return err
	}
	_, err = a.out.Write(append(line, '\n'))
	return err
}
