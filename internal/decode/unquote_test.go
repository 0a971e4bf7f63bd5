package decode_test

import (
	"bytes"
	stdjson "encoding/json"
	"testing"
	"unicode/utf8"

	"rapport/internal/decode"
)

// FuzzUnquote holds the unescaping against the standard library's.
func FuzzUnquote(f *testing.F) {
	for _, seed := range []string{`""`, `"a\"b\\c\/\n\r\t\b\f"`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`, `"\ude00x"`, `"\u12"`, `"\"`} {
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
			_, n, err := decode.TakeString(nil, raw)
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
		got, n, err := decode.TakeString([]byte("before"), append(raw, `,"x\"`...))
		if err != nil || string(got) != "before"+want || n != len(raw) {
			t.Errorf("%s: %q up to %d, %v, want %q", raw, got, n, err, want)
		}
	})
}
