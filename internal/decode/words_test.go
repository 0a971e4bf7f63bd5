package decode

import (
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// TestWords: a word is what was read, however many came before it, and the same string as long as nothing takes its place.
func TestWords(t *testing.T) {
	read := func(raw []byte) string {
		text, err := Unquote(nil, raw)
		if err != nil {
			return string(raw) // no string
		}
		return string(text)
	}
	w := NewWords(512)
	for range 3 {
		for i := range 2000 {
			if s, _ := w.Of(fmt.Appendf(nil, `"word %d"`, i), read); s != fmt.Sprintf("word %d", i) {
				t.Fatalf("word %d is %q", i, s)
			}
		}
	}
	if len(w.held) != 512 {
		t.Errorf("%d places, want 512", len(w.held))
	}
	long := strings.Repeat("x", longWord)
	for raw, want := range map[string]string{``: ``, `1`: `1`, `true`: `true`, `""`: ``, `"a"`: `a`, `"\u0061b"`: `ab`, `"a\"b"`: `a"b`, `"` + long + `"`: long} {
		once, isNew := w.Of([]byte(raw), read)
		again, isNewAgain := w.Of([]byte(raw), read)
		held := raw == `"a"`
		if once != want || again != want || !isNew || isNewAgain == held || held && unsafe.StringData(once) != unsafe.StringData(again) {
			t.Errorf("%s is %q, new %t, then %q, new %t", raw, once, isNew, again, isNewAgain)
		}
	}
}
