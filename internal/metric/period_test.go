package metric

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/fact"
)

func TestPeriodAndComparison(t *testing.T) {
	for _, tt := range []struct {
		name, zone string
		r          Range
		with       Comparison
		period     [2]string
		compared   [2]string
	}{
		{
			"days, the last one included, and as many before", "Europe/Berlin",
			Range{"2026-03-23", "2026-03-29"},
			Comparison{Kind: "previous"},
			[2]string{"2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
			[2]string{"2026-03-16T00:00:00+01:00", "2026-03-23T00:00:00+01:00"},
		},
		{
			"moments, and as long before", "Europe/Berlin",
			Range{"2026-03-29T00:00:00+01:00", "2026-03-29T12:00:00+02:00"},
			Comparison{Kind: "previous"},
			[2]string{"2026-03-29T00:00:00+01:00", "2026-03-29T12:00:00+02:00"},
			[2]string{"2026-03-28T13:00:00+01:00", "2026-03-29T00:00:00+01:00"},
		},
		{
			"a year earlier, the same dates", "UTC",
			Range{"2026-03-01", "2026-03-31"},
			Comparison{Kind: "year"},
			[2]string{"2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
			[2]string{"2025-03-01T00:00:00Z", "2025-04-01T00:00:00Z"},
		},
		{
			"29 February is the 28th a year earlier", "UTC",
			Range{"2024-02-29", "2024-02-29"},
			Comparison{Kind: "year"},
			[2]string{"2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
			[2]string{"2023-02-28T00:00:00Z", "2023-03-01T00:00:00Z"},
		},
		{
			// 2026-03-02 is a Monday, 2025-03-02 a Sunday.
			"a year earlier, from the nearest same weekday", "UTC",
			Range{"2026-03-02", "2026-03-08"},
			Comparison{Kind: "year", MatchWeekday: true},
			[2]string{"2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z"},
			[2]string{"2025-03-03T00:00:00Z", "2025-03-10T00:00:00Z"},
		},
		{
			// Ten days before Monday, 2026-03-02, is a Friday; the nearest Monday is three days on and would overlap, so it is four days back.
			"the period before never overlaps", "UTC",
			Range{"2026-03-02", "2026-03-11"},
			Comparison{Kind: "previous", MatchWeekday: true},
			[2]string{"2026-03-02T00:00:00Z", "2026-03-12T00:00:00Z"},
			[2]string{"2026-02-16T00:00:00Z", "2026-02-26T00:00:00Z"},
		},
		{
			// The clocks of 29 March 2026 went forward, those of 2025 on 30 March.
			"a year earlier by the zone's clock", "Europe/Berlin",
			Range{"2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00"},
			Comparison{Kind: "year"},
			[2]string{"2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00"},
			[2]string{"2025-03-29T01:00:00+01:00", "2025-03-29T04:00:00+01:00"},
		},
		{
			"moments on the same weekday, at the same time of day", "Europe/Berlin",
			Range{"2026-03-30T10:00:00+02:00", "2026-03-30T11:00:00+02:00"},
			Comparison{Kind: "previous", MatchWeekday: true},
			[2]string{"2026-03-30T10:00:00+02:00", "2026-03-30T11:00:00+02:00"},
			[2]string{"2026-03-30T09:00:00+02:00", "2026-03-30T10:00:00+02:00"},
		},
		{
			"moments keep their length over a change of the clocks", "Europe/Berlin",
			Range{"2026-03-30T10:00:00+02:00", "2026-04-04T10:00:00+02:00"},
			Comparison{Kind: "previous", MatchWeekday: true},
			[2]string{"2026-03-30T10:00:00+02:00", "2026-04-04T10:00:00+02:00"},
			[2]string{"2026-03-23T09:00:00+01:00", "2026-03-28T09:00:00+01:00"},
		},
		{
			"custom", "Asia/Kolkata",
			Range{"2026-03-02", "2026-03-02"},
			Comparison{Kind: "custom", Range: &Range{"2025-01-01", "2025-01-07"}},
			[2]string{"2026-03-02T00:00:00+05:30", "2026-03-03T00:00:00+05:30"},
			[2]string{"2025-01-01T00:00:00+05:30", "2025-01-08T00:00:00+05:30"},
		},
		{
			"custom, moved to the weekday", "UTC",
			Range{"2026-03-02", "2026-03-02"},
			Comparison{Kind: "custom", MatchWeekday: true, Range: &Range{"2025-01-01", "2025-01-07"}},
			[2]string{"2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"},
			[2]string{"2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Answer(context.Background(), Context{Facts: &world{}}, Query{
				Measures: []string{"sessions"}, Range: &tt.r, Zone: tt.zone, Comparison: &tt.with,
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.period, [2]string{got.Period.From, got.Period.To}); diff != "" {
				t.Error("period", diff)
			}
			if diff := cmp.Diff(tt.compared, [2]string{got.Compared.From, got.Compared.To}); diff != "" {
				t.Error("compared", diff)
			}
		})
	}
}

func TestRangeThatNobodyGave(t *testing.T) {
	at := func(text string) fact.Session {
		ms := day(t, time.UTC, text).UnixMilli()
		return fact.Session{StartedAt: ms, EndedAt: ms, ClosesAt: ms}
	}
	now := day(t, time.UTC, "2026-04-01 15:00")
	for _, tt := range []struct {
		name     string
		sessions []fact.Session
		now      time.Time
		want     *Period
		count    float64
		note     string
	}{
		{
			"the last 28 whole days",
			[]fact.Session{at("2026-03-04 00:00"), at("2026-03-31 23:59"), at("2026-04-01 01:00"), at("2026-03-03 23:59")},
			now,
			&Period{"2026-03-04T00:00:00Z", "2026-04-01T00:00:00Z", "default"}, 2, "",
		},
		{
			"the last that have data, where those have none",
			[]fact.Session{at("2025-05-31 12:00"), at("2025-05-01 12:00")},
			now,
			&Period{"2025-05-04T00:00:00Z", "2025-06-01T00:00:00Z", "last_with_data"}, 1,
			"There is nothing in the last 28 days. These are the 28 days up to the last one with data, 2025-05-31.",
		},
		{
			"without a clock the last that have data",
			[]fact.Session{at("2025-05-31 12:00")},
			time.Time{},
			&Period{"2025-05-04T00:00:00Z", "2025-06-01T00:00:00Z", "last_with_data"}, 1,
			"These are the 28 days up to the last one with data, 2025-05-31.",
		},
		{"other filters have other last days", []fact.Session{{StartedAt: 1, Kind: 2}}, now, nil, 0, "Nothing that was asked for has a time, so there is no range."},
		{"without any time everything", []fact.Session{{Untimed: true}}, now, nil, 1, "Nothing that was asked for has a time, so there is no range."},
		{"without any data nothing", nil, now, nil, 0, "Nothing that was asked for has a time, so there is no range."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := Context{Facts: &world{sessions: tt.sessions}, Now: tt.now}
			got, err := Answer(context.Background(), c, Query{Measures: []string{"sessions"}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.Period); diff != "" {
				t.Error(diff)
			}
			if v := *got.Total.Values[0].Value; v != tt.count {
				t.Errorf("counted %v, want %v", v, tt.count)
			}
			if note := strings.Join(got.Notes, " "); note != tt.note {
				t.Errorf("notes %q, want %q", note, tt.note)
			}
			_, chosen, err := Select(context.Background(), c, "", false, nil, nil, "", "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, chosen); diff != "" {
				t.Error("the list of sessions is of another period", diff)
			}
		})
	}
}

func TestOpenRange(t *testing.T) {
	ms := day(t, time.UTC, "2026-04-02 12:00").UnixMilli()
	w := &world{sessions: []fact.Session{{Untimed: true}, {StartedAt: ms, ClosesAt: ms}, {StartedAt: ms + 3*msOfDay, ClosesAt: ms + 3*msOfDay}}}
	ask := func(q Query) Result {
		q.Measures = []string{"sessions"}
		got, err := Answer(context.Background(), Context{Facts: w}, q)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	all := ask(Query{Range: &Range{}})
	if n := *all.Total.Values[0].Value; n != 3 || all.Untimed != 0 {
		t.Errorf("all time has %v sessions, and leaves out %d", n, all.Untimed)
	}
	since := ask(Query{Range: &Range{From: "2026-04-03"}})
	if n := *since.Total.Values[0].Value; n != 1 || since.Untimed != 1 {
		t.Errorf("since has %v sessions, and leaves out %d", n, since.Untimed)
	}
	if diff := cmp.Diff(&Period{From: "2026-04-03T00:00:00Z", Chosen: "given"}, since.Period); diff != "" {
		t.Error(diff)
	}
	days := ask(Query{Range: &Range{}, Dimensions: []string{"time"}, Grain: "day"})
	if diff := cmp.Diff(&Period{"2026-04-02T00:00:00Z", "2026-04-06T00:00:00Z", "given"}, days.Period); diff != "" {
		t.Error(diff)
	}
	if len(days.Rows) != 4 || days.Untimed != 1 {
		t.Errorf("by day there are %d rows, and %d are left out", len(days.Rows), days.Untimed)
	}
	weekdays := ask(Query{Range: &Range{}, Dimensions: []string{"weekday"}})
	var keys []string
	for _, r := range weekdays.Rows {
		keys = append(keys, r.Labels[0])
	}
	if diff := cmp.Diff([]string{"Thursday", "Sunday", "Unknown"}, keys); diff != "" {
		t.Error(diff)
	}
}
