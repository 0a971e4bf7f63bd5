package detect_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
)

const tiny = `{"name":"c","content":"{\"activities\":[{\"type\":\"message\",\"timestamp\":1726160271}]}"}`

// Damage costs what it touches, and says so.
func TestDamage(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"empty", "", []string{"0 the file is empty"}},
		{"list cut behind a row", "[" + tiny + ",", []string{"1 ok", "2 truncated: the input ends before the array is closed"}},
		{"list cut in a row", "[" + tiny + "," + tiny[:40], []string{"1 ok", "2 truncated: the input ends inside it"}},
		{"page cut in a row", `{"value":[` + tiny + "," + tiny[:40], []string{"1 ok", "2 truncated: the input ends inside it"}},
		{"page cut in its list", `{"value":[` + tiny, []string{"1 ok", "2 truncated: the input ends before the array is closed"}},
		{"page broken behind its list", `{"value":[` + tiny + `] oops`, []string{"1 ok", "2 the object that holds the rows is broken at byte 103; the 4 bytes from there on were not read"}},
		{"line cut", tiny + "\n" + tiny[:40] + "\n" + tiny, []string{"1 ok", "2 broken line: it ends inside a string", "3 ok"}},
		{"line cut behind a backslash", tiny[:len(`{"name":"c","content":"{\`)] + "\n" + tiny, []string{"1 broken line: it ends inside a string", "2 ok"}},
		{"marks of files put together", "\xef\xbb\xbf\xef\xbb\xbf" + tiny + "\n\xef\xbb\xbf" + tiny, []string{"1 ok", "2 ok"}},
		{"lists with marks", "\xef\xbb\xbf[" + tiny + "]\n\xef\xbb\xbf[" + tiny + "]", []string{"1 ok", "2 ok"}},
		{"white space before it", strings.Repeat(" \n", 200_000) + tiny, []string{"1 ok"}},
		{"odd strings", `"{\"activities\":[{\"type\":\"message\",\"timestamp\":1726160271}]}"` + "\n" + `"{\"a\":1}"` + "\n" + `"{"`, []string{
			"1 ok", "2 JSON, but neither rows nor activities: its keys are a", "3 a JSON object without keys",
		}},
		{"odd first row", "[{}," + tiny + "]", []string{"1 a JSON object without keys", "2 ok"}},
		{"odd elements", "[" + tiny + `,3,"x",null,[]]`, []string{
			"1 ok", `2 JSON, but not of objects: it holds "3"`, `3 JSON, but not of objects: it holds "\"x\""`,
			`4 JSON, but not of objects: it holds "null"`, "5 neither a row nor a list of activities",
		}},
		{"a bot among rows", "[" + tiny + `,{"botid":"x","schemaname":"y","name":"z"}]`, []string{
			"1 ok", "2 this is a table of bots, not of transcripts: pass it with --catalogue",
		}},
		{"an activity among rows", "[" + tiny + `,{"type":"message","text":"x"}]`, []string{
			"1 ok", "2 one activity among rows: activities are read from a list of their own",
		}},
		{"invalid UTF-8 in a row", "[" + tiny + `,{"name":"` + "\xff" + `","content":""}]`, []string{"1 ok", "2 invalid UTF-8 at byte 102"}},
		{"content in content", `[{"activities":[{"type":"message","timestamp":1726160271}]},{"activities":[]}]`, []string{"1 ok", "2 the list of activities is empty"}},
		{"text behind a list", "[" + tiny + "] hello", []string{"0 text: it starts with \"hello\"", "1 ok"}},
		{"binary", "\x00\x01\x02", []string{"0 binary"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := read(t, strings.NewReader(test.in))
			if diff := cmp.Diff(test.want, summary(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, r := range got.rejects {
				if r.Origin.File != "in" {
					t.Errorf("reject of file %q", r.Origin.File)
				}
			}
		})
	}
}

// A file that is cut anywhere gives the rows before the cut as they were, and says that something is missing.
func TestCutAnywhere(t *testing.T) {
	rows := []string{tiny, strings.Replace(tiny, `"c"`, `"d"`, 1)}
	for _, whole := range []string{
		"[" + strings.Join(rows, ",") + "]", `{"@odata.context":"x","value":[` + strings.Join(rows, ",") + "]}", "name,content\nx,\"{\"\"activities\"\":[]}\"\n",
	} {
		for n := range len(whole) {
			got := read(t, strings.NewReader(whole[:n]))
			if strings.HasPrefix(whole, "name") {
				continue // a table's end is anywhere
			}
			complete := strings.Count(whole[:n], `]}"}`)
			if len(got.records) != complete || len(got.rejects)+len(got.warnings) == 0 {
				t.Errorf("%q: %d records, rejects %v, warnings %v", whole[:n], len(got.records), got.rejects, got.warnings)
			}
		}
	}
}

// The reader's error is the file's end and its reject; what was read before stays.
func TestReaderFails(t *testing.T) {
	for _, before := range []string{"", "[" + tiny + ",{", tiny + "\n", `{"value":[` + tiny, "name,content\nc,"} {
		got := read(t, io.MultiReader(strings.NewReader(before), iotest.ErrReader(errors.New("disk on fire"))))
		if len(got.records) != strings.Count(before, "message") || len(got.rejects) != 1 || !strings.Contains(got.rejects[0].Reason, "disk on fire") {
			t.Errorf("%q: %d records, %v", before, len(got.records), got.rejects)
		}
	}
	err := detect.Read("in", iotest.ErrReader(context.Canceled), decode.Options{}, &recorder{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
}

// full is a sink that has had enough.
type full struct{ recorder }

var errFull = errors.New("disk full")

func (f *full) Record(*activity.Record) error { return errFull }

func (f *full) Reject(decode.Reject) error { return errFull }

func TestSinkStops(t *testing.T) {
	for _, in := range []string{"", tiny, "[" + tiny + "]", `{"value":[` + tiny + `]}`, `[{"activities":[{"type":"message"}]}]`, "name,content\nc,x", "x"} {
		if err := detect.Read("in", strings.NewReader(in), decode.Options{}, &full{}); !errors.Is(err, errFull) {
			t.Errorf("%q: got %v", in, err)
		}
	}
}

// repeat is an endless reader of one text.
type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		c := copy(p[n:], r.text[r.at:])
		n += c
		r.at = (r.at + c) % len(r.text)
	}
	return len(p), nil
}

// Whatever a row holds, memory is bounded and its neighbours are read.
func TestHugeRows(t *testing.T) {
	huge := func(before, text string, size int64, after string) io.Reader {
		return io.MultiReader(strings.NewReader(before), io.LimitReader(&repeat{text: text}, size), strings.NewReader(after))
	}
	tests := []struct {
		name string
		in   io.Reader
		want []string
	}{
		{
			"row of 100 MB", huge("["+tiny+`,{"name":"x","content":"`, "x", 100<<20, `"},`+tiny+"]"),
			[]string{"1 ok", "2 larger than the limit of 33554432 bytes for one row", "3 ok"},
		},
		{
			"first row of 100 MB", huge(`[{"content":"`, "x", 100<<20, `"},`+tiny+"]"),
			[]string{"1 larger than the limit of 33554432 bytes for one row", "2 ok"},
		},
		{
			"line of 100 MB", huge(tiny+"\n"+`{"name":"x","content":"`, "x", 100<<20, "\"}\n"+tiny),
			[]string{"1 ok", "2 larger than the limit of 33554432 bytes for one row", "3 ok"},
		},
		{
			"100 MB of open brackets", huge(tiny+"\n"+`{"name":`, "[", 100<<20, ""),
			[]string{"1 ok", "2 larger than the limit of 33554432 bytes for one row"},
		},
		{
			"100 MB of open lists", huge("", "[", 100<<20, ""),
			[]string{`0 JSON, but not of objects: it holds "` + strings.Repeat("[", 80) + `"`},
		},
		{
			"100 MB of pages", huge("", `{"value":[`, 100<<20, ""),
			[]string{"1 larger than the limit of 33554432 bytes for one row"},
		},
		{
			"pages in pages", huge("", `{"value":[`, 10_000, tiny+strings.Repeat("]}", 1000)),
			[]string{"1 nested deeper than 512 levels"},
		},
		{
			"nesting of 10,000", huge("["+tiny+`,{"name":`, "[", 10_000, strings.Repeat("]", 10_000)+"},"+tiny+"]"),
			[]string{"1 ok", "2 nested deeper than 512 levels", "3 ok"},
		},
		{
			"a quote that never closes", huge("name,content\nc,\"", "x,y\n", 100<<20, ""),
			[]string{"1 the quote at byte 15 is never closed"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := summary(read(t, test.in))
			runtime.ReadMemStats(&after)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			// A buffer that doubles up to the limit allocates at most a few times the limit in all, whatever it is fed.
			if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 200 {
				t.Errorf("allocated %d MiB", n)
			}
		})
	}
}

// FuzzRead: no panic on any input, no error but the sink's, and something is said about every input.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", tiny, "[" + tiny + "]", `{"value":[` + tiny + `],"@odata.nextLink":"x"}`, "name,content\nc,{}\n", `{"activities":[{"type":"message"}]}`,
		`[{"type":"message","text":"x"}]`, "SessionID,SessionOutcome\n1,Resolved\n", "{\n\"a\":[1}", "\xff\xfe[\x00]\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := decode.DefaultLimits()
		lim.RowBytes, lim.Depth = 1<<12, 32
		var got recorder
		if err := detect.Read("in", bytes.NewReader(in), decode.Options{Limits: lim}, &got); err != nil {
			t.Fatal(err)
		}
		header := bytes.Count(bytes.TrimSpace(in), []byte("\n")) == 0 && bytes.ContainsAny(in, ",;\t") // a table of no rows
		if len(got.records)+len(got.rejects)+len(got.warnings) == 0 && !header && bytes.ContainsAny(in, "{[") {
			t.Errorf("nothing became of %q", in)
		}
		for _, rec := range got.records {
			if rec.Session == nil && len(rec.Activities) == 0 || rec.Conversation == "" && rec.Session == nil {
				t.Errorf("record %+v of %q", rec, in)
			}
		}
	})
}

// The speed of the whole way from bytes to records, on the real rows.
func BenchmarkRead(b *testing.B) {
	rows := realRows(b)
	for shape, in := range shapes(b, rows) {
		if shape != "lines" && shape != "OData" && shape != "CSV" {
			continue
		}
		b.Run(shape, func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			b.ReportAllocs()
			for b.Loop() {
				if err := detect.Read("in", bytes.NewReader(in), decode.Options{}, discard{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type discard struct{}

func (discard) Record(*activity.Record) error { return nil }

func (discard) Reject(r decode.Reject) error { return errors.New(r.String()) }

func (discard) Warn(decode.Warning) error { return nil }
