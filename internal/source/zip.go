package source

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// zip calls fn for each member of an archive. A workbook is a zip to computers only: it is passed on whole.
func (o *opener) zip(in Input, file io.ReaderAt, size int64, layer int) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		in.Reader = unreadable("unpack zip: %w", err)
		return o.fn(in)
	}
	archive.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1)))
	for _, member := range archive.File {
		if member.Name == "[Content_Types].xml" {
			in.Reader = io.NewSectionReader(file, 0, size)
			return o.fn(in)
		}
	}
	some := false
	whole := &total{size: size}
	for _, member := range archive.File {
		if member.FileInfo().IsDir() || isHidden(member.Name) {
			continue
		}
		some = true
		if err := o.member(in.Name, member, whole, layer); err != nil {
			return err
		}
	}
	if !some {
		in.Reader = unreadable("the zip archive holds no files")
		return o.fn(in)
	}
	return nil
}

// isHidden leaves out what systems put beside the files that somebody packed.
func isHidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." && part != ".." || part == "__MACOSX" {
			return true
		}
	}
	return false
}

const encrypted = 1 // bit 0 of the general purpose flags

// total guards an archive as a whole: members may share their bytes, so that each of many is harmless.
type total struct{ size, out int64 }

func (t *total) count(n int64) {
	if t != nil {
		t.out += n
	}
}

func (o *opener) member(archive string, member *zip.File, whole *total, layer int) error {
	if err := o.ctx.Err(); err != nil {
		return err
	}
	in := Input{Name: archive + "!" + member.Name, Size: int64(min(member.CompressedSize64, 1<<62))}
	if member.Flags&encrypted != 0 {
		in.Reader = unreadable("the member is encrypted: unpack the archive first")
		return o.fn(in)
	}
	r, err := member.Open()
	if err != nil {
		in.Reader = unreadable("unpack zip: %w", err)
		return o.fn(in)
	}
	defer r.Close() // only read from
	packed := in.Size
	in.Reader = &guard{r: r, what: "zip", in: func() int64 { return packed }, ratio: o.opts.ExpandedRatio, whole: whole}
	return o.stream(in, nil, layer+1)
}

// spool copies an archive that comes from a pipe, or out of another archive, to a temporary file, since a zip's directory is
// at its end.
func (o *opener) spool(in Input, layer int) (err error) {
	f, err := os.CreateTemp(o.opts.TempDir, "rapport-zip-*")
	if err != nil {
		return fmt.Errorf("create temporary file for %q: %w", in.Name, err)
	}
	defer func() {
		err = errors.Join(err, f.Close(), os.Remove(f.Name()))
	}()
	r := &firstError{r: in.Reader}
	size, err := io.Copy(f, r)
	if r.err != nil {
		in.Reader = failed{r.err}
		return o.fn(in)
	}
	if err != nil {
		return fmt.Errorf("copy %q to a temporary file: %w", in.Name, err)
	}
	return o.zip(in, f, size, layer)
}

// firstError tells the errors of a reader from those of the file it is copied to.
type firstError struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *firstError) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}
