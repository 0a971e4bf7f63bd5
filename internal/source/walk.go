// Package source finds the files to read and opens them: folders, globs, standard input, and whatever is compressed or packed
// in them, recognised by its first bytes and never by its name.
//
// A file that cannot be opened or unpacked is not an error of the walk: its reader gives the error, so that whoever reads it
// puts it in quarantine with its name, and the rest goes on.
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/bmatcuk/doublestar/v4"

	"rapport/internal/errs"
)

// Input is one file, or one member of an archive, unpacked.
type Input struct {
	// Name is the path as given, with the member's name after "!" inside an archive.
	Name string
	// Reader gives the content until the callback returns. An error from it is about this input alone, except the context's.
	Reader io.Reader
	// Size is in bytes and compressed; -1 when unknown.
	Size int64
}

// Options are what the caller may change. The zero value reads without progress and with the usual guard.
type Options struct {
	// Stdin is what "-" reads; nil is the process's standard input.
	Stdin io.Reader
	// ExpandedRatio is how many times its size a compressed input may expand to once past 64 MiB; 0 is 250.
	ExpandedRatio int64
	// TempDir is where an archive that comes through a pipe waits; "" is the system's temporary folder.
	TempDir string
	// Progress is kept up to date during the walk; it may be nil.
	Progress *Progress
}

const defaultRatio = 250

// Progress counts bytes as they lie on disk, compressed. It is safe to read while the walk goes on.
type Progress struct{ read, total atomic.Int64 }

// Read is how many bytes were read so far.
func (p *Progress) Read() int64 { return p.read.Load() }

// Total is how many bytes there are in files whose size is known; standard input is not among them.
func (p *Progress) Total() int64 { return p.total.Load() }

// Walk calls fn for every input that the paths lead to, in the order of the paths, folders and globs sorted by name. A path is
// a file, a folder (read recursively without hidden files), a glob with **, or "-" for standard input. What exists under its
// literal name is never taken for a glob.
//
// The error is fn's, the context's, or an *errs.Error with code NotFound for a path that leads nowhere; that is found out
// before anything is read.
func Walk(ctx context.Context, paths []string, opts Options, fn func(Input) error) error {
	if opts.ExpandedRatio <= 0 {
		opts.ExpandedRatio = defaultRatio
	}
	if opts.Stdin == nil {
		opts.Stdin = os.Stdin
	}
	if opts.Progress == nil {
		opts.Progress = &Progress{}
	}
	// Twice over the names rather than once with all of them in memory.
	for _, path := range paths {
		found := false
		err := files(ctx, path, func(_ string, size int64) error {
			found = true
			opts.Progress.total.Add(max(size, 0))
			return nil
		})
		if err != nil {
			return err
		}
		if !found {
			return errs.New(errs.NotFound, "hidden files are left out of folders and globs; name one to read it", "no files in %q", path)
		}
	}
	o := opener{ctx: ctx, opts: opts, fn: fn}
	for _, path := range paths {
		err := files(ctx, path, func(name string, size int64) error { return o.file(name, size) })
		if err != nil {
			return err
		}
	}
	return nil
}

const stdin = "-"

// files calls fn with every file that a path leads to, and its size, -1 when unknown.
func files(ctx context.Context, path string, fn func(name string, size int64) error) error {
	if path == stdin {
		return fn(stdin, -1)
	}
	info, err := os.Stat(path)
	if err == nil {
		return below(ctx, path, info, fn)
	}
	if !errors.Is(err, fs.ErrNotExist) && !isGlob(path) {
		return fn(path, -1) // it is there; opening it will say what is wrong with it
	}
	if !isGlob(path) {
		return errs.New(errs.NotFound, "check the spelling; give a file, a folder, a glob in quotes, or - for standard input", "no such file or folder: %q", path)
	}
	matches, err := doublestar.FilepathGlob(path, doublestar.WithNoHidden())
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "close every [ and {", "%q is not a valid glob", path)
	}
	if len(matches) == 0 {
		return errs.New(errs.NotFound, "put the glob in quotes so that the shell leaves it alone; ** goes through folders", "nothing matches %q", path)
	}
	slices.Sort(matches)
	deep := strings.HasSuffix(filepath.ToSlash(path), "**")
	for _, match := range matches {
		info, err := os.Stat(match)
		if err != nil {
			if err := fn(match, -1); err != nil {
				return err
			}
			continue
		}
		if deep && info.IsDir() {
			continue // what is in it is among the matches
		}
		if !info.IsDir() && !info.Mode().IsRegular() {
			continue // as in a folder: a pipe nobody writes to would wait forever. Named by itself it is read
		}
		if err := below(ctx, match, info, fn); err != nil {
			return err
		}
	}
	return nil
}

func isGlob(path string) bool { return strings.ContainsAny(path, "*?[{") }

// below calls fn with a file, or with every file in a folder.
func below(ctx context.Context, path string, info fs.FileInfo, fn func(string, int64) error) error {
	if !info.IsDir() {
		return fn(path, sizeOf(info))
	}
	return filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fn(name, -1) // a folder that cannot be read is one unreadable input
		}
		if name != path && strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		info, err := os.Stat(name) // through a link, but never into a linked folder, which may lead back here
		if err == nil && !info.Mode().IsRegular() {
			return nil
		}
		if err != nil {
			return fn(name, -1)
		}
		return fn(name, info.Size())
	})
}

func sizeOf(info fs.FileInfo) int64 {
	if info.Mode().IsRegular() {
		return info.Size()
	}
	return -1
}

// failed is a reader that only says why there is nothing to read.
type failed struct{ err error }

func (f failed) Read([]byte) (int, error) { return 0, f.err }

func unreadable(format string, args ...any) io.Reader { return failed{fmt.Errorf(format, args...)} }
