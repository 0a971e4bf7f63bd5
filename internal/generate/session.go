package generate

import (
	"math/rand/v2"
	"strconv"
	"time"
)

// session is one stay of a person with a bot: the record that it leaves and what it came to, by the rules that real records
// show (spec.md §9.2 to §9.6).
type session struct {
	record

	began int64 // ms since 1970
	bad   bool  // in the bad release

	entered   bool   // an IntentRecognition or an UnknownIntent
	planned   bool   // a plan step ran
	handedOff string // the reason, "" without a hand-off
	confirmed bool
	implied   bool
	fault     string // UserError or SystemError
	denied    bool   // the answer to the survey was no, and no plan has run since
	pending   bool   // a topic or a survey waits for an answer
	over      bool   // nothing is said after this
	score     int

	triggered string // id of the last IntentRecognition
	wanted    string // of that or of the last redirect to a custom topic
	missed    int    // fallbacks so far

	answered, scored, asked, invited bool // surveys
}

// longest is how long a session goes on before the person turns to something else. With the turn that is then under way it
// stays below the two hours after which a conversation may be resumed.
const longest = 18 * time.Minute

// hold makes the session of a window up.
func (s *session) hold(w *world, c *chat, v *window, r *rand.Rand, index int) {
	rec := s.record
	*s = session{record: rec}
	s.world = w
	s.reset(c, r, v.start)
	s.began = v.start
	incident := &w.incident
	s.bad = c.bot == &w.bots[w.incidents] && v.start >= incident.From.UnixMilli() && v.start < incident.To.UnixMilli()

	if index == 0 {
		s.open()
	}
	if c.silent {
		return
	}
	if c.alone {
		s.trigger()
		return
	}
	turns := 1
	for s.r.Float64() < c.bot.chatty/(1+c.bot.chatty) && turns < 14 {
		turns++
	}
	if index == 0 && r.Float64() < 0.08 {
		s.sayHello()
		if s.over {
			return
		}
	}
	for range turns {
		if s.over || s.now-s.began > longest.Milliseconds() {
			break
		}
		s.turn()
	}
	if !s.over && !s.pending && r.Float64() < 0.12 {
		s.sayBye()
	}
}

// open is what happens before the person has said anything.
func (s *session) open() {
	t := s.chat.tongue
	switch {
	case s.chat.channel.starts:
		s.start()
		s.wait(200 + int64(s.r.IntN(1500)))
		s.set(t.greet[0], s.bot.label, t.greet[1])
	case s.chat.silent: // a notice that the bot sends by itself
		s.set(t.notice)
	default:
		return
	}
	s.say(message{})
	s.wait(int64(s.r.IntN(40)))
	if !s.bot.planner {
		s.step(s.bot.schema+".topic.ConversationStart", s.bot.system[sysStart], "SendActivity", "sendMessage_M0LuhV", "", "")
	}
	s.cause = s.cause[:0]
}

// person lets the person say what stands in text, after a while.
func (s *session) person() {
	const median, limit = 22, 240
	s.wait(900 + seconds(s.r, median, limit))
	s.user()
	s.pending = false
	s.wait(150 + int64(s.r.IntN(900)))
}

// reply lets the bot say what stands in text.
func (s *session) reply(m message) {
	s.wait(300 + seconds(s.r, 1.2, 9))
	s.say(m)
	s.pending = m.expects || len(m.choices) > 0
	s.wait(int64(s.r.IntN(60)))
}

// turn is one question of the person and what comes of it.
func (s *session) turn() {
	if s.r.Float64() < 0.02 { // called away, back before any time-out
		s.wait(int64(time.Duration(5+s.r.IntN(9)) * time.Minute / time.Millisecond))
	}
	human := 0.025
	if s.bad {
		human = 0.16
	}
	if s.r.Float64() < human {
		s.askForHuman()
		return
	}
	object, a := s.r.IntN(len(s.bot.objects)), action(s.r.IntN(int(actions)))
	known := s.r.Float64() < 0.68
	var t *topic
	if known {
		t = &s.bot.topics[draw(s.r, s.bot.popular)]
		object, a = t.object, t.action
	}
	s.question(object, a)
	s.person()
	switch {
	case s.bot.planner && s.bot.newer:
		s.planTurn(t, object)
	case t != nil && s.r.Float64() < 0.05:
		s.disambiguate(t)
	case t != nil:
		s.recognise(t)
	case s.r.Float64() < 0.07:
		s.toolOnly(object)
	default:
		s.unknown(object)
	}
}

// question puts a question about an object into text.
func (s *session) question(object int, a action) {
	t := s.chat.tongue
	s.set(pick(s.r, t.openers), t.asks[a][0], s.bot.objects[object][s.chat.speech], t.asks[a][1])
}

// intent notes that a topic was triggered by what the person said.
func (s *session) intent(id, title string) {
	s.trace("IntentRecognition")
	s.add(`{"intentId":"`, id, `"`)
	if s.bot.newer {
		s.add(`,"intentTitle":"`, title, `","intentType":1`)
	}
	s.add(`,"triggerUtterance":"`)
	s.bytes(s.said)
	s.add(`","normalizedTriggerUtterance":"`)
	s.bytes(s.said)
	s.add(`","intentScore":{"score":`)
	s.decimal(0.55+0.45*s.r.Float64(), 7)
	s.add(`,"properties":{"Type":"1","Title":"`, title, `"}}}`)
	s.end()
	s.entered = true
	s.triggered, s.wanted = id, id
}

func (s *session) sayHello() {
	t := s.chat.tongue
	s.set(pick(s.r, t.hello))
	s.person()
	if s.bot.planner && s.bot.newer {
		// The model answers by itself, without a plan.
		s.set(t.greet[0], s.bot.label, t.greet[1])
		s.reply(message{})
		s.over = s.r.Float64() < 0.25
		return
	}
	s.intent(s.bot.system[sysGreeting], "Greeting")
	s.set(t.greet[0], s.bot.label, t.greet[1])
	s.reply(message{})
	s.step(s.bot.schema+".topic.Greeting", s.bot.system[sysGreeting], "SendActivity", "sendMessage_pLkWq1", "", "")
	s.over = s.r.Float64() < 0.15
}

func (s *session) sayBye() {
	t := s.chat.tongue
	s.set(pick(s.r, t.bye))
	s.person()
	if s.bot.planner && s.bot.newer {
		s.set(t.thanks)
		s.reply(message{})
		return
	}
	s.intent(s.bot.system[sysGoodbye], "Goodbye")
	if s.fault == "" && !s.confirmed {
		s.ending(nil)
	}
}

// disambiguate lets the person choose among topics that all match.
func (s *session) disambiguate(t *topic) {
	other := &s.bot.topics[draw(s.r, s.bot.popular)]
	s.trace("IntentCandidates")
	s.add(`{"triggerUtterance":"`)
	s.bytes(s.said)
	s.add(`","normalizedTriggerUtterance":"`)
	s.bytes(s.said)
	s.add(`","intentCandidates":[`)
	for i, c := range [2]*topic{t, other} {
		if i > 0 {
			s.add(`,`)
		}
		s.add(`{"intentId":"`, c.id, `","intentScore":{"score":`)
		s.decimal(0.4+0.3*s.r.Float64(), 7)
		s.add(`,"properties":{"Type":"1","Title":"`, c.title, `"}}}`)
	}
	s.add(`]}`)
	s.end()
	s.step(s.bot.schema+".topic.MultipleTopicsMatched", s.bot.system[sysMatched], "Question", "question_4fJnVb", "", "")
	s.set(s.chat.tongue.meant)
	s.reply(message{choices: []string{t.title, other.title}})
	if s.r.Float64() < 0.2 {
		s.over = true
		return
	}
	s.set(t.title)
	s.person()
	s.recognise(t)
}

// sessionInfo appends what the platform says of the session at its end.
func (s *session) sessionInfo(b []byte) []byte {
	engaged, outcome, reason, implied := s.verdict()
	b = append(b, `{"valueType":"SessionInfo","id":"0","type":"trace","timestamp":`...)
	b = strconv.AppendInt(b, s.now/1000, 10)
	if s.bot.newer {
		b = append(b, `,"timestampMs":`...)
		b = strconv.AppendInt(b, s.now, 10)
	}
	b = append(b, `,"from":{"id":"","role":0},"value":{"startTimeUtc":"`...)
	b = appendTime(b, s.began)
	b = append(b, `","endTimeUtc":"`...)
	b = appendTime(b, s.now)
	b = append(b, `","type":"`...)
	if !engaged {
		b = append(b, "Un"...)
		b = append(b, "engaged"...)
	} else {
		b = append(b, "Engaged"...)
	}
	b = append(append(b, `","outcome":"`...), outcome...)
	b = append(b, `","turnCount":`...)
	b = strconv.AppendInt(b, int64(s.messages), 10)
	b = append(b, `,"impliedSuccess":`...)
	b = strconv.AppendBool(b, implied)
	if s.bot.newer {
		b = append(append(append(b, `,"outcomeReason":"`...), reason...), '"')
	}
	if s.triggered != "" {
		b = append(append(append(b, `,"lastTriggeredIntentId":"`...), s.triggered...), '"')
	}
	if s.wanted != "" {
		b = append(append(append(b, `,"lastUserIntentId":"`...), s.wanted...), '"')
	}
	if s.score > 0 {
		b = strconv.AppendInt(append(b, `,"csatScore":`...), int64(s.score), 10)
	}
	return append(b, `}}`...)
}

// conversationInfo appends the first activity of the record. Newer records tell the outcome of the session there already
// (spec.md §9.1).
func (s *session) conversationInfo(b []byte) []byte {
	_, outcome, reason, _ := s.verdict()
	b = append(b, `{"valueType":"ConversationInfo","type":"trace","timestamp":`...)
	b = strconv.AppendInt(b, s.began/1000, 10)
	if s.bot.newer {
		b = append(b, `,"timestampMs":`...)
		b = strconv.AppendInt(b, s.began, 10)
	}
	b = append(b, `,"from":{"id":"","role":0},"value":{"isDesignMode":`...)
	b = strconv.AppendBool(b, s.chat.test)
	if s.bot.newer {
		b = append(append(b, `,"lastSessionOutcome":"`...), outcome...)
		b = append(append(b, `","lastSessionOutcomeReason":"`...), reason...)
		b = append(b, '"')
	}
	b = append(append(b, `,"locale":"`...), s.chat.tongue.locale...)
	return append(b, `"}}`...)
}

// verdict is what the session came to, in the platform's words.
func (s *session) verdict() (engaged bool, outcome, reason string, implied bool) {
	engaged = s.entered || s.handedOff != "" || s.bot.newer && s.planned
	switch {
	case !engaged:
		return false, "None", "NoError", false
	case s.handedOff != "":
		return true, "HandOff", s.handedOff, false
	case s.confirmed:
		return true, "Resolved", "Resolved", false
	case s.implied:
		return true, "Resolved", "Resolved", true
	case s.fault != "":
		return true, "Abandoned", s.fault, false
	case s.bot.newer && s.planned && !s.pending && !s.denied:
		return true, "Resolved", "Resolved", true
	default:
		return true, "Abandoned", "UserExit", false
	}
}
