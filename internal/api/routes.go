package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// routes is the whole table.
func (a *API) routes() error {
	config := huma.DefaultConfig("Rapport", a.opts.Version)
	config.Info.Description = "The measure of chatbot engagement: questions about sessions, the sessions behind every number, and the conversations behind every session."
	config.Servers = []*huma.Server{{URL: Base}}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // the document is served below; pages of docs would load from elsewhere
	config.CreateHooks = nil                                             // no links to schemas in answers
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{ours}
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[Problem]())
	inner := &table{ServeMux: http.NewServeMux(), patterns: &a.patterns}
	a.huma = humago.New(inner, config)
	a.huma.UseMiddleware(noteRoute)

	asks, data, rules, work := tag("Questions"), tag("Data"), tag("Rules"), tag("Jobs")

	route(a, asks.get("/status", "How the data set stands, and what is meant where a question says nothing"), a.status)
	route(a, asks.post("/queries", "Answer up to 20 questions from one snapshot"), a.queries)
	route(a, asks.post("/drivers", "Say what moves a measure, for up to 20 questions from one snapshot"), a.drivers)
	route(a, asks.get("/measures", "What can be counted"), a.measures)
	route(a, asks.get("/dimensions", "What can be grouped and filtered by"), a.dimensions)
	route(a, asks.get("/bots", "The bots of the data set"), a.bots)

	route(a, asks.get("/sessions", "A page of sessions"), a.sessionsByURL)
	route(a, asks.post("/sessions/search", "A page of sessions, asked for as JSON"), a.sessionsByBody)
	route(a, asks.get("/billed", "A page of billed sessions"), a.billedByURL)
	route(a, asks.post("/billed/search", "A page of billed sessions, asked for as JSON"), a.billedByBody)
	route(a, asks.get("/utterances", "A page of what users said"), a.utterancesByURL)
	route(a, asks.post("/utterances/search", "A page of what users said, asked for as JSON"), a.utterancesByBody)
	route(a, asks.post("/utterances/groups", "What was said, the most frequent first; limit is of groups, sort and cursor do not apply"), a.utteranceGroups)
	route(a, asks.get("/conversations/{id}", "One conversation with everything that was decided in it, and why"), a.conversation)

	route(a, data.get("/exports/{file}", "Sessions, billed sessions, utterances or conversations as a file").streams(exportTypes()...), a.export)
	route(a, data.get("/imports", "All imports, the latest first"), a.imports)
	route(a, data.post("/imports", "Upload a file and import it").starts(), a.upload)
	route(a, data.get("/imports/{id}", "The account of one import"), a.importOf)
	route(a, data.delete("/imports/{id}", "Take back what only this import brought").starts(), a.remove)
	route(a, data.get("/imports/{id}/rejects", "What the import put in quarantine, as it came").streams("application/jsonl"), a.rejects)

	route(a, rules.get("/definitions", "The definitions in force"), a.definitions)
	route(a, rules.post("/definitions", "Put a definition in force, or a new version of it").starts(), a.apply)
	route(a, rules.get("/definitions/presets", "The definitions that come with Rapport"), a.presets)
	route(a, rules.post("/definitions/diff", "Compare two definitions over all conversations").starts(), a.diff)
	route(a, rules.post("/audits", "Set what the platform said of its sessions beside what a definition derives").starts(), a.audit)
	route(a, rules.get("/definitions/{name}", "One definition, every key with where it comes from"), a.definition)
	route(a, rules.delete("/definitions/{name}", "Take a definition out of force").starts(), a.drop)
	route(a, rules.get("/catalogue", "The topic catalogue"), a.catalogue)
	route(a, rules.put("/catalogue", "Keep a topic catalogue, and derive everything again by it").starts(), a.setCatalogue)

	route(a, work.get("/jobs", "Long work: what runs, what waits and what was done lately"), a.jobList)
	route(a, work.get("/jobs/{id}", "One job with its result"), a.job)
	route(a, work.delete("/jobs/{id}", "Cancel a job"), a.cancelJob)

	inner.HandleFunc("GET "+openAPIPath, a.openAPI)
	documentUpload(a.huma.OpenAPI().Paths["/imports"].Post)
	document(a.huma.OpenAPI(), work.get(openAPIPath, "This document"))

	for pattern, h := range map[string]http.Handler{Base + "/": http.StripPrefix(Base, inner), Base: http.HandlerFunc(notFound)} {
		a.mux.Handle(pattern, problemsFor(h))
	}
	return a.write()
}

// table remembers what is registered, so that a test can tell what is not documented.
type table struct {
	*http.ServeMux
	patterns *[]string
}

// HandleFunc registers a route.
func (t *table) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	*t.patterns = append(*t.patterns, pattern)
	t.ServeMux.HandleFunc(pattern, handle)
}

// operation is one line of the table.
type operation struct{ huma.Operation }

type tag string

func (t tag) of(method, path, summary string) operation {
	return operation{huma.Operation{
		OperationID: operationID(method, path), Method: method, Path: path, Summary: summary, Tags: []string{string(t)},
		MaxBodyBytes: mostBody,
	}}
}

func (t tag) get(path, summary string) operation    { return t.of(http.MethodGet, path, summary) }
func (t tag) post(path, summary string) operation   { return t.of(http.MethodPost, path, summary) }
func (t tag) put(path, summary string) operation    { return t.of(http.MethodPut, path, summary) }
func (t tag) delete(path, summary string) operation { return t.of(http.MethodDelete, path, summary) }

// operationID is e.g. get-imports-id-rejects.
func operationID(method, path string) string {
	words := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("/{}.", r) })
	return strings.ToLower(method + "-" + strings.Join(words, "-"))
}

// starts says that the answer is a job.
func (o operation) starts() operation {
	o.DefaultStatus = http.StatusAccepted
	return o
}

// streams says what the answer may be.
func (o operation) streams(types ...string) operation {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{}
	}
	o.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	return o
}

// route registers a handler, whose errors become problems.
func route[I, O any](a *API, op operation, handle func(context.Context, *I) (*O, error)) {
	at := "query"
	if op.Method == http.MethodPost || op.Method == http.MethodPut {
		at = "body"
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = problemResponse(a.huma.OpenAPI().Components.Schemas)
	huma.Register(a.huma, op.Operation, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, a.problemOf(ctx, err, at)
		}
		return out, nil
	})
}

func problemResponse(schemas huma.Registry) *huma.Response {
	return &huma.Response{
		Description: "Why there is no answer. 422 and 400: the request; 404; 409: not now; 413: too large; 429 and 503: busy, see Retry-After; 504: takes too long; 500: a fault of Rapport",
		Headers:     map[string]*huma.Param{"Retry-After": {Schema: &huma.Schema{Type: "integer"}, Description: "seconds; with 429 and 503"}},
		Content:     map[string]*huma.MediaType{problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")}},
	}
}

const openAPIPath = "/openapi.json"

func document(d *huma.OpenAPI, op operation) {
	op.Responses = map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{"application/json": {}}}}
	d.AddOperation(&op.Operation)
}

// write makes the document once, when all routes are known.
func (a *API) write() error {
	d := a.huma.OpenAPI()
	for _, result := range []reflect.Type{reflect.TypeFor[Diff](), reflect.TypeFor[Audit]()} { // of jobs: no route answers with them
		d.Components.Schemas.Schema(result, true, "")
	}
	listsAreNeverNull(d)
	for name, s := range d.Components.Schemas.Map() {
		// There may be no topic, no session and no period, which a reference to a schema cannot say.
		if name == "Topic" || name == "Session" || name == "Period" {
			s.Nullable = true
		}
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("write OpenAPI document: %w", err)
	}
	a.document = append(text, '\n')
	return nil
}

func (a *API) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.document) // whoever asked is gone
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	p := newProblem(http.StatusNotFound, "not_found", "there is nothing here")
	p.Hint = "GET " + Base + openAPIPath + " lists what there is"
	p.write(w)
}

// problemsFor has the router's own plain answers (nothing there, another method) be problems too, and refuses a query string with a part
// that cannot be read: the router would leave that part out, and a filter that is left out answers another question.
func problemsFor(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
			p := newProblem(http.StatusBadRequest, codeMalformed, "query: "+err.Error())
			p.Hint = "write %25 for %, %26 for & and %3B for ; in a value"
			p.write(w)
			return
		}
		h.ServeHTTP(&plain{ResponseWriter: w}, r)
	})
}

// plain replaces what the router writes as text.
type plain struct {
	http.ResponseWriter
	replaced bool
}

// WriteHeader implements http.ResponseWriter.
func (p *plain) WriteHeader(status int) {
	text := strings.HasPrefix(p.Header().Get("Content-Type"), "text/plain")
	switch {
	case text && status == http.StatusNotFound:
		p.replaced = true
		notFound(p.ResponseWriter, nil)
	case text && status == http.StatusMethodNotAllowed:
		p.replaced = true
		problem := newProblem(status, codeMalformed, "not with this method")
		problem.Hint = "with " + p.Header().Get("Allow")
		problem.write(p.ResponseWriter)
	default:
		p.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (p *plain) Write(b []byte) (int, error) {
	if p.replaced {
		return len(b), nil
	}
	return p.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (p *plain) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// listsAreNeverNull takes back what the library says of every slice: a list that is empty is written as [], and an absent one is left out.
func listsAreNeverNull(d *huma.OpenAPI) {
	for _, s := range d.Components.Schemas.Map() {
		neverNull(s)
	}
	for _, path := range d.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Delete} {
			if op != nil {
				for _, p := range op.Parameters {
					neverNull(p.Schema)
				}
			}
		}
	}
}

func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	neverNull(s.Items)
	for _, p := range s.Properties {
		neverNull(p)
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(values)
	}
}
