package metric

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// made are sessions written short: one a line, "when bot topic flags" with the flags e(ngaged), r(esolved), h(anded over), b(ot started),
// u<n> user, c<n> conversation, s<n> score; "-" for no topic.
func made(t testing.TB, z *time.Location, text string) []fact.Session {
	t.Helper()
	var out []fact.Session
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		ms := day(t, z, f[0]+" "+f[1]).UnixMilli()
		s := fact.Session{
			StartedAt: ms, EndedAt: ms + 60_000, ClosesAt: ms + 31*60_000, Duration: 60_000, Bot: f[2], StartedBy: 2,
			ConversationKey: int64(len(out) + 1),
		}
		if f[3] != "-" {
			s.TopicID, s.TopicName, s.TopicKind = f[3], strings.ToUpper(f[3]), 2
		}
		for _, flag := range f[4:] {
			n := int64(0)
			if len(flag) > 1 {
				_, _ = fmt.Sscan(flag[1:], &n)
			}
			switch flag[0] {
			case 'e':
				s.Engaged, s.Outcome = true, 3
			case 'r':
				s.Engaged, s.Outcome, s.Resolution = true, 1, 1
			case 'h':
				s.Engaged, s.Outcome = true, 2
			case 'b':
				s.StartedBy = 1
			case 'u':
				s.UserKey = n
			case 'c':
				s.ConversationKey = n
			case 's':
				s.CSAT, s.CSATAsked = n, true
			default:
				t.Fatalf("unknown flag %q", flag)
			}
		}
		out = append(out, s)
	}
	return out
}

func answer(t testing.TB, c Context, q Query) Result {
	t.Helper()
	got, err := Answer(context.Background(), c, q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// table is an answer for reading: a line a row, keys, then the values, then the changes, then whether it is partial.
func table(r Result) string {
	var b strings.Builder
	say := func(row Row) {
		fmt.Fprint(&b, strings.Join(row.Keys, " "), " |")
		for _, v := range row.Values {
			fmt.Fprint(&b, " ", show(v.Value))
			if v.Denominator != nil && v.Numerator != nil {
				fmt.Fprintf(&b, " (%d/%d)", *v.Numerator, *v.Denominator)
			}
			if v.TooFew {
				fmt.Fprint(&b, " too few")
			}
		}
		for i, c := range row.Changes {
			fmt.Fprint(&b, " | ", show(row.Before[i].Value), " ")
			switch {
			case c.New:
				fmt.Fprint(&b, "new")
			case c.Points != nil:
				fmt.Fprint(&b, show(c.Points), " points")
			default:
				fmt.Fprint(&b, show(c.Relative))
			}
		}
		if row.Partial {
			fmt.Fprint(&b, " partial")
		}
		fmt.Fprint(&b, "\n")
	}
	for _, row := range r.Rows {
		say(row)
	}
	say(r.Total)
	return b.String()
}

func show(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(math.Round(*v*1e4) / 1e4)
}

func TestAnswer(t *testing.T) {
	one := int64(1)
	for _, tt := range []struct {
		name, zone, sessions string
		now                  string
		q                    Query
		want                 string
	}{
		{
			"a rate is two counts", "UTC", `
				2026-04-01 10:00 b t e
				2026-04-01 11:00 b t e
				2026-04-01 12:00 b -`,
			"",
			Query{Measures: []string{"engagement_rate", "resolution_rate", "csat_score"}, MinimumCount: &one},
			" | 0.6667 (2/3) 0 (0/2) - (0/0)\n",
		},
		{
			"below the minimum there is a count and no rate", "UTC", "2026-04-01 10:00 b t e", "",
			Query{Measures: []string{"engagement_rate", "sessions", "duration_median"}},
			" | - (1/1) too few 1 60000\n",
		},
		{
			"every day of the range has a row, and one cut by the range is partial", "Europe/Berlin", `
				2026-03-28 23:30 b t e
				2026-03-30 00:00 b t`,
			"",
			Query{
				Measures: []string{"sessions", "engagement_rate"}, Dimensions: []string{"time"}, Grain: "day", MinimumCount: &one,
				Range: &Range{"2026-03-28T00:00:01+01:00", "2026-03-30T12:00:00+02:00"},
			},
			"2026-03-28T00:00:00+01:00 | 1 1 (1/1) partial\n" +
				"2026-03-29T00:00:00+01:00 | 0 - (0/0)\n" +
				"2026-03-30T00:00:00+02:00 | 1 0 (0/1) partial\n" +
				" | 2 0.5 (1/2)\n",
		},
		{
			"a day is the zone's", "Asia/Kolkata", "2026-04-02 00:10 b t e", "",
			Query{Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: "day", Range: &Range{"2026-04-01", "2026-04-02"}},
			"2026-04-01T00:00:00+05:30 | 0\n2026-04-02T00:00:00+05:30 | 1\n | 1\n",
		},
		{
			// As of 10:20 the session of 10:00 is open until 10:31, and the one of 10:30 is yet to come.
			"an open session counts, and has no outcome", "UTC", `
				2026-04-01 08:00 b t r
				2026-04-01 10:00 b t r
				2026-04-01 10:30 b t r`,
			"2026-04-01 10:20",
			Query{
				Measures: []string{"sessions", "engaged_sessions", "resolved_sessions", "unfinished_sessions"}, Dimensions: []string{"outcome"},
				Range: &Range{"2026-04-01", "2026-04-01"},
			},
			"resolved | 1 1 1 0\nunfinished | 1 1 0 1\n | 2 2 1 1\n",
		},
		{
			"a bucket with an open session is partial, and one that is not over", "UTC", `
				2026-04-01 08:59 b t r
				2026-04-01 10:00 b t r`,
			"2026-04-01 09:10",
			Query{
				Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: "hour", Range: &Range{"2026-04-01T07:00:00Z", "2026-04-01T10:00:00Z"},
			},
			"2026-04-01T07:00:00Z | 0\n2026-04-01T08:00:00Z | 1 partial\n2026-04-01T09:00:00Z | 0 partial\n | 1\n",
		},
		{
			"a comparison has groups of both periods; counts change in shares, rates in points", "UTC", `
				2026-04-01 10:00 gone t e
				2026-04-01 10:00 both t e
				2026-04-02 10:00 both t e
				2026-04-02 11:00 both -
				2026-04-02 10:00 fresh t e`,
			"",
			Query{
				Measures: []string{"sessions", "engagement_rate"}, Dimensions: []string{"bot"}, MinimumCount: &one,
				Range: &Range{"2026-04-02", "2026-04-02"}, Comparison: &Comparison{Kind: "previous"},
			},
			"both | 2 0.5 (1/2) | 1 1 | 1 -0.5 points\n" +
				"fresh | 1 1 (1/1) | 0 new | - new\n" +
				"gone | 0 - (0/0) | 1 -1 | 1 -\n" +
				" | 3 0.6667 (2/3) | 2 0.5 | 1 -0.3333 points\n",
		},
		{
			"the nth day is compared with the nth", "UTC", `
				2026-04-01 10:00 b t
				2026-04-04 10:00 b t
				2026-04-04 11:00 b t`,
			"",
			Query{
				Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: "day",
				Range: &Range{"2026-04-03", "2026-04-04"}, Comparison: &Comparison{Kind: "custom", Range: &Range{"2026-03-31", "2026-04-01"}},
			},
			"2026-04-03T00:00:00Z | 0 | 0 0\n2026-04-04T00:00:00Z | 2 | 1 1\n | 2 | 1 1\n",
		},
		{
			"by time and another dimension every group has every bucket", "UTC", `
				2026-04-01 10:00 a t
				2026-04-02 10:00 b t`,
			"",
			Query{Measures: []string{"sessions"}, Dimensions: []string{"bot", "time"}, Grain: "day", Range: &Range{"2026-04-01", "2026-04-02"}},
			"a 2026-04-01T00:00:00Z | 1\na 2026-04-02T00:00:00Z | 0\nb 2026-04-01T00:00:00Z | 0\nb 2026-04-02T00:00:00Z | 1\n | 2\n",
		},
		{
			"sorted by a measure, what has no value last, and cut", "UTC", `
				2026-04-01 10:00 b x e s2
				2026-04-01 10:00 b y e s5
				2026-04-01 10:00 b y e s4
				2026-04-01 10:00 b z e`,
			"",
			Query{Measures: []string{"csat_score"}, Dimensions: []string{"topic"}, Sort: "csat_score", MinimumCount: &one, Limit: 2},
			"x | 2 (2/1)\ny | 4.5 (9/2)\n | 3.6667 (11/3)\n",
		},
		{
			"downwards too", "UTC", `
				2026-04-01 10:00 b x e s2
				2026-04-01 10:00 b y e s5
				2026-04-01 10:00 b z e`,
			"",
			Query{Measures: []string{"csat_score"}, Dimensions: []string{"topic"}, Sort: "-csat_score", MinimumCount: &one},
			"y | 5 (5/1)\nx | 2 (2/1)\nz | - (0/0)\n | 3.5 (7/2)\n",
		},
		{
			"users of a total are no sum", "UTC", `
				2026-04-01 10:00 a x u1 c1
				2026-04-01 10:00 b x u1 c2
				2026-04-01 10:00 b y u2 c3`,
			"",
			Query{Measures: []string{"users", "returning_users", "sessions"}, Dimensions: []string{"topic"}},
			"x | 1 1 2\ny | 1 0 1\n | 2 1 3\n",
		},
		{
			"weekdays, Monday first, and hours in the zone", "America/New_York", `
				2026-04-05 23:00 b t
				2026-04-06 00:00 b t`,
			"",
			Query{Measures: []string{"sessions"}, Dimensions: []string{"weekday", "hour"}, Zone: "America/New_York"},
			"monday 00 | 1\nsunday 23 | 1\n | 2\n",
		},
		{
			"excluded and included", "UTC", `
				2026-04-01 10:00 a x e
				2026-04-01 10:00 a - e
				2026-04-01 10:00 b y e
				2026-04-01 10:00 b x`,
			"",
			Query{
				Measures: []string{"sessions"}, Dimensions: []string{"bot", "topic"},
				Filters: []Filter{{"topic", true, []string{"", "z"}}, {"engagement", false, []string{"engaged"}}},
			},
			"a x | 1\nb y | 1\n | 2\n",
		},
		{
			"two totals side by side", "UTC", `
				2026-04-01 10:00 a x r
				2026-04-01 10:00 a x e`,
			"",
			Query{Measures: []string{"billed_per_resolved", "sessions"}, Dimensions: []string{"channel"}},
			" | 2 (2/1) 2\n | 2 (2/1) 2\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z := zone(t, tt.zone)
			w := &world{sessions: made(t, z, tt.sessions)}
			for _, s := range w.sessions {
				w.billed = append(w.billed, fact.Billed{StartedAt: s.StartedAt})
			}
			c := Context{Facts: w, Zone: z}
			if tt.now != "" {
				c.Now = day(t, z, tt.now)
			}
			if diff := cmp.Diff(tt.want, table(answer(t, c, tt.q))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReturningUsersNeedReusedIds(t *testing.T) {
	// One user in 41 has two conversations: 2 of 42 conversations have a reused id.
	w := &world{}
	for i := range int64(42) {
		w.sessions = append(w.sessions, fact.Session{StartedAt: 1e12, ConversationKey: i + 1, UserKey: max(i, 1), Bot: "b"})
	}
	got := answer(t, Context{Facts: w}, Query{Measures: []string{"returning_users", "returning_user_rate", "users"}, Dimensions: []string{"bot"}})
	for _, row := range append(got.Rows, got.Total) {
		if row.Values[0].Value != nil || !row.Values[0].TooFew || row.Values[1].Value != nil || !row.Values[1].TooFew {
			t.Errorf("there is a figure for returning users: %+v", row.Values)
		}
		if *row.Values[2].Value != 41 {
			t.Errorf("users are %v", *row.Values[2].Value)
		}
	}
	want := "Only 4.8 % of conversations have a user who has another one: ids are hardly reused, so there is no figure for returning users (5 % at least)."
	if len(got.Notes) != 2 || got.Notes[1] != want {
		t.Errorf("notes are %q", got.Notes)
	}
	w.sessions[2].UserKey = 1 // now 3 of 42
	if v := answer(t, Context{Facts: w}, Query{Measures: []string{"returning_users"}}).Total.Values[0]; v.Value == nil || *v.Value != 1 {
		t.Errorf("there is no figure for returning users: %+v", v)
	}
}

func TestNotesOnAComparison(t *testing.T) {
	got := answer(t, Context{Facts: &world{}, Now: day(t, time.UTC, "2026-03-15 12:00")}, Query{
		Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: "day",
		Range: &Range{"2026-03-01", "2026-03-31"}, Comparison: &Comparison{Kind: "custom", Range: &Range{"2026-02-01", "2026-02-28"}},
	})
	want := []string{
		"The period is not over: it is compared with a whole one.",
		"The period has 31 buckets and the one before 28: they are compared in their order, and the last 3 stand alone.",
	}
	if diff := cmp.Diff(want, got.Notes); diff != "" {
		t.Error(diff)
	}
	if last := got.Rows[30]; last.Before != nil || last.BeforeKeys != nil || last.Changes != nil {
		t.Errorf("the 31st is compared with %v", last.BeforeKeys)
	}
	if diff := cmp.Diff([]string{"2026-02-28T00:00:00Z"}, got.Rows[27].BeforeKeys); diff != "" {
		t.Error(diff)
	}
}

// The 61 days of March and April follow those from 30 December on: March stands beside two days, and February beside nothing.
func TestNotesOnAComparisonOfMonths(t *testing.T) {
	got := answer(t, Context{Facts: &world{}}, Query{
		Measures: []string{"sessions"}, Dimensions: []string{"time"}, Grain: "month",
		Range: &Range{"2026-03-01", "2026-04-30"}, Comparison: &Comparison{Kind: "previous"},
	})
	want := []string{
		"The period has 2 buckets and the one before 3: they are compared in their order, and the last 1 of the one before are in its total alone.",
		"A whole bucket is compared with one of which the period before has only a part: compare the totals.",
	}
	if diff := cmp.Diff(want, got.Notes); diff != "" {
		t.Error(diff)
	}
	var partial []bool
	for _, row := range got.Rows {
		partial = append(partial, row.Partial)
	}
	if diff := cmp.Diff([]bool{false, false}, partial); diff != "" {
		t.Error(diff)
	}
}

func TestLabels(t *testing.T) {
	w := &world{sessions: made(t, time.UTC, "2026-04-06 10:00 b t e\n2026-04-06 10:00 b - e")}
	w.sessions = append(w.sessions, w.sessions[0], w.sessions[0])
	w.sessions[2].TopicName, w.sessions[3].TopicName = "Zulu", "Alpha"
	c := Context{Facts: w, BotName: func(bot string) string { return "Bot " + bot }}
	got := answer(t, c, Query{
		Measures: []string{"sessions"}, Dimensions: []string{"topic", "bot", "channel", "time"}, Grain: "month", Range: &Range{"2026-04-01", "2026-04-30"},
	})
	want := [][]string{{"Zulu", "Bot b", "unknown channel", "2026-04"}, {"no topic", "Bot b", "unknown channel", "2026-04"}}
	var labels [][]string
	for _, r := range got.Rows {
		labels = append(labels, r.Labels)
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
	// The largest name of a topic is its label, also where it comes first.
	w.sessions[0].Bot, w.sessions[2].Bot, w.sessions[3].Bot = "b", "a", "b"
	for _, r := range answer(t, c, Query{Measures: []string{"sessions"}, Dimensions: []string{"bot", "topic"}}).Rows {
		if r.Keys[1] == "t" && r.Labels[1] != "Zulu" {
			t.Errorf("the label of %v is %q", r.Keys, r.Labels[1])
		}
	}
	// With a count that does not add up, names come by a plan of their own, and are the same.
	users := answer(t, c, Query{Measures: []string{"users"}, Dimensions: []string{"topic"}})
	if users.Rows[0].Labels[0] != "Zulu" || users.Rows[1].Labels[0] != "no topic" {
		t.Errorf("labels are %v and %v", users.Rows[0].Labels, users.Rows[1].Labels)
	}
}

// Every bot has a topic Greeting: topics of one name are told apart by their ids.
func TestTopicsOfOneName(t *testing.T) {
	w := &world{sessions: made(t, time.UTC, "2026-04-06 10:00 b t e\n2026-04-06 10:00 b u e\n2026-04-06 10:00 b v e")}
	for i := range w.sessions {
		w.sessions[i].TopicName = []string{"Greeting", "Greeting", "Refund"}[i]
	}
	c := Context{Facts: w}
	var labels []string
	for _, r := range answer(t, c, Query{Measures: []string{"sessions"}, Dimensions: []string{"topic"}}).Rows {
		labels = append(labels, r.Labels[0])
	}
	slices.Sort(labels)
	want := []string{"Greeting (t)", "Greeting (u)", "Refund"}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
	drivers, err := Drivers(t.Context(), c, DriverQuery{Measure: "engagement_rate"})
	if err != nil {
		t.Fatal(err)
	}
	labels = nil
	for _, d := range drivers.Drivers {
		labels = append(labels, d.Label)
	}
	slices.Sort(labels)
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
}

// What a summary page asks should cost few plans.
func TestPlans(t *testing.T) {
	r := &Range{"2026-04-01", "2026-04-28"}
	for _, tt := range []struct {
		name string
		q    Query
		want int
	}{
		{"cards with a comparison: one a period, and what has no time", Query{
			Measures: []string{"sessions", "engagement_rate", "users", "duration_p90"}, Comparison: &Comparison{Kind: "previous"},
		}, 3},
		{"a chart by day: the total is the sum of its days", Query{
			Measures: []string{"engaged_sessions", "engagement_rate", "csat_score"}, Dimensions: []string{"time"}, Grain: "day",
		}, 2},
		{"topics: their names come along", Query{Measures: []string{"sessions", "resolution_rate"}, Dimensions: []string{"topic"}}, 2},
		{"users by day: the total is a plan of its own", Query{Measures: []string{"users"}, Dimensions: []string{"time"}, Grain: "day"}, 3},
	} {
		w := &world{}
		tt.q.Range = r
		answer(t, Context{Facts: w}, tt.q)
		if w.plans != tt.want {
			t.Errorf("%s: %d plans, want %d", tt.name, w.plans, tt.want)
		}
	}
}

// A result is JSON as the API shows it: no NaN, no null where a list is.
func TestResultIsJSON(t *testing.T) {
	var got []Result
	for names := range slices.Chunk(measure.Names(), 50) {
		got = append(got, answer(t, Context{Facts: &world{}, Header: Header{Generation: 7, Definition: "platform@1"}}, Query{
			Measures: names, Range: &Range{"2026-04-01", "2026-04-02"}, Comparison: &Comparison{Kind: "year"},
		}))
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"rows":[]`, `"dimensions":[]`, `"keys":[]`, `"generation":7`, `"definition":"platform@1"`, `"zone":"UTC"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

// Groups that add up add up to the total, whatever they are grouped by.
func TestGroupsAddUp(t *testing.T) {
	night := day(t, zone(t, "Europe/Berlin"), "2026-10-25 00:00")
	var names []string
	for _, d := range Dimensions() {
		names = append(names, d.Name)
	}
	rapid.Check(t, func(t *rapid.T) {
		w := worldGen(night).Draw(t, "world")
		c := Context{Facts: w, Zone: night.Location()}
		if rapid.Bool().Draw(t, "live") {
			c.Now = night.Add(time.Duration(rapid.IntRange(-48, 48).Draw(t, "now")) * time.Hour)
		}
		q := Query{
			Measures:   []string{"sessions", "engaged_sessions", "turns", "resolved_sessions", "unfinished_sessions"},
			Dimensions: rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID).Draw(t, "dimensions"),
			Range:      &Range{},
			Filters:    []Filter{{"kind", false, []string{"chat", "design"}}},
		}
		for _, d := range q.Dimensions {
			if d == TimeDimension {
				q.Grain = rapid.SampledFrom([]measure.Unit{"hour", "day", "week", "month"}).Draw(t, "grain")
			}
		}
		got, err := Answer(context.Background(), c, q)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := Answer(context.Background(), c, Query{Measures: q.Measures, Range: q.Range, Filters: q.Filters})
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range q.Measures {
			sum := 0.0
			for _, r := range got.Rows {
				sum += *r.Values[i].Value
			}
			if sum != *got.Total.Values[i].Value {
				t.Errorf("%s: groups have %v, the total %v", m, sum, *got.Total.Values[i].Value)
			}
			if q.Grain == "" && *plain.Total.Values[i].Value != sum {
				t.Errorf("%s: without groups %v, with them %v", m, *plain.Total.Values[i].Value, sum)
			}
		}
		if q.Grain != "" && *plain.Total.Values[0].Value != *got.Total.Values[0].Value+float64(got.Untimed) {
			t.Errorf("by time %v sessions and %d without time, of %v", *got.Total.Values[0].Value, got.Untimed, *plain.Total.Values[0].Value)
		}
	})
}
