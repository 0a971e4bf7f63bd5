package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

func aggregates() []promise {
	return []promise{
		{"functions", functions},
		{"predicates", predicates},
		{"what was said to one bot was not said to another", saidToOne},
		{"groups", groups},
		{"buckets of time are those of the zone", buckets},
		{"over nothing", overNothing},
		{"range and as of", rangeAndAsOf},
		{"billed sessions", billedPlans},
		{"what cannot be asked is an error", impossiblePlans},
	}
}

// sample is six sessions that the tables below count.
//
//	     bot  start  outcome    turns  csat  user  topic    channel
//	a#1  b    0      resolved   4      5     7     "Refund" web
//	a#2  b    +60    none       1      0     7     ""       web
//	c#1  b    +60    escalated  9      1     7     "refund" teams
//	d#1  B    -1500  abandoned  2      0     8     "Über"   ""
//	e#1  B    never  resolved   4      0     0     "Refund" teams
//	f#1  b    +120   resolved   6      3     9     "Refund" web     (open until +155)
func sample() *fact.Facts {
	with := func(outcome uint8, turns, csat, user int64, topic, channel string) func(*fact.Session) {
		return func(s *fact.Session) {
			s.Outcome, s.Engaged, s.Turns, s.CSAT, s.UserKey, s.TopicName, s.Channel = outcome, outcome > 0, turns, csat, user, topic, channel
		}
	}
	untimed := func(s *fact.Session) {
		s.StartedAt, s.EndedAt, s.ClosesAt, s.Duration, s.Untimed = 0, 0, 0, -1, true
	}
	f := &fact.Facts{Sessions: []fact.Session{
		aSession("b", "a", 1, 0, with(1, 4, 5, 7, "Refund", "web")),
		aSession("b", "a", 2, 60, with(0, 1, 0, 7, "", "web")),
		aSession("b", "c", 1, 60, with(2, 9, 1, 7, "refund", "teams")),
		aSession("B", "d", 1, -1500, with(3, 2, 0, 8, "Über", "")),
		aSession("B", "e", 1, 0, with(1, 4, 0, 0, "Refund", "teams"), untimed),
		aSession("b", "f", 1, 120, with(1, 6, 3, 9, "Refund", "web")),
	}}
	for i, s := range f.Sessions {
		if i != 3 {
			f.Billed = append(f.Billed, billedOf(s))
		}
	}
	f.Utterances = []fact.Utterance{
		said(f.Sessions[0], 1, "Where is my REFUND?"), said(f.Sessions[0], 3, "100% Größe_XL"),
		said(f.Sessions[2], 0, "refund"), said(f.Sessions[2], 2, ""),
		said(f.Sessions[4], 0, "it's \\ \"ΣΊΣΥΦΟΣ\""),
	}
	return f
}

// ask answers a plan.
func ask(t *testing.T, s store.Store, projection int64, plan measure.Plan) (rows []measure.Row) {
	t.Helper()
	view(t, s, func(ctx context.Context, v store.View) { rows = got(v.Aggregate(ctx, projection, plan))(t) })
	return rows
}

func functions(t *testing.T, s store.Store) {
	projection := load(t, s, sample())
	timed := measure.Is("untimed", 0)
	const none = -1 << 62 // no value
	for _, test := range []struct {
		what string
		of   measure.Aggregate
		want int64
	}{
		{"count", measure.Aggregate{Func: measure.Count}, 6},
		{"count where", measure.Aggregate{Func: measure.Count, Where: measure.Is("outcome", 1)}, 3},
		{"count of none", measure.Aggregate{Func: measure.Count, Where: measure.Is("outcome", 9)}, 0},
		{"sum", measure.Aggregate{Func: measure.Sum, Column: "turns"}, 26},
		{"sum of a bool", measure.Aggregate{Func: measure.Sum, Column: "engaged"}, 5},
		{"sum of a code", measure.Aggregate{Func: measure.Sum, Column: "outcome"}, 8},
		{"sum below zero", measure.Aggregate{Func: measure.Sum, Column: "duration", Where: measure.Is("untimed", 1)}, -1},
		{"sum of none", measure.Aggregate{Func: measure.Sum, Column: "turns", Where: measure.Is("turns", 99)}, 0},
		{"sum of several columns", measure.Aggregate{Func: measure.Sum, Column: "turns", Plus: []string{"csat", "outcome", "engaged"}}, 48},
		{"sum of squares", measure.Aggregate{Func: measure.SumSquares, Column: "csat"}, 35},
		{"sum of squares below zero", measure.Aggregate{Func: measure.SumSquares, Column: "duration", Where: measure.Is("untimed", 1)}, 1},
		{"distinct numbers, 0 left out", measure.Aggregate{Func: measure.Distinct, Column: "user_key"}, 3},
		{"distinct texts, empty left out, case kept", measure.Aggregate{Func: measure.Distinct, Column: "topic_name"}, 3},
		{"distinct codes, 0 left out", measure.Aggregate{Func: measure.Distinct, Column: "outcome"}, 3},
		{"distinct of none", measure.Aggregate{Func: measure.Distinct, Column: "bot", Where: measure.Is("turns", 99)}, 0},
		{"median of six: the third", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 500}, 4},
		{"median of five: the third", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 500, Where: timed}, 4},
		{"60 % of five: the third", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 600, Where: timed}, 4},
		{"60.1 % of five: the fourth", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 601, Where: timed}, 6},
		{"90 % of six: the sixth", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 900}, 9},
		{"0 %: the least", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 0}, 1},
		{"100 %: the most", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 1000}, 9},
		{"rank of one", measure.Aggregate{Func: measure.Rank, Column: "duration", PerMille: 500, Where: measure.Is("untimed", 1)}, -1},
		{"rank of none", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 500, Where: measure.Is("turns", 99)}, none},
		{"the least of none", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 0, Where: measure.Is("turns", 99)}, none},
		{"the most of none", measure.Aggregate{Func: measure.Rank, Column: "turns", PerMille: 1000, Where: measure.Is("turns", 99)}, none},
		{"returning users", measure.Aggregate{Func: measure.Returning, Column: "user_key", Per: "conversation_key"}, 1},
		{"returning within what counts", measure.Aggregate{
			Func: measure.Returning, Column: "user_key", Per: "conversation_key", Where: measure.IsText("channel", "web"),
		}, 0},
		{"returning, by text", measure.Aggregate{Func: measure.Returning, Column: "topic_name", Per: "conversation"}, 1},
		{"returning, none left out", measure.Aggregate{Func: measure.Returning, Column: "csat", Per: "conversation"}, 0},
		{"reused, none left out", measure.Aggregate{Func: measure.Reused, Column: "csat", Per: "conversation"}, 0},
		{"reused conversations", measure.Aggregate{Func: measure.Reused, Column: "user_key", Per: "conversation_key"}, 2},
		{"reused by text", measure.Aggregate{Func: measure.Reused, Column: "topic_name", Per: "conversation"}, 3},
		{"reused of none", measure.Aggregate{Func: measure.Reused, Column: "user_key", Per: "conversation_key", Where: measure.Is("turns", 99)}, 0},
	} {
		want := measure.Row{Values: []int64{test.want}, Valid: []bool{true}}
		if test.want == none {
			want = measure.Row{Values: []int64{0}, Valid: []bool{false}}
		}
		plan := measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{test.of}}
		same(t, test.what, []measure.Row{want}, ask(t, s, projection, plan))
		// The same within groups: the values of one are not those of another.
		plan.Groups = []measure.Group{{Column: "started_by"}}
		want.Keys = []measure.Key{{}}
		same(t, test.what+", in a group", []measure.Row{want}, ask(t, s, projection, plan))
	}
	all := measure.Plan{
		Table: fact.Sessions, Groups: []measure.Group{{Column: "channel"}},
		Aggregates: []measure.Aggregate{
			{Func: measure.Count},
			{Func: measure.Returning, Column: "user_key", Per: "conversation_key"},
			{Func: measure.Rank, Column: "turns", PerMille: 500},
			{Func: measure.Rank, Column: "csat", PerMille: 500, Where: measure.AtLeast("csat", 1)},
			{Func: measure.Distinct, Column: "bot"},
		},
	}
	same(t, "several functions in groups", []measure.Row{
		{Keys: []measure.Key{{Text: ""}}, Values: []int64{1, 0, 2, 0, 1}, Valid: []bool{true, true, true, false, true}},
		{Keys: []measure.Key{{Text: "teams"}}, Values: []int64{2, 0, 4, 1, 2}, Valid: []bool{true, true, true, true, true}},
		{Keys: []measure.Key{{Text: "web"}}, Values: []int64{3, 0, 4, 3, 1}, Valid: []bool{true, true, true, true, true}},
	}, ask(t, s, projection, all))
	same(t, "no functions", []measure.Row{{}}, ask(t, s, projection, measure.Plan{Table: fact.Sessions}))
}

func predicates(t *testing.T, s store.Store) {
	projection := load(t, s, sample())
	isA, isB := measure.IsText("channel", "web"), measure.Is("outcome", 1)
	open := measure.Except(measure.IsFinished())
	said := func(text string) measure.Predicate { return measure.Predicate{Op: measure.Said, Texts: []string{text}} }
	for _, test := range []struct {
		what  string
		where measure.Predicate
		asOf  int64
		want  string // in the order of conversation and number
	}{
		{"true", measure.Predicate{}, 0, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1"},
		{"number", measure.Is("turns", 4), 0, "b/a#1 B/e#1"},
		{"one of several numbers", measure.Is("turns", 9, 77, 1), 0, "b/a#2 b/c#1"},
		{"one of no numbers", measure.Is("turns"), 0, ""},
		{"code", measure.Is("outcome", 3), 0, "B/d#1"},
		{"a code that no byte holds", measure.Is("outcome", 257, -1), 0, ""},
		{"bool", measure.Is("untimed", 1), 0, "B/e#1"},
		{"bool that is not", measure.Is("engaged", 0), 0, "b/a#2"},
		{"a bool that is neither", measure.Is("engaged", 2), 0, ""},
		{"text", measure.IsText("topic_name", "Refund"), 0, "b/a#1 B/e#1 b/f#1"},
		{"empty text", measure.IsText("topic_name", ""), 0, "b/a#2"},
		{"one of several texts", measure.IsText("topic_name", "Über", "nothing", "refund"), 0, "b/c#1 B/d#1"},
		{"one of no texts", measure.IsText("topic_name"), 0, ""},
		{"between, both bounds in it", measure.Predicate{Op: measure.Between, Column: "turns", Low: 2, High: 6}, 0, "b/a#1 B/d#1 B/e#1 b/f#1"},
		{"between nothing", measure.Predicate{Op: measure.Between, Column: "turns", Low: 6, High: 2}, 0, ""},
		{"at least", measure.AtLeast("csat", 1), 0, "b/a#1 b/c#1 b/f#1"},
		{"not", measure.Except(isA), 0, "b/c#1 B/d#1 B/e#1"},
		{"not not", measure.Except(measure.Except(isA)), 0, "b/a#1 b/a#2 b/f#1"},
		{"not true", measure.Except(measure.Predicate{}), 0, ""},
		{"both", measure.And(isA, isB), 0, "b/a#1 b/f#1"},
		{"either", measure.Or(isA, isB), 0, "b/a#1 b/a#2 B/e#1 b/f#1"},
		{"all of nothing", measure.Predicate{Op: measure.AllOf}, 0, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1"},
		{"any of nothing", measure.Or(), 0, ""},
		{"either of both", measure.Or(measure.And(isA, measure.Is("csat", 5)), measure.And(measure.Except(isA), measure.Except(isB))), 0, "b/a#1 b/c#1 B/d#1"},
		{"finished as of never", measure.IsFinished(), 0, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1"},
		{"open as of never", open, 0, ""},
		{"finished, a moment before the last closes", measure.IsFinished(), noon + 155*minute - 1, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1"},
		{"open, a moment before the last closes", open, noon + 155*minute - 1, "b/f#1"},
		{"finished, when the last closes", measure.IsFinished(), noon + 155*minute, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1"},
		{"said, in any case", said("Refund"), 0, "b/a#1 b/c#1"},
		{"said, part of a word beyond ASCII", said("GRÖSS"), 0, ""},
		{"said, beyond ASCII", said("GRÖß"), 0, "b/a#1"},
		{"said in Greek", said("σίσυφο"), 0, "B/e#1"},
		{"said, with signs that patterns know", said("1%g"), 0, ""},
		{"said, a per cent sign", said("0%"), 0, "b/a#1"},
		{"said, an underscore", said("e_x"), 0, "b/a#1"},
		{"said, a quote", said("t's"), 0, "B/e#1"},
		{"said, a backslash", said(`\`), 0, "B/e#1"},
		{"said anything", said(""), 0, "b/a#1 b/c#1 B/e#1"},
		{"said nothing", measure.Except(said("")), 0, "b/a#2 B/d#1 b/f#1"},
		{"said and more", measure.And(said("refund"), measure.Is("outcome", 2)), 0, "b/c#1"},
		{"in a group of numbers", inGroup(measure.Group{Column: "turns", Bounds: []int64{2, 5}}, 0, 2), 0, "b/a#2 b/c#1 b/f#1"},
		{"in a group of texts", measure.Predicate{
			Op: measure.GroupIn, Texts: []string{"Refund", "gone"},
			Group: &measure.Group{Column: "topic_name", Where: &isA, Else: measure.Key{Text: "gone"}},
		}, 0, "b/a#1 b/c#1 B/d#1 B/e#1 b/f#1"},
		{"in a group of hours", inGroup(measure.Group{Column: "started_at", Unit: measure.HourOfDay}, 13, 11), 0, "b/a#2 b/c#1 B/d#1"},
		{"in a group of what is finished", inGroup(finishedOutcome(), -1, 2), noon + 155*minute - 1, "b/c#1 b/f#1"},
	} {
		view(t, s, func(ctx context.Context, v store.View) {
			sel := store.Selection{Where: test.where, AsOf: test.asOf, Sort: "conversation"}
			listed := sessionsOf(t, v, projection, sel)
			same(t, test.what, test.want, names(listed))
			// What is listed is what is counted, whether by the plan or by the aggregate.
			same(t, test.what+", counted", []int64{int64(len(listed))}, got(v.Aggregate(ctx, projection, measure.Plan{
				Table: fact.Sessions, AsOf: test.asOf, Where: test.where, Aggregates: []measure.Aggregate{{Func: measure.Count}},
			}))(t)[0].Values)
			same(t, test.what+", counted in an aggregate", []int64{int64(len(listed))}, got(v.Aggregate(ctx, projection, measure.Plan{
				Table: fact.Sessions, AsOf: test.asOf, Aggregates: []measure.Aggregate{{Func: measure.Count, Where: test.where}},
			}))(t)[0].Values)
		})
	}
}

func saidToOne(t *testing.T, s store.Store) {
	f := join(conversation("one", "a", 1), conversation("two", "a", 1)) // the same id, and so the same key
	f.Utterances[0] = said(f.Sessions[0], 0, "hello")
	projection := load(t, s, f)
	view(t, s, func(_ context.Context, v store.View) {
		sel := store.Selection{Where: measure.Predicate{Op: measure.Said, Texts: []string{"hello"}}}
		same(t, "sessions", "one/a#1", names(sessionsOf(t, v, projection, sel)))
		same(t, "utterances", f.Utterances[:1], utterancesOf(t, v, projection, sel, store.UtteranceFilter{}))
	})
}

func inGroup(g measure.Group, keys ...int64) measure.Predicate {
	return measure.Predicate{Op: measure.GroupIn, Ints: keys, Group: &g}
}

// finishedOutcome is the outcome of a session that is finished, else -1.
func finishedOutcome() measure.Group {
	finished := measure.IsFinished()
	return measure.Group{Column: "outcome", Where: &finished, Else: measure.Key{Int: -1}}
}

// table writes rows as text: keys, a colon, values; a group a line.
func table(rows []measure.Row) string {
	out := ""
	for _, row := range rows {
		for _, k := range row.Keys {
			if k.Text != "" {
				out += fmt.Sprintf("%s ", k.Text)
			} else {
				out += fmt.Sprintf("%d ", k.Int)
			}
		}
		out += fmt.Sprintf("%d\n", row.Values)
	}
	return out
}

func groups(t *testing.T, s store.Store) {
	projection := load(t, s, sample())
	timed := measure.Is("untimed", 0)
	web := measure.IsText("channel", "web")
	for _, test := range []struct {
		what   string
		asOf   int64
		groups []measure.Group
		want   string
	}{
		{"by text, bytewise", 0, []measure.Group{{Column: "topic_name"}}, "0 [1]\nRefund [3]\nrefund [1]\nÜber [1]\n"},
		{"by number", 0, []measure.Group{{Column: "turns"}}, "1 [1]\n2 [1]\n4 [2]\n6 [1]\n9 [1]\n"},
		{"by number below zero", 0, []measure.Group{{Column: "duration"}}, "-1 [1]\n300000 [5]\n"},
		{"by code", 0, []measure.Group{{Column: "outcome"}}, "0 [1]\n1 [3]\n2 [1]\n3 [1]\n"},
		{"by bool", 0, []measure.Group{{Column: "engaged"}}, "0 [1]\n1 [5]\n"},
		{"by range", 0, []measure.Group{{Column: "turns", Bounds: []int64{2, 4, 5, 9}}}, "0 [1]\n1 [1]\n2 [2]\n3 [1]\n4 [1]\n"},
		{"by range, all below", 0, []measure.Group{{Column: "turns", Bounds: []int64{100}}}, "0 [6]\n"},
		{"by two", 0, []measure.Group{{Column: "bot"}, {Column: "outcome"}}, "B 1 [1]\nB 3 [1]\nb 0 [1]\nb 1 [2]\nb 2 [1]\n"},
		{"by the same twice", 0, []measure.Group{{Column: "bot"}, {Column: "bot"}}, "B B [2]\nb b [4]\n"},
		{
			"by four", 0,
			[]measure.Group{{Column: "bot"}, {Column: "channel"}, {Column: "turns", Bounds: []int64{4}}, {Column: "engaged"}},
			"B 0 0 1 [1]\nB teams 1 1 [1]\nb teams 1 1 [1]\nb web 0 0 [1]\nb web 1 1 [2]\n",
		},
		{"by what is finished", noon + 155*minute - 1, []measure.Group{finishedOutcome()}, "-1 [1]\n0 [1]\n1 [2]\n2 [1]\n3 [1]\n"},
		{"by text where", 0, []measure.Group{{Column: "topic_name", Where: &web, Else: measure.Key{Text: "elsewhere"}}}, "0 [1]\nRefund [2]\nelsewhere [3]\n"},
		{"by text where, among others", 0, []measure.Group{{Column: "topic_name", Where: &web, Else: measure.Key{Text: "Refund"}}}, "0 [1]\nRefund [5]\n"},
		{"by range where", 0, []measure.Group{{Column: "turns", Bounds: []int64{4}, Where: &web, Else: measure.Key{Int: -7}}}, "-7 [3]\n0 [1]\n1 [2]\n"},
		{
			"by weekday of what has a time", 0,
			[]measure.Group{{Column: "started_at", Unit: measure.Weekday, Where: &timed, Else: measure.Key{Int: -1}}},
			"-1 [1]\n2 [1]\n3 [4]\n",
		},
	} {
		plan := measure.Plan{
			Table: fact.Sessions, AsOf: test.asOf, Groups: test.groups, Aggregates: []measure.Aggregate{{Func: measure.Count}},
		}
		same(t, test.what, test.want, table(ask(t, s, projection, plan)))
	}
}

// zones are those whose clocks do something odd.
func zones() []string {
	return []string{
		"UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
		"Pacific/Apia", "Pacific/Kiritimati", "Africa/Monrovia", "Europe/Dublin",
	}
}

// offsetsOf are what a zone adds to UTC, at every moment from one to another (ms).
func offsetsOf(zone *time.Location, from, to int64) []measure.Offset {
	at := time.UnixMilli(from).In(zone)
	_, seconds := at.Zone()
	all := []measure.Offset{{From: from, Add: int64(seconds) * second}}
	for {
		_, next := at.ZoneBounds()
		if next.IsZero() || next.UnixMilli() > to {
			return all
		}
		if !next.After(at) { // package time is stuck on the last day of leap years far ahead
			at = at.AddDate(0, 0, 1)
			continue
		}
		at = next
		_, seconds := at.Zone()
		all = append(all, measure.Offset{From: at.UnixMilli(), Add: int64(seconds) * second})
	}
}

// buckets holds the arithmetic against the calendar of package time, around every change of clocks.
func buckets(t *testing.T, s store.Store) {
	var moments []int64
	for _, date := range []string{
		"2026-04-15T12:00:00Z", "2026-03-29T00:00:00Z", "2025-10-26T00:00:00Z", "2026-03-08T06:00:00Z", "2025-11-02T05:00:00Z",
		"2026-04-04T15:00:00Z", "2025-10-04T15:30:00Z", "2011-12-30T10:00:00Z", "2024-02-29T00:00:00Z", "2025-12-31T23:00:00Z",
		"2026-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "1900-03-01T00:00:00Z", "2000-02-29T12:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, date)
		ok(t, err)
		for _, add := range []int64{-2 * hour, -hour, -30 * minute, -1, 0, 1, 15 * minute, 30 * minute, 45 * minute, hour, 90 * minute, 2 * hour} {
			moments = append(moments, at.UnixMilli()+add)
		}
	}
	f := &fact.Facts{}
	for i, at := range moments {
		f.Sessions = append(f.Sessions, aSession("b", "a", int64(i), 0, func(s *fact.Session) { s.StartedAt = at }))
	}
	projection := load(t, s, f)
	for _, name := range zones() {
		zone, err := time.LoadLocation(name)
		ok(t, err)
		offsets := offsetsOf(zone, moments[0]-200*365*day, moments[0]+30*365*day)
		for unit, key := range map[measure.Unit]func(time.Time) int64{
			measure.Day:       dayOf,
			measure.Week:      func(at time.Time) int64 { return (dayOf(at) + 3 - int64(at.Weekday()+6)%7) / 7 },
			measure.Month:     func(at time.Time) int64 { return int64(at.Year()-1970)*12 + int64(at.Month()) - 1 },
			measure.Weekday:   func(at time.Time) int64 { return int64(at.Weekday()+6)%7 + 1 },
			measure.HourOfDay: func(at time.Time) int64 { return int64(at.Hour()) },
			measure.Hour: func(at time.Time) int64 {
				_, seconds := at.Zone()
				return (24*dayOf(at)+int64(at.Hour()))*2*day - int64(seconds)*second
			},
		} {
			want := map[int64]int64{}
			for _, at := range moments {
				want[key(time.UnixMilli(at).In(zone))]++
			}
			same(t, fmt.Sprintf("%s in %s", unit, name), want, bucketCounts(t, s, projection, unit, offsets))
		}
	}
	same(t, "days without offsets are those of UTC",
		bucketCounts(t, s, projection, measure.Day, []measure.Offset{{}}), bucketCounts(t, s, projection, measure.Day, nil))
}

// dayOf is how many days after 1 January 1970 a date is.
func dayOf(at time.Time) int64 {
	y, m, d := at.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86_400
}

func bucketCounts(t *testing.T, s store.Store, projection int64, unit measure.Unit, offsets []measure.Offset) map[int64]int64 {
	t.Helper()
	counts := map[int64]int64{}
	for _, row := range ask(t, s, projection, measure.Plan{
		Table: fact.Sessions, Groups: []measure.Group{{Column: "started_at", Unit: unit, Offsets: offsets}},
		Aggregates: []measure.Aggregate{{Func: measure.Count}},
	}) {
		counts[row.Keys[0].Int] = row.Values[0]
	}
	return counts
}

func overNothing(t *testing.T, s store.Store) {
	empty := load(t, s, &fact.Facts{})
	some := load(t, s, sample())
	all := []measure.Aggregate{
		{Func: measure.Count},
		{Func: measure.Sum, Column: "turns"},
		{Func: measure.SumSquares, Column: "turns"},
		{Func: measure.Distinct, Column: "bot"},
		{Func: measure.Rank, Column: "turns", PerMille: 500},
		{Func: measure.Returning, Column: "user_key", Per: "conversation_key"},
		{Func: measure.Reused, Column: "user_key", Per: "conversation_key"},
	}
	zero := []measure.Row{{Values: make([]int64, 7), Valid: []bool{true, true, true, true, false, true, true}}}
	for what, plan := range map[string]measure.Plan{
		"nothing is there": {Table: fact.Sessions, Aggregates: all},
		"nothing holds":    {Table: fact.Sessions, Aggregates: all, Where: measure.Or()},
		"an empty range":   {Table: fact.Sessions, Aggregates: all, Ranged: true, From: noon, To: noon},
	} {
		projection := some
		if what == "nothing is there" {
			projection = empty
		}
		same(t, what, zero, ask(t, s, projection, plan))
		plan.Groups = []measure.Group{{Column: "bot"}}
		same(t, what+", in groups", 0, len(ask(t, s, projection, plan)))
	}
	grouped := measure.Plan{
		Table: fact.Sessions, Groups: []measure.Group{{Column: "bot"}}, Aggregates: []measure.Aggregate{{Func: measure.Count, Where: measure.Or()}},
	}
	same(t, "groups whose rows are not counted are there", "B [0]\nb [0]\n", table(ask(t, s, some, grouped)))
}

func rangeAndAsOf(t *testing.T, s store.Store) {
	f := sample()
	early := aSession("b", "g", 1, 0, func(s *fact.Session) { s.StartedAt, s.EndedAt, s.ClosesAt = -day, -day, -day })
	f.Sessions = append(f.Sessions, early)
	projection := load(t, s, f)
	for _, test := range []struct {
		what     string
		asOf     int64
		ranged   bool
		from, to int64
		want     string
	}{
		{"all", 0, false, 0, 0, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1 b/g#1"},
		{"a range has its start and not its end, and what has a time", 0, true, noon, noon + 120*minute, "b/a#1 b/a#2 b/c#1"},
		{"a range around 1970, where what has no time is not", 0, true, -2 * day, noon, "B/d#1 b/g#1"},
		{"a range to the end of time", 0, true, noon + 1, 1<<63 - 1, "b/a#2 b/c#1 b/f#1"},
		{"a range from the beginning of time", 0, true, -1 << 63, noon, "B/d#1 b/g#1"},
		{"without a range bounds mean nothing", 0, false, noon, noon, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/f#1 b/g#1"},
		{"as of a start", noon + 60*minute, false, 0, 0, "b/a#1 b/a#2 b/c#1 B/d#1 B/e#1 b/g#1"},
		{"as of just before", noon + 60*minute - 1, false, 0, 0, "b/a#1 B/d#1 B/e#1 b/g#1"},
		{"as of before 1970", -2 * day, false, 0, 0, "B/e#1"},
		{"as of within a range", noon + 60*minute, true, noon + 1, noon + day, "b/a#2 b/c#1"},
	} {
		view(t, s, func(ctx context.Context, v store.View) {
			sel := store.Selection{Sort: "conversation", AsOf: test.asOf, Ranged: test.ranged, From: test.from, To: test.to}
			listed := sessionsOf(t, v, projection, sel)
			same(t, test.what, test.want, names(listed))
			rows := got(v.Aggregate(ctx, projection, measure.Plan{
				Table: fact.Sessions, AsOf: test.asOf, Ranged: test.ranged, From: test.from, To: test.to,
				Aggregates: []measure.Aggregate{{Func: measure.Count}},
			}))(t)
			same(t, test.what+", counted", int64(len(listed)), rows[0].Values[0])
		})
	}
}

func billedPlans(t *testing.T, s store.Store) {
	projection := load(t, s, sample())
	same(t, "by channel", "B teams [1 4]\nb teams [1 9]\nb web [3 11]\n", table(ask(t, s, projection, measure.Plan{
		Table: fact.BilledOnes, Groups: []measure.Group{{Column: "bot"}, {Column: "channel"}},
		Aggregates: []measure.Aggregate{{Func: measure.Count}, {Func: measure.Sum, Column: "turns"}},
	})))
	same(t, "in a range, as of, where", "[1]\n", table(ask(t, s, projection, measure.Plan{
		Table: fact.BilledOnes, Ranged: true, From: noon, To: noon + day, AsOf: noon + 60*minute, Where: measure.AtLeast("turns", 5),
		Aggregates: []measure.Aggregate{{Func: measure.Count}},
	})))
}

func impossiblePlans(t *testing.T, s store.Store) {
	projection := load(t, s, sample())
	count := []measure.Aggregate{{Func: measure.Count}}
	for what, plan := range map[string]measure.Plan{
		"a condition on a column that is not there": {Table: fact.Sessions, Aggregates: count, Where: measure.Is("nonsense", 1)},
		"a group by a column that is not there":     {Table: fact.Sessions, Aggregates: count, Groups: []measure.Group{{Column: "nonsense"}}},
		"a sum of a column that is not there":       {Table: fact.Sessions, Aggregates: []measure.Aggregate{{Func: measure.Sum, Column: "nonsense"}}},
		"a sum of a column of another table":        {Table: fact.BilledOnes, Aggregates: []measure.Aggregate{{Func: measure.Sum, Column: "csat"}}},
		"a column that is a statement":              {Table: fact.Sessions, Aggregates: count, Groups: []measure.Group{{Column: `bot", "channel`}}},
		"the table of what was said":                {Table: fact.Utterances, Aggregates: count},
	} {
		view(t, s, func(ctx context.Context, v store.View) {
			if rows, err := v.Aggregate(ctx, projection, plan); err == nil {
				t.Errorf("%s: answered with %v", what, rows)
			}
		})
	}
	view(t, s, func(ctx context.Context, v store.View) {
		for what, sel := range map[string]store.Selection{
			"a list by a column that is not there":        {Sort: "nonsense"},
			"a list where a column that is not there is":  {Where: measure.IsText("nonsense", "x")},
			"a list by a column that is really something": {Sort: "bot desc; --"},
		} {
			if err := v.Sessions(ctx, projection, sel, func(*fact.Session) error { return nil }); err == nil {
				t.Errorf("%s: no error", what)
			}
		}
	})
}
