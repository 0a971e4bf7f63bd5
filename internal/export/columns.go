package export

import (
	"rapport/internal/fact"
	"rapport/internal/session"
	"rapport/internal/wire"
)

func textOf[Row any](name string, of func(*Row) string) column[Row] {
	return column[Row]{head{name: name, kind: text}, func(_ *setting, r *Row, c *cell) { c.s = of(r) }}
}

// textOrNone has no value where the text is empty.
func textOrNone[Row any](name string, of func(*Row) string) column[Row] {
	return column[Row]{head{name: name, kind: text, nullable: true}, func(_ *setting, r *Row, c *cell) {
		c.s = of(r)
		c.null = c.s == ""
	}}
}

func numberOf[Row any](name string, of func(*Row) int64) column[Row] {
	return column[Row]{head{name: name, kind: number}, func(_ *setting, r *Row, c *cell) { c.n = of(r) }}
}

// numberUnless has no value where the number is the one that stands for none.
func numberUnless[Row any](none int64, name string, of func(*Row) int64) column[Row] {
	return column[Row]{head{name: name, kind: number, nullable: true}, func(_ *setting, r *Row, c *cell) {
		c.n = of(r)
		c.null = c.n == none
	}}
}

func flagOf[Row any](name string, of func(*Row) bool) column[Row] {
	return column[Row]{head{name: name, kind: flag}, func(_ *setting, r *Row, c *cell) { c.b = of(r) }}
}

// momentOf has no value in what carries no times.
func momentOf[Row any](name string, of func(*Row) (ms int64, untimed bool)) column[Row] {
	return column[Row]{head{name: name, kind: moment, nullable: true}, func(_ *setting, r *Row, c *cell) { c.n, c.null = of(r) }}
}

func botNameOf[Row any](of func(*Row) string) column[Row] {
	return column[Row]{head{name: "bot_name", kind: text}, func(x *setting, r *Row, c *cell) { c.s = x.bot(of(r)) }}
}

func definitionOf[Row any]() column[Row] {
	return column[Row]{head{name: "definition", kind: text}, func(x *setting, _ *Row, c *cell) { c.s = x.definition }}
}

// topicOf are the three columns of a topic; a row without one has none of them.
func topicOf[Row any](of func(*Row) (id, name string, kind uint8), kinds []string) []column[Row] {
	part := func(title string, pick func(id, name, kind string) string) column[Row] {
		return column[Row]{head{name: title, kind: text, nullable: true}, func(_ *setting, r *Row, c *cell) {
			id, name, kind := of(r)
			c.null = id == "" && name == ""
			c.s = pick(id, name, fact.Word(kinds, kind))
		}}
	}
	return []column[Row]{
		part("topic_id", func(id, _, _ string) string { return id }),
		part("topic_name", func(_, name, _ string) string { return name }),
		part("topic_kind", func(_, _, kind string) string { return kind }),
	}
}

// sessionColumns are those of `rapport sessions`, in the same order, and behind them what only a store knows.
func sessionColumns() []column[fact.Session] {
	type S = fact.Session
	facts := fact.SessionColumns()
	word := func(name string, of func(*S) uint8) func(*S) string {
		set := fact.CodesOf(facts, name)
		return func(s *S) string { return fact.Word(set, of(s)) }
	}
	open := func(x *setting, s *S) bool { return x.asOf != 0 && !s.Untimed && s.ClosesAt > x.asOf }
	// unlessOpen leaves out what a session will end as (DESIGN.md, law 8).
	unlessOpen := func(c column[S], instead string) column[S] {
		of := c.of
		c.of = func(x *setting, s *S, v *cell) {
			if of(x, s, v); open(x, s) {
				*v = cell{s: instead, null: c.nullable}
			}
		}
		return c
	}
	out := []column[S]{
		textOf("conversation_id", func(s *S) string { return s.Conversation }),
		textOf("bot_id", func(s *S) string { return s.Bot }),
		botNameOf(func(s *S) string { return s.Bot }),
		numberOf("session", func(s *S) int64 { return s.Number }),
		momentOf("started_at", func(s *S) (int64, bool) { return s.StartedAt, s.Untimed }),
		momentOf("ended_at", func(s *S) (int64, bool) { return s.EndedAt, s.Untimed }),
		textOf("started_by", word("started_by", func(s *S) uint8 { return s.StartedBy })),
		{head{name: "open", kind: flag}, func(x *setting, s *S, c *cell) { c.b = open(x, s) }},
		textOf("channel", func(s *S) string { return s.Channel }),
		textOf("locale", func(s *S) string { return s.Locale }),
		textOf("kind", word("kind", func(s *S) uint8 { return s.Kind })),
		flagOf("design_mode", func(s *S) bool { return s.DesignMode }),
		textOf("engagement", func(s *S) string { return wire.Engagement(s.Engaged) }),
		unlessOpen(textOf("outcome", word("outcome", func(s *S) uint8 { return s.Outcome })), string(session.None)),
		unlessOpen(textOrNone("resolution", word("resolution", func(s *S) uint8 { return s.Resolution })), ""),
		unlessOpen(textOf("reason", func(s *S) string { return s.Reason }), ""),
	}
	out = append(out, topicOf(func(s *S) (string, string, uint8) { return s.TopicID, s.TopicName, s.TopicKind }, fact.CodesOf(facts, "topic_kind"))...)
	return append(out,
		numberOf("turns", func(s *S) int64 { return s.Turns }),
		numberOf("user_messages", func(s *S) int64 { return s.UserMessages }),
		numberOf("bot_messages", func(s *S) int64 { return s.BotMessages }),
		numberUnless(0, "csat", func(s *S) int64 { return s.CSAT }),
		definitionOf[S](),
		textOf("source", word("origin", func(s *S) uint8 { return s.Origin })),
		textOf("user_id", func(s *S) string { return s.User }),
		numberUnless(-1, "duration_ms", func(s *S) int64 { return s.Duration }),
		momentOf("closes_at", func(s *S) (int64, bool) { return s.ClosesAt, s.Untimed }),
		flagOf("csat_asked", func(s *S) bool { return s.CSATAsked }),
		numberOf("unrecognised", func(s *S) int64 { return s.Unrecognised }),
		numberOf("ambiguous", func(s *S) int64 { return s.Ambiguous }),
		numberOf("answered", func(s *S) int64 { return s.Answered }),
		numberOf("not_answered", func(s *S) int64 { return s.NotAnswered }),
		numberOf("answer_moderated", func(s *S) int64 { return s.AnswerModerated }),
		numberOf("answer_no_results", func(s *S) int64 { return s.AnswerNoResults }),
		numberOf("answer_else", func(s *S) int64 { return s.AnswerElse }),
		numberOf("likes", func(s *S) int64 { return s.Likes }),
		numberOf("dislikes", func(s *S) int64 { return s.Dislikes }),
		textOf("opened_by", word("opened_by", func(s *S) uint8 { return s.OpenedBy })),
		textOrNone("engaged_by", word("engaged_by", func(s *S) uint8 { return s.EngagedBy })),
		textOrNone("attributed_by", word("attributed_by", func(s *S) uint8 { return s.AttributedBy })),
		unlessOpen(textOrNone("ended_by", word("ended_by", func(s *S) uint8 { return s.EndedBy })), ""),
		unlessOpen(textOrNone("decided_by", word("decided_by", func(s *S) uint8 { return s.DecidedBy })), ""),
	)
}

// billedColumns are those of `rapport billed`, and the locale.
func billedColumns() []column[fact.Billed] {
	type B = fact.Billed
	facts := fact.BilledColumns()
	kinds, openedBy := fact.CodesOf(facts, "kind"), fact.CodesOf(facts, "opened_by")
	out := []column[B]{
		textOf("conversation_id", func(b *B) string { return b.Conversation }),
		textOf("bot_id", func(b *B) string { return b.Bot }),
		botNameOf(func(b *B) string { return b.Bot }),
		numberOf("billed_session", func(b *B) int64 { return b.Number }),
		momentOf("started_at", func(b *B) (int64, bool) { return b.StartedAt, b.Untimed }),
		momentOf("ended_at", func(b *B) (int64, bool) { return b.EndedAt, b.Untimed }),
		textOf("opened_by", func(b *B) string { return fact.Word(openedBy, b.OpenedBy) }),
		textOf("channel", func(b *B) string { return b.Channel }),
		textOf("kind", func(b *B) string { return fact.Word(kinds, b.Kind) }),
	}
	out = append(out, topicOf(func(b *B) (string, string, uint8) { return b.TopicID, b.TopicName, b.TopicKind }, fact.CodesOf(facts, "topic_kind"))...)
	return append(out,
		numberOf("turns", func(b *B) int64 { return b.Turns }),
		definitionOf[B](),
		textOf("locale", func(b *B) string { return b.Locale }),
	)
}

func utteranceColumns() []column[fact.Utterance] {
	type U = fact.Utterance
	facts := fact.UtteranceColumns()
	sources, recognitions := fact.CodesOf(facts, "source"), fact.CodesOf(facts, "recognition")
	return []column[U]{
		textOf("conversation_id", func(u *U) string { return u.Conversation }),
		textOf("bot_id", func(u *U) string { return u.Bot }),
		botNameOf(func(u *U) string { return u.Bot }),
		numberOf("session", func(u *U) int64 { return u.Number }),
		momentOf("session_started_at", func(u *U) (int64, bool) { return u.StartedAt, u.StartedAt == 0 }),
		// A session with times may hold a record without: then 0 is no time.
		momentOf("said_at", func(u *U) (int64, bool) { return u.At, u.At == 0 }),
		numberOf("place", func(u *U) int64 { return u.Place }),
		textOf("source", func(u *U) string { return fact.Word(sources, u.Source) }),
		textOf("recognition", func(u *U) string { return fact.Word(recognitions, u.Recognition) }),
		textOf("text", func(u *U) string { return u.Text }),
	}
}
