package dataset_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
)

func always() *metric.Range { return &metric.Range{} }

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var f *metric.FieldError
	if errs.CodeOf(err) != errs.Invalid || !errors.As(err, &f) || f.Field != field {
		t.Errorf("%v, want an error about %s", err, field)
	}
}

// Pages follow each other without a gap, in every order, and the count is of all.
func TestSessionPages(t *testing.T) {
	whole := file(t, lines(made(t, 120, 5)))
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.load(t, whole)
		for _, sort := range []string{"", "started_at", "-duration", "turns", "-user_messages", "csat", "topic_name", "-engaged"} {
			q := dataset.SessionQuery{Range: always(), Sort: sort, Filters: []metric.Filter{{Dimension: "engagement", Values: []string{"engaged"}}}}
			var all []fact.Session
			if err := w.EachSession(t.Context(), q, func(_ metric.Header, s *fact.Session) error { all = append(all, *s); return nil }); err != nil {
				t.Fatal(err)
			}
			var paged []fact.Session
			q.Limit = 7
			for {
				page, err := w.Sessions(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				if page.Count != int64(len(all)) || len(page.Sessions) > 7 {
					t.Fatalf("%s: count %d of %d, %d on a page", sort, page.Count, len(all), len(page.Sessions))
				}
				paged = append(paged, page.Sessions...)
				if q.Cursor = page.Next; q.Cursor == "" {
					break
				}
			}
			if diff := gocmp.Diff(all, paged); diff != "" || len(all) < 30 {
				t.Errorf("%s: %d sessions, %.600s", sort, len(all), diff)
			}
		}
		page, err := w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Limit: 1})
		if err != nil || page.Next == "" {
			t.Fatalf("%+v %v", page, err)
		}
		_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Limit: 1, Cursor: page.Next, Sort: "turns"})
		wantField(t, err, "cursor")
		for _, cursor := range []string{"nonsense", "bnVsbA", "e30"} { // the last two are null and {}
			_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Cursor: cursor})
			wantField(t, err, "cursor")
		}
		_, err = w.BilledSessions(t.Context(), dataset.SessionQuery{Range: always(), Cursor: page.Next}) // of another list
		wantField(t, err, "cursor")
		_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Sort: "-text"})
		wantField(t, err, "sort")
		_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Limit: -1})
		wantField(t, err, "limit")
		_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Definition: "ours"})
		wantField(t, err, "definition")
		_, err = w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Measure: "billed_sessions"})
		wantField(t, err, "measure")
	})
}

// Every number opens the sessions that it counted (law 6).
func TestNumbersOpen(t *testing.T) {
	whole := file(t, lines(made(t, 120, 6)))
	w := inMemory(t)
	w.load(t, whole)
	dims := []string{"topic", "weekday"}
	got, err := w.Query(t.Context(), []metric.Query{{Measures: []string{"engaged_sessions"}, Dimensions: dims, Range: always()}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got[0].Rows) < 10 {
		t.Fatalf("%d rows", len(got[0].Rows))
	}
	for _, r := range got[0].Rows {
		page, err := w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Measure: "engaged_sessions", Dimensions: dims, Keys: r.Keys})
		if err != nil {
			t.Fatal(err)
		}
		if float64(page.Count) != *r.Values[0].Value {
			t.Errorf("%v: %v on the card, %d behind it", r.Keys, *r.Values[0].Value, page.Count)
		}
	}
}

// What users said is found in any case, listed in pages, and narrows sessions.
func TestUtterances(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		var all []row
		for i := range 5 {
			all = append(all, row{ID: fmt.Sprint("id", i), Conversation: fmt.Sprint("c", i), Bot: "x", Topic: "A", Minute: i})
		}
		w.text(t, rows(all...))
		q := dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: always(), Limit: 2, Sort: "started_at"}, Contains: "HELLO"}
		var said []string
		for {
			page, err := w.Utterances(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range page.Utterances {
				said = append(said, u.Text)
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		want := []string{"hello from id0", "hello from id1", "hello from id2", "hello from id3", "hello from id4"}
		if diff := gocmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
		page, err := w.Sessions(t.Context(), dataset.SessionQuery{Range: always(), Said: "From ID3"})
		if err != nil || page.Count != 1 || page.Sessions[0].Conversation != "c3" {
			t.Errorf("%+v %v", page, err)
		}
		q = dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: always()}, Recognition: []string{"recognized"}}
		_, err = w.Utterances(t.Context(), q)
		wantField(t, err, "recognition")
		n := 0
		q = dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: always()}, Source: []string{"csat_comment"}}
		if err := w.EachUtterance(t.Context(), q, func(*fact.Utterance) error { n++; return nil }); err != nil || n != 0 {
			t.Errorf("%d comments, %v", n, err)
		}
	})
}

func TestConversation(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(row{ID: "a", Conversation: "1", Schema: "cr1_shop", Topic: "A"}))
		w.text(t, rows(row{ID: "b", Conversation: "1", Schema: "cr1_shop", Bot: "id-1", Topic: "B", Minute: 120}))
		c, err := w.Conversation(t.Context(), "", "1", "")
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Records) != 2 || len(c.Result.Sessions) != 2 || c.Bot.ID != "id-1" || len(c.Result.Sessions[0].Evidence) == 0 || c.Records[1].Raw == nil {
			t.Errorf("%+v", c)
		}
		for _, bot := range []string{"ID-1", "cr1_shop", "CR1_SHOP"} {
			if _, err := w.Conversation(t.Context(), bot, "1", "platform"); err != nil {
				t.Errorf("%s: %v", bot, err)
			}
		}
		for _, test := range []struct {
			bot, id, definition string
			code                errs.Code
		}{
			{"", "2", "", errs.NotFound},
			{"other", "1", "", errs.NotFound},
			{"", "1", "ours", errs.Invalid},
		} {
			if _, err := w.Conversation(t.Context(), test.bot, test.id, test.definition); errs.CodeOf(err) != test.code {
				t.Errorf("%+v: %v", test, err)
			}
		}
		w.text(t, rows(row{ID: "c", Conversation: "1", Bot: "id-2", Topic: "C"}))
		if _, err := w.Conversation(t.Context(), "", "1", ""); errs.CodeOf(err) != errs.Invalid || !strings.Contains(errs.HintOf(err), "id-1, id-2") {
			t.Errorf("two bots: %v", err)
		}
		if c, err := w.Conversation(t.Context(), "id-2", "1", ""); err != nil || len(c.Records) != 1 {
			t.Errorf("%+v %v", c, err)
		}
	})
}

// An export gives each conversation once, whatever sessions of it were asked for.
func TestEachConversation(t *testing.T) {
	whole := file(t, lines(made(t, 150, 9)))
	want, _ := fromFiles(t, "platform", whole)
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.load(t, whole)
		filters := []metric.Filter{{Dimension: "kind", Values: []string{"chat"}}, {Dimension: "engagement", Values: []string{"engaged"}}}
		var got fact.Facts
		seen := map[string]bool{}
		err := w.EachConversation(t.Context(), dataset.SessionQuery{Range: always(), Filters: filters}, func(c *dataset.Conversation) error {
			if seen[c.ID] {
				t.Errorf("%s twice", c.ID)
			}
			seen[c.ID] = true
			got.From(c.Conversation, c.Result)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		order(&got)
		engaged := map[string]bool{}
		for _, s := range want.Sessions {
			if s.Engaged && s.Kind == 0 {
				engaged[s.Conversation] = true
			}
		}
		kept := slices.DeleteFunc(slices.Clone(want.Sessions), func(s fact.Session) bool { return !engaged[s.Conversation] })
		if diff := gocmp.Diff(kept, got.Sessions); diff != "" || len(kept) < 50 {
			t.Errorf("%d sessions: %.600s", len(kept), diff)
		}
		stop := errors.New("stop")
		if err := w.EachConversation(t.Context(), dataset.SessionQuery{Range: always()}, func(*dataset.Conversation) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
	})
}

// Several questions are answered from one snapshot, under the definition and in the zone that each means.
func TestQueryDefaults(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	opts := dataset.Options{
		Bots: map[string]dataset.BotDefaults{"cr1_shop": {Zone: berlin, Definition: "user-replied"}},
		Now:  func() time.Time { return time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC) },
	}
	w := open(t, inFolder(t), opts)
	w.text(t, rows(row{ID: "a", Conversation: "1", Schema: "cr1_shop", Bot: "id-1", Topic: "A"}))
	w.apply(t, "user-replied")
	of := []metric.Filter{{Dimension: "bot", Values: []string{"id-1"}}}
	got, err := w.Query(t.Context(), []metric.Query{
		{Measures: []string{"sessions"}, Range: always()},
		{Measures: []string{"sessions", "unfinished_sessions"}, Range: always(), Filters: of},
		{Measures: []string{"sessions"}, Range: always(), Filters: of, Definition: "platform", Zone: "Asia/Kolkata"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"platform UTC", "user-replied Europe/Berlin", "platform Asia/Kolkata"} {
		name, _, _ := strings.Cut(got[i].Definition, "@")
		if name+" "+got[i].Zone != want || got[i].Generation != got[0].Generation || got[i].AsOf == "" {
			t.Errorf("%d: %+v, want %s", i, got[i].Header, want)
		}
	}
	if *got[1].Total.Values[1].Value != 1 {
		t.Error("ten minutes after its last message a session is not open")
	}
	_, err = w.Query(t.Context(), []metric.Query{{Measures: []string{"sessions"}}, {Measures: []string{"sesions"}}})
	wantField(t, err, "queries[1].measures[0]")
	_, err = w.Query(t.Context(), []metric.Query{{Measures: []string{"sessions"}, Definition: "none"}})
	wantField(t, err, "queries[0].definition")
	drivers, err := w.Drivers(t.Context(), []metric.DriverQuery{{Measure: "engagement_rate", Range: always(), Filters: of}})
	if err != nil || drivers[0].Zone != "Europe/Berlin" {
		t.Errorf("%+v %v", drivers, err)
	}
}

// A billed session is listed by filters of its own.
func TestEachBilled(t *testing.T) {
	w := inMemory(t)
	w.text(t, rows(row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "2", Bot: "x", Topic: "B"}))
	var topics []string
	q := dataset.SessionQuery{Range: always(), Filters: []metric.Filter{{Dimension: "topic", Values: []string{"B"}}}}
	if err := w.EachBilled(t.Context(), q, func(_ metric.Header, b *fact.Billed) error { topics = append(topics, b.TopicName); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(topics, []string{"B"}) {
		t.Error(topics)
	}
}

// Pages of billed sessions follow each other without a gap, and what a number of billing counts is what they list.
func TestBilledPages(t *testing.T) {
	whole := file(t, lines(made(t, 120, 5)))
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.load(t, whole)
		answers, err := w.Query(t.Context(), []metric.Query{{Measures: []string{"billed_sessions"}, Range: always()}})
		if err != nil {
			t.Fatal(err)
		}
		want := *answers[0].Total.Values[0].Numerator
		q := dataset.SessionQuery{Range: always(), Measure: "billed_sessions", Limit: 7}
		seen := map[string]bool{}
		for {
			page, err := w.BilledSessions(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if page.Count != want {
				t.Fatalf("the page counts %d, the number is %d", page.Count, want)
			}
			for _, b := range page.Billed {
				seen[fmt.Sprint(b.Bot, b.Conversation, b.Number)] = true
			}
			if q.Cursor = page.Next; q.Cursor == "" {
				break
			}
		}
		if want == 0 || int64(len(seen)) != want {
			t.Errorf("%d billed sessions listed, %d counted", len(seen), want)
		}
		_, err = w.BilledSessions(t.Context(), dataset.SessionQuery{Range: always(), Said: "refund"})
		wantField(t, err, "said")
		_, err = w.BilledSessions(t.Context(), dataset.SessionQuery{Range: always(), Sort: "turns"})
		wantField(t, err, "sort")
		_, err = w.BilledSessions(t.Context(), dataset.SessionQuery{Range: always(), Measure: "sessions"})
		wantField(t, err, "measure")
	})
}
