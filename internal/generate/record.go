package generate

import (
	"math/rand/v2"
	"strconv"
)

// record collects the activities of one session in the order they happen, as the JSON text that stands in content (spec.md
// §4.5). ConversationInfo and SessionInfo are not among them: they are written around it, once all is known.
type record struct {
	world *world
	chat  *chat
	bot   *bot
	r     *rand.Rand
	body  []byte // activities, each with a comma before it
	marks []int  // where each activity starts in body
	now   int64  // ms since 1970
	cause []byte // id of the activity that the bot is answering
	text  []byte // what is being said
	said  []byte // the user's last message

	messages int
}

func (s *record) reset(c *chat, r *rand.Rand, start int64) {
	s.chat, s.bot, s.r, s.now = c, c.bot, r, start
	s.body, s.marks, s.cause, s.text, s.said = s.body[:0], s.marks[:0], s.cause[:0], s.text[:0], s.said[:0]
	s.messages = 0
}

// add appends strings that are JSON already.
func (s *record) add(parts ...string) {
	for _, p := range parts {
		s.body = append(s.body, p...)
	}
}

// bytes appends bytes that are JSON already.
func (s *record) bytes(b []byte) { s.body = append(s.body, b...) }

func (s *record) number(n int64) { s.body = strconv.AppendInt(s.body, n, 10) }

func (s *record) decimal(x float64, digits int) {
	s.body = strconv.AppendFloat(s.body, x, 'f', digits, 64)
}

func (s *record) guid() { s.body = appendGUID(s.body, s.r.Uint64(), s.r.Uint64()) }

// wait lets time pass, in milliseconds.
func (s *record) wait(ms int64) { s.now += ms }

// stamp writes the time in the units of the record's generation.
func (s *record) stamp() {
	s.add(`,"timestamp":`)
	s.number(s.now / 1000)
	if s.bot.newer {
		s.add(`,"timestampMs":`)
		s.number(s.now)
	}
}

// fromBot writes the sender. The test canvas and older bots put the person's id on both sides.
func (s *record) fromBot() {
	s.add(`,"from":{"id":"`)
	if s.chat.test || !s.bot.newer {
		s.bytes(s.chat.from[:])
	} else {
		s.add(s.bot.self)
	}
	s.add(`","role":0}`)
}

func (s *record) fromUser() {
	s.add(`,"from":{"id":"`)
	s.bytes(s.chat.from[:])
	if s.chat.channel.aad {
		s.add(`","aadObjectId":"`)
		s.bytes(s.chat.aad[:])
	}
	s.add(`","role":1}`)
}

func (s *record) mark() {
	s.marks = append(s.marks, len(s.body))
	s.body = append(s.body, ',')
}

func (s *record) replyTo() {
	if len(s.cause) > 0 {
		s.add(`,"replyToId":"`)
		s.bytes(s.cause)
		s.add(`"`)
	}
}

// trace opens a trace activity up to its value; close it with end.
func (s *record) trace(valueType string) {
	s.mark()
	s.add(`{"valueType":"`, valueType, `","id":"`)
	s.body = appendHex(appendHex(s.body, s.r.Uint64()), s.r.Uint64())
	s.add(`","type":"trace"`)
	s.stamp()
	s.fromBot()
	s.replyTo()
	s.add(`,"value":`)
}

// event opens an event of the bot's engine up to its value; close it with end.
func (s *record) event(name string) { s.named(name, "") }

// named is event with a valueType beside the name, where one is given.
func (s *record) named(name, valueType string) {
	s.mark()
	s.add(`{`)
	if valueType != "" {
		s.add(`"valueType":"`, valueType, `",`)
	}
	s.add(`"id":"`)
	s.guid()
	s.add(`","type":"event"`)
	s.stamp()
	s.fromBot()
	s.add(`,"name":"`, name, `","channelId":"`, s.chat.channel.id, `","attachments":[]`)
	s.replyTo()
	s.add(`,"value":`)
}

// end closes an activity whose value was open.
func (s *record) end() { s.body = append(s.body, '}') }

// start is the client opening the conversation.
func (s *record) start() {
	s.mark()
	s.add(`{"id":"`)
	s.newCause()
	s.add(`","type":"event"`)
	s.stamp()
	s.fromUser()
	s.add(`,"name":"startConversation","channelId":"`, s.chat.channel.id, `","attachments":[]`)
	if s.bot.newer {
		s.add(`,"value":{"__version__":"2"}`)
	}
	s.end()
}

// newCause writes a new id that the bot's next activities reply to.
func (s *record) newCause() {
	at := len(s.body)
	s.guid()
	s.cause = append(s.cause[:0], s.body[at:]...)
}

// user says what stands in text.
func (s *record) user() {
	s.messages++
	s.said = append(s.said[:0], s.text...)
	s.mark()
	s.add(`{"id":"`)
	s.newCause()
	s.add(`","type":"message"`)
	s.stamp()
	s.fromUser()
	s.add(`,"channelId":"`, s.chat.channel.id, `","textFormat":"plain","text":"`)
	s.bytes(s.text)
	s.add(`","attachments":[],"channelData":{`)
	switch {
	case s.chat.test:
		s.add(`"attachmentSizes":[],"enableDiagnostics":true,"testMode":"Text","clientActivityID":"`)
		s.bytes(s.cause[:10])
		s.add(`"`)
	case s.chat.channel.id == "msteams":
		s.add(`"tenant":{"id":"`)
		s.add(s.world.tenant, `"},"source":{"name":"message"}`)
	default:
		s.add(`"attachmentSizes":[],"clientTimestamp":"`)
		s.body = appendTime(s.body, s.now)
		s.add(`","clientActivityID":"`)
		s.bytes(s.cause[:13])
		s.add(`"`)
	}
	s.add(`}}`)
}

// message is what the bot says beside its text.
type message struct {
	choices  []string // suggested actions
	expects  bool     // waits for free text
	card     string   // content of an adaptive card
	feedback bool     // carries thumbs
}

// say lets the bot say what stands in text.
func (s *record) say(m message) {
	s.messages++
	s.mark()
	s.add(`{"id":"`)
	s.guid()
	s.add(`","type":"message"`)
	s.stamp()
	s.fromBot()
	s.add(`,"channelId":"`, s.chat.channel.id, `","textFormat":"markdown","text":"`)
	s.bytes(s.text)
	s.add(`","attachments":[`)
	if m.card != "" {
		s.add(`{"contentType":"application/vnd.microsoft.card.adaptive","content":`, m.card, `}`)
	}
	s.add(`]`)
	s.replyTo()
	if m.expects || len(m.choices) > 0 {
		s.add(`,"inputHint":"expectingInput"`)
	}
	if len(m.choices) > 0 {
		s.add(`,"suggestedActions":{"actions":[`)
		for i, c := range m.choices {
			if i > 0 {
				s.add(`,`)
			}
			s.add(`{"type":"imBack","title":"`, c, `","value":"`, c, `"}`)
		}
		s.add(`]}`)
	}
	switch {
	case m.feedback:
		s.add(`,"channelData":{"feedbackLoop":{"type":"default"},"pva:gpt-feedback":{"id":"`)
		s.guid()
		s.add(`"}}`)
	case !s.bot.newer && !s.chat.channel.aad:
		t := s.chat.tongue
		s.add(`,"speak":"\u003Cspeak version=\u00221.0\u0022 xml:lang=\u0022`, t.locale,
			`\u0022 xmlns:mstts=\u0022http://www.w3.org/2001/mstts\u0022 xmlns=\u0022http://www.w3.org/2001/10/synthesis\u0022\u003E`,
			`\u003Cvoice name=\u0022`, t.voice, `\u0022 xmlns=\u0022\u0022\u003E\u003Cprosody rate=\u00220%\u0022 pitch=\u00220%\u0022\u003E`)
		s.bytes(s.text)
		s.add(`\u003C/prosody\u003E\u003C/voice\u003E\u003C/speak\u003E"`)
	}
	s.end()
}

// set puts a text where user and say take it.
func (s *record) set(parts ...string) {
	s.text = s.text[:0]
	for _, p := range parts {
		s.text = append(s.text, p...)
	}
}

// step is one action of a topic, as DialogTracing has it.
func (s *record) step(schema, component, action, id, exit, exception string) {
	s.event("DialogTracing")
	s.add(`{"actions":[{"actionId":"`, id, `","topicId":"`, schema, `","triggerId":"main","dialogComponentId":"`, component,
		`","actionType":"`, action, `","conditionItemExit":[`)
	if exit != "" {
		s.add(`"`, exit, `"`)
	}
	s.add(`],"variableState":{"dialogState":{},"globalState":{}},"exception":"`, exception, `","resultTrace":{}}]}`)
	s.end()
}

// redirect notes that one topic calls another.
func (s *record) redirect(target, kind string) {
	s.trace("DialogRedirect")
	s.add(`{"targetDialogId":"`, target, `","targetDialogType":`, kind, `}`)
	s.end()
}

// variable notes an assignment; the value is JSON-escaped already.
func (s *record) variable(name string, value []byte) {
	s.trace("VariableAssignment")
	s.add(`{"name":"`, name, `","id":"Topic.`, name, `","newValue":"`)
	s.bytes(value)
	s.add(`","type":"local"}`)
	s.end()
}

// typed notes a survey or success trace, whose value is little more than its type.
func (s *record) typed(valueType, kind, response string) {
	s.trace(valueType)
	s.add(`{"type":"`, kind, `"`)
	if response != "" {
		s.add(`,"response":"`, response, `"`)
	}
	s.add(`}`)
	s.end()
}

// sentence appends one sentence of a knowledge article to b.
func (s *record) sentence(b []byte) []byte {
	t := s.chat.tongue
	verb, noun, place := pick(s.r, t.verbs), pick(s.r, t.nouns), pick(s.r, t.places)
	if t.ideo {
		b = append(append(b, place...), noun...)
		b = append(append(b, `\u3092`...), verb...)
		return append(b, `\u3002`...)
	}
	b = append(append(b, verb...), ' ')
	b = append(append(b, noun...), ' ')
	b = append(b, place...)
	if s.r.Uint64()&3 == 0 {
		b = append(b, " (KB-"...)
		b = appendPad(b, s.r.IntN(1_000_000), 6)
		b = append(b, ')')
	}
	return append(b, '.', ' ')
}

// article appends n sentences to b.
func (s *record) article(b []byte, n int) []byte {
	for range n {
		b = s.sentence(b)
	}
	return b
}
