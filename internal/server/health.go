package server

import (
	"context"
	"io"
	"net/http"
	"time"

	"rapport/internal/api"
)

// healthy says that the process lives.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "ok\n") // whoever asked is gone
}

// generations is what readiness asks of a data set.
type generations interface {
	Generation(ctx context.Context) (int64, error)
}

// readyTimeout is how long a store may take to say anything.
const readyTimeout = 5 * time.Second

// ready says whether questions will be answered: the store answers, and the server is not shutting down.
func (s *site) ready(data generations) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.closing.Load() {
			w.Header().Set("Retry-After", "5")
			api.WriteProblem(w, http.StatusServiceUnavailable, "shutting down", "")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if _, err := data.Generation(ctx); err != nil {
			s.log.ErrorContext(ctx, "the store does not answer", "error", err)
			w.Header().Set("Retry-After", "5")
			api.WriteProblem(w, http.StatusServiceUnavailable, "the store does not answer", "the server's log says more")
			return
		}
		healthy(w, r)
	}
}
