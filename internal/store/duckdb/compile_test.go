package duckdb

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

var update = flag.Bool("update", false, "write testdata anew")

// golden holds text against a file of testdata.
func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (- file, + now; -update writes it):\n%s", file, diff)
	}
}

// TestProjectionTables: what the tables of a projection are made of.
func TestProjectionTables(t *testing.T) {
	var b strings.Builder
	for _, table := range factTables {
		b.WriteString(createTable("CREATE TABLE", tableName(table, 1), tableColumns(table)) + ";\n")
	}
	golden(t, "projection.sql", b.String())
}

// plans are questions of every kind. Their SQL is in testdata/plan.
func plans() map[string]measure.Plan {
	const start = 1_774_742_400_000 // 2026-03-29, when clocks in Berlin change
	count := func(where ...measure.Predicate) measure.Aggregate {
		return measure.Aggregate{Func: measure.Count, Where: measure.And(where...)}
	}
	berlin := []measure.Offset{{From: 0, Add: msOfHour}, {From: start + msOfHour, Add: 2 * msOfHour}, {From: start + 210*msOfDay, Add: msOfHour}}
	engaged, finished := measure.Is("engaged", 1), measure.IsFinished()
	said := measure.Predicate{Op: measure.Said, Texts: []string{"Refund"}}
	month := func(p measure.Plan) measure.Plan {
		p.Ranged, p.From, p.To = true, start-28*msOfDay, start+3*msOfDay
		if p.Table == "" {
			p.Table = fact.Sessions
		}
		return p
	}
	all := []measure.Aggregate{count()}
	return map[string]measure.Plan{
		"everything": {Table: fact.Sessions, Aggregates: all},
		"cards": month(measure.Plan{
			Where: measure.And(measure.Is("kind", 0), measure.IsText("bot", "a", "b")), AsOf: start,
			Aggregates: []measure.Aggregate{
				count(), count(engaged), count(engaged, finished, measure.Is("outcome", 1)), count(engaged, finished, measure.Is("outcome", 2, 3)),
				{Func: measure.Sum, Column: "csat", Where: measure.AtLeast("csat", 1)},
				{Func: measure.SumSquares, Column: "csat"},
				{Func: measure.Sum, Column: "answered", Plus: []string{"not_answered", "answer_else"}},
			},
		}),
		"topics":           month(measure.Plan{Groups: []measure.Group{{Column: "topic_id"}, {Column: "topic_kind"}}, Aggregates: all}),
		"days":             month(measure.Plan{Groups: []measure.Group{{Column: "started_at", Unit: measure.Day, Offsets: berlin}}, Aggregates: all}),
		"days_of_all_time": {Table: fact.Sessions, Groups: []measure.Group{{Column: "started_at", Unit: measure.Day, Offsets: berlin}}, Aggregates: all},
		"outcomes_by_day": month(measure.Plan{
			AsOf: start, Groups: []measure.Group{{Column: "started_at", Unit: measure.Day, Offsets: berlin}},
			Aggregates: []measure.Aggregate{
				count(engaged, finished), count(engaged, finished, measure.Is("outcome", 1)), count(engaged, finished, measure.Is("outcome", 2)),
				count(measure.Or(measure.Is("started_by", 1), measure.AtLeast("user_messages", 1))),
			},
		}),
		"months":             month(measure.Plan{Groups: []measure.Group{{Column: "started_at", Unit: measure.Month, Offsets: berlin[:1]}}, Aggregates: all}),
		"weeks":              month(measure.Plan{Groups: []measure.Group{{Column: "started_at", Unit: measure.Week}}, Aggregates: all}),
		"weekdays_and_hours": month(measure.Plan{Groups: []measure.Group{{Column: "started_at", Unit: measure.Weekday}, {Column: "started_at", Unit: measure.HourOfDay}}, Aggregates: all}),
		"hours":              month(measure.Plan{Groups: []measure.Group{{Column: "started_at", Unit: measure.Hour, Offsets: []measure.Offset{{Add: -12_600_000}}}}, Aggregates: all}),
		"turns":              month(measure.Plan{Groups: []measure.Group{{Column: "turns", Bounds: []int64{2, 5, 10}}}, Aggregates: all}),
		"finished_outcomes": month(measure.Plan{
			AsOf: start, Groups: []measure.Group{{Column: "outcome", Where: &finished, Else: measure.Key{Int: -1}}},
			Where:      measure.Predicate{Op: measure.GroupIn, Ints: []int64{0, 2}, Group: &measure.Group{Column: "turns", Bounds: []int64{5}}},
			Aggregates: all,
		}),
		"users": month(measure.Plan{Groups: []measure.Group{{Column: "channel"}}, Aggregates: []measure.Aggregate{
			{Func: measure.Distinct, Column: "user_key"},
			{Func: measure.Distinct, Column: "channel"},
			{Func: measure.Returning, Column: "user_key", Per: "conversation_key", Where: engaged},
			{Func: measure.Reused, Column: "user_key", Per: "conversation_key"},
		}}),
		"ranks": month(measure.Plan{Aggregates: []measure.Aggregate{
			{Func: measure.Rank, Column: "duration", PerMille: 500, Where: measure.AtLeast("duration", 0)}, {Func: measure.Rank, Column: "duration", PerMille: 1000},
		}}),
		"said":   month(measure.Plan{Where: measure.Except(said), Aggregates: []measure.Aggregate{count(), count(measure.Or(said, engaged))}}),
		"billed": month(measure.Plan{Table: fact.BilledOnes, Groups: []measure.Group{{Column: "topic_name"}}, Aggregates: all}),
	}
}

// TestCompile holds the SQL of plans in files, and lets DuckDB plan every one of them.
func TestCompile(t *testing.T) {
	s := open(t, t.TempDir())
	projection := load(t, s, 10)
	for name, plan := range plans() {
		t.Run(name, func(t *testing.T) {
			statements, err := compile(plan, projection)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, st := range statements {
				fmt.Fprintf(&b, "%s;\n-- %v\n", st.sql, st.args)
			}
			golden(t, "plan/"+name+".sql", b.String())
			err = s.View(t.Context(), func(v store.View) error {
				_, err := v.Aggregate(t.Context(), projection, plan)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCompileSelection(t *testing.T) {
	sel := store.Selection{
		Where: measure.IsText("channel", "msteams"), Ranged: true, From: 1_774_742_400_000, To: 1_774_828_800_000, Sort: "turns", Descending: true,
		After: &store.Position{Sort: measure.Key{Int: 7}, StartedAt: 1_774_750_000_000, ConversationKey: -3, Number: 2, Place: 4},
	}
	sessions := listing[fact.Session]{projection: 1, table: fact.Sessions, sel: sel}
	sel.Sort, sel.Descending = "text", false
	sel.After = &store.Position{Sort: measure.Key{Text: "it's"}, StartedAt: 5, ConversationKey: 6, Number: 7, Place: 8}
	utterances := listing[fact.Utterance]{
		projection: 1, table: fact.Utterances, sel: sel,
		about: store.UtteranceFilter{Source: []uint8{0}, Recognition: []uint8{1, 2}, Contains: "No", Conversation: 9},
	}
	groups := func(most int64) (*writer, error) {
		l := utterances
		l.sel.Limit = most
		w := l.compileGroups(100_000)
		return w, w.err
	}
	hours := func(int64) (*writer, error) {
		w := utterances.compileHours(100_000)
		return w, w.err
	}
	for name, compile := range map[string]func(int64) (*writer, error){"sessions": sessions.compile, "utterances": utterances.compile, "groups": groups, "hours": hours} {
		w, err := compile(50)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "selection/"+name+".sql", fmt.Sprintf("%s;\n-- %v\n", w.sql.String(), w.args))
	}
}
