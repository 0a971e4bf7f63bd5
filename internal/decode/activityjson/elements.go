package activityjson

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"rapport/internal/decode"
)

// Content reads the content of a transcript: an object with a list of activities, its key in any case, or the bare list.
// Errors name the activity by its index. It bounds the nesting itself, before anything recursive sees the bytes.
func Content(raw []byte, lim decode.Limits) (Result, error) {
	return New(lim).Content(raw)
}

// Content does what the function does, for a decoder that is used again and again.
func (d *Decoder) Content(raw []byte) (Result, error) {
	raw = trim(raw)
	if len(raw) > 0 && raw[0] == '{' {
		list, err := member(raw, "activities", d.lim.Depth)
		if err != nil {
			return Result{}, err
		}
		if list == nil {
			return Result{}, errors.New("content has no list of activities")
		}
		raw = list
	}
	if len(raw) == 0 || raw[0] != '[' {
		return Result{}, fmt.Errorf("content is not a list of activities: %s", quote(raw))
	}
	err := eachElement(raw, d.lim.Depth, func(i int, element []byte) error {
		if err := d.Add(element); err != nil {
			return fmt.Errorf("activity %d: %w", i, err)
		}
		return nil
	})
	res, _ := d.Finish() // an error of Add is already in err, with its position
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

var errTruncated = errors.New("truncated: the JSON ends before its brackets are closed")

// member returns the value of an object's key, which is given in lower case; nil when there is none. The object must be all
// of raw. Of two members with one name the last counts, as everywhere in JSON.
func member(raw []byte, key string, depth int) ([]byte, error) {
	var found []byte
	i := 1
	for {
		switch i = skipSpace(raw, i); {
		case i >= len(raw):
			return nil, errTruncated
		case raw[i] == '}':
			if len(trim(raw[i+1:])) != 0 {
				return nil, fmt.Errorf("something follows the object: %s", quote(raw[i+1:]))
			}
			return found, nil
		case raw[i] == ',':
			i++
			continue
		case raw[i] != '"':
			return nil, fmt.Errorf("not valid JSON: a key was expected at %s", quote(raw[i:]))
		}
		end, err := skipValue(raw, i, depth)
		if err != nil {
			return nil, err
		}
		name := scalar(raw[i:end])
		if i = skipSpace(raw, end); i >= len(raw) || raw[i] != ':' {
			return nil, fmt.Errorf("not valid JSON: no value for %q", name)
		}
		i = skipSpace(raw, i+1)
		if end, err = skipValue(raw, i, depth-1); err != nil {
			return nil, err
		}
		if strings.EqualFold(name, key) {
			found = raw[i:end]
		}
		i = end
	}
}

// eachElement calls f with each element of an array, which must be all of raw.
func eachElement(raw []byte, depth int, f func(i int, element []byte) error) error {
	pos, comma := 1, true
	for n := 0; ; {
		switch pos = skipSpace(raw, pos); {
		case pos >= len(raw):
			return errTruncated
		case raw[pos] == ']':
			if len(trim(raw[pos+1:])) != 0 {
				return fmt.Errorf("something follows the list: %s", quote(raw[pos+1:]))
			}
			return nil
		case raw[pos] == ',':
			if comma {
				return errors.New("not valid JSON: a comma without an element before it")
			}
			comma = true
			pos++
			continue
		case !comma:
			return fmt.Errorf("not valid JSON: a comma is missing at %s", quote(raw[pos:]))
		}
		end, err := skipValue(raw, pos, depth-1)
		if err != nil {
			return fmt.Errorf("element %d: %w", n, err)
		}
		if err := f(n, raw[pos:end]); err != nil {
			return err
		}
		pos, comma, n = end, false, n+1
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// skipValue returns where the value that starts at i ends. It looks at brackets and strings only and does not recurse; what is
// inside is left to the parser that reads it.
func skipValue(b []byte, i, depth int) (int, error) {
	if i >= len(b) {
		return 0, errTruncated
	}
	for level := 0; i < len(b); {
		switch b[i] {
		case '"':
			end := stringEnd(b, i)
			if end < 0 {
				return 0, errTruncated
			}
			i = end
		case '{', '[':
			if level++; level > depth {
				return 0, fmt.Errorf("nested deeper than %d levels", depth)
			}
			i++
			continue
		case '}', ']':
			if level--; level < 0 {
				return 0, fmt.Errorf("not valid JSON: a value was expected at %s", quote(b[i:]))
			}
			i++
		default:
			if level == 0 {
				return literalEnd(b, i)
			}
			i++
			continue
		}
		if level == 0 {
			return i, nil
		}
	}
	return 0, errTruncated
}

// stringEnd is the index behind the quote that closes the string at i, or -1.
func stringEnd(b []byte, i int) int {
	for i++; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
}

func literalEnd(b []byte, i int) (int, error) {
	n := bytes.IndexAny(b[i:], ",:]}[{\" \t\r\n")
	switch {
	case n < 0:
		return len(b), nil
	case n == 0:
		return 0, fmt.Errorf("not valid JSON: a value was expected at %s", quote(b[i:]))
	default:
		return i + n, nil
	}
}
