package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

const (
	// patience is how long a client may take to send or to take the next piece of something large.
	patience = time.Minute
	// held is how much of a stream is held back: what fails before is a problem, what fails later breaks off.
	held = 64 << 10
)

// stream answers with what write writes, as it is written. Nothing is sent before there is something to send, so that an error until then
// is a problem like any other; after that the connection is broken off, so that nobody takes half for the whole.
func (a *API) stream(gate *Gate, header http.Header, write func(context.Context, io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		r, w := humago.Unwrap(hc)
		ctx := r.Context()
		started := &starter{w: w, header: header}
		out := bufio.NewWriterSize(started, held)
		err := func() error {
			if gate != nil {
				leave, err := gate.Enter(ctx)
				if err != nil {
					return err
				}
				defer leave()
			}
			if err := write(ctx, out); err != nil {
				return err
			}
			return out.Flush()
		}()
		switch {
		case err == nil:
			started.begin() // nothing to write is an answer too
		case !started.begun:
			a.problemOf(ctx, err, "query").write(w)
		default:
			if ctx.Err() == nil {
				a.opts.Log.ErrorContext(ctx, "stream broken off", "path", r.URL.Path, "error", err)
			}
			panic(http.ErrAbortHandler)
		}
	}}
}

// starter sends headers with the first byte, and gives a slow client as long as it takes pieces.
type starter struct {
	w      http.ResponseWriter
	header http.Header
	begun  bool
}

func (s *starter) begin() {
	if s.begun {
		return
	}
	s.begun = true
	for name, values := range s.header {
		s.w.Header()[name] = values
	}
	s.w.WriteHeader(http.StatusOK)
}

// Write implements io.Writer.
func (s *starter) Write(p []byte) (int, error) {
	s.begin()
	if err := http.NewResponseController(s.w).SetWriteDeadline(time.Now().Add(patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return s.w.Write(p)
}
