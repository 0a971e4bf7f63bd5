package activityjson

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// stamp is a time as far as the source gives one.
type stamp struct {
	ms    int64
	known bool
	fine  bool // finer than a second
	text  bool // written as text, not as a number
}

// timeRange is what times are believed.
type timeRange struct {
	from, to         int64 // ms; to is the first that is not believed
	fromYear, toYear int
}

func rangeOf(lim decode.Limits) timeRange {
	return timeRange{
		from:     time.Date(lim.MinYear, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(),
		to:       time.Date(lim.MaxYear+1, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(),
		fromYear: lim.MinYear, toYear: lim.MaxYear,
	}
}

// milliseconds is where numbers stop being seconds: as seconds it is the year 5138, as milliseconds 1973.
const milliseconds = 1e11

// read takes timestampMs where it says something, else timestamp (spec.md §4.5).
func (r timeRange) read(timestampMs, timestamp []byte) (stamp, error) {
	if s, err := r.parse(timestampMs, true); s.known || err != nil {
		return s, err
	}
	return r.parse(timestamp, false)
}

func (r timeRange) parse(raw []byte, ms bool) (stamp, error) {
	if isNull(raw) {
		return stamp{}, nil
	}
	if n, ok := digits(raw); ok {
		s := stamp{ms: n, fine: ms || n > milliseconds}
		if !s.fine {
			s.ms *= 1000
		}
		if n == 0 {
			return stamp{}, nil
		}
		if s.ms < r.from || s.ms >= r.to {
			return stamp{}, r.absurd(string(raw))
		}
		s.known = true
		return s, nil
	}
	word := strings.TrimSpace(scalar(raw))
	s := stamp{text: raw[0] == '"'}
	switch {
	case raw[0] == '{', raw[0] == '[':
		return stamp{}, fmt.Errorf("timestamp %s is not a time", quote(raw))
	case word == "", word == "0", strings.HasPrefix(word, "0001-01-01"):
		return stamp{}, nil
	}
	if n, ok := float(word); ok {
		s.text = false
		s.fine = ms || math.Abs(n) > milliseconds
		if !s.fine {
			s.fine = n != math.Trunc(n)
			n *= 1000
		}
		if !(math.Abs(n) < 1<<53) { // also catches what is not a number
			return stamp{}, r.absurd(word)
		}
		s.ms = int64(math.Round(n))
	} else {
		t, ok := parseTime(word)
		if !ok {
			return stamp{}, fmt.Errorf("timestamp %s is not a time", quote(raw))
		}
		s.ms = t.UnixMilli()
		s.fine = strings.Contains(word, ".")
	}
	if s.ms < r.from || s.ms >= r.to {
		return stamp{}, r.absurd(word)
	}
	s.known = true
	return s, nil
}

// digits is a number that is nothing but digits, as times nearly always are.
func digits(raw []byte) (int64, bool) {
	if len(raw) > 13 {
		return 0, false
	}
	var n int64
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
}

// float is a number; false, and without making an error of it, for a word with a colon, as times have it.
func float(word string) (float64, bool) {
	if strings.Contains(word, ":") {
		return 0, false
	}
	n, err := strconv.ParseFloat(word, 64)
	return n, err == nil
}

func (r timeRange) absurd(word string) error {
	return fmt.Errorf("timestamp %s is not between %d and %d", quote([]byte(word)), r.fromYear, r.toYear)
}

// parseTime reads ISO 8601 with or without a zone (none is UTC), and the form of HTTP dates.
func parseTime(word string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z0700",
		"2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02", time.RFC1123, time.RFC1123Z,
	} {
		if t, err := time.Parse(layout, word); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// instant is a time inside a value in ms; 0 when there is none or it cannot be.
func (r timeRange) instant(raw []byte) int64 {
	if bytes.IndexByte(raw, '\\') >= 0 { // perhaps escaped twice
		raw = []byte(`"` + scalar(raw) + `"`)
	}
	s, err := r.parse(raw, false)
	if err != nil {
		return 0
	}
	return s.ms
}

// settle gives every activity a time. One without takes that of the one before it, at the front that of the next. A stamp of
// whole seconds takes the finest stamp of the same second that stands before it: the array's order is the truth within a
// second, and sorting by time must not turn it around. finest is for the finest stamps by second.
func settle(as []activity.Activity, at []stamp, finest map[int64]int64, res *Result) {
	clear(finest)
	fine, coarse := false, false
	for _, s := range at {
		fine = fine || s.known && s.fine
		coarse = coarse || s.known && !s.fine
	}
	mixed := fine && coarse // else there is nothing to settle within a second
	first := -1
	var last int64
	for i, s := range at {
		switch second := s.ms / 1000; {
		case !s.known:
			s.ms = last
		case !mixed:
		case s.fine:
			finest[second] = max(finest[second], s.ms)
		default:
			s.ms = max(s.ms, finest[second])
		}
		if s.known && first < 0 {
			first = i
			res.Start = s.ms
			for j := range i {
				as[j].At = s.ms
			}
		}
		last = s.ms
		as[i].At = s.ms
		if s.known {
			res.Start = min(res.Start, s.ms)
		}
	}
	res.Untimed = first < 0
}
