package detect

import (
	"bufio"
	"errors"
	"io"

	"rapport/internal/decode"
)

// cursor goes through the members of one JSON object that is too large to hold.
type cursor struct {
	r      *bufio.Reader
	lim    decode.Limits
	offset int64
}

var (
	errNoMore   = errors.New("the object ends")
	errNotAPage = errors.New("not a member of an object")
)

// next returns the next byte that is not white space, without consuming it.
func (c *cursor) next() (byte, error) {
	for {
		b, err := c.r.Peek(1)
		if err != nil {
			return 0, err
		}
		if b[0] != ' ' && b[0] != '\n' && b[0] != '\r' && b[0] != '\t' {
			return b[0], nil
		}
		c.consume()
	}
}

// consume takes the byte that next returned.
func (c *cursor) consume() {
	_, _ = c.r.Discard(1) // just peeked at
	c.offset++
}

// key returns the next key and stands before its value; errNoMore behind the end of the object.
func (c *cursor) key() (string, error) {
	b, err := c.next()
	for ; err == nil && b == ','; b, err = c.next() {
		c.consume()
	}
	switch {
	case err != nil:
		return "", err
	case b == '}':
		c.consume()
		return "", errNoMore
	case b != '"':
		return "", errNotAPage
	}
	raw, err := c.value()
	if err != nil {
		return "", err
	}
	if b, err = c.next(); err != nil {
		return "", err
	}
	if b != ':' || len(raw) < 2 {
		return "", errNotAPage
	}
	c.consume()
	_, err = c.next()
	return string(raw[1 : len(raw)-1]), err
}

// value reads one value, which is nil where it cannot be used; of a list, nothing is kept.
func (c *cursor) value() ([]byte, error) {
	it := decode.NewElements(c.r, c.lim, c.offset)
	el, err := it.Next()
	value := el.Raw
	if el.Err != nil {
		value = nil
	}
	if it.Array() {
		for value = nil; err == nil; {
			_, err = it.Next()
		}
		if errors.Is(err, io.EOF) {
			err = nil // of the list
		}
	}
	c.offset = it.Offset()
	return value, err
}
