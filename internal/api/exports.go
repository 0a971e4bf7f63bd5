package api

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/export"
	"rapport/internal/fact"
	"rapport/internal/metric"
)

type streamOutput = huma.StreamResponse

type exportInput struct {
	File string `path:"file" doc:"sessions, billed or utterances with .csv, .jsonl or .parquet; conversations, which are rows of the Dataverse table conversationtranscript, with .jsonl, .csv or .odata" example:"sessions.csv"`
	Selection
	About
	Sort    string   `query:"sort" doc:"a column, - in front for descending; -started_at without"`
	Columns []string `query:"columns" doc:"only these, in this order; conversations have all"`
	Replace bool     `query:"replace" doc:"of conversations: derived SessionInfo in the place of the platform's"`
}

// What can be exported.
const (
	sessionsFile      = "sessions"
	billedFile        = "billed"
	utterancesFile    = "utterances"
	conversationsFile = "conversations"
)

func exportTypes() []string {
	var out []string
	for _, f := range append(export.Formats(), export.TranscriptFormats()...) {
		if t := f.ContentType(); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func (a *API) export(ctx context.Context, in *exportInput) (*streamOutput, error) {
	what, ending, _ := strings.Cut(in.File, ".")
	format := export.Format(ending)
	formats := export.Formats()
	switch what {
	case sessionsFile, billedFile, utterancesFile:
	case conversationsFile:
		formats = export.TranscriptFormats()
	default:
		return nil, errs.New(errs.NotFound, "sessions, billed, utterances or conversations, e.g. sessions.csv", "there is no export %q", clip(in.File, mostEcho))
	}
	if !slices.Contains(formats, format) {
		allowed := make([]string, len(formats))
		for i, f := range formats {
			allowed[i] = what + "." + string(f)
		}
		p := wrong("path.file", "there is no such form of "+what, allowed...)
		p.Status, p.Title, p.Code = http.StatusNotFound, http.StatusText(http.StatusNotFound), string(errs.NotFound)
		return nil, p
	}
	q, err := in.Selection.query()
	if err != nil {
		return nil, err
	}
	q.Sort = in.Sort
	zone, err := a.zone(in.Zone)
	if err != nil {
		return nil, err
	}
	opts := export.Options{Format: format, Zone: zone, Columns: in.Columns}
	return a.stream(a.opts.Exports, attachment(what+"."+ending, format.ContentType()), func(ctx context.Context, w io.Writer) (err error) {
		if what == conversationsFile {
			return a.exportConversations(ctx, w, q, export.TranscriptOptions{Format: format, Replace: in.Replace})
		}
		if opts.BotName, err = a.botName(ctx); err != nil {
			return err
		}
		switch what {
		case sessionsFile:
			return exportRows(w, opts, export.Sessions, func(yield func(metric.Header, *fact.Session) error) error {
				return a.opts.Data.EachSession(ctx, q, yield)
			})
		case billedFile:
			return exportRows(w, opts, export.Billed, func(yield func(metric.Header, *fact.Billed) error) error {
				return a.opts.Data.EachBilled(ctx, q, yield)
			})
		default:
			return exportRows(w, opts, export.Utterances, func(yield func(metric.Header, *fact.Utterance) error) error {
				return a.opts.Data.EachUtterance(ctx, in.About.query(q), func(u *fact.Utterance) error { return yield(metric.Header{}, u) })
			})
		}
	}), nil
}

func exportRows[R any](w io.Writer, opts export.Options, open func(io.Writer, export.Options) (*export.Writer[R], error), each func(func(metric.Header, *R) error) error) error {
	out, err := open(w, opts)
	if err != nil {
		return err
	}
	if err := each(out.Write); err != nil {
		return err
	}
	return out.Close()
}

func (a *API) exportConversations(ctx context.Context, w io.Writer, q dataset.SessionQuery, opts export.TranscriptOptions) error {
	out, err := export.Transcripts(w, opts)
	if err != nil {
		return err
	}
	err = a.opts.Data.EachConversation(ctx, q, func(c *dataset.Conversation) error { return out.Write(c.Conversation, c.Result) })
	if err != nil {
		return err
	}
	return out.Close()
}

// zone is the zone of times in a file.
func (a *API) zone(name string) (*time.Location, error) {
	if name == "" {
		return a.opts.Zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, wrong("query.zone", "wants an IANA name such as Europe/Berlin")
	}
	return zone, nil
}
