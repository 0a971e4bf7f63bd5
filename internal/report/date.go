package report

import (
	"fmt"
	"time"
)

// Date is a day of the calendar, whatever the zone. Days are counted here and never as 24 hours, since some have 23 or 25.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of a time in its location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero reports whether the date is none.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// Next is the day after.
func (d Date) Next() Date { return DateOf(d.utc().AddDate(0, 0, 1)) }

func (d Date) monday() Date { return DateOf(d.utc().AddDate(0, 0, -(int(d.utc().Weekday())+6)%7)) }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// String is e.g. 2024-09-01.
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// MarshalText writes it so in JSON too.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Span is days folded into one.
type Span struct {
	Label string // 2024-09-01, 2024-09 or 2024
	Counts
}

// mostSpans is how many rows a table of days has before it is folded.
const mostSpans = 35

// Fold makes weeks (labelled by their Monday), months or years of days that are too many for a table; a few days stay days. grain says
// which: "day", "week", "month" or "year".
func Fold(days []Day) (grain string, spans []Span) {
	grains := []struct {
		name  string
		label func(Date) string
	}{
		{"day", Date.String},
		{"week", func(d Date) string { return d.monday().String() }},
		{"month", func(d Date) string { return d.utc().Format("2006-01") }},
		{"year", func(d Date) string { return fmt.Sprintf("%04d", d.Year) }},
	}
	for _, g := range grains {
		grain, spans = g.name, fold(days, g.label)
		if len(spans) <= mostSpans {
			break
		}
	}
	return grain, spans
}

func fold(days []Day, label func(Date) string) []Span {
	var out []Span
	for _, d := range days {
		l := label(d.Date)
		if len(out) == 0 || out[len(out)-1].Label != l {
			out = append(out, Span{Label: l})
		}
		c := &out[len(out)-1].Counts
		c.Sessions += d.Sessions
		c.Engaged += d.Engaged
		c.Unengaged += d.Unengaged
		c.Confirmed += d.Confirmed
		c.Implied += d.Implied
		c.Escalated += d.Escalated
		c.Abandoned += d.Abandoned
		c.NoOutcome += d.NoOutcome
	}
	return out
}
