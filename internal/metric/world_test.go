package metric

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// world is a Facts over two slices: plans evaluated word by word as package measure says, and counted, to hold against what a query costs.
type world struct {
	sessions []fact.Session
	billed   []fact.Billed
	plans    int
}

// row is a row of any table.
type row struct {
	field   func(string) any
	start   int64
	untimed bool
}

func (w *world) rows(table fact.Table) []row {
	var out []row
	if table == fact.BilledOnes {
		columns := map[string]func(*fact.Billed) any{}
		for _, c := range fact.BilledColumns() {
			columns[c.Name] = c.Of
		}
		for i := range w.billed {
			b := &w.billed[i]
			out = append(out, row{func(c string) any { return columns[c](b) }, b.StartedAt, b.Untimed})
		}
		return out
	}
	columns := map[string]func(*fact.Session) any{}
	for _, c := range fact.SessionColumns() {
		columns[c.Name] = c.Of
	}
	for i := range w.sessions {
		s := &w.sessions[i]
		out = append(out, row{func(c string) any { return columns[c](s) }, s.StartedAt, s.Untimed})
	}
	return out
}

func (w *world) selected(sel Selection) []row {
	var out []row
	for _, r := range w.rows(sel.Table) {
		untimed := r.untimed
		switch {
		case sel.AsOf != 0 && !untimed && r.start > sel.AsOf:
		case sel.Ranged && (untimed || r.start < sel.From || r.start >= sel.To):
		case !sel.Where.Holds(r.field, nil, sel.AsOf):
		default:
			out = append(out, r)
		}
	}
	return out
}

func (w *world) Aggregate(_ context.Context, plan measure.Plan) ([]measure.Row, error) {
	w.plans++
	rows := w.selected(Selection{Table: plan.Table, Where: plan.Where, AsOf: plan.AsOf, Ranged: plan.Ranged, From: plan.From, To: plan.To})
	groups := map[string][]row{}
	keys := map[string][]measure.Key{}
	for _, r := range rows {
		var k []measure.Key
		for i := range plan.Groups {
			k = append(k, plan.Groups[i].Key(r.field, nil, plan.AsOf))
		}
		id := fmt.Sprint(k)
		groups[id], keys[id] = append(groups[id], r), k
	}
	if len(plan.Groups) == 0 {
		groups = map[string][]row{"": rows}
	}
	var out []measure.Row
	for id, rows := range groups {
		one := measure.Row{Keys: keys[id]}
		for _, a := range plan.Aggregates {
			v, ok := evaluate(a, rows, plan.AsOf)
			one.Values, one.Valid = append(one.Values, v), append(one.Valid, ok)
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b measure.Row) int {
		return slices.CompareFunc(a.Keys, b.Keys, func(a, b measure.Key) int {
			return cmp.Or(cmp.Compare(a.Text, b.Text), cmp.Compare(a.Int, b.Int))
		})
	})
	return out, nil
}

// evaluate is one aggregate over rows; false where there is no value.
func evaluate(a measure.Aggregate, rows []row, asOf int64) (int64, bool) {
	var sum, squares int64
	var values []int64
	different := map[any]bool{}
	pers := map[int64]map[int64]bool{}
	n := int64(0)
	for _, r := range rows {
		if !a.Where.Holds(r.field, nil, asOf) {
			continue
		}
		n++
		if a.Column == "" {
			continue
		}
		f := r.field(a.Column)
		if fact.IsText(f) {
			different[*f.(*string)] = true
			continue
		}
		v := fact.Int(f)
		sum, squares, values = sum+v, squares+v*v, append(values, v)
		different[v] = true
		for _, c := range a.Plus {
			sum += fact.Int(r.field(c))
		}
		if a.Per != "" && v != 0 {
			if pers[v] == nil {
				pers[v] = map[int64]bool{}
			}
			pers[v][fact.Int(r.field(a.Per))] = true
		}
	}
	switch a.Func {
	case measure.Count:
		return n, true
	case measure.Sum:
		return sum, true
	case measure.SumSquares:
		return squares, true
	case measure.Distinct:
		delete(different, int64(0))
		delete(different, "")
		return int64(len(different)), true
	case measure.Rank:
		if n == 0 {
			return 0, false
		}
		slices.Sort(values)
		return values[max(0, (n*a.PerMille+999)/1000-1)], true
	}
	returning, reused := int64(0), map[int64]bool{}
	for _, p := range pers {
		if len(p) < 2 {
			continue
		}
		returning++
		for c := range p {
			reused[c] = true
		}
	}
	if a.Func == measure.Returning {
		return returning, true
	}
	return int64(len(reused)), true
}

// sessionGen makes sessions with many ties, around the night in which Berlin's clocks go back.
func sessionGen(night time.Time) *rapid.Generator[fact.Session] {
	return rapid.Custom(func(t *rapid.T) fact.Session {
		pick := func(name string, words ...string) string { return rapid.SampledFrom(words).Draw(t, name) }
		n := func(name string, high int) int64 { return int64(rapid.IntRange(0, high).Draw(t, name)) }
		s := fact.Session{
			ConversationKey: 1 + n("conversation", 20), UserKey: n("user", 6),
			Bot: pick("bot", "a", "b"), Channel: pick("channel", "", "msteams", "directline"), Locale: pick("locale", "", "de-DE"),
			TopicID: pick("topic", "", "t1", "t2", "t3"), Kind: uint8(rapid.SampledFrom([]int{0, 0, 0, 0, 2}).Draw(t, "kind")),
			Engaged: rapid.Bool().Draw(t, "engaged"), StartedBy: uint8(n("by", 2)), Turns: n("turns", 25),
			UserMessages: n("messages", 3), CSAT: n("csat", 5), CSATAsked: rapid.Bool().Draw(t, "asked"),
			Answered: n("answered", 2), NotAnswered: n("not", 1), Likes: n("likes", 1), Unrecognised: n("unrecognised", 2),
			Untimed: n("untimed", 9) == 0, Duration: -1, Origin: uint8(n("origin", 1)),
			OpenedBy: 8, EndedBy: 1 + uint8(n("ended", 1)), // open.first; end.idle, end.outcome
		}
		s.Conversation = fmt.Sprint("c", s.ConversationKey)
		if s.UserKey != 0 {
			s.User = fmt.Sprint("u", s.UserKey)
		}
		if s.TopicID != "" {
			s.TopicName = pick("name", "Hours", "Opening hours")
			s.TopicKind = 1 + uint8(n("topic kind", 1))
		}
		if s.Engaged {
			s.EngagedBy, s.Outcome = 2, uint8(n("outcome", 3))
			s.Reason = pick("reason", "", "UserExit", "Resolved")
			if s.Outcome == 1 {
				s.Resolution = 1 + uint8(n("resolution", 1))
			}
		}
		if !s.Untimed {
			s.StartedAt = night.UnixMilli() + int64(rapid.IntRange(-90*4, 90*4).Draw(t, "quarter"))*msOfHour/4
			s.Duration = rapid.SampledFrom([]int64{0, 9_999, 10_000, 59_000, 60_000, 7_200_000}).Draw(t, "duration")
			s.EndedAt = s.StartedAt + s.Duration
			s.ClosesAt = s.EndedAt + 1_800_000
		}
		return s
	})
}

func worldGen(night time.Time) *rapid.Generator[*world] {
	return rapid.Custom(func(t *rapid.T) *world {
		w := &world{sessions: rapid.SliceOfN(sessionGen(night), 0, 60).Draw(t, "sessions")}
		for i, s := range w.sessions {
			if i%2 == 0 {
				w.billed = append(w.billed, fact.Billed{
					ConversationKey: s.ConversationKey, Bot: s.Bot, Conversation: s.Conversation, StartedAt: s.StartedAt, EndedAt: s.EndedAt,
					Untimed: s.Untimed, OpenedBy: 1, TopicID: s.TopicID, TopicName: s.TopicName, TopicKind: s.TopicKind,
					Turns: s.Turns, Channel: s.Channel, Locale: s.Locale, Kind: s.Kind,
				})
			}
		}
		return w
	})
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func day(t testing.TB, z *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
