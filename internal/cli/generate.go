package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"rapport/internal/errs"
	"rapport/internal/generate"
)

type generateCmd struct {
	Conversations int    `help:"How many conversations." required:"" placeholder:"N"`
	Seed          uint64 `help:"The same seed gives the same bytes; default ${default}." default:"1" placeholder:"S"`
	Format        string `help:"Export shape: ${enum}; default ${default}." default:"dataverse-jsonl" enum:"dataverse-jsonl,odata,csv" placeholder:"FORMAT"`
	From          string `help:"First day, e.g. 2026-04-01 (UTC); default 90 days before the end." placeholder:"DATE"`
	To            string `help:"Last day, the whole of it (UTC); default 2026-06-30." placeholder:"DATE"`
	Bots          int    `help:"How many bots; default ${default}." default:"6" placeholder:"N"`
	Output        string `help:"Write to this file instead of standard output." short:"o" placeholder:"FILE"`
	Quiet         bool   `help:"Print data and errors only." short:"q" env:"RAPPORT_QUIET"`
}

// Help is shown below the flags' summary.
func (*generateCmd) Help() string {
	return `For demos and load; it proves nothing about correctness (docs/generate.md).

    rapport generate --conversations 1000 --seed 1 | rapport report -`
}

// Run implements the command.
func (c *generateCmd) Run(ctx context.Context, a *app) error {
	a.quiet = c.Quiet
	opts := generate.Options{Conversations: c.Conversations, Seed: c.Seed, Format: generate.Format(c.Format), Bots: c.Bots}
	var err error
	if opts.From, err = day("--from", c.From); err != nil {
		return err
	}
	if opts.To, err = day("--to", c.To); err != nil {
		return err
	}
	if !opts.To.IsZero() {
		opts.To = opts.To.AddDate(0, 0, 1) // its last day is meant
	}
	stats, err := c.write(ctx, a.out, opts)
	if err != nil {
		return err
	}
	a.note("%s, %s, %s, %s", count(stats.Conversations, "conversation"), count(stats.Sessions, "session"), count(stats.Rows, "row"), size(stats.Bytes))
	return nil
}

func (c *generateCmd) write(ctx context.Context, stdout io.Writer, opts generate.Options) (generate.Stats, error) {
	if c.Output == "" {
		return writeWorld(ctx, stdout, opts)
	}
	f, err := os.Create(c.Output)
	if err != nil {
		return generate.Stats{}, errs.Wrap(err, errs.Invalid, "name a file in a folder that can be written", "create --output %q", c.Output)
	}
	info, err := f.Stat()
	if err != nil {
		return generate.Stats{}, errors.Join(err, f.Close())
	}
	stats, err := writeWorld(ctx, f, opts)
	err = errors.Join(err, f.Close())
	if err != nil && info.Mode().IsRegular() {
		err = errors.Join(err, os.Remove(c.Output)) // half a world would pass for a whole one
	}
	return stats, err
}

func writeWorld(ctx context.Context, w io.Writer, opts generate.Options) (generate.Stats, error) {
	out := bufio.NewWriterSize(w, 256<<10)
	stats, err := generate.Write(ctx, out, opts)
	if err != nil {
		return stats, fmt.Errorf("generate: %w", err)
	}
	return stats, flush(out)
}
