package generate

import (
	"math/rand/v2"
	"time"
)

// chat is the plan of one conversation: who talks to which bot where, and when. What is said is made up later, a window at a
// time, from a random stream of its own; so any row can be written without the others.
type chat struct {
	n       int
	bot     *bot
	channel *channel
	speech  speech
	tongue  *tongue
	test    bool
	alone   bool // autonomous: a trigger instead of a person
	silent  bool // the bot speaks first and nobody answers
	id      []byte
	from    [36]byte // the person's from.id
	aad     [36]byte // aadObjectId
	windows [3]window
	count   int

	pcg rand.PCG
}

// window is one stay of the person: one session, one record.
type window struct {
	start   int64 // ms since 1970
	late    int64 // ms that the platform took longer than usual to write the row
	lag     int64 // ms from the earliest due time to the row's place in the output, late included
	split   bool  // written as two batches
	apart   int64 // ms between the two
	revised int64 // ms until the row is written again with a newer version, 0 for never
}

// Random streams of a conversation: its plan, then its windows.
const streams = 4

// plan fills c with conversation n.
func (w *world) plan(c *chat, n int) {
	const (
		testShare, aloneShare = 0.04, 0.012
		hour, day             = float64(time.Hour / time.Millisecond), float64(24 * time.Hour / time.Millisecond)
	)
	c.pcg.Seed(w.opts.Seed, mix(uint64(n+1)*streams))
	r := rand.New(&c.pcg)

	start := w.rhythm.at((float64(n) + r.Float64()) / float64(w.opts.Conversations))
	c.n = n
	c.bot = &w.bots[draw(r, w.shares)]
	if time.UnixMilli(start).Before(c.bot.since) {
		c.bot = &w.bots[0]
	}
	kind, name := r.Float64(), choose(r, c.bot.channels)
	c.test = kind < testShare
	c.alone = !c.test && c.bot.planner && kind < testShare+aloneShare
	switch {
	case c.test:
		name = "pva-studio"
	case c.alone:
		name = "pva-autonomous"
	}
	c.channel = w.channels[name]
	c.speech = choose(r, c.bot.speeches)
	c.tongue = &w.tongues[c.speech]
	c.silent = !c.alone && r.Float64() < c.bot.greeted
	w.person(c, r)
	c.name(r)

	c.count = 1
	if x := r.Float64(); !c.silent && !c.alone && x < 0.06 {
		c.count = 2
		if x < 0.01 {
			c.count = 3
		}
	}
	for i := range c.windows[:c.count] {
		if i > 0 && start >= w.opts.To.UnixMilli() {
			c.count = i // nobody comes back after the end of the world
			return
		}
		v := &c.windows[i]
		*v = window{start: start, lag: int64(r.Float64() * hour / 3)}
		if r.Float64() < 0.012 {
			v.late = int64(day * (1 + 9*r.Float64()*r.Float64()))
			v.lag += v.late
		}
		switch x := r.Float64(); {
		case x < 0.015 && c.bot.newer: // older records know no batches
			v.split, v.apart = true, int64(hour*(0.02+2*r.Float64()))
		case x > 0.995:
			v.revised = int64(day * (0.05 + 4*r.Float64()))
		}
		// Long after any session is over (see longest), so that no time-out joins the two.
		start += int64(hour * (2 + 6*r.ExpFloat64()))
	}
}

// person chooses who writes. Regulars come back under the same id where the channel keeps ids, a few of them often.
func (w *world) person(c *chat, r *rand.Rand) {
	a, b := r.Uint64(), r.Uint64()
	if c.channel.stable {
		x := r.Float64()
		regular := uint64(float64(w.users) * x * x)
		if c.test {
			regular %= 5 // the bot's makers
		}
		a, b = mix(w.opts.Seed^regular), mix(regular+0x5eed)
	}
	appendGUID(c.aad[:0], a, b)
	// from.id is hashed for each bot and channel.
	salt := mix(uint64(c.n))
	if c.channel.stable {
		salt = mix(c.bot.salt + uint64(len(c.channel.id)))
	}
	appendGUID(c.from[:0], mix(a^salt), mix(b^salt))
}

// name makes the conversation id up in the form that its channel uses.
func (c *chat) name(r *rand.Rand) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
	letters := func(n int) {
		for range n {
			c.id = append(c.id, alphabet[r.Uint64()>>58])
		}
	}
	c.id = c.id[:0]
	switch c.channel.id {
	case "msteams":
		c.id = append(c.id, "a:1"...)
		letters(48)
	case "lcw":
		c.id = append(c.id, "19:acsV2_"...)
		letters(43)
		c.id = append(c.id, "@thread.v2"...)
	case "directline", "facebook":
		letters(22)
		c.id = append(c.id, "-eu"...)
	default:
		c.id = appendGUID(c.id, r.Uint64(), r.Uint64())
	}
}
