// Package api is the HTTP interface, /api/v1: questions, sessions, conversations, imports, definitions and exports of one data set.
//
// routes.go is the whole table; a resource has a file. Nothing is decided here: handlers turn requests into calls of package dataset and
// answers into the JSON of package wire. docs/api.md is for people, docs/openapi.json for programs.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/audit"
	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// Base is where the API begins.
const Base = "/api/v1"

// Asker answers questions.
type Asker interface {
	Query(ctx context.Context, queries []metric.Query) ([]metric.Result, error)
	Drivers(ctx context.Context, queries []metric.DriverQuery) ([]metric.DriverResult, error)
}

// Lister lists what numbers are made of.
type Lister interface {
	Sessions(ctx context.Context, q dataset.SessionQuery) (dataset.SessionPage, error)
	BilledSessions(ctx context.Context, q dataset.SessionQuery) (dataset.BilledPage, error)
	Utterances(ctx context.Context, q dataset.UtteranceQuery) (dataset.UtterancePage, error)
	UtteranceGroups(ctx context.Context, q dataset.UtteranceQuery) (dataset.GroupPage, error)
	Conversation(ctx context.Context, bot, id, definition string) (*dataset.Conversation, error)
	Bots(ctx context.Context) ([]dataset.Bot, error)
	Generation(ctx context.Context) (int64, error)
	Status(ctx context.Context) (dataset.Status, error)
}

// Streamer gives out everything there is, row by row.
type Streamer interface {
	EachSession(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Session) error) error
	EachBilled(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Billed) error) error
	EachUtterance(ctx context.Context, q dataset.UtteranceQuery, yield func(*fact.Utterance) error) error
	EachConversation(ctx context.Context, q dataset.SessionQuery, yield func(*dataset.Conversation) error) error
}

// Importer takes records in and back out.
type Importer interface {
	Import(ctx context.Context, opts dataset.ImportOptions) (store.Import, error)
	Imports(ctx context.Context) ([]store.Import, error)
	ImportOf(ctx context.Context, id int64) (store.Import, error)
	Rejects(ctx context.Context, id int64, yield func(store.Reject) error) error
	Remove(ctx context.Context, id int64, p *dataset.Progress) (store.Import, error)
}

// Rules says by what sessions are cut.
type Rules interface {
	Definitions(ctx context.Context) ([]dataset.InForce, error)
	Apply(ctx context.Context, source string, p *dataset.Progress) (dataset.InForce, error)
	Drop(ctx context.Context, name string) error
	Catalogue(ctx context.Context) (store.Document, error)
	SetCatalogue(ctx context.Context, text string, p *dataset.Progress) error
	Refresh(ctx context.Context, p *dataset.Progress) error
	Diff(ctx context.Context, a, b *definition.Definition, p *dataset.Progress, yield func(dataset.Difference) error) (dataset.Comparison, error)
	Audit(ctx context.Context, def *definition.Definition, p *dataset.Progress, yield func(dataset.Disagreement) error) (audit.Summary, error)
}

// Data is a data set. *dataset.Dataset is one.
type Data interface {
	Asker
	Lister
	Streamer
	Importer
	Rules
}

var _ Data = (*dataset.Dataset)(nil)

// Options of an API.
type Options struct {
	Data    Data
	Version string // of the program
	// UploadDir is where uploads wait until they are imported. It is made when it is not there.
	UploadDir   string
	UploadBytes int64 // most of one upload
	// Queries, Exports and Uploads let in what may run at once.
	Queries, Exports, Uploads *Gate
	// QueryTimeout is how long one request that asks may take.
	QueryTimeout time.Duration
	Zone         *time.Location // of exports that name none; nil means UTC
	Log          *slog.Logger   // nil logs nothing
	Now          func() time.Time
	// Imported is called with the account of every import; may be nil.
	Imported func(store.Import)
}

// API serves one data set. Close ends its jobs.
type API struct {
	opts     Options
	jobs     *Jobs
	mux      *http.ServeMux
	huma     huma.API
	names    atomic.Pointer[botNames]
	patterns []string // of every route there is
	// document is the OpenAPI document, made once.
	document []byte
}

// Standing limits of requests.
const (
	mostBody     = 1 << 20 // bytes of JSON
	mostDiffered = 1000    // in the result of a diff or an audit
)

// New makes the API's routes.
func New(o Options) (*API, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if err := clearUploads(o.UploadDir); err != nil {
		return nil, err
	}
	a := &API{opts: o, mux: http.NewServeMux()}
	a.jobs = newJobs(o.Now, a.problemOf)
	return a, a.routes()
}

// ServeHTTP implements http.Handler for everything below Base.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// Jobs are those of the API, for metrics.
func (a *API) Jobs() *Jobs { return a.jobs }

// Document is the OpenAPI document.
func (a *API) Document() []byte { return a.document }

// Close cancels what runs and waits for it to end, or for ctx. What an import did not finish is not there.
func (a *API) Close(ctx context.Context) error { return a.jobs.Close(ctx) }

// Refresh starts a job that derives what an earlier version of the program derived, if there is anything. Until it is done the old serves.
func (a *API) Refresh(ctx context.Context) error {
	all, err := a.opts.Data.Definitions(ctx)
	if err != nil {
		return err
	}
	stale := slices.ContainsFunc(all, func(f dataset.InForce) bool { return f.Stale || !f.Ready })
	if !stale {
		return nil
	}
	_, err = a.start("refresh", "what is stale", changes, nil, func(ctx context.Context, p *progress) (any, error) {
		return nil, a.opts.Data.Refresh(ctx, p)
	})
	return err
}

// routeKey is the context's key for where the operation of a request is noted.
type routeKey struct{}

// NoteRoute has the id of the operation that answers a request written to route, for logs and metrics: unlike the path it holds no ids.
func NoteRoute(ctx context.Context, route *string) context.Context {
	return context.WithValue(ctx, routeKey{}, route)
}

// SetRoute says which route that is, for what is not an operation of the API.
func SetRoute(ctx context.Context, name string) {
	if route, ok := ctx.Value(routeKey{}).(*string); ok {
		*route = name
	}
}

func noteRoute(hc huma.Context, next func(huma.Context)) {
	SetRoute(hc.Context(), hc.Operation().OperationID)
	next(hc)
}

// asking lets one request that asks through the gate, for as long as an answer may take.
func (a *API) asking(ctx context.Context, ask func(context.Context) error) error {
	leave, err := a.opts.Queries.Enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	ctx, cancel := context.WithTimeoutCause(ctx, a.opts.QueryTimeout, errTooLong)
	defer cancel()
	if err := ask(ctx); err != nil {
		if context.Cause(ctx) == errTooLong {
			return errTooLong
		}
		return err
	}
	return nil
}

// botNames are what bots are called, as of a generation.
type botNames struct {
	generation int64
	of         map[string]string
}

// botName says what people call a bot. Names change with the data, so they are kept for as long as it does not.
func (a *API) botName(ctx context.Context) (func(string) string, error) {
	generation, err := a.opts.Data.Generation(ctx)
	if err != nil {
		return nil, err
	}
	names := a.names.Load()
	if names == nil || names.generation != generation {
		bots, err := a.opts.Data.Bots(ctx)
		if err != nil {
			return nil, err
		}
		names = &botNames{generation, make(map[string]string, len(bots))}
		for _, b := range bots {
			names.of[b.Key] = firstOf(b.Name, b.Schema, b.Key)
		}
		a.names.Store(names)
	}
	return func(key string) string { return firstOf(names.of[key], key) }, nil
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
