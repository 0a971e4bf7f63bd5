package activityjson

import "bytes"

// senders are the accounts that activities were from lately. A record has two or three, each written the same every time: what begins with
// the bytes of one is that one, and need not be read. The zero value is ready.
type senders struct {
	last [4]sender
	next int // to be forgotten
}

// sender is an account, and the object that it was read from.
type sender struct {
	raw   []byte
	level int // brackets around it
	Account
}

// longSender is what is not worth comparing.
const longSender = 256

// at is the one that rest, inside level brackets, begins with; nil for none.
func (s *senders) at(rest []byte, level int) *sender {
	for i := range s.last {
		if l := &s.last[i]; len(l.raw) > 0 && l.level == level && bytes.HasPrefix(rest, l.raw) {
			return l
		}
	}
	return nil
}

// keep keeps an account for at.
func (s *senders) keep(raw []byte, level int, a Account) {
	if len(raw) == 0 || len(raw) > longSender || raw[0] != '{' {
		return
	}
	l := &s.last[s.next]
	s.next = (s.next + 1) % len(s.last)
	l.raw, l.level, l.Account = append(l.raw[:0], raw...), level, a
}
