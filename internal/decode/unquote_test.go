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
			return
		}
		got, err := decode.Unquote(nil, bytes.TrimSpace(raw))
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, want)
		}
	})
}
