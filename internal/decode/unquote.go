package decode

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote appends to dst what a JSON string says. raw is valid UTF-8 and has its quotes. Half a surrogate pair becomes U+FFFD,
// as encoding/json has it.
func Unquote(dst, raw []byte) ([]byte, error) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return dst, errors.New("a string without its quotes")
	}
	s := raw[1 : len(raw)-1]
	if dst = slices.Grow(dst, len(s)); bytes.IndexByte(s, '\\') < 0 {
		return append(dst, s...), nil
	}
	for {
		i := special(s, 0)
		for i < len(s) && s[i] == '"' { // which the caller has passed over
			i = special(s, i+1)
		}
		dst = append(dst, s[:i]...)
		if i == len(s) {
			return dst, nil
		}
		if i+1 == len(s) {
			return dst, errors.New("a string that ends in a backslash")
		}
		c := s[i+1]
		s = s[i+2:]
		switch c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'u':
			r, n := codePoint(s)
			if n == 0 {
				return dst, errors.New(`a string with a broken \u escape`)
			}
			dst = utf8.AppendRune(dst, r)
			s = s[n:]
		default:
			return dst, fmt.Errorf("a string with an unknown escape: %q", c)
		}
	}
}

// codePoint reads what follows \u, and the second half of a surrogate pair where there is one. It returns the bytes it took.
func codePoint(s []byte) (rune, int) {
	r, ok := hex4(s)
	if !ok {
		return 0, 0
	}
	if !utf16.IsSurrogate(r) {
		return r, 4
	}
	if len(s) >= 10 && s[4] == '\\' && s[5] == 'u' {
		if low, ok := hex4(s[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 10
			}
		}
	}
	return utf8.RuneError, 4
}

func hex4(s []byte) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range s[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
