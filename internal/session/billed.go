package session

import (
	"cmp"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/definition"
)

// Billed is one billed session: the unit of billing, cut by rules of its own (spec.md §2). Times are milliseconds, UTC.
type Billed struct {
	Number    int
	StartedAt int64
	EndedAt   int64 // the last user message or trigger in it
	OpenedBy  BilledRule
	Topic     *Topic // that opened it, or that of the billed session it continues; nil for a flow or skill
	Turns     int    // exchanges: user messages, the one that opened it included
	Channel   string
	Kind      Kind
	Untimed   bool
	Evidence  []Evidence
}

// BilledRule is the code of the rule that opened a billed session.
type BilledRule string

// The rules of billed sessions.
const (
	BilledCustomTopic BilledRule = "billed.custom_topic"
	BilledFlow        BilledRule = "billed.flow"
	BilledSkill       BilledRule = "billed.skill"
	BilledTooLong     BilledRule = "billed.max_length" // the first message after it
	BilledTooMany     BilledRule = "billed.max_turns"  // the turn after it
)

// bill reads the whole conversation in order: it knows nothing of analytics sessions. The test canvas is not billed.
func bill(c *activity.Conversation, timeline []activity.Entry, windows []*window, def *definition.Definition, topics *topicReader) []Billed {
	b := biller{timeline: timeline, def: def, topics: topics, unheard: true}
	for i, e := range timeline {
		if windows[e.Record].design {
			continue
		}
		b.channel = cmp.Or(b.channel, e.Channel)
		if e.IsMessage() && e.Role == activity.RoleUser {
			b.message(i)
			continue
		}
		b.trigger(i)
	}
	b.close()
	for n := range b.done {
		s := &b.done[n]
		s.Number, s.Channel = n+1, cmp.Or(s.Channel, b.channel)
		e := timeline[s.Evidence[0].Index]
		s.Untimed = c.Records[e.Record].Untimed
		s.Kind = windows[e.Record].kind()
	}
	return b.done
}

type biller struct {
	timeline []activity.Entry
	def      *definition.Definition
	topics   *topicReader
	channel  string
	open     *Billed
	done     []Billed

	// heard is when the user last said something, or when a billed session opened long after that; unheard is before either.
	heard   int64
	unheard bool
}

// message is the user saying something: it may end a billed session, and counts as a turn of the one that is open after it.
func (b *biller) message(i int) {
	e, rules := b.timeline[i], b.def.Billing
	if b.open != nil && b.idle(e.At) {
		b.close()
	}
	b.heard, b.unheard = e.At, false
	if b.open == nil {
		return
	}
	switch {
	case e.At-b.open.StartedAt > rules.MaxLength.Milliseconds():
		b.again(i, BilledTooLong)
	case b.open.Turns >= rules.MaxTurns:
		b.again(i, BilledTooMany)
	default:
		b.open.Turns++
		b.open.EndedAt = e.At
	}
}

// again ends the open billed session and opens the next: one that runs too long needs no new trigger (spec.md §8 #38).
func (b *biller) again(i int, rule BilledRule) {
	topic := b.open.Topic
	b.close()
	b.begin(i, rule, topic)
	b.open.Turns = 1
}

func (b *biller) trigger(i int) {
	rule, topic := b.qualifies(i)
	if rule == "" {
		return
	}
	if b.open != nil {
		b.open.EndedAt = b.timeline[i].At
		return
	}
	b.begin(i, rule, topic)
	if at := b.timeline[i].At; b.idle(at) {
		// The bot speaks first: no exchange is under way, and the user has as long to answer as anybody.
		b.heard, b.unheard = at, false
	} else {
		b.open.Turns = 1 // the exchange that is under way
	}
}

// idle reports whether the user had left by then.
func (b *biller) idle(at int64) bool {
	return b.unheard || at-b.heard > b.def.Billing.IdleTimeout.Milliseconds()
}

func (b *biller) begin(i int, rule BilledRule, topic *Topic) {
	e := b.timeline[i]
	detail := ""
	if topic != nil {
		detail = topic.Name
	}
	b.open = &Billed{
		StartedAt: e.At, EndedAt: e.At, OpenedBy: rule, Topic: topic, Channel: e.Channel,
		Evidence: []Evidence{{Rule: Rule(rule), ActivityID: e.ID, At: e.At, Detail: detail, Index: i}},
	}
}

func (b *biller) close() {
	if b.open != nil {
		b.done = append(b.done, *b.open)
		b.open = nil
	}
}

// qualifies says whether an activity is what a billed session starts with: a custom topic, a flow, a skill.
func (b *biller) qualifies(i int) (BilledRule, *Topic) {
	by := b.def.Billing.OpenedBy
	custom := func(t *readTopic) (BilledRule, *Topic) {
		if t == nil || t.Kind != activity.KindCustom || !slices.Contains(by, definition.ByCustomTopic) {
			return "", nil
		}
		return BilledCustomTopic, &t.Topic
	}
	switch sig := b.timeline[i].Signal.(type) {
	case activity.Intent:
		return custom(b.topics.triggered(sig))
	case activity.Redirect:
		return custom(b.topics.get(sig.Target))
	case activity.PlanStep:
		if isTopic(sig.Task) {
			return custom(b.topics.get(sig.Task))
		}
	case activity.TopicTrace:
		return b.steps(sig, custom)
	case activity.Skill:
		if slices.Contains(by, definition.BySkill) {
			return BilledSkill, nil
		}
	}
	return "", nil
}

// steps: a topic's step qualifies when the topic is custom, or when the step itself calls a flow or a skill.
func (b *biller) steps(sig activity.TopicTrace, custom func(*readTopic) (BilledRule, *Topic)) (BilledRule, *Topic) {
	for k := range sig.Steps {
		step := &sig.Steps[k]
		if rule, topic := custom(b.topics.stepped(step)); rule != "" {
			return rule, topic
		}
		if holds(step.Action, "flow") && slices.Contains(b.def.Billing.OpenedBy, definition.ByFlow) {
			return BilledFlow, nil
		}
		if holds(step.Action, "skill") && slices.Contains(b.def.Billing.OpenedBy, definition.BySkill) {
			return BilledSkill, nil
		}
	}
	return "", nil
}

// holds reports whether s in lower case contains a word.
func holds(s, word string) bool {
	if !isASCII(s) {
		return strings.Contains(strings.ToLower(s), word)
	}
	for i := 0; i+len(word) <= len(s); i++ {
		if alike(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}
