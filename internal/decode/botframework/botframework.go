// Package botframework reads Bot Framework .transcript files: one JSON array of Activity, normally one conversation
// (reference: spec.md §9.7).
package botframework

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/activityjson"
)

// Read reads one file. r is UTF-8 without a byte-order mark and stands at the start. The file becomes records or, when
// anything in it cannot be read, one reject: half a conversation would be counted as a whole one. The error is the reader's or
// the sink's.
//
// Such a file has no key of its own, so its identity is the hash of what it says: the same transcript in another encoding, with
// other line ends or indented otherwise is a duplicate.
//
// Conversation ids that a channel assigned are trusted, and an array that holds several conversations becomes a record each, which is what
// an array of its activities alone would become.
// Tools that write transcripts by hand (no channel, or Chatdown's and the test adapter's) give ids such as "1" to file after
// file: there the file is the conversation, and its id is made unique by the hash.
func Read(name string, r *bufio.Reader, opts decode.Options, sink decode.Sink) error {
	reject := func(format string, args ...any) error {
		return sink.Reject(decode.Reject{Origin: activity.Origin{File: name}, Reason: fmt.Sprintf(format, args...)})
	}
	offset, first, err := skipSpace(r)
	switch {
	case errors.Is(err, io.EOF):
		return reject("the file is empty")
	case err != nil:
		return err
	case first != '[':
		return reject("not a list of activities: it starts with %q", rune(first))
	}

	d := activityjson.NewWithParties(opts.Limits)
	elements := decode.NewElements(r, opts.Limits, offset)
	k := &keeper{limit: opts.Limits.OrDefault().RecordBytes}
	var keep func([]byte) error
	if opts.KeepRaw {
		keep = k.keep
	}
	sums, bad, err := d.Stream(elements, keep)
	if err != nil {
		return err
	}
	if bad != nil {
		return reject("%v", bad)
	}
	res, err := d.Finish()
	if err != nil {
		return reject("%v", err)
	}
	if len(res.Activities) == 0 {
		return reject("the list of activities is empty")
	}
	switch n, next, err := skipSpace(r); {
	case err == nil:
		return reject("%q follows the list of activities at byte %d", rune(next), elements.Offset()+n)
	case !errors.Is(err, io.EOF):
		return err
	}

	parts := split(&res)
	for i, positions := range parts {
		rec := record(&res, positions, sums, opts.Bot)
		rec.Origin.File = name
		if len(parts) > 1 {
			rec.Origin.Row = i + 1
		}
		if opts.KeepRaw {
			rec.Raw = k.raw(positions)
		}
		if err := sink.Record(rec); err != nil {
			return err
		}
	}
	return nil
}

// skipSpace returns the first byte that is not white space, without consuming it, and how many were.
func skipSpace(r *bufio.Reader) (int64, byte, error) {
	for n := int64(0); ; n++ {
		c, err := r.ReadByte()
		if err != nil {
			return n, 0, err
		}
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return n, c, r.UnreadByte()
		}
	}
}

// split is the positions of the activities of each conversation.
func split(res *activityjson.Result) [][]int {
	id := res.Conversation // for activities without an id before the first that has one
	trusted := assignedByChannel(res.Activities)
	var parts [][]int
	known := map[string]int{}
	for i := range res.Activities {
		if trusted {
			id = cmp.Or(res.Parties[i].Conversation, id)
		}
		n, ok := known[id]
		if !ok {
			n = len(parts)
			known[id] = n
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], i)
	}
	return parts
}

// record makes the record of one conversation, by its own activities alone.
func record(res *activityjson.Result, positions []int, all []activityjson.Sum, bot activity.Bot) *activity.Record {
	part, sums := *res, all
	if len(positions) < len(res.Activities) {
		part, sums = res.Part(positions), nil
		for _, i := range positions {
			sums = append(sums, all[i])
		}
	}
	sum := activityjson.SumOf(sums)
	id := part.Conversation
	switch trusted := assignedByChannel(part.Activities); {
	case id == "":
		id = "transcript-" + sum.Hex()[:12]
	case !trusted:
		id += "#" + sum.Hex()[:8]
	}
	c := newCast(part.Parties, part.Activities)
	if bot.Key() == "" {
		botID, botName := c.bot()
		bot.ID, bot.Name = botID, cmp.Or(bot.Name, botName)
	}
	return &activity.Record{
		Format: activity.FormatBotFramework,
		ID:     "sha256:" + sum.Hex(), Hash: sum.Short(),
		Bot: bot, Conversation: id,
		Start: part.Start, Untimed: part.Untimed, Locale: part.Locale, User: c.user(part.Activities),
		Activities: part.Activities,
	}
}

// keeper keeps the bytes of the activities of a file.
type keeper struct {
	limit  int64
	bytes  []byte
	ends   []int
	packer decode.Packer
}

func (k *keeper) keep(raw []byte) error {
	if int64(len(k.bytes)+len(raw)) > k.limit {
		return fmt.Errorf("the file is larger than the limit of %d bytes for activities that are kept as they came", k.limit)
	}
	k.bytes = append(k.bytes, raw...)
	k.ends = append(k.ends, len(k.bytes))
	return nil
}

// raw is the list of the activities at these positions, packed.
func (k *keeper) raw(positions []int) []byte {
	list := []byte("[")
	for n, i := range positions {
		if n > 0 {
			list = append(list, ',')
		}
		from := 0
		if i > 0 {
			from = k.ends[i-1]
		}
		list = append(list, k.bytes[from:k.ends[i]]...)
	}
	return k.packer.Pack(append(list, ']'))
}

// assignedByChannel reports whether a channel, and not a tool that writes transcripts, gave the conversation its id.
func assignedByChannel(as []activity.Activity) bool {
	for _, a := range as {
		switch a.Channel {
		case "", "chatdown", "test":
		default:
			return true
		}
	}
	return false
}
