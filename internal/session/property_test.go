package session_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/session"
)

// conversations draws a conversation of one or more records with everything in it that rules read. With platform, records may carry
// SessionInfo.
func conversations(platform bool) *rapid.Generator[*activity.Conversation] {
	return rapid.Custom(func(t *rapid.T) *activity.Conversation {
		c := &activity.Conversation{ID: "c", Bot: activity.Bot{ID: "b", Schema: "cr1_shop"}}
		at := scriptEpoch.UnixMilli()
		users := []string{""}
		n := 0
		for r := range rapid.IntRange(1, 3).Draw(t, "records") {
			rec := &activity.Record{Format: activity.FormatTranscript, ID: fmt.Sprint("r", r), Start: at, Bot: c.Bot}
			rec.Hash[0] = byte(r)
			for range rapid.IntRange(0, 25).Draw(t, "activities") {
				at += rapid.SampledFrom([]int64{0, 0, 1, 1000, 1000, 60_000, 29 * 60_000, 31 * 60_000, 33 * 60_000, 3 * 3600_000}).Draw(t, "gap")
				a := drawActivity(t, users)
				a.At, a.Seq, a.ID = at, len(rec.Activities), fmt.Sprint("a", n)
				n++
				if a.IsMessage() && a.Role == activity.RoleUser {
					users = append(users, a.ID)
				}
				rec.Activities = append(rec.Activities, a)
			}
			if platform && rapid.Bool().Draw(t, "sessioninfo") {
				rec.Activities = append(rec.Activities, activity.Activity{
					Type: activity.TypeTrace, Name: "SessionInfo", At: at, Seq: len(rec.Activities),
					Signal: activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: -1, Start: rec.Start, End: at},
				})
			}
			c.Records = append(c.Records, rec)
			at += rapid.SampledFrom([]int64{1, 1000, 35 * 60_000}).Draw(t, "between") // records of one start are batches
		}
		return c
	})
}

func drawActivity(t *rapid.T, users []string) activity.Activity {
	words := []string{
		"says", "says", "says", "says", "event x", "types", "updates", "invokes x", "traces x", "starts", "info", "intent t1 One custom hi", "intent t2 Two custom",
		"intent e Escalate system agent", "redirects t2 custom", "redirects r system", "steps cr1_shop.topic.A", "steps cr1_shop.topic.Search",
		"steps cr1_shop.topic.EndofConversation", "steps cr1_shop.topic.Escalate", "steps cr1_shop.topic.Inactivity", "unknown hm", "plans x", "planstep cr1_shop.action.X",
		"planstep cr1_shop.topic.B", "planfinished", "helped?", "helped yes", "helped no", "csat?", "csat 4", "implied", "escalation", "handoff", "ends",
		"error author X", "error platform Y", "skill s", "outcome resolved", "outcome escalated", "outcome abandoned",
	}
	word := strings.Fields(rapid.SampledFrom(words).Draw(t, "what"))
	a := activity.Activity{Channel: "directline", Role: activity.RoleBot}
	if rapid.Bool().Draw(t, "user") {
		a.Role = activity.RoleUser
	}
	if word[0] == "says" {
		word = append(word, rapid.SampledFrom([]string{"hello", "what?", ""}).Draw(t, "text"))
	}
	if err := what(&a, word[0], word[1:]); err != nil {
		t.Fatal(err)
	}
	if a.Role == activity.RoleBot {
		a.ReplyTo = rapid.SampledFrom(users).Draw(t, "reply")
	}
	return a
}

func definitions(t *testing.T) []*definition.Definition {
	t.Helper()
	var out []*definition.Definition
	for _, name := range definition.Presets() {
		d, err := definition.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// TestInvariants: what holds of every conversation under every definition.
func TestInvariants(t *testing.T) {
	defs := definitions(t)
	rapid.Check(t, func(t *rapid.T) {
		c := conversations(rapid.Bool().Draw(t, "platform")).Draw(t, "conversation")
		for _, def := range defs {
			c.Sort()
			r := session.Derive(c, def, nil)
			checkPartition(t, r)
			opens := slices.ContainsFunc(r.Timeline, func(e activity.Entry) bool { return e.Opens() })
			if def.Session.Boundaries == definition.BoundariesDerived && opens != (len(r.Sessions) > 0) {
				t.Fatalf("%s: a message or user event: %v, sessions: %d", def.Name, opens, len(r.Sessions))
			}
			for i, s := range r.Sessions {
				checkSession(t, def, r, s, i)
			}
			messages, turns := 0, 0
			for _, e := range r.Timeline {
				if e.IsMessage() {
					messages++
				}
			}
			for _, s := range r.Sessions {
				turns += s.UserMessages + s.BotMessages
			}
			if messages != turns {
				t.Fatalf("%s: %d messages, %d in sessions", def.Name, messages, turns)
			}
		}
	})
}

func checkSession(t *rapid.T, def *definition.Definition, r session.Result, s session.Session, i int) {
	if s.Number != i+1 {
		t.Fatalf("session %d has number %d", i+1, s.Number)
	}
	if s.Source == session.Derived && s.Engaged == (s.Outcome == session.None) {
		t.Fatalf("%s: engaged %v with outcome %s", def.Name, s.Engaged, s.Outcome)
	}
	if (s.Outcome == session.Resolved) != (s.Resolution != "") {
		t.Fatalf("%s: outcome %s with resolution %q", def.Name, s.Outcome, s.Resolution)
	}
	if s.StartedAt > s.EndedAt || s.EndedAt > s.ClosesAt {
		t.Fatalf("%s: starts %d, ends %d, closes %d", def.Name, s.StartedAt, s.EndedAt, s.ClosesAt)
	}
	if s.StartedBy == activity.RoleUnknown || s.OpenedBy == "" || s.EndedBy == "" || s.DecidedBy == "" || s.Kind == "" {
		t.Fatalf("%s: undecided: %+v", def.Name, s)
	}
	if s.Engaged != (s.EngagedBy != "") || (s.Topic != nil) != (s.AttributedBy != "") {
		t.Fatalf("%s: engaged by %q, attributed by %q: %+v", def.Name, s.EngagedBy, s.AttributedBy, s)
	}
	if i > 0 && r.Sessions[i-1].StartedAt > s.StartedAt {
		t.Fatalf("%s: session %d starts before the one before it", def.Name, i+1)
	}
	if !slices.IsSorted(s.Activities) {
		t.Fatalf("%s: activities out of order", def.Name)
	}
}

// TestOrderChangesNothing: shuffling records, repeating them, and cutting one into batches or overlapping pieces changes nothing.
func TestOrderChangesNothing(t *testing.T) {
	defs := definitions(t)
	rapid.Check(t, func(t *rapid.T) {
		c := conversations(false).Draw(t, "conversation")
		seed := rapid.Uint64().Draw(t, "seed")
		rng := rand.New(rand.NewPCG(seed, 1))
		other := &activity.Conversation{ID: c.ID, Bot: c.Bot}
		for _, r := range c.Records {
			other.Records = append(other.Records, pieces(r, rng)...)
		}
		rng.Shuffle(len(other.Records), func(i, j int) { other.Records[i], other.Records[j] = other.Records[j], other.Records[i] })
		c.Sort()
		other.Sort()
		for _, def := range defs {
			a, b := session.Derive(c, def, nil), session.Derive(other, def, nil)
			if d := cmp.Diff(plain(a), plain(b)); d != "" {
				t.Fatalf("%s: %s", def.Name, d)
			}
		}
	})
}

// pieces cuts a record into batches, some activities standing in two of them.
func pieces(r *activity.Record, rng *rand.Rand) []*activity.Record {
	if len(r.Activities) < 2 || rng.IntN(2) == 0 {
		return []*activity.Record{r}
	}
	at := 1 + rng.IntN(len(r.Activities)-1)
	from := at - rng.IntN(min(at, 3)) // the second batch repeats some of the first
	first, second := *r, *r
	first.Activities = slices.Clone(r.Activities[:at])
	second.Activities = slices.Clone(r.Activities[from:])
	first.Batch, second.Batch = 1, 2
	first.ID, second.ID = r.ID+"/1", r.ID+"/2"
	for i := range second.Activities {
		second.Activities[i].Seq = i
	}
	return []*activity.Record{&second, &first}
}

// plain is a result without what may differ: which record an activity came from.
func plain(r session.Result) session.Result {
	out := session.Result{Sessions: slices.Clone(r.Sessions), Billed: slices.Clone(r.Billed)}
	for _, e := range r.Timeline {
		a := *e.Activity
		a.Seq = 0
		out.Timeline = append(out.Timeline, activity.Entry{Activity: &a})
	}
	return out
}

// TestEngagedStaysEngaged: whatever is said later, an engaged session does not become unengaged.
func TestEngagedStaysEngaged(t *testing.T) {
	defs := definitions(t)
	rapid.Check(t, func(t *rapid.T) {
		c := conversations(false).Draw(t, "conversation")
		c.Sort()
		last := c.Records[len(c.Records)-1]
		for _, def := range defs {
			before := session.Derive(c, def, nil)
			longer := *c
			longer.Records = slices.Clone(c.Records)
			more := *last
			more.Activities = append(slices.Clone(last.Activities), activity.Activity{ID: "z", Type: activity.TypeMessage, Role: activity.RoleUser, Seq: len(last.Activities)})
			more.Activities[len(more.Activities)-1].At = lastAt(before)
			longer.Records[len(longer.Records)-1] = &more
			after := session.Derive(&longer, def, nil)
			for i, s := range before.Sessions {
				if s.Engaged && !after.Sessions[i].Engaged {
					t.Fatalf("%s: session %d was engaged", def.Name, i+1)
				}
			}
		}
	})
}

func lastAt(r session.Result) int64 {
	if len(r.Timeline) == 0 {
		return scriptEpoch.UnixMilli()
	}
	return r.Timeline[len(r.Timeline)-1].At
}

// FuzzDerive feeds the machine activities that nobody would write.
func FuzzDerive(f *testing.F) {
	var defs []*definition.Definition
	for _, name := range definition.Presets() {
		d, err := definition.Load(name)
		if err != nil {
			f.Fatal(err)
		}
		defs = append(defs, d)
	}
	signals := activity.Signals()
	types := []activity.Type{
		activity.TypeMessage, activity.TypeEvent, activity.TypeTrace, activity.TypeTyping, activity.TypeInvoke,
		activity.TypeHandOff, activity.TypeEndOfConversation, activity.TypeConversationUpdate, "", "unheardOf",
	}
	f.Add([]byte("\x01\x02\x03\x04"), uint8(0))
	f.Add([]byte("\x00\x05\x10\x01\x00\x06\x03\x00\x01\x0b\x01\x20"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, which uint8) {
		c := &activity.Conversation{Bot: activity.Bot{Schema: "b"}}
		var rec *activity.Record
		at := scriptEpoch.UnixMilli()
		for ; len(data) >= 4; data = data[4:] {
			if rec == nil || data[3]&0x80 != 0 {
				rec = &activity.Record{ID: fmt.Sprint(len(c.Records)), Start: at, Batch: int(data[3] & 3), Untimed: data[3]&0x40 != 0}
				c.Records = append(c.Records, rec)
			}
			at += int64(int8(data[2])) * int64(data[3]) * 1000
			a := activity.Activity{
				Type: types[int(data[0])%len(types)], Role: activity.Role(data[0] >> 4 % 3), At: at, Seq: len(rec.Activities),
				Signal: filled(signals[int(data[1])%len(signals)], data[2]), ID: fmt.Sprint(data[2] % 32), ReplyTo: fmt.Sprint(data[3] % 32), Text: "?",
			}
			rec.Activities = append(rec.Activities, a)
		}
		def := defs[int(which)%len(defs)]
		c.Sort()
		r := session.Derive(c, def, nil)
		checkPartition(t, r)
		again := session.Derive(c, def, nil)
		if d := cmp.Diff(r.Sessions, again.Sessions); d != "" {
			t.Fatalf("not a function: %s", d)
		}
	})
}

// filled gives the signals with fields something to say.
func filled(s activity.Signal, b byte) activity.Signal {
	id := fmt.Sprint("b.topic.T", b%4)
	switch s := s.(type) {
	case activity.Intent:
		s.ID, s.Kind = id, activity.TopicKind(b%3)
		return s
	case activity.Redirect:
		s.Target, s.Kind = id, activity.TopicKind(b%3)
		return s
	case activity.TopicTrace:
		s.Steps = []activity.TopicStep{{Topic: id, Component: fmt.Sprint(b % 5)}, {Topic: []string{"b.topic.Escalate", "b.topic.Search", "b.topic.EndofConversation", ""}[b%4]}}
		return s
	case activity.PlanStep:
		s.Task = id
		return s
	case activity.SessionInfo:
		s.Turns, s.Start, s.End = int(b), int64(b), int64(b)*1000
		return s
	case activity.SurveyAnswered:
		s.Yes = b%2 == 0
		return s
	}
	return s
}
