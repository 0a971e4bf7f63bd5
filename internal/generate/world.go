package generate

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"
)

// world is everything that stands before the first conversation is held: who the bots are, what they know, when people
// come. It depends on the options alone and is not changed after newWorld.
type world struct {
	opts      Options
	bots      []bot
	shares    []float64 // cumulated, of conversations by bot
	channels  map[string]*channel
	tongues   [speeches]tongue
	rhythm    rhythm
	tenant    string
	owner     string
	unit      string
	environ   string
	users     int // regulars a bot has
	incident  BadRelease
	incidents int // index of the bot that has the bad release
}

// channel is a way that people reach a bot.
type channel struct {
	id     string
	starts bool // the client says startConversation and the bot greets
	stable bool // a person keeps the same from.id from one conversation to the next
	aad    bool // the person is signed in: aadObjectId is given
}

func channels() map[string]*channel {
	return map[string]*channel{
		"msteams":        {id: "msteams", stable: true, aad: true},
		"directline":     {id: "directline", starts: true, stable: true},
		"webchat":        {id: "webchat", starts: true},
		"lcw":            {id: "lcw", starts: true},
		"facebook":       {id: "facebook", stable: true},
		"pva-studio":     {id: "pva-studio", starts: true, stable: true},
		"pva-autonomous": {id: "pva-autonomous"},
	}
}

// profile is the plan that a bot is made after.
type profile struct {
	name     string
	domain   int
	newer    bool // records of 2026 (schema 0.2.2); else of 2024 (0.2.1)
	planner  bool // generative orchestration
	live     bool // people take over at a hand-off
	greeted  float64
	chatty   float64 // mean number of further questions
	weight   float64
	channels []weighted[string]
	speeches []weighted[speech]
}

// weighted is one of several things and how often it comes, cumulated over the list, the last one 1.
type weighted[T any] struct {
	upTo float64
	is   T
}

func choose[T any](r *rand.Rand, list []weighted[T]) T {
	x := r.Float64()
	for _, w := range list {
		if x < w.upTo {
			return w.is
		}
	}
	return list[len(list)-1].is
}

// profiles are the bots of the default world; a larger world repeats them under other names.
func profiles() []profile {
	return []profile{
		{
			"IT Help Desk", 0, true, true, false, 0.04, 1.3, 1.0,
			[]weighted[string]{{0.72, "msteams"}, {0.90, "webchat"}, {1, "directline"}},
			[]weighted[speech]{{0.6, english}, {0.85, german}, {1, french}},
		},
		{
			"Customer Care", 1, true, false, true, 0.24, 1.0, 1.3,
			[]weighted[string]{{0.45, "lcw"}, {0.80, "webchat"}, {1, "facebook"}},
			[]weighted[speech]{{0.55, english}, {0.75, spanish}, {0.9, french}, {1, japanese}},
		},
		{
			"People and Pay", 2, false, false, false, 0.05, 0.9, 0.6,
			[]weighted[string]{{0.8, "msteams"}, {1, "directline"}},
			[]weighted[speech]{{0.7, english}, {1, german}},
		},
		{
			"Travel Desk", 3, true, true, false, 0.08, 1.6, 0.5,
			[]weighted[string]{{0.4, "directline"}, {0.7, "msteams"}, {1, "webchat"}},
			[]weighted[speech]{{0.5, english}, {0.7, french}, {0.85, spanish}, {1, japanese}},
		},
		{
			"City Services", 4, false, false, false, 0.34, 0.7, 0.9,
			[]weighted[string]{{0.75, "webchat"}, {0.9, "facebook"}, {1, "directline"}},
			[]weighted[speech]{{0.45, german}, {0.75, english}, {0.9, spanish}, {1, french}},
		},
		{
			"Returns Assistant", 5, true, true, true, 0.15, 1.0, 0.4,
			[]weighted[string]{{0.6, "webchat"}, {1, "lcw"}},
			[]weighted[speech]{{0.8, english}, {1, german}},
		},
	}
}

// systemTopic is a topic that every bot has.
type systemTopic int

const (
	sysStart systemTopic = iota
	sysSearch
	sysFallback
	sysEscalate
	sysEnd
	sysError
	sysMatched
	sysGreeting // custom in the unified canvas, but every bot has it
	sysGoodbye
	systemTopics
)

// bot is one chatbot: who it is in Dataverse and what it knows.
type bot struct {
	profile
	label   string // the name, escaped
	schema  string
	lookup  string // bot.botid, what _bot_conversationtranscriptid_value says
	meta    string // metadata.BotId, which is another id (spec.md §4.3)
	self    string // its from.id
	salt    uint64 // what the ids of people are hashed with
	topics  []topic
	popular []float64
	system  [systemTopics]string // botcomponent ids
	objects [][speeches]string   // escaped
	since   time.Time            // when it went live
}

func newWorld(opts Options) *world {
	r := rand.New(rand.NewPCG(opts.Seed, mix(0)))
	w := &world{
		opts:     opts,
		channels: channels(),
		tongues:  tongues(),
		tenant:   guid(r),
		owner:    guid(r),
		unit:     guid(r),
		environ:  guid(r),
		users:    max(20, opts.Conversations/(3*opts.Bots)),
	}
	publisher := "cr" + strconv.FormatUint(0x100+r.Uint64N(0xeff), 16)
	span := opts.To.Sub(opts.From)
	plans, fields := profiles(), domains()
	total := 0.0
	for i := range opts.Bots {
		p := plans[i%len(plans)]
		if round := i / len(plans); round > 0 {
			p.name = fmt.Sprintf("%s %d", p.name, round+1)
		}
		b := bot{
			profile: p,
			label:   escape(p.name),
			schema:  publisher + "_" + camel(p.name),
			lookup:  guid(r),
			meta:    guid(r),
			self:    guid(r),
			salt:    r.Uint64(),
			since:   opts.From,
		}
		if i == 3 { // one bot goes live in the middle of the story
			b.since = opts.From.Add(span / 3)
		}
		d := fields[p.domain]
		b.topics = newTopics(r, b.schema, &d)
		b.popular = zipf(len(b.topics))
		for t := range b.system {
			b.system[t] = guid(r)
		}
		for _, object := range d.objects {
			for s := range object {
				object[s] = escape(object[s])
			}
			b.objects = append(b.objects, object)
		}
		total += p.weight
		w.bots = append(w.bots, b)
		w.shares = append(w.shares, total)
	}
	for i := range w.shares {
		w.shares[i] /= total
	}
	w.rhythm = newRhythm(r, opts.From, opts.To)
	w.incidents = 1 % len(w.bots)
	// Near the end: a page that shows the last four weeks shows how it went wrong and how it was put right.
	bad := min(7*24*time.Hour, span/6)
	from := opts.From.Add(span * 4 / 5).Truncate(time.Hour)
	w.incident = BadRelease{Bot: w.bots[w.incidents].name, From: from, To: from.Add(bad)}
	return w
}
