package server

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"rapport/internal/api"
)

// pagePolicy lets a page use what this server hands out and nothing else. Styles may stand in elements: widths of bars are computed.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// hashedDir is where files lie whose names change with their content.
const hashedDir = "assets/"

const indexFile = "index.html"

// dashboard hands out the built dashboard. Its pages have URLs of their own and are all one file, which reads the URL.
type dashboard struct {
	files map[string]*file // by name without a slash in front
}

// file is one file, ready to send.
type file struct {
	contentType string
	etag        string
	plain       []byte
	zipped      []byte // nil where that is no smaller
}

// newDashboard reads and compresses all files, so that a request does neither.
func newDashboard(built fs.FS) (*dashboard, error) {
	d := &dashboard{files: map[string]*file{}}
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		d.files[name], err = newFile(name, plain)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the dashboard: %w", err)
	}
	if d.files[indexFile] == nil {
		return nil, fmt.Errorf("read the dashboard: no %s", indexFile)
	}
	return d, nil
}

func newFile(name string, plain []byte) (*file, error) {
	sum := sha256.Sum256(plain)
	f := &file{contentType: contentType(name), etag: hex.EncodeToString(sum[:12]), plain: plain}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(plain); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if out.Len() < len(plain)*9/10 {
		f.zipped = out.Bytes()
	}
	return f, nil
}

// contentType says it for what a build writes, alike on every machine; the tables of systems differ.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return cmp.Or(mime.TypeByExtension(ext), "application/octet-stream")
	}
}

// ServeHTTP implements http.Handler: a file by its name, else the page for a browser that goes to an address.
func (d *dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	f := d.files[name]
	if f == nil && isPage(r, name) {
		name, f = indexFile, d.files[indexFile]
	}
	switch {
	case f == nil:
		api.WriteProblem(w, http.StatusNotFound, "there is nothing at this address", "the dashboard is at /, the API at "+api.Base)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		api.WriteProblem(w, http.StatusMethodNotAllowed, "this can only be read", "")
		return
	}
	api.SetRoute(r.Context(), routeOf(name))
	h := w.Header()
	h.Set("Content-Security-Policy", pagePolicy)
	switch {
	case name == indexFile: // names the files of one build: an old one would ask for files that are gone
	case strings.HasPrefix(name, hashedDir):
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	default:
		h.Set("Cache-Control", "no-cache")
	}
	f.send(w, r)
}

// isPage reports whether a request is a browser's for one of the pages.
func isPage(r *http.Request, name string) bool {
	if name == "" {
		return true
	}
	return !strings.HasPrefix(name, hashedDir) && name != "api" && !strings.HasPrefix(name, "api/") &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}

func routeOf(name string) string {
	if name == indexFile {
		return "page"
	}
	return "asset"
}

// send answers with the file, packed where the client unpacks it, or with its absence of change.
func (f *file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Vary", "Accept-Encoding")
	body, etag := f.plain, f.etag
	if f.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		body, etag = f.zipped, f.etag+"-gz"
		h.Set("Content-Encoding", "gzip")
		r.Header.Del("Range") // a range would be one of the packed bytes
	}
	h.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// takesGzip reads an Accept-Encoding.
func takesGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, weight, weighed := strings.Cut(one, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		_, value, _ := strings.Cut(weight, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return !weighed || (err == nil && q > 0)
	}
	return false
}
