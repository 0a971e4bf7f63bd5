package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/internal/config"
	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/generate"
	"rapport/internal/store"
	"rapport/internal/store/memory"
)

// lines is a log that is read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// running is a server on a port of its own.
type running struct {
	testing.TB
	url  string
	log  *lines
	stop func() error // asks it to end, and waits
}

func settings(t testing.TB) config.Config {
	t.Helper()
	c, err := config.Load("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	c.Data, c.Listen = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0"
	return c
}

func start(t testing.TB, c config.Config, m Main) *running {
	t.Helper()
	r := &running{TB: t, log: &lines{}}
	ctx, cancel := context.WithCancel(context.Background())
	at, ended := make(chan net.Addr, 1), make(chan error, 1)
	m.Version, m.Out, m.Listening = "test", r.log, func(a net.Addr) { at <- a }
	if m.Open == nil {
		m.Open = func(context.Context, config.Config) (store.Store, error) { return memory.New(), nil }
	}
	go func() { ended <- m.Run(ctx, c) }()
	select {
	case addr := <-at:
		r.url = "http://" + addr.String()
	case err := <-ended:
		cancel()
		t.Fatalf("does not start: %v", err)
	}
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("ends with %v", err)
		}
	})
	return r
}

// ask sends a request that may say anything about itself.
func (r *running) ask(method, path string, change func(*http.Request)) (*http.Response, string) {
	r.Helper()
	req, err := http.NewRequestWithContext(r.Context(), method, r.url+path, http.NoBody)
	if err != nil {
		r.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.Fatal(err)
	}
	return res, string(body)
}

func TestServesEverything(t *testing.T) {
	r := start(t, settings(t), Main{})
	for path, holds := range map[string]string{
		"/healthz":             "ok",
		"/readyz":              "ok",
		"/metrics":             "rapport_generation 1",
		"/api/v1/measures":     "engagement_rate",
		"/api/v1/openapi.json": `"openapi"`,
	} {
		res, body := r.ask(http.MethodGet, path, nil)
		if res.StatusCode != http.StatusOK || !strings.Contains(body, holds) {
			t.Errorf("%s: status %d, %.300s", path, res.StatusCode, body)
		}
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Access-Control-Allow-Origin": "",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
	}
	for _, path := range []string{"/debug/pprof/", "/nothing", "/api", "/api/v2/measures"} {
		if res, _ := r.ask(http.MethodGet, path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", path, res.StatusCode)
		}
	}
}

// Pages from elsewhere neither read nor change anything.
func TestGuards(t *testing.T) {
	r := start(t, settings(t), Main{})
	host := strings.TrimPrefix(r.url, "http://")
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		t.Fatal(err)
	}
	set := func(kv ...string) func(*http.Request) {
		return func(req *http.Request) {
			for i := 0; i < len(kv); i += 2 {
				if kv[i] == "Host" {
					req.Host = kv[i+1]
				} else {
					req.Header.Set(kv[i], kv[i+1])
				}
			}
		}
	}
	const asJSON, jsonType = "Content-Type", "application/json"
	for _, tc := range []struct {
		name, method, path string
		change             func(*http.Request)
		status             int
	}{
		{"own host", "GET", "/api/v1/measures", set("Host", "localhost:"+port), 200},
		{"IPv6 host", "GET", "/api/v1/measures", set("Host", "[::1]:"+port), 200},
		{"host without a port", "GET", "/api/v1/measures", set("Host", "localhost"), 200},
		{"another name that points here", "GET", "/api/v1/measures", set("Host", "evil.example:"+port), 421},
		{"another name that begins like it", "GET", "/healthz", set("Host", "localhost.evil.example"), 421},
		{"an address of the network", "GET", "/metrics", set("Host", "192.168.1.2"), 421},
		{"a page from elsewhere", "DELETE", "/api/v1/jobs/x", set("Origin", "https://evil.example"), 403},
		{"a page from another port", "DELETE", "/api/v1/jobs/x", set("Origin", "http://127.0.0.1:1"), 403},
		{"a form of a page from elsewhere", "POST", "/api/v1/imports", set("Sec-Fetch-Site", "cross-site", asJSON, "multipart/form-data; boundary=x"), 403},
		{"a page of this server", "DELETE", "/api/v1/jobs/x", set("Origin", r.url), 404},
		{"no page at all", "DELETE", "/api/v1/jobs/x", nil, 404},
		{"a form instead of JSON", "POST", "/api/v1/definitions", set(asJSON, "application/x-www-form-urlencoded"), 400},
		{"JSON", "POST", "/api/v1/definitions", set(asJSON, jsonType), 400},
	} {
		res, body := r.ask(tc.method, tc.path, tc.change)
		if res.StatusCode != tc.status {
			t.Errorf("%s: status %d, want %d: %s", tc.name, res.StatusCode, tc.status, body)
		}
		if tc.status >= 400 && res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: answers with %s", tc.name, res.Header.Get("Content-Type"))
		}
	}
}

func TestRefusesWhatOthersCanReach(t *testing.T) {
	c := settings(t)
	c.Listen = "0.0.0.0:0"
	m := Main{Out: io.Discard, Open: func(context.Context, config.Config) (store.Store, error) {
		t.Error("the store was opened")
		return memory.New(), nil
	}}
	err := m.Run(t.Context(), c)
	if errs.CodeOf(err) != errs.Invalid || !strings.Contains(err.Error(), "no login yet") {
		t.Errorf("got %v", err)
	}
}

func TestAddressInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := settings(t)
	c.Listen = taken.Addr().String()
	if err := (&Main{Out: io.Discard}).Run(t.Context(), c); errs.CodeOf(err) != errs.Conflict {
		t.Errorf("got %v", err)
	}
}

// The log names what was asked for and not what was looked for.
func TestLogHoldsNoText(t *testing.T) {
	r := start(t, settings(t), Main{})
	r.ask(http.MethodGet, "/api/v1/sessions?said="+url.QueryEscape("my secret"), nil)
	r.ask(http.MethodGet, "/api/v1/conversations/secret-id", nil)
	r.ask(http.MethodGet, "/secret-path", nil)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.log.String(), "secret") {
		t.Errorf("log: %s", r.log)
	}
	routes := map[string]bool{}
	for line := range strings.Lines(r.log.String()) {
		var entry struct{ Msg, Route string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if entry.Msg == "request" {
			routes[entry.Route] = true
		}
	}
	for _, route := range []string{"get-sessions", "get-conversations-id", "other"} {
		if !routes[route] {
			t.Errorf("no request to %s in the log: %v", route, routes)
		}
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, settings(t), Main{})
	r.upload(t, 20)
	_, body := r.ask(http.MethodGet, "/metrics", nil)
	for _, line := range []string{
		`rapport_imports_total 1`, `rapport_import_records_total{fate="duplicate"} 0`, `rapport_jobs{state="done"} 1`,
		`rapport_http_request_duration_seconds_count{method="POST",route="post-imports",status="202"} 1`,
		`rapport_running{what="queries"} 0`, `rapport_refused_total{what="exports"} 0`, `go_goroutines`, `rapport_data_bytes`, `rapport_generation 2`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("lacks %s", line)
		}
	}
}

// upload imports generated conversations and waits for it.
func (r *running) upload(t testing.TB, conversations int) {
	t.Helper()
	var b bytes.Buffer
	if _, err := generate.Write(t.Context(), &b, generate.Options{Conversations: conversations, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	res, body := r.ask(http.MethodPost, "/api/v1/imports?name=a.jsonl", func(req *http.Request) { req.Body = io.NopCloser(&b) })
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		_, body := r.ask(http.MethodGet, res.Header.Get("Location"), nil)
		var job struct{ State string }
		if err := json.Unmarshal([]byte(body), &job); err != nil {
			t.Fatal(err)
		}
		if job.State == "done" {
			return
		}
		if job.State == "failed" || time.Now().After(deadline) {
			t.Fatalf("job %s", body)
		}
	}
}

// A server that is asked to end while an upload runs lets it end, and refuses the import: nothing of it is there, nor is a file.
func TestShutDownDuringUpload(t *testing.T) {
	c := settings(t)
	kept := &keptStore{Store: memory.New()}
	r := start(t, c, Main{Open: func(context.Context, config.Config) (store.Store, error) { return kept, nil }})
	body, send := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/imports?name=a.jsonl", body)
	if err != nil {
		t.Fatal(err)
	}
	type outcome struct {
		res *http.Response
		err error
	}
	answered := make(chan outcome, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		answered <- outcome{res, err}
	}()
	if _, err := io.WriteString(send, `{"name":"x"}`+"\n"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(filepath.Join(c.Data, uploadDir, "upload-*", "a.jsonl"))
	ended := make(chan error, 1)
	go func() { ended <- r.stop() }()
	r.waitForLog("shutting down")
	if err := send.Close(); err != nil {
		t.Fatal(err)
	}
	got := <-answered
	if got.err != nil {
		t.Fatal(got.err)
	}
	defer got.res.Body.Close()
	if got.res.StatusCode != http.StatusServiceUnavailable || got.res.Header.Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", got.res.StatusCode, got.res.Header.Get("Retry-After"))
	}
	if err := <-ended; err != nil {
		t.Errorf("ends with %v", err)
	}
	if !kept.closed {
		t.Error("the store is still open")
	}
	if left, err := filepath.Glob(filepath.Join(c.Data, uploadDir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// An upload whose client hangs is cut off when the grace is over.
func TestShutDownCutsOff(t *testing.T) {
	c := settings(t)
	r := start(t, c, Main{Grace: time.Millisecond})
	body, send := io.Pipe()
	req, err := http.NewRequest(http.MethodPost, r.url+"/api/v1/imports?name=a.jsonl", body)
	if err != nil {
		t.Fatal(err)
	}
	failed := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = errors.Join(errors.New("answered"), res.Body.Close())
		}
		failed <- err
	}()
	if _, err := io.WriteString(send, "x"); err != nil {
		t.Fatal(err)
	}
	r.waitFor(filepath.Join(c.Data, uploadDir, "upload-*", "a.jsonl"))
	if err := r.stop(); err != nil {
		t.Errorf("ends with %v", err)
	}
	if err := errors.Join(send.Close(), <-failed); err == nil || strings.Contains(err.Error(), "answered") {
		t.Errorf("the client gets %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(c.Data, uploadDir, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// keptStore notes that it was closed.
type keptStore struct {
	store.Store
	closed bool
}

// Close implements store.Store.
func (s *keptStore) Close() error {
	s.closed = true
	return s.Store.Close()
}

// waitFor waits until there is a file.
func (r *running) waitFor(glob string) {
	r.Helper()
	r.wait(func() bool { found, err := filepath.Glob(glob); return err == nil && len(found) > 0 }, glob)
}

func (r *running) waitForLog(word string) {
	r.Helper()
	r.wait(func() bool { return strings.Contains(r.log.String(), word) }, word)
}

func (r *running) wait(there func() bool, what string) {
	r.Helper()
	for deadline := time.Now().Add(time.Minute); !there(); {
		if time.Now().After(deadline) {
			r.Fatalf("no %s: %s", what, r.log)
		}
	}
}

// What an earlier version derived is derived again in the background, and the server answers meanwhile.
func TestRefreshesAtStart(t *testing.T) {
	s := memory.New()
	d, err := dataset.Open(t.Context(), s, dataset.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "world.jsonl")
	var b bytes.Buffer
	if _, err := generate.Write(t.Context(), &b, generate.Options{Conversations: 20, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Import(t.Context(), dataset.ImportOptions{Paths: []string{file}}); err != nil {
		t.Fatal(err)
	}
	// A catalogue that came in by another way makes the projection stale.
	err = s.Update(t.Context(), func(tx store.Tx) error {
		return tx.PutDocument(t.Context(), store.Document{Kind: store.KindCatalogue, Name: "topics", Version: 1, Body: "topics:\n  - id: a\n    name: A\n    kind: custom\n"})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, settings(t), Main{Open: func(context.Context, config.Config) (store.Store, error) { return s, nil }})
	r.wait(func() bool {
		_, body := r.ask(http.MethodGet, "/api/v1/jobs", nil)
		return strings.Contains(body, `"kind":"refresh"`) && strings.Contains(body, `"state":"done"`)
	}, "refresh")
	if _, body := r.ask(http.MethodGet, "/api/v1/definitions", nil); !strings.Contains(body, `"stale":false`) {
		t.Errorf("definitions %s", body)
	}
}

// A data folder of DuckDB, from nothing to an answer and back again.
func TestWithDuckDB(t *testing.T) {
	c := settings(t)
	open := Main{Open: func(ctx context.Context, c config.Config) (store.Store, error) { return (&Main{}).open(ctx, c) }}
	const question = `{"queries":[{"measures":["sessions"]}]}`
	ask := func(r *running) string {
		_, body := r.ask(http.MethodPost, "/api/v1/queries", func(req *http.Request) {
			req.Header.Set("Content-Type", "application/json")
			req.Body = io.NopCloser(strings.NewReader(question))
		})
		return body
	}
	r := start(t, c, open)
	r.upload(t, 30)
	before := ask(r)
	if !strings.Contains(before, `"numerator":`) {
		t.Fatalf("answer %s", before)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, c, open)
	var one, two struct {
		Results []struct{ Total json.RawMessage }
	}
	if err := errors.Join(json.Unmarshal([]byte(before), &one), json.Unmarshal([]byte(ask(r)), &two)); err != nil {
		t.Fatal(err)
	}
	if string(one.Results[0].Total) != string(two.Results[0].Total) {
		t.Errorf("before %s, after %s", one.Results[0].Total, two.Results[0].Total)
	}
	// A second server is told who has the folder.
	second := Main{Out: io.Discard}
	if err := second.Run(t.Context(), c); errs.CodeOf(err) != errs.Conflict || !strings.Contains(errs.HintOf(err), "--server "+r.url) {
		t.Errorf("the second server gets %v, and is told to %s", err, errs.HintOf(err))
	}
}

// What the configuration calls a bot is what people read.
func TestBotIsCalledWhatTheConfigurationSays(t *testing.T) {
	c := settings(t)
	c.Bots = map[string]config.Bot{"CR4E1_CityServices": {Name: "The town hall"}}
	r := start(t, c, Main{})
	r.upload(t, 40)
	for _, path := range []string{"/api/v1/bots", "/api/v1/sessions?limit=1000", "/api/v1/exports/sessions.csv"} {
		if _, body := r.ask(http.MethodGet, path, nil); !strings.Contains(body, "The town hall") {
			t.Errorf("%s: %.400s", path, body)
		}
	}
}

// gone is a connection that nobody reads from any more.
type gone struct {
	http.ResponseWriter
	headers int
}

// WriteHeader implements http.ResponseWriter.
func (g *gone) WriteHeader(int) { g.headers++ }

// Write implements http.ResponseWriter.
func (g *gone) Write([]byte) (int, error) { return 0, net.ErrClosed }

// The router panics when it cannot send an answer. That the client left, or reads too slowly, is no fault of the server's.
func TestClientWhoLeavesIsNoFault(t *testing.T) {
	log := &lines{}
	s := &site{log: slog.New(slog.NewJSONHandler(log, nil)), metrics: newMetrics()}
	w := &gone{ResponseWriter: httptest.NewRecorder()}
	defer func() {
		if fault := recover(); fault != http.ErrAbortHandler {
			t.Errorf("ends with %v, and the connection is not broken off", fault)
		}
		if w.headers != 1 || !strings.Contains(log.String(), `"broken":true`) || strings.Contains(log.String(), "ERROR") {
			t.Errorf("answered %d times, log %s", w.headers, log)
		}
	}()
	s.observed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, err := w.Write([]byte("{"))
		w.WriteHeader(http.StatusInternalServerError)
		panic(err)
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
}

// Whoever runs a server learns at its start that it will refuse what names no definition.
func TestWarnsOfDefinitionsNotInForce(t *testing.T) {
	c := settings(t)
	c.Definition = "ours"
	c.Bots = map[string]config.Bot{"town": {Definition: "theirs"}, "hall": {Definition: definition.Default}, "else": {}}
	r := start(t, c, Main{})
	for word, times := range map[string]int{"not in force": 2, `"definition":"ours"`: 1, `"bot":"town","definition":"theirs"`: 1} {
		if n := strings.Count(r.log.String(), word); n != times {
			t.Errorf("%d times %s, want %d: %s", n, word, times, r.log)
		}
	}
}
