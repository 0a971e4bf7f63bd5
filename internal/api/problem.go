package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/errs"
	"rapport/internal/metric"
)

// Problem is why there is no answer (RFC 9457, application/problem+json).
type Problem struct {
	Title  string `json:"title" doc:"the status in words"`
	Status int    `json:"status"`
	Detail string `json:"detail" doc:"what happened"`
	Code   string `json:"code" doc:"invalid, not_found, input, conflict, busy, timeout, internal; or malformed for a request that cannot be read"`
	Hint   string `json:"hint,omitempty" doc:"what to try"`
	// Instance stands in the log beside what really happened.
	Instance string  `json:"instance,omitempty" doc:"of an internal fault: what to look for in the server's log"`
	Errors   []Fault `json:"errors,omitempty"`

	retryAfter int // seconds; 0 for none
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Location string   `json:"location" doc:"body.queries[0].filters[1].dimension, query.zone, path.id"`
	Message  string   `json:"message"`
	Value    any      `json:"value,omitempty" doc:"what stood there, if it is short"`
	Allowed  []string `json:"allowed,omitempty" doc:"what may stand there"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// The codes of problems that are none of package errs.
const (
	codeMalformed errs.Code = "malformed"
	codeBusy      errs.Code = "busy"
	codeTimeout   errs.Code = "timeout"
)

// statusGone is what proxies log where the client left; nobody reads the answer.
const statusGone = 499

// problemOf is the problem of an error of a handler or a job. location is where in the request its fields are: body, query. What is nobody's
// business stays in the log.
func (a *API) problemOf(ctx context.Context, err error, location string) *Problem {
	var busy *refusal
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &busy):
		p := newProblem(busy.status, codeBusy, busy.message)
		p.Hint, p.retryAfter = "ask again after the seconds in Retry-After", busy.retryAfter
		return p
	case errors.Is(err, errTooLong):
		p := newProblem(http.StatusGatewayTimeout, codeTimeout, "the answer takes longer than "+a.opts.QueryTimeout.String())
		p.Hint = "ask for a shorter range or fewer dimensions, or raise limits.query_timeout"
		return p
	case errors.Is(err, context.Canceled):
		return newProblem(statusGone, codeTimeout, "nobody waits for the answer")
	}
	code := errs.CodeOf(err)
	status, known := map[errs.Code]int{
		errs.Invalid: http.StatusUnprocessableEntity, errs.NotFound: http.StatusNotFound,
		errs.Input: http.StatusUnprocessableEntity, errs.Conflict: http.StatusConflict,
	}[code]
	if !known {
		p := newProblem(http.StatusInternalServerError, errs.Internal, "a fault of Rapport")
		p.Instance, p.Hint = newID(), "the server's log says more beside the instance's id"
		a.opts.Log.ErrorContext(ctx, "internal fault", "instance", p.Instance, "error", err)
		return p
	}
	p := newProblem(status, code, err.Error())
	p.Hint = clip(errs.HintOf(err), mostDetail)
	var field *metric.FieldError
	if errors.As(err, &field) {
		p.Errors = []Fault{{Location: location + "." + field.Field, Message: short(field.Problem), Allowed: field.Allowed}}
	}
	return p
}

func newProblem(status int, code errs.Code, detail string) *Problem {
	title := http.StatusText(status)
	if status == statusGone {
		title = "Client Closed Request"
	}
	return &Problem{Title: title, Status: status, Code: string(code), Detail: short(detail)}
}

// wrong is a problem with one part of the request.
func wrong(location, message string, allowed ...string) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, errs.Invalid, location+": "+message)
	p.Errors = []Fault{{Location: location, Message: short(message), Allowed: allowed}}
	return p
}

// ours turns the errors of the router and its validation into problems, so that there is one form of them.
func ours(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := errs.Invalid
	switch {
	case model.Status >= http.StatusInternalServerError:
		code = errs.Internal
	case model.Status == http.StatusNotFound:
		code = errs.NotFound
	case model.Status != http.StatusUnprocessableEntity:
		code = codeMalformed
	}
	p := newProblem(model.Status, code, model.Detail)
	for i, e := range model.Errors {
		if i == mostFaults {
			break
		}
		p.Errors = append(p.Errors, Fault{Location: clip(e.Location, mostEcho), Message: short(e.Message), Value: echo(e.Value)})
	}
	if len(p.Errors) > 0 {
		p.Detail = short(p.Errors[0].Message)
		if p.Errors[0].Location != "" {
			p.Detail = p.Errors[0].Location + ": " + p.Detail
		}
	}
	return p, nil
}

// A problem says little of what was sent, whatever was sent.
const (
	mostEcho   = 100 // characters
	mostDetail = 1000
	mostFaults = 20
)

// echo is a value of one word, or the beginning of it.
func echo(v any) any {
	switch v := v.(type) {
	case bool, float64:
		return v
	case string:
		return clip(v, mostEcho)
	default:
		return nil // a list or an object would repeat the request
	}
}

var quotedLong = regexp.MustCompile(`"(?:[^"\\]|\\.){100,}"`)

// short cuts what a message quotes.
func short(message string) string {
	message = quotedLong.ReplaceAllStringFunc(message, func(q string) string { return clip(q, mostEcho-2) + `"` })
	return clip(message, mostDetail)
}

func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// newID is hard to guess and short enough to read out.
func newID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x", b)
}

// write answers a request that the router does not: streams and what is not found.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // whoever asked is gone
}

// WriteProblem answers a request that does not get as far as the API.
func WriteProblem(w http.ResponseWriter, status int, detail, hint string) {
	code := errs.Invalid
	switch status {
	case http.StatusServiceUnavailable:
		code = codeBusy
	case http.StatusInternalServerError:
		code = errs.Internal
	case http.StatusNotFound:
		code = errs.NotFound
	}
	p := newProblem(status, code, detail)
	p.Hint = hint
	p.write(w)
}
