package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/generate"
	"rapport/internal/store/memory"
)

// served is an API on a real listener.
type served struct {
	*testing.T
	api  *API
	url  string
	data *dataset.Dataset
	log  *bytes.Buffer
}

// serve starts an API over an empty data set in memory. change may put something else in its place.
func serve(t *testing.T, change func(*Options)) *served {
	t.Helper()
	d, err := dataset.Open(t.Context(), memory.New(), dataset.Options{TempDir: t.TempDir(), Now: func() time.Time { return noon }, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	o := Options{
		Data: d, Version: "test", UploadDir: filepath.Join(t.TempDir(), "uploads"), UploadBytes: 8 << 20,
		Queries: NewGate("questions", 4, 4, time.Minute), Exports: NewGate("exports", 2, 0, 0), Uploads: NewGate("uploads", 2, 0, 0),
		QueryTimeout: time.Minute, Now: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	if change != nil {
		change(&o)
	}
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a)
	t.Cleanup(func() {
		server.Close()
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return &served{t, a, server.URL + Base, d, log}
}

// noon is long after everything that is generated.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// world is a file of generated conversations.
func world(t testing.TB, conversations int) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := generate.Write(t.Context(), &b, generate.Options{Conversations: conversations, Seed: 5}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "world.jsonl")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func (s *served) load(conversations int) {
	s.Helper()
	if _, err := s.data.Import(s.Context(), dataset.ImportOptions{Paths: []string{world(s, conversations)}}); err != nil {
		s.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	*testing.T
	status int
	header http.Header
	body   []byte
}

func (s *served) send(method, path, contentType string, body io.Reader) answer {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, body)
	if err != nil {
		s.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.Fatal(err)
	}
	s.conforms(res, text)
	return answer{s.T, res.StatusCode, res.Header, text}
}

func (s *served) get(path string) answer { s.Helper(); return s.send(http.MethodGet, path, "", nil) }

func (s *served) post(path, body string) answer {
	s.Helper()
	return s.send(http.MethodPost, path, "application/json", strings.NewReader(body))
}

// ok fails unless the status is as wanted, and reads the body.
func (a answer) ok(status int, into any) {
	a.Helper()
	if a.status != status {
		a.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		a.Fatalf("%v: %s", err, a.body)
	}
}

// problem fails unless the answer is a problem with that status and code.
func (a answer) problem(status int, code string) Problem {
	a.Helper()
	var p Problem
	a.ok(status, &p)
	if got := a.header.Get("Content-Type"); got != problemType {
		a.Errorf("content type %q", got)
	}
	if p.Status != status || p.Code != code || p.Title == "" || p.Detail == "" {
		a.Errorf("problem %+v, want status %d and code %s", p, status, code)
	}
	return p
}

// finished waits for a job to end by asking for it, as a client does.
func (s *served) finished(started answer) Job {
	s.Helper()
	var job Job
	started.ok(http.StatusAccepted, &job)
	if got, want := started.header.Get("Location"), Base+"/jobs/"+job.ID; got != want {
		s.Errorf("location %q, want %q", got, want)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		s.get("/jobs/"+job.ID).ok(http.StatusOK, &job)
		if job.FinishedAt != nil {
			return job
		}
		if time.Now().After(deadline) {
			s.Fatalf("job does not end: %+v", job)
		}
	}
}

const oneQuery = `{"queries":[{"measures":["sessions","engagement_rate"]}]}`

// Every route, once as it should be.
func TestEveryRouteAnswers(t *testing.T) {
	s := serve(t, nil)
	s.load(80)
	var sessions sessionsOutput
	s.get("/sessions?limit=3").ok(http.StatusOK, &sessions.Body)
	if len(sessions.Body.Sessions) != 3 || sessions.Body.Next == "" || sessions.Body.Count < 20 {
		t.Fatalf("page %+v", sessions.Body)
	}
	first := sessions.Body.Sessions[0]
	used := map[string]bool{}
	for _, tc := range []struct {
		method, path, body string
		status             int
		holds              string
	}{
		{"GET", "/status", "", 200, `"definition":"platform"`},
		{"POST", "/queries", oneQuery, 200, `"generation":`},
		{"POST", "/drivers", `{"queries":[{"measure":"engagement_rate"}]}`, 200, `"drivers":[{`},
		{"GET", "/measures", "", 200, `"engagement_rate"`},
		{"GET", "/dimensions", "", 200, `"name":"channel"`},
		{"GET", "/bots", "", 200, `"sessions":`},
		{"GET", "/sessions", "", 200, `"count":`},
		{"POST", "/sessions/search", `{"filters":[{"dimension":"engagement","values":["engaged"]}],"limit":2}`, 200, `"engagement":"engaged"`},
		{"GET", "/billed?all=true", "", 200, `"billed_session":1`},
		{"POST", "/billed/search", `{"measure":"billed_sessions","range":{},"limit":1}`, 200, `"opened_by":"billed.`},
		{"GET", "/utterances", "", 200, `"text":`},
		{"POST", "/utterances/search", `{"recognition":["unrecognised"]}`, 200, `"utterances":`},
		{"POST", "/utterances/groups", `{"source":["bot"],"limit":2}`, 200, `"example":{"bot_id":"`},
		{"GET", "/utterances?source=bot", "", 200, `"source":"bot"`},
		{"GET", "/conversations/" + first.ConversationID, "", 200, `"activities":[{`},
		{"GET", "/exports/sessions.csv", "", 200, "conversation_id"},
		{"GET", "/imports", "", 200, `"accepted":`},
		{"GET", "/imports/1", "", 200, `"read":`},
		{"GET", "/imports/1/rejects", "", 200, ""},
		{"GET", "/definitions", "", 200, `"ready":true`},
		{"GET", "/definitions/presets", "", 200, `"user-replied"`},
		{"GET", "/definitions/platform", "", 200, `"in_force":true`},
		{"GET", "/definitions/guidance-2023", "", 200, `"in_force":false`},
		{"POST", "/definitions", `{"name":"user-replied"}`, 202, `"kind":"apply"`},
		{"POST", "/definitions/diff", `{"a":{"name":"platform"},"b":{"name":"user-replied"}}`, 202, `"kind":"diff"`},
		{"POST", "/audits", `{"definition":{"name":"guidance-2023"}}`, 202, `"kind":"audit"`},
		{"PUT", "/catalogue", `{"text":"topics:\n  - id: a\n    name: A\n    kind: custom\n"}`, 202, `"kind":"catalogue"`},
		{"GET", "/catalogue", "", 200, `"version":1`},
		{"DELETE", "/definitions/user-replied", "", 202, `"kind":"drop"`},
		{"DELETE", "/imports/1", "", 202, `"kind":"remove"`},
		{"GET", "/jobs", "", 200, `"state":"done"`},
		{"GET", "/openapi.json", "", 200, `"openapi": "3.1`},
	} {
		contentType := ""
		if tc.body != "" {
			contentType = "application/json"
		}
		got := s.send(tc.method, tc.path, contentType, strings.NewReader(tc.body))
		used[tc.method+" "+tc.path] = true
		if got.status != tc.status || !strings.Contains(string(got.body), tc.holds) {
			t.Errorf("%s %s: status %d, want %d with %q: %.300s", tc.method, tc.path, got.status, tc.status, tc.holds, got.body)
			continue
		}
		if tc.status == http.StatusAccepted {
			if job := s.finished(got); job.State != Done {
				t.Errorf("%s %s: job %+v %+v", tc.method, tc.path, job, job.Error)
			}
		}
	}
	if s.log.Len() > 0 {
		t.Errorf("logged %s", s.log)
	}
}

// Every route, once as it should not be: the problem names what is wrong and what could stand there.
func TestProblems(t *testing.T) {
	s := serve(t, nil)
	s.load(10)
	for _, tc := range []struct {
		method, path, body string
		status             int
		code               string
		location, allowed  string
	}{
		{"POST", "/queries", `{"queries":[{"measures":["engagment_rate"]}]}`, 422, "invalid", "body.queries[0].measures[0]", "engagement_rate"},
		{"POST", "/queries", `{"queries":[{"measures":["sessions"]},{"measures":["sessions"],"dimensions":["chanel"]}]}`, 422, "invalid", "body.queries[1].dimensions[0]", "channel"},
		{"POST", "/queries", `{"queries":[{"measures":["sessions"],"zone":"Mars"}]}`, 422, "invalid", "body.queries[0].zone", ""},
		{"POST", "/queries", `{"queries":[]}`, 422, "invalid", "body.queries", ""},
		{"POST", "/queries", `{"queries":[` + strings.Repeat(`{"measures":["sessions"]},`, 20) + `{"measures":["sessions"]}]}`, 422, "invalid", "body.queries", ""},
		{"POST", "/queries", `{"queries":[{"measures":["sessions"],"filtres":[]}]}`, 422, "invalid", "body.queries[0].filtres", ""},
		{"POST", "/queries", `{"queries":`, 400, "malformed", "body", ""},
		{"POST", "/queries", "", 400, "malformed", "", ""},
		{"POST", "/drivers", `{"queries":[{"measure":"nonsense"}]}`, 422, "invalid", "body.queries[0].measure", "engagement_rate"},
		{"GET", "/sessions?filter=chanel:web", "", 422, "invalid", "query.filters[0].dimension", "channel"},
		{"GET", "/sessions?filter=channel", "", 422, "invalid", "query.filter[0]", ""},
		{"GET", "/sessions?fliter=channel:x", "", 422, "invalid", "query.fliter", ""},
		{"GET", "/sessions?all=true&from=2026-01-01", "", 422, "invalid", "query.all", ""},
		{"GET", "/sessions?keys=x", "", 422, "invalid", "query.keys", ""},
		{"GET", "/sessions?limit=5000", "", 422, "invalid", "query.limit", ""},
		{"GET", "/sessions?cursor=zzz", "", 422, "invalid", "query.cursor", ""},
		{"GET", "/sessions?definition=nobody", "", 422, "invalid", "query.definition", "platform"},
		{"POST", "/sessions/search", `{"sort":"smell"}`, 422, "invalid", "body.sort", "turns"},
		{"GET", "/billed?measure=engaged_sessions", "", 422, "invalid", "query.measure", ""},
		{"POST", "/billed/search", `{"said":"refund"}`, 422, "invalid", "body.said", ""},
		{"GET", "/utterances?recognition=perhaps", "", 422, "invalid", "query.recognition[0]", ""},
		{"POST", "/utterances/search", `{"source":["tape"]}`, 422, "invalid", "body.source", "message"},
		{"POST", "/utterances/search", `{"source":["bot","message"]}`, 422, "invalid", "body.source", ""},
		{"POST", "/utterances/groups", `{"sort":"started_at"}`, 422, "invalid", "body.sort", ""},
		{"POST", "/utterances/groups", `{"limit":501}`, 422, "invalid", "body.limit", ""},
		{"POST", "/audits", `{"definition":{"name":"platform"}}`, 422, "invalid", "body.definition", ""},
		{"POST", "/audits", `{"definition":{"name":"nobody"}}`, 422, "invalid", "body.definition.name", "guidance-2023"},
		{"GET", "/conversations/nobody", "", 404, "not_found", "", ""},
		{"GET", "/exports/secrets.csv", "", 404, "not_found", "", ""},
		{"GET", "/exports/sessions.xls", "", 404, "not_found", "path.file", "sessions.parquet"},
		{"GET", "/exports/conversations.parquet", "", 404, "not_found", "path.file", "conversations.jsonl"},
		{"GET", "/exports/sessions.csv?zone=Mars", "", 422, "invalid", "query.zone", ""},
		{"GET", "/exports/sessions.csv?columns=smell", "", 422, "invalid", "", ""},
		{"GET", "/exports/billed.csv?filter=outcome:resolved", "", 422, "invalid", "query.filters[0].dimension", "channel"},
		{"GET", "/imports/99", "", 404, "not_found", "", ""},
		{"GET", "/imports/x", "", 422, "invalid", "path.id", ""},
		{"GET", "/imports/99/rejects", "", 404, "not_found", "", ""},
		{"DELETE", "/imports/99", "", 404, "not_found", "", ""},
		{"POST", "/imports", "", 422, "input", "", ""},
		{"GET", "/definitions/nobody", "", 404, "not_found", "", ""},
		{"GET", "/definitions/..%2F..%2Fgo.mod", "", 404, "not_found", "", ""},
		{"POST", "/definitions", `{}`, 422, "invalid", "body", ""},
		{"POST", "/definitions", `{"name":"nobody"}`, 422, "invalid", "body.name", "platform"},
		{"POST", "/definitions", `{"name":"testdata/own.yaml"}`, 422, "invalid", "body.name", ""},
		{"POST", "/definitions", `{"source":"name: ours\nextends: platform\nsession:\n  idle_timout: 1m\n"}`, 422, "invalid", "body.source", ""},
		{"POST", "/definitions/diff", `{"a":{"name":"platform"},"b":{}}`, 422, "invalid", "body.b", ""},
		{"DELETE", "/definitions/nobody", "", 404, "not_found", "", ""},
		{"DELETE", "/definitions/guidance-2023", "", 404, "not_found", "", ""},
		{"GET", "/catalogue", "", 404, "not_found", "", ""},
		{"PUT", "/catalogue", `{"text":"[[["}`, 422, "invalid", "body.text", ""},
		{"GET", "/jobs/none", "", 404, "not_found", "", ""},
		{"DELETE", "/jobs/none", "", 404, "not_found", "", ""},
		{"GET", "/sessions?filter=channel:100%", "", 400, "malformed", "", ""},
		{"GET", "/exports/sessions.csv?filter=channel:a;b", "", 400, "malformed", "", ""},
		{"GET", "/nothing", "", 404, "not_found", "", ""},
		{"PATCH", "/imports", "", 405, "malformed", "", ""},
	} {
		contentType := ""
		if tc.body != "" {
			contentType = "application/json"
		}
		t.Run(tc.method+" "+clip(tc.path+" "+tc.body, 80), func(t *testing.T) {
			got := s.send(tc.method, tc.path, contentType, strings.NewReader(tc.body))
			got.T = t
			p := got.problem(tc.status, tc.code)
			if tc.location == "" {
				return
			}
			if len(p.Errors) == 0 || p.Errors[0].Location != tc.location {
				t.Fatalf("errors %+v, want location %s", p.Errors, tc.location)
			}
			if tc.allowed != "" && !strings.Contains(fmt.Sprint(p.Errors[0].Allowed), tc.allowed) {
				t.Errorf("allowed %v lacks %s", p.Errors[0].Allowed, tc.allowed)
			}
		})
	}
}

// Problems word for word: what people build on.
func TestGoldenProblems(t *testing.T) {
	s := serve(t, nil)
	for _, tc := range []struct{ name, path, body string }{
		{"unknown_measure", "/queries", `{"queries":[{"measures":["engagment_rate"]}]}`},
		{"unknown_key", "/queries", `{"queries":[{"measures":["sessions"],"filtres":[]}]}`},
		{"unknown_grain", "/queries", `{"queries":[{"measures":["sessions"],"dimensions":["time"],"grain":"fortnight"}]}`},
		{"malformed", "/queries", `{"queries":[}`},
		{"misspelt_definition_key", "/definitions", `{"source":"name: ours\nextends: platform\nsession:\n  idle_timout: 1m\n"}`},
		{"not_found", "/nothing", `{}`},
	} {
		got := s.post(tc.path, tc.body)
		var indented bytes.Buffer
		if err := json.Indent(&indented, got.body, "", "  "); err != nil {
			t.Fatalf("%s: %v: %s", tc.name, err, got.body)
		}
		file := filepath.Join("testdata", "problems", tc.name+".json")
		if os.Getenv("UPDATE_DOCS") != "" {
			if err := os.WriteFile(file, indented.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != indented.String() {
			t.Errorf("%s: %s\nwant %s", tc.name, indented.String(), want)
		}
	}
}

// Whatever is sent, a problem repeats little of it.
func TestProblemsEchoLittle(t *testing.T) {
	s := serve(t, nil)
	long := strings.Repeat("secret ", 1000)
	for _, tc := range []struct{ path, body string }{
		{"/queries", `{"queries":[{"measures":["` + long + `"]}]}`},
		{"/queries", `{"queries":[{"measures":["sessions"],"` + long + `":1}]}`},
		{"/queries", `{"queries":["` + long + `"]}`},
		{"/queries", `{"queries":[{"measures":["sessions"],"zone":"` + long + `"}]}`},
		{"/queries", `{"queries":[{"measures":["sessions"],"filters":[{"dimension":"` + long + `","values":["x"]}]}]}`},
		{"/sessions/search", `{"sort":"` + long + `"}`},
		{"/sessions/search", `{"cursor":"` + long + `"}`},
		{"/sessions/search", `{"definition":"` + long + `"}`},
		{"/definitions", `{"source":"` + long + `: 1"}`},
		{"/catalogue", `{"text":"` + long + `"}`},
	} {
		got := s.post(tc.path, tc.body)
		if tc.path == "/catalogue" {
			got = s.send(http.MethodPut, tc.path, "application/json", strings.NewReader(tc.body))
		}
		if got.status < 400 || got.status >= 500 {
			t.Errorf("%s %.60s: status %d", tc.path, tc.body, got.status)
		}
		if n := strings.Count(string(got.body), "secret"); n*len("secret ") > 4*mostEcho {
			t.Errorf("%s %.60s: repeats it %d times: %.500s", tc.path, tc.body, n, got.body)
		}
	}
}

func TestBodyIsLimited(t *testing.T) {
	s := serve(t, nil)
	got := s.post("/queries", `{"queries":[{"measures":["`+strings.Repeat("x", mostBody)+`"]}]}`)
	got.problem(http.StatusRequestEntityTooLarge, "malformed")
	s.send(http.MethodPost, "/queries", "text/plain", strings.NewReader(oneQuery)).problem(http.StatusUnsupportedMediaType, "malformed")
}

// A file that is uploaded is imported, and what it brought can be asked for.
func TestUploadThenAsk(t *testing.T) {
	s := serve(t, nil)
	content, err := os.ReadFile(world(t, 40))
	if err != nil {
		t.Fatal(err)
	}
	count := func() float64 {
		var out queriesOutput
		s.post("/queries", oneQuery).ok(http.StatusOK, &out.Body)
		v := out.Body.Results[0].Total.Values[0].Value
		if v == nil {
			return 0
		}
		return *v
	}
	if n := count(); n != 0 {
		t.Fatalf("%v sessions in an empty data set", n)
	}
	job := s.finished(s.send(http.MethodPost, "/imports?name=../../week%201.jsonl", "application/octet-stream", bytes.NewReader(content)))
	if job.State != Done || job.Kind != "import" || job.Subject != "week 1.jsonl" {
		t.Fatalf("job %+v: %+v", job, job.Error)
	}
	var all importsOutput
	s.get("/imports").ok(http.StatusOK, &all.Body)
	if len(all.Body.Imports) != 1 || fmt.Sprint(all.Body.Imports[0].Paths) != "[week 1.jsonl]" || all.Body.Imports[0].Accepted == 0 {
		t.Errorf("imports %+v", all.Body.Imports)
	}
	before := count()
	if before == 0 {
		t.Fatal("no sessions after the import")
	}
	// The same as a form: everything is there already.
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "again.jsonl")
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	job = s.finished(s.send(http.MethodPost, "/imports", w.FormDataContentType(), &form))
	if job.State != Done || count() != before {
		t.Errorf("job %+v: %+v, %v sessions", job, job.Error, count())
	}
	s.noUploadsLeft()
	if job = s.finished(s.send(http.MethodDelete, "/imports/1", "", nil)); job.State != Done || count() != before {
		t.Errorf("job %+v: %v sessions, want those of the second import", job, count())
	}
	if job = s.finished(s.send(http.MethodDelete, "/imports/2", "", nil)); job.State != Done || count() != 0 {
		t.Errorf("job %+v: %v sessions are left", job, count())
	}
}

func (s *served) noUploadsLeft() {
	s.Helper()
	left, err := os.ReadDir(s.api.opts.UploadDir)
	if err != nil || len(left) > 0 {
		s.Errorf("uploads left behind: %v, %v", left, err)
	}
}

func TestRejectsComeBackAsTheyCame(t *testing.T) {
	s := serve(t, nil)
	job := s.finished(s.send(http.MethodPost, "/imports?name=bad.jsonl", "application/octet-stream",
		strings.NewReader(`{"name":"x","content":"{"}`+"\n"+`{"conversationtranscriptid":"a","content":"{\"activities\":[]}"}`+"\n")))
	if job.State != Done {
		t.Fatalf("job %+v: %+v", job, job.Error)
	}
	got := s.get("/imports/1/rejects")
	got.ok(http.StatusOK, nil)
	var reject struct {
		File, Reason, Raw string
		Row               int
	}
	line, _, _ := strings.Cut(string(got.body), "\n")
	if err := json.Unmarshal([]byte(line), &reject); err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	if reject.File != "bad.jsonl" || reject.Row != 1 || reject.Raw != `{"name":"x","content":"{"}` || reject.Reason == "" {
		t.Errorf("reject %+v", reject)
	}
}

func TestUploadTooLarge(t *testing.T) {
	s := serve(t, func(o *Options) { o.UploadBytes = 100 })
	s.send(http.MethodPost, "/imports", "application/octet-stream", strings.NewReader(strings.Repeat("x", 101))).problem(http.StatusRequestEntityTooLarge, "invalid")
	// Without a length nothing tells before it is read.
	s.send(http.MethodPost, "/imports", "application/octet-stream", io.MultiReader(strings.NewReader(strings.Repeat("x", 101)))).problem(http.StatusRequestEntityTooLarge, "invalid")
	s.noUploadsLeft()
}

// What is wrong with a form is said: to send it again, as after a broken connection, would not help.
func TestFormThatNamesNoBoundary(t *testing.T) {
	s := serve(t, nil)
	p := s.send(http.MethodPost, "/imports", "multipart/form-data", strings.NewReader("x")).problem(http.StatusBadRequest, "malformed")
	if !strings.Contains(p.Detail, "boundary") {
		t.Errorf("problem %+v", p)
	}
}

func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"export.json": "export.json", "": "upload", "..": "upload", "../../etc/passwd": "passwd", `C:\Users\x\a b.csv`: "a b.csv",
		"-rf": "rf", "a\x00b\n.json": "a_b_.json", "Übung [1].json": "Übung [1].json", "a*?.json": "a__.json", "a!b": "a_b", "\xff.json": "_.json",
		strings.Repeat("é", 200) + ".json": strings.Repeat("é", 57) + ".json",
	} {
		if got := safeName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Rows of a page, of the search and of an export are the same.
func TestListsAgree(t *testing.T) {
	s := serve(t, nil)
	s.load(60)
	var pages, search sessionsOutput
	s.get("/sessions?filter=engagement:engaged&filter=!channel:webchat&sort=started_at&limit=1000").ok(http.StatusOK, &pages.Body)
	s.post("/sessions/search", `{"filters":[{"dimension":"engagement","values":["engaged"]},{"dimension":"channel","exclude":true,"values":["webchat"]}],"sort":"started_at","limit":1000}`).
		ok(http.StatusOK, &search.Body)
	if int64(len(pages.Body.Sessions)) != pages.Body.Count || len(search.Body.Sessions) != len(pages.Body.Sessions) || len(pages.Body.Sessions) == 0 {
		t.Fatalf("%d of %d and %d rows", len(pages.Body.Sessions), pages.Body.Count, len(search.Body.Sessions))
	}
	got := s.get("/exports/sessions.jsonl?filter=engagement:engaged&filter=!channel:webchat&sort=started_at")
	got.ok(http.StatusOK, nil)
	if h := got.header.Get("Content-Disposition"); h != `attachment; filename="sessions.jsonl"` {
		t.Errorf("disposition %q", h)
	}
	lines := strings.Split(strings.TrimSuffix(string(got.body), "\n"), "\n")
	if len(lines) != len(pages.Body.Sessions) {
		t.Fatalf("%d lines, %d rows", len(lines), len(pages.Body.Sessions))
	}
	for i, line := range lines {
		var row struct {
			ID      string `json:"conversation_id"`
			Session int    `json:"session"`
			Bot     string `json:"bot_name"`
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if p := pages.Body.Sessions[i]; row.ID != p.ConversationID || row.Session != p.Session || row.Bot != p.BotName || p.Engagement != "engaged" || p.Channel == "webchat" {
			t.Fatalf("line %d is %s, row %+v", i, line, p)
		}
	}
	for _, file := range []string{"billed.csv", "utterances.parquet", "conversations.jsonl", "conversations.csv", "conversations.odata", "sessions.parquet"} {
		if got := s.get("/exports/" + file); got.status != http.StatusOK || len(got.body) < 100 {
			t.Errorf("%s: status %d, %d bytes: %.200s", file, got.status, len(got.body), got.body)
		}
	}
}

// The row of an answer opens the sessions that it counted, by URL.
func TestRowOpensItsSessions(t *testing.T) {
	s := serve(t, nil)
	s.load(60)
	var out queriesOutput
	s.post("/queries", `{"queries":[{"measures":["engaged_sessions"],"dimensions":["topic","weekday"],"range":{"from":"","to":""}}]}`).ok(http.StatusOK, &out.Body)
	var sum float64
	for _, row := range out.Body.Results[0].Rows {
		params := url.Values{"all": {"true"}, "measure": {"engaged_sessions"}, "dimensions": {"topic", "weekday"}, "keys": row.Keys}
		var page sessionsOutput
		s.get("/sessions?"+params.Encode()).ok(http.StatusOK, &page.Body)
		if float64(page.Body.Count) != *row.Values[0].Value {
			t.Errorf("%v: %d sessions, the answer says %v", row.Keys, page.Body.Count, *row.Values[0].Value)
		}
		sum += *row.Values[0].Value
	}
	if sum < 20 {
		t.Errorf("only %v sessions", sum)
	}
}

// An empty value in a URL is one: utterances of which nothing is known.
func TestNothingIsAValue(t *testing.T) {
	s := serve(t, nil)
	s.load(60)
	counts := map[string]int{}
	for _, params := range []string{"", "&recognition=", "&recognition=&recognition=unrecognised"} {
		var page utterancesOutput
		s.get("/utterances?all=true&limit=1000"+params).ok(http.StatusOK, &page.Body)
		for _, u := range page.Body.Utterances {
			counts[params+" "+u.Recognition]++
		}
	}
	if counts["&recognition= "] == 0 || counts["&recognition= recognised"] != 0 || counts[" recognised"] == 0 ||
		counts["&recognition=&recognition=unrecognised "] != counts[" "] || counts["&recognition=&recognition=unrecognised recognised"] != 0 {
		t.Errorf("%v", counts)
	}
}

// Pages follow each other without a gap.
func TestCursors(t *testing.T) {
	s := serve(t, nil)
	s.load(40)
	seen := map[string]bool{}
	cursor, pages := "", 0
	var total int64
	for {
		var page sessionsOutput
		s.get("/sessions?limit=3&sort=-turns&cursor="+cursor).ok(http.StatusOK, &page.Body)
		for _, r := range page.Body.Sessions {
			id := fmt.Sprint(r.BotID, r.ConversationID, r.Session)
			if seen[id] {
				t.Fatalf("%s is on two pages", id)
			}
			seen[id] = true
		}
		total, cursor, pages = page.Body.Count, page.Body.Next, pages+1
		if cursor == "" {
			break
		}
	}
	if int64(len(seen)) != total || pages < 3 {
		t.Errorf("%d rows on %d pages, want %d", len(seen), pages, total)
	}
}
