package storetest

import (
	"context"
	"testing"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

func utteranceGroups() []promise {
	return []promise{
		{"utterances are grouped by what they say, but for case and white space", grouped},
		{"only so many of the latest utterances are grouped", groupedLatest},
		{"what the bot said is no user's", botWords},
	}
}

// chatter is three sessions in which some things are said more than once.
func chatter() *fact.Facts {
	f := &fact.Facts{Sessions: []fact.Session{aSession("b", "a", 1, 0), aSession("b", "c", 1, 10), aSession("b", "d", 1, 20)}}
	f.Sessions[2].Channel = "web"
	comment := func(u *fact.Utterance) { u.Source = 1 }
	f.Utterances = []fact.Utterance{
		said(f.Sessions[0], 0, "Größe?"), said(f.Sessions[0], 1, "refund"), said(f.Sessions[0], 2, "REFUND"), said(f.Sessions[0], 3, ""),
		said(f.Sessions[1], 0, " My\tRefund\u00a0"), said(f.Sessions[1], 1, "GRÖSSE?"), said(f.Sessions[1], 2, "refund", comment),
		said(f.Sessions[2], 0, "größe?"), said(f.Sessions[2], 1, "my  refund"), said(f.Sessions[2], 2, "x\x00y"), said(f.Sessions[2], 5, "Refund "),
	}
	return f
}

func grouped(t *testing.T, s store.Store) {
	projection := load(t, s, chatter())
	all := []store.UtteranceGroup{
		{Text: "Refund ", Utterances: 4, Sessions: 3, Bot: "b", Conversation: "d", Number: 1},
		{Text: "größe?", Utterances: 2, Sessions: 2, Bot: "b", Conversation: "d", Number: 1},
		{Text: "my  refund", Utterances: 2, Sessions: 2, Bot: "b", Conversation: "d", Number: 1},
		{Text: "", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "a", Number: 1},
		{Text: "GRÖSSE?", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "c", Number: 1},
		{Text: "x\x00y", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "d", Number: 1},
	}
	for _, test := range []struct {
		what  string
		sel   store.Selection
		about store.UtteranceFilter
		want  store.UtteranceGroups
	}{
		{"all", store.Selection{}, store.UtteranceFilter{}, store.UtteranceGroups{Groups: all, Utterances: 11, Considered: 11}},
		{"the most frequent", store.Selection{Limit: 2}, store.UtteranceFilter{}, store.UtteranceGroups{Groups: all[:2], Utterances: 11, Considered: 11, More: 4}},
		{"of some sessions", store.Selection{Where: measure.IsText("channel", "web")}, store.UtteranceFilter{Contains: "REFUND"}, store.UtteranceGroups{
			Groups: []store.UtteranceGroup{
				{Text: "my  refund", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "d", Number: 1},
				{Text: "Refund ", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "d", Number: 1},
			},
			Utterances: 2, Considered: 2,
		}},
		{"of a source", store.Selection{}, store.UtteranceFilter{Source: []uint8{1}}, store.UtteranceGroups{
			Groups:     []store.UtteranceGroup{{Text: "refund", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "c", Number: 1}},
			Utterances: 1, Considered: 1,
		}},
		{"of a range", store.Selection{Ranged: true, From: noon + minute, To: noon + 11*minute}, store.UtteranceFilter{Source: []uint8{0}}, store.UtteranceGroups{
			Groups: []store.UtteranceGroup{
				{Text: "GRÖSSE?", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "c", Number: 1},
				{Text: " My\tRefund\u00a0", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "c", Number: 1},
			},
			Utterances: 2, Considered: 2,
		}},
		{"of nothing", store.Selection{}, store.UtteranceFilter{Contains: "invoice"}, store.UtteranceGroups{}},
	} {
		view(t, s, func(ctx context.Context, v store.View) {
			same(t, test.what, test.want, got(v.UtteranceGroups(ctx, projection, test.sel, test.about, 1000))(t))
		})
	}
}

func groupedLatest(t *testing.T, s store.Store) {
	projection := load(t, s, chatter())
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "the latest three", store.UtteranceGroups{
			Groups: []store.UtteranceGroup{
				{Text: "my  refund", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "d", Number: 1},
				{Text: "Refund ", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "d", Number: 1},
			},
			Utterances: 11, Considered: 3, More: 1,
		}, got(v.UtteranceGroups(ctx, projection, store.Selection{Limit: 2}, store.UtteranceFilter{}, 3))(t))
	})
}

func botWords(t *testing.T, s store.Store) {
	f := conversation("b", "a", 2)
	f.Utterances = append(f.Utterances, said(f.Sessions[1], 9, "Which permit?", func(u *fact.Utterance) { u.Source = fact.BotSource }))
	projection := load(t, s, f)
	view(t, s, func(ctx context.Context, v store.View) {
		permit := store.Selection{Where: measure.Predicate{Op: measure.Said, Texts: []string{"permit"}}}
		same(t, "sessions in which a user said what the bot said", []fact.Session(nil), sessionsOf(t, v, projection, permit))
		about := store.UtteranceFilter{Source: []uint8{fact.BotSource}}
		same(t, "what the bot said", f.Utterances[2:], utterancesOf(t, v, projection, store.Selection{}, about))
		same(t, "what the bot said, grouped", store.UtteranceGroups{
			Groups:     []store.UtteranceGroup{{Text: "Which permit?", Utterances: 1, Sessions: 1, Bot: "b", Conversation: "a", Number: 2}},
			Utterances: 1, Considered: 1,
		}, got(v.UtteranceGroups(ctx, projection, store.Selection{}, about, 10))(t))
	})
}
