package dataset

import (
	"context"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/session"
	"rapport/internal/store"
)

// Diff derives every conversation under both definitions in a stream, keeping neither, and yields the sessions that differ. Of the sessions
// of a conversation those that start together are compared, then those that overlap; sessions of every kind count.
func (d *Dataset) Diff(ctx context.Context, a, b *definition.Definition, p *Progress, yield func(Difference) error) (Comparison, error) {
	total := Comparison{A: a.ID(), B: b.ID(), FieldsThatMove: map[string]int64{}}
	err := d.store.View(ctx, func(v store.View) error {
		r, err := d.rulesOf(ctx, v)
		if err != nil {
			return err
		}
		w := differ{r.catalogue, a, b}
		return everyConversation(ctx, d, v, r, p, w.look, func(part *compared) error {
			total.add(&part.sum)
			for _, d := range part.differences {
				if err := yield(d); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return total, err
}

// compared is what one batch comes to.
type compared struct {
	sum         Comparison
	differences []Difference
}

func (c *Comparison) add(part *Comparison) {
	c.Conversations += part.Conversations
	c.Differ += part.Differ
	c.Sessions += part.Sessions
	c.SummaryA.add(part.SummaryA)
	c.SummaryB.add(part.SummaryB)
	for field, n := range part.FieldsThatMove {
		c.FieldsThatMove[field] += n
	}
}

func (s *DiffSide) add(o DiffSide) {
	s.Sessions, s.Engaged, s.Resolved = s.Sessions+o.Sessions, s.Engaged+o.Engaged, s.Resolved+o.Resolved
	s.Confirmed, s.Implied = s.Confirmed+o.Confirmed, s.Implied+o.Implied
	s.Escalated, s.Abandoned, s.Billed = s.Escalated+o.Escalated, s.Abandoned+o.Abandoned, s.Billed+o.Billed
}

func (s *DiffSide) count(res *session.Result) {
	s.Billed += int64(len(res.Billed))
	for i := range res.Sessions {
		one := &res.Sessions[i]
		s.Sessions++
		if one.Engaged {
			s.Engaged++
		}
		switch one.Outcome {
		case session.Resolved:
			s.Resolved++
		case session.Escalated:
			s.Escalated++
		case session.Abandoned:
			s.Abandoned++
		}
		switch one.Resolution {
		case session.Confirmed:
			s.Confirmed++
		case session.Implied:
			s.Implied++
		}
	}
}

// differ compares conversations under two definitions.
type differ struct {
	catalogue *definition.Catalogue
	a, b      *definition.Definition
}

func (w differ) look(c *activity.Conversation, to *compared) {
	a, b := session.Derive(c, w.a, w.catalogue), session.Derive(c, w.b, w.catalogue)
	to.sum.Conversations++
	to.sum.SummaryA.count(&a)
	to.sum.SummaryB.count(&b)
	found := differences(c, a.Sessions, b.Sessions)
	if len(found) == 0 {
		return
	}
	to.sum.Differ++
	if to.sum.FieldsThatMove == nil {
		to.sum.FieldsThatMove = map[string]int64{}
	}
	for _, d := range found {
		to.sum.Sessions++
		for _, f := range d.Fields {
			to.sum.FieldsThatMove[f]++
		}
	}
	to.differences = append(to.differences, found...)
}

// differences pairs the sessions of one conversation, both in order of their start, and keeps the pairs that are not alike.
func differences(c *activity.Conversation, a, b []session.Session) []Difference {
	pairOf := make([]int, len(a)) // index into b, -1 for none
	taken := make([]bool, len(b))
	match := func(alike func(x, y *session.Session) bool) {
		from := 0
		for i := range a {
			for j := from; j < len(b) && pairOf[i] < 0; j++ {
				if !taken[j] && alike(&a[i], &b[j]) {
					pairOf[i], taken[j], from = j, true, j+1
				}
			}
		}
	}
	for i := range pairOf {
		pairOf[i] = -1
	}
	match(func(x, y *session.Session) bool { return x.StartedAt == y.StartedAt && x.Untimed == y.Untimed })
	match(func(x, y *session.Session) bool { return x.StartedAt <= y.EndedAt && y.StartedAt <= x.EndedAt })
	var out []Difference
	next := 0 // of b
	alone := func(until int64) {
		for ; next < len(b) && b[next].StartedAt < until; next++ {
			if !taken[next] {
				out = append(out, Difference{Bot: c.Bot, Conversation: c.ID, B: &b[next]})
			}
		}
	}
	for i := range a {
		alone(a[i].StartedAt)
		d := Difference{Bot: c.Bot, Conversation: c.ID, A: &a[i]}
		if pairOf[i] >= 0 {
			d.B = &b[pairOf[i]]
			d.Fields = fieldsThatDiffer(d.A, d.B)
		}
		if d.B == nil || len(d.Fields) > 0 {
			out = append(out, d)
		}
	}
	alone(1<<63 - 1)
	return out
}

// fieldsThatDiffer names what is not alike of two sessions.
func fieldsThatDiffer(a, b *session.Session) []string {
	var out []string
	// SessionInfo says its times in whole seconds (spec.md §9.1): beside it, nothing finer can differ.
	precision := int64(1)
	if a.Source == session.FromPlatform || b.Source == session.FromPlatform {
		precision = 1000
	}
	for _, f := range []struct {
		name  string
		alike bool
	}{
		{"start", a.StartedAt/precision == b.StartedAt/precision},
		{"end", a.EndedAt/precision == b.EndedAt/precision},
		{"engaged", a.Engaged == b.Engaged},
		{"outcome", a.Outcome == b.Outcome},
		{"resolution", a.Resolution == b.Resolution},
		{"reason", a.Reason == b.Reason},
		{"topic", topicID(a) == topicID(b)},
		{"turns", a.Turns == b.Turns},
	} {
		if !f.alike {
			out = append(out, f.name)
		}
	}
	return out
}

func topicID(s *session.Session) string {
	if s.Topic == nil {
		return ""
	}
	return s.Topic.ID
}
