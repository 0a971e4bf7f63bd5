package decode

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"
)

// Transcripts are nearly all values that nobody reads, so JSON is walked rather than parsed: Object and Array give out the bytes
// of one member or element after the other, and what is in between is passed over once. The walk is strict about brackets, commas,
// literals and escapes; about control characters inside a string it is not, since they hurt nobody. It does not recurse and
// allocates nothing.

// ErrTruncated says that JSON ends inside a value.
var ErrTruncated = errors.New("truncated: the JSON ends before its brackets are closed")

// maxDepth is what the walk can count, whatever a limit says.
const maxDepth = 1024

// Object iterates over the members of a JSON object: for o.Next() { o.Key, o.Value() }, then o.Err().
type Object struct {
	// Key is unescaped, and a slice of the input where that is possible.
	Key []byte

	walk
}

// Array iterates over the elements of a JSON array: for a.Next() { a.Value() }, then a.Err().
type Array struct{ walk }

// walk is where an iteration stands.
type walk struct {
	b            []byte
	i            int
	level, limit int // brackets around the values, and how many there may be
	more         bool
	ahead        bool // a value starts at i
	err          error
}

// NewObject returns an iterator over the object that b starts with, which stands inside level brackets. limit bounds the nesting.
func NewObject(b []byte, level, limit int) Object {
	var o Object
	o.start(b, '{', level, limit)
	return o
}

// NewArray returns an iterator over the array that b starts with, which stands inside level brackets. limit bounds the nesting.
func NewArray(b []byte, level, limit int) Array {
	var a Array
	a.start(b, '[', level, limit)
	return a
}

func (w *walk) start(b []byte, bracket byte, level, limit int) {
	w.b, w.level, w.limit = b, level+1, min(limit, maxDepth)
	i := SkipSpace(b, 0)
	switch {
	case i >= len(b):
		w.err = ErrTruncated
	case b[i] != bracket:
		w.err = unexpected(b[i:], "expected "+string(bracket))
	case w.level > w.limit:
		w.err = tooDeep(w.limit)
	}
	w.i = i + 1
}

func unexpected(at []byte, what string) error {
	const most = 40
	text := string(at[:min(len(at), most)])
	if len(at) > most {
		text += "…"
	}
	return fmt.Errorf("not valid JSON: %s at %s", what, strings.ToValidUTF8(text, ""))
}

func tooDeep(limit int) error { return fmt.Errorf("nested deeper than %d levels", limit) }

// Err is what ended the iteration before its end.
func (w *walk) Err() error { return w.err }

// End is the index behind the closing bracket, once Next was false without an error.
func (w *walk) End() int { return w.i }

// next goes to the start of the next member or element; false behind the closing bracket.
func (w *walk) next(closing byte) bool {
	if w.ahead {
		w.Value()
	}
	if w.err != nil {
		return false
	}
	w.i = SkipSpace(w.b, w.i)
	comma := w.more && w.i < len(w.b) && w.b[w.i] == ','
	if comma {
		w.i = SkipSpace(w.b, w.i+1)
	}
	switch {
	case w.i >= len(w.b):
		w.err = ErrTruncated
	case w.b[w.i] == closing && !comma:
		w.i++
		return false
	case w.more && !comma:
		w.err = unexpected(w.b[w.i:], "a comma is missing")
	default:
		w.more = true
		return true
	}
	return false
}

// Next goes to the next member.
func (o *Object) Next() bool {
	if o.ahead {
		o.Value()
	}
	if o.more && o.err == nil && o.i+1 < len(o.b) && o.b[o.i] == ',' && o.b[o.i+1] == '"' { // as nearly always, without white space
		from := o.i + 2
		if end := special(o.b, from); end+1 < len(o.b) && o.b[end] == '"' && o.b[end+1] == ':' {
			o.Key, o.i, o.ahead = o.b[from:end], SkipSpace(o.b, end+2), true
			return true
		}
	}
	if !o.next('}') {
		return false
	}
	name, end, err := key(o.b, o.i)
	if err != nil {
		o.err = err
		return false
	}
	o.Key, o.i, o.ahead = name, end, true
	return true
}

// Next goes to the next element.
func (a *Array) Next() bool {
	a.ahead = a.next(']')
	return a.ahead
}

// key reads a key at i and returns the index of its value.
func key(b []byte, i int) ([]byte, int, error) {
	if b[i] != '"' {
		return nil, 0, unexpected(b[i:], "a key was expected")
	}
	end := special(b, i+1) + 1
	if end < len(b) && b[end] == ':' && b[end-1] == '"' { // as nearly always
		return b[i+1 : end-1], SkipSpace(b, end+1), nil
	}
	name := b[i+1 : end-1]
	if end > len(b) || b[end-1] != '"' { // there is an escape in it, or no end
		var err error
		if end, err = skipString(b, i); err != nil {
			return nil, 0, err
		}
		name, _ = Unquote(nil, b[i:end]) // skipString has seen its escapes
	}
	if i = SkipSpace(b, end); i >= len(b) {
		return nil, 0, ErrTruncated
	}
	if b[i] != ':' {
		return nil, 0, unexpected(b[i:], fmt.Sprintf("no value for %q", name))
	}
	return name, SkipSpace(b, i+1), nil
}

// Value is the member's or element's value as written, once after each Next; nil where it is not valid, which Err says.
func (w *walk) Value() []byte {
	if !w.ahead || w.err != nil {
		return nil
	}
	from := w.i
	w.ahead = false
	end, err := SkipValue(w.b, from, w.level, w.limit)
	if err != nil {
		w.err = err
		return nil
	}
	w.i = end
	return w.b[from:end]
}

// Rest is the input from the value on, for whoever finds its end while reading it, and says so with Pass.
func (w *walk) Rest() []byte { return w.b[w.i:] }

// Pass goes over the value, which is the first n bytes of Rest.
func (w *walk) Pass(n int) { w.i, w.ahead = w.i+n, false }

// Level is how many brackets stand around the values.
func (w *walk) Level() int { return w.level }

// SkipSpace is the index of the first byte from i on that is not white space.
func SkipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// SkipValue returns the index behind the value that starts at i and stands inside level brackets.
func SkipValue(b []byte, i, level, limit int) (int, error) {
	if i >= len(b) {
		return 0, ErrTruncated
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i, level, min(limit, maxDepth))
	default:
		return skipLiteral(b, i)
	}
}

// skipNested passes over an object or an array.
func skipNested(b []byte, i, level, limit int) (int, error) {
	var objects [maxDepth/64 + 1]uint64 // by level: whether the bracket is that of an object
	base, closing, opened := level, byte(0), false
	var err error
	for {
		if i = SkipSpace(b, i); i >= len(b) {
			return 0, ErrTruncated
		}
		if !opened || b[i] != closing {
			if closing == '}' {
				if _, i, err = key(b, i); err != nil {
					return 0, err
				}
			}
			switch {
			case i >= len(b):
				return 0, ErrTruncated
			case b[i] == '{', b[i] == '[':
				if level++; level > limit {
					return 0, tooDeep(limit)
				}
				closing, opened = b[i]+2, true // ']' is two behind '[', '}' two behind '{'
				objects[level/64] &^= 1 << (level % 64)
				if closing == '}' {
					objects[level/64] |= 1 << (level % 64)
				}
				i++
				continue
			case b[i] == '"':
				i, err = skipString(b, i)
			default:
				i, err = skipLiteral(b, i)
			}
			if err != nil {
				return 0, err
			}
		}
		opened = false
		// A value has ended: brackets close, or a comma follows.
		for {
			if i = SkipSpace(b, i); i >= len(b) {
				return 0, ErrTruncated
			}
			if b[i] == ',' {
				i++
				break
			}
			if b[i] != closing {
				return 0, unexpected(b[i:], "a comma or "+string(closing)+" was expected")
			}
			i++
			if level--; level == base {
				return i, nil
			}
			closing = ']'
			if objects[level/64]&(1<<(level%64)) != 0 {
				closing = '}'
			}
		}
	}
}

// skipString returns the index behind the quote that closes the string at i.
func skipString(b []byte, i int) (int, error) {
	for i++; ; {
		if i = special(b, i); i >= len(b) {
			return 0, ErrTruncated
		}
		if b[i] == '"' {
			return i + 1, nil
		}
		if i++; i >= len(b) {
			return 0, ErrTruncated
		}
		switch b[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			i++
		case 'u':
			if _, ok := hex4(b[i+1:]); !ok {
				return 0, brokenEscape(b[i-1:])
			}
			i += 5
		default:
			return 0, unexpected(b[i-1:], "an unknown escape")
		}
	}
}

// brokenEscape says what is wrong with a \u escape: its digits, or that there are no more.
func brokenEscape(b []byte) error {
	digits := b[2:min(len(b), 6)]
	for _, c := range digits {
		if !isHex(c) {
			return unexpected(b, `a broken \u escape`)
		}
	}
	return ErrTruncated
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' }

// special is the index of the first quote or backslash from i on, or len(b). Strings are short, too short to be worth a call of
// bytes.IndexByte for each: eight bytes are looked at together.
func special(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		if found := specials(binary.LittleEndian.Uint64(b[i : i+8])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' {
		i++
	}
	return i
}

// specials is 0 where no byte of a word is a quote or a backslash; else its lowest bit that is set is in the first byte that is.
func specials(word uint64) uint64 { return marks(word, '"') | marks(word, '\\') }

// highs are the high bits of the bytes of a word.
const highs = 0x8080808080808080

// marks sets the high bit of each byte of a word that is c. (A byte of x is zero where it is, and subtracting 1 borrows from its high bit.)
// The byte behind one with a mark may have one too, wrongly, where it is c^1.
func marks(word uint64, c byte) uint64 {
	const ones = 0x0101010101010101
	x := word ^ ones*uint64(c)
	return (x - ones) &^ x & highs
}

// skipLiteral passes over a number, true, false or null.
func skipLiteral(b []byte, i int) (int, error) {
	end := i
	for end < len(b) && b[end] >= '0' && b[end] <= '9' {
		end++
	}
	if end > i && end < len(b) && (b[end] == ',' || b[end] == '}') && (b[i] != '0' || end == i+1) { // as nearly always
		return end, nil
	}
	for end < len(b) && !endsLiteral(b[end]) {
		end++
	}
	word := b[i:end]
	switch {
	case len(word) == 0:
		return 0, unexpected(b[i:], "a value was expected")
	case string(word) == "true", string(word) == "false", string(word) == "null", isNumber(word):
		return end, nil
	case end == len(b) && isStart(word):
		return 0, ErrTruncated
	default:
		return 0, unexpected(b[i:], "a value was expected")
	}
}

func endsLiteral(c byte) bool {
	switch c {
	case ',', ':', ']', '}', '[', '{', '"', ' ', '\t', '\r', '\n':
		return true
	default:
		return false
	}
}

// isStart reports whether a word may be the beginning of a literal that the input's end cut off.
func isStart(word []byte) bool {
	for _, known := range []string{"true", "false", "null"} {
		if strings.HasPrefix(known, string(word)) {
			return true
		}
	}
	return isNumber(append(bytes.Clone(word), '0'))
}

func isNumber(word []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(word) && word[i] >= '0' && word[i] <= '9' {
			i++
		}
		return i > from
	}
	if word[0] == '-' {
		i++
	}
	whole := i
	if !digits() || word[whole] == '0' && i > whole+1 {
		return false
	}
	if i < len(word) && word[i] == '.' {
		if i++; !digits() {
			return false
		}
	}
	if i < len(word) && (word[i] == 'e' || word[i] == 'E') {
		if i++; i < len(word) && (word[i] == '+' || word[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(word)
}

// LowerKey writes an object's key into buf in lower case, for a switch over the keys somebody reads; nil for one that is longer than buf,
// and so none of them.
func LowerKey(buf, key []byte) []byte {
	if len(key) > len(buf) {
		return nil
	}
	for i, c := range key {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	return buf[:len(key)]
}
