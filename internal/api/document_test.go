package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"
)

const documentFile = "../../docs/openapi.json"

// docs/openapi.json is what programs are promised.
func TestDocumentIsGolden(t *testing.T) {
	a := bare(t)
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(documentFile, a.Document(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(a.Document())); diff != "" {
		t.Errorf("%s (-) is not what the routes say (+); UPDATE_DOCS=1 rewrites it: %s", documentFile, diff)
	}
}

type documented struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		Summary   string              `json:"summary"`
		Tags      []string            `json:"tags"`
		Responses map[string]struct{} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]json.RawMessage `json:"schemas"`
	} `json:"components"`
}

func readDocument(t *testing.T, a *API) documented {
	t.Helper()
	var d documented
	if err := json.Unmarshal(a.Document(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Every route that is registered is in the document, and nothing else is.
func TestEveryRouteIsDocumented(t *testing.T) {
	a := bare(t)
	var have []string
	for path, methods := range readDocument(t, a).Paths {
		for method := range methods {
			have = append(have, strings.ToUpper(method)+" "+path)
		}
	}
	sort.Strings(have)
	registered := slices.Sorted(slices.Values(a.patterns))
	if diff := cmp.Diff(registered, have); diff != "" {
		t.Errorf("registered (-), documented (+): %s", diff)
	}
	if len(have) < 25 {
		t.Errorf("only %d routes", len(have))
	}
}

func TestDocumentSaysEnough(t *testing.T) {
	d := readDocument(t, bare(t))
	if !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %s", d.OpenAPI)
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.Summary == "" || len(op.Tags) != 1 || len(op.Responses) == 0 {
				t.Errorf("%s %s lacks a summary, a tag or responses", method, path)
			}
			if _, ok := op.Responses["default"]; !ok && path != openAPIPath {
				t.Errorf("%s %s does not say what a problem is", method, path)
			}
		}
	}
	if _, ok := d.Components.Schemas["ErrorModel"]; ok {
		t.Error("there are two forms of problems")
	}
}

// conforms fails unless an answer is what the document promises of its route: no key more or less, and no null for a key that is always there. Every
// answer that a test gets is held to it.
func (s *served) conforms(res *http.Response, body []byte) {
	s.Helper()
	d := s.api.huma.OpenAPI()
	op := operationOf(d, res.Request)
	if op == nil {
		return // nothing there, or not with this method
	}
	promised := op.Responses[strconv.Itoa(res.StatusCode)]
	if promised == nil {
		promised = op.Responses["default"]
	}
	media := promised.Content[res.Header.Get("Content-Type")]
	if media == nil {
		s.Errorf("%s: status %d comes as %q, which is not promised", op.OperationID, res.StatusCode, res.Header.Get("Content-Type"))
		return
	}
	if media.Schema == nil {
		return // a file
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		s.Errorf("%s: %v", op.OperationID, err)
		return
	}
	found := &huma.ValidateResult{}
	huma.Validate(d.Components.Schemas, media.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, v, found)
	if err := errors.Join(found.Errors...); err != nil {
		s.Errorf("%s answers otherwise than docs/openapi.json promises: %.1000v", op.OperationID, err)
	}
}

// operationOf is the documented operation that a request is meant for; nil for none.
func operationOf(d *huma.OpenAPI, r *http.Request) *huma.Operation {
	mux, found := http.NewServeMux(), map[string]*huma.Operation{}
	for path, item := range d.Paths {
		for method, op := range map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodDelete: item.Delete} {
			if op != nil {
				pattern := method + " " + Base + path
				mux.Handle(pattern, http.NotFoundHandler())
				found[pattern] = op
			}
		}
	}
	_, pattern := mux.Handler(r)
	return found[pattern]
}

func TestDocumentIsServed(t *testing.T) {
	a := bare(t)
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodGet, Base+"/openapi.json", nil))
	if w.Code != http.StatusOK || w.Body.String() != string(a.Document()) {
		t.Errorf("status %d, %d bytes", w.Code, w.Body.Len())
	}
}

// bare is an API whose data nobody asks for.
func bare(t *testing.T) *API {
	t.Helper()
	a, err := New(Options{
		Version: "test", UploadDir: t.TempDir(),
		Queries: NewGate("questions", 1, 0, 0), Exports: NewGate("exports", 1, 0, 0), Uploads: NewGate("uploads", 1, 0, 0),
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}
