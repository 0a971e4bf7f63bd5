package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// encoded asks for an answer in a form, and takes it as it comes.
func (r *running) encoded(method, path, form, body string) (*http.Response, string) {
	r.Helper()
	return r.ask(method, path, func(req *http.Request) {
		req.Header.Set("Accept-Encoding", form)
		if body != "" {
			req.Header.Set("Content-Type", "application/json")
			req.Body = io.NopCloser(strings.NewReader(body))
		}
	})
}

// unpack is what was packed: one gzip stream, whole, and nothing behind it.
func unpack(t testing.TB, packed string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

const byTopic = `{"queries":[{"measures":["sessions","resolution_rate"],"dimensions":["topic"],"range":{}}]}`

func TestAnswersArePacked(t *testing.T) {
	r := start(t, settings(t), Main{Now: func() time.Time { return time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) }})
	r.upload(t, 300)
	wrong := `{"queries":[` + strings.Repeat(`{"measures":"`+strings.Repeat("x", 90)+`"},`, 19) + `{"measures":["sessions"]}]}`
	for _, tc := range []struct {
		name, method, path, body, contentType string
		packed                                bool
	}{
		{"questions", "POST", "/api/v1/queries", byTopic, "application/json", true},
		{"a list", "GET", "/api/v1/sessions?all=true", "", "application/json", true},
		{"this document", "GET", "/api/v1/openapi.json", "", "application/json", true},
		{"CSV", "GET", "/api/v1/exports/sessions.csv?all=true", "", "text/csv; charset=utf-8", true},
		{"lines", "GET", "/api/v1/exports/utterances.jsonl?all=true", "", "application/jsonl", true},
		{"rows of Dataverse", "GET", "/api/v1/exports/conversations.odata?all=true", "", "application/json", true},
		{"a long problem", "POST", "/api/v1/queries", wrong, "application/problem+json", true},
		{"Parquet", "GET", "/api/v1/exports/sessions.parquet?all=true", "", "application/vnd.apache.parquet", false},
		{"a small answer", "GET", "/api/v1/imports", "", "application/json", false},
		{"a problem", "GET", "/api/v1/nothing", "", "application/problem+json", false},
		{"no part of the API", "GET", "/healthz", "", "text/plain; charset=utf-8", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := &running{TB: t, url: r.url}
			plainly, plain := r.encoded(tc.method, tc.path, "identity", tc.body)
			packedly, packed := r.encoded(tc.method, tc.path, "br, gzip;q=0.5, zstd", tc.body)
			if plainly.StatusCode != packedly.StatusCode || plainly.Header.Get("Content-Type") != tc.contentType || packedly.Header.Get("Content-Type") != tc.contentType {
				t.Errorf("status %d and %d, type %q and %q", plainly.StatusCode, packedly.StatusCode, plainly.Header.Get("Content-Type"), packedly.Header.Get("Content-Type"))
			}
			if got := plainly.Header.Get("Content-Encoding"); got != "" {
				t.Errorf("who takes only plain answers gets %s", got)
			}
			for _, h := range []http.Header{plainly.Header, packedly.Header} {
				if strings.HasPrefix(tc.path, "/api/") && strings.Join(h.Values("Vary"), ",") != "Accept-Encoding" {
					t.Errorf("Vary is %q", h.Values("Vary"))
				}
			}
			if !tc.packed {
				if packedly.Header.Get("Content-Encoding") != "" || packedly.ContentLength != plainly.ContentLength {
					t.Errorf("comes as %q with %d bytes, %d without", packedly.Header.Get("Content-Encoding"), packedly.ContentLength, plainly.ContentLength)
				}
			} else {
				if got := packedly.Header.Get("Content-Encoding"); got != "gzip" || len(packed) > len(plain)*2/3 {
					t.Fatalf("comes as %q with %d bytes of %d", got, len(packed), len(plain))
				}
				if packedly.ContentLength >= 0 && packedly.ContentLength != int64(len(packed)) {
					t.Errorf("says %d bytes, has %d", packedly.ContentLength, len(packed))
				}
				packed = unpack(t, packed)
			}
			if packed != plain {
				t.Errorf("packed and plain answers differ: %d and %d bytes", len(packed), len(plain))
			}
		})
	}
}

// HEAD promises nothing that GET does not hold.
func TestHeadOfPackedAnswers(t *testing.T) {
	r := start(t, settings(t), Main{})
	for _, path := range []string{"/api/v1/imports", "/api/v1/openapi.json"} {
		for _, form := range []string{"identity", "gzip"} {
			head, none := r.encoded(http.MethodHead, path, form, "")
			get, body := r.encoded(http.MethodGet, path, form, "")
			if none != "" || head.StatusCode != http.StatusOK || head.Header.Get("Vary") != get.Header.Get("Vary") {
				t.Errorf("HEAD %s: status %d, %d bytes, headers %v", path, head.StatusCode, len(none), head.Header)
			}
			if said := head.Header.Get("Content-Length"); said != "" && said != strconv.Itoa(len(body)) {
				t.Errorf("HEAD %s says %s bytes, GET has %d", path, said, len(body))
			}
		}
	}
}

// streaming serves one handler behind what packs answers and what observes them.
func streaming(t testing.TB, handle http.HandlerFunc) string {
	t.Helper()
	packing, err := compressed(handle)
	if err != nil {
		t.Fatal(err)
	}
	log := &lines{}
	s := &site{log: (&Main{Out: log}).logger(""), metrics: newMetrics()}
	server := httptest.NewServer(s.observed(packing))
	t.Cleanup(server.Close)
	return server.URL
}

// rows are lines that shrink to about a third, as those of an export do.
func rows(random *rand.Rand, n int) []byte {
	var b bytes.Buffer
	for range n {
		b.WriteString("2026-04-01T00:00:00Z,webchat,resolved," + strconv.FormatUint(random.Uint64(), 16) + "\n")
	}
	return b.Bytes()
}

// An export reaches whoever reads it while it is written: the handler here goes on only when its first rows have arrived.
func TestPackedStreamIsOne(t *testing.T) {
	arrived := make(chan struct{})
	url := streaming(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		random := rand.New(rand.NewPCG(1, 2))
		for range 4 {
			_, _ = w.Write(rows(random, 1000)) // about 64 kB, as an export writes
		}
		select {
		case <-arrived:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "the end\n")
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !res.Uncompressed {
		t.Fatal("not packed")
	}
	if _, err := io.CopyN(io.Discard, res.Body, 128<<10); err != nil {
		t.Fatalf("the first rows do not arrive before the last are written: %v", err)
	}
	close(arrived)
	rest, err := io.ReadAll(res.Body)
	if err != nil || !bytes.HasSuffix(rest, []byte("the end\n")) {
		t.Errorf("%d bytes more, %v", len(rest), err)
	}
}

// A packed export that breaks off never looks whole, although what was packed until then was finished.
func TestPackedStreamThatBreaksOff(t *testing.T) {
	for _, n := range []int{10, 1000, 5000} {
		url := streaming(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/jsonl")
			_, _ = w.Write(rows(rand.New(rand.NewPCG(1, 2)), n))
			panic(http.ErrAbortHandler)
		})
		res, err := http.Get(url)
		if n == 10 && err != nil {
			continue // so little that not even a status came
		}
		if err != nil {
			t.Fatal(err)
		}
		if !res.Uncompressed {
			t.Errorf("%d rows are not packed", n)
		}
		if got, err := io.ReadAll(res.Body); err == nil {
			t.Errorf("%d bytes of %d rows look whole", len(got), n)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Who leaves in the middle of a packed export ends it.
func TestPackedStreamWhoseClientLeaves(t *testing.T) {
	ended := make(chan struct{})
	url := streaming(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		random := rand.New(rand.NewPCG(1, 2))
		for {
			if _, err := w.Write(rows(random, 1000)); err != nil {
				close(ended)
				panic(http.ErrAbortHandler)
			}
		}
	})
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if !res.Uncompressed {
		t.Error("not packed")
	}
	if _, err := io.CopyN(io.Discard, res.Body, 100); err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("the export goes on without a reader")
	}
}

// BenchmarkAnswers measures what packing costs where it gains least: over loopback, until the answer is there. To unpack is the client's.
func BenchmarkAnswers(b *testing.B) {
	r := start(b, settings(b), Main{})
	r.upload(b, 2000)
	_, few := r.encoded(http.MethodPost, "/api/v1/queries", "identity", strings.Replace(byTopic, "topic", "hour", 1))
	_, many := r.encoded(http.MethodPost, "/api/v1/queries", "identity", byTopic)
	_, page := r.encoded(http.MethodGet, "/api/v1/sessions?all=true&limit=500", "identity", "")
	for name, body := range map[string]string{"questions": few, "topics": many, "page": page} {
		url := streaming(b, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, body)
		})
		for _, form := range []string{"identity", "gzip"} {
			b.Run(name+"/"+strconv.Itoa(len(body)>>10)+"kB/"+form, func(b *testing.B) {
				var sent int64
				for b.Loop() {
					_, got := (&running{TB: b, url: url}).encoded(http.MethodGet, "", form, "")
					sent = int64(len(got))
				}
				b.ReportMetric(float64(sent), "wire-B/op")
			})
		}
	}
}
