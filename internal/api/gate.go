package api

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Gate lets a bounded number of requests in at once, and a bounded number wait for so long. Safe for concurrent use.
type Gate struct {
	what  string // for people: questions
	slots chan struct{}
	queue int64
	wait  time.Duration

	closed    chan struct{}
	closeOnce sync.Once

	running, waiting, refused atomic.Int64
}

// NewGate lets in atOnce requests, and has queue more wait for at most wait. what is the plural of what is let in, for people.
func NewGate(what string, atOnce, queue int, wait time.Duration) *Gate {
	return &Gate{what: what, slots: make(chan struct{}, max(atOnce, 1)), queue: int64(queue), wait: wait, closed: make(chan struct{})}
}

// Enter waits for a place. The error is a refusal (status 429 or 503), or ctx's. leave gives the place back and is called once.
func (g *Gate) Enter(ctx context.Context) (leave func(), err error) {
	select {
	case <-g.closed:
		return nil, g.refuse(errClosing)
	default:
	}
	select {
	case g.slots <- struct{}{}:
		return g.enter(), nil
	default:
	}
	if g.waiting.Add(1) > g.queue {
		g.waiting.Add(-1)
		return nil, g.refuse(&refusal{http.StatusTooManyRequests, 1, "too many " + g.what + " at once"})
	}
	defer g.waiting.Add(-1)
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return g.enter(), nil
	case <-timer.C:
		return nil, g.refuse(&refusal{http.StatusTooManyRequests, max(1, int(g.wait/time.Second)), "too many " + g.what + " at once: waited " + g.wait.String()})
	case <-g.closed:
		return nil, g.refuse(errClosing)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *Gate) enter() func() {
	g.running.Add(1)
	var once sync.Once
	return func() {
		once.Do(func() {
			g.running.Add(-1)
			<-g.slots
		})
	}
}

func (g *Gate) refuse(err error) error {
	g.refused.Add(1)
	return err
}

// Close refuses whoever waits or comes. Those inside go on.
func (g *Gate) Close() { g.closeOnce.Do(func() { close(g.closed) }) }

// Running, Waiting and Refused are how many there are now, and how many were refused so far.
func (g *Gate) Running() int64 { return g.running.Load() }

// Waiting is how many wait.
func (g *Gate) Waiting() int64 { return g.waiting.Load() }

// Refused is how many were refused so far.
func (g *Gate) Refused() int64 { return g.refused.Load() }

// refusal is an answer that the same request may not get a little later.
type refusal struct {
	status     int
	retryAfter int // seconds
	message    string
}

// Error implements error.
func (r *refusal) Error() string { return r.message }

// What ends a request without a fault of its own.
var (
	errClosing error = &refusal{http.StatusServiceUnavailable, 5, "the server is shutting down"}
	errTooLong       = errors.New("the answer takes too long")
)
