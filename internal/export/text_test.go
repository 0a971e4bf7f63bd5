package export

import (
	"testing"

	"pgregory.net/rapid"

	"rapport/internal/wire"
)

// The quick way to write a string says the same as the one that every other output goes.
func TestAppendText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
			rapid.StringOf(rapid.SampledFrom([]rune("a\"\\\n\r\t\b\f\x00\x1b\x7f\u0085é日\u2028\u202e\ufeff😀\ufffd<>&")))).Draw(t, "s")
		want, err := wire.Append(nil, s)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendText(nil, s)); got != string(want) {
			t.Fatalf("%q: %s, want %s", s, got, want)
		}
	})
}
