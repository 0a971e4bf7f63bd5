// Package ingest reads paths to conversations: source, decode, assemble, and the account of where every record ended.
package ingest

import (
	"context"
	"sort"
	"sync/atomic"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
	"rapport/internal/source"
)

// Options of a run.
type Options struct {
	Paths    []string
	Source   source.Options
	Decode   decode.Options
	Assemble assemble.Options
	// Reject is called for every row in quarantine, as it is met; may be nil. An error from it stops the run.
	Reject func(decode.Reject) error
	// Stage follows the run for a progress line; may be nil.
	Stage *Stage
}

// Stage is where a run is, for whoever shows its progress. Safe for concurrent use.
type Stage struct {
	records       atomic.Int64
	conversations atomic.Int64
}

// Records is how many records were read.
func (s *Stage) Records() int64 { return s.records.Load() }

// Conversations is how many conversations were given out; 0 while records are still being read.
func (s *Stage) Conversations() int64 { return s.conversations.Load() }

// keptRejects and keptWarnings bound what a report holds; the counts are always whole.
const (
	keptRejects  = 100
	keptWarnings = 100
)

// Report is the account of a run.
type Report struct {
	Counts   assemble.Counts
	Inputs   int             // files and archive members
	Rejects  []decode.Reject // the first hundred
	Warnings []string        // the first hundred, sorted
	// Conversations given out.
	Conversations int64
	// Overridden sessions of a sessions CSV, on so many days, gave way to transcripts of the same bot and day.
	Overridden, OverriddenDays int
}

// Run reads everything, then calls yield with every conversation, ordered by conversation id and bot. Rejected rows and files never
// stop it; its error is the context's, yield's, a path that leads nowhere (code NotFound), or a full disk.
func Run(ctx context.Context, opts Options, yield func(*activity.Conversation) error) (Report, error) {
	if opts.Stage == nil {
		opts.Stage = &Stage{}
	}
	c := &collector{opts: opts}
	opts.Assemble.Reject = c.tooLarge
	a := assemble.New(opts.Assemble)
	c.assembler = a
	err := c.run(ctx, yield)
	if closeErr := a.Close(); err == nil {
		err = closeErr
	}
	c.report.Counts = a.Counts()
	c.report.Counts.Read += c.quarantined
	c.report.Counts.Quarantined += c.quarantined
	c.report.Overridden, c.report.OverriddenDays = a.Overridden()
	sort.Strings(c.report.Warnings)
	return c.report, err
}

type collector struct {
	assembler   *assemble.Assembler
	opts        Options
	report      Report
	quarantined int64
}

func (c *collector) run(ctx context.Context, yield func(*activity.Conversation) error) error {
	err := source.Walk(ctx, c.opts.Paths, c.opts.Source, func(in source.Input) error {
		c.report.Inputs++
		return detect.Read(in.Name, in.Reader, c.opts.Decode, c)
	})
	if err != nil {
		return err
	}
	return c.assembler.Conversations(ctx, func(conv *activity.Conversation) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.report.Conversations++
		c.opts.Stage.conversations.Add(1)
		return yield(conv)
	})
}

// Record, Reject and Warn make the collector the decoders' sink.
func (c *collector) Record(r *activity.Record) error {
	c.opts.Stage.records.Add(1)
	return c.assembler.Record(r)
}

// Reject counts a row in quarantine and keeps the first of them.
func (c *collector) Reject(r decode.Reject) error {
	c.quarantined++
	c.opts.Stage.records.Add(1)
	return c.reject(r)
}

// tooLarge is a record that was read, and counted, before its conversation was found to be too large.
func (c *collector) tooLarge(r *activity.Record, reason string) error {
	return c.reject(decode.Reject{Origin: r.Origin, Reason: reason})
}

func (c *collector) reject(r decode.Reject) error {
	if len(c.report.Rejects) < keptRejects {
		kept := r
		kept.Raw = nil
		c.report.Rejects = append(c.report.Rejects, kept)
	}
	if c.opts.Reject != nil {
		return c.opts.Reject(r)
	}
	return nil
}

// Warn keeps the first remarks.
func (c *collector) Warn(w decode.Warning) error {
	if len(c.report.Warnings) < keptWarnings {
		c.report.Warnings = append(c.report.Warnings, w.String())
	}
	return nil
}
