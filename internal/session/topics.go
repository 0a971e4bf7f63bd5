package session

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/internal/activity"
	"rapport/internal/definition"
)

// topicReader knows every topic that a conversation mentions, under one id each.
//
// A topic goes by several names: the id that announces it (IntentRecognition, DialogRedirect, a plan step) and the schema name
// and component id in the traces of its steps. The announced id wins, since that is what the platform reports.
type topicReader struct {
	def    *definition.Definition
	cat    *definition.Catalogue
	topics []*readTopic // registered
	names  []*name
	room   []name           // the latest names, and room for more: most conversations have a few
	index  map[string]*name // names by the ways they are written, and in lower case; nil as long as there are few
	// byTitle: folded title -> topics, by id. Those whose steps were seen leave when somebody comes across them.
	byTitle map[string][]*readTopic
}

// name is one of the names that topics go by, whatever the case.
type name struct {
	written string     // as it came first
	folded  string     // equal but for the case of ASCII letters in all ways to write it
	own     *readTopic // registered under it
	topic   *readTopic // that goes by it
}

// fewNames are found sooner by comparing them than in a map.
const fewNames = 16

type readTopic struct {
	Topic
	role   definition.Role
	said   activity.TopicKind // what the transcript says of its kind
	schema string
	title  string
	number int // its place among those registered
}

func readTopics(timeline []activity.Entry, def *definition.Definition, cat *definition.Catalogue) *topicReader {
	r := &topicReader{def: def, cat: cat}
	for _, e := range timeline {
		switch sig := e.Signal.(type) {
		case activity.Intent:
			r.announce(sig.ID, sig.Title, sig.Kind)
		case activity.Redirect:
			r.announce(sig.Target, "", sig.Kind)
		case activity.PlanStep:
			if isTopic(sig.Task) {
				r.announce(sig.Task, "", activity.KindUnknown)
			}
		}
	}
	r.trace(timeline)
	for _, t := range r.topics {
		r.describe(t)
	}
	return r
}

// isTopic tells a topic from a tool among the tasks of a plan: "<bot>.topic.X".
func isTopic(task string) bool { return strings.Contains(task, ".topic.") }

func (r *topicReader) announce(id, title string, kind activity.TopicKind) {
	if id == "" {
		id = title
	}
	if id == "" {
		return
	}
	t := r.register(id)
	r.entitle(t, title)
	if t.said == activity.KindUnknown {
		t.said = kind
	}
}

// name finds a name by the way it is written. A conversation says the same few again and again.
func (r *topicReader) name(written string) *name {
	if r.index != nil {
		return r.indexed(written)
	}
	for _, n := range r.names {
		if n.written == written {
			return n
		}
	}
	folded := written
	if !isASCII(written) {
		folded = strings.ToLower(written)
	}
	for _, n := range r.names {
		if alike(n.folded, folded) {
			return n
		}
	}
	if len(r.room) == cap(r.room) {
		r.room = make([]name, 0, fewNames/4)
		r.names = slices.Grow(r.names, fewNames/4)
	}
	r.room = append(r.room, name{written: written, folded: folded})
	n := &r.room[len(r.room)-1]
	if r.names = append(r.names, n); len(r.names) > fewNames {
		r.index = make(map[string]*name, 4*fewNames)
		for _, n := range r.names {
			r.index[n.written], r.index[strings.ToLower(n.written)] = n, n
		}
	}
	return n
}

// indexed is name where there are many.
func (r *topicReader) indexed(written string) *name {
	n, ok := r.index[written]
	if ok {
		return n
	}
	lower := strings.ToLower(written)
	if n, ok = r.index[lower]; !ok {
		n = &name{}
		r.index[lower] = n
	}
	r.index[written] = n
	return n
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// alike reports whether two strings are equal but for the case of ASCII letters.
func alike(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		if x |= 0x20; x != y|0x20 || x < 'a' || x > 'z' {
			return false
		}
	}
	return true
}

func (r *topicReader) register(id string) *readTopic {
	n := r.name(id)
	if n.own == nil {
		n.own = &readTopic{Topic: Topic{ID: id}, number: len(r.topics)}
		n.topic = n.own
		if r.topics == nil {
			r.topics = make([]*readTopic, 0, fewNames/4)
		}
		r.topics = append(r.topics, n.own)
	}
	return n.own
}

// trace links the steps that topics took to the topics that were announced: by id, by component, by title, else the first
// custom topic that takes a step in the turn that announced one.
func (r *topicReader) trace(timeline []activity.Entry) {
	var pending *readTopic // announced in this turn, and not yet seen to take a step
	for _, e := range timeline {
		switch sig := e.Signal.(type) {
		case activity.Intent:
			pending = r.name(cmp.Or(sig.ID, sig.Title)).own
		case activity.Redirect:
			pending = r.name(sig.Target).own
		case activity.TopicTrace:
			for i := range sig.Steps {
				pending = r.step(&sig.Steps[i], pending)
			}
		default:
			if e.IsMessage() && e.Role == activity.RoleUser {
				pending = nil
			}
		}
	}
}

// step links one step, and returns what is still pending.
func (r *topicReader) step(step *activity.TopicStep, pending *readTopic) *readTopic {
	written := stepName(step)
	if written == "" {
		return pending
	}
	n := r.name(written)
	var component *name
	if step.Component != "" {
		component = r.name(step.Component)
	}
	t := n.topic
	if t == nil && component != nil {
		t = component.topic
	}
	if t == nil {
		t = r.titled(written)
	}
	if t == nil && r.mayBe(pending, written) {
		t = pending
	}
	if t == nil {
		t = r.register(written)
	}
	if t.schema == "" {
		t.schema = step.Topic
	}
	r.entitle(t, step.Title)
	n.topic = t
	if component != nil {
		component.topic = t
	}
	if t == pending {
		return nil
	}
	return pending
}

// mayBe reports whether the step of an unknown topic may be of the topic that was announced in this turn.
func (r *topicReader) mayBe(pending *readTopic, name string) bool {
	if pending == nil || pending.schema != "" || pending.said == activity.KindSystem || isTopic(strings.ToLower(pending.ID)) {
		// It has steps of its own already, is the platform's, or was announced by its schema name.
		return false
	}
	return r.def.KindOf(activity.KindUnknown, r.cat, name) == activity.KindCustom
}

// entitle keeps the first title of a topic.
func (r *topicReader) entitle(t *readTopic, title string) {
	if t.title != "" || title == "" {
		return
	}
	t.title = title
	if r.byTitle == nil {
		r.byTitle = map[string][]*readTopic{}
	}
	folded := definition.Fold(title)
	at, _ := slices.BinarySearchFunc(r.byTitle[folded], t, func(a, b *readTopic) int { return cmp.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) })
	r.byTitle[folded] = slices.Insert(r.byTitle[folded], at, t)
}

// titled is the topic with this title whose steps were not seen yet, nil for none; the smallest id of several, so that the answer does not
// hang on the order in which they were announced.
func (r *topicReader) titled(name string) *readTopic {
	if len(r.byTitle) == 0 {
		return nil
	}
	folded := definition.Fold(definition.Last(name))
	left := r.byTitle[folded]
	for len(left) > 0 && left[0].schema != "" {
		left = left[1:]
	}
	if len(left) == 0 {
		delete(r.byTitle, folded)
		return nil
	}
	r.byTitle[folded] = left
	return left[0]
}

func (r *topicReader) describe(t *readTopic) {
	known, inCatalogue := r.cat.Topic(t.ID)
	if !inCatalogue {
		known, inCatalogue = r.cat.Topic(t.schema)
	}
	t.Name = t.title
	if inCatalogue && known.Name != "" {
		t.Name = known.Name
	}
	if t.Name == "" {
		t.Name = definition.Last(cmp.Or(t.schema, t.ID))
	}
	t.Kind = r.def.KindOf(t.said, r.cat, t.ID, t.schema, t.title)
	t.role = r.def.RoleOf(r.cat, t.schema, t.title, t.ID)
	switch t.role {
	case definition.RoleInactivity, definition.RoleClosing:
		// These are the author's anyway.
	default:
		// An author's topic that happens to be called "Escalate" is an author's topic.
		if t.Kind == activity.KindCustom && known.Role == definition.RoleNone {
			t.role = definition.RoleNone
		}
	}
}

// get is the topic that goes by this name; nil for none.
func (r *topicReader) get(name string) *readTopic { return r.name(name).topic }

// triggered is the topic that an intent triggered.
func (r *topicReader) triggered(in activity.Intent) *readTopic { return r.get(cmp.Or(in.ID, in.Title)) }

// stepped is the topic that took this step.
func (r *topicReader) stepped(step *activity.TopicStep) *readTopic { return r.get(stepName(step)) }

func stepName(step *activity.TopicStep) string {
	if step.Topic != "" {
		return step.Topic
	}
	return cmp.Or(step.Component, step.Title)
}
