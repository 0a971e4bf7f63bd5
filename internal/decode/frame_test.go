package decode_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/decode"
)

// elements renders what the iterator yields, one line an element: its bytes, or "!" and the reason.
func elements(t testing.TB, in io.Reader, size int, lim decode.Limits) []string {
	t.Helper()
	it := decode.NewElements(bufio.NewReaderSize(in, size), lim, 0)
	var got []string
	for {
		el, err := it.Next()
		if errors.Is(err, io.EOF) {
			return got
		}
		if err != nil {
			t.Fatalf("next: %v", err)
		}
		if el.Index != len(got) {
			t.Fatalf("element %d has index %d", len(got), el.Index)
		}
		if el.Err != nil {
			got = append(got, fmt.Sprintf("! %v", el.Err))
			continue
		}
		got = append(got, string(el.Raw))
	}
}

func TestElements(t *testing.T) {
	small := decode.DefaultLimits()
	small.RowBytes, small.Depth = 40, 4
	const truncated = "! truncated: the input ends inside it"
	const unclosed = "! truncated: the input ends before the array is closed"
	tests := []struct {
		name string
		in   string
		want []string
	}{
		{"nothing", "", nil},
		{"white space", " \r\n\t", nil},
		{"empty array", " [ ] ", nil},
		{"array", `[{"a":[1,2]} , {"b":"]}"},3,"x",null]`, []string{`{"a":[1,2]}`, `{"b":"]}"}`, `3`, `"x"`, `null`}},
		{"array of arrays", `[[1],[2,[3]]]`, []string{`[1]`, `[2,[3]]`}},
		{"escapes", `[{"a":"\\"},{"a":"\""},{"a":"\\\"{"}]`, []string{`{"a":"\\"}`, `{"a":"\""}`, `{"a":"\\\"{"}`}},
		{"trailing comma", `[{},]`, []string{`{}`}},
		{"missing comma", `[{} {}]`, []string{`{}`, `{}`}},
		{"lines", "{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}", []string{`{"a":1}`, `{"b":2}`, `{"c":3}`}},
		{"lines with commas", "{},\n{}", []string{`{}`, `{}`}},
		{"concatenated", `{"a":1}{"b":2}"x"12 true`, []string{`{"a":1}`, `{"b":2}`, `"x"`, `12`, `true`}},
		{"indented", "{\n\"a\":\n{\n}\n}\n{\n\"b\": [\n{\n}\n]}", []string{"{\n\"a\":\n{\n}\n}", "{\n\"b\": [\n{\n}\n]}"}},
		{"text sequence", "\x1e{}\n\x1e{}\n", []string{`{}`, `{}`}},
		{"array open", `[{}`, []string{`{}`, unclosed}},
		{"array open behind a comma", `[{},`, []string{`{}`, unclosed}},
		{"array cut in an element", `[{},{"a":`, []string{`{}`, truncated}},
		{"array cut in a string", `[{},{"a\`, []string{`{}`, truncated}},
		{"array cut in a number", `[1,2`, []string{`1`, truncated}},
		{"line cut in a string", "{\"a\":\"x\n{\"b\":2}\n", []string{"! broken line: it ends inside a string", `{"b":2}`}},
		{"line cut behind a backslash", "{\"a\":\"x\\\n{\"b\":2}\n", []string{"! broken line: it ends inside a string", `{"b":2}`}},
		{"a mark before each line", "{}\n\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf[1]", []string{`{}`, `{"a":1}`, `[1]`}},
		{"half a mark", "{}\n\xef\xbb{\"a\":1}\n{}", []string{`{}`, `! not JSON: it starts with 'ï'`, `{}`}},
		{"first line cut between tokens", "{\"a\":1,\n{\"b\":2}\n", []string{"! broken line: it ends before its brackets are closed", `{"b":2}`}},
		{"later line cut in an array", "{}\n{\"a\":[1,\n{\"b\":2}\n", []string{`{}`, "! broken line: it ends before its brackets are closed", `{"b":2}`}},
		{"last line cut", "{}\n{\"a\":", []string{`{}`, truncated}},
		{"log line between", "{}\nWARN: odd {\n{}", []string{`{}`, `! not JSON: it starts with 'W'`, `{}`}},
		{"one bracket too many", `[{"a":1}},{"b":2}]`, []string{`{"a":1}`, `! not JSON: it starts with '}'`, `{"b":2}`}},
		{"wrong bracket", `[{"a":[1},{"b":2}]`, []string{`! brackets do not match: '}' closes '['`, `{"b":2}`}},
		{"wrong last bracket", `[{"a":1],{"b":2}]`, []string{`! brackets do not match: ']' closes '{'`, `{"b":2}`}},
		{"too large", `[{"a":"` + strings.Repeat("x", 50) + `"},{"b":2}]`, []string{"! larger than the limit of 40 bytes for one row", `{"b":2}`}},
		{"as large as allowed", `[{"a":"` + strings.Repeat("x", 32) + `"}]`, []string{`{"a":"` + strings.Repeat("x", 32) + `"}`}},
		{"too deep", `[[[[[[{"a":[]}]]]]],{"b":2}]`, []string{"! nested deeper than 4 levels", `{"b":2}`}},
		{"as deep as allowed", `[[[[[]]]]]`, []string{`[[[[]]]]`}},
		{"invalid UTF-8", "[{\"a\":\"\xff\"},{}]", []string{"! invalid UTF-8 at byte 7", `{}`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, size := range []int{16, 17, 4096} { // elements must not care where a buffer ends
				got := elements(t, iotest.OneByteReader(strings.NewReader(test.in)), size, small)
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("buffer of %d (-want +got):\n%s", size, diff)
				}
			}
		})
	}
}

func TestElementsStandBehindTheArray(t *testing.T) {
	in := `{"value":[{},{"a":1}],"next":1}`
	r := bufio.NewReader(strings.NewReader(in))
	_, _ = r.Discard(9)
	it := decode.NewElements(r, decode.Limits{}, 9)
	for {
		el, err := it.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if !strings.HasPrefix(in[el.Offset:], string(el.Raw)) {
			t.Errorf("offset %d does not lead to %s", el.Offset, el.Raw)
		}
	}
	rest, _ := io.ReadAll(r)
	if string(rest) != `,"next":1}` || in[it.Offset():] != string(rest) {
		t.Errorf("left %q at %d", rest, it.Offset())
	}
}

func TestElementsPassTheReadersError(t *testing.T) {
	broken := errors.New("disk on fire")
	it := decode.NewElements(bufio.NewReader(io.MultiReader(strings.NewReader(`[{},{"a"`), iotest.ErrReader(broken))), decode.Limits{}, 0)
	if el, err := it.Next(); err != nil || string(el.Raw) != "{}" {
		t.Fatalf("first element: %q, %v", el.Raw, err)
	}
	if _, err := it.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v, want the reader's error", err)
	}
	if _, err := it.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v behind the error, want the end", err)
	}
}

// Whatever values are written, however they are framed and wherever buffers end, the same values come back.
func TestElementsGiveBackWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]string{`"`, `\`, "{", "}", "[", "]", ",", "\n", "x", "é", "\u2028"}))
		values := rapid.SliceOf(rapid.Custom(func(t *rapid.T) string {
			inner := strings.Join(text.Draw(t, "text"), "")
			b, err := json.Marshal(map[string]any{"s": inner, "a": []any{inner, map[string]any{inner: 1}}})
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		})).Draw(t, "values")
		frame := rapid.SampledFrom([][3]string{{"[", ",", "]"}, {"[\n  ", ",\n  ", "\n]\n"}, {"", "\n", "\n"}, {"", "\n", ""}, {"", "", ""}}).Draw(t, "frame")
		in := frame[0] + strings.Join(values, frame[1]) + frame[2]
		size := rapid.IntRange(16, 64).Draw(t, "buffer")
		it := decode.NewElements(bufio.NewReaderSize(strings.NewReader(in), size), decode.Limits{}, 0)
		for i := 0; ; i++ {
			el, err := it.Next()
			if errors.Is(err, io.EOF) {
				if i != len(values) {
					t.Fatalf("%d elements of %d in %s", i, len(values), in)
				}
				return
			}
			if err != nil || el.Err != nil || string(el.Raw) != values[i] {
				t.Fatalf("element %d: %q, %v, %v", i, el.Raw, el.Err, err)
			}
		}
	})
}

// A 100 MB element is skipped while it streams by.
func TestElementsNeverHoldAHugeElement(t *testing.T) {
	lim := decode.DefaultLimits()
	lim.RowBytes = 1 << 20
	in := io.MultiReader(strings.NewReader(`[{"a":"`), io.LimitReader(repeat('x'), 100<<20), strings.NewReader(`"},{"b":2}]`))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := elements(t, in, 64<<10, lim)
	runtime.ReadMemStats(&after)
	want := []string{"! larger than the limit of 1048576 bytes for one row", `{"b":2}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
		t.Errorf("allocated %d bytes in all", n)
	}
}

// repeat is an endless reader of one byte.
type repeat byte

func (c repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(c)
	}
	return len(p), nil
}

// FuzzElements: no panic, progress on any input, and where the whole input is one valid array, exactly its elements.
func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[{"a":1},[2]]`, "{}\n{\"a\":\"\n{}", `[{"a":[1},{}]`, "[\"\\\"\xff\"]", "\x1e1 2"} {
		f.Add([]byte(seed))
	}
	lim := decode.Limits{RowBytes: 64, Depth: 8}
	f.Fuzz(func(t *testing.T, in []byte) {
		it := decode.NewElements(bufio.NewReaderSize(bytes.NewReader(in), 16), lim, 0)
		var got []string
		var failed bool
		for end := int64(0); ; {
			el, err := it.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if el.Offset < end || it.Offset() <= end && el.Err == nil {
				t.Fatalf("element %d at %d does not go on from %d", el.Index, el.Offset, end)
			}
			end = it.Offset()
			if int64(len(el.Raw)) > lim.RowBytes {
				t.Fatalf("held %d bytes", len(el.Raw))
			}
			failed = failed || el.Err != nil
			got = append(got, string(el.Raw))
		}
		var want []json.RawMessage
		if failed || json.Unmarshal(in, &want) != nil || want == nil {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%d elements, want %d", len(got), len(want))
		}
		for i := range want {
			if string(want[i]) != got[i] {
				t.Errorf("element %d: %q, want %q", i, got[i], want[i])
			}
		}
	})
}

func BenchmarkElements(b *testing.B) {
	rows, err := os.ReadFile("../../testdata/dataverse/conversationtranscripts.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	in := bytes.NewReader(rows)
	r := bufio.NewReaderSize(in, 128<<10)
	for b.Loop() {
		in.Reset(rows)
		r.Reset(in)
		it := decode.NewElements(r, decode.Limits{}, 0)
		for {
			if _, err := it.Next(); err != nil {
				break
			}
		}
	}
}
