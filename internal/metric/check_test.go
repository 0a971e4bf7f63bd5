package metric

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rapport/internal/errs"
)

func TestWhatCannotBeAsked(t *testing.T) {
	ok := func(q Query) Query {
		if q.Measures == nil {
			q.Measures = []string{"sessions"}
		}
		if q.Range == nil {
			q.Range = &Range{"2026-04-01", "2026-04-30"}
		}
		return q
	}
	minus := int64(-1)
	for _, tt := range []struct {
		name  string
		q     Query
		field string
		says  string // of the problem
		hint  string
	}{
		{"no measure", Query{Measures: []string{}}, "measures", "no measure", ""},
		{"unknown measure", Query{Measures: []string{"sessions", "engagment_rate"}}, "measures[1]", "engagment_rate", `did you mean "engagement_rate"?`},
		{"too many measures", Query{Measures: make([]string, 51)}, "measures", "50 at most", ""},
		{"unknown dimension", Query{Dimensions: []string{"topik"}}, "dimensions[0]", "topik", `did you mean "topic"?`},
		{"dimension twice", Query{Dimensions: []string{"bot", "bot"}}, "dimensions[1]", "twice", ""},
		{"too many dimensions", Query{Dimensions: []string{"bot", "kind", "topic", "hour", "csat"}}, "dimensions", "4 at most", ""},
		{"no outcome in billing", Query{Measures: []string{"sessions", "billed_sessions"}, Dimensions: []string{"outcome"}}, "dimensions[0]", "no outcome", "channel"},
		{"no outcome in billing", Query{Measures: []string{"billed_per_resolved"}, Filters: []Filter{{"outcome", false, []string{"none"}}}}, "filters[0].dimension", "no outcome", ""},
		{"unknown filter", Query{Filters: []Filter{{"bott", false, []string{"a"}}}}, "filters[0].dimension", "bott", `did you mean "bot"?`},
		{"filter without values", Query{Filters: []Filter{{"bot", false, nil}}}, "filters[0].values", "without values", ""},
		{"too many values", Query{Filters: []Filter{{"bot", false, make([]string, 101)}}}, "filters[0].values", "100 at most", ""},
		{"unknown value", Query{Filters: []Filter{{"bot", false, []string{"x"}}, {"outcome", true, []string{"none", "solved"}}}}, "filters[1].values[1]", "solved", `one of: resolved, escalated`},
		{"unknown value of many", Query{Filters: []Filter{{"hour", true, []string{"7"}}}}, "filters[0].values[0]", `"7"`, `did you mean`},
		{"time as a filter", Query{Filters: []Filter{{"time", false, []string{"x"}}}}, "filters[0].dimension", "no filter", "range"},
		{"zone", Query{Zone: "Europe/Berln"}, "zone", "no time zone", "IANA"},
		{"the machine's zone", Query{Zone: "Local"}, "zone", "no time zone", "IANA"},
		{"no grain", Query{Dimensions: []string{"time"}}, "grain", "no grain", "one of: hour, day, week, month"},
		{"grain without time", Query{Grain: "day"}, "grain", "without", "dimensions"},
		{"weekday is no grain", Query{Dimensions: []string{"time"}, Grain: "weekday"}, "grain", "weekday", ""},
		{"from", Query{Range: &Range{"yesterday", ""}}, "range.from", "yesterday", "2026-04-01"},
		{"to", Query{Range: &Range{"", "2026-02-30"}}, "range.to", "2026-02-30", "2026-04-01"},
		{"from long before", Query{Range: &Range{"1599-12-31", "2026-04-01"}}, "range.from", "1600", "all time"},
		{"to long after", Query{Range: &Range{"2026-04-01", "3000-01-01T00:00:00Z"}}, "range.to", "2999", "all time"},
		{"backwards", Query{Range: &Range{"2026-04-02", "2026-04-01"}}, "range.to", "before", ""},
		{"backwards", Query{Range: &Range{"2026-04-02T00:00:01Z", "2026-04-01"}}, "range.to", "before", ""}, // the 1st ends where the 2nd begins
		{"as of", Query{AsOf: "now"}, "as_of", "no moment", "RFC 3339"},
		{"as of before there was time", Query{AsOf: "1969-12-31T00:00:00Z"}, "as_of", "no moment", ""},
		{"minimum", Query{MinimumCount: &minus}, "minimum_count", "below 0", ""},
		{"sort", Query{Sort: "-users"}, "sort", "users", "sessions"},
		{"limit", Query{Limit: -1}, "limit", "below 0", ""},
		{"buckets", Query{Range: &Range{"2020-01-01", "2026-01-01"}, Dimensions: []string{"time"}, Grain: "hour"}, "grain", "5000 at most", "by the day"},
		{"buckets", Query{Range: &Range{"1600-01-01", "2999-01-01"}, Dimensions: []string{"time"}, Grain: "month"}, "range", "5000 at most", "less"},
		{"comparison", Query{Comparison: &Comparison{Kind: "yesterday"}}, "comparison.kind", "yesterday", "one of: previous, year, custom"},
		{"custom without a range", Query{Comparison: &Comparison{Kind: "custom"}}, "comparison.range", "both ends", ""},
		{"custom with a bad one", Query{Comparison: &Comparison{Kind: "custom", Range: &Range{"1", "2"}}}, "comparison.range.from", `"1"`, ""},
		{"previous with a range", Query{Comparison: &Comparison{Kind: "previous", Range: &Range{"2026-01-01", "2026-01-02"}}}, "comparison.range", "only a custom", ""},
		{"all time has no before", Query{Range: &Range{}, Comparison: &Comparison{Kind: "previous"}}, "comparison", "without an end", "both ends"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Answer(context.Background(), Context{Facts: &world{}}, ok(tt.q))
			var f *FieldError
			if !errors.As(err, &f) || f.Field != tt.field {
				t.Fatalf("want an error of %s, got %v", tt.field, err)
			}
			if errs.CodeOf(err) != errs.Invalid || !strings.Contains(f.Problem, tt.says) || !strings.Contains(errs.HintOf(err), tt.hint) {
				t.Errorf("%s: %v (%s)", errs.CodeOf(err), err, errs.HintOf(err))
			}
			within := At("queries[1]", err)
			if !strings.HasPrefix(within.Error(), "queries[1]."+tt.field+": ") || errs.HintOf(within) != errs.HintOf(err) {
				t.Errorf("within a list it is %v", within)
			}
		})
	}
}

func TestDriversThatCannotBeAsked(t *testing.T) {
	for _, tt := range []struct {
		q     DriverQuery
		field string
	}{
		{DriverQuery{Measure: "engagement"}, "measure"},
		{DriverQuery{Measure: "sessions"}, "measure"},
		{DriverQuery{Measure: "returning_user_rate"}, "measure"}, // users of the whole are no sum of the users of its groups
		{DriverQuery{Measure: "billed_per_resolved"}, "measure"},
		{DriverQuery{Measure: "csat_score", Dimension: "time"}, "dimension"},
		{DriverQuery{Measure: "csat_score", Dimension: "topics"}, "dimension"},
		{DriverQuery{Measure: "csat_score", Limit: -1}, "limit"},
		{DriverQuery{Measure: "csat_score", Comparison: &Comparison{Kind: "x"}}, "comparison.kind"},
	} {
		_, err := Drivers(context.Background(), Context{Facts: &world{}}, tt.q)
		var f *FieldError
		if !errors.As(err, &f) || f.Field != tt.field {
			t.Errorf("%+v: %v, want an error of %s", tt.q, err, tt.field)
		}
	}
}

func fieldOf(err error) string {
	var f *FieldError
	if !errors.As(err, &f) {
		return ""
	}
	return f.Field
}
