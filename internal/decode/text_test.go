package decode_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"rapport/internal/decode"
)

func TestText(t *testing.T) {
	const text = `[{"text":"añ€😀"}]`
	encodings := map[string]encoding.Encoding{
		"UTF-8":                  encoding.Nop,
		"UTF-8 with mark":        unicode.UTF8BOM,
		"UTF-16 LE with mark":    unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
		"UTF-16 BE with mark":    unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 LE without mark": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
		"UTF-16 BE without mark": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	for name, enc := range encodings {
		t.Run(name, func(t *testing.T) {
			in, err := enc.NewEncoder().String(text)
			if err != nil {
				t.Fatal(err)
			}
			r, err := decode.Text(iotest.OneByteReader(strings.NewReader(in)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != text {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestTextOfLittleOrNothing(t *testing.T) {
	for _, in := range []string{"", "1", "{}"} {
		r, err := decode.Text(strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != in {
			t.Errorf("got %q, %v, want %q", got, err, in)
		}
	}
}

func TestTextPassesTheReadersError(t *testing.T) {
	broken := errors.New("disk on fire")
	if _, err := decode.Text(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}
