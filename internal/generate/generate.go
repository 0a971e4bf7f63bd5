// Package generate makes a world of chatbot conversations up and writes it as Dataverse conversationtranscript rows: several
// bots, channels and languages, topics that differ in what becomes of them, surveys, hand-offs, one bad release, and the
// disorder of real exports (late rows, split rows, rows that were written twice).
//
// It is for demos and load tests and never proof of correctness: whoever wrote it read the same pages as whoever wrote the
// session machine, so both can share a mistake. Real records and rule scripts are the proof. For the same reason it imports
// nothing of the engine: it says what it believes the platform would have said (spec.md §4, §9).
package generate

import (
	"context"
	"fmt"
	"io"
	"time"

	"rapport/internal/errs"
)

// Format is the export shape that rows are written in.
type Format string

// The shapes; each carries the same rows.
const (
	DataverseJSONL Format = "dataverse-jsonl" // one row a line
	OData          Format = "odata"           // one response object of the Dataverse Web API
	CSV            Format = "csv"             // the table with a header line, byte-order mark, RFC 4180 quoting
)

// Formats lists what ParseFormat accepts.
func Formats() []Format { return []Format{DataverseJSONL, OData, CSV} }

// ParseFormat reads the name of a format. Errors: errs.Invalid.
func ParseFormat(s string) (Format, error) {
	for _, f := range Formats() {
		if string(f) == s {
			return f, nil
		}
	}
	return "", errs.New(errs.Invalid, fmt.Sprintf("use one of %v", Formats()), "there is no format %q", s)
}

// Options say which world is made. The same options give the same bytes.
type Options struct {
	// Conversations is how many are made; each gives one row or more.
	Conversations int
	Seed          uint64
	// Format is DataverseJSONL when empty.
	Format Format
	// From and To bound the starts of sessions: From inclusive, To exclusive. A zero To is the first of July 2026, a
	// zero From 90 days before To; the clock is never asked.
	From, To time.Time
	// Bots is the number of chatbots, 6 when zero.
	Bots int
}

const (
	defaultDays = 90
	defaultBots = 6
	mostBots    = 200
)

// withDefaults fills zero values in and refuses what cannot be. Errors: errs.Invalid.
func (o Options) withDefaults() (Options, error) {
	if o.Format == "" {
		o.Format = DataverseJSONL
	}
	if _, err := ParseFormat(string(o.Format)); err != nil {
		return o, err
	}
	if o.Conversations < 0 {
		return o, errs.New(errs.Invalid, "ask for 0 or more", "cannot make %d conversations", o.Conversations)
	}
	if o.Bots == 0 {
		o.Bots = defaultBots
	}
	if o.Bots < 1 || o.Bots > mostBots {
		return o, errs.New(errs.Invalid, fmt.Sprintf("ask for 1 to %d", mostBots), "cannot make %d bots", o.Bots)
	}
	if o.To.IsZero() {
		o.To = time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
		if !o.From.IsZero() && !o.From.Before(o.To) {
			o.To = o.From.AddDate(0, 0, defaultDays)
		}
	}
	if o.From.IsZero() {
		o.From = o.To.AddDate(0, 0, -defaultDays)
	}
	o.From, o.To = o.From.UTC(), o.To.UTC()
	const hour, century = time.Hour, 100 * 365 * 24 * time.Hour
	if span := o.To.Sub(o.From); span < hour || span > century {
		return o, errs.New(errs.Invalid, "let the end be an hour to a hundred years after the start",
			"cannot spread conversations from %s to %s", o.From.Format(time.RFC3339), o.To.Format(time.RFC3339))
	}
	return o, nil
}

// Stats is what the generator knows of the world that it wrote. A session is one record, because the platform closes one with
// SessionInfo at the end of each record (spec.md §9.1); test and autonomous sessions are counted in every field.
type Stats struct {
	Conversations int64
	Sessions      int64
	Messages      int64 // both ways

	Engaged, Unengaged                     int64
	Confirmed, Implied, Escalated, Abandon int64 // outcomes of the engaged
	Errors                                 int64 // sessions abandoned for UserError or SystemError

	BotStarted int64 // nobody answered the bot's greeting or notice
	Test       int64 // test canvas, isDesignMode
	Autonomous int64
	Resumed    int64 // sessions that continue a conversation
	SurveysAsked, SurveysAnswered,
	ScoresAsked, ScoresGiven int64

	Rows       int64 // as written: Sessions + Split + Superseded
	Split      int64 // second halves of records cut in two
	Superseded int64 // rows that are written once more with a newer version
	Late       int64 // records whose rows came a day or more after their session
	Bytes      int64 // as written, with the format's own wrapping

	BadRelease BadRelease
}

// BadRelease is the week in which a bot fails and escalates more than before.
type BadRelease struct {
	Bot      string // display name
	From, To time.Time
}

// Write makes the world and writes it. Memory does not grow with the number of conversations. It stops with ctx's error, and
// returns what was written until then; errors of w come back wrapped. Errors: errs.Invalid for options that cannot be.
func Write(ctx context.Context, w io.Writer, opts Options) (Stats, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return Stats{}, err
	}
	world := newWorld(opts)
	out := newOutput(w, world)
	out.stats.BadRelease = world.incident
	out.stats.Conversations = int64(opts.Conversations)
	out.begin()
	err = world.schedule(ctx, out.row)
	if err == nil {
		err = out.end()
	}
	return out.stats, err
}
