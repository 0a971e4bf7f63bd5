package decode

import "github.com/zeebo/xxh3"

// Words holds words that repeat, so that equal ones are one string. Each is in its place by hash until another comes that has the same.
// There are few places until there were many words. It is not safe for concurrent use.
type Words struct {
	held   []string // as many as a power of two
	missed int      // words that were not held, since there are so many places
	most   int
}

// leastWords is how many places there are at first: who reads a single record needs no more.
const leastWords = 64

// longWord is what is not worth holding once: words that repeat are short.
const longWord = 256

// NewWords returns one that has no more than most places, which is 64 times a power of 8.
func NewWords(most int) Words { return Words{held: make([]string, leastWords), most: most} }

// Of is what read makes of a JSON value, which is what a string without escapes says. New says that it was not held.
func (w *Words) Of(raw []byte, read func(raw []byte) string) (word string, isNew bool) {
	if len(raw) <= 2 || raw[0] != '"' || len(raw) > longWord {
		return read(raw), true
	}
	within := raw[1 : len(raw)-1]
	held := &w.held[xxh3.Hash(within)&uint64(len(w.held)-1)]
	if *held == string(within) { // which is no string with an escape
		return *held, false
	}
	if word = read(raw); len(word) == len(within) { // else there is an escape in it
		*held = word
	}
	if w.missed++; w.missed > len(w.held) && len(w.held) < w.most {
		w.held, w.missed = make([]string, 8*len(w.held)), 0
	}
	return word, true
}
