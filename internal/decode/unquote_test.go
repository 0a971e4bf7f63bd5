package decode_test

import (
	"bytes"
	stdjson "encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/internal/decode"
)

// FuzzUnquote holds the unescaping against the standard library's.
func FuzzUnquote(f *testing.F) {
	for _, seed := range []string{
		`""`, `"a\"b\\c\/\n\r\t\b\f"`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`, `"\ude00x"`, `"\u12"`, `"\"`,
		`"{\"a\":\"\",\"b\":\"x\"}"`, `"abcdefg\"hijklm\\\"n"`, `"abc\"#\"##d"`, `"abcd\]efgh"`,
		`"` + strings.Repeat(`{\"a\":\"b\",\"c\":\"é\"}`, 8) + `\n` + strings.Repeat(`\"`, 80) + `"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || len(raw) == 0 || raw[0] != '"' {
			return // rows are checked for both before
		}
		var want string
		if stdjson.Unmarshal(raw, &want) != nil {
			_, _ = decode.Unquote(nil, raw)
			// The two ways to pass over a string agree on what is wrong with it.
			_, n, _, err := decode.TakeString(nil, raw)
			end, wrong := decode.SkipValue(raw, 0, 0, 1)
			if (err == nil) != (wrong == nil) || n != end {
				t.Errorf("%q: up to %d, %v, or up to %d, %v", raw, n, err, end, wrong)
			}
			return
		}
		raw = bytes.TrimSpace(raw)
		got, err := decode.Unquote(nil, raw)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, want)
		}
		// In one pass, with something behind it, it is worth the same.
		got, n, ascii, err := decode.TakeString([]byte("before"), append(raw, `,"x\"`...))
		if ascii && slices.ContainsFunc(raw, func(c byte) bool { return c >= utf8.RuneSelf }) {
			t.Errorf("%s is not ASCII", raw)
		}
		if err != nil || string(got) != "before"+want || n != len(raw) {
			t.Errorf("%s: %q up to %d, %v, want %q", raw, got, n, err, want)
		}
	})
}

// Escapes, and what might be taken for them, at every place of a word and across two: as the standard library has it.
func TestUnquoteAnywhere(t *testing.T) {
	pieces := []string{`\"`, `\\`, `\n`, `\u0027`, `\`, `"`, `#`, `]`, `é`, `a`, `bcd`, `efghij`}
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		raw := []byte(`"`)
		most := 12
		if random.IntN(10) == 0 {
			most = 100 // so that there are blocks
		}
		for range random.IntN(most) {
			n := len(pieces)
			if random.IntN(8) > 0 {
				n = 1 + random.IntN(2)*3 // mostly what is valid
			}
			raw = append(raw, pieces[random.IntN(n)]...)
			raw = append(raw, pieces[len(pieces)-1-random.IntN(6)]...)
		}
		raw = append(raw, `"`...)
		var want string
		valid := stdjson.Unmarshal(raw, &want) == nil
		got, err := decode.Unquote(nil, raw)
		if valid && (err != nil || string(got) != want) {
			t.Fatalf("%s: %q, %v, want %q", raw, got, err, want)
		}
		got, n, ascii, err := decode.TakeString(nil, raw)
		if n > 0 && ascii == slices.ContainsFunc(raw[:n], func(c byte) bool { return c >= utf8.RuneSelf }) && n == len(raw) {
			t.Fatalf("%s: ASCII %v", raw, ascii)
		}
		end, wrong := decode.SkipValue(raw, 0, 0, 1)
		if (err == nil) != (wrong == nil) || n != end || valid && (n != len(raw) || string(got) != want) {
			t.Fatalf("%s: %q up to %d, %v, or up to %d, %v", raw, got, n, err, end, wrong)
		}
	}
}

// BenchmarkTakeString takes content out of a row.
func BenchmarkTakeString(b *testing.B) {
	const one = `{"id":"3","type":"message","timestamp":1690000000,"from":{"id":"8cf3","role":1},"channelId":"directline","text":"What's new?\n"},`
	row, err := stdjson.Marshal("[" + strings.Repeat(one, 100) + "]")
	if err != nil {
		b.Fatal(err)
	}
	row = append(row, `,"name":"x"}`...)
	var plain []byte
	b.SetBytes(int64(len(row)))
	for b.Loop() {
		if plain, _, _, err = decode.TakeString(plain[:0], row); err != nil {
			b.Fatal(err)
		}
	}
}
