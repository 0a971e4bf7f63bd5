// Package server puts a data set behind HTTP: the API, health, metrics and logs, from start to shut-down.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rapport/internal/api"
	"rapport/internal/config"
	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/store"
	"rapport/internal/store/duckdb"
	"rapport/web"
)

// Main is a server that is not running yet. The zero value is usable.
type Main struct {
	Version string
	// Out is where the log goes; nil means standard error.
	Out io.Writer
	// Quiet leaves requests and what else is as it should be out of the log.
	Quiet bool
	// Terminal says that Out is read by a person as it is written.
	Terminal bool
	// Open opens the store; nil opens DuckDB in the data folder.
	Open func(ctx context.Context, c config.Config) (store.Store, error)
	// Listener is listened on in place of the configured address; nil opens that. Run closes it.
	Listener net.Listener
	// Dashboard holds the pages, index.html at its root; nil means those of package web.
	Dashboard fs.FS
	// Listening is called once with the address that is listened on; may be nil.
	Listening func(net.Addr)
	// Now is the clock that questions are answered by; nil means time.Now.
	Now func() time.Time
	// Grace is how long running requests may take to end; 0 means 20 seconds.
	Grace time.Duration
}

// Time-outs of connections. Streams and uploads go on for as long as pieces go through (package api).
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
	idleTimeout   = 2 * time.Minute
	spareTime     = 30 * time.Second // to send an answer that is there
	maxHeader     = 64 << 10         // bytes
	defaultGrace  = 20 * time.Second
	lastMoments   = 10 * time.Second // for what was cancelled to end
)

// The folders in a data folder that are the server's.
const (
	uploadDir = "uploads"
	workDir   = "work"
)

// Run serves until ctx is done, and then shuts down: it takes no more requests, lets running ones end, cancels jobs (an import that did not
// finish is not there) and closes the store. Errors have code Invalid for a configuration that cannot be, Conflict where the address or the
// data folder is in use.
func (m *Main) Run(ctx context.Context, c config.Config) (err error) {
	if m.Listener != nil {
		defer func() { err = errors.Join(err, ignoreClosed(m.Listener.Close())) }()
	}
	if err := c.Validate(); err != nil {
		return err
	}
	log := m.logger(c.LogFormat)
	listener, err := m.listen(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ignoreClosed(listener.Close())) }()
	c.Listen = listener.Addr().String() // the port too, where the system chose it
	s, err := m.open(ctx, c)
	if err != nil {
		return err
	}
	data, err := dataset.Open(ctx, s, m.datasetOptions(c))
	if err != nil {
		return errors.Join(err, s.Close())
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if err := clearWork(c); err != nil {
		return err
	}
	site, err := m.site(c, data, log)
	if err != nil {
		return err
	}
	if err := warnOf(ctx, log, c, data); err != nil {
		return err
	}
	log.Info("listening", "address", c.Listen, "data", c.Data, "version", m.Version)
	if m.Listening != nil {
		m.Listening(listener.Addr())
	}
	return m.serve(ctx, c, site, listener)
}

// listen takes the address. Errors have code Conflict.
func (m *Main) listen(c config.Config) (net.Listener, error) {
	if m.Listener != nil {
		return m.Listener, nil
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "stop what listens there, or choose another address with --listen", "listen on %s", c.Listen)
	}
	return listener, nil
}

// warnOf notes what will be refused later: questions that name no definition, where the one that the configuration names is not in force. It
// is no error, since putting it in force takes a server.
func warnOf(ctx context.Context, log *slog.Logger, c config.Config, data *dataset.Dataset) error {
	all, err := data.Definitions(ctx)
	if err != nil {
		return err
	}
	warn := func(name string, args ...any) {
		if name != "" && !slices.ContainsFunc(all, func(f dataset.InForce) bool { return f.Definition.Name == name }) {
			log.Warn("the configured definition is not in force: questions that name none are refused", append(args, "definition", name)...)
		}
	}
	warn(c.Definition)
	for id, b := range c.Bots {
		warn(b.Definition, "bot", id)
	}
	return nil
}

// serve runs until ctx is done, and ends what runs.
func (m *Main) serve(ctx context.Context, c config.Config, s *site, listener net.Listener) error {
	requests, cancel := context.WithCancel(context.Background())
	defer cancel()
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		WriteTimeout: c.Limits.QueueWait + c.Limits.QueryTimeout + spareTime,
		BaseContext:  func(net.Listener) context.Context { return requests },
		ErrorLog:     slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if refreshErr := s.api.Refresh(ctx); refreshErr != nil && ctx.Err() == nil { // else it ends before it began
		s.log.Error("refresh of stale sessions does not start", "error", refreshErr)
	}
	var served error
	select {
	case served = <-failed:
		served = fmt.Errorf("serve: %w", served)
	case <-ctx.Done():
	}
	return errors.Join(served, m.end(server, s, cancel))
}

// end is the shut-down: whoever waits is sent away, running requests may end, what does not is cut off.
func (m *Main) end(server *http.Server, s *site, cancel context.CancelFunc) error {
	s.close()
	s.log.Info("shutting down") // nothing new is taken on from here
	grace := m.Grace
	if grace == 0 {
		grace = defaultGrace
	}
	patient, stop := context.WithTimeout(context.Background(), grace)
	defer stop()
	working, stop := context.WithTimeout(context.Background(), grace+lastMoments) // jobs are cancelled at once, requests when the grace is over
	defer stop()
	jobs := make(chan error, 1)
	go func() { jobs <- s.api.Close(working) }()
	if err := server.Shutdown(patient); err != nil {
		s.log.Warn("requests cut off", "after", grace.String())
		cancel()
		_ = server.Close() // its connections are given up in any case
	}
	err := <-jobs
	last, stop := context.WithTimeout(context.Background(), lastMoments)
	defer stop()
	if !s.wait(last) {
		err = errors.Join(err, errors.New("shut down: requests do not end"))
	}
	if err != nil {
		return fmt.Errorf("shut down: %w", err)
	}
	s.log.Info("shut down")
	return nil
}

// open opens the store.
func (m *Main) open(ctx context.Context, c config.Config) (store.Store, error) {
	if m.Open != nil {
		return m.Open(ctx, c)
	}
	return duckdb.Open(ctx, c.Data, duckdb.Options{
		Threads: c.Threads, MemoryLimit: c.MemoryBytes(), Holder: "rapport serve", Address: "http://" + c.Listen, Version: m.Version,
	})
}

func (m *Main) datasetOptions(c config.Config) dataset.Options {
	now := m.Now
	if now == nil {
		now = time.Now
	}
	o := dataset.Options{TempDir: tempDir(c), Now: now, Workers: c.Threads, Zone: c.Location(), Definition: c.Definition, Bots: map[string]dataset.BotDefaults{}}
	for id, b := range c.Bots {
		o.Bots[id] = dataset.BotDefaults{Name: b.Name, Zone: b.Location(), Definition: b.Definition}
	}
	return o
}

func tempDir(c config.Config) string {
	if c.TempDir != "" {
		return c.TempDir
	}
	return filepath.Join(c.Data, workDir)
}

// clearWork takes away what a server that was stopped left of its sorting. The store is open, so nobody else uses the folder.
func clearWork(c config.Config) error {
	dir := filepath.Join(c.Data, workDir)
	if err := os.RemoveAll(dir); err != nil {
		return errs.Wrap(err, errs.Input, "", "clear %q", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return errs.Wrap(err, errs.Input, "name a data folder that can be written", "make %q", dir)
	}
	return nil
}

// site is everything that is served.
type site struct {
	api      *api.API
	log      *slog.Logger
	handler  http.Handler
	gates    map[string]*api.Gate
	metrics  *metrics
	closing  atomic.Bool
	requests sync.WaitGroup
}

func (m *Main) site(c config.Config, data *dataset.Dataset, log *slog.Logger) (*site, error) {
	queries := c.Limits.Queries
	if queries == 0 {
		queries = runtime.GOMAXPROCS(0)
	}
	s := &site{log: log, gates: map[string]*api.Gate{
		"queries": api.NewGate("questions", queries, c.Limits.Queue, c.Limits.QueueWait),
		"exports": api.NewGate("exports", c.Limits.Exports, 0, 0),
		"uploads": api.NewGate("uploads", c.Limits.Uploads, 0, 0),
	}}
	s.metrics = newMetrics()
	var err error
	s.api, err = api.New(api.Options{
		Data: data, Version: m.Version, UploadDir: filepath.Join(c.Data, uploadDir), UploadBytes: c.Limits.UploadBytes,
		Queries: s.gates["queries"], Exports: s.gates["exports"], Uploads: s.gates["uploads"], QueryTimeout: c.Limits.QueryTimeout,
		Zone: c.Location(), Log: log, Now: m.Now, Imported: s.metrics.imported,
	})
	if err != nil {
		return nil, err
	}
	s.metrics.watch(s, data, c.Data)
	built := m.Dashboard
	if built == nil {
		built = web.Dist()
	}
	pages, err := newDashboard(built)
	if err != nil {
		return nil, err
	}
	answers, err := compressed(s.api)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle(api.Base+"/", answers)
	mux.HandleFunc("GET /healthz", healthy)
	mux.HandleFunc("GET /readyz", s.ready(data))
	mux.Handle("GET /metrics", s.metrics.handler())
	mux.Handle("/", pages)
	s.handler = s.observed(guarded(mux))
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	defer s.requests.Done()
	s.handler.ServeHTTP(w, r)
}

// close sends away whoever waits or comes.
func (s *site) close() {
	s.closing.Store(true)
	for _, g := range s.gates {
		g.Close()
	}
	s.api.Jobs().Stop()
}

// wait waits until no request runs; false when ctx is done before.
func (s *site) wait(ctx context.Context) bool {
	done := make(chan struct{})
	go func() {
		s.requests.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// logger writes text for people and JSON for programs.
func (m *Main) logger(form string) *slog.Logger {
	out := m.Out
	if out == nil {
		out = os.Stderr
	}
	opts := &slog.HandlerOptions{}
	if m.Quiet {
		opts.Level = slog.LevelWarn
	}
	if form == config.LogText || (form == "" && m.Terminal) {
		return slog.New(slog.NewTextHandler(out, opts))
	}
	return slog.New(slog.NewJSONHandler(out, opts))
}
