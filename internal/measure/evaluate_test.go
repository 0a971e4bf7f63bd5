package measure_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// table is rows with the columns to reach them by: enough to evaluate what measures say, the plainest way.
type table[Row any] struct {
	columns map[string]func(*Row) any
	rows    []Row
}

func tableOf[Row any](columns []fact.Column[Row], rows []Row) table[Row] {
	out := table[Row]{columns: map[string]func(*Row) any{}, rows: rows}
	for _, c := range columns {
		out.columns[c.Name] = c.Of
	}
	return out
}

func sessionsOf(rows []fact.Session) table[fact.Session] { return tableOf(fact.SessionColumns(), rows) }

func billedOf(rows []fact.Billed) table[fact.Billed] { return tableOf(fact.BilledColumns(), rows) }

func (x table[Row]) field(row *Row) func(string) any {
	return func(column string) any {
		of := x.columns[column]
		if of == nil {
			panic("no column " + column)
		}
		return of(row)
	}
}

// where are the rows for which a predicate holds.
func (x table[Row]) where(p measure.Predicate, asOf int64) table[Row] {
	out := table[Row]{columns: x.columns}
	for i := range x.rows {
		if p.Holds(x.field(&x.rows[i]), func(string) bool { return false }, asOf) {
			out.rows = append(out.rows, x.rows[i])
		}
	}
	return out
}

func (x table[Row]) ints(column string) []int64 {
	var out []int64
	for i := range x.rows {
		out = append(out, fact.Int(x.field(&x.rows[i])(column)))
	}
	return out
}

func different(values []int64) []int64 {
	out := slices.Compact(slices.Sorted(slices.Values(values)))
	return slices.DeleteFunc(out, func(v int64) bool { return v == 0 })
}

// value of an aggregate; false where there is none.
func (x table[Row]) value(a measure.Aggregate, asOf int64) (int64, bool) {
	kept := x.where(a.Where, asOf)
	switch a.Func {
	case measure.Count:
		return int64(len(kept.rows)), true
	case measure.Sum:
		var sum int64
		for _, column := range append([]string{a.Column}, a.Plus...) {
			for _, v := range kept.ints(column) {
				sum += v
			}
		}
		return sum, true
	case measure.SumSquares:
		var sum int64
		for _, v := range kept.ints(a.Column) {
			sum += v * v
		}
		return sum, true
	case measure.Distinct:
		return int64(len(different(kept.ints(a.Column)))), true
	case measure.Rank:
		if len(kept.rows) == 0 {
			return 0, false
		}
		sorted := slices.Sorted(slices.Values(kept.ints(a.Column)))
		for i, v := range sorted {
			if int64(i+1)*1000 >= a.PerMille*int64(len(sorted)) {
				return v, true
			}
		}
		panic("no rank")
	case measure.Returning, measure.Reused:
		per := map[int64][]int64{}
		who, in := kept.ints(a.Column), kept.ints(a.Per)
		for i := range who {
			if who[i] != 0 {
				per[who[i]] = append(per[who[i]], in[i])
			}
		}
		var users int64
		var reused []int64
		for _, in := range per {
			if in = different(in); len(in) >= 2 {
				users++
				reused = append(reused, in...)
			}
		}
		if a.Func == measure.Returning {
			return users, true
		}
		return int64(len(different(reused))), true
	default:
		panic("unknown function")
	}
}

// world is both tables.
type world struct {
	sessions table[fact.Session]
	billed   table[fact.Billed]
	asOf     int64
}

func (w world) value(in fact.Table, a measure.Aggregate) (int64, bool) {
	if in == fact.BilledOnes {
		return w.billed.value(a, w.asOf)
	}
	return w.sessions.value(a, w.asOf)
}

// numerator and denominator of a measure by name; the denominator of a count is 1.
func (w world) of(t interface{ Fatalf(string, ...any) }, name string) (int64, int64) {
	m, ok := measure.ByName(name)
	if !ok {
		t.Fatalf("there is no measure %s", name)
	}
	n, _ := w.value(m.Table, m.Numerator)
	d := int64(1)
	if m.Denominator != nil {
		d, _ = w.value(denominatorTable(m), *m.Denominator)
	}
	return n, d
}

func denominatorTable(m measure.Measure) fact.Table {
	if m.DenominatorTable != "" {
		return m.DenominatorTable
	}
	return m.Table
}

var reasons = []string{
	"", "NoError", "Resolved", "UserExit", "UserError", "SystemError", "AgentTransferRequestedByUser", "AgentTransferConfiguredByAuthor",
	"AgentTransferFromQuestionMaxAttempts", "userexit", "of a later year",
}

// anyRow is a session with whatever values its columns can have, also in combinations that no definition makes: platforms do.
func anyRow(t *rapid.T) fact.Session {
	small := rapid.Int64Range(0, 3)
	code := func(column string, codes int) uint8 { return uint8(rapid.IntRange(0, codes-1).Draw(t, column)) }
	s := fact.Session{
		ConversationKey: rapid.Int64Range(1, 6).Draw(t, "conversation"), UserKey: small.Draw(t, "user"),
		StartedBy: code("started_by", 3), Engaged: rapid.Bool().Draw(t, "engaged"), Outcome: code("outcome", 4), Resolution: code("resolution", 3),
		Reason: rapid.SampledFrom(reasons).Draw(t, "reason"), ClosesAt: small.Draw(t, "closes"),
		UserMessages: small.Draw(t, "user messages"), BotMessages: small.Draw(t, "bot messages"), Turns: small.Draw(t, "turns"),
		CSATAsked: rapid.Bool().Draw(t, "asked"), CSAT: rapid.Int64Range(0, 5).Draw(t, "csat"),
		Unrecognised: small.Draw(t, "unrecognised"), Ambiguous: small.Draw(t, "ambiguous"),
		Answered: small.Draw(t, "answered"), NotAnswered: small.Draw(t, "not answered"), AnswerModerated: small.Draw(t, "moderated"),
		AnswerNoResults: small.Draw(t, "no results"), AnswerElse: small.Draw(t, "else"),
		Likes: small.Draw(t, "likes"), Dislikes: small.Draw(t, "dislikes"),
		Untimed: rapid.Bool().Draw(t, "untimed"), Duration: -1,
	}
	if !s.Untimed {
		s.Duration = small.Draw(t, "duration")
	}
	return s
}

func anyWorld(t *rapid.T) world {
	billed := rapid.Custom(func(t *rapid.T) fact.Billed {
		return fact.Billed{ConversationKey: rapid.Int64Range(1, 6).Draw(t, "conversation"), Turns: rapid.Int64Range(0, 3).Draw(t, "turns")}
	})
	return world{
		sessionsOf(rapid.SliceOfN(rapid.Custom(anyRow), 0, 12).Draw(t, "sessions")),
		billedOf(rapid.SliceOfN(billed, 0, 5).Draw(t, "billed")),
		rapid.Int64Range(0, 3).Draw(t, "as of"),
	}
}

// A share is of the same rows: whatever the rows, the numerator counts nothing that the denominator does not.
func TestRatesAreShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		for _, m := range measure.All() {
			if m.Kind != measure.KindRate {
				continue
			}
			n, d := w.of(t, m.Name)
			if n < 0 || n > d {
				t.Fatalf("%s is %d of %d", m.Name, n, d)
			}
			if m.Numerator.Func != measure.Count {
				continue
			}
			if both, _ := w.value(m.Table, measure.Aggregate{Where: measure.And(m.Numerator.Where, m.Denominator.Where)}); both != n {
				t.Fatalf("%s counts %d, %d of them in its denominator", m.Name, n, both)
			}
		}
	})
}

// Parts and their wholes, whatever the rows.
func TestPartsAddUp(t *testing.T) {
	all := []struct{ whole, parts string }{
		{"sessions", "engaged_sessions unengaged_sessions"},
		{"sessions", "user_started_sessions bot_started_sessions"},
		{"user_started_sessions", "user_started_engaged_sessions user_started_unengaged_sessions"},
		{"engaged_finished_sessions", "resolved_sessions escalated_sessions abandoned_sessions engaged_without_outcome"},
		{"resolved_sessions", "confirmed_sessions implied_sessions"},
		{"resolution_rate", "confirmed_rate implied_rate"},
		{"resolution_rate_of_all", "confirmed_rate_of_all implied_rate_of_all"},
		{"escalation_rate", "escalation_by_user_rate escalation_by_author_rate escalation_by_other_rate"},
		{"abandon_rate", "abandon_user_exit_rate abandon_user_error_rate abandon_system_error_rate abandon_other_rate"},
		{"engaged_finished_sessions", "deflection_rate escalated_sessions"},
		{"csat_responses", "csat_1 csat_2 csat_3 csat_4 csat_5"},
		{"csat_top_two_rate", "csat_4 csat_5"},
		{"generated_answers", "answered_answers not_answered_answers moderated_answers no_result_answers other_answers"},
	}
	rapid.Check(t, func(t *rapid.T) {
		w := anyWorld(t)
		for _, tc := range all {
			whole, of := w.of(t, tc.whole)
			var sum int64
			for _, part := range strings.Fields(tc.parts) {
				n, d := w.of(t, part)
				if sum += n; kindOf(part) == measure.KindRate && kindOf(tc.whole) == measure.KindRate && d != of {
					t.Fatalf("%s is of %d, %s of %d", part, d, tc.whole, of)
				}
			}
			if sum != whole {
				t.Fatalf("%s is %d, %s make %d", tc.whole, whole, tc.parts, sum)
			}
		}
	})
}

func kindOf(name string) measure.Kind {
	m, _ := measure.ByName(name)
	return m.Kind
}

// Open sessions count in sessions and in engaged, in no outcome and no outcome's denominator (DESIGN.md, law 8).
func TestOpenSessionsHaveNoOutcome(t *testing.T) {
	open := fact.Session{Engaged: true, Outcome: 1, Resolution: 1, StartedBy: 2, UserMessages: 1, ClosesAt: 2}
	w := world{sessions: sessionsOf([]fact.Session{open}), asOf: 1}
	for _, name := range []string{"sessions", "engaged_sessions", "engagement_rate", "unfinished_sessions", "user_started_unfinished_sessions"} {
		if n, _ := w.of(t, name); n != 1 {
			t.Errorf("%s is %d of one open session", name, n)
		}
	}
	for _, m := range measure.All() {
		if m.Group != "Outcomes" {
			continue
		}
		if n, d := w.of(t, m.Name); n != 0 || (m.Denominator != nil && d != 0) {
			t.Errorf("%s is %d of %d of one open session", m.Name, n, d)
		}
		// Closed, it is an outcome, or in the denominator of one.
		w.asOf = 2
		if n, d := w.of(t, m.Name); strings.HasPrefix(m.Name, "resol") && n != 1 || d != 1 {
			t.Errorf("%s is %d of %d of one resolved session", m.Name, n, d)
		}
		w.asOf = 1
	}
}
