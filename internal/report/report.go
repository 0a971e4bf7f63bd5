// Package report sums sessions up: counts, and rates as two counts each (DESIGN.md, law 6). It reads no clock.
//
// Memory is bounded by days, bots and topics, and does not depend on how many sessions there are.
package report

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"

	"rapport/internal/activity"
	"rapport/internal/session"
)

// Rate is two counts. Without a denominator there is no rate.
type Rate struct {
	Numerator, Denominator int64
}

// Value is the rate from 0 to 1; false without a denominator.
func (r Rate) Value() (float64, bool) {
	if r.Denominator == 0 {
		return 0, false
	}
	return float64(r.Numerator) / float64(r.Denominator), true
}

// MarshalJSON writes {numerator, denominator, rate}, the rate null without a denominator and rounded to six digits.
func (r Rate) MarshalJSON() ([]byte, error) {
	out := struct {
		Numerator   int64    `json:"numerator"`
		Denominator int64    `json:"denominator"`
		Rate        *float64 `json:"rate"`
	}{r.Numerator, r.Denominator, nil}
	if v, ok := r.Value(); ok {
		v = math.Round(v*1e6) / 1e6
		out.Rate = &v
	}
	return json.Marshal(out)
}

// Counts are sessions by engagement and outcome. Engaged and Unengaged make Sessions; the five below make Engaged.
type Counts struct {
	Sessions  int64 `json:"sessions"`
	Engaged   int64 `json:"engaged"`
	Unengaged int64 `json:"unengaged"`
	Confirmed int64 `json:"resolved_confirmed"`
	Implied   int64 `json:"resolved_implied"`
	Escalated int64 `json:"escalated"`
	Abandoned int64 `json:"abandoned"`
	// NoOutcome are engaged sessions for which a platform gave no outcome. Derived sessions always have one.
	NoOutcome int64 `json:"engaged_without_outcome"`
}

func (c *Counts) add(s *session.Session) {
	c.Sessions++
	if !s.Engaged {
		c.Unengaged++
		return
	}
	c.Engaged++
	switch {
	case s.Outcome == session.Resolved && s.Resolution == session.Implied:
		c.Implied++
	case s.Outcome == session.Resolved:
		c.Confirmed++
	case s.Outcome == session.Escalated:
		c.Escalated++
	case s.Outcome == session.Abandoned:
		c.Abandoned++
	default:
		c.NoOutcome++
	}
}

// Rates are those of Counts: engagement over sessions, the others over engaged sessions (spec.md §5.1).
type Rates struct {
	Engagement Rate `json:"engagement"`
	Resolution Rate `json:"resolution"`
	Confirmed  Rate `json:"resolution_confirmed"`
	Implied    Rate `json:"resolution_implied"`
	Escalation Rate `json:"escalation"`
	Abandon    Rate `json:"abandon"`
}

// Rates of the counts.
func (c Counts) Rates() Rates {
	of := func(n int64) Rate { return Rate{n, c.Engaged} }
	return Rates{
		Engagement: Rate{c.Engaged, c.Sessions},
		Resolution: of(c.Confirmed + c.Implied), Confirmed: of(c.Confirmed), Implied: of(c.Implied),
		Escalation: of(c.Escalated), Abandon: of(c.Abandoned),
	}
}

// CSAT is satisfaction: scores of 1 to 5, the last answer of each session.
type CSAT struct {
	Sum      int64    `json:"sum"`
	Answered int64    `json:"answered"`
	Mean     *float64 `json:"mean"` // null without an answer
	// Response is answered of asked.
	Response Rate     `json:"response"`
	Scores   [5]int64 `json:"scores"` // how many gave 1, 2, 3, 4, 5
}

// BotStarted are sessions whose first message was the bot's: a bot that speaks first inflates totals.
type BotStarted struct {
	Sessions int64 `json:"sessions"`
	// Answered is those of them in which the user wrote something.
	Answered Rate `json:"answered"`
	// Without is engagement over the other sessions, which users started.
	Without Rate `json:"engagement_without_them"`
	// WithoutUnanswered is engagement over all sessions but those that the bot started and nobody answered.
	WithoutUnanswered Rate `json:"engagement_without_unanswered"`
}

// Group is counts of one bot, topic or kind.
type Group struct {
	Counts
	Rates Rates `json:"rates"`
}

// Topic is what is attributed to one topic of one bot.
type Topic struct {
	BotID string `json:"bot_id"`
	Bot   string `json:"bot_name"`
	ID    string `json:"id"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Group
}

// Bot is the sessions of one bot.
type Bot struct {
	ID   string `json:"bot_id"`
	Name string `json:"bot_name"`
	Group
}

// Kind is the sessions of one kind of traffic.
type Kind struct {
	Kind session.Kind `json:"kind"`
	Group
}

// Day is the sessions that started on one day.
type Day struct {
	Date Date `json:"date"`
	Counts
}

// Summary is everything that a report says.
type Summary struct {
	Definition string         `json:"definition"`
	Zone       string         `json:"zone"`
	Kinds      []session.Kind `json:"kinds"` // what the headline counts
	Group
	CSAT       CSAT       `json:"csat"`
	BotStarted BotStarted `json:"bot_started"`
	// Untimed sessions count everywhere but in Days.
	Untimed int64 `json:"untimed"`
	// NoTopic is how many have no topic.
	NoTopic    int64   `json:"without_topic"`
	Topics     []Topic `json:"topics"` // most sessions first
	Bots       []Bot   `json:"bots"`   // most sessions first
	OtherKinds []Kind  `json:"other_kinds"`
	Days       []Day   `json:"days"` // every day of the range
}

// Options of a Report.
type Options struct {
	Definition string // name@version
	Zone       *time.Location
	// Kinds are what the headline counts; nil means chat alone. The rest is counted apart.
	Kinds []session.Kind
	// From and To bound Days; the zero Date leaves that side to the first or last session.
	From, To Date
}

// Report takes sessions one by one.
type Report struct {
	opts            Options
	all             Counts
	asked           int64
	csat            CSAT
	botStarted      Counts
	answered        int64
	botEngaged      int64 // engaged among those nobody answered
	userStarted     Counts
	untimed, topics int64 // topics: sessions with one
	byTopic         map[topicKey]*Topic
	byBot           map[string]*Bot
	byKind          map[session.Kind]*Counts
	byDay           map[Date]*Counts
}

type topicKey struct{ bot, id string }

// New returns an empty report.
func New(opts Options) *Report {
	if opts.Kinds == nil {
		opts.Kinds = []session.Kind{session.Chat}
	}
	return &Report{
		opts: opts, byTopic: map[topicKey]*Topic{}, byBot: map[string]*Bot{}, byKind: map[session.Kind]*Counts{}, byDay: map[Date]*Counts{},
	}
}

// Add counts one session of a bot. Sessions of an other kind than the headline's are only counted apart.
func (r *Report) Add(bot activity.Bot, s *session.Session) {
	if !slices.Contains(r.opts.Kinds, s.Kind) {
		entry(r.byKind, s.Kind).add(s)
		return
	}
	r.all.add(s)
	r.addStart(s)
	r.addScore(s)
	b := entry(r.byBot, bot.Key())
	b.ID, b.Name = bot.Key(), max(b.Name, cmp.Or(bot.Name, bot.Schema, bot.ID))
	b.add(s)
	if s.Topic != nil {
		r.topics++
		t := entry(r.byTopic, topicKey{bot.Key(), s.Topic.ID})
		// The largest, so that the answer does not hang on the order of the sessions.
		t.BotID, t.ID = b.ID, s.Topic.ID
		t.Name, t.Kind = max(t.Name, s.Topic.Name), max(t.Kind, s.Topic.Kind.String())
		t.add(s)
	}
	if s.Untimed {
		r.untimed++
	} else {
		entry(r.byDay, DateOf(activity.Time(s.StartedAt).In(r.opts.Zone))).add(s)
	}
}

func entry[K comparable, V any](m map[K]*V, key K) *V {
	v := m[key]
	if v == nil {
		v = new(V)
		m[key] = v
	}
	return v
}

func (r *Report) addStart(s *session.Session) {
	if s.StartedBy == activity.RoleUser {
		r.userStarted.add(s)
		return
	}
	r.botStarted.add(s)
	switch {
	case s.UserMessages > 0:
		r.answered++
	case s.Engaged:
		r.botEngaged++
	}
}

func (r *Report) addScore(s *session.Session) {
	if s.CSATAsked || s.CSAT != 0 {
		r.asked++
	}
	if s.CSAT >= 1 && s.CSAT <= 5 {
		r.csat.Answered++
		r.csat.Sum += int64(s.CSAT)
		r.csat.Scores[s.CSAT-1]++
	}
}

// Summary is the report on what was added so far.
func (r *Report) Summary() Summary {
	out := Summary{
		Definition: r.opts.Definition, Zone: r.opts.Zone.String(), Kinds: r.opts.Kinds, Group: group(r.all),
		CSAT: r.csat, Untimed: r.untimed, NoTopic: r.all.Sessions - r.topics,
		Topics: []Topic{}, Bots: []Bot{}, OtherKinds: []Kind{}, Days: r.days(),
	}
	out.CSAT.Response = Rate{r.csat.Answered, r.asked}
	if r.csat.Answered > 0 {
		mean := math.Round(float64(r.csat.Sum)/float64(r.csat.Answered)*1e6) / 1e6
		out.CSAT.Mean = &mean
	}
	unanswered := r.botStarted.Sessions - r.answered
	out.BotStarted = BotStarted{
		Sessions: r.botStarted.Sessions, Answered: Rate{r.answered, r.botStarted.Sessions},
		Without:           Rate{r.userStarted.Engaged, r.userStarted.Sessions},
		WithoutUnanswered: Rate{r.all.Engaged - r.botEngaged, r.all.Sessions - unanswered},
	}
	for _, t := range r.byTopic {
		t.Group, t.Bot = group(t.Counts), r.byBot[t.BotID].Name
		out.Topics = append(out.Topics, *t)
	}
	slices.SortFunc(out.Topics, func(a, b Topic) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Name, b.Name), cmp.Compare(a.BotID, b.BotID), cmp.Compare(a.ID, b.ID))
	})
	for _, b := range r.byBot {
		b.Group = group(b.Counts)
		out.Bots = append(out.Bots, *b)
	}
	slices.SortFunc(out.Bots, func(a, b Bot) int {
		return cmp.Or(cmp.Compare(b.Sessions, a.Sessions), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for k, c := range r.byKind {
		out.OtherKinds = append(out.OtherKinds, Kind{k, group(*c)})
	}
	slices.SortFunc(out.OtherKinds, func(a, b Kind) int { return cmp.Compare(a.Kind, b.Kind) })
	return out
}

func group(c Counts) Group { return Group{c, c.Rates()} }

// days is every day of the range, those without sessions too.
func (r *Report) days() []Day {
	first, last := r.opts.From, r.opts.To
	for d := range r.byDay {
		if r.opts.From.IsZero() && (first.IsZero() || d.Before(first)) {
			first = d
		}
		if r.opts.To.IsZero() && (last.IsZero() || last.Before(d)) {
			last = d
		}
	}
	out := []Day{}
	if first.IsZero() || last.IsZero() {
		return out
	}
	for d := first; !last.Before(d); d = d.Next() {
		day := Day{Date: d}
		if c := r.byDay[d]; c != nil {
			day.Counts = *c
		}
		out = append(out, day)
	}
	return out
}
