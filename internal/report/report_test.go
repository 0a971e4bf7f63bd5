package report

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/session"
)

func at(s string) int64 {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

func TestRateWithoutDenominatorIsNull(t *testing.T) {
	for _, tc := range []struct {
		rate Rate
		want string
	}{
		{Rate{8, 13}, `{"numerator":8,"denominator":13,"rate":0.615385}`},
		{Rate{0, 0}, `{"numerator":0,"denominator":0,"rate":null}`},
		{Rate{0, 4}, `{"numerator":0,"denominator":4,"rate":0}`},
	} {
		got, err := json.Marshal(tc.rate)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tc.want {
			t.Errorf("rate %+v is %s, want %s", tc.rate, got, tc.want)
		}
	}
}

// Sessions of a bot that speaks first: the greeting that nobody answers is what inflates totals.
func TestBotStarted(t *testing.T) {
	r := New(Options{Zone: time.UTC})
	bot := activity.Bot{ID: "b"}
	add := func(by activity.Role, users int, engaged bool) {
		s := &session.Session{Kind: session.Chat, StartedBy: by, UserMessages: users, Engaged: engaged, Outcome: session.None}
		if engaged {
			s.Outcome = session.Abandoned
		}
		r.Add(bot, s)
	}
	add(activity.RoleBot, 0, false)
	add(activity.RoleBot, 0, false)
	add(activity.RoleBot, 2, true)
	add(activity.RoleUser, 1, true)
	add(activity.RoleUser, 1, false)
	want := BotStarted{Sessions: 3, Answered: Rate{1, 3}, Without: Rate{1, 2}, WithoutUnanswered: Rate{2, 3}}
	if diff := cmp.Diff(want, r.Summary().BotStarted); diff != "" {
		t.Error(diff)
	}
}

func TestCSATCountsAskedAndAnswered(t *testing.T) {
	r := New(Options{Zone: time.UTC})
	for _, s := range []session.Session{
		{CSATAsked: true, CSAT: 5}, {CSATAsked: true, CSAT: 2}, {CSATAsked: true}, {}, {CSAT: 4},
	} {
		s.Kind, s.Outcome = session.Chat, session.None
		r.Add(activity.Bot{}, &s)
	}
	mean := 3.666667
	want := CSAT{Sum: 11, Answered: 3, Mean: &mean, Response: Rate{3, 4}, Scores: [5]int64{0, 1, 0, 1, 1}}
	if diff := cmp.Diff(want, r.Summary().CSAT); diff != "" {
		t.Error(diff)
	}
}

// A session belongs to the day it started in, in the zone asked for; days without sessions are there, also the one of 23 hours.
func TestDaysAreThoseOfTheZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	r := New(Options{Zone: berlin})
	for _, start := range []string{"2024-03-29T23:30:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z"} {
		r.Add(activity.Bot{}, &session.Session{Kind: session.Chat, StartedAt: at(start), Outcome: session.None})
	}
	r.Add(activity.Bot{}, &session.Session{Kind: session.Chat, Untimed: true, Outcome: session.None})
	sum := r.Summary()
	got := map[string]int64{}
	for _, d := range sum.Days {
		got[d.Date.String()] = d.Sessions
	}
	want := map[string]int64{"2024-03-30": 1, "2024-03-31": 1, "2024-04-01": 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if sum.Untimed != 1 || sum.Sessions != 4 {
		t.Errorf("%d untimed of %d, want 1 of 4", sum.Untimed, sum.Sessions)
	}
}

func TestDaysFillTheRangeAskedFor(t *testing.T) {
	r := New(Options{Zone: time.UTC, From: Date{2024, 2, 28}, To: Date{2024, 3, 1}})
	var got []string
	for _, d := range r.Summary().Days {
		got = append(got, d.Date.String())
	}
	if diff := cmp.Diff([]string{"2024-02-28", "2024-02-29", "2024-03-01"}, got); diff != "" {
		t.Error(diff)
	}
}

// A bot has one name, in its topics too, whichever session came first.
func TestTopicsCallABotAsBotsDo(t *testing.T) {
	r := New(Options{Zone: time.UTC})
	for i, name := range []string{"", "Help desk"} {
		r.Add(activity.Bot{ID: "1", Name: name}, &session.Session{Kind: session.Chat, Topic: &session.Topic{ID: string(rune('a' + i))}})
	}
	sum := r.Summary()
	for _, topic := range sum.Topics {
		if topic.Bot != "Help desk" || sum.Bots[0].Name != "Help desk" {
			t.Errorf("topic %s is of bot %q, which is called %q", topic.ID, topic.Bot, sum.Bots[0].Name)
		}
	}
}

// Other kinds than the headline's are counted apart and change nothing in it.
func TestOtherKinds(t *testing.T) {
	r := New(Options{Zone: time.UTC})
	r.Add(activity.Bot{ID: "b"}, &session.Session{Kind: session.Autonomous, Engaged: true, Outcome: session.Resolved, Topic: &session.Topic{ID: "t"}})
	r.Add(activity.Bot{ID: "b"}, &session.Session{Kind: session.Child, Outcome: session.None})
	sum := r.Summary()
	if sum.Sessions != 0 || len(sum.Topics) != 0 || len(sum.Bots) != 0 || len(sum.Days) != 0 {
		t.Errorf("other kinds are in the headline: %+v", sum)
	}
	if len(sum.OtherKinds) != 2 || sum.OtherKinds[0].Kind != session.Autonomous || sum.OtherKinds[0].Confirmed != 1 {
		t.Errorf("other kinds: %+v", sum.OtherKinds)
	}
}

func TestFold(t *testing.T) {
	for _, tc := range []struct {
		days        int
		grain       string
		first, last string
		spans       int
	}{
		{35, "day", "2024-01-03", "2024-02-06", 35},
		{36, "week", "2024-01-01", "2024-02-05", 6}, // 3 January 2024 is a Wednesday
		{366, "month", "2024-01", "2025-01", 13},
		{365 * 4, "year", "2024", "2028", 5},
	} {
		var days []Day
		d := Date{2024, 1, 3}
		for range tc.days {
			days = append(days, Day{Date: d, Counts: Counts{Sessions: 1, Engaged: 1, Abandoned: 1}})
			d = d.Next()
		}
		grain, spans := Fold(days)
		if grain != tc.grain || len(spans) != tc.spans || spans[0].Label != tc.first || spans[len(spans)-1].Label != tc.last {
			t.Errorf("%d days: %d of %s from %s to %s, want %+v", tc.days, len(spans), grain, spans[0].Label, spans[len(spans)-1].Label, tc)
		}
		var sum Counts
		for _, s := range spans {
			sum.Sessions += s.Sessions
			sum.Abandoned += s.Abandoned
		}
		if sum.Sessions != int64(tc.days) || sum.Abandoned != int64(tc.days) {
			t.Errorf("%d days fold to %+v", tc.days, sum)
		}
	}
}

// Whatever the sessions, also those whose labels a platform got wrong: counts add up, in total and in every group, and the order in
// which they come changes nothing.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type one struct {
			bot activity.Bot
			s   session.Session
		}
		gen := rapid.Custom(func(t *rapid.T) one {
			s := session.Session{
				StartedAt: at("2024-02-25T00:00:00Z") + rapid.Int64Range(0, 10*24*3600_000).Draw(t, "start"),
				Untimed:   rapid.IntRange(0, 9).Draw(t, "untimed") == 0,
				StartedBy: rapid.SampledFrom([]activity.Role{activity.RoleBot, activity.RoleUser}).Draw(t, "by"),
				Engaged:   rapid.Bool().Draw(t, "engaged"),
				Outcome:   rapid.SampledFrom([]session.Outcome{session.None, session.Resolved, session.Escalated, session.Abandoned}).Draw(t, "outcome"),
				Kind:      rapid.SampledFrom([]session.Kind{session.Chat, session.Chat, session.Autonomous, session.Child}).Draw(t, "kind"),
				CSAT:      rapid.IntRange(0, 5).Draw(t, "csat"), CSATAsked: rapid.Bool().Draw(t, "asked"),
				UserMessages: rapid.IntRange(0, 2).Draw(t, "messages"),
			}
			if s.Outcome == session.Resolved {
				s.Resolution = rapid.SampledFrom([]session.Resolution{session.Confirmed, session.Implied}).Draw(t, "resolution")
			}
			if id := rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "topic"); id != "" {
				s.Topic = &session.Topic{ID: id, Name: "topic " + id}
			}
			return one{activity.Bot{ID: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "bot")}, s}
		})
		all := rapid.SliceOfN(gen, 0, 40).Draw(t, "sessions")
		sum := func(all []one) Summary {
			r := New(Options{Zone: time.UTC})
			for i := range all {
				r.Add(all[i].bot, &all[i].s)
			}
			return r.Summary()
		}
		got := sum(all)
		if diff := cmp.Diff(got, sum(rapid.Permutation(all).Draw(t, "shuffled")), cmp.AllowUnexported(time.Location{})); diff != "" {
			t.Fatalf("the order of sessions changes the report: %s", diff)
		}
		adds := func(what string, c Counts) {
			if c.Engaged+c.Unengaged != c.Sessions {
				t.Fatalf("%s: engaged and unengaged are not the sessions: %+v", what, c)
			}
			if c.Confirmed+c.Implied+c.Escalated+c.Abandoned+c.NoOutcome != c.Engaged {
				t.Fatalf("%s: the outcomes are not the engaged: %+v", what, c)
			}
		}
		adds("total", got.Counts)
		var bots, topics, days, other int64
		for _, b := range got.Bots {
			adds("bot", b.Counts)
			bots += b.Sessions
		}
		for _, x := range got.Topics {
			adds("topic", x.Counts)
			topics += x.Sessions
		}
		for _, d := range got.Days {
			adds("day", d.Counts)
			days += d.Sessions
		}
		for _, k := range got.OtherKinds {
			adds("kind", k.Counts)
			other += k.Sessions
		}
		switch {
		case got.Sessions+other != int64(len(all)):
			t.Fatalf("%d counted and %d apart, of %d", got.Sessions, other, len(all))
		case bots != got.Sessions, topics+got.NoTopic != got.Sessions, days+got.Untimed != got.Sessions:
			t.Fatalf("groups do not make %d sessions: bots %d, topics %d and %d without, days %d and %d untimed",
				got.Sessions, bots, topics, got.NoTopic, days, got.Untimed)
		}
	})
}
