// Package client asks a running rapport serve by its API, /api/v1 (docs/api.md). Its answers are those of the data set behind it.
//
// Problems come back as errors of package errs, with the field that is wrong and what may stand there.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"rapport/internal/errs"
)

// Client is a server. Safe for concurrent use.
type Client struct {
	base *url.URL
	http *http.Client
}

// connectTimeout is how long a server may take to be there. An answer may take as long as the context says.
const connectTimeout = 10 * time.Second

// New is the server at a URL, e.g. http://127.0.0.1:8080. Errors have code errs.Invalid.
func New(address string) (*Client, error) {
	const hint = "write it as `rapport serve` says it, e.g. http://127.0.0.1:8080"
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, errs.New(errs.Invalid, hint, "%q is no address of a server", address)
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errs.New(errs.Invalid, hint, "%q is neither http nor https", address)
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/api/v1") + "/api/v1"
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: connectTimeout}).DialContext,
		TLSHandshakeTimeout: connectTimeout, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
	}
	return &Client{base: u, http: &http.Client{Transport: transport}}, nil
}

// Close lets go of idle connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// get asks for JSON.
func (c *Client) get(ctx context.Context, path string, params url.Values, to any) error {
	return c.decode(ctx, http.MethodGet, path, params, nil, to)
}

// post sends JSON and asks for some.
func (c *Client) post(ctx context.Context, path string, body, to any) error {
	return c.decode(ctx, http.MethodPost, path, nil, body, to)
}

func (c *Client) decode(ctx context.Context, method, path string, params url.Values, body, to any) error {
	res, err := c.do(ctx, method, path, params, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(to); err != nil {
		return c.broken(ctx, err)
	}
	return nil
}

// do sends a request. The body of the response is the caller's to close.
func (c *Client) do(ctx context.Context, method, path string, params url.Values, body any) (*http.Response, error) {
	u := *c.base
	// The path is escaped already; what stands in an id must not be taken for a part of it.
	u.RawPath = u.Path + path
	u.Path, _ = url.PathUnescape(u.RawPath)
	u.RawQuery = params.Encode()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("write request: %w", err)
		}
		reader = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), reader)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.unreached(ctx, err)
	}
	if res.StatusCode >= 300 {
		defer res.Body.Close()
		return nil, c.problem(res)
	}
	return res, nil
}

func (c *Client) address() string { return c.base.Scheme + "://" + c.base.Host }

func (c *Client) unreached(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // without the URL, which may hold what was searched for
	}
	return errs.Wrap(err, errs.Input, "is `rapport serve` running there?", "reach %s", c.address())
}

func (c *Client) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errs.Wrap(err, errs.Input, "the server's log may say why", "read the answer of %s", c.address())
}

// Problem is why a server has no answer (application/problem+json).
type Problem struct {
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail"`
	Code     string  `json:"code"`
	Hint     string  `json:"hint"`
	Instance string  `json:"instance"`
	Errors   []Fault `json:"errors"`
	// RetryAfter is how many seconds a busy server asks to wait; 0 for none.
	RetryAfter int `json:"-"`
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Location string   `json:"location"`
	Message  string   `json:"message"`
	Allowed  []string `json:"allowed"`
}

// Error is the detail, with the number by which the server's log knows it.
func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if p.Instance != "" {
		text += " (" + p.Instance + ")"
	}
	return text
}

// mostProblemBytes is far more than a problem has.
const mostProblemBytes = 1 << 20

// problem reads an answer that is none.
func (c *Client) problem(res *http.Response) error {
	p := &Problem{Status: res.StatusCode}
	text, err := io.ReadAll(io.LimitReader(res.Body, mostProblemBytes))
	if err != nil || json.Unmarshal(text, p) != nil || p.Code == "" {
		return errs.New(errs.Input, "is that the address of `rapport serve`?", "%s answers %s, and not as rapport does", c.address(), res.Status)
	}
	p.RetryAfter, _ = strconv.Atoi(res.Header.Get("Retry-After"))
	return errs.Wrap(p, codeOf(p.Code), p.hint(), "%s", c.address())
}

// codeOf is the code that the command line knows for one of the API.
func codeOf(code string) errs.Code {
	switch c := errs.Code(code); c {
	case errs.Invalid, errs.NotFound, errs.Input, errs.Conflict:
		return c
	case "malformed":
		return errs.Invalid
	case "busy", "timeout":
		return errs.Conflict
	default:
		return errs.Internal
	}
}

func (p *Problem) hint() string {
	switch {
	case p.RetryAfter > 0:
		return fmt.Sprintf("ask again in %d s", p.RetryAfter)
	case p.Hint != "":
		return p.Hint
	}
	for _, f := range p.Errors {
		if len(f.Allowed) > 0 {
			return "one of: " + strings.Join(f.Allowed, ", ")
		}
	}
	return ""
}
