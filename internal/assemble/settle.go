package assemble

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"rapport/internal/activity"
)

// Status is how a record ended when its conversation was put together.
type Status uint8

// How a record may end (DESIGN.md, laws 1 and 4).
const (
	Accepted   Status = iota
	Duplicate         // said the same as another of its key
	Superseded        // an older version of another
)

// String is the word that counts and reports use.
func (s Status) String() string {
	switch s {
	case Accepted:
		return "accepted"
	case Duplicate:
		return "duplicate"
	case Superseded:
		return "superseded"
	default:
		return "unknown"
	}
}

// Settled is the records of one conversation id, put together.
type Settled struct {
	// Conversations are ordered by bot. A record whose bot is called otherwise than its source wrote it is a copy with that bot.
	Conversations []*activity.Conversation
	// Status says how each record of the group ended, by its index.
	Status []Status
	// Overridden is how many accepted rows of a sessions CSV are in no conversation, because there are transcripts of the same bot and day.
	Overridden int
}

// Settle puts the records of one conversation id together: by bot, since two bots may use the same id, each record once, in order (law 1).
// It does not depend on the order of the group, and leaves the records as they are. The Known is what Sealed returned.
func (k *Known) Settle(group []*activity.Record) Settled {
	s, _ := k.settle(group)
	return s
}

// member is a record of a group: by its final bot, under its key.
type member struct {
	record *activity.Record
	bot    string
	key    string
	index  int
}

// settle is Settle, and says of which bots and days the overridden rows were.
func (k *Known) settle(group []*activity.Record) (Settled, []botDay) {
	s := Settled{Status: make([]Status, len(group))}
	var few [4]member // nearly always enough
	members := few[:min(len(group), len(few))]
	if len(group) > len(few) {
		members = make([]member, len(group))
	}
	for i, r := range group {
		if b := k.Resolve(r.Bot); b != r.Bot {
			named := *r
			named.Bot = b
			r = &named
		}
		members[i] = member{record: r, bot: r.Bot.Key(), index: i}
	}
	slices.SortStableFunc(members, func(x, y member) int { return cmp.Compare(x.bot, y.bot) })
	var gaveWay []botDay
	for len(members) > 0 {
		n := 1
		for n < len(members) && members[n].bot == members[0].bot {
			n++
		}
		c := &activity.Conversation{ID: members[0].record.Conversation, Records: once(members[:n], s.Status)}
		members = members[n:]
		for _, r := range c.Records {
			c.Bot.ID, c.Bot.Schema, c.Bot.Name = max(c.Bot.ID, r.Bot.ID), max(c.Bot.Schema, r.Bot.Schema), max(c.Bot.Name, r.Bot.Name)
		}
		// Sessions of a CSV give way where there are transcripts of the same bot and day: those say more.
		c.Records = slices.DeleteFunc(c.Records, func(r *activity.Record) bool {
			if r.Session == nil {
				return false
			}
			d := botDay{r.Bot.Key(), day(r.Session.StartedAt)}
			if k.days[d] {
				gaveWay = append(gaveWay, d)
			}
			return k.days[d]
		})
		if len(c.Records) > 0 {
			c.Sort()
			s.Conversations = append(s.Conversations, c)
		}
	}
	s.Overridden = len(gaveWay)
	return s, gaveWay
}

// once leaves one record of each key, the newest, and notes how the others ended: of those that say the same all but one are duplicates,
// and older versions are superseded.
func once(members []member, status []Status) []*activity.Record {
	if len(members) == 1 {
		return []*activity.Record{members[0].record}
	}
	identify(members)
	slices.SortStableFunc(members, func(x, y member) int { return cmp.Or(cmp.Compare(x.key, y.key), newer(y.record, x.record)) })
	var out []*activity.Record
	said := map[[16]byte]bool{} // by the versions of the key so far
	for i, m := range members {
		switch {
		case i == 0 || m.key != members[i-1].key:
			out = append(out, m.record)
			clear(said)
		case said[m.record.Hash]:
			status[m.index] = Duplicate
		default:
			status[m.index] = Superseded
		}
		said[m.record.Hash] = true
	}
	return out
}

// newer orders two records of one key: version, modification, then what they say, then all that else may differ, so that the answer is
// always the same.
func newer(a, b *activity.Record) int {
	return cmp.Or(
		cmp.Compare(a.Version, b.Version),
		cmp.Compare(a.ModifiedAt, b.ModifiedAt),
		cmp.Compare(len(a.Activities), len(b.Activities)),
		bytes.Compare(a.Hash[:], b.Hash[:]),
		// Of two that say the same the one that knows more of its bot stands.
		cmp.Compare(a.Bot.ID, b.Bot.ID),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Bot.Schema, b.Bot.Schema),
		cmp.Compare(a.Bot.Name, b.Bot.Name),
		cmp.Compare(a.Start, b.Start),
		cmp.Compare(a.Batch, b.Batch),
		cmp.Compare(a.SchemaVersion, b.SchemaVersion),
		cmp.Compare(a.Format, b.Format),
		bytes.Compare(a.Raw, b.Raw),
	)
}

// identify gives each record of a bot its key: the source's, else start and batch; a record without a source's key is the one with such a
// key that has the same start, batch and content, since another export shape may lack the column.
func identify(members []member) {
	window := func(r *activity.Record) string {
		b := binary.AppendVarint(nil, r.Start)
		return string(binary.AppendVarint(b, int64(r.Batch)))
	}
	named := map[string]string{}
	for _, m := range members {
		if r := m.record; r.ID != "" {
			k := window(r) + string(r.Hash[:])
			if old, ok := named[k]; !ok || r.ID < old {
				named[k] = r.ID
			}
		}
	}
	for i := range members {
		r := members[i].record
		switch id, ok := named[window(r)+string(r.Hash[:])]; {
		case r.ID != "":
			members[i].key = r.ID
		case ok:
			members[i].key = id
		default:
			members[i].key = "\x00" + window(r)
		}
	}
}
