package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

func projections() []promise {
	return []promise{
		{"a projection is created empty under a new id, and dropped", createAndDrop},
		{"projections do not see each other", apart},
		{"a conversation is replaced whole", replaceWhole},
		{"several keys are replaced at once", replaceSeveral},
		{"facts may be used again after they were given", replaceReuse},
		{"every column comes back", columnsComeBack},
		{"texts come back as they were given", factTexts},
		{"numbers come back to their limits", factLimits},
		{"a large batch", largeBatch},
	}
}

// noon is the moment that hand-written facts are around: 15 April 2026, 12:00 UTC, a Wednesday.
const noon = int64(1_776_254_400_000)

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// aSession is a session of a bot in a conversation, started that many minutes after noon.
func aSession(bot, conv string, number, minutes int64, change ...func(*fact.Session)) fact.Session {
	s := fact.Session{
		Key: fact.KeyOf(conv), ConversationKey: fact.KeyOf(bot + "\n" + conv), Bot: bot, Conversation: conv, Number: number,
		StartedAt: noon + minutes*minute, Duration: 5 * minute,
	}
	s.EndedAt = s.StartedAt + s.Duration
	s.ClosesAt = s.EndedAt + 30*minute
	for _, f := range change {
		f(&s)
	}
	return s
}

// said is something that the user said in a session.
func said(s fact.Session, place int64, text string, change ...func(*fact.Utterance)) fact.Utterance {
	u := fact.Utterance{
		Key: s.Key, ConversationKey: s.ConversationKey, Bot: s.Bot, Conversation: s.Conversation, Number: s.Number,
		StartedAt: s.StartedAt, At: s.StartedAt + place, Place: place, Text: text, Folded: fact.Fold(text),
	}
	for _, f := range change {
		f(&u)
	}
	return u
}

// billedOf is the billed session that begins with a session.
func billedOf(s fact.Session) fact.Billed {
	return fact.Billed{
		Key: s.Key, ConversationKey: s.ConversationKey, Bot: s.Bot, Conversation: s.Conversation, Number: s.Number,
		StartedAt: s.StartedAt, EndedAt: s.EndedAt, Untimed: s.Untimed, Turns: s.Turns, Channel: s.Channel,
	}
}

// conversation is facts of one conversation with n sessions, each billed, with an utterance each.
func conversation(bot, conv string, n int64) *fact.Facts {
	f := &fact.Facts{}
	for number := range n {
		s := aSession(bot, conv, number+1, 60*number)
		f.Sessions = append(f.Sessions, s)
		f.Billed = append(f.Billed, billedOf(s))
		f.Utterances = append(f.Utterances, said(s, number, fmt.Sprint("text ", number)))
	}
	return f
}

func join(all ...*fact.Facts) *fact.Facts {
	f := &fact.Facts{}
	for _, one := range all {
		f.Sessions = append(f.Sessions, one.Sessions...)
		f.Billed = append(f.Billed, one.Billed...)
		f.Utterances = append(f.Utterances, one.Utterances...)
	}
	return f
}

// keysIn are the keys of facts, each once.
func keysIn(f *fact.Facts) []int64 {
	var keys []int64
	seen := map[int64]bool{}
	add := func(key int64) {
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	for i := range f.Sessions {
		add(f.Sessions[i].Key)
	}
	for i := range f.Billed {
		add(f.Billed[i].Key)
	}
	for i := range f.Utterances {
		add(f.Utterances[i].Key)
	}
	return keys
}

// load puts facts into a new projection.
func load(t *testing.T, s store.Store, f *fact.Facts) (projection int64) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) {
		projection = got(tx.CreateProjection(ctx, store.Projection{Name: "platform"}))(t)
		ok(t, tx.Replace(ctx, projection, keysIn(f), false, f))
	})
	return projection
}

func sessionsOf(t *testing.T, v store.View, projection int64, sel store.Selection) []fact.Session {
	t.Helper()
	return collectRows(t, func(y func(*fact.Session) error) error { return v.Sessions(t.Context(), projection, sel, y) })
}

func billedIn(t *testing.T, v store.View, projection int64, sel store.Selection) []fact.Billed {
	t.Helper()
	return collectRows(t, func(y func(*fact.Billed) error) error { return v.Billed(t.Context(), projection, sel, y) })
}

func utterancesOf(t *testing.T, v store.View, projection int64, sel store.Selection, about store.UtteranceFilter) []fact.Utterance {
	t.Helper()
	return collectRows(t, func(y func(*fact.Utterance) error) error { return v.Utterances(t.Context(), projection, sel, about, y) })
}

// names are sessions as people write them: "bot/conversation#number".
func names(sessions []fact.Session) string {
	var all []string
	for _, s := range sessions {
		all = append(all, fmt.Sprintf("%s/%s#%d", s.Bot, s.Conversation, s.Number))
	}
	return strings.Join(all, " ")
}

// counts are the rows of the three tables under a projection.
func counts(t *testing.T, v store.View, projection int64) [3]int {
	t.Helper()
	return [3]int{
		len(sessionsOf(t, v, projection, store.Selection{})), len(billedIn(t, v, projection, store.Selection{})),
		len(utterancesOf(t, v, projection, store.Selection{}, store.UtteranceFilter{})),
	}
}

func createAndDrop(t *testing.T, s store.Store) {
	first := store.Projection{
		Name: "platform'", Definition: "platform@1", Rules: "ff00", Catalogue: 3, Revision: 4, BuiltAt: noon, Sessions: 1_000,
	}
	second := store.Projection{Name: "other"}
	update(t, s, func(ctx context.Context, tx store.Tx) {
		first.ID = got(tx.CreateProjection(ctx, first))(t)
		second.ID = got(tx.CreateProjection(ctx, second))(t)
		ok(t, tx.Replace(ctx, second.ID, []int64{fact.KeyOf("a")}, false, conversation("b", "a", 3)))
	})
	first.Sessions, second.Sessions = 0, 3 // which the store counts itself
	if first.ID == second.ID {
		t.Fatalf("two projections have the id %d", first.ID)
	}
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "projections", []store.Projection{first, second}, got(v.Projections(ctx))(t))
		same(t, "facts of the first", [3]int{}, counts(t, v, first.ID))
		same(t, "facts of the second", [3]int{3, 3, 3}, counts(t, v, second.ID))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { ok(t, tx.DropProjection(ctx, second.ID)) })
	update(t, s, func(ctx context.Context, tx store.Tx) {
		same(t, "what is left", []store.Projection{first}, got(tx.Projections(ctx))(t))
		third := got(tx.CreateProjection(ctx, store.Projection{}))(t)
		if third == first.ID || third == second.ID {
			t.Errorf("the id %d is used again", third)
		}
		ok(t, tx.Flush(ctx))
		same(t, "facts of the third", [3]int{}, counts(t, tx, third))
	})
}

func apart(t *testing.T, s store.Store) {
	one, two := load(t, s, conversation("b", "a", 2)), load(t, s, conversation("b", "a", 3))
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.Replace(ctx, one, []int64{fact.KeyOf("a")}, true, conversation("b", "a", 1)))
	})
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "the one that was changed", [3]int{1, 1, 1}, counts(t, v, one))
		same(t, "the other", [3]int{3, 3, 3}, counts(t, v, two))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { ok(t, tx.DropProjection(ctx, one)) })
	view(t, s, func(_ context.Context, v store.View) { same(t, "the other", [3]int{3, 3, 3}, counts(t, v, two)) })
}

func replaceWhole(t *testing.T, s store.Store) {
	projection := load(t, s, join(conversation("b", "a", 5), conversation("b", "other", 1)))
	for _, step := range []struct {
		what    string
		existed bool
		with    *fact.Facts
		want    [3]int
	}{
		{"fewer sessions", true, conversation("b", "a", 2), [3]int{3, 3, 3}},
		{"more sessions", true, conversation("b", "a", 9), [3]int{10, 10, 10}},
		{"another bot's sessions", true, conversation("b2", "a", 1), [3]int{2, 2, 2}},
		{"two bots' sessions", true, join(conversation("b", "a", 2), conversation("b2", "a", 1)), [3]int{4, 4, 4}},
		{"sessions alone", true, &fact.Facts{Sessions: conversation("b", "a", 1).Sessions}, [3]int{2, 1, 1}},
		{"nothing", true, &fact.Facts{}, [3]int{1, 1, 1}},
		{"something, where the caller does not know that nothing was", true, conversation("b", "a", 1), [3]int{2, 2, 2}},
	} {
		update(t, s, func(ctx context.Context, tx store.Tx) {
			ok(t, tx.Replace(ctx, projection, []int64{fact.KeyOf("a")}, step.existed, step.with))
		})
		view(t, s, func(ctx context.Context, v store.View) {
			same(t, "replaced by "+step.what, step.want, counts(t, v, projection))
			same(t, "sessions of the projection, after "+step.what, int64(step.want[0]), got(v.Projections(ctx))(t)[0].Sessions)
		})
	}
	// Twice in one update: the last word counts.
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.Replace(ctx, projection, []int64{fact.KeyOf("new")}, false, conversation("b", "new", 4)))
		ok(t, tx.Replace(ctx, projection, []int64{fact.KeyOf("new"), fact.KeyOf("a")}, true, conversation("b", "new", 1)))
	})
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "replaced twice in one update", "b/new#1 b/other#1", names(sessionsOf(t, v, projection, store.Selection{Sort: "conversation"})))
		same(t, "rows", [3]int{2, 2, 2}, counts(t, v, projection))
	})
}

func replaceSeveral(t *testing.T, s store.Store) {
	projection := load(t, s, join(conversation("b", "a", 2), conversation("b", "c", 1), conversation("b", "d", 1), conversation("b", "e", 1)))
	keys := []int64{fact.KeyOf("a"), fact.KeyOf("c"), fact.KeyOf("d"), fact.KeyOf("unseen"), fact.KeyOf("never")}
	with := join(conversation("b", "d", 2), conversation("b", "a", 1), conversation("b", "unseen", 1))
	update(t, s, func(ctx context.Context, tx store.Tx) { ok(t, tx.Replace(ctx, projection, keys, true, with)) })
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "sessions", "b/a#1 b/d#1 b/d#2 b/e#1 b/unseen#1", names(sessionsOf(t, v, projection, store.Selection{Sort: "conversation"})))
		same(t, "rows", [3]int{5, 5, 5}, counts(t, v, projection))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { ok(t, tx.Replace(ctx, projection, nil, true, &fact.Facts{})) })
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "rows after no keys were replaced", [3]int{5, 5, 5}, counts(t, v, projection))
	})
}

func replaceReuse(t *testing.T, s store.Store) {
	var projection int64
	update(t, s, func(ctx context.Context, tx store.Tx) {
		projection = got(tx.CreateProjection(ctx, store.Projection{}))(t)
		var f fact.Facts
		var keys []int64
		for _, conv := range []string{"a", "b", "c"} {
			one := conversation("b", conv, 2)
			f.Sessions = append(f.Sessions[:0], one.Sessions...)
			f.Billed = append(f.Billed[:0], one.Billed...)
			f.Utterances = append(f.Utterances[:0], one.Utterances...)
			keys = append(keys[:0], fact.KeyOf(conv))
			ok(t, tx.Replace(ctx, projection, keys, false, &f))
		}
	})
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "sessions", "b/a#1 b/a#2 b/b#1 b/b#2 b/c#1 b/c#2", names(sessionsOf(t, v, projection, store.Selection{Sort: "conversation"})))
	})
}

// fill sets every column of a row to a value that no other column has.
func fill[Row any](row *Row, columns []fact.Column[Row]) {
	for i, c := range columns {
		switch f := c.Of(row).(type) {
		case *int64:
			*f = int64(1000 + i)
		case *uint8:
			*f = uint8(len(c.Codes) - 1)
		case *bool:
			*f = i%2 == 0
		case *string:
			*f = "text " + c.Name
		}
	}
}

func columnsComeBack(t *testing.T, s store.Store) {
	var f fact.Facts
	session, opposite := fact.Session{}, fact.Session{}
	fill(&session, fact.SessionColumns())
	fill(&opposite, fact.SessionColumns())
	for _, c := range fact.SessionColumns() {
		if b, is := c.Of(&opposite).(*bool); is {
			*b = !*b
		}
	}
	opposite.Number = session.Number + 1
	billed := fact.Billed{}
	fill(&billed, fact.BilledColumns())
	billed.Key = session.Key
	utterance := fact.Utterance{}
	fill(&utterance, fact.UtteranceColumns())
	utterance.Key, utterance.ConversationKey, utterance.Number = session.Key, session.ConversationKey, session.Number
	f.Sessions, f.Billed, f.Utterances = []fact.Session{session, opposite}, []fact.Billed{billed}, []fact.Utterance{utterance}
	projection := load(t, s, &f)
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "sessions", f.Sessions, sessionsOf(t, v, projection, store.Selection{}))
		same(t, "billed sessions", f.Billed, billedIn(t, v, projection, store.Selection{}))
		same(t, "utterances", f.Utterances, utterancesOf(t, v, projection, store.Selection{}, store.UtteranceFilter{}))
	})
}

func factTexts(t *testing.T, s store.Store) {
	var f fact.Facts
	for i, text := range oddTexts() {
		row := aSession("b", "a", int64(i+1), int64(i), func(s *fact.Session) {
			s.Bot, s.Conversation, s.Reason, s.TopicName, s.Channel, s.User = text, text, text, text, text, text
		})
		f.Sessions = append(f.Sessions, row)
		f.Billed = append(f.Billed, billedOf(row))
		f.Utterances = append(f.Utterances, said(row, 0, text))
	}
	projection := load(t, s, &f)
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "sessions", f.Sessions, sessionsOf(t, v, projection, store.Selection{}))
		same(t, "billed sessions", f.Billed, billedIn(t, v, projection, store.Selection{}))
		same(t, "utterances", f.Utterances, utterancesOf(t, v, projection, store.Selection{}, store.UtteranceFilter{}))
		rows := got(v.Aggregate(ctx, projection, measure.Plan{
			Table: fact.Sessions, Groups: []measure.Group{{Column: "topic_name"}}, Aggregates: []measure.Aggregate{{Func: measure.Count}},
		}))(t)
		same(t, "groups by text", len(oddTexts()), len(rows))
		for i, text := range oddTexts() {
			where := measure.IsText("topic_name", text)
			same(t, fmt.Sprintf("sessions whose topic is %.20q", text), f.Sessions[i:i+1], sessionsOf(t, v, projection, store.Selection{Where: where}))
		}
	})
}

func factLimits(t *testing.T, s store.Store) {
	const least, most = -1 << 63, 1<<63 - 1
	var f fact.Facts
	for i, n := range []int64{least, least + 1, -1, 0, 1, most - 1, most} {
		row := fact.Session{Key: n, ConversationKey: n, UserKey: n, Number: int64(i), StartedAt: n, EndedAt: n, ClosesAt: n, Duration: n, Turns: n, CSAT: n}
		f.Sessions = append(f.Sessions, row)
		f.Utterances = append(f.Utterances, fact.Utterance{Key: n, ConversationKey: n, Number: int64(i), StartedAt: n, At: n, Place: n})
	}
	projection := load(t, s, &f)
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "sessions", f.Sessions, sessionsOf(t, v, projection, store.Selection{}))
		same(t, "utterances", f.Utterances, utterancesOf(t, v, projection, store.Selection{}, store.UtteranceFilter{}))
		for _, test := range []struct {
			where measure.Predicate
			want  int
		}{
			{measure.AtLeast("turns", least), 7},
			{measure.AtLeast("turns", most), 1},
			{measure.Predicate{Op: measure.Between, Column: "turns", Low: least, High: least}, 1},
			{measure.Predicate{Op: measure.Between, Column: "turns", Low: 1, High: -1}, 0},
			{measure.Is("turns", least, most), 2},
		} {
			same(t, fmt.Sprintf("sessions for which %+v holds", test.where), test.want,
				len(sessionsOf(t, v, projection, store.Selection{Where: test.where})))
		}
		rows := got(v.Aggregate(ctx, projection, measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{
			{Func: measure.Sum, Column: "turns"},
			{Func: measure.Rank, Column: "turns", PerMille: 1},
			{Func: measure.Rank, Column: "turns", PerMille: 1000},
			{Func: measure.Distinct, Column: "user_key"},
		}}))(t)
		same(t, "sum, least, most and how many", []int64{-2, least, most, 6}, rows[0].Values)
		_, err := v.Aggregate(ctx, projection, measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{
			{Func: measure.Sum, Column: "turns", Where: measure.AtLeast("turns", 0)},
		}})
		if err == nil {
			t.Error("a sum beyond 64 bits is no error")
		}
	})
}

func largeBatch(t *testing.T, s store.Store) {
	const n = 6_000
	f := &fact.Facts{}
	for i := range n {
		one := conversation("b", fmt.Sprint("c", i), 1)
		f.Sessions = append(f.Sessions, one.Sessions...)
		f.Utterances = append(f.Utterances, one.Utterances...)
	}
	projection := load(t, s, f)
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.Replace(ctx, projection, keysIn(f)[:n/2], true, &fact.Facts{Sessions: f.Sessions[:n/4], Utterances: f.Utterances[:n/4]}))
	})
	view(t, s, func(_ context.Context, v store.View) {
		same(t, "rows", [3]int{n/2 + n/4, 0, n/2 + n/4}, counts(t, v, projection))
	})
}
