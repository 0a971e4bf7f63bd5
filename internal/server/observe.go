package server

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"rapport/internal/api"
)

// observed logs and measures every request, and turns a fault of a handler into an answer. The log has the route and not the path, which
// holds ids, nor the query, which holds what somebody looked for.
func (s *site) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		route := ""
		r = r.WithContext(api.NoteRoute(r.Context(), &route))
		out := &recorder{ResponseWriter: w}
		defer func() {
			fault := recover()
			broken := out.failed // the client left or was too slow: whatever the router says about that is no fault
			if err, ok := fault.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				broken = true
			} else if fault != nil && !out.failed {
				s.log.Error("a handler stopped", "route", route, "fault", fmt.Sprint(fault), "stack", string(debug.Stack()))
				if out.status == 0 {
					api.WriteProblem(out, http.StatusInternalServerError, "a fault of Rapport", "the server's log says more")
				} else {
					broken = true
				}
			}
			if route == "" {
				route = known(r.URL.Path)
			}
			took := time.Since(start)
			s.metrics.requests.WithLabelValues(route, methodOf(r), strconv.Itoa(out.code())).Observe(took.Seconds())
			s.log.Info("request", "method", methodOf(r), "route", route, "status", out.code(), "bytes", out.bytes, "ms", took.Milliseconds(), "broken", broken)
			if broken {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// known is the route of what the API does not answer, one of a few: paths come from anybody, and a metric keeps every value it ever had.
func known(path string) string {
	switch path {
	case "/healthz", "/readyz", "/metrics":
		return path
	default:
		return "other"
	}
}

func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete:
		return r.Method
	default:
		return "other"
	}
}

// recorder remembers how a request was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	failed bool // to send it
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	if r.failed {
		return // the router answers once more, and nobody hears it
	}
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	r.failed = r.failed || (err != nil && !errors.Is(err, http.ErrBodyNotAllowed)) // HEAD has no body
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) code() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}
