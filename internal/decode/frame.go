package decode

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// Elements iterates over the elements of one JSON array, or over a sequence of JSON values separated by white space
// (JSON Lines, concatenated). It looks at punctuation only: what an element says, and whether it is valid JSON inside, is for
// whoever reads it. Elements are cut iteratively and never held beyond Limits.RowBytes, so neither depth nor size can hurt.
//
// It finds its way on after damage where there is one. In a sequence a raw newline inside a string ends a broken line, and so
// does a newline before '{' where no object can stand. In an array an element ends where its brackets do; a closing bracket of
// the wrong kind closes the nearest opening one of its own kind.
type Elements struct {
	r      *bufio.Reader
	lim    Limits
	offset int64
	index  int
	mode   mode
	array  bool
	// lines is true while every value of a sequence stood on a line of its own.
	lines bool
	buf   []byte
	stack []byte
}

type mode uint8

const (
	modeStart mode = iota
	modeArray
	modeSequence
	modeEnd
)

// Element is one element of an array or of a sequence.
type Element struct {
	// Raw is the element's bytes, valid until the next call; nil when Err is set and the element was too large to hold.
	Raw []byte
	// Index counts from 0.
	Index int
	// Offset is the byte offset of the element's first byte.
	Offset int64
	// Err is why this one cannot be used: too large, too deep, truncated, not JSON punctuation, invalid UTF-8. The next call
	// goes on behind it where a way on can be found.
	Err error
}

// NewElements returns an iterator. The reader stands before '[' or before the first value; offset is the count of bytes
// already consumed. The zero Limits mean DefaultLimits.
func NewElements(r *bufio.Reader, lim Limits, offset int64) *Elements {
	return &Elements{r: r, lim: lim.OrDefault(), offset: offset, lines: true}
}

// Resume returns an iterator over the rest of a sequence, from its element with that index on, all of which stood on lines of their own so
// far. The reader stands at that element; offset is the count of bytes before it.
func Resume(r *bufio.Reader, lim Limits, offset int64, index int) *Elements {
	e := NewElements(r, lim, offset)
	e.mode, e.index = modeSequence, index
	return e
}

// AtObject reports whether what comes next is an object of a sequence. Nothing is consumed but what stands before it.
func (e *Elements) AtObject() bool {
	c, err := e.seek() // the next call will meet the error again
	return err == nil && c == '{' && e.mode == modeSequence
}

// Offset is the count of bytes consumed. After Next returned io.EOF for an array the reader stands right behind its ']'.
func (e *Elements) Offset() int64 { return e.offset }

// Array reports whether the elements are those of an array; known after the first call of Next.
func (e *Elements) Array() bool { return e.array }

// Next returns the next element, or io.EOF behind the last one. Any other error is the reader's and ends the iteration.
func (e *Elements) Next() (Element, error) {
	c, err := e.seek()
	if err != nil {
		if errors.Is(err, io.EOF) && e.mode == modeArray {
			e.mode = modeEnd
			return e.element(e.offset, nil, errors.New("truncated: the input ends before the array is closed")), nil
		}
		e.mode = modeEnd
		return Element{}, err
	}
	return e.read(c)
}

// seek skips what may stand between elements and returns the first byte of the next one without consuming it.
func (e *Elements) seek() (byte, error) {
	if e.mode == modeEnd {
		return 0, io.EOF
	}
search:
	for {
		window, err := e.window()
		if err != nil {
			return 0, err
		}
		for i, c := range window {
			switch {
			case isSpace(c), c == ',' && e.mode != modeStart, c == recordSeparator:
				continue
			case c == '[' && e.mode == modeStart:
				e.mode, e.array = modeArray, true
				continue
			case c == byteOrderMark[0] && e.mode != modeArray:
				e.consume(i)
				if mark, _ := e.r.Peek(len(byteOrderMark)); string(mark) != byteOrderMark {
					return e.first(c), nil
				}
				e.consume(len(byteOrderMark))
				continue search
			case c == ']' && e.mode == modeArray:
				e.consume(i + 1)
				e.mode = modeEnd
				return 0, io.EOF
			}
			e.consume(i)
			return e.first(c), nil
		}
		e.consume(len(window))
	}
}

// first notes that an element starts, with c.
func (e *Elements) first(c byte) byte {
	if e.mode == modeStart {
		e.mode = modeSequence
	}
	return c
}

// byteOrderMark may stand before any value of a sequence: people put files together that each start with one.
const byteOrderMark = "\xef\xbb\xbf"

// recordSeparator stands before each value of a JSON text sequence (RFC 7464).
const recordSeparator = 0x1e

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// window is what the buffer holds, at least one byte.
func (e *Elements) window() ([]byte, error) {
	if e.r.Buffered() == 0 {
		if _, err := e.r.Peek(1); err != nil {
			return nil, err
		}
	}
	return e.r.Peek(e.r.Buffered())
}

func (e *Elements) consume(n int) {
	_, _ = e.r.Discard(n) // n is never more than what is buffered, so it cannot fail
	e.offset += int64(n)
}

// read cuts the element that starts with c.
func (e *Elements) read(c byte) (Element, error) {
	e.buf, e.stack = e.buf[:0], e.stack[:0]
	start := e.offset
	s := scanner{Elements: e}
	switch c {
	case '{', '[', '"':
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 't', 'f', 'n':
		s.state = inLiteral
	default:
		s.state = inGarbage
		s.err = fmt.Errorf("not JSON: it starts with %q", rune(c))
	}
	for !s.done {
		window, err := e.window()
		if errors.Is(err, io.EOF) {
			if s.array || s.state != inLiteral && s.state != inGarbage {
				s.fail(errors.New("truncated: the input ends inside it"))
			}
			e.mode = modeEnd
			break
		}
		if err != nil {
			e.mode = modeEnd
			return Element{}, err
		}
		n := s.scan(window)
		if !s.large {
			if int64(len(e.buf)+n) > e.lim.RowBytes {
				s.large = true
				e.buf = e.buf[:0]
			} else {
				e.buf = append(e.buf, window[:n]...)
			}
		}
		e.consume(n)
	}
	if s.err == nil && s.wrapped {
		e.lines = false
	}
	if s.large {
		return e.element(start, nil, fmt.Errorf("larger than the limit of %d bytes for one row", e.lim.RowBytes)), nil
	}
	if at := InvalidUTF8(e.buf); at >= 0 && s.err == nil {
		s.err = fmt.Errorf("invalid UTF-8 at byte %d", start+int64(at))
	}
	return e.element(start, e.buf, s.err), nil
}

func (e *Elements) element(offset int64, raw []byte, err error) Element {
	e.index++
	return Element{Raw: raw, Index: e.index - 1, Offset: offset, Err: err}
}

// InvalidUTF8 is the index of the first byte that is not valid UTF-8; -1 when all is.
func InvalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	i := 0
	for {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
}

// scanner finds the end of one element, window by window.
type scanner struct {
	*Elements
	state state
	over  int // levels below Limits.Depth, whose brackets are counted but not kept
	done  bool
	large bool
	err   error
	// newline is true when the element may turn out to be a broken line: the last byte of the window before was a newline.
	newline bool
	wrapped bool // there was a newline between its tokens
	line    int  // where the window's next newline is, or its end; only looked for in strings, and only behind the last one found
	last    byte // the last byte that is not white space, outside strings
}

type state uint8

const (
	between   state = iota // between tokens, inside brackets or before the first token
	inString               // between its quotes
	inEscape               // behind a backslash in a string
	inLiteral              // a number, true, false, null as the whole element
	inGarbage              // something that is not JSON, as the whole element
)

// fail keeps the first reason.
func (s *scanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// scan returns how many bytes of the window belong to the element, and sets done when it ends there.
func (s *scanner) scan(window []byte) int {
	i := 0
	s.line = -1
	for i < len(window) {
		switch s.state {
		case inString:
			i = s.text(window, i)
		case inEscape:
			s.state = inString
			if window[i] != '\n' || s.mode != modeSequence { // else it is a broken line, and ends here
				i++
			}
		case between:
			i = s.structure(window, i)
		default:
			i = s.flat(window, i)
		}
		if s.done {
			break
		}
	}
	return i
}

// text goes on inside a string, up to its end.
func (s *scanner) text(window []byte, i int) int {
	if s.mode == modeSequence {
		// In a sequence a string ends with its line at the latest.
		if s.line < i {
			s.line = len(window)
			if n := bytes.IndexByte(window[i:], '\n'); n >= 0 {
				s.line = i + n
			}
		}
		if i = s.string(window[:s.line], i); i == s.line && s.line < len(window) && s.state != between {
			s.fail(errors.New("broken line: it ends inside a string"))
			s.done = true
		}
		return i
	}
	return s.string(window, i)
}

// string goes on inside a string, up to its end or that of b.
func (s *scanner) string(b []byte, i int) int {
	for {
		if i = special(b, i); i == len(b) {
			return i
		}
		if b[i] == '"' {
			s.state = between
			s.last = '"'
			s.done = s.depth() == 0
			return i + 1
		}
		if i += 2; i > len(b) {
			s.state = inEscape
			return len(b)
		}
	}
}

// structure goes on between tokens, up to the next string or the end of the element.
func (s *scanner) structure(window []byte, i int) int {
	for ; i < len(window); i++ {
		c := window[i]
		if s.newline {
			if s.newline = false; c == '{' && s.broken() {
				s.fail(errors.New("broken line: it ends before its brackets are closed"))
				s.done = true
				return i
			}
		}
		switch c {
		case '"':
			s.state = inString
			return i + 1
		case '{', '[':
			s.open(c)
		case '}', ']':
			if s.close(c); s.depth() == 0 {
				s.done = true
				return i + 1
			}
		case '\n':
			s.newline = s.mode == modeSequence
			s.wrapped = true
			continue
		case ' ', '\t', '\r':
			continue
		}
		s.last = c
	}
	return i
}

// broken says whether an object that starts a line cannot belong to the element before it: because values stood one to a line
// so far, or because no object may stand here.
func (s *scanner) broken() bool {
	if s.lines && s.index > 0 {
		return true
	}
	return s.over == 0 && s.stack[len(s.stack)-1] == '{' && s.last != ':'
}

// flat goes on in a literal, which ends at white space or punctuation, or in garbage, which ends at the end of the line
// in a sequence and at the next comma or bracket in an array.
func (s *scanner) flat(window []byte, i int) int {
	for ; i < len(window); i++ {
		c := window[i]
		end := c == '\n'
		switch {
		case s.state == inLiteral:
			end = isSpace(c) || c == ',' || c == ']' || c == '}' || c == '[' || c == '{' || c == '"'
		case s.mode == modeArray:
			end = c == ',' || c == ']'
		}
		if end {
			s.done = true
			return i
		}
	}
	return i
}

func (s *scanner) depth() int { return len(s.stack) + s.over }

func (s *scanner) open(c byte) {
	if len(s.stack) < s.lim.Depth {
		s.stack = append(s.stack, c)
		return
	}
	if s.over++; s.err == nil {
		s.fail(fmt.Errorf("nested deeper than %d levels", s.lim.Depth))
	}
}

func (s *scanner) close(c byte) {
	if s.over > 0 {
		s.over--
		return
	}
	opening := c - 2 // '[' is two before ']', '{' two before '}'
	top := len(s.stack) - 1
	if s.stack[top] == opening {
		s.stack = s.stack[:top]
		return
	}
	if s.err == nil {
		s.fail(fmt.Errorf("brackets do not match: %q closes %q", rune(c), rune(s.stack[top])))
	}
	for i := range slices.Backward(s.stack) {
		if s.stack[i] == opening {
			top = i
			break
		}
	}
	s.stack = s.stack[:top]
}

// Deeper reports whether JSON is nested deeper than limit, for whoever hands it to a recursive parser. It looks at brackets
// outside strings only.
func Deeper(raw []byte, limit int) bool {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '{', '[':
			if depth++; depth > limit {
				return true
			}
		case '}', ']':
			depth--
		case '"':
			for i++; i < len(raw) && raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		}
	}
	return false
}
