package activityjson

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math"
	"slices"

	"github.com/segmentio/encoding/json"

	"rapport/internal/decode"
)

// Digest is a hash of what a sequence of activities says, whatever way it was written down: key order, white space, line ends,
// escapes and the file's encoding do not matter. Numbers count as written. The zero value is the hash of none.
type Digest struct {
	all       hash.Hash
	canonical canonical
}

// Sum is the hash of one activity.
type Sum [sha256.Size]byte

// Add takes the next activity in and returns its own hash. The caller has bounded the nesting of raw.
func (d *Digest) Add(raw []byte) (Sum, error) {
	out, err := d.canonical.of(raw)
	if err != nil {
		return Sum{}, err
	}
	s := Sum(sha256.Sum256(out))
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

// canonical writes the canonical form of one value after the other: keys sorted, no white space, strings with the fewest escapes.
// Its buffers are used again.
type canonical struct {
	out     []byte
	sorted  []byte
	members []written // of the objects around where it stands
}

// written is a member in out: its key, a colon, its value and a comma.
type written struct{ start, colon, end int32 }

// maxMembers bounds what sorting keys costs.
const maxMembers = 1 << 20

// of returns the canonical form, valid until the next call.
func (c *canonical) of(raw []byte) ([]byte, error) {
	c.out, c.members = c.out[:0], c.members[:0]
	raw = trim(raw)
	switch n, err := c.value(raw, 0); {
	case err != nil:
		return nil, err
	case n != len(raw):
		return nil, errors.New("something follows the value")
	case len(c.out) > math.MaxInt32:
		return nil, errors.New("too large to compare")
	}
	return c.out, nil
}

// value writes the value that b starts with and returns the index behind it.
func (c *canonical) value(b []byte, level int) (int, error) {
	if len(b) > 0 && b[0] == '{' {
		return c.object(b, level)
	}
	if len(b) > 0 && b[0] == '[' {
		return c.array(b, level)
	}
	end, err := decode.SkipValue(b, 0, level, anyDepth)
	if err != nil {
		return 0, err
	}
	if b[0] == '"' {
		c.text(b[1:end-1], b[:end])
	} else {
		c.out = append(c.out, b[:end]...)
	}
	return end, nil
}

// text writes a string. Most are in canonical form already.
func (c *canonical) text(plain, quoted []byte) {
	if bytes.IndexByte(plain, '\\') < 0 && !bytes.Contains(plain, []byte("\u2028")) && !bytes.Contains(plain, []byte("\u2029")) {
		c.out = append(append(append(c.out, '"'), plain...), '"')
		return
	}
	c.out = json.AppendEscape(c.out, scalar(quoted), 0)
}

func (c *canonical) array(b []byte, level int) (int, error) {
	c.out = append(c.out, '[')
	a := decode.NewArray(b, level, anyDepth)
	for first := true; a.Next(); first = false {
		if !first {
			c.out = append(c.out, ',')
		}
		n, err := c.value(a.Rest(), a.Level())
		if err != nil {
			return 0, err
		}
		a.Pass(n)
	}
	c.out = append(c.out, ']')
	return a.End(), a.Err()
}

// object writes the members in the order of the source, then puts them in order where they are not.
func (c *canonical) object(b []byte, level int) (int, error) {
	c.out = append(c.out, '{')
	base, outer := len(c.out), len(c.members)
	o := decode.NewObject(b, level, anyDepth)
	for o.Next() {
		if len(c.members) >= maxMembers {
			return 0, fmt.Errorf("more than %d keys in one activity", maxMembers)
		}
		m := written{start: int32(len(c.out))}
		c.out = json.AppendEscape(c.out, string(o.Key), 0)
		m.colon = int32(len(c.out))
		c.out = append(c.out, ':')
		at := len(c.members)
		c.members = append(c.members, m) // counted among those around what is in it
		n, err := c.value(o.Rest(), o.Level())
		if err != nil {
			return 0, err
		}
		o.Pass(n)
		c.out = append(c.out, ',')
		c.members[at].end = int32(len(c.out))
	}
	if o.Err() != nil {
		return 0, o.Err()
	}
	members := c.members[outer:]
	byKey := func(a, b written) int { return bytes.Compare(c.out[a.start:a.colon], c.out[b.start:b.colon]) }
	if !slices.IsSortedFunc(members, byKey) {
		slices.SortStableFunc(members, byKey)
		c.sorted = c.sorted[:0]
		for _, m := range members {
			c.sorted = append(c.sorted, c.out[m.start:m.end]...)
		}
		copy(c.out[base:], c.sorted)
	}
	if len(members) > 0 {
		c.out = c.out[:len(c.out)-1] // the last comma
	}
	c.members = c.members[:outer]
	c.out = append(c.out, '}')
	return o.End(), nil
}
