package activityjson

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"slices"
	"strings"

	"github.com/segmentio/encoding/json"
)

// Digest is a hash of what a sequence of activities says, whatever way it was written down: key order, white space, line ends,
// escapes and the file's encoding do not matter. Numbers count as written. The zero value is the hash of none.
type Digest struct {
	all hash.Hash
	buf []byte
}

// Sum is the hash of one activity.
type Sum [sha256.Size]byte

// Add takes the next activity in and returns its own hash. The caller has bounded the nesting of raw.
func (d *Digest) Add(raw []byte) (Sum, error) {
	var err error
	if d.buf, err = appendCanonical(d.buf[:0], raw); err != nil {
		return Sum{}, err
	}
	s := Sum(sha256.Sum256(d.buf))
	d.AddSum(s)
	return s, nil
}

// AddSum takes an activity in by its hash.
func (d *Digest) AddSum(s Sum) {
	if d.all == nil {
		d.all = sha256.New()
	}
	d.all.Write(s[:])
}

// Sum is the hash of all activities so far.
func (d *Digest) Sum() Sum {
	if d.all == nil {
		d.all = sha256.New()
	}
	return Sum(d.all.Sum(nil))
}

// Hex is the hash in hexadecimal.
func (s Sum) Hex() string { return hex.EncodeToString(s[:]) }

// Short is the first half of the hash, as records carry it.
func (s Sum) Short() [16]byte { return [16]byte(s[:16]) }

// appendCanonical appends the canonical form of one value: keys sorted, no white space, strings with the fewest escapes.
func appendCanonical(dst, raw []byte) ([]byte, error) {
	dst, end, err := canonicalValue(dst, raw, skipSpace(raw, 0))
	if err != nil {
		return nil, err
	}
	if skipSpace(raw, end) != len(raw) {
		return nil, errors.New("something follows the value")
	}
	return dst, nil
}

var errSyntax = errors.New("not valid JSON")

func canonicalValue(dst, b []byte, i int) ([]byte, int, error) {
	if i >= len(b) {
		return nil, 0, errTruncated
	}
	switch b[i] {
	case '{':
		return canonicalObject(dst, b, i+1)
	case '[':
		return canonicalArray(dst, b, i+1)
	case '"':
		end := stringEnd(b, i)
		if end < 0 {
			return nil, 0, errTruncated
		}
		return json.AppendEscape(dst, scalar(b[i:end]), 0), end, nil
	default:
		end, err := literalEnd(b, i)
		if err != nil {
			return nil, 0, err
		}
		return append(dst, b[i:end]...), end, nil
	}
}

func canonicalArray(dst, b []byte, i int) ([]byte, int, error) {
	dst = append(dst, '[')
	for first := true; ; first = false {
		i = skipSpace(b, i)
		switch {
		case i >= len(b):
			return nil, 0, errTruncated
		case b[i] == ']':
			return append(dst, ']'), i + 1, nil
		case first:
		case b[i] != ',':
			return nil, 0, errSyntax
		default:
			dst = append(dst, ',')
			i = skipSpace(b, i+1)
		}
		var err error
		if dst, i, err = canonicalValue(dst, b, i); err != nil {
			return nil, 0, err
		}
	}
}

// canonicalObject writes the members in the order of the source, then puts them in order where they are not.
func canonicalObject(dst, b []byte, i int) ([]byte, int, error) {
	type span struct {
		key        string
		start, end int
	}
	var members []span
	dst = append(dst, '{')
	base := len(dst)
	for first := true; ; first = false {
		i = skipSpace(b, i)
		if !first && i < len(b) && b[i] == ',' {
			i = skipSpace(b, i+1)
		} else if i < len(b) && b[i] == '}' {
			break
		} else if !first {
			return nil, 0, errSyntax
		}
		if i >= len(b) {
			return nil, 0, errTruncated
		}
		if b[i] != '"' {
			return nil, 0, errSyntax
		}
		end := stringEnd(b, i)
		if end < 0 {
			return nil, 0, errTruncated
		}
		m := span{key: scalar(b[i:end]), start: len(dst)}
		dst = append(json.AppendEscape(dst, m.key, 0), ':')
		if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
			return nil, 0, errSyntax
		}
		var err error
		if dst, i, err = canonicalValue(dst, b, skipSpace(b, i+1)); err != nil {
			return nil, 0, err
		}
		dst = append(dst, ',')
		m.end = len(dst)
		members = append(members, m)
	}
	byKey := func(a, b span) int { return strings.Compare(a.key, b.key) }
	if !slices.IsSortedFunc(members, byKey) {
		slices.SortStableFunc(members, byKey)
		written := slices.Clone(dst[base:])
		dst = dst[:base]
		for _, m := range members {
			dst = append(dst, written[m.start-base:m.end-base]...)
		}
	}
	if len(members) > 0 {
		dst = dst[:len(dst)-1] // the last comma
	}
	return append(dst, '}'), i + 1, nil
}
