package session

import (
	"cmp"
	"slices"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/definition"
)

// platformSessions takes the boundaries and labels of SessionInfo, wherever a record has one: it closes everything since the one
// before it in its window (the records of one start, in batches). rest is what no SessionInfo closed.
func platformSessions(c *activity.Conversation, timeline []activity.Entry, def *definition.Definition, topics *topicReader) (sessions []Session, rest []int) {
	infos := infosOf(c, timeline)
	if len(infos) == 0 {
		return nil, all(len(timeline))
	}
	slices.SortFunc(infos, place.compare)
	parts := make([][]int, len(infos))
	for i, e := range timeline {
		at := placeOf(c, e, i)
		n, _ := slices.BinarySearchFunc(infos, at, place.compare)
		if n < len(infos) && infos[n].start == at.start {
			if parts[n] == nil {
				parts[n] = make([]int, 0, len(timeline)/len(infos)+1)
			}
			parts[n] = append(parts[n], i)
		} else {
			rest = append(rest, i)
		}
	}
	said := map[activity.SessionInfo]bool{}
	for n, info := range infos {
		word := wordOf(timeline[info.index])
		if said[word] && !slices.ContainsFunc(parts[n], func(i int) bool { return timeline[i].Opens() }) {
			// The same word about the same session again, with nothing new before it: a record that came under two keys, or batches
			// that overlap.
			rest = append(rest, parts[n]...)
			continue
		}
		said[word] = true
		sessions = append(sessions, fromInfo(timeline, parts[n], info.index, def, topics))
	}
	slices.Sort(rest)
	return sessions, rest
}

// wordOf is a SessionInfo to compare: equal for two that say the same.
func wordOf(e activity.Entry) activity.SessionInfo {
	info := e.Signal.(activity.SessionInfo)
	info.Implied = nil
	return info
}

// place is where an activity stands in its window, whatever its time: SessionInfo closes by position (spec.md §4.7).
type place struct {
	start  int64
	record int
	seq    int
	index  int // in the timeline
}

func placeOf(c *activity.Conversation, e activity.Entry, index int) place {
	return place{c.Records[e.Record].Start, e.Record, e.Seq, index}
}

// compare orders by window, record (batches are in order) and position.
func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.start, q.start), cmp.Compare(p.record, q.record), cmp.Compare(p.seq, q.seq))
}

func infosOf(c *activity.Conversation, timeline []activity.Entry) []place {
	var out []place
	for i, e := range timeline {
		if _, ok := e.Signal.(activity.SessionInfo); ok {
			out = append(out, placeOf(c, e, i))
		}
	}
	return out
}

// fromInfo is one platform session: the machine reads its activities for what SessionInfo does not say, then SessionInfo's labels
// take their place.
func fromInfo(timeline []activity.Entry, indexes []int, at int, def *definition.Definition, topics *topicReader) Session {
	opener := indexes[0]
	for _, i := range indexes {
		if timeline[i].Opens() {
			opener = i
			break
		}
	}
	f := newFold(def, topics, timeline, OpenPlatform, opener)
	f.indexes = indexes[:0] // the same in the end
	for _, i := range indexes {
		f.apply(i)
	}
	s := f.close(eventRecords, EndPlatform)
	info := timeline[at].Signal.(activity.SessionInfo)
	s.Evidence = slices.DeleteFunc(s.Evidence, func(e Evidence) bool {
		// What SessionInfo says itself is not for the machine to decide.
		return e.Rule == OutcomeUnengaged || e.Rule == OutcomeUndecided || (e.Rule == s.AttributedBy && topicOf(info) != "")
	})
	s.Source = FromPlatform
	say := func(rule Rule, detail string) {
		s.Evidence = append(s.Evidence, Evidence{Rule: rule, Detail: detail, ActivityID: timeline[at].ID, At: timeline[at].At, Index: at})
	}
	if info.Start != 0 {
		s.StartedAt = info.Start
	}
	if info.End != 0 {
		s.EndedAt = info.End
	}
	s.ClosesAt = s.EndedAt
	if info.Turns >= 0 {
		s.Turns = info.Turns
	}
	if info.CSAT != 0 {
		s.CSAT, s.CSATAsked = info.CSAT, true
	}
	s.label(cmp.Or(info.Type, engagementWord(info.Outcome)), info.Outcome, info.Reason, info.Implied, say)
	s.attributed(info, topics, say)
	return s
}

// label takes the platform's words for type, outcome and reason.
func (s *Session) label(kind, outcome, reason string, implied *bool, say func(Rule, string)) {
	derived := *s
	s.Engaged = !strings.EqualFold(kind, "unengaged")
	s.EngagedBy = ""
	if s.Engaged {
		s.EngagedBy = EngagePlatform
		say(EngagePlatform, kind)
	}
	s.Outcome, s.Resolution, s.Reason, s.DecidedBy = outcomeOf(outcome), "", reason, OutcomePlatform
	if reason == "" {
		s.Reason = derived.reasonOf(s.Outcome)
	}
	if s.Outcome == Resolved {
		s.Resolution = Confirmed
		if implied != nil && *implied {
			s.Resolution = Implied
			// The label says implied, but the user said yes in this very session (spec.md §8 #22).
			if derived.DecidedBy == ConfirmSurveyYes {
				s.Resolution = Confirmed
				say(PlatformConfirmed, "")
			}
		}
	}
	say(OutcomePlatform, strings.TrimSpace(outcome+" "+reason))
	if s.Engaged == (s.Outcome == None) || !isOutcome(outcome) {
		say(PlatformQuestion, kind+" with outcome "+cmp.Or(outcome, "None"))
	}
}

// topicOf is the topic that the platform names: lastUserIntentId, else lastTriggeredIntentId (spec.md §8 #9). "" for none.
func topicOf(info activity.SessionInfo) string {
	return cmp.Or(info.LastUserIntent, info.LastTriggeredIntent)
}

// reasonOf fills in the reason that the platform left out, as rows of 2024 do: the machine's where it came to the same outcome
// (spec.md §8.4), else the plainest one.
func (s *Session) reasonOf(outcome Outcome) string {
	switch {
	case outcome == s.Outcome && s.Reason != "":
		return s.Reason
	case outcome == Resolved:
		return ReasonResolved
	case outcome == Escalated:
		return ReasonByAuthor
	case outcome == Abandoned:
		return ReasonUserExit
	default:
		return ReasonNoError
	}
}

// attributed takes the platform's topic where it names one.
func (s *Session) attributed(info activity.SessionInfo, topics *topicReader, say func(Rule, string)) {
	id := topicOf(info)
	if id == "" {
		return
	}
	if t := topics.get(id); t != nil {
		s.Topic = &t.Topic
	} else {
		t := &readTopic{Topic: Topic{ID: id}, said: activity.KindCustom}
		topics.describe(t)
		s.Topic = &t.Topic
	}
	s.AttributedBy = AttributePlatform
	say(AttributePlatform, s.Topic.Name)
}

// outcomeOf reads every word that platforms use (spec.md §3.1, §8 #21).
func outcomeOf(word string) Outcome {
	switch {
	case alike(word, "resolved"):
		return Resolved
	case alike(word, "handoff"), alike(word, "escalated"):
		return Escalated
	case alike(word, "abandoned"), alike(word, "abandon"):
		return Abandoned
	default:
		return None
	}
}

// isOutcome reports whether a word is one that platforms are known to use.
func isOutcome(word string) bool {
	return word == "" || alike(word, "none") || alike(word, "unengaged") || outcomeOf(word) != None
}

// exportedSessions are the rows of a sessions CSV: platform sessions without activities.
func exportedSessions(c *activity.Conversation) []Session {
	var out []Session
	for _, r := range c.Records {
		if r.Session == nil {
			continue
		}
		p := r.Session
		s := Session{
			StartedAt: p.StartedAt, EndedAt: p.StartedAt, ClosesAt: p.StartedAt, StartedBy: p.StartedBy,
			UserMessages: max(p.UserMessages, 0), BotMessages: max(p.BotMessages, 0),
			CSAT: p.CSAT, CSATAsked: p.CSAT != 0, Channel: p.Channel, Kind: Chat, Source: FromPlatform,
			OpenedBy: OpenPlatform, EndedBy: EndPlatform, DecidedBy: OutcomePlatform,
		}
		if s.Turns = p.Turns; s.Turns < 0 {
			s.Turns = s.UserMessages + s.BotMessages
		}
		if s.StartedBy == activity.RoleUnknown {
			s.StartedBy = activity.RoleBot
		}
		say := func(rule Rule, detail string) {
			s.Evidence = append(s.Evidence, Evidence{Rule: rule, Detail: detail, At: p.StartedAt, Index: -1})
		}
		say(OpenPlatform, "")
		s.label(engagementWord(p.Outcome), p.Outcome, p.Reason, p.Implied, say)
		if p.Topic != "" || p.TopicID != "" {
			s.Topic = &Topic{ID: cmp.Or(p.TopicID, p.Topic), Name: cmp.Or(p.Topic, p.TopicID)}
			s.AttributedBy = AttributePlatform
			say(AttributePlatform, s.Topic.Name)
		}
		say(EndPlatform, "")
		out = append(out, s)
	}
	return out
}

// engagementWord is the engagement that goes with an outcome, for who says no more: the CSV writes Unengaged as an outcome (spec.md §4.8).
func engagementWord(outcome string) string {
	if outcomeOf(outcome) == None {
		return "Unengaged"
	}
	return "Engaged"
}

// describe adds what the records say around the session: channel, locale, user, kind.
func (s *Session) describe(c *activity.Conversation, timeline []activity.Entry, windows []*window) {
	if len(s.Activities) == 0 {
		return
	}
	var all window
	s.Untimed = true
	for _, i := range s.Activities {
		e := timeline[i]
		s.Untimed = s.Untimed && c.Records[e.Record].Untimed
		s.Channel = cmp.Or(s.Channel, e.Channel)
		all.add(windows[e.Record])
	}
	s.Locale, s.User, s.Kind, s.DesignMode = all.locale, all.user, all.kind(), all.design
}
