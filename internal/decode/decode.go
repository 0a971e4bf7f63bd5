// Package decode turns bytes into records. It holds what every format shares: the sink that records and rejects go to,
// the limits that keep memory bounded whatever a file holds, and the framing that cuts a stream into rows.
//
// A folder each below it reads one format; decode/detect recognises a format by content and hands the stream over.
package decode

import (
	"bytes"
	"fmt"

	"rapport/internal/activity"
)

// Sink takes what a decoder makes of its input, in the order of the input. An error from it stops the decoder and is returned
// as it is: it is the caller's, not the input's.
type Sink interface {
	// Record takes one decoded record. The decoder keeps no reference to it.
	Record(*activity.Record) error
	// Reject takes one row, or one file, that could not be read. The rest of the input goes on.
	Reject(Reject) error
	// Warn takes a remark about input that was read all the same, e.g. a page of an OData answer that has a next page.
	Warn(Warning) error
}

// Reject is one row or file in quarantine.
type Reject struct {
	Origin activity.Origin
	// Reason is one sentence for a person: what is wrong and where, e.g. `activity 3: timestamp 99999999999999 is not between 2000 and 2100`.
	Reason string
	// Raw is the row as it came, cut to Limits.RejectBytes; nil when the row was too large to hold.
	Raw []byte
}

// String is file, row, offset and reason on one line.
func (r Reject) String() string { return describe(r.Origin, r.Reason) }

// Warning is a remark about input that was accepted.
type Warning struct {
	Origin activity.Origin
	Text   string
}

// String is file, row and text on one line.
func (w Warning) String() string { return describe(w.Origin, w.Text) }

func describe(o activity.Origin, text string) string {
	if o.Row == 0 {
		return fmt.Sprintf("%s: %s", o.File, text)
	}
	return fmt.Sprintf("%s: row %d (byte %d): %s", o.File, o.Row, o.Offset, text)
}

// Options are the caller's side of decoding.
type Options struct {
	// Bot is the bot that records belong to when they do not name one themselves.
	Bot activity.Bot
	// Limits bound what one row may cost. The zero value means DefaultLimits.
	Limits Limits
	// KeepRaw gives every record its Raw: what it was decoded from, packed.
	KeepRaw bool
	// Workers is how many rows are decoded at a time; 0 means as many as there are processors. It changes nothing but the time it takes:
	// a sink is called in the order of the input and by one goroutine, the caller's.
	Workers int
}

// Limits bound memory. Input beyond them is rejected with the limit in the reason.
type Limits struct {
	RowBytes      int64 // one row, or one activity of a file that is a single array of activities
	RecordBytes   int64 // one record after reduction to activities
	Depth         int   // nesting of arrays and objects
	RejectBytes   int   // how much of a rejected row is kept
	MinYear       int   // times before it are rejected
	MaxYear       int   // times from the end of it on are rejected
	Activities    int   // activities in one record
	ExpandedRatio int64 // a compressed file may expand by this factor once past 64 MiB (a guard against zip bombs)
}

// DefaultLimits leave room for thirty times the largest Dataverse row (1 MiB of content).
func DefaultLimits() Limits {
	return Limits{
		RowBytes:      32 << 20,
		RecordBytes:   64 << 20,
		Depth:         512,
		RejectBytes:   1 << 20,
		MinYear:       2000,
		MaxYear:       2100,
		Activities:    1_000_000,
		ExpandedRatio: 250,
	}
}

// OrDefault returns the limits, or DefaultLimits for the zero value.
func (l Limits) OrDefault() Limits {
	if l == (Limits{}) {
		return DefaultLimits()
	}
	return l
}

// Quarantine is the reject of one row, with as much of its bytes as the limits keep. It copies raw.
func (l Limits) Quarantine(o activity.Origin, reason string, raw []byte) Reject {
	keep := min(len(raw), l.OrDefault().RejectBytes)
	return Reject{Origin: o, Reason: reason, Raw: bytes.Clone(raw[:keep])}
}
