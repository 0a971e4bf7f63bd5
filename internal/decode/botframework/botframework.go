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
// Conversation ids that a channel assigned are trusted, and an array that holds several conversations becomes a record each.
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
	sums, bad, err := d.Stream(elements)
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

	c := newCast(res.Parties, res.Activities)
	bot := opts.Bot
	if bot.Key() == "" {
		id, botName := c.bot()
		bot.ID, bot.Name = id, cmp.Or(bot.Name, botName)
	}
	for _, rec := range split(&res, sums) {
		rec.Format = activity.FormatBotFramework
		rec.Origin.File = name
		rec.Bot = bot
		rec.Locale = res.Locale
		rec.User = c.user(rec.Activities)
		rec.Untimed = res.Untimed
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

// split makes a record of each conversation.
func split(res *activityjson.Result, sums []activityjson.Sum) []*activity.Record {
	if !assignedByChannel(res.Activities) {
		sum := activityjson.SumOf(sums)
		id := "transcript-" + sum.Hex()[:12]
		if res.Conversation != "" {
			id = res.Conversation + "#" + sum.Hex()[:8]
		}
		return []*activity.Record{record(id, res.Activities, sum)}
	}

	type part struct {
		activities []activity.Activity
		sums       []activityjson.Sum
	}
	parts := map[string]*part{}
	var order []string
	id := res.Conversation // for activities without an id before the first that has one
	for i, a := range res.Activities {
		id = cmp.Or(res.Parties[i].Conversation, id)
		p := parts[id]
		if p == nil {
			p = &part{}
			parts[id] = p
			order = append(order, id)
		}
		a.Seq = len(p.activities)
		p.activities = append(p.activities, a)
		p.sums = append(p.sums, sums[i])
	}
	var records []*activity.Record
	for i, id := range order {
		sum := activityjson.SumOf(parts[id].sums)
		rec := record(cmp.Or(id, "transcript-"+sum.Hex()[:12]), parts[id].activities, sum)
		if len(order) > 1 {
			rec.Origin.Row = i + 1
		}
		records = append(records, rec)
	}
	return records
}

func record(id string, as []activity.Activity, sum activityjson.Sum) *activity.Record {
	rec := &activity.Record{
		ID: "sha256:" + sum.Hex(), Hash: sum.Short(), Conversation: id, Start: as[0].At, Activities: as,
	}
	for _, a := range as {
		rec.Start = min(rec.Start, a.At)
	}
	return rec
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
