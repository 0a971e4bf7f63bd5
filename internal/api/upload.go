package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport/internal/activity"
	"rapport/internal/dataset"
	"rapport/internal/errs"
)

// documentUpload says what the request may be. The router is not told: it would read it, and hold it in memory.
func documentUpload(op *huma.Operation) {
	binary := &huma.Schema{Type: "string", Format: "binary"}
	op.RequestBody = &huma.RequestBody{Required: true, Description: "A file as it is, or a form with one file", Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: binary},
		"multipart/form-data":      {Schema: &huma.Schema{Type: "object", Properties: map[string]*huma.Schema{"file": binary}, Required: []string{"file"}}},
	}}
}

// uploadInput is read as a stream, past the router.
type uploadInput struct {
	Name    string `query:"name" doc:"what the file is called; a form says it itself" example:"conversationtranscripts.json"`
	Bot     string `query:"bot" doc:"bot of records that name none"`
	request *http.Request
	writer  http.ResponseWriter
}

// Resolve implements huma.Resolver.
func (in *uploadInput) Resolve(ctx huma.Context) []error {
	in.request, in.writer = humago.Unwrap(ctx)
	return nil
}

func (a *API) upload(ctx context.Context, in *uploadInput) (*jobOutput, error) {
	leave, err := a.opts.Uploads.Enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	path, err := a.receive(in)
	// However long it took, there is time for the answer.
	if late := http.NewResponseController(in.writer).SetWriteDeadline(time.Now().Add(patience)); late != nil && !errors.Is(late, http.ErrNotSupported) {
		err = errors.Join(err, late)
	}
	if err != nil {
		return nil, err
	}
	// Whoever is stopped between upload and import leaves a folder behind, which the next start clears.
	discard := func() { _ = os.RemoveAll(filepath.Dir(path)) }
	return a.start("import", filepath.Base(path), changes, discard, func(ctx context.Context, p *progress) (any, error) {
		i, err := a.opts.Data.Import(ctx, dataset.ImportOptions{Paths: []string{path}, Bot: activity.Bot{ID: in.Bot}, Progress: p})
		if err != nil {
			return nil, err
		}
		if a.opts.Imported != nil {
			a.opts.Imported(i)
		}
		return a.importOfStore(i), nil
	})
}

// receive writes an upload to a file in a folder of its own.
func (a *API) receive(in *uploadInput) (path string, err error) {
	if in.request.ContentLength > a.opts.UploadBytes {
		return "", a.tooLarge()
	}
	body := io.Reader(&patient{r: http.MaxBytesReader(in.writer, in.request.Body, a.opts.UploadBytes), rc: http.NewResponseController(in.writer)})
	name := in.Name
	if kind, _, _ := mime.ParseMediaType(in.request.Header.Get("Content-Type")); kind == "multipart/form-data" {
		in.request.Body = io.NopCloser(body)
		if body, name, err = fileIn(in.request, name); err != nil {
			return "", a.broken(err)
		}
	}
	dir, err := os.MkdirTemp(a.opts.UploadDir, uploadPrefix)
	if err != nil {
		return "", fmt.Errorf("make a folder for an upload: %w", err)
	}
	path = filepath.Join(dir, safeName(name))
	if err := a.keep(path, body); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return path, nil
}

func (a *API) keep(path string, body io.Reader) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open a file for an upload: %w", err)
	}
	read := &reading{r: body}
	n, err := io.Copy(f, read)
	switch {
	case read.err != nil:
		err = a.broken(read.err)
	case err != nil:
		err = fmt.Errorf("write an upload: %w", err)
	case n == 0:
		err = newProblem(http.StatusUnprocessableEntity, errs.Input, "the upload is empty")
	}
	return errors.Join(err, f.Close())
}

// reading remembers the error of what it reads, which io.Copy does not tell from that of writing.
type reading struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (r *reading) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// broken is the problem of an upload that could not be read.
func (a *API) broken(err error) error {
	var large *http.MaxBytesError
	var problem *Problem
	switch {
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &large):
		return a.tooLarge()
	case errors.Is(err, http.ErrMissingBoundary):
		p := newProblem(http.StatusBadRequest, codeMalformed, "the form cannot be read: its Content-Type names no boundary")
		p.Hint = "let the client write that header itself"
		return p
	default:
		p := newProblem(http.StatusBadRequest, codeMalformed, "the upload broke off")
		p.Hint = "send it again: nothing of it was kept"
		return p
	}
}

func (a *API) tooLarge() error {
	p := newProblem(http.StatusRequestEntityTooLarge, errs.Invalid, fmt.Sprintf("an upload has at most %d bytes", a.opts.UploadBytes))
	p.Hint = "compress it, raise limits.upload_bytes, or use `rapport import` where the data is"
	return p
}

// fileIn finds the file of a form.
func fileIn(r *http.Request, name string) (io.Reader, string, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, "", err
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, "", newProblem(http.StatusUnprocessableEntity, errs.Invalid, "the form has no file")
		}
		if err != nil {
			return nil, "", err
		}
		if part.FileName() != "" {
			return part, firstOf(name, part.FileName()), nil
		}
	}
}

// patient gives a slow client as long as it sends pieces.
type patient struct {
	r  io.Reader
	rc *http.ResponseController
}

// Read implements io.Reader.
func (p *patient) Read(b []byte) (int, error) {
	if err := p.rc.SetReadDeadline(time.Now().Add(patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return p.r.Read(b)
}

const (
	uploadPrefix = "upload-"
	mostName     = 120 // bytes
)

// safeName is the last part of a name that somebody else chose, without what a file system or a terminal might obey.
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsPrint(r) || strings.ContainsRune(`<>:"|?*!`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	for len(name) > mostName { // from the front: its end says what it is
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	if name = strings.TrimLeft(name, ". -"); name == "" {
		return "upload"
	}
	return name
}

// clearUploads makes the folder of uploads, and takes away what a server that was stopped left in it.
func clearUploads(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of uploads: %w", err)
	}
	left, err := os.ReadDir(dir) // and not a glob: the path may hold what one means something by
	if err != nil {
		return fmt.Errorf("look into the folder of uploads: %w", err)
	}
	for _, entry := range left {
		if !strings.HasPrefix(entry.Name(), uploadPrefix) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return fmt.Errorf("clear the folder of uploads: %w", err)
		}
	}
	return nil
}
