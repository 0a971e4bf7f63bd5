package detect_test

import (
	"bytes"
	"errors"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
)

// sameAgain checks that an input is worth the same whatever was read before it.
func sameAgain(t rapid.TB, again *detect.Again, in []byte, opts decode.Options) events {
	t.Helper()
	var want, got events
	if err := detect.Read("in", bytes.NewReader(in), opts, &want); err != nil {
		t.Fatal(err)
	}
	shared := bytes.Clone(in)
	if err := again.Read("in", shared, opts, &got); err != nil {
		t.Fatal(err)
	}
	for i := range shared { // nothing that is kept may lie there
		shared[i] = 'x'
	}
	if !reflect.DeepEqual(want, got) {
		diff := cmp.Diff(want, got) // too slow to ask each time
		t.Errorf("(-read +again):\n%.3000s\n%.300q", diff, in)
	}
	return got
}

// kept is what the records of all fixtures and of all shapes of the real rows are kept as, and the fixtures and shapes themselves.
func kept(t testing.TB) [][]byte {
	t.Helper()
	var inputs, all [][]byte
	for _, in := range fixtures(t) {
		inputs = append(inputs, in)
	}
	rows := realRows(t)
	for _, in := range shapes(t, rows) {
		inputs = append(inputs, in, packings["UTF-16"](t, in))
	}
	inputs = append(inputs, bytes.ReplaceAll(join(rows, "[\n", ",\n", "\n]"), []byte(`,"`), []byte(",\n\"")))
	for _, row := range rows {
		inputs = append(inputs, row)
	}
	for _, in := range inputs {
		all = append(all, in)
		for _, rec := range readWith(t, in, decode.Options{KeepRaw: true}).records {
			raw, err := decode.Unpack(nil, rec.Raw)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, raw)
		}
	}
	slices.SortFunc(all, bytes.Compare)
	return slices.CompactFunc(all, bytes.Equal)
}

func TestAgainIsRead(t *testing.T) {
	var again detect.Again
	for _, opts := range []decode.Options{{Workers: 1}, {Bot: activity.Bot{ID: "b", Name: "B"}, KeepRaw: true}} {
		for _, in := range kept(t) {
			sameAgain(t, &again, in, opts)
		}
	}
}

// What looks like one row and is not, or only to one of the two ways.
func TestAgainIsReadAtTheEdges(t *testing.T) {
	large := func(n int) string { return strings.Repeat("x", n) }
	row := func(before string) string { return "{" + before + tiny[1:] }
	list := func(in string) string { return "[" + in + "]" }
	var again detect.Again
	for _, in := range []string{
		"", "[", "]", "[]", "{", "{}", "[{", "[{}", "[{}]", "{\x00", "[{\x00]",
		tiny, " " + tiny, tiny + " \r", tiny + "\n", tiny + ",", tiny + "x", tiny + tiny, tiny + "\n" + tiny,
		list(tiny), list(tiny + "\n"), list(tiny + ","), list(tiny + "," + tiny), list(tiny) + " ", list(list(tiny)), list(" " + tiny),
		tiny[:len(tiny)-1], list(tiny[:len(tiny)-1]), tiny[1:], "\ufeff" + tiny, row(`"a":"` + "\n" + `",`), list(row(`"a":"` + "\n" + `",`)),
		row("\n"), list(row("\n")), row(`"a":"` + "\xff" + `",`), row(`"a":"` + "\t" + `",`), row(`"name":"a","metadata":"{",`),
		row(`"versionnumber":"?",`),
		strings.Replace(tiny, "message", "", 1), `{"name":"c","metadata":"{}"}`, `{"name":"c","content":""}`, `{"name":"c","content":3}`,
		`{"conversationtranscriptid":"c"}`, `{"content":{"activities":[]},"name":"c"}`, `{"activities":[]}`, `{"value":[` + tiny + `]}`,
		`{"type":"message","text":"x"}`, row(`"type":"message","text":"x",`), row(`"type":"message","text":"x","conversationtranscriptid":"c",`),
		row(`"botid":"x","schemaname":"y","conversationtranscriptid":"c",`),
		row(`"a":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + ","), row(`"a":` + strings.Repeat("[", 512) + strings.Repeat("]", 512) + ","),
		// What is recognised by its beginning may be something else as a whole.
		row(`"type":"message","text":"x","a":"` + large(70_000) + `","conversationtranscriptid":"c",`), row(`"a":"` + large(70_000) + `",`),
		row(`"botid":"x","schemaname":"y","name":"z","a":"` + large(70_000) + `","conversationtranscriptid":"c",`),
		row(`"conversationtranscriptid":"c","a":"` + large(2<<20) + `",`),
	} {
		for _, in := range []string{in, list(in)} {
			for _, opts := range []decode.Options{{KeepRaw: true}, {Bot: activity.Bot{Schema: "b"}}} {
				sameAgain(t, &again, []byte(in), opts)
			}
		}
	}
	// Where the beginning ends, to the byte.
	for n := 64<<10 - 12; n < 64<<10+8; n++ {
		in := row(`"type":"message","text":"` + large(n-50) + `","conversationtranscriptid":"c",`)
		sameAgain(t, &again, []byte(in), decode.Options{})
		sameAgain(t, &again, []byte(list(in)), decode.Options{})
	}
}

// Wherever bytes are lost, and whatever the limits.
func TestAgainIsReadOfDamage(t *testing.T) {
	all := kept(t)
	rows := slices.DeleteFunc(slices.Clone(all), func(in []byte) bool {
		return len(in) > 100_000 || !bytes.Contains(in[:min(len(in), 200)], []byte("odata.etag"))
	})
	if len(rows) < 11 {
		t.Fatalf("%d rows", len(rows))
	}
	var again detect.Again
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SampledFrom(rows).Draw(rt, "row")
		if rapid.IntRange(0, 9).Draw(rt, "whether any") == 0 {
			in = rapid.SampledFrom(all).Draw(rt, "any")
		}
		in = bytes.Clone(in)
		for range rapid.IntRange(0, 3).Draw(rt, "damages") {
			if len(in) == 0 {
				break
			}
			at := rapid.IntRange(0, len(in)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 3).Draw(rt, "damage") {
			case 0:
				in[at] = rapid.Byte().Draw(rt, "byte")
			case 1:
				in[at] = rapid.SampledFrom([]byte("\"\\{}[],:\n \x00")).Draw(rt, "token")
			case 2:
				in = slices.Delete(in, at, min(len(in), at+rapid.IntRange(1, 300).Draw(rt, "lost")))
			case 3:
				in = slices.Insert(in, at, []byte(rapid.SampledFrom([]string{"\n", "[", "]", tiny, `\"`, "\ufeff", "null"}).Draw(rt, "more"))...)
			}
		}
		opts := decode.Options{KeepRaw: rapid.Bool().Draw(rt, "keep")}
		if rapid.Bool().Draw(rt, "given") {
			opts.Bot = activity.Bot{ID: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "bot")}
		}
		if rapid.Bool().Draw(rt, "limited") {
			opts.Limits = decode.DefaultLimits()
			opts.Limits.RowBytes = rapid.Int64Range(0, 50_000).Draw(rt, "row bytes")
			opts.Limits.RecordBytes = rapid.SampledFrom([]int64{0, 1000, 10_000, 20_000, 1 << 20, 8 << 20}).Draw(rt, "record bytes")
			opts.Limits.Depth = rapid.SampledFrom([]int{1, 2, 4, 5, 6, 7, 512}).Draw(rt, "depth")
			opts.Limits.Activities = rapid.IntRange(1, 30).Draw(rt, "activities")
			opts.Limits.RejectBytes = rapid.IntRange(0, 2000).Draw(rt, "reject bytes")
			opts.Limits.MinYear = rapid.SampledFrom([]int{2000, 2022}).Draw(rt, "year")
		}
		sameAgain(rt, &again, in, opts)
	})
}

// What a decoder holds since the rows before moves no row across the limit of a record.
func TestAgainCountsAsRead(t *testing.T) {
	var again detect.Again
	opts := decode.Options{Limits: decode.DefaultLimits()}
	content := func(activities string) []byte {
		return []byte(`{"name":"c","content":{"activities":[` + activities + `]}}`)
	}
	dense := content(strings.Repeat(`{"type":"a"},`, 9) + `{"type":"a","name":"` + strings.Repeat("n", 200) + `"}`)
	for _, row := range append(realRows(t)[:3], dense) {
		for opts.Limits.RecordBytes = 0; ; opts.Limits.RecordBytes += 50 {
			sameAgain(t, &again, row, opts)
			if got := sameAgain(t, &again, row, opts); len(got) == 1 && reflect.TypeOf(got[0]) == reflect.TypeFor[*activity.Record]() {
				break
			}
		}
	}
	// The costliest there are, at the limit from which on they are read by what holds words.
	for _, activities := range []string{
		strings.Repeat(`{"type":"a"},`, 5000) + `{"type":"a"}`,
		strings.Repeat(`{"name":"a","id":"b"},`, 5000) + `{"type":"a"}`,
		`{"type":"trace","valueType":"DialogTracingInfo","value":{"actions":[` + strings.Repeat(`{},`, 4000) + `{}]}}`,
		strings.Repeat(`{"type":"trace","valueType":"DialogTracingInfo","value":[{},{},{},{}]},`, 1000) + `{"type":"a"}`,
		strings.Repeat(`{"type":"trace","valueType":"DynamicPlanReceived","value":{"steps":[1,2,3,4]}},`, 1000) + `{"type":"a"}`,
	} {
		row := content(activities)
		opts.Limits.RecordBytes = 64 * int64(len(row))
		for range 2 {
			if got := readWith(t, row, opts); len(got.records) != 1 {
				t.Errorf("%.100s: %.200v", activities, got.rejects)
			}
			sameAgain(t, &again, row, opts)
		}
	}
}

// The real rows take the short way, which allocates little but what is kept.
func TestAgainIsShort(t *testing.T) {
	var again detect.Again
	row := realRows(t)[0]
	for _, in := range [][]byte{row, slices.Concat([]byte("["), row, []byte("]"))} {
		read := func() {
			if err := again.Read("in", in, decode.Options{}, discard{}); err != nil {
				t.Fatal(err)
			}
		}
		read()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 100 {
			read()
		}
		runtime.ReadMemStats(&after)
		if n := (after.TotalAlloc - before.TotalAlloc) / 100; n > 30_000 {
			t.Errorf("allocates %d bytes for a row of %d", n, len(in))
		}
	}
}

func TestAgainStops(t *testing.T) {
	var again detect.Again
	for _, in := range []string{"", tiny, "[" + tiny + "]", `{"value":[` + tiny + `]}`, strings.Replace(tiny, "message", "", 1), "name,content\nc,x"} {
		if err := again.Read("in", []byte(in), decode.Options{}, &full{}); !errors.Is(err, errFull) {
			t.Errorf("%q: got %v", in, err)
		}
	}
}

// FuzzAgain: on any input it is Read.
func FuzzAgain(f *testing.F) {
	for _, seed := range []string{
		"", tiny, "[" + tiny + "]", tiny + "\n", `{"value":[` + tiny + `]}`, "[{\n\"a\":\"\n\"," + tiny[1:] + "]",
		`{"conversationtranscriptid":"c","content":{"activities":[]}}`, `{"name":"c","metadata":"{}"}`,
		"name,content\nc,{}\n", `{"activities":[{"type":"message"}]}`, `[{"type":"message","text":"x"}]`, "{\x00",
	} {
		f.Add([]byte(seed))
	}
	lim := decode.DefaultLimits()
	lim.RowBytes, lim.Depth, lim.RecordBytes = 1<<12, 32, 1<<16
	f.Fuzz(func(t *testing.T, in []byte) {
		var again detect.Again
		sameAgain(t, &again, []byte(tiny), decode.Options{})
		sameAgain(t, &again, in, decode.Options{})
		sameAgain(t, &again, in, decode.Options{KeepRaw: true, Bot: activity.Bot{ID: "b"}})
		sameAgain(t, &again, in, decode.Options{Limits: lim})
		sameAgain(t, &again, in, decode.Options{Limits: lim})
	})
}
