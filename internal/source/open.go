package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// opener unpacks one file after the other.
type opener struct {
	ctx  context.Context
	opts Options
	fn   func(Input) error
}

// file opens a path and calls fn for each input in it.
func (o *opener) file(name string, size int64) error {
	if err := o.ctx.Err(); err != nil {
		return err
	}
	if name == stdin {
		return o.stream(Input{Name: name, Reader: o.counted(o.opts.Stdin), Size: -1}, nil, 0)
	}
	f, err := os.Open(name)
	if err != nil {
		return o.fn(Input{Name: name, Reader: failed{err}, Size: size})
	}
	defer f.Close() // only read from
	in := Input{Name: name, Reader: o.counted(f), Size: size}
	if size < 0 {
		return o.stream(in, nil, 0)
	}
	return o.stream(in, &counter{at: f, ctx: o.ctx, progress: o.opts.Progress}, 0)
}

// counted counts what is read, and ends with the context's error when that is done.
func (o *opener) counted(r io.Reader) *counter {
	return &counter{r: r, ctx: o.ctx, progress: o.opts.Progress}
}

// counter counts the bytes read through it, in order or at random.
type counter struct {
	r        io.Reader
	at       io.ReaderAt
	ctx      context.Context
	progress *Progress
	n        int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.count(n)
	return n, err
}

// ReadAt implements io.ReaderAt.
func (c *counter) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.at.ReadAt(p, off)
	c.count(n)
	return n, err
}

func (c *counter) count(n int) {
	c.n += int64(n)
	if c.progress != nil {
		c.progress.read.Add(int64(n))
	}
}

// packing is how an input is packed.
type packing uint8

const (
	packedNot packing = iota
	packedGzip
	packedZstd
	packedZip
)

// packingOf goes by the first bytes. RFC 1952 §2.3.1 (with deflate, the only method there is), RFC 8878 §3.1.1, and for zip the
// local header, or the end record of an empty archive.
func packingOf(head []byte) packing {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b, 8}):
		return packedGzip
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return packedZstd
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return packedZip
	default:
		return packedNot
	}
}

// maxLayers is how often an input is unpacked: a zip in a zip, a compressed file in a zip. What is still packed then is passed
// on as it is, and nobody will know how to read it.
const maxLayers = 2

// stream unpacks one input and calls fn. file is what in.Reader reads, where it can be read at random too.
func (o *opener) stream(in Input, file io.ReaderAt, layer int) error {
	buffered := bufio.NewReaderSize(in.Reader, 64<<10)
	head, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		in.Reader = failed{err}
		return o.fn(in)
	}
	in.Reader = buffered
	packed := packingOf(head)
	if layer == maxLayers {
		packed = packedNot
	}
	switch packed {
	case packedGzip:
		packedBytes := &counter{r: buffered, ctx: o.ctx}
		unzip, err := gzip.NewReader(packedBytes)
		if err != nil {
			in.Reader = unreadable("unpack gzip: %w", err)
			return o.fn(in)
		}
		defer unzip.Close() // frees nothing but the reader
		in.Reader = o.guarded("gzip", unzip, packedBytes)
		return o.stream(in, nil, layer+1)
	case packedZstd:
		packedBytes := &counter{r: buffered, ctx: o.ctx}
		// One goroutine's worth of memory, and a window no larger than what zstd's own --long needs.
		unzstd, err := zstd.NewReader(packedBytes, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			in.Reader = unreadable("unpack zstd: %w", err)
			return o.fn(in)
		}
		defer unzstd.Close()
		in.Reader = o.guarded("zstd", unzstd, packedBytes)
		return o.stream(in, nil, layer+1)
	case packedZip:
		if file == nil {
			return o.spool(in, layer)
		}
		return o.zip(in, file, in.Size, layer)
	default:
		return o.fn(in)
	}
}

// guardFrom is how much may be unpacked before its ratio is looked at: small files of repeated text expand a lot.
const guardFrom = 64 << 20

// guard ends a reader that expands as only a bomb does, and says what was being unpacked when it fails.
type guard struct {
	r     io.Reader
	what  string
	in    func() int64
	out   int64
	ratio int64
	whole *total // the archive that it comes out of; may be nil
	bomb  error
}

func (o *opener) guarded(what string, r io.Reader, packed *counter) io.Reader {
	return &guard{r: r, what: what, in: func() int64 { return packed.n }, ratio: o.opts.ExpandedRatio}
}

// Read implements io.Reader.
func (g *guard) Read(p []byte) (int, error) {
	if g.bomb != nil {
		return 0, g.bomb
	}
	n, err := g.r.Read(p)
	g.out += int64(n)
	g.whole.count(int64(n))
	switch {
	case isBomb(g.out, g.in(), g.ratio):
		g.whole.count(-g.out) // its neighbours are not to blame
		g.bomb = fmt.Errorf("unpack %s: it expands to more than %d times its size, as only a zip bomb does", g.what, g.ratio)
	case g.whole != nil && isBomb(g.whole.out, g.whole.size, g.ratio):
		g.bomb = fmt.Errorf("unpack %s: the archive expands to more than %d times its size, as only a zip bomb does", g.what, g.ratio)
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("unpack %s: %w", g.what, err)
	default:
		return n, err
	}
	return 0, g.bomb
}

func isBomb(out, in, ratio int64) bool { return out > guardFrom && out/ratio > in }
