package metric

import (
	"slices"
	"time"
)

// What a period was chosen by.
const (
	given        = "given"
	byDefault    = "default"
	lastWithData = "last_with_data"
)

// DefaultDays is how many whole days the default range has.
const DefaultDays = 28

// The ends of a range that is open on that side, further away than any time that a transcript can have.
const (
	beginning = -1 << 53
	endOfTime = 1 << 53
)

// The years that the ends of a range lie in. All transcripts are of 2000 to 2099; beyond these, a bucket's end or the period that is compared
// with could have a year that is not written with four digits.
const (
	minYear = 1600
	maxYear = 2999
)

// period is a range as it is asked of a store.
type period struct {
	span
	ranged bool // false is all time, sessions without times included
	days   bool // whole days of the zone, both ends given: first to last, counted since 1970
	first  int64
	last   int64
	chosen string
	zone   *time.Location
}

func daysOf(first, last int64, zone *time.Location, chosen string) period {
	return period{
		span: span{startOfDay(first, zone), startOfDay(last+1, zone)}, ranged: true,
		days: true, first: first, last: last, chosen: chosen, zone: zone,
	}
}

// readRange reads a range. One without ends is all time.
func readRange(r Range, zone *time.Location, field string) (period, error) {
	p := period{span: span{beginning, endOfTime}, ranged: r != Range{}, chosen: given, zone: zone}
	var fromDay, toDay bool
	var err error
	if r.From != "" {
		if p.from, p.first, fromDay, err = readEnd(r.From, zone, field+".from"); err != nil {
			return p, err
		}
	}
	if r.To != "" {
		if p.to, p.last, toDay, err = readEnd(r.To, zone, field+".to"); err != nil {
			return p, err
		}
		if toDay {
			p.to = startOfDay(p.last+1, zone)
		}
	}
	if p.days = fromDay && toDay; p.days && p.first > p.last || p.from > p.to {
		return p, invalid(field+".to", nil, "", "%s is before the range begins, %s", r.To, r.From)
	}
	return p, nil
}

// readEnd reads a day, as its start and its number since 1970, or a moment.
func readEnd(text string, zone *time.Location, field string) (at, day int64, isDay bool, err error) {
	t, err := time.Parse(time.DateOnly, text)
	if isDay = err == nil; !isDay {
		t, err = time.Parse(time.RFC3339Nano, text)
	}
	switch {
	case err != nil:
		return 0, 0, false, invalid(field, nil, "a day, 2026-04-01, or a moment, 2026-04-01T09:00:00+02:00", "%q is neither a day nor a moment", text)
	case t.Year() < minYear || t.Year() > maxYear:
		return 0, 0, false, invalid(field, nil, "for all time, leave the range's ends out", "%s is not between the years %d and %d", text, minYear, maxYear)
	case isDay:
		return startOfDay(dayNumber(t), zone), dayNumber(t), true, nil
	}
	return t.UnixMilli(), 0, false, nil
}

// defaultDays are the whole days before a moment.
func defaultDays(now int64, zone *time.Location, chosen string) period {
	today := dayOf(now, zone)
	return daysOf(today-DefaultDays, today-1, zone, chosen)
}

func (p period) open() bool { return !p.ranged || p.from == beginning || p.to == endOfTime }

// answered is the period as an answer says it.
func (p period) answered() *Period {
	out := &Period{Chosen: p.chosen}
	if p.span == (span{}) {
		return out
	}
	if p.ranged && p.from != beginning {
		out.From = moment(p.from, p.zone)
	}
	if p.ranged && p.to != endOfTime {
		out.To = moment(p.to, p.zone)
	}
	return out
}

// The kinds of comparison.
const (
	previous = "previous"
	lastYear = "year"
	custom   = "custom"
)

// check holds a comparison against what there is, whatever period it is with. Nil is none.
func (c *Comparison) check() error {
	if c == nil {
		return nil
	}
	kinds := []string{previous, lastYear, custom}
	switch {
	case !slices.Contains(kinds, c.Kind):
		return Invalid("comparison.kind", c.Kind, kinds, "%q is no comparison", c.Kind)
	case c.Kind != custom && c.Range != nil:
		return invalid("comparison.range", nil, "", "only a custom comparison has a range")
	case c.Kind == custom && (c.Range == nil || c.Range.From == "" || c.Range.To == ""):
		return invalid("comparison.range", nil, "", "a custom comparison needs a range with both ends")
	}
	return nil
}

// compared is the period that a comparison is with.
func (p period) compared(c Comparison) (period, error) {
	if c.Kind == custom {
		b, err := readRange(*c.Range, p.zone, "comparison.range")
		if err != nil || !c.MatchWeekday {
			return b, err
		}
		return b.moved(nearestWeekday(b, p)), nil
	}
	if p.open() {
		return p, invalid("comparison", nil, "give the range both ends", "a range without an end has no other to compare with")
	}
	if c.Kind == lastYear {
		b := p.yearEarlier()
		if c.MatchWeekday {
			b = b.moved(nearestWeekday(b, p))
		}
		return b, nil
	}
	b := p.before()
	if !c.MatchWeekday {
		return b, nil
	}
	move := nearestWeekday(b, p)
	if move > 0 {
		move -= 7 // never forward: the two would overlap
	}
	return b.moved(move), nil
}

// before is the period of equal length that ends where p begins.
func (p period) before() period {
	if p.days {
		return daysOf(p.first-(p.last-p.first+1), p.first-1, p.zone, "")
	}
	return period{span: span{p.from - (p.to - p.from), p.from}, ranged: true, zone: p.zone}
}

func (p period) yearEarlier() period {
	if p.days {
		return daysOf(dayNumber(yearBefore(dateOf(p.first))), dayNumber(yearBefore(dateOf(p.last))), p.zone, "")
	}
	at := func(ms int64) int64 { return yearBefore(time.UnixMilli(ms).In(p.zone)).UnixMilli() }
	return period{span: span{at(p.from), at(p.to)}, ranged: true, zone: p.zone}
}

// yearBefore is the same date and time of day a year earlier; 29 February becomes the 28th.
func yearBefore(t time.Time) time.Time {
	if t.Month() == time.February && t.Day() == 29 {
		t = t.AddDate(0, 0, -1)
	}
	return t.AddDate(-1, 0, 0)
}

// moved is the period some days later, or earlier; one of moments keeps its length.
func (p period) moved(days int64) period {
	if days == 0 {
		return p
	}
	if p.days {
		return daysOf(p.first+days, p.last+days, p.zone, p.chosen)
	}
	from := time.UnixMilli(p.from).In(p.zone).AddDate(0, 0, int(days)).UnixMilli()
	p.span = span{from, from + p.to - p.from}
	return p
}

// nearestWeekday is by how many days, three at most, b has to move to start on the weekday of p.
func nearestWeekday(b, p period) int64 {
	weekday := func(p period) int64 { return dayOf(p.from, p.zone) }
	move := (weekday(p) - weekday(b)) % 7
	switch {
	case move > 3:
		move -= 7
	case move < -3:
		move += 7
	}
	return move
}

func dateOf(day int64) time.Time { return time.Unix(day*msOfDay/1000, 0).UTC() }

func dayNumber(date time.Time) int64 { return date.Unix() * 1000 / msOfDay }
