package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

func selections() []promise {
	return []promise{
		{"rows come in a total order, by any column, both ways", orders},
		{"pages are the list in pieces", pages},
		{"a page goes on behind a row that is gone", goneRow},
		{"conditions, range and limit", narrowed},
		{"callbacks stop a list", stopSelections},
	}
}

// crowd is sessions with many ties in whatever they are sorted by.
func crowd() *fact.Facts {
	f := &fact.Facts{}
	words := []string{"", "a", "B", "b", "ä", "a\x00", "aa", "Z"}
	for i := range int64(40) {
		conv := fmt.Sprint("c", i%13)
		row := aSession(fmt.Sprint("b", i%3), conv, i, (i%5-2)*60, func(s *fact.Session) {
			s.ConversationKey = (i%4 - 2) << 61
			s.Turns, s.CSAT, s.Outcome, s.Engaged, s.TopicName = i%3-1, i%6, uint8(i%4), i%2 == 0, words[i%8]
			s.Channel = words[i%3]
			if i%7 == 0 {
				s.StartedAt, s.EndedAt, s.ClosesAt, s.Duration, s.Untimed = 0, 0, 0, -1, true
			}
		})
		f.Sessions = append(f.Sessions, row)
		f.Billed = append(f.Billed, billedOf(row))
		for place := range i % 4 {
			f.Utterances = append(f.Utterances, said(row, place, words[(i+place)%8]))
		}
	}
	return f
}

// position is a row's place in the order of a column; place is -1 where rows have none.
func position[Row any](row *Row, columns []fact.Column[Row], sort string) store.Position {
	var p store.Position
	for _, c := range columns {
		if c.Name == cmp.Or(sort, "started_at") {
			if text, is := c.Of(row).(*string); is {
				p.Sort.Text = *text
			} else {
				p.Sort.Int = fact.Int(c.Of(row))
			}
		}
		switch c.Name {
		case "started_at":
			p.StartedAt = fact.Int(c.Of(row))
		case "conversation_key":
			p.ConversationKey = fact.Int(c.Of(row))
		case "number":
			p.Number = fact.Int(c.Of(row))
		case "place":
			p.Place = fact.Int(c.Of(row))
		}
	}
	return p
}

func comparePositions(a, b store.Position) int {
	return cmp.Or(
		strings.Compare(a.Sort.Text, b.Sort.Text), cmp.Compare(a.Sort.Int, b.Sort.Int), cmp.Compare(a.StartedAt, b.StartedAt),
		cmp.Compare(a.ConversationKey, b.ConversationKey), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Place, b.Place),
	)
}

// ordered is rows in the order of a selection.
func ordered[Row any](rows []Row, columns []fact.Column[Row], sel store.Selection) []Row {
	return slices.SortedFunc(slices.Values(rows), func(a, b Row) int {
		order := comparePositions(position(&a, columns, sel.Sort), position(&b, columns, sel.Sort))
		if sel.Descending {
			return -order
		}
		return order
	})
}

// sorts are "" and every column, both ways.
func sorts[Row any](columns []fact.Column[Row]) []store.Selection {
	all := []store.Selection{{}, {Descending: true}}
	for _, c := range columns {
		all = append(all, store.Selection{Sort: c.Name}, store.Selection{Sort: c.Name, Descending: true})
	}
	return all
}

func orders(t *testing.T, s store.Store) {
	f := crowd()
	projection := load(t, s, f)
	view(t, s, func(_ context.Context, v store.View) {
		for _, sel := range sorts(fact.SessionColumns()) {
			same(t, fmt.Sprintf("sessions by %+v", sel), ordered(f.Sessions, fact.SessionColumns(), sel), sessionsOf(t, v, projection, sel))
		}
		for _, sel := range sorts(fact.BilledColumns()) {
			same(t, fmt.Sprintf("billed sessions by %+v", sel), ordered(f.Billed, fact.BilledColumns(), sel), billedIn(t, v, projection, sel))
		}
		for _, sel := range sorts[fact.Utterance](nil) {
			same(t, fmt.Sprintf("utterances by %+v", sel), ordered(f.Utterances, fact.UtteranceColumns(), sel),
				utterancesOf(t, v, projection, sel, store.UtteranceFilter{}))
		}
	})
}

func pages(t *testing.T, s store.Store) {
	projection := load(t, s, crowd())
	view(t, s, func(_ context.Context, v store.View) {
		for _, size := range []int64{1, 7, 40} {
			for _, sel := range sorts(fact.SessionColumns()) {
				if size == 1 && sel.Sort != "topic_name" && sel.Sort != "" {
					continue // one row a page by every column is a long way
				}
				paged := turnPages(t, size, sel, fact.SessionColumns(), func(sel store.Selection) []fact.Session {
					return sessionsOf(t, v, projection, sel)
				})
				same(t, fmt.Sprintf("sessions by %+v, %d a page", sel, size), sessionsOf(t, v, projection, sel), paged)
			}
			for _, sel := range []store.Selection{{}, {Sort: "turns"}, {Sort: "channel", Descending: true}} {
				paged := turnPages(t, size, sel, fact.BilledColumns(), func(sel store.Selection) []fact.Billed {
					return billedIn(t, v, projection, sel)
				})
				same(t, fmt.Sprintf("billed sessions by %+v, %d a page", sel, size), billedIn(t, v, projection, sel), paged)
			}
			for _, sel := range sorts[fact.Utterance](nil) {
				list := func(sel store.Selection) []fact.Utterance {
					return utterancesOf(t, v, projection, sel, store.UtteranceFilter{})
				}
				same(t, fmt.Sprintf("utterances by %+v, %d a page", sel, size), list(sel), turnPages(t, size, sel, fact.UtteranceColumns(), list))
			}
		}
	})
}

// turnPages reads a list in pages until one is short.
func turnPages[Row any](t *testing.T, size int64, sel store.Selection, columns []fact.Column[Row], list func(store.Selection) []Row) []Row {
	t.Helper()
	var all []Row
	sel.Limit = size
	for {
		page := list(sel)
		if int64(len(page)) > size {
			t.Fatalf("a page of %d has %d rows", size, len(page))
		}
		all = append(all, page...)
		if int64(len(page)) < size || len(all) > 1000 {
			return all
		}
		after := position(&page[len(page)-1], columns, sel.Sort)
		sel.After = &after
	}
}

func goneRow(t *testing.T, s store.Store) {
	projection := load(t, s, conversation("b", "a", 4))
	key := fact.KeyOf("b\na")
	after := func(p store.Position, descending bool) (list string) {
		view(t, s, func(_ context.Context, v store.View) {
			list = names(sessionsOf(t, v, projection, store.Selection{After: &p, Descending: descending}))
		})
		return list
	}
	between := store.Position{StartedAt: noon + 90*minute, ConversationKey: key, Number: 77}
	same(t, "behind a start between two", "b/a#3 b/a#4", after(between, false))
	same(t, "before it", "b/a#2 b/a#1", after(between, true))
	tie := store.Position{StartedAt: noon + 60*minute, ConversationKey: key, Number: 1}
	same(t, "behind a lower number of the same start", "b/a#2 b/a#3 b/a#4", after(tie, false))
	same(t, "before a lower number of the same start", "b/a#1", after(tie, true))
	tie.ConversationKey, tie.Number = key-1, 99
	same(t, "behind a lower conversation of the same start", "b/a#2 b/a#3 b/a#4", after(tie, false))
	same(t, "behind everything", "", after(store.Position{StartedAt: noon + day}, false))
}

func narrowed(t *testing.T, s store.Store) {
	f := crowd()
	projection := load(t, s, f)
	sel := store.Selection{
		Where: measure.And(measure.Is("outcome", 1, 3), measure.IsText("channel", "", "a")), AsOf: noon + 60*minute,
		Ranged: true, From: noon - 60*minute, To: noon + 100*minute, Sort: "turns", Descending: true,
	}
	var want []fact.Session
	for _, row := range f.Sessions {
		if row.Outcome%2 == 1 && row.Channel != "B" && !row.Untimed && row.StartedAt >= noon-60*minute && row.StartedAt <= noon+60*minute {
			want = append(want, row)
		}
	}
	want = ordered(want, fact.SessionColumns(), sel)
	if len(want) < 4 {
		t.Fatalf("the sample is too small: %d", len(want))
	}
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "narrowed", want, sessionsOf(t, v, projection, sel))
		sel.Limit = 3
		same(t, "narrowed and limited", want[:3], sessionsOf(t, v, projection, sel))
		after := position(&want[1], fact.SessionColumns(), sel.Sort)
		sel.After = &after
		same(t, "narrowed, behind the second", want[2:min(5, len(want))], sessionsOf(t, v, projection, sel))
		said := store.Selection{Where: measure.Predicate{Op: measure.Said, Texts: []string{"Ä"}}}
		for _, row := range sessionsOf(t, v, projection, said) {
			if !slices.ContainsFunc(f.Utterances, func(u fact.Utterance) bool {
				return u.ConversationKey == row.ConversationKey && u.Number == row.Number && u.Folded == "ä"
			}) {
				t.Errorf("session %d did not say it", row.Number)
			}
		}
	})
}

func stopSelections(t *testing.T, s store.Store) {
	projection := load(t, s, conversation("b", "a", 3))
	view(t, s, func(ctx context.Context, v store.View) {
		sel := store.Selection{}
		stops(t, "sessions", func(y func(*fact.Session) error) error { return v.Sessions(ctx, projection, sel, y) })
		stops(t, "billed sessions", func(y func(*fact.Billed) error) error { return v.Billed(ctx, projection, sel, y) })
		stops(t, "utterances", func(y func(*fact.Utterance) error) error {
			return v.Utterances(ctx, projection, sel, store.UtteranceFilter{}, y)
		})
		// A list that was stopped does not stand in the way of the next, nor does one list within another.
		rows := 0
		ok(t, v.Sessions(ctx, projection, sel, func(outer *fact.Session) error {
			return v.Utterances(ctx, projection, sel, store.UtteranceFilter{Conversation: outer.ConversationKey}, func(*fact.Utterance) error {
				rows++
				return nil
			})
		}))
		same(t, "utterances listed within sessions", 9, rows)
	})
}

func utterances() []promise {
	return []promise{
		{"utterances are selected by their session and by themselves", utteranceFilters},
	}
}

func utteranceFilters(t *testing.T, s store.Store) {
	f := sample()
	comment := func(u *fact.Utterance) { u.Source = 1 }
	unrecognised := func(u *fact.Utterance) { u.Recognition = 2 }
	f.Utterances = append(
		f.Utterances,
		said(f.Sessions[5], 4, "ÉCOLE\x00%", unrecognised), said(f.Sessions[5], 9, "fine refund", comment),
	)
	projection := load(t, s, f)
	web := store.Selection{Where: measure.IsText("channel", "web")}
	for _, test := range []struct {
		what  string
		sel   store.Selection
		about store.UtteranceFilter
		want  []string // texts
	}{
		{
			"all",
			store.Selection{},
			store.UtteranceFilter{},
			[]string{"it's \\ \"ΣΊΣΥΦΟΣ\"", "Where is my REFUND?", "100% Größe_XL", "refund", "", "ÉCOLE\x00%", "fine refund"},
		},
		{"the other way round", store.Selection{Descending: true, Limit: 3}, store.UtteranceFilter{}, []string{"fine refund", "ÉCOLE\x00%", ""}},
		{"of sessions", web, store.UtteranceFilter{}, []string{"Where is my REFUND?", "100% Größe_XL", "ÉCOLE\x00%", "fine refund"}},
		{
			"of sessions that said something else",
			store.Selection{Where: measure.Predicate{Op: measure.Said, Texts: []string{"größe"}}},
			store.UtteranceFilter{},
			[]string{"Where is my REFUND?", "100% Größe_XL"},
		},
		{
			"of sessions in a range",
			store.Selection{Ranged: true, From: noon, To: noon + 1},
			store.UtteranceFilter{},
			[]string{"Where is my REFUND?", "100% Größe_XL"},
		},
		{
			"of sessions as of a moment",
			store.Selection{AsOf: noon + 60*minute},
			store.UtteranceFilter{},
			[]string{"it's \\ \"ΣΊΣΥΦΟΣ\"", "Where is my REFUND?", "100% Größe_XL", "refund", ""},
		},
		{"that contain", store.Selection{}, store.UtteranceFilter{Contains: "ReFund"}, []string{"Where is my REFUND?", "refund", "fine refund"}},
		{"that contain, beyond ASCII", store.Selection{}, store.UtteranceFilter{Contains: "éc"}, []string{"ÉCOLE\x00%"}},
		{"that contain a NUL", store.Selection{}, store.UtteranceFilter{Contains: "\x00%"}, []string{"ÉCOLE\x00%"}},
		{"that contain a sign that patterns know", store.Selection{}, store.UtteranceFilter{Contains: "%"}, []string{"100% Größe_XL", "ÉCOLE\x00%"}},
		{"that contain what nobody said", store.Selection{}, store.UtteranceFilter{Contains: "refund_"}, nil},
		{"by source", store.Selection{}, store.UtteranceFilter{Source: []uint8{1, 2}}, []string{"fine refund"}},
		{"by recognition", web, store.UtteranceFilter{Recognition: []uint8{2}}, []string{"ÉCOLE\x00%"}},
		{
			"by recognition that is unknown", web,
			store.UtteranceFilter{Recognition: []uint8{0, 1}},
			[]string{"Where is my REFUND?", "100% Größe_XL", "fine refund"},
		},
		{"by conversation", store.Selection{}, store.UtteranceFilter{Conversation: f.Sessions[2].ConversationKey}, []string{"refund", ""}},
		{"by everything", web, store.UtteranceFilter{
			Source: []uint8{0}, Recognition: []uint8{0}, Contains: "e", Conversation: f.Sessions[0].ConversationKey,
		}, []string{"Where is my REFUND?", "100% Größe_XL"}},
		{"by everything, a page", store.Selection{Where: web.Where, Limit: 1}, store.UtteranceFilter{Contains: "E"}, []string{"Where is my REFUND?"}},
	} {
		view(t, s, func(_ context.Context, v store.View) {
			var texts []string
			for _, u := range utterancesOf(t, v, projection, test.sel, test.about) {
				texts = append(texts, u.Text)
			}
			same(t, test.what, test.want, texts)
		})
	}
}
