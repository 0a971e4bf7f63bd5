package dataset_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// left is three abandoned sessions, the last of them at 10:30: each a user's "hello from ID", and the bot's "yes?".
func left(t *testing.T, w world) {
	t.Helper()
	w.text(t, rows(
		row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "2", Bot: "x", Topic: "B", Minute: 10},
		row{ID: "b", Conversation: "3", Bot: "y", Topic: "A", Minute: 90},
	))
}

func ofBot() dataset.UtteranceQuery {
	return dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: always()}, Source: []string{"bot"}}
}

// What the bot said last is there for whoever asks for it, and is never taken for what users said.
func TestLastBotMessage(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		left(t, w)
		texts := func(q dataset.UtteranceQuery) (listed, all []string) {
			t.Helper()
			page, err := w.Utterances(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range page.Utterances {
				listed = append(listed, u.Text)
			}
			if err := w.EachUtterance(t.Context(), q, func(u *fact.Utterance) error { all = append(all, u.Text); return nil }); err != nil {
				t.Fatal(err)
			}
			return listed, all
		}
		for what, test := range map[string]struct {
			change func(*dataset.UtteranceQuery)
			want   []string
		}{
			"the bot":                     {func(*dataset.UtteranceQuery) {}, []string{"yes?", "yes?", "yes?"}},
			"users, where nobody says it": {func(q *dataset.UtteranceQuery) { q.Source = nil }, []string{"hello from b", "hello from b", "hello from a"}},
			"the bot, before one session is over": {
				func(q *dataset.UtteranceQuery) { q.AsOf = "2026-03-02T10:45:00Z" }, []string{"yes?", "yes?"},
			},
			"users, before one session is over": {
				func(q *dataset.UtteranceQuery) { q.Source, q.AsOf = nil, "2026-03-02T10:45:00Z" }, []string{"hello from b", "hello from b", "hello from a"},
			},
		} {
			q := ofBot()
			change := test.change
			change(&q)
			listed, all := texts(q)
			if diff := gocmp.Diff(test.want, listed); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
			if diff := gocmp.Diff(listed, all); diff != "" {
				t.Errorf("%s, all of them: %s", what, diff)
			}
		}
		for said, want := range map[string]int64{"YES?": 0, "hello  from": 3} {
			page, err := w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Said: said})
			if err != nil || page.Count != want {
				t.Errorf("%d sessions in which users said %q, %v", page.Count, said, err)
			}
		}
		q := ofBot()
		q.Source = append(q.Source, "message")
		_, err := w.Utterances(t.Context(), q)
		wantField(t, err, "source")
	})
}

func TestUtteranceGroups(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		left(t, w)
		ask := func(change func(*dataset.UtteranceQuery)) dataset.GroupPage {
			t.Helper()
			q := dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: always()}}
			change(&q)
			page, err := w.UtteranceGroups(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			return page
		}
		group := func(text string, n int64, bot, conversation string) store.UtteranceGroup {
			return store.UtteranceGroup{Text: text, Utterances: n, Sessions: n, Bot: bot, Conversation: conversation, Number: 1}
		}
		b, a, yes := group("hello from b", 2, "y", "3"), group("hello from a", 1, "x", "1"), group("yes?", 3, "y", "3")
		for what, test := range map[string]struct {
			change func(*dataset.UtteranceQuery)
			want   store.UtteranceGroups
		}{
			"what users said": {func(*dataset.UtteranceQuery) {}, store.UtteranceGroups{Groups: []store.UtteranceGroup{b, a}, Utterances: 3, Considered: 3}},
			"the bot":         {func(q *dataset.UtteranceQuery) { q.Source = []string{"bot"} }, store.UtteranceGroups{Groups: []store.UtteranceGroup{yes}, Utterances: 3, Considered: 3}},
			"one group":       {func(q *dataset.UtteranceQuery) { q.Limit = 1 }, store.UtteranceGroups{Groups: []store.UtteranceGroup{b}, Utterances: 3, Considered: 3, More: 1}},
			"of one bot": {
				func(q *dataset.UtteranceQuery) {
					q.Filters = []metric.Filter{{Dimension: "bot", Values: []string{"y"}}}
				},
				store.UtteranceGroups{Groups: []store.UtteranceGroup{group("hello from b", 1, "y", "3")}, Utterances: 1, Considered: 1},
			},
			"of what a number counted": {func(q *dataset.UtteranceQuery) { q.Measure = "resolved_sessions" }, store.UtteranceGroups{}},
		} {
			if diff := gocmp.Diff(test.want, ask(test.change).UtteranceGroups); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		if page := ask(func(q *dataset.UtteranceQuery) { q.Range, q.Zone = nil, "Europe/Berlin" }); page.Period == nil || page.Header.Zone != "Europe/Berlin" || page.Generation == 0 {
			t.Errorf("%+v", page)
		}
		for field, change := range map[string]func(*dataset.UtteranceQuery){
			"limit":       func(q *dataset.UtteranceQuery) { q.Limit = 501 },
			"sort":        func(q *dataset.UtteranceQuery) { q.Sort = "started_at" },
			"cursor":      func(q *dataset.UtteranceQuery) { q.Cursor = "x" },
			"source":      func(q *dataset.UtteranceQuery) { q.Source = []string{"tape"} },
			"recognition": func(q *dataset.UtteranceQuery) { q.Recognition = []string{"perhaps"} },
		} {
			var q dataset.UtteranceQuery
			change(&q)
			_, err := w.UtteranceGroups(t.Context(), q)
			wantField(t, err, field)
		}
	})
}

func TestStatus(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
		berlin, err := time.LoadLocation("Europe/Berlin")
		if err != nil {
			t.Fatal(err)
		}
		w := open(t, newStore(t), dataset.Options{Zone: berlin, Now: func() time.Time { return now }})
		ask := func(what string, want dataset.Status) {
			t.Helper()
			got, err := w.Status(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if want.Generation, err = w.Generation(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		ask("nothing", dataset.Status{Zone: "Europe/Berlin", Definition: "platform"})
		const first = 1772442000_000 // of a row of minute 0
		w.text(t, rows(row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "2", Bot: "x", Topic: "A", Minute: 10}))
		at := now.UnixMilli()
		ask("two sessions", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", FirstAt: first, LastAt: first + 600_000, LastImportAt: at})
		now = now.Add(time.Hour)
		second := w.text(t, rows(row{ID: "c", Conversation: "3", Bot: "x", Topic: "A", Minute: 20}))
		ask("three", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", FirstAt: first, LastAt: first + 1_200_000, LastImportAt: now.UnixMilli()})
		w.remove(t, second.ID)
		ask("two again", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", FirstAt: first, LastAt: first + 600_000, LastImportAt: at})
		untimed := regexp.MustCompile(`,\\"timestamp\\":\d+`).ReplaceAllString(row{ID: "d", Conversation: "4", Bot: "x", Topic: "A"}.String(), "")
		w.text(t, untimed+"\n")
		at = now.UnixMilli()
		if facts := w.facts(t, definition.Default).Sessions; len(facts) != 3 || !slices.ContainsFunc(facts, func(s fact.Session) bool { return s.Untimed }) {
			t.Errorf("sessions %+v, want two and one without a time", facts)
		}
		ask("and one without a time", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", FirstAt: first, LastAt: first + 600_000, LastImportAt: at})
		now = time.UnixMilli(first + 599_999)
		ask("before the second starts", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", FirstAt: first, LastAt: first, LastImportAt: at})
		now = time.UnixMilli(first - 1)
		ask("before the first", dataset.Status{Zone: "Europe/Berlin", Definition: "platform", LastImportAt: at})
	})
}
