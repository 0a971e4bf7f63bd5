package session

import (
	"cmp"
	"slices"
	"strings"

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
	alias  map[string]string // lower-case name -> lower-case canonical id
	topics map[string]*readTopic
	lowers map[string]string // what lower has done: a conversation says the same few names again and again
	// byTitle: folded title -> canonical ids, ascending. Those whose steps were seen leave when somebody comes across them.
	byTitle map[string][]string
}

type readTopic struct {
	Topic
	role   definition.Role
	said   activity.TopicKind // what the transcript says of its kind
	schema string
	title  string
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

// lower is a name in lower case.
func (r *topicReader) lower(name string) string {
	l, ok := r.lowers[name]
	if !ok {
		if r.lowers == nil {
			r.lowers = map[string]string{}
		}
		l = strings.ToLower(name)
		r.lowers[name] = l
	}
	return l
}

func (r *topicReader) register(id string) *readTopic {
	key := r.lower(id)
	if t, ok := r.topics[key]; ok {
		return t
	}
	if r.topics == nil {
		r.topics, r.alias, r.byTitle = map[string]*readTopic{}, map[string]string{}, map[string][]string{}
	}
	t := &readTopic{Topic: Topic{ID: id}}
	r.topics[key] = t
	r.alias[key] = key
	return t
}

// trace links the steps that topics took to the topics that were announced: by id, by component, by title, else the first
// custom topic that takes a step in the turn that announced one.
func (r *topicReader) trace(timeline []activity.Entry) {
	pending := "" // announced in this turn, and not yet seen to take a step
	for _, e := range timeline {
		switch sig := e.Signal.(type) {
		case activity.Intent:
			pending = r.lower(cmp.Or(sig.ID, sig.Title))
		case activity.Redirect:
			pending = r.lower(sig.Target)
		case activity.TopicTrace:
			for _, step := range sig.Steps {
				pending = r.step(step, pending)
			}
		default:
			if e.IsMessage() && e.Role == activity.RoleUser {
				pending = ""
			}
		}
	}
}

func (r *topicReader) step(step activity.TopicStep, pending string) string {
	name := stepName(step)
	if name == "" {
		return pending
	}
	key := r.lower(name)
	canon, known := r.alias[key]
	if !known && step.Component != "" {
		canon, known = r.alias[r.lower(step.Component)]
	}
	if !known {
		canon, known = r.titled(name)
	}
	if !known && r.mayBe(pending, name) {
		canon, known = pending, true
	}
	if !known {
		r.register(name)
		canon = key
	}
	t := r.topics[canon]
	if t.schema == "" {
		t.schema = step.Topic
	}
	r.entitle(t, step.Title)
	r.alias[key] = canon
	if step.Component != "" {
		r.alias[r.lower(step.Component)] = canon
	}
	if canon == pending {
		return ""
	}
	return pending
}

// mayBe reports whether the step of an unknown topic may be of the topic that was announced in this turn.
func (r *topicReader) mayBe(pending, name string) bool {
	t := r.topics[pending]
	if t == nil || t.schema != "" || t.said == activity.KindSystem || isTopic(pending) {
		// It has steps of its own already, is the platform's, or was announced by its schema name.
		return false
	}
	return r.def.KindOf(activity.KindUnknown, r.cat, name, name) == activity.KindCustom
}

// entitle keeps the first title of a topic.
func (r *topicReader) entitle(t *readTopic, title string) {
	if t.title != "" || title == "" {
		return
	}
	t.title = title
	folded, key := definition.Fold(title), r.lower(t.ID)
	at, _ := slices.BinarySearch(r.byTitle[folded], key)
	r.byTitle[folded] = slices.Insert(r.byTitle[folded], at, key)
}

// titled is the topic with this title whose steps were not seen yet; the smallest id of several, so that the answer does not hang on the
// order in which they were announced.
func (r *topicReader) titled(name string) (string, bool) {
	folded := definition.Fold(definition.Last(name))
	left := r.byTitle[folded]
	for len(left) > 0 && r.topics[left[0]].schema != "" {
		left = left[1:]
	}
	if len(left) == 0 {
		delete(r.byTitle, folded)
		return "", false
	}
	r.byTitle[folded] = left
	return left[0], true
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
	names := []string{t.schema, t.title, t.ID}
	t.Kind = r.def.KindOf(t.said, r.cat, t.ID, names...)
	t.role = r.def.RoleOf(r.cat, names...)
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

// get is the topic that goes by this name.
func (r *topicReader) get(name string) *readTopic {
	if canon, ok := r.alias[r.lower(name)]; ok {
		return r.topics[canon]
	}
	return nil
}

// triggered is the topic that an intent triggered.
func (r *topicReader) triggered(in activity.Intent) *readTopic { return r.get(cmp.Or(in.ID, in.Title)) }

// stepped is the topic that took this step.
func (r *topicReader) stepped(step activity.TopicStep) *readTopic { return r.get(stepName(step)) }

func stepName(step activity.TopicStep) string { return cmp.Or(step.Topic, step.Component, step.Title) }
