// Package audit sets what the platform said of its sessions (SessionInfo) beside what a definition derives from the same activities.
//
// Only sessions with activities are compared: a row of a sessions CSV has none to derive from. The fields and when each is compared are
// those of docs/cli-json.md; times agree when they agree to the second, which is what SessionInfo holds (spec.md §9.1).
package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/session"
)

// Field is what is compared.
type Field string

// The fields. Boundaries is about sessions without a partner, the others about pairs.
const (
	Boundaries Field = "boundaries"
	Type       Field = "type"
	Outcome    Field = "outcome"
	Implied    Field = "implied"
	Reason     Field = "reason"
	Turns      Field = "turns"
	Start      Field = "start"
	End        Field = "end"
	Topic      Field = "topic"
	CSAT       Field = "csat"
)

// Fields lists them in the order in which they are shown.
func Fields() []Field {
	return []Field{Boundaries, Type, Outcome, Implied, Reason, Turns, Start, End, Topic, CSAT}
}

// Agreement says in how many of the compared cases both sides say the same.
type Agreement struct {
	Agree, Compared int64
}

// Difference is one field of one session on which the two sides do not agree.
type Difference struct {
	Field    Field
	Number   int   // the platform session's in its conversation, else the derived one's
	At       int64 // ms, its start
	Untimed  bool
	Kind     session.Kind
	Platform string // "" when there is no such session
	Derived  string // "" when there is no such session
	// Evidence is the derived session's that bears on the field.
	Evidence []session.Evidence
}

// Result is the comparison of one conversation.
type Result struct {
	// Sessions is how many SessionInfo there are.
	Sessions    int
	Agreements  map[Field]Agreement
	Differences []Difference // by session, then in the order of Fields
}

// Compare derives a conversation twice: as platform says, which is the definition that takes SessionInfo's word, and under def
// without taking it. The records must be in order, as for session.Derive.
func Compare(c *activity.Conversation, platform, def *definition.Definition, cat *definition.Catalogue) Result {
	said := session.Derive(c, platform, cat)
	infos := fromInfo(said.Sessions)
	if len(infos) == 0 { // and so nothing to derive for
		return Result{Agreements: map[Field]Agreement{}}
	}
	own := *def
	own.Session.Boundaries = definition.BoundariesDerived
	derived := session.Derive(c, &own, cat)
	cmp := comparison{timeline: said.Timeline, result: Result{Sessions: len(infos), Agreements: map[Field]Agreement{}}}
	cmp.run(infos, derived.Sessions)
	return cmp.result
}

// Summary is the comparison of many conversations. Its size does not depend on how many there are.
type Summary struct {
	Conversations int64 // that have SessionInfo
	Sessions      int64 // of the platform
	Differences   int64
	Agreements    map[Field]Agreement
}

// Add counts one more conversation.
func (s *Summary) Add(r Result) {
	if r.Sessions > 0 {
		s.Conversations++
	}
	s.Sessions += int64(r.Sessions)
	s.Differences += int64(len(r.Differences))
	s.count(r.Agreements)
}

// Join counts what another summary does.
func (s *Summary) Join(o Summary) {
	s.Conversations, s.Sessions, s.Differences = s.Conversations+o.Conversations, s.Sessions+o.Sessions, s.Differences+o.Differences
	s.count(o.Agreements)
}

func (s *Summary) count(more map[Field]Agreement) {
	if s.Agreements == nil {
		s.Agreements = map[Field]Agreement{}
	}
	for f, a := range more {
		sum := s.Agreements[f]
		s.Agreements[f] = Agreement{sum.Agree + a.Agree, sum.Compared + a.Compared}
	}
}

// fromInfo keeps the sessions that SessionInfo made.
func fromInfo(all []session.Session) []*session.Session {
	var out []*session.Session
	for i := range all {
		if all[i].Source == session.FromPlatform && len(all[i].Activities) > 0 {
			out = append(out, &all[i])
		}
	}
	return out
}

type comparison struct {
	timeline []activity.Entry
	result   Result
}

func (c *comparison) run(said []*session.Session, derived []session.Session) {
	closed := map[int]bool{} // records that have a SessionInfo
	for _, s := range said {
		for _, i := range s.Activities {
			if _, ok := c.timeline[i].Signal.(activity.SessionInfo); ok {
				closed[c.timeline[i].Record] = true
			}
		}
	}
	partner := match(said, derived)
	taken := map[int]bool{}
	for i, s := range said {
		d := partner[i]
		if d < 0 {
			c.differs(Boundaries, s, nil, describe(s), "")
			continue
		}
		taken[d] = true
		c.agree(Boundaries)
		c.pair(s, &derived[d])
	}
	for i := range derived {
		d := &derived[i]
		if taken[i] || !slices.ContainsFunc(d.Activities, func(at int) bool { return closed[c.timeline[at].Record] }) {
			continue
		}
		c.differs(Boundaries, nil, d, "", describe(d))
	}
}

// match gives every platform session the derived one with which it has the most activities in common, each at most once; -1 without.
func match(said []*session.Session, derived []session.Session) []int {
	owner := map[int]int{} // activity -> derived session
	for d := range derived {
		for _, i := range derived[d].Activities {
			owner[i] = d
		}
	}
	type candidate struct{ said, derived, common int }
	var all []candidate
	for s := range said {
		common := map[int]int{}
		for _, i := range said[s].Activities {
			if d, ok := owner[i]; ok {
				common[d]++
			}
		}
		for d, n := range common {
			all = append(all, candidate{s, d, n})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.common, a.common), cmp.Compare(a.said, b.said), cmp.Compare(a.derived, b.derived))
	})
	partner, taken := make([]int, len(said)), map[int]bool{}
	for i := range partner {
		partner[i] = -1
	}
	for _, c := range all {
		if partner[c.said] < 0 && !taken[c.derived] {
			partner[c.said], taken[c.derived] = c.derived, true
		}
	}
	return partner
}

// pair compares field by field. What the platform does not say is not compared.
func (c *comparison) pair(s, d *session.Session) {
	info := c.info(s)
	check := func(f Field, platform, derived string) {
		if strings.EqualFold(platform, derived) {
			c.agree(f)
		} else {
			c.differs(f, s, d, platform, derived)
		}
	}
	if info.Type != "" {
		check(Type, engagement(s), engagement(d))
	}
	check(Outcome, string(s.Outcome), string(d.Outcome))
	if info.Implied != nil {
		// Its own word: the session's resolution follows it only where the outcome is a resolution.
		check(Implied, strconv.FormatBool(*info.Implied), strconv.FormatBool(d.Resolution == session.Implied))
	}
	if info.Reason != "" {
		check(Reason, s.Reason, d.Reason)
	}
	if info.Turns >= 0 {
		check(Turns, strconv.Itoa(s.Turns), strconv.Itoa(d.Turns))
	}
	if info.Start != 0 {
		check(Start, second(s.StartedAt), second(d.StartedAt))
	}
	if info.End != 0 {
		check(End, second(s.EndedAt), second(d.EndedAt))
	}
	if info.LastUserIntent != "" || info.LastTriggeredIntent != "" {
		check(Topic, topic(s), topic(d))
	}
	if info.CSAT != 0 {
		check(CSAT, strconv.Itoa(s.CSAT), strconv.Itoa(d.CSAT))
	}
}

// info is the SessionInfo that made the session.
func (c *comparison) info(s *session.Session) activity.SessionInfo {
	for _, i := range slices.Backward(s.Activities) {
		if info, ok := c.timeline[i].Signal.(activity.SessionInfo); ok {
			return info
		}
	}
	return activity.SessionInfo{Turns: -1}
}

func (c *comparison) agree(f Field) {
	a := c.result.Agreements[f]
	a.Agree, a.Compared = a.Agree+1, a.Compared+1
	c.result.Agreements[f] = a
}

func (c *comparison) differs(f Field, s, d *session.Session, platform, derived string) {
	a := c.result.Agreements[f]
	a.Compared++
	c.result.Agreements[f] = a
	whose := s
	if whose == nil {
		whose = d
	}
	diff := Difference{
		Field: f, Number: whose.Number, At: whose.StartedAt, Untimed: whose.Untimed, Kind: whose.Kind,
		Platform: platform, Derived: derived,
	}
	if d != nil {
		diff.Evidence = bearing(f, d.Evidence)
	}
	c.result.Differences = append(c.result.Differences, diff)
}

// bearing is the evidence that bears on a field; all of it where none does.
func bearing(f Field, all []session.Evidence) []session.Evidence {
	var groups []string
	switch f {
	case Type:
		groups = []string{"engage", "topic"}
	case Outcome, Implied, Reason:
		groups = []string{"confirm", "imply", "withdraw", "escalate", "outcome", "reason"}
	case Start:
		groups = []string{"open"}
	case End:
		groups = []string{"end", "glue"}
	case Topic:
		groups = []string{"topic", "attribute"}
	case CSAT:
		groups = []string{"csat"}
	}
	var out []session.Evidence
	for _, e := range all {
		group, _, _ := strings.Cut(string(e.Rule), ".")
		if slices.Contains(groups, group) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func engagement(s *session.Session) string {
	if s.Engaged {
		return "engaged"
	}
	return "unengaged"
}

func topic(s *session.Session) string {
	if s.Topic == nil {
		return "none"
	}
	return s.Topic.ID
}

func second(ms int64) string { return activity.Time(ms).Truncate(time.Second).Format(time.RFC3339) }

// describe is a session without a partner in a few words.
func describe(s *session.Session) string {
	turns := "turns"
	if s.Turns == 1 {
		turns = "turn"
	}
	return fmt.Sprintf("%s to %s, %d %s, %s, %s", second(s.StartedAt), second(s.EndedAt), s.Turns, turns, engagement(s), s.Outcome)
}
