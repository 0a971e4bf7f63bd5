package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	builtIndex  = "<!doctype html><title>Rapport</title>"
	builtScript = "export const rapport = 'Rapport'\n"
	aBrowser    = "text/html,application/xhtml+xml,*/*;q=0.8"
)

// built is a dashboard that is large enough to pack.
func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":            {Data: []byte(builtIndex)},
		"icon.svg":              {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
		"assets/app-Bx3kQ1.js":  {Data: []byte(strings.Repeat(builtScript, 100))},
		"assets/app-Cq0zT7.css": {Data: []byte(strings.Repeat(".a{color:red}", 100))},
	}
}

// headers sets some of a request; nothing is unpacked behind our back.
func headers(kv ...string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Accept-Encoding", "identity")
		for i := 0; i < len(kv); i += 2 {
			r.Header.Set(kv[i], kv[i+1])
		}
	}
}

// Every page is the one file, and may use what this server hands out and nothing else.
func TestPages(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built()})
	for _, path := range []string{"/", "/index.html", "/topics/new_bot.topic.Greeting?range=7d", "/sessions?open=a~2", "/nothing.html"} {
		res, body := r.ask(http.MethodGet, path, headers("Accept", aBrowser))
		if res.StatusCode != http.StatusOK || body != builtIndex {
			t.Errorf("%s: status %d, %q", path, res.StatusCode, body)
		}
		for header, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
				"connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
		} {
			if got := res.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
	}
}

// What a program asks for in vain is not answered with a page, nor is a file of another build.
func TestNoPage(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built()})
	for _, tc := range []struct {
		method, path, accept string
		status               int
	}{
		{"GET", "/nothing", "*/*", 404},
		{"GET", "/nothing", "", 404},
		{"GET", "/topics", "application/json", 404},
		{"GET", "/assets/app-0ld000.js", aBrowser, 404},
		{"GET", "/api", aBrowser, 404},
		{"GET", "/api/v2/measures", aBrowser, 404},
		{"POST", "/topics", aBrowser, 405},
		{"POST", "/nothing", "*/*", 404},
		{"DELETE", "/assets/app-Bx3kQ1.js", "*/*", 405},
	} {
		res, body := r.ask(tc.method, tc.path, headers("Accept", tc.accept))
		if res.StatusCode != tc.status || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s for %q: status %d, want %d, %s", tc.method, tc.path, tc.accept, res.StatusCode, tc.status, body)
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; frame-ancestors") {
			t.Errorf("%s %s: a problem has the policy %q", tc.method, tc.path, policy)
		}
	}
}

// Files whose names change with their content are kept for ever, the others are asked about again.
func TestFilesOfTheDashboard(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built()})
	for path, want := range map[string][2]string{
		"/assets/app-Bx3kQ1.js":  {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/app-Cq0zT7.css": {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		"/icon.svg":              {"image/svg+xml", "no-cache"},
	} {
		res, body := r.ask(http.MethodGet, path, headers())
		if got := [2]string{res.Header.Get("Content-Type"), res.Header.Get("Cache-Control")}; res.StatusCode != http.StatusOK || got != want {
			t.Errorf("%s: status %d, %q", path, res.StatusCode, got)
		}
		etag := res.Header.Get("ETag")
		again, rest := r.ask(http.MethodGet, path, headers("If-None-Match", etag))
		if etag == "" || again.StatusCode != http.StatusNotModified || rest != "" {
			t.Errorf("%s: asked again with %s: status %d, %q", path, etag, again.StatusCode, rest)
		}
		head, rest := r.ask(http.MethodHead, path, headers())
		if head.StatusCode != http.StatusOK || rest != "" || head.ContentLength != int64(len(body)) {
			t.Errorf("%s: HEAD gives status %d, length %d, %q", path, head.StatusCode, head.ContentLength, rest)
		}
	}
}

// Who unpacks gets less to read, under a tag of its own.
func TestPackedFiles(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built()})
	const path = "/assets/app-Bx3kQ1.js"
	plain, text := r.ask(http.MethodGet, path, headers())
	for accepts, packed := range map[string]bool{
		"gzip": true, "br, GZIP;q=0.5, deflate": true, "gzip; q=1.0": true, "gzip;q=0": false, "gzip;q=0.000": false, "br": false, "identity": false,
	} {
		res, body := r.ask(http.MethodGet, path, headers("Accept-Encoding", accepts))
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != packed || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: packed %v, Vary %q", accepts, got, res.Header.Get("Vary"))
		}
		if same := res.Header.Get("ETag") == plain.Header.Get("ETag"); same == packed {
			t.Errorf("%s: tag %s beside %s", accepts, res.Header.Get("ETag"), plain.Header.Get("ETag"))
		}
		if !packed {
			continue
		}
		z, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if unpacked, err := io.ReadAll(z); err != nil || string(unpacked) != text {
			t.Errorf("%s: unpacks to %.40q, %v", accepts, unpacked, err)
		}
	}
	// A range is one of the bytes as they are.
	res, body := r.ask(http.MethodGet, path, headers("Accept-Encoding", "gzip", "Range", "bytes=0-5"))
	if res.Header.Get("Content-Encoding") == "gzip" && res.StatusCode == http.StatusPartialContent {
		t.Errorf("part of packed bytes: %q", body)
	}
}

func TestDashboardWithoutIndex(t *testing.T) {
	if _, err := newDashboard(fstest.MapFS{"assets/a.js": {Data: []byte("1")}}); err == nil {
		t.Error("a dashboard without a page is served")
	}
}

// The program carries a dashboard.
func TestEmbeddedDashboard(t *testing.T) {
	r := start(t, settings(t), Main{})
	res, body := r.ask(http.MethodGet, "/", headers("Accept", aBrowser))
	if res.StatusCode != http.StatusOK || !strings.Contains(body, "Rapport") {
		t.Errorf("status %d, %.200s", res.StatusCode, body)
	}
}

// Logs and metrics tell pages from files, and hold no address that somebody went to.
func TestRoutesOfPages(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built()})
	for _, path := range []string{"/sessions?open=secret", "/topics/secret", "/assets/app-Bx3kQ1.js", "/assets/secret.js"} {
		r.ask(http.MethodGet, path, headers("Accept", aBrowser))
	}
	_, body := r.ask(http.MethodGet, "/metrics", nil)
	for _, line := range []string{
		`rapport_http_request_duration_seconds_count{method="GET",route="page",status="200"} 2`,
		`rapport_http_request_duration_seconds_count{method="GET",route="asset",status="200"} 1`,
		`rapport_http_request_duration_seconds_count{method="GET",route="other",status="404"} 1`,
	} {
		if !strings.Contains(body, line) {
			t.Errorf("lacks %s", line)
		}
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.log.String(), "secret") {
		t.Errorf("log: %s", r.log)
	}
}

// A quiet server says nothing of what is as it should be.
func TestQuiet(t *testing.T) {
	r := start(t, settings(t), Main{Dashboard: built(), Quiet: true})
	r.ask(http.MethodGet, "/", headers("Accept", aBrowser))
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if r.log.String() != "" {
		t.Errorf("log: %s", r.log)
	}
}
