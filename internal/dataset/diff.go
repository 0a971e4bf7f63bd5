package dataset

import (
	"context"

	"rapport/internal/activity"
	"rapport/internal/assemble"
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
		all, err := conversations(ctx, v, r)
		if err != nil {
			return err
		}
		p.begin(stageDeriving, all)
		w := differ{r.known, r.catalogue, a, b}
		return pipeline(
			ctx, d.workers(),
			func(ctx context.Context, emit func([]*group) error) error {
				batches := batcher{emit: emit}
				if err := eachGroup(ctx, v, batches.add); err != nil {
					return err
				}
				return batches.flush()
			},
			w.work,
			func(part *compared) error {
				p.add(part.sum.Conversations)
				total.add(&part.sum)
				for _, d := range part.differences {
					if err := yield(d); err != nil {
						return err
					}
				}
				return nil
			},
		)
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
	known     *assemble.Known
	catalogue *definition.Catalogue
	a, b      *definition.Definition
}

func (w differ) work(ctx context.Context, groups []*group) (*compared, error) {
	out := &compared{sum: Comparison{FieldsThatMove: map[string]int64{}}}
	for _, g := range groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := settle(w.known, g)
		if err != nil {
			return nil, err
		}
		for _, c := range s.conversations {
			a, b := session.Derive(c, w.a, w.catalogue), session.Derive(c, w.b, w.catalogue)
			out.sum.Conversations++
			out.sum.SummaryA.count(&a)
			out.sum.SummaryB.count(&b)
			found := differences(c, a.Sessions, b.Sessions)
			if len(found) > 0 {
				out.sum.Differ++
			}
			for _, d := range found {
				out.sum.Sessions++
				for _, f := range d.Fields {
					out.sum.FieldsThatMove[f]++
				}
			}
			out.differences = append(out.differences, found...)
		}
	}
	return out, nil
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
	for _, f := range []struct {
		name  string
		alike bool
	}{
		{"start", a.StartedAt == b.StartedAt},
		{"end", a.EndedAt == b.EndedAt},
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
