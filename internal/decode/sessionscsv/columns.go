package sessionscsv

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// column is a column by its name in lower case letters and digits.
type column string

// The documented columns, and those of the later variant.
const (
	id            column = "sessionid"
	start         column = "startdatetime"
	firstMessage  column = "initialusermessage"
	topic         column = "topicname"
	transcript    column = "chattranscript"
	outcome       column = "sessionoutcome"
	topicID       column = "topicid"
	outcomeReason column = "outcomereason"
	implied       column = "isresolvedimplied"
	turns         column = "turns"
	channel       column = "channel"
	csat          column = "csat"
	comments      column = "comments"
)

// columnsOf finds the columns by name, whatever their case, spaces and punctuation: "StartDateTime(UTC)" is startdatetime.
func columnsOf(header []string) (map[column]int, error) {
	columns := map[column]int{}
	for i, name := range header {
		c := column(strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, name))
		if c == start+"utc" {
			c = start
		}
		if _, twice := columns[c]; twice && c != "" {
			return nil, fmt.Errorf("the column %q is there twice", name)
		}
		columns[c] = i
	}
	for _, c := range []struct {
		column
		name string
	}{{id, "SessionID"}, {start, "StartDateTime"}, {outcome, "SessionOutcome"}} {
		if _, ok := columns[c.column]; !ok {
			return nil, fmt.Errorf("not a sessions CSV: the column %s is missing", c.name)
		}
	}
	return columns, nil
}

// delimiter is the separator that the first line has most of.
func delimiter(r *bufio.Reader) (byte, error) {
	head, err := r.Peek(min(4096, r.Size()))
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	line, _, _ := strings.Cut(string(head), "\n")
	best := byte(',')
	for _, c := range []byte(";\t") {
		if strings.Count(line, string(c)) > strings.Count(line, string(best)) {
			best = c
		}
	}
	return best, nil
}

// count tells how many messages of either side a transcript holds and who spoke first; -1 where there is no transcript. Texts may
// hold semicolons: only one that is followed by a speaker separates (spec.md §8 #41).
func count(transcript string) (user, bot int, first activity.Role) {
	if transcript == "" {
		return -1, -1, activity.RoleUnknown
	}
	for rest, more := transcript, true; more; {
		role := speaker(rest)
		switch role {
		case activity.RoleUser:
			user++
		case activity.RoleBot:
			bot++
		}
		if first == activity.RoleUnknown {
			first = role
		}
		_, rest, more = strings.Cut(rest, ";")
	}
	return user, bot, first
}

// speaker is who speaks at the start of a text, if it says so.
func speaker(s string) activity.Role {
	s = strings.TrimLeft(s, " \t\r\n\f")
	const says = " says:"
	for _, who := range []struct {
		name string
		role activity.Role
	}{{"user", activity.RoleUser}, {"bot", activity.RoleBot}, {"agent", activity.RoleBot}} {
		if n := len(who.name); len(s) >= n+len(says) && strings.EqualFold(s[:n], who.name) && strings.EqualFold(s[n:n+len(says)], says) {
			return who.role
		}
	}
	return activity.RoleUnknown
}

// dateOrder is whether the day or the month comes first.
type dateOrder uint8

const (
	orderUnknown dateOrder = iota // nothing decided yet; or a date for which it does not matter
	orderEither                   // a date that can be read both ways
	monthFirst
	dayFirst
)

var numericDate = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b`)

// orderOf is what one date says about the order.
func orderOf(word string) dateOrder {
	m := numericDate.FindStringSubmatch(word)
	if m == nil {
		return orderUnknown
	}
	switch large := func(s string) bool { return len(s) == 2 && s > "12" }; {
	case large(m[1]):
		return dayFirst
	case large(m[2]):
		return monthFirst
	default:
		return orderEither
	}
}

// Layouts of dates and of times of day, as portals and spreadsheets write them. Seconds may have a fraction. With dots the
// day always comes first.
var (
	plainDates = []string{"2006-1-2", "2006/1/2", "2.1.2006", "2.1.06"}
	monthDates = []string{"1/2/2006", "1-2-2006", "1/2/06", "1-2-06"}
	dayDates   = []string{"2/1/2006", "2-1-2006", "2/1/06", "2-1-06"}
	clocks     = []string{"15:04:05Z07:00", "15:04:05 Z07:00", "15:04:05", "3:04:05 PM", "15:04Z07:00", "15:04", "3:04 PM", "15:04:05 UTC"}
)

// parseStart reads a session's start in ms; without a zone it is UTC.
func parseStart(word string, order dateOrder, lim decode.Limits) (int64, error) {
	if word == "" {
		return 0, errors.New("the start is missing")
	}
	t, ok := parseDateTime(word, order)
	if !ok {
		if order == monthFirst && orderOf(word) == dayFirst || order == dayFirst && orderOf(word) == monthFirst {
			return 0, fmt.Errorf("the start %q has day and month the other way round than the dates before it", word)
		}
		return 0, fmt.Errorf("the start %q is not a date and time", word)
	}
	if y := t.UTC().Year(); y < lim.MinYear || y > lim.MaxYear {
		return 0, fmt.Errorf("the start %q is not between %d and %d", word, lim.MinYear, lim.MaxYear)
	}
	return t.UnixMilli(), nil
}

// isoT is the letter between date and time in ISO 8601.
var isoT = regexp.MustCompile(`(\d)T(\d)`)

func parseDateTime(word string, order dateOrder) (time.Time, bool) {
	// Newer Unicode data puts a narrow space before AM and PM.
	word = strings.ToUpper(strings.NewReplacer("\u202f", " ", "\u00a0", " ", ", ", " ").Replace(word))
	date, clock, found := strings.Cut(isoT.ReplaceAllString(word, "$1 $2"), " ")
	if !found {
		clock = "00:00"
	}
	dates := plainDates
	switch order {
	case dayFirst:
		dates = append(dates[:len(dates):len(dates)], dayDates...)
	default:
		dates = append(dates[:len(dates):len(dates)], monthDates...)
	}
	for _, d := range dates {
		if _, err := time.Parse(d, date); err != nil {
			continue
		}
		for _, c := range clocks {
			if t, err := time.Parse(d+" "+c, date+" "+strings.TrimSpace(clock)); err == nil {
				return t, true
			}
		}
	}
	return time.Time{}, false
}
