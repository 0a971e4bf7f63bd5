package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"rapport/internal/config"
	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/generate"
	"rapport/internal/report"
	"rapport/internal/server"
)

type demoCmd struct {
	Conversations int    `help:"How many conversations; default ${default}." default:"20000" placeholder:"N" group:"input"`
	Seed          uint64 `help:"The same seed gives the same conversations on the same day; default ${default}." default:"1" placeholder:"S" group:"input"`
	Listen        string `help:"Address; where its port is taken, the next free one. Default ${default}." default:"127.0.0.1:8080" placeholder:"HOST:PORT" group:"output"`
	Quiet         bool   `help:"Print the summary, the address and errors only." short:"q" env:"RAPPORT_QUIET" group:"output"`
}

// Help is shown below the flags' summary.
func (*demoCmd) Help() string {
	return `Makes up the last 90 days of a few bots (docs/generate.md), keeps them in a temporary folder, sums them up and shows the
dashboard, until it is interrupted. Nothing of it stays.

    rapport demo`
}

// sampleName is what the account of the import calls the made-up data.
const sampleName = "sample data (rapport demo)"

// folderNote lies in the folder, for whoever finds it after a crash.
const folderNote = `This folder holds the made-up data of one run of "rapport demo".
The program removes it when it ends. If no "rapport demo" is running, delete it.
`

// Run implements the command.
func (c *demoCmd) Run(ctx context.Context, a *app) (err error) {
	a.quiet = c.Quiet
	if c.Conversations < 1 {
		return errs.New(errs.Invalid, "ask for 1 or more", "a demo of %d conversations shows nothing", c.Conversations)
	}
	conf, err := c.settings()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "rapport-demo-")
	if err != nil {
		return errs.Wrap(err, errs.Input, "set TMPDIR to a folder that can be written", "make a temporary folder")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := os.WriteFile(filepath.Join(folder, "README.txt"), []byte(folderNote), 0o600); err != nil {
		return errs.Wrap(err, errs.Input, "set TMPDIR to a folder with room", "write into %s", folder)
	}
	conf.Data = filepath.Join(folder, "data")
	if !a.quiet {
		a.print(fmt.Sprintf("making up %s in %s", count(c.Conversations, "conversation"), folder))
	}
	giveRoom()
	sum, err := c.fill(ctx, a, conf.Data)
	if err != nil {
		return err
	}
	listener, err := listenNear(conf.Listen)
	if err != nil {
		return err
	}
	m := server.Main{Version: version(), Out: a.err, Terminal: true, Quiet: true, Listener: listener}
	var printed error
	m.Listening = func(at net.Addr) { printed = c.invite(a, sum, "http://"+at.String()) }
	err = m.Run(ctx, conf)
	return errors.Join(printed, err)
}

// settings are those of a server that nothing but the flags has a say in: what a machine is set up to serve is not shown by accident.
func (c *demoCmd) settings() (config.Config, error) {
	conf, err := config.Load("", func(string) string { return "" })
	if err != nil {
		return conf, err
	}
	if err := conf.Set("listen", c.Listen, "--listen"); err != nil {
		return conf, err
	}
	return conf, conf.Validate()
}

// fill makes the data set and sums it up.
func (c *demoCmd) fill(ctx context.Context, a *app, folder string) (sum report.Summary, err error) {
	d, err := openData(ctx, folder, "", use{holder: "rapport demo", create: true, writes: true})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := c.makeUp(ctx, a, d); err != nil {
		return sum, err
	}
	return summarize(ctx, &stored{local{d}, definition.Default}, &filter{zone: time.Local}, definition.Default)
}

// makeUp imports conversations while they are made up. They end with yesterday as this machine sees it, which is most likely the machine
// that looks at them, too.
func (c *demoCmd) makeUp(ctx context.Context, a *app, d *dataset.Dataset) error {
	year, month, day := time.Now().Date()
	opts := generate.Options{Conversations: c.Conversations, Seed: c.Seed, To: time.Date(year, month, day, 0, 0, 0, 0, time.Local)}
	names, err := generate.Catalogue(opts)
	if err != nil {
		return err
	}
	if err := d.SetCatalogue(ctx, names, nil); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows, out := io.Pipe()
	var made rowCount
	go func() {
		buffered := bufio.NewWriterSize(io.MultiWriter(out, &made), 1<<20)
		_, err := generate.Write(ctx, buffered, opts)
		out.CloseWithError(errors.Join(err, buffered.Flush()))
	}()
	defer rows.Close()
	p := &dataset.Progress{}
	read := working(p)
	show := startProgress(a, func(elapsed time.Duration) string {
		line := read(elapsed) // always, since it keeps the time of each stage
		if p.Stage() == "reading" {
			return "made up " + count(made.rows.Load(), "row")
		}
		return line
	})
	_, err = d.Import(ctx, dataset.ImportOptions{Paths: []string{"-"}, Stdin: rows, Progress: p, Sample: true, Name: sampleName})
	show.stop()
	return err
}

// rowCount counts lines as they pass.
type rowCount struct{ rows atomic.Int64 }

// Write implements io.Writer.
func (r *rowCount) Write(p []byte) (int, error) {
	r.rows.Add(int64(bytes.Count(p, []byte("\n"))))
	return len(p), nil
}

// triedPorts is how many ports are looked at for a free one.
const triedPorts = 50

// listenNear listens on an address or, where its port is taken, on the next one that is free. Errors have code Conflict.
func listenNear(address string) (net.Listener, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "give HOST:PORT", "--listen %q", address)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "give a number from 0 to 65535 as the port", "--listen %q", address)
	}
	var first error
	for next := port; next < port+triedPorts && next <= 65535; next++ {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.FormatUint(next, 10)))
		if err == nil {
			return listener, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, errs.Wrap(first, errs.Conflict, "name a free port with --listen", "listen on %s, or on one of the ports that follow", address)
}

// invite prints the summary in short, and where to see more. The address has a line of its own: terminals make a link of it.
func (c *demoCmd) invite(a *app, sum report.Summary, address string) error {
	out := bufio.NewWriter(a.out)
	fmt.Fprintf(out, "Sample data: %s\n\n", daysOf(sum))
	r := sum.Rates
	for _, line := range [][2]string{
		{"sessions", number(sum.Sessions)},
		{"engagement", percent(r.Engagement)},
		{"resolution", percent(r.Resolution)},
		{"escalation", percent(r.Escalation)},
		{"abandon", percent(r.Abandon)},
		{"CSAT", csat(sum.CSAT)},
	} {
		fmt.Fprintf(out, "%-14s %s\n", line[0], line[1])
	}
	fmt.Fprintf(out, "\nThe dashboard:\n%s\n", address)
	if !a.quiet {
		fmt.Fprint(out, "\nCtrl-C ends it and removes the data.\n")
	}
	return flush(out)
}
