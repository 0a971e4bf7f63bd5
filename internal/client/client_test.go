package client_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport/internal/client"
	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
)

// answering is a server that answers everything alike, and the client of it. The real one is asked in internal/cli/testdata/script.
func answering(t *testing.T, status int, contentType, body string, header ...string) *client.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestProblems(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		status     int
		header     []string
		code       errs.Code
		message    string
		hint       string
	}{
		{
			"field", `{"code":"invalid","detail":"queries[0].grain: no such unit","errors":[{"location":"body.queries[0].grain","allowed":["day","week"]}]}`,
			422, nil, errs.Invalid, "queries[0].grain: no such unit", "one of: day, week",
		},
		{"hint", `{"code":"not_found","detail":"there is no import 9","hint":"list them"}`, 404, nil, errs.NotFound, "there is no import 9", "list them"},
		{"malformed", `{"code":"malformed","detail":"no JSON"}`, 400, nil, errs.Invalid, "no JSON", ""},
		{"busy", `{"code":"busy","detail":"too many questions"}`, 429, []string{"Retry-After", "7"}, errs.Conflict, "too many questions", "ask again in 7 s"},
		{"fault", `{"code":"internal","title":"Internal Server Error","instance":"abc"}`, 500, nil, errs.Internal, "Internal Server Error (abc)", ""},
		{"of somebody else", `<html>`, 502, nil, errs.Input, "502", "is that the address of `rapport serve`?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := answering(t, tc.status, "application/problem+json", tc.body, tc.header...)
			_, err := c.Query(context.Background(), []metric.Query{{}})
			if errs.CodeOf(err) != tc.code || !strings.Contains(err.Error(), tc.message) || errs.HintOf(err) != tc.hint {
				t.Errorf("%s: %v; %s", errs.CodeOf(err), err, errs.HintOf(err))
			}
		})
	}
}

// A stream that breaks off is an error, whatever came before: half an export would pass for a whole one.
func TestStreamThatBreaksOff(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"conversation_id":"c","session":1}` + "\n" + `{"conversation_id":"d`))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer s.Close()
	c, err := client.New(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	err = c.EachSession(context.Background(), dataset.SessionQuery{}, func(metric.Header, *fact.Session) error { n++; return nil })
	if errs.CodeOf(err) != errs.Input || n != 1 {
		t.Errorf("%d rows, then %v", n, err)
	}
	var b bytes.Buffer
	if err := c.Export(context.Background(), "sessions.csv", dataset.SessionQuery{}, nil, &b); errs.CodeOf(err) != errs.Input {
		t.Errorf("export: %v", err)
	}
	mine := errors.New("mine")
	if err := c.EachSession(context.Background(), dataset.SessionQuery{}, func(metric.Header, *fact.Session) error { return mine }); !errors.Is(err, mine) {
		t.Errorf("an error of whoever takes the rows comes back as %v", err)
	}
}

// A word of a later server is an error that names it: as another word, or none, it would be a wrong number.
func TestUnknownWord(t *testing.T) {
	c := answering(t, 200, "application/x-ndjson", `{"conversation_id":"c","session":1,"kind":"chat","decided_by":"decided.by_moon"}`+"\n")
	err := c.EachSession(context.Background(), dataset.SessionQuery{}, func(metric.Header, *fact.Session) error { return errors.New("a row") })
	if errs.CodeOf(err) != errs.Input || !strings.Contains(err.Error(), `decided_by "decided.by_moon"`) {
		t.Errorf("the error is %v", err)
	}
}

// What is asked for arrives: ids with slashes, filters with colons, all of time.
func TestQuestions(t *testing.T) {
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.EscapedPath() + "?" + r.URL.RawQuery
		_, _ = w.Write([]byte("{}"))
	}))
	defer s.Close()
	c, err := client.New(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Explain(context.Background(), "b", "a/b?c=%", ""); err != nil {
		t.Fatal(err)
	}
	if want := "/api/v1/conversations/a%2Fb%3Fc=%25?bot=b"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	q := dataset.SessionQuery{
		Range: &metric.Range{}, Zone: "Europe/Berlin",
		Filters: []metric.Filter{{Dimension: "topic", Values: []string{"a:b", ""}}, {Dimension: "kind", Exclude: true, Values: []string{"design"}}},
	}
	if err := c.EachSession(context.Background(), q, func(metric.Header, *fact.Session) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if want := "/api/v1/exports/sessions.jsonl?all=true&filter=topic%3Aa%3Ab&filter=topic%3A&filter=%21kind%3Adesign&zone=Europe%2FBerlin"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"http://127.0.0.1:8080": true, "127.0.0.1:8080": true, "https://example.org/rapport": true, "http://127.0.0.1:8080/api/v1": true,
		"ftp://x": false, "": false, "http://": false, "http://x?y": false,
	} {
		if _, err := client.New(address); (err == nil) != ok || (!ok && errs.CodeOf(err) != errs.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
