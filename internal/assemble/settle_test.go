package assemble

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
)

// drawn is a group of records of one conversation id that differ in everything that decides.
func drawn(rt *rapid.T) []*activity.Record {
	var group []*activity.Record
	for i := range rapid.IntRange(1, 8).Draw(rt, "records") {
		r := rec("c", rapid.SampledFrom([]string{"", "1", "2"}).Draw(rt, "id"), int64(rapid.IntRange(0, 2).Draw(rt, "version")),
			rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "says"))
		r.Start = int64(rapid.IntRange(0, 1).Draw(rt, "start"))
		r.Bot = rapid.SampledFrom([]activity.Bot{{ID: "b1", Schema: "cr1"}, {Schema: "CR1", Name: "One"}, {ID: "b2"}, {}}).Draw(rt, "bot")
		r.SchemaVersion = rapid.SampledFrom([]string{"", "0.2"}).Draw(rt, "generation")
		if rapid.IntRange(0, 3).Draw(rt, "exported") == 0 {
			r.Session, r.Activities = &activity.PlatformSession{ID: "c", StartedAt: int64(rapid.IntRange(0, 1).Draw(rt, "day")) * 24 * hour}, nil
		}
		r.Origin.Row = i
		group = append(group, r)
	}
	return group
}

// described is what is settled, without what tells records apart that say the same of themselves: which of them stands means nothing.
func described(known *Known, group []*activity.Record) []string {
	s := known.Settle(group)
	var lines []string
	for _, c := range s.Conversations {
		line := fmt.Sprintf("%+v:", c.Bot)
		for _, r := range c.Records {
			line += fmt.Sprintf(" [%s %d %x %s %v]", r.ID, r.Version, r.Hash[:1], r.SchemaVersion, r.Session != nil)
		}
		lines = append(lines, line)
	}
	var ends []string
	for i, r := range group {
		ends = append(ends, fmt.Sprintf("%v %s %d %x %s %d: %s", known.Resolve(r.Bot), r.ID, r.Version, r.Hash[:1], r.SchemaVersion, r.Start, s.Status[i]))
	}
	slices.Sort(ends)
	return append(append(lines, ends...), fmt.Sprint(s.Overridden, " overridden"))
}

// TestSettleIsOfTheSet: neither what is learned nor what is settled depends on the order, and the records stay as they were.
func TestSettleIsOfTheSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		group := drawn(rt)
		var before []activity.Record
		known := NewKnown()
		for _, r := range group {
			before = append(before, *r)
			known.Learn(r)
		}
		known = known.Sealed(nil)
		want := described(known, group)

		other := rapid.Permutation(group).Draw(rt, "order")
		again := NewKnown()
		for _, r := range rapid.Permutation(group).Draw(rt, "order of learning") {
			again.LearnBot(r.Bot) // as a store does, which knows a summary only
			if r.Session == nil {
				again.LearnDays(r.Bot, Days(r))
			}
		}
		again = again.Sealed(nil)
		if diff := cmp.Diff(want, described(again, other)); diff != "" {
			rt.Fatalf("(-one order +another):\n%s", diff)
		}
		for i := range group {
			if diff := cmp.Diff(before[i], *group[i]); diff != "" {
				rt.Fatalf("settling changes a record:\n%s", diff)
			}
		}
	})
}

// TestDays: of what rows say, each day once.
func TestDays(t *testing.T) {
	r := rec("c", "1", 1, "a")
	r.Activities = []activity.Activity{{At: 49 * hour}, {At: 50 * hour}, {At: 3 * hour}, {At: 26 * hour}, {At: 2 * hour}}
	if got := Days(r); !slices.Equal(got, []int32{0, 1, 2}) {
		t.Errorf("days %v", got)
	}
	if got := Days(&activity.Record{Session: &activity.PlatformSession{StartedAt: hour}}); got != nil {
		t.Errorf("a row of a sessions CSV has days %v", got)
	}
}

// TestResolve: what bots are called hangs on what was learned, and nothing else.
func TestResolve(t *testing.T) {
	known := NewKnown()
	known.LearnBot(activity.Bot{ID: "b1", Schema: "cr1", Name: "One"})
	known.LearnDays(activity.Bot{Schema: "CR1"}, []int32{3})
	known = known.Sealed(func(key string) (activity.Bot, bool) {
		return activity.Bot{ID: "b9", Schema: "cr9", Name: "Nine"}, strings.EqualFold(key, "cr9")
	})
	for _, tc := range []struct{ written, want activity.Bot }{
		{activity.Bot{Schema: "CR1"}, activity.Bot{ID: "b1", Schema: "CR1", Name: "One"}},
		{activity.Bot{ID: "cr1"}, activity.Bot{ID: "b1", Schema: "cr1", Name: "One"}},
		{activity.Bot{ID: "CR9"}, activity.Bot{ID: "b9", Schema: "cr9", Name: "Nine"}},
		{activity.Bot{ID: "b7"}, activity.Bot{ID: "b7"}},
		{activity.Bot{}, activity.Bot{ID: "b1", Schema: "cr1", Name: "One"}}, // the one that has transcripts
	} {
		if got := known.Resolve(tc.written); got != tc.want {
			t.Errorf("%+v is called %+v, want %+v", tc.written, got, tc.want)
		}
	}
}

// TestGroups: as they were read, by id, whether or not they had to be written down; and what comes afterwards begins anew.
func TestGroups(t *testing.T) {
	for _, budget := range []int64{1, 3000, 1 << 30} {
		a := New(Options{Budget: budget, TempDir: t.TempDir()})
		defer a.Close()
		for _, round := range []struct {
			conversations []string
			want          string
		}{
			{[]string{"b", "a", "b", "c", "a"}, "a 1 [1 0 255] 4 [4 0 255]; b 0 [0 0 255] 2 [2 0 255]; c 3 [3 0 255]; "},
			{nil, ""},
			{[]string{"c", "b"}, "b 1 [1 0 255]; c 0 [0 0 255]; "},
		} {
			for i, conv := range round.conversations {
				r := rec(conv, fmt.Sprint(i%2), 1, "x")
				r.Raw, r.Origin.Row = []byte{byte(i), 0, 255}, i
				if err := a.Record(r); err != nil {
					t.Fatal(err)
				}
			}
			if (a.Held() > 0) != (round.conversations != nil) {
				t.Errorf("holds %d bytes of %v", a.Held(), round.conversations)
			}
			got := ""
			err := a.Groups(context.Background(), func(id string, group []*activity.Record) error {
				got += id
				for _, r := range group {
					got += fmt.Sprint(" ", r.Origin.Row, r.Raw)
				}
				got += "; "
				return nil
			})
			if err != nil || got != round.want {
				t.Errorf("budget %d: %v\n%s\n%s", budget, err, got, round.want)
			}
		}
		if c := a.Counts(); c != (Counts{Read: 7}) {
			t.Errorf("counts %s", c)
		}
	}
}

// TestSizeKnowsAll: whatever of a record is large is counted, whichever field it is in.
func TestSizeKnowsAll(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for name, r := range map[string]*activity.Record{
		"text":      {Activities: []activity.Activity{{Text: long}}},
		"raw":       {Raw: []byte(long)},
		"a comment": {Session: &activity.PlatformSession{Comment: long}},
		"a step":    {Activities: []activity.Activity{{Signal: activity.TopicTrace{Steps: []activity.TopicStep{{Exception: long}}}}}},
		"a list":    {Activities: []activity.Activity{{Signal: activity.PlanReceived{Steps: []string{long}}}}},
		"steps":     {Activities: []activity.Activity{{Signal: activity.TopicTrace{Steps: make([]activity.TopicStep, 200)}}}},
	} {
		if n := Size(r); n < 10_000 || n > 25_000 {
			t.Errorf("%s: %d bytes", name, n)
		}
	}
}
