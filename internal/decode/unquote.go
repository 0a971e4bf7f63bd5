package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// Unquote appends to dst what a JSON string says. raw is valid UTF-8 and has its quotes; quotes inside it stand for themselves. Half a
// surrogate pair becomes U+FFFD, as encoding/json has it.
func Unquote(dst, raw []byte) ([]byte, error) {
	if len(raw) < 2 || raw[0] != '"' || raw[len(raw)-1] != '"' {
		return dst, errors.New("a string without its quotes")
	}
	s := raw[1 : len(raw)-1]
	if dst = slices.Grow(dst, len(s)+slack); bytes.IndexByte(s, '\\') < 0 {
		return append(dst, s...), nil
	}
	for {
		n, at, _ := unescape(dst[len(dst):cap(dst)], s)
		dst, s = dst[:len(dst)+n], s[at:]
		switch {
		case len(s) == 0:
			return dst, nil
		case s[0] == '"':
			dst, s = append(dst, '"'), s[1:]
		case len(s) == 1:
			return dst, errors.New("a string that ends in a backslash")
		case s[1] == 'u':
			return dst, errors.New(`a string with a broken \u escape`)
		default:
			return dst, fmt.Errorf("a string with an unknown escape: %q", s[1])
		}
	}
}

// TakeString appends to dst what the JSON string that b starts with says, and returns the index behind its closing quote: it is
// SkipValue and Unquote in one pass, for a string that is most of b. ascii says that the string is written in ASCII alone, so that nobody need
// look whether it is valid UTF-8; it may say no of one that is.
func TakeString(dst, b []byte) (_ []byte, end int, ascii bool, err error) {
	dst = slices.Grow(dst, len(b)+slack)
	n, at, seen := unescape(dst[len(dst):cap(dst)], b[1:])
	if end := 1 + at; end < len(b) && b[end] == '"' {
		return dst[:len(dst)+n], end + 1, seen&highs == 0, nil
	}
	_, err = skipString(b, 0) // which says what is wrong
	return dst, 0, false, err
}

// slack is how much more room than its input unescape needs: it writes whole words.
const slack = 8

// escapes is what the character behind a backslash stands for; 0 for u, and for those that may not stand there.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape writes what s says to dst, up to the first quote, to an escape that cannot be read, or to the end of s. It returns how much it
// wrote, where it came to, and the bits that are set in any of the bytes, perhaps of some behind them too.
//
// In content, which is JSON in a string, there is an escape every few bytes, nearly always \", so that blocks and words of eight bytes with no
// other are taken whole: where the escapes are in them is not branched on, since no processor could guess it. Both kinds of marks are right
// where they agree: a wrong one would be on ] behind a backslash, or on # behind a quote.
func unescape(dst, s []byte) (n, at int, seen uint64) {
	_ = dst[:len(s)+slack]
	for {
		wrote, read, split, high := unescapeBlocks(dst[n:], s[at:])
		n, at = n+wrote, at+read
		split <<= 7 // the mark that the first byte of the word has where the one before it was a backslash
		if high != 0 {
			seen |= highs
		}
		for at+8 <= len(s) {
			w := binary.LittleEndian.Uint64(s[at : at+8])
			seen |= w
			slashes := marks(w, '\\')
			if marks(w, '"') != slashes<<8|split { // something else is escaped, or a quote is not
				break
			}
			split = slashes >> 63 << 7
			escaped := bits.OnesCount64(slashes)
			w, slashes = drop(w, slashes)
			w, slashes = drop(w, slashes)
			if slashes != 0 {
				w, slashes = drop(w, slashes)
				w, _ = drop(w, slashes)
			}
			binary.LittleEndian.PutUint64(dst[n:n+8], w)
			n, at = n+8-escaped, at+8
		}
		if split != 0 {
			at-- // the backslash is not yet dealt with
		}
		if at >= len(s) {
			return n, at, seen
		}
		if at+8 <= len(s) {
			w := binary.LittleEndian.Uint64(s[at : at+8])
			seen |= w
			binary.LittleEndian.PutUint64(dst[n:n+8], w)
			found := bits.TrailingZeros64(specials(w)) / 8
			n, at = n+found, at+found
			if found == 8 {
				continue
			}
		}
		switch c := s[at]; {
		case c == '"':
			return n, at, seen
		case c != '\\':
			dst[n] = c
			seen |= uint64(c)
			n, at = n+1, at+1
			continue
		case at+1 == len(s):
			return n, at, seen
		}
		if c := escapes[s[at+1]]; c != 0 {
			dst[n] = c
			n, at = n+1, at+2
			continue
		}
		if s[at+1] != 'u' {
			return n, at, seen
		}
		r, taken := codePoint(s[at+2:])
		if taken == 0 {
			return n, at, seen
		}
		n += utf8.EncodeRune(dst[n:], r)
		at += 2 + taken
	}
}

// drop takes the lowest byte with a mark out of a word, and its mark out of the marks; without marks it changes nothing.
func drop(word, marks uint64) (uint64, uint64) {
	lowest := marks & -marks
	below := lowest>>7 - 1 // the bits of the bytes before it
	return word&below | word>>8&^below, (marks ^ lowest) >> 8
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
