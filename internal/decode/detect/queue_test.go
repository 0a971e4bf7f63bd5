package detect_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
)

// events keeps what a decoder finds in one list, so that the order between records, rejects and warnings shows.
type events []any

func (e *events) Record(r *activity.Record) error { *e = append(*e, r); return nil }
func (e *events) Reject(r decode.Reject) error    { *e = append(*e, r); return nil }
func (e *events) Warn(w decode.Warning) error     { *e = append(*e, w); return nil }

// alike checks that an input is worth the same on one worker and on several.
func alike(t rapid.TB, in []byte, opts decode.Options) int {
	t.Helper()
	var want events
	opts.Workers = 1
	if err := detect.Read("in", bytes.NewReader(in), opts, &want); err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{2, 5} {
		var got events
		opts.Workers = workers
		if err := detect.Read("in", iotest.HalfReader(bytes.NewReader(in)), opts, &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(want, got) {
			diff := cmp.Diff(want, got) // too slow to ask each time
			t.Errorf("%d workers (-one +more):\n%.3000s", workers, diff)
		}
	}
	return len(want)
}

// Rows decoded side by side are told in the order of the input, whatever is wrong with some of them.
func TestWorkersChangeNothing(t *testing.T) {
	for path, in := range fixtures(t) {
		t.Run(path, func(t *testing.T) { alike(t, in, decode.Options{KeepRaw: true}) })
	}
	for name, in := range shapes(t, realRows(t)) {
		t.Run(name, func(t *testing.T) {
			if name == "CSV" {
				header, rows, _ := bytes.Cut(in, []byte("\n"))
				in = slices.Concat(header, []byte("\n"), bytes.Repeat(rows, 12))
			} else {
				in = bytes.Repeat(in, 12)
			}
			if n := alike(t, in, decode.Options{}); n < 130 {
				t.Errorf("%d records", n)
			}
		})
	}
}

// Wherever bytes are lost in the midst of many rows.
func TestWorkersChangeNothingOfDamage(t *testing.T) {
	const row = `{"conversationtranscriptid":"%d","name":"c","content":"{\"activities\":[{\"type\":\"message\",\"text\":\"%d\"}]}"}`
	var lines, list bytes.Buffer
	for i := range 2500 { // three batches as a list
		fmt.Fprintf(&lines, row+"\n", i, i)
		fmt.Fprintf(&list, row+",", i, i)
	}
	shapes := [][]byte{
		lines.Bytes(), slices.Concat([]byte("["), list.Bytes(), []byte("0]")),
		slices.Concat([]byte(`{"value":[`), list.Bytes(), []byte(`0],"@odata.nextLink":"x"}`), lines.Bytes()),
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := bytes.Clone(rapid.SampledFrom(shapes).Draw(rt, "shape"))
		for range rapid.IntRange(1, 20).Draw(rt, "damages") {
			at := rapid.IntRange(0, len(in)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 3).Draw(rt, "damage") {
			case 0:
				in[at] = rapid.SampledFrom([]byte("\"\\{}[],\n\xff")).Draw(rt, "byte")
			case 1:
				in = slices.Delete(in, at, min(len(in), at+rapid.IntRange(1, 1000).Draw(rt, "lost")))
			case 2:
				in = slices.Insert(in, at, []byte("\n{\"value\":[1,{}],\"@odata.nextLink\":\"x\"}\n")...)
			case 3:
				in = slices.Insert(in, at, bytes.Repeat([]byte("7\n"), 1500)...)
			}
			if len(in) == 0 {
				return
			}
		}
		lim := decode.DefaultLimits()
		lim.RowBytes = 100_000
		alike(rt, in, decode.Options{Limits: lim})
	})
}

// Lines of all lengths, some longer than a batch, whole and with damage.
func TestWorkersChangeNothingOfLines(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	var in []byte
	for i := range 300 {
		in = fmt.Appendf(in, `{"conversationtranscriptid":"%d","content":"{\"activities\":[{\"type\":\"message\",\"text\":\"%s\"}]}"}`, i,
			bytes.Repeat([]byte("x"), 1<<random.IntN(17)))
		in = append(in, []string{"\n", "\r\n"}[random.IntN(2)]...)
	}
	long := slices.Concat([]byte(`{"conversationtranscriptid":"long","content":"[]","x":"`), bytes.Repeat([]byte("x"), 1<<20), []byte("\"}\n"))
	whole := slices.Concat(in, in)
	for what, in := range map[string][]byte{
		"whole": whole, "no line end": bytes.TrimSpace(whole), "a long line": slices.Concat(in, long, in), "first a long line": slices.Concat(long, in),
		"an empty line": slices.Concat(in, []byte("\n"), in), "a list behind": slices.Concat(in, []byte("[{}]\n"), in),
		"a space before": slices.Concat([]byte(" \n"), in, []byte(" "), in), "a byte order mark": slices.Concat([]byte("\ufeff"), in, []byte("\ufeff"), in),
	} {
		t.Run(what, func(t *testing.T) {
			if n := alike(t, in, decode.Options{KeepRaw: true}); n < 300 {
				t.Errorf("%d records", n)
			}
			for range 3 {
				in := bytes.Clone(in)
				for range random.IntN(4) {
					in[random.IntN(len(in))] = "\"\\{}[],\n\xff"[random.IntN(9)]
				}
				lim := decode.DefaultLimits()
				lim.RowBytes = 1 << (14 + random.IntN(8))
				alike(t, in, decode.Options{Limits: lim})
			}
		})
	}
}

// A sink that wants to stop is asked no more, its error is returned, and no worker is left behind.
func TestWorkersStop(t *testing.T) {
	in := bytes.Repeat(join(realRows(t), "", "\n", "\n"), 40)
	before := runtime.NumGoroutine()
	for _, after := range []int{0, 1, 100, 250} {
		stop := &stopping{after: after}
		err := detect.Read("in", bytes.NewReader(in), decode.Options{Workers: 3}, stop)
		if !errors.Is(err, errStopping) || stop.asked != after+1 {
			t.Errorf("after %d: %v, asked %d times", after, err, stop.asked)
		}
		for range 1_000_000 { // one that has said that it is done may still be there
			if runtime.NumGoroutine() <= before {
				break
			}
			runtime.Gosched()
		}
		if n := runtime.NumGoroutine(); n > before {
			t.Errorf("%d goroutines, %d before", n, before)
		}
	}
}

var errStopping = errors.New("enough")

type stopping struct{ asked, after int }

func (s *stopping) Record(*activity.Record) error {
	s.asked++
	if s.asked > s.after {
		return errStopping
	}
	return nil
}
func (s *stopping) Reject(decode.Reject) error { return fmt.Errorf("nothing is wrong") }
func (s *stopping) Warn(decode.Warning) error  { return fmt.Errorf("nothing is wrong") }

// What was read before an input failed is told before that.
func TestWorkersAndBrokenInput(t *testing.T) {
	rows := bytes.Repeat(join(realRows(t), "", "\n", "\n"), 30)
	var got events
	in := io.MultiReader(bytes.NewReader(rows), iotest.ErrReader(errors.New("the disk is gone")))
	if err := detect.Read("in", in, decode.Options{Workers: 2}, &got); err != nil {
		t.Fatal(err)
	}
	last, ok := got[len(got)-1].(decode.Reject)
	if len(got) != 331 || !ok || !strings.Contains(last.Reason, "the disk is gone") {
		t.Errorf("%d events, the last one %v", len(got), got[len(got)-1])
	}
}
