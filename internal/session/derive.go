package session

import (
	"cmp"
	"slices"

	"rapport/internal/activity"
	"rapport/internal/definition"
)

// Derive cuts a conversation into sessions under a definition. A conversation without any message or user event has none.
// The conversation's records must be in order (activity.Conversation.Sort); nothing of it is changed.
func Derive(c *activity.Conversation, def *definition.Definition, cat *definition.Catalogue) Result {
	res := Result{Definition: def.ID(), Timeline: c.Timeline()}
	topics := readTopics(res.Timeline, def, cat)
	windows := windowsOf(c)
	var rest []int
	if def.Session.Boundaries == definition.BoundariesPlatform {
		res.Sessions, rest = platformSessions(c, res.Timeline, def, topics)
		res.Sessions = append(res.Sessions, exportedSessions(c)...)
	} else {
		rest = all(len(res.Timeline))
	}
	derived, orphans := cut(res.Timeline, rest, def, topics)
	res.Sessions = append(res.Sessions, derived...)
	slices.SortStableFunc(res.Sessions, func(a, b Session) int {
		return cmp.Or(cmp.Compare(a.StartedAt, b.StartedAt), cmp.Compare(a.EndedAt, b.EndedAt), slices.Compare(a.Activities, b.Activities))
	})
	adopt(res.Sessions, orphans)
	for i := range res.Sessions {
		res.Sessions[i].Number = i + 1
		res.Sessions[i].describe(c, res.Timeline, windows)
	}
	res.Billed = bill(c, res.Timeline, windows, def, topics)
	return res
}

func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// cutter walks a timeline and cuts it. At any time there is an open session, or none and some activities that wait for one.
type cutter struct {
	def      *definition.Definition
	topics   *topicReader
	timeline []activity.Entry

	open    *fold
	user    int   // in a closing session: its latest user message, -1 for none
	waiting []int // what never opens a session and came while none was open
	done    []Session
	idle    int64
	glue    int64

	// After a time-out: the session that timed out, for what may still be glued to it.
	last   *fold
	lastAt int64 // the last activity in it that counts, or was glued to it
}

// cut derives sessions from the activities at the given places of the timeline, ascending. orphans are what belongs to no session
// found here: traces without any message or user event.
func cut(timeline []activity.Entry, places []int, def *definition.Definition, topics *topicReader) (sessions []Session, orphans []int) {
	c := &cutter{
		def: def, topics: topics, timeline: timeline, user: -1,
		idle: def.Session.IdleTimeout.Milliseconds(), glue: def.Session.InactivityMessageWithin.Milliseconds(),
	}
	for n, i := range places {
		c.step(i, places[n+1:])
	}
	if c.open != nil {
		c.finish(eventRecords, EndRecords)
	}
	if c.last == nil {
		return c.done, c.waiting
	}
	c.settle(c.waiting)
	return c.done, nil
}

func (c *cutter) step(i int, rest []int) {
	a := c.timeline[i]
	if c.open != nil && a.At-c.open.clock > c.idle {
		c.timeOut()
	}
	if c.open != nil {
		c.continueWith(i)
		return
	}
	if c.last != nil && a.Role != activity.RoleUser && c.glued(i, rest) {
		return
	}
	if !a.Opens() {
		c.waiting = append(c.waiting, i)
		return
	}
	by := OpenFirst
	if c.last != nil {
		by = OpenAfterIdle
	}
	c.begin(i, by)
}

// begin opens a session with the activity that opens it and what waited for one.
func (c *cutter) begin(i int, by Rule) {
	waiting := c.waiting
	c.waiting = nil
	far := 0 // how many lie further back than the idle time-out
	for n, w := range waiting {
		if c.timeline[i].At-c.timeline[w].At > c.idle {
			far = n + 1
		}
	}
	if c.last != nil {
		// They belong to what was before. Without a session before they join this one, but are not its start.
		c.settle(waiting[:far])
		waiting, far = waiting[far:], 0
	}
	c.open, c.user = newFold(c.def, c.topics, c.timeline, by, i), -1
	c.open.outside = far
	for _, w := range waiting {
		c.open.apply(w)
	}
	c.open.apply(i)
}

// continueWith gives an activity to the open session, and cuts that in two where a terminal outcome lies behind and a user message
// has led on to something new.
func (c *cutter) continueWith(i int) {
	a := c.timeline[i]
	if c.open.life != stateClosing {
		c.open.apply(i)
		return
	}
	isUser := a.IsMessage() && a.Role == activity.RoleUser
	switch {
	case isUser && c.def.Session.NextAfterOutcome == definition.NextAtUserMessage && !c.answered(i):
		c.finish(eventNext, c.endedBy())
		c.begin(i, OpenAfterOutcome)
		return
	case isUser:
		c.user = i
	case answers(a):
		c.user = -1 // the message was an answer to a survey: it leads nowhere
	case c.user > c.open.terminalAt && c.open.leads(a):
		// What opened the session can not end it: the terminal event was noted before anybody spoke.
		if at := c.led(i); at > c.open.openedAt {
			c.split(at, i)
			return
		}
	}
	c.open.apply(i)
}

// answered reports whether the user's message at i answers a survey: that is noted before anybody speaks again.
func (c *cutter) answered(i int) bool {
	for _, a := range c.timeline[i+1:] {
		if answers(a) {
			return true
		}
		if a.IsMessage() {
			return false
		}
	}
	return false
}

// split ends the open session before the user message at and opens the next one with it; i is the activity that showed it.
func (c *cutter) split(at, i int) {
	whole := c.open
	n, _ := slices.BinarySearch(whole.indexes, at)
	before, after := whole.indexes[:n], whole.indexes[n:]
	c.open = newFold(c.def, c.topics, c.timeline, whole.openedBy, whole.openedAt)
	for _, k := range before {
		c.open.apply(k)
	}
	c.open.outside = whole.outside
	c.finish(eventNext, c.endedBy())
	c.begin(at, OpenAfterOutcome)
	for _, k := range after[1:] {
		c.continueWith(k)
	}
	c.continueWith(i)
}

// led is the user message that led to activity i: the one it replies to, else the latest since the terminal event. -1 when it replies
// to a message from before that event, and so is a late echo of it.
func (c *cutter) led(i int) int {
	reply := c.timeline[i].ReplyTo
	if reply == "" {
		return c.user
	}
	for _, k := range slices.Backward(c.open.indexes) {
		a := c.timeline[k]
		if a.ID != reply || !a.IsMessage() || a.Role != activity.RoleUser {
			continue
		}
		if k > c.open.terminalAt {
			return k
		}
		return -1
	}
	return c.user
}

func (c *cutter) endedBy() Rule {
	if c.open.outcome == stateConfirmed || c.open.outcome == stateEscalated {
		return EndOutcome
	}
	return EndSaid
}

// timeOut closes the open session; what the bot alone says soon after may still be glued to it.
func (c *cutter) timeOut() {
	c.last, c.open = c.open, nil
	c.lastAt = c.last.clock
	c.user = -1
}

// glued adds what the bot alone says soon after the time-out to the session that timed out, and reports whether it did. Without it
// every bot with a custom inactivity topic gets a phantom session a conversation (spec.md §8 #40).
func (c *cutter) glued(i int, rest []int) bool {
	a := c.timeline[i]
	near := c.glue > 0 && a.At-c.lastAt <= c.idle+c.glue
	switch {
	case a.IsMessage() && (near || (c.glue > 0 && c.inactivityTopic(i, rest))):
		c.last.note(GlueInactivity, i, "")
	case !a.IsMessage() && near && c.lastAt > c.last.clock:
		// It follows a glued message.
	default:
		return false
	}
	for _, w := range c.waiting {
		c.last.include(w)
	}
	c.waiting = nil
	c.last.include(i)
	c.lastAt = a.At
	return true
}

// inactivityTopic reports whether the bot's message comes from a topic that the definition or the catalogue knows as an inactivity
// topic: a trace of it stands between the time-out and the next message.
func (c *cutter) inactivityTopic(i int, rest []int) bool {
	if slices.ContainsFunc(c.waiting, c.ofSilence) {
		return true
	}
	for _, n := range rest {
		if c.timeline[n].IsMessage() {
			return false
		}
		if c.ofSilence(n) {
			return true
		}
	}
	return c.ofSilence(i)
}

// ofSilence reports whether an activity names a topic that speaks when the user is silent.
func (c *cutter) ofSilence(i int) bool {
	silent := func(t *readTopic) bool { return t != nil && t.role == definition.RoleInactivity }
	switch sig := c.timeline[i].Signal.(type) {
	case activity.Intent:
		return silent(c.topics.triggered(sig))
	case activity.Redirect:
		return silent(c.topics.get(sig.Target))
	case activity.TopicTrace:
		return slices.ContainsFunc(sig.Steps, func(s activity.TopicStep) bool { return silent(c.topics.stepped(&s)) })
	default:
		return false
	}
}

// settle writes down the session that timed out: nothing can be glued to it any more. tail is what came after it and opened no
// session; it belongs to it without moving its end.
func (c *cutter) settle(tail []int) {
	s := c.last.close(eventIdle, EndIdle)
	s.Activities = append(s.Activities, tail...)
	c.done = append(c.done, s)
	c.last = nil
}

// finish writes down the open session.
func (c *cutter) finish(on event, by Rule) {
	c.done = append(c.done, c.open.close(on, by))
	c.open, c.user = nil, -1
}

// adopt gives activities that belong to no session of their own to the session before them, else to the first.
func adopt(sessions []Session, orphans []int) {
	if len(sessions) == 0 {
		return
	}
	var byFirst []int // sessions with activities, by the first of them
	for n := range sessions {
		if len(sessions[n].Activities) > 0 {
			byFirst = append(byFirst, n)
		}
	}
	slices.SortFunc(byFirst, func(a, b int) int { return cmp.Compare(sessions[a].Activities[0], sessions[b].Activities[0]) })
	to := 0
	for _, i := range orphans { // ascending
		for len(byFirst) > 0 && sessions[byFirst[0]].Activities[0] < i {
			to, byFirst = max(to, byFirst[0]), byFirst[1:]
		}
		sessions[to].Activities = append(sessions[to].Activities, i)
	}
	for n := range sessions {
		slices.Sort(sessions[n].Activities)
	}
}
