package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// fakeData is a data set in whose place a test answers where it says so.
type fakeData struct {
	*dataset.Dataset
	query     func(ctx context.Context) error
	importing func(ctx context.Context, o dataset.ImportOptions) (store.Import, error)
	each      func(yield func(metric.Header, *fact.Session) error) error
}

// Query implements Asker.
func (f *fakeData) Query(ctx context.Context, q []metric.Query) ([]metric.Result, error) {
	if f.query == nil {
		return f.Dataset.Query(ctx, q)
	}
	return []metric.Result{}, f.query(ctx)
}

// Import implements Importer.
func (f *fakeData) Import(ctx context.Context, o dataset.ImportOptions) (store.Import, error) {
	if f.importing == nil {
		return f.Dataset.Import(ctx, o)
	}
	return f.importing(ctx, o)
}

// EachSession implements Streamer.
func (f *fakeData) EachSession(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Session) error) error {
	if f.each == nil {
		return f.Dataset.EachSession(ctx, q, yield)
	}
	return f.each(yield)
}

func serveFake(t *testing.T, fake *fakeData, change func(*Options)) *served {
	return serve(t, func(o *Options) {
		fake.Dataset = o.Data.(*dataset.Dataset)
		o.Data = fake
		if change != nil {
			change(o)
		}
	})
}

func refusalOf(t *testing.T, err error) *refusal {
	t.Helper()
	var r *refusal
	if !errors.As(err, &r) {
		t.Fatalf("got %v, want a refusal", err)
	}
	return r
}

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate("questions", 1, 1, 3*time.Second)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		entered := make(chan error)
		go func() {
			leave, err := g.Enter(t.Context())
			if err == nil {
				defer leave()
			}
			entered <- err
		}()
		synctest.Wait()
		if g.Running() != 1 || g.Waiting() != 1 {
			t.Fatalf("%d run, %d wait", g.Running(), g.Waiting())
		}
		// The queue is full: no third one waits.
		if _, err := g.Enter(t.Context()); refusalOf(t, err).status != http.StatusTooManyRequests {
			t.Error(err)
		}
		leave()
		leave() // twice does no harm
		if err := <-entered; err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if g.Running() != 0 || g.Waiting() != 0 || g.Refused() != 1 {
			t.Errorf("%d run, %d wait, %d refused", g.Running(), g.Waiting(), g.Refused())
		}
	})
}

func TestGateWaitsOnlySoLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate("questions", 1, 1, 3*time.Second)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		start := time.Now()
		_, err = g.Enter(t.Context())
		if r := refusalOf(t, err); r.status != http.StatusTooManyRequests || r.retryAfter != 3 {
			t.Errorf("refusal %+v", r)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("waited %s", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.Enter(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("who left gets %v", err)
		}
	})
}

func TestClosedGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGate("questions", 1, 1, time.Hour)
		leave, err := g.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		waited := make(chan error)
		go func() {
			_, err := g.Enter(t.Context())
			waited <- err
		}()
		synctest.Wait()
		g.Close()
		if r := refusalOf(t, <-waited); r.status != http.StatusServiceUnavailable {
			t.Errorf("who waits gets %+v", r)
		}
		leave()
		if _, err := g.Enter(t.Context()); refusalOf(t, err).status != http.StatusServiceUnavailable {
			t.Errorf("who comes gets %v", err)
		}
	})
}

// Who comes when all places are taken is told when to come again.
func TestTooManyQuestions(t *testing.T) {
	started, end := make(chan struct{}), make(chan struct{})
	s := serveFake(t, &fakeData{query: func(context.Context) error {
		started <- struct{}{}
		<-end
		return nil
	}}, func(o *Options) { o.Queries = NewGate("questions", 1, 0, 0) })
	first := make(chan answer)
	go func() { first <- s.post("/queries", oneQuery) }()
	<-started
	refused := s.get("/sessions")
	refused.problem(http.StatusTooManyRequests, "busy")
	if refused.header.Get("Retry-After") != "1" {
		t.Errorf("retry after %q", refused.header.Get("Retry-After"))
	}
	// What costs nothing is not refused.
	s.get("/measures").ok(http.StatusOK, nil)
	close(end)
	(<-first).ok(http.StatusOK, nil)
	s.api.opts.Queries.Close()
	closing := s.post("/queries", oneQuery)
	closing.problem(http.StatusServiceUnavailable, "busy")
	if closing.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// A client that leaves takes its question along.
func TestClientLeaves(t *testing.T) {
	started, ended := make(chan struct{}), make(chan error, 1)
	s := serveFake(t, &fakeData{query: func(ctx context.Context) error {
		close(started)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}}, nil)
	ctx, leave := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/queries", strings.NewReader(oneQuery))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	failed := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			err = res.Body.Close()
		}
		failed <- err
	}()
	<-started
	leave()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the question ends with %v", err)
	}
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the client gets %v", err)
	}
}

func TestAnswerTakesTooLong(t *testing.T) {
	s := serveFake(t, &fakeData{query: func(ctx context.Context) error {
		<-ctx.Done()
		return fmt.Errorf("ask: %w", ctx.Err())
	}}, func(o *Options) { o.QueryTimeout = time.Millisecond })
	p := s.post("/queries", oneQuery).problem(http.StatusGatewayTimeout, "timeout")
	if p.Detail != "the answer takes longer than 1ms" {
		t.Errorf("detail %q", p.Detail)
	}
}

// What went wrong inside stays inside; the log has it under the id that the client got.
func TestInternalFaultsAreNotTold(t *testing.T) {
	s := serveFake(t, &fakeData{query: func(context.Context) error { return errors.New("open /secret/path: disk on fire") }}, nil)
	got := s.post("/queries", oneQuery)
	p := got.problem(http.StatusInternalServerError, "internal")
	if strings.Contains(string(got.body), "fire") || p.Instance == "" {
		t.Errorf("told %s", got.body)
	}
	if log := s.log.String(); !strings.Contains(log, "disk on fire") || !strings.Contains(log, p.Instance) {
		t.Errorf("logged %s", log)
	}
}

// An export that fails before anything was sent is a problem; later it breaks off, and nobody takes it for the whole.
func TestExportThatFails(t *testing.T) {
	fake := &fakeData{}
	s := serveFake(t, fake, nil)
	fail := func(after int) func(func(metric.Header, *fact.Session) error) error {
		return func(yield func(metric.Header, *fact.Session) error) error {
			for range after {
				if err := yield(metric.Header{}, &fact.Session{Conversation: strings.Repeat("x", 100)}); err != nil {
					return err
				}
			}
			return errors.New("disk on fire")
		}
	}
	fake.each = fail(3)
	s.get("/exports/sessions.csv").problem(http.StatusInternalServerError, "internal")
	fake.each = fail(5000)
	res, err := http.Get(s.url + "/exports/sessions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); err == nil || n == 0 || res.StatusCode != http.StatusOK {
		t.Errorf("%d bytes, status %d, error %v: it looks whole", n, res.StatusCode, err)
	}
}

// Imports run one after the other; one that waits and one that runs can be cancelled, and neither leaves its upload behind.
func TestJobsQueueAndCancel(t *testing.T) {
	started, end := make(chan string), make(chan struct{})
	s := serveFake(t, &fakeData{importing: func(ctx context.Context, o dataset.ImportOptions) (store.Import, error) {
		started <- o.Paths[0]
		select {
		case <-end:
			return store.Import{ID: 7}, nil
		case <-ctx.Done():
			return store.Import{}, ctx.Err()
		}
	}}, nil)
	upload := func(name string) Job {
		var job Job
		s.send(http.MethodPost, "/imports?name="+name, "application/octet-stream", strings.NewReader("x")).ok(http.StatusAccepted, &job)
		return job
	}
	one := upload("one")
	path := <-started
	two, three := upload("two"), upload("three")
	for _, job := range []Job{two, three} {
		if job.State != Queued {
			t.Errorf("%s is %s", job.Subject, job.State)
		}
	}
	// A comparison changes nothing, and does not wait.
	if diff := s.finished(s.post("/definitions/diff", `{"a":{"name":"platform"},"b":{"name":"user-replied"}}`)); diff.State != Done {
		t.Errorf("diff %+v", diff)
	}
	var cancelled Job
	s.send(http.MethodDelete, "/jobs/"+two.ID, "", nil).ok(http.StatusOK, &cancelled)
	if cancelled.State != Cancelled {
		t.Errorf("two is %s", cancelled.State)
	}
	s.send(http.MethodDelete, "/jobs/"+one.ID, "", nil).ok(http.StatusOK, nil)
	if next := <-started; !strings.HasSuffix(next, "three") {
		t.Errorf("%s runs next", next)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the upload of a cancelled import is still there: %v", err)
	}
	close(end)
	for id, want := range map[string]State{one.ID: Cancelled, two.ID: Cancelled, three.ID: Done} {
		if job := s.until(id); job.State != want || job.Error != nil {
			t.Errorf("%s is %s with %+v, want %s", job.Subject, job.State, job.Error, want)
		}
	}
	s.noUploadsLeft()
}

// until waits for a job to end.
func (s *served) until(id string) (job Job) {
	s.Helper()
	for deadline := time.Now().Add(time.Minute); job.FinishedAt == nil; {
		s.get("/jobs/"+id).ok(http.StatusOK, &job)
		if time.Now().After(deadline) {
			s.Fatalf("job does not end: %+v", job)
		}
	}
	return job
}

// A job that stops with a fault is one that failed, and the server goes on.
func TestJobThatPanics(t *testing.T) {
	s := serveFake(t, &fakeData{importing: func(context.Context, dataset.ImportOptions) (store.Import, error) { panic("on fire") }}, nil)
	job := s.finished(s.send(http.MethodPost, "/imports", "application/octet-stream", strings.NewReader("x")))
	if job.State != Failed || job.Error == nil || job.Error.Code != "internal" || strings.Contains(fmt.Sprint(job.Error), "fire") {
		t.Errorf("job %+v, error %+v", job, job.Error)
	}
	if !strings.Contains(s.log.String(), "on fire") {
		t.Errorf("logged %s", s.log)
	}
	s.noUploadsLeft()
}

func TestJobsAreBounded(t *testing.T) {
	j := newJobs(time.Now, func(context.Context, error, string) *Problem { return nil })
	end := make(chan struct{})
	var discarded atomic.Int64
	submit := func() error {
		_, err := j.submit("import", "x", changes, func() { discarded.Add(1) }, func(ctx context.Context, _ *progress) (any, error) {
			<-end
			return nil, ctx.Err()
		})
		return err
	}
	for i := range 1 + mostQueued { // one runs
		if err := submit(); err != nil {
			t.Fatalf("job %d: %v", i, err)
		}
	}
	if err := submit(); refusalOf(t, err).status != http.StatusTooManyRequests {
		t.Error(err)
	}
	if n := discarded.Load(); n != 1 {
		t.Errorf("%d discarded, want the refused one", n)
	}
	close(end)
	if err := j.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := discarded.Load(); n != 2+mostQueued {
		t.Errorf("%d discarded of %d", n, 2+mostQueued)
	}
	if n := j.Count(Queued) + j.Count(Running); n != 0 {
		t.Errorf("%d jobs after the end", n)
	}
	if n := len(j.list()); n > mostFinished {
		t.Errorf("%d finished jobs are kept", n)
	}
	if err := submit(); refusalOf(t, err).status != http.StatusServiceUnavailable {
		t.Error(err)
	}
}

// What a server that was stopped left of uploads is gone at the next start; what is not its own stays.
func TestUploadsAreCleared(t *testing.T) {
	dir := t.TempDir() + "/[a]*" // a name that is a glob too
	for _, name := range []string{uploadPrefix + "1", "mine"} {
		if err := os.MkdirAll(dir+"/"+name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := clearUploads(dir); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "mine" {
		t.Errorf("left %v, %v", left, err)
	}
}
