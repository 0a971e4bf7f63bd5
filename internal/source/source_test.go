package source_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"rapport/internal/errs"
	"rapport/internal/source"
)

// walk renders what a walk finds, one line an input: name, colon, content or "!" and the error.
func walk(t *testing.T, dir string, opts source.Options, paths ...string) []string {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	for i := range paths {
		if paths[i] != "-" {
			paths[i] = filepath.Join(dir, paths[i])
		}
	}
	var got []string
	err := source.Walk(t.Context(), paths, opts, func(in source.Input) error {
		b, err := io.ReadAll(in.Reader)
		line := strings.TrimPrefix(in.Name, dir+string(filepath.Separator)) + ": " + string(b)
		if err != nil {
			line = strings.TrimPrefix(in.Name, dir+string(filepath.Separator)) + ": ! " + err.Error()
		}
		got = append(got, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	return got
}

// folder makes a folder of files.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gz(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func zst(text string) string {
	w, _ := zstd.NewWriter(nil)
	return string(w.EncodeAll([]byte(text), nil))
}

// zipped packs pairs of name and content.
func zipped(pairs ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, _ := w.Create(pairs[i])
		_, _ = io.WriteString(f, pairs[i+1])
	}
	_ = w.Close()
	return b.String()
}

func TestPaths(t *testing.T) {
	dir := folder(t, map[string]string{
		"b/2.json": "b2", "b/1.json": "b1", "b/c/3.csv": "c3", "b/.hidden": "h", "b/.git/x": "h", "a.json": "a",
		"[1] it's.json": "odd", "z?": "q",
	})
	tests := []struct {
		name  string
		paths []string
		want  []string
	}{
		{"a file", []string{"a.json"}, []string{"a.json: a"}},
		{"a folder", []string{"b"}, []string{"b/1.json: b1", "b/2.json: b2", "b/c/3.csv: c3"}},
		{"the order of the paths", []string{"b/c", "a.json"}, []string{"b/c/3.csv: c3", "a.json: a"}},
		{"a glob", []string{"b/*.json"}, []string{"b/1.json: b1", "b/2.json: b2"}},
		{"a glob of folders", []string{"*/c"}, []string{"b/c/3.csv: c3"}},
		{"a deep glob", []string{"**/*.{csv,json}"}, []string{"[1] it's.json: odd", "a.json: a", "b/1.json: b1", "b/2.json: b2", "b/c/3.csv: c3"}},
		{"everything once", []string{"b/**"}, []string{"b/1.json: b1", "b/2.json: b2", "b/c/3.csv: c3"}},
		{"a name that looks like a glob", []string{"[1] it's.json", "z?"}, []string{"[1] it's.json: odd", "z?: q"}},
		{"a hidden file by name", []string{"b/.hidden"}, []string{"b/.hidden: h"}},
		{"standard input", []string{"-"}, []string{"-: piped"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := walk(t, dir, source.Options{Stdin: strings.NewReader("piped")}, test.paths...)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPathsThatLeadNowhere(t *testing.T) {
	dir := folder(t, map[string]string{"a.json": "a", "empty/.hidden": ""})
	for path, code := range map[string]errs.Code{
		"b.json": errs.NotFound, "*.csv": errs.NotFound, "empty": errs.NotFound, "a[": errs.Invalid,
	} {
		err := source.Walk(t.Context(), []string{filepath.Join(dir, "a.json"), filepath.Join(dir, path)}, source.Options{}, func(source.Input) error {
			t.Errorf("%s: read something first", path)
			return nil
		})
		if errs.CodeOf(err) != code || errs.HintOf(err) == "" {
			t.Errorf("%s: %v (%s, %s)", path, err, errs.CodeOf(err), errs.HintOf(err))
		}
	}
}

func TestPacked(t *testing.T) {
	whole := gz(strings.Repeat("0123456789", 1000))
	workbook := zipped("[Content_Types].xml", "x", "xl/workbook.xml", "y")
	nested := zipped("in.zip", zipped("x.json", "x", "y.gz", gz("y")), "z.json", "z")
	dir := folder(t, map[string]string{
		"gz": gz("one"), "members": gz("one") + gz("two"), "zst": zst("one") + zst("two"),
		"zip":    zipped("b.json", "b", "dir/", "", "a.json", "a", ".DS_Store", "h", "__MACOSX/b.json", "h"),
		"packed": zipped("a.gz", gz("a"), "b.zst", zst("b")), "gzzip": gz(zipped("a", "a")), "nested": nested,
		"workbook": workbook, "thrice": zipped("a.zip", zipped("b.zip", zipped("c", "c"))),
		"empty": "", "emptyzip": zipped(), "emptygz": gz(""), "short": "\x1f", "plain.gz": "not gzip",
		"cut.gz": whole[:len(whole)/2], "cut.zst": zst("one")[:8], "cut.zip": zipped("a", "a")[:20],
	})
	inner := zipped("c", "c")
	tests := []struct {
		path string
		want []string
	}{
		{"gz", []string{"gz: one"}},
		{"members", []string{"members: onetwo"}},
		{"zst", []string{"zst: onetwo"}},
		{"zip", []string{"zip!b.json: b", "zip!a.json: a"}},
		{"packed", []string{"packed!a.gz: a", "packed!b.zst: b"}},
		{"gzzip", []string{"gzzip!a: a"}},
		{"nested", []string{"nested!in.zip!x.json: x", "nested!in.zip!y.gz: " + gz("y"), "nested!z.json: z"}},
		{"thrice", []string{"thrice!a.zip!b.zip: " + inner}},
		{"workbook", []string{"workbook: " + workbook}},
		{"empty", []string{"empty: "}},
		{"emptygz", []string{"emptygz: "}},
		{"emptyzip", []string{"emptyzip: ! the zip archive holds no files"}},
		{"short", []string{"short: \x1f"}},
		{"plain.gz", []string{"plain.gz: not gzip"}},
		{"cut.gz", []string{"cut.gz: ! unpack gzip: unexpected EOF"}},
		{"cut.zst", []string{"cut.zst: ! unpack zstd: unexpected EOF"}},
		{"cut.zip", []string{"cut.zip: ! unpack zip: zip: not a valid zip file"}},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			if diff := cmp.Diff(test.want, walk(t, dir, source.Options{}, test.path)); diff != "" {
				t.Errorf("file (-want +got):\n%s", diff)
			}
			content, err := os.ReadFile(filepath.Join(dir, test.path))
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, line := range test.want {
				want = append(want, "-"+strings.TrimPrefix(line, test.path))
			}
			temp := t.TempDir()
			if diff := cmp.Diff(want, walk(t, dir, source.Options{Stdin: bytes.NewReader(content), TempDir: temp}, "-")); diff != "" {
				t.Errorf("pipe (-want +got):\n%s", diff)
			}
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// One bomb is one unreadable input; its neighbours are read.
func TestZipBomb(t *testing.T) {
	var bomb bytes.Buffer
	w, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	zeros := make([]byte, 1<<20)
	for range 100 {
		_, _ = w.Write(zeros)
	}
	_ = w.Close()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	f, _ := archive.Create("bomb.json")
	for range 100 {
		_, _ = f.Write(zeros)
	}
	f, _ = archive.Create("good.json")
	_, _ = io.WriteString(f, "good")
	_ = archive.Close()
	dir := folder(t, map[string]string{"1.gz": bomb.String(), "2.zip": b.String(), "3": "good"})

	var got []string
	err := source.Walk(t.Context(), []string{dir}, source.Options{ExpandedRatio: 100}, func(in source.Input) error {
		n, err := io.Copy(io.Discard, in.Reader)
		if n > 70<<20 {
			t.Errorf("%s: %d bytes came out", in.Name, n)
		}
		got = append(got, fmt.Sprint(strings.TrimPrefix(in.Name, dir+"/"), " ", err))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	const reason = "it expands to more than 100 times its size, as only a zip bomb does"
	want := []string{"1.gz unpack gzip: " + reason, "2.zip!bomb.json unpack zip: " + reason, "2.zip!good.json <nil>", "3 <nil>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Members that share their bytes are harmless one by one and not together.
func TestZipOfSharedBytes(t *testing.T) {
	one := []byte(zipped("a.json", strings.Repeat(" ", 60<<20)))
	directory, end := bytes.Index(one, []byte("PK\x01\x02")), bytes.Index(one, []byte("PK\x05\x06"))
	const members = 200
	entries := bytes.Repeat(one[directory:end], members)
	bomb := append(bytes.Clone(one[:directory]), entries...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], members)
	binary.LittleEndian.PutUint16(tail[10:], members)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(entries)))
	bomb = append(bomb, tail...)
	dir := folder(t, map[string]string{"bomb.zip": string(bomb)})
	var read int64
	refused := 0
	err := source.Walk(t.Context(), []string{dir}, source.Options{}, func(in source.Input) error {
		n, err := io.Copy(io.Discard, in.Reader)
		read += n
		if err != nil && strings.Contains(err.Error(), "the archive expands to more than 250 times its size") {
			refused++
		}
		return nil
	})
	if err != nil || refused < members-2 || read > 130<<20 {
		t.Errorf("%d refused, %d bytes read, %v", refused, read, err)
	}
}

func TestUnreadableFileDoesNotStopTheWalk(t *testing.T) {
	dir := folder(t, map[string]string{"b": "b"})
	if err := os.Symlink("nowhere", filepath.Join(dir, "a")); err != nil {
		t.Skip(err)
	}
	got := walk(t, dir, source.Options{}, ".")
	if len(got) != 2 || !strings.HasPrefix(got[0], "a: ! open") || got[1] != "b: b" {
		t.Errorf("got %q", got)
	}
}

func TestProgressAddsUp(t *testing.T) {
	dir := folder(t, map[string]string{"a": strings.Repeat("x", 200_000), "b": gz(strings.Repeat("y", 200_000)), "c": zipped("m", "z")})
	var p source.Progress
	var sizes int64
	for _, name := range []string{"a", "b", "c"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		sizes += info.Size()
	}
	walk(t, dir, source.Options{Progress: &p}, ".")
	if p.Total() != sizes || p.Read() < sizes {
		t.Errorf("read %d of %d, want %d", p.Read(), p.Total(), sizes)
	}
}

func TestWalkStops(t *testing.T) {
	dir := folder(t, map[string]string{"a": "a", "b": zipped("x", "x", "y", "y")})
	stop := errors.New("enough")
	if err := source.Walk(t.Context(), []string{dir}, source.Options{}, func(source.Input) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want the callback's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := source.Walk(ctx, []string{dir}, source.Options{}, func(in source.Input) error {
		calls++
		cancel()
		_, err := io.ReadAll(in.Reader)
		return err
	})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

// An archive through a pipe waits in the folder that was asked for.
func TestTempDir(t *testing.T) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	if _, err := w.Create("a"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	opts := source.Options{Stdin: &packed, TempDir: filepath.Join(t.TempDir(), "nowhere")}
	err := source.Walk(context.Background(), []string{"-"}, opts, func(source.Input) error { return nil })
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}
