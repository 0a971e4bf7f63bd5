package activityjson

import (
	"errors"
	"fmt"

	"rapport/internal/decode"
)

// Content reads the content of a transcript: an object with a list of activities, its key in any case, or the bare list.
// Errors name the activity by its index. It bounds the nesting itself.
func Content(raw []byte, lim decode.Limits) (Result, error) {
	return New(lim).Content(raw)
}

// Content does what the function does, for a decoder that is used again and again.
func (d *Decoder) Content(raw []byte) (Result, error) {
	err := d.content(trim(raw))
	res, _ := d.Finish() // an error of an activity is already in err, with its position
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

func (d *Decoder) content(raw []byte) error {
	if len(raw) == 0 || raw[0] != '{' {
		n, err := d.list(raw, 0)
		if err == nil && n != len(raw) {
			err = fmt.Errorf("something follows the list: %s", quote(raw[n:]))
		}
		return err
	}
	found := false
	o := decode.NewObject(raw, 0, d.lim.Depth)
	for o.Next() {
		if !fold(o.Key, "activities") {
			continue
		}
		if found { // of two members with one name the last counts, as everywhere in JSON
			_, _ = d.Finish()
		}
		found = true
		n, err := d.list(o.Rest(), o.Level())
		if err != nil {
			return err
		}
		o.Pass(n)
	}
	switch {
	case o.Err() != nil:
		return o.Err()
	case o.End() != len(raw):
		return fmt.Errorf("something follows the object: %s", quote(trim(raw[o.End():])))
	case !found:
		return errors.New("content has no list of activities")
	}
	return nil
}

// list adds the activities of the list that raw starts with, and returns the index behind it.
func (d *Decoder) list(raw []byte, level int) (int, error) {
	if len(raw) == 0 || raw[0] != '[' {
		end, err := decode.SkipValue(raw, 0, level, d.lim.Depth)
		if err != nil {
			end = len(raw)
		}
		return 0, fmt.Errorf("content is not a list of activities: %s", quote(raw[:end]))
	}
	a := decode.NewArray(raw, level, d.lim.Depth)
	for i := 0; a.Next(); i++ {
		n, err := d.one(a.Rest(), a.Level())
		if err != nil {
			return 0, fmt.Errorf("activity %d: %w", i, err)
		}
		a.Pass(n)
	}
	return a.End(), a.Err()
}

// innerDepth bounds the nesting of JSON that stands inside a string: whoever bounded the nesting of the row did not see it.
const innerDepth = 128

// field is a member that is looked for: its key in lower case, and its value, nil where there is none.
type field struct {
	key   string
	value []byte
}

// find fills in the values of the members that are looked for, and reports whether raw is an object. Keys match in any case; of two
// with one name the last counts. raw is valid JSON.
func find(raw []byte, fields []field) bool {
	_, ok := seek(raw, fields)
	return ok
}

// seek is find for an object that raw starts with, and returns the index behind it.
func seek(raw []byte, fields []field) (int, bool) {
	if len(raw) == 0 || raw[0] != '{' {
		return 0, false
	}
	end, err := walk(raw, 0, anyDepth, fields)
	return end, err == nil
}

// walk is seek for an object whose nesting is not known to be bounded, and which need not be valid.
func walk(raw []byte, level, limit int, fields []field) (int, error) {
	o := decode.NewObject(raw, level, limit)
	for o.Next() {
		for i := range fields {
			if fold(o.Key, fields[i].key) {
				fields[i].value = o.Value()
				break
			}
		}
	}
	return o.End(), o.Err()
}

// anyDepth is for values that were passed over before, so that their nesting is known to be bounded.
const anyDepth = 1 << 30

// fold reports whether a key is the one given in lower case, whatever the case of its ASCII letters.
func fold(key []byte, lower string) bool {
	if len(key) != len(lower) {
		return false
	}
	for i, c := range key {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
