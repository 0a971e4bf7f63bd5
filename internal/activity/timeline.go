package activity

import (
	"cmp"
	"slices"
)

// Entry is one activity in its place in a conversation.
type Entry struct {
	*Activity
	Record int // index into Conversation.Records
}

// Timeline is every activity of the conversation once, in order: time in ms, then the order of the records (start, batch),
// then the position in the record, then a reply after what it replies to, then id (DESIGN.md, law 3).
//
// Activities are deduplicated by id across records, never within one: of two with one id the one in the earlier record
// stands. Records must be in their order already (Conversation.Sort).
func (c *Conversation) Timeline() []Entry {
	n := 0
	for _, r := range c.Records {
		n += len(r.Activities)
	}
	entries := make([]Entry, 0, n)
	var first map[string]int // id -> record that has it first
	if len(c.Records) > 1 {
		first = make(map[string]int, n)
	}
	sorted := true // in order already, as most conversations are
	for i, r := range c.Records {
		for j := range r.Activities {
			a := &r.Activities[j]
			if first != nil && a.ID != "" {
				if have, ok := first[a.ID]; ok && have != i {
					continue
				} else if !ok {
					first[a.ID] = i
				}
			}
			if n := len(entries); n > 0 && sorted {
				last := entries[n-1]
				sorted = last.At < a.At || last.At == a.At && last.Record == i && last.Seq < a.Seq
			}
			entries = append(entries, Entry{a, i})
		}
	}
	if !sorted {
		slices.SortStableFunc(entries, c.order)
	}
	return entries
}

func (c *Conversation) order(a, b Entry) int {
	if d := cmp.Compare(a.At, b.At); d != 0 {
		return d
	}
	if a.Record != b.Record {
		if d := compareWindow(c.Records[a.Record], c.Records[b.Record]); d != 0 {
			return d
		}
	}
	if d := cmp.Compare(a.Seq, b.Seq); d != 0 {
		return d
	}
	switch {
	case b.ID != "" && a.ReplyTo == b.ID:
		return 1
	case a.ID != "" && b.ReplyTo == a.ID:
		return -1
	}
	return cmp.Compare(a.ID, b.ID)
}

// compareWindow orders records by start and batch, and says 0 for two of one window.
func compareWindow(a, b *Record) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Batch, b.Batch))
}

// Sort puts the records in their order: start, batch, then key and content, so that it does not depend on arrival.
func (c *Conversation) Sort() {
	slices.SortStableFunc(c.Records, func(a, b *Record) int {
		return cmp.Or(
			compareWindow(a, b),
			cmp.Compare(a.ID, b.ID),
			slices.Compare(a.Hash[:], b.Hash[:]),
		)
	})
}
