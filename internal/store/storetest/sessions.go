package storetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rapport/internal/fact"
	"rapport/internal/session"
)

// Sessions makes n sessions of conversations that start from one moment to another, for benchmarks: more on working days and by day than at
// night, six bots of which one has half of the traffic, twelve channels, sixty topics of which few are common, nine of ten sessions chat.
// Four conversations in five have one session, and every session but a bot's own is billed; every fifth one has an utterance. The same
// seed gives the same sessions. They come roughly in the order of time, some thousand conversations at once; yield may not keep f or keys.
func Sessions(n int, from, to time.Time, seed uint64, yield func(f *fact.Facts, keys []int64) error) error {
	const batch = 10_000
	w := newTraffic(seed)
	var f fact.Facts
	var keys []int64
	hand := func() error {
		err := yield(&f, keys)
		f.Sessions, f.Billed, f.Utterances, keys = f.Sessions[:0], f.Billed[:0], f.Utterances[:0], keys[:0]
		return err
	}
	hours, all := rhythm(from, to)
	made, due := 0, 0.0
	for i, weight := range hours {
		due += weight / all * float64(n)
		start := from.Add(time.Duration(i) * time.Hour).UnixMilli()
		for made < n && (float64(made) < due || i == len(hours)-1) {
			at := start + w.random.Int64N(min(hour, to.UnixMilli()-start))
			made += w.conversation(&f, at, n-made)
			keys = append(keys, f.Sessions[len(f.Sessions)-1].Key)
			if len(f.Sessions) >= batch {
				if err := hand(); err != nil {
					return err
				}
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	return hand()
}

// rhythm is the weight of every hour between two moments, and of all together.
func rhythm(from, to time.Time) (hours []float64, all float64) {
	for at := from; at.Before(to); at = at.Add(time.Hour) {
		weight := 1 + 9*math.Max(0, math.Sin(math.Pi*float64(at.UTC().Hour()-5)/15))
		if day := at.UTC().Weekday(); day == time.Saturday || day == time.Sunday {
			weight *= 0.3
		}
		hours = append(hours, weight)
		all += weight
	}
	return hours, all
}

// traffic draws who talks to which bot about what.
type traffic struct {
	random      *rand.Rand
	made        int64 // conversations
	topics      []string
	topicOdds   []float64 // running totals
	channelOdds []float64
	rules       map[string][]string // by column
}

func newTraffic(seed uint64) *traffic {
	w := &traffic{random: rand.New(rand.NewPCG(seed, 0xc0ffee)), rules: fact.Codes(fact.SessionColumns())}
	for i := range 60 {
		w.topics = append(w.topics, fmt.Sprintf("topic %02d", i))
		w.topicOdds = append(w.topicOdds, 1/math.Pow(float64(i+1), 1.1))
	}
	for i := range 12 {
		w.channelOdds = append(w.channelOdds, math.Pow(0.55, float64(i)))
	}
	runningTotals(w.topicOdds)
	runningTotals(w.channelOdds)
	return w
}

func runningTotals(odds []float64) {
	for i := 1; i < len(odds); i++ {
		odds[i] += odds[i-1]
	}
}

// rule is the code of a rule in a column.
func (w *traffic) rule(column string, r session.Rule) uint8 {
	return uint8(slices.Index(w.rules[column], string(r)))
}

// draw is an index, by running totals of odds.
func (w *traffic) draw(odds []float64) int {
	i, _ := slices.BinarySearch(odds, w.random.Float64()*odds[len(odds)-1])
	return min(i, len(odds)-1)
}

// conversation adds a conversation with at most that many sessions, and says how many they are.
func (w *traffic) conversation(f *fact.Facts, at int64, most int) int {
	r := w.random
	const users = 400_000
	bots := [...]int64{1, 1, 1, 1, 1, 2, 3, 4, 5, 6}
	channels := [...]string{
		"msteams", "directline", "pva-studio", "webchat", "facebook", "sms", "email", "slack", "telegram", "line", "alexa", "skype",
	}
	locales := [...]string{"en-us", "en-us", "en-us", "de-de", "fr-fr", "es-es", "ja-jp"}
	kinds := [...]uint8{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, uint8(1 + r.IntN(4))} // chat, and a tenth of all else

	w.made++
	number := bots[r.IntN(len(bots))]
	bot, user := fmt.Sprintf("bot-%d", number), 1+r.Int64N(users)
	id := fmt.Sprintf("%016x-%d", r.Uint64(), w.made)
	base := fact.Session{
		Key: fact.KeyOf(id), ConversationKey: fact.KeyOf(bot + id), UserKey: user<<3 | number, Bot: bot, Conversation: id,
		Channel: channels[w.draw(w.channelOdds)], Locale: locales[r.IntN(len(locales))], User: fmt.Sprintf("user-%d", user),
		Kind: kinds[r.IntN(len(kinds))], StartedBy: uint8(1 + r.IntN(2)),
		OpenedBy: w.rule("opened_by", session.OpenFirst), EndedBy: w.rule("ended_by", session.EndIdle),
	}
	base.DesignMode = base.Kind == 2
	sessions := 1
	for sessions < most && r.IntN(5) == 0 {
		sessions++
	}
	for i := range sessions {
		s := base
		s.Number, s.StartedAt = int64(i+1), at
		w.course(&s)
		s.EndedAt = s.StartedAt + s.Duration
		s.ClosesAt = s.EndedAt + 30*minute
		at = s.ClosesAt + r.Int64N(hour)
		f.Sessions = append(f.Sessions, s)
		if s.UserMessages > 0 {
			b := billedOf(s)
			b.OpenedBy = w.rule("opened_by", session.Rule(session.BilledCustomTopic))
			b.TopicID, b.TopicName, b.TopicKind, b.Locale, b.Kind = s.TopicID, s.TopicName, s.TopicKind, s.Locale, s.Kind
			f.Billed = append(f.Billed, b)
		}
		if r.IntN(5) == 0 {
			f.Utterances = append(f.Utterances, said(s, 1, "what about my "+s.TopicName, func(u *fact.Utterance) { u.Recognition = uint8(r.IntN(4)) }))
		}
	}
	return sessions
}

// course is what happens in a session: two of three become engaged, and those end in one way or another.
func (w *traffic) course(s *fact.Session) {
	r := w.random
	if s.StartedBy == 2 || r.IntN(2) == 0 {
		s.UserMessages = 1 + int64(r.ExpFloat64()*3)
	}
	s.BotMessages = s.UserMessages + int64(1+r.IntN(4))
	s.Turns = s.UserMessages + s.BotMessages
	s.Duration = int64(r.ExpFloat64() * float64(s.Turns) * 12_000)
	s.Reason, s.DecidedBy = session.ReasonNoError, w.rule("decided_by", session.OutcomeUnengaged)
	if s.UserMessages == 0 || r.IntN(10) == 0 {
		return
	}
	topic := w.draw(w.topicOdds)
	s.Engaged, s.EngagedBy = true, w.rule("engaged_by", session.EngageCustomTopic)
	s.AttributedBy = w.rule("attributed_by", session.AttributeLastCustom)
	s.TopicName, s.TopicID, s.TopicKind = w.topics[topic], w.topics[topic], 2
	if topic%15 == 14 {
		s.TopicKind = 1
	}
	reasons := [...]string{
		session.ReasonByUser, session.ReasonByAuthor,
		session.ReasonUserExit, session.ReasonUserExit, session.ReasonUserExit, session.ReasonSystemError, session.ReasonUserError,
	}
	switch luck := r.IntN(100) + topic%20; {
	case luck < 55:
		s.Outcome, s.Resolution, s.Reason, s.DecidedBy = 1, uint8(1+r.IntN(2)), session.ReasonResolved, w.rule("decided_by", session.ImplySuccess)
	case luck < 75:
		s.Outcome, s.Reason, s.DecidedBy = 2, reasons[r.IntN(2)], w.rule("decided_by", session.EscalateRequest)
	default:
		s.Outcome, s.Reason, s.DecidedBy = 3, reasons[2+r.IntN(5)], w.rule("decided_by", session.OutcomeUndecided)
	}
	if s.CSATAsked = r.IntN(3) == 0; s.CSATAsked && r.IntN(20) < 9 {
		s.CSAT = []int64{5, 5, 4, 4, 3, 2, 1}[r.IntN(7)]
	}
	if r.IntN(8) == 0 {
		s.Unrecognised = int64(1 + r.IntN(2))
	}
	if r.IntN(4) == 0 {
		s.Answered, s.NotAnswered, s.AnswerNoResults = int64(r.IntN(3)), int64(r.IntN(2)), int64(r.IntN(2))
		s.Likes, s.Dislikes = int64(r.IntN(2)), int64(r.IntN(8)/7)
	}
}
