// Package snapshot reads the envelope {"activities":[...]} on its own: the dialog.json that the test pane saves, or the content
// of a Dataverse row without its row (reference: spec.md §4.5, §9.7).
package snapshot

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/segmentio/encoding/json"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/activityjson"
)

// Read reads one envelope after the other, each a record; Origin.Row counts them from 1. r is UTF-8 without a byte-order mark
// and stands at the start. Activities are read one by one, so an envelope costs what its activities say. An envelope in which
// anything cannot be read is one reject.
//
// The error is the reader's or the sink's. Records have no Raw, whatever the options say: whoever cut the envelopes out of an input has
// their bytes.
//
// A snapshot (Format snapshot) is always the author's own try in the test pane. It carries no ConversationInfo that says so, and
// none is made up: whoever derives sessions takes the format for design mode.
func Read(name string, r *bufio.Reader, opts decode.Options, sink decode.Sink) error {
	f := &file{name: name, opts: opts, sink: sink, d: activityjson.New(opts.Limits)}
	return f.read(&cursor{r: r, lim: opts.Limits})
}

// file is what stays the same from one envelope to the next.
type file struct {
	name string
	opts decode.Options
	sink decode.Sink
	d    *activityjson.Decoder
	row  int
}

// errStop ends a file whose punctuation is lost.
var errStop = errors.New("the rest of the file cannot be read")

func (f *file) read(c *cursor) error {
	for {
		next, err := c.peek()
		switch {
		case errors.Is(err, io.EOF) && f.row == 0:
			return f.reject(0, errors.New("the file is empty"))
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		f.row++
		start := c.offset
		if next != '{' {
			return f.reject(start, fmt.Errorf("an object was expected, not %q; the rest of the file is not read", rune(next)))
		}
		if err := f.envelope(c); errors.Is(err, errStop) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (f *file) reject(offset int64, reason error) error {
	return f.sink.Reject(decode.Reject{Origin: f.origin(offset), Reason: reason.Error()})
}

func (f *file) origin(offset int64) activity.Origin {
	return activity.Origin{File: f.name, Row: f.row, Offset: offset}
}

// envelope reads one object. It returns errStop where it cannot tell the object's end.
func (f *file) envelope(c *cursor) error {
	start := c.offset
	var sums []activityjson.Sum
	found := false
	var bad error // the first thing wrong with this envelope
	note := func(err error) {
		if bad == nil {
			bad = err
		}
	}
	broken := func(err error) error {
		_, _ = f.d.Finish() // the envelope is lost; the decoder starts afresh
		note(err)
		if err := f.reject(start, fmt.Errorf("%w; the rest of the file is not read", bad)); err != nil {
			return err
		}
		return errStop
	}
	c.take()
	for {
		key, end, wrong, err := c.key()
		if err != nil {
			return err
		}
		if wrong != nil {
			return broken(wrong)
		}
		if end {
			break
		}
		next, err := c.peek()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		switch {
		case next == '[' && strings.EqualFold(key, "activities"):
			if found { // of two members with one name the last counts, as everywhere in JSON
				_, _ = f.d.Finish()
			}
			found = true
			elements := c.elements()
			var wrong error
			if sums, wrong, err = f.d.Stream(elements, nil); err != nil {
				return err
			}
			note(wrong)
			c.offset = elements.Offset()
		default:
			wrong, err := c.skip()
			if err != nil {
				return err
			}
			if wrong != nil {
				return broken(wrong)
			}
		}
	}

	res, err := f.d.Finish()
	note(err)
	if !found {
		note(errors.New("it has no list of activities"))
	} else if len(sums) == 0 {
		note(errors.New("the list of activities is empty"))
	}
	if bad != nil {
		return f.reject(start, bad)
	}
	return f.sink.Record(f.record(&res, activityjson.SumOf(sums), start))
}

func (f *file) record(res *activityjson.Result, sum activityjson.Sum, offset int64) *activity.Record {
	format := formatOf(res)
	conversation := res.Conversation
	if conversation == "" {
		conversation = string(format) + "-" + sum.Hex()[:12]
	}
	bot := f.opts.Bot
	if bot.Key() == "" {
		bot.Schema = res.BotSchema
	}
	return &activity.Record{
		Format: format, Origin: f.origin(offset),
		ID: "sha256:" + sum.Hex(), Hash: sum.Short(),
		Bot: bot, Conversation: conversation,
		Start: res.Start, Untimed: res.Untimed, Locale: res.Locale, User: res.User,
		Activities: res.Activities,
	}
}

// formatOf tells a row's content from a snapshot. Only rows have ConversationInfo and SessionInfo; only snapshots write times as
// text, type "typing" and DialogTracingInfo (spec.md §4.5, §9.7). Where nothing speaks, it is content.
func formatOf(res *activityjson.Result) activity.Format {
	snapshot := res.TextTimes
	for _, a := range res.Activities {
		switch a.Signal.(type) {
		case activity.ConversationInfo, activity.SessionInfo:
			return activity.FormatContent
		}
		snapshot = snapshot || a.Type == activity.TypeTyping || strings.EqualFold(a.Name, "DialogTracingInfo")
	}
	if snapshot {
		return activity.FormatSnapshot
	}
	return activity.FormatContent
}

// cursor reads an object's punctuation from a stream and leaves the values to Elements.
type cursor struct {
	r      *bufio.Reader
	lim    decode.Limits
	offset int64
}

// peek skips white space and returns the byte behind it without consuming it.
func (c *cursor) peek() (byte, error) {
	for {
		b, err := c.r.ReadByte()
		if err != nil {
			return 0, err
		}
		if b != ' ' && b != '\n' && b != '\r' && b != '\t' {
			return b, c.r.UnreadByte()
		}
		c.offset++
	}
}

// take consumes the byte that peek returned.
func (c *cursor) take() {
	_, _ = c.r.Discard(1) // buffered, as peek just saw it
	c.offset++
}

// elements reads the value that starts here, as a list of its elements where it is an array.
func (c *cursor) elements() *decode.Elements { return decode.NewElements(c.r, c.lim, c.offset) }

// key reads up to the value of the next member, or to the end of the object. wrong says what is not as it should be.
func (c *cursor) key() (key string, end bool, wrong, err error) {
	b, err := c.peek()
	for err == nil && b == ',' {
		c.take()
		b, err = c.peek()
	}
	switch {
	case errors.Is(err, io.EOF):
		return "", false, errTruncated, nil
	case err != nil:
		return "", false, nil, err
	case b == '}':
		c.take()
		return "", true, nil, nil
	case b != '"':
		return "", false, fmt.Errorf("not valid JSON: %q where a key was expected, at byte %d", rune(b), c.offset), nil
	}
	elements := c.elements()
	e, err := elements.Next()
	if err != nil || e.Err != nil {
		return "", false, e.Err, err
	}
	c.offset = elements.Offset()
	if err := json.Unmarshal(e.Raw, &key); err != nil {
		return "", false, fmt.Errorf("not valid JSON: the key at byte %d", e.Offset), nil
	}
	switch b, err = c.peek(); {
	case errors.Is(err, io.EOF):
		return "", false, errTruncated, nil
	case err != nil:
		return "", false, nil, err
	case b != ':':
		return "", false, fmt.Errorf("not valid JSON: no value for %q at byte %d", key, c.offset), nil
	}
	c.take()
	return key, false, nil, nil
}

var errTruncated = errors.New("truncated: the input ends inside the object")

// skip passes over the value that starts here.
func (c *cursor) skip() (wrong, err error) {
	switch b, err := c.peek(); {
	case errors.Is(err, io.EOF):
		return errTruncated, nil
	case err != nil:
		return nil, err
	case b == ',' || b == '}' || b == ']' || b == ':':
		return fmt.Errorf("not valid JSON: %q where a value was expected, at byte %d", rune(b), c.offset), nil
	default:
		list := b == '['
		elements := c.elements()
		for {
			e, err := elements.Next()
			c.offset = elements.Offset()
			if errors.Is(err, io.EOF) {
				return wrong, nil
			}
			if err != nil {
				return nil, err
			}
			if wrong == nil {
				wrong = e.Err
			}
			if !list {
				return wrong, nil
			}
		}
	}
}
