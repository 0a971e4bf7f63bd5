package metric

import (
	"cmp"
	"slices"
	"time"

	"rapport/internal/measure"
)

const (
	msOfHour = 60 * 60 * 1000
	msOfDay  = 24 * msOfHour
)

// span is a stretch of time in ms; to is the first moment not in it.
type span struct{ from, to int64 }

func (s span) empty() bool { return s.from >= s.to }

func (s span) meets(o span) bool { return s.from < o.to && o.from < s.to }

// offsets are what the zone adds to UTC in the span, as plans want it: stores know no zones.
func offsets(zone *time.Location, s span) []measure.Offset {
	at := func(t time.Time) int64 {
		_, seconds := t.Zone()
		return int64(seconds) * 1000
	}
	t := time.UnixMilli(s.from).In(zone)
	list := []measure.Offset{{Add: at(t)}}
	for {
		_, next := t.ZoneBounds()
		if !next.IsZero() && !next.After(t) {
			// Go 1.26 answers so on the last day of leap years that lie beyond a zone's table.
			next = t.Add(time.Hour)
		}
		if next.IsZero() || next.UnixMilli() >= s.to {
			return list
		}
		t = next
		if add := at(t); add != list[len(list)-1].Add {
			list = append(list, measure.Offset{From: t.UnixMilli(), Add: add})
		}
	}
}

// stretch is a span with one offset.
type stretch struct {
	span
	add int64
}

func stretches(zone *time.Location, s span) []stretch {
	list := offsets(zone, s)
	out := make([]stretch, len(list))
	for i, o := range list {
		out[i] = stretch{span{o.From, s.to}, o.Add}
		if i == 0 {
			out[i].from = s.from
		} else {
			out[i-1].to = o.From
		}
	}
	return out
}

// startOfDay is the first moment of a day, which is counted since 1970: midnight, or where the zone's clock leaps over it the moment after.
func startOfDay(day int64, zone *time.Location) int64 {
	local := day * msOfDay
	for _, s := range stretches(zone, span{local - 3*msOfDay, local + 3*msOfDay}) {
		if at := max(s.from, local-s.add); at < s.to {
			return at
		}
	}
	panic("metric: a zone without days") // no zone is three days off
}

// dayOf is the day of the zone that a moment is on, counted since 1970.
func dayOf(ms int64, zone *time.Location) int64 {
	return measure.Bucket(ms, measure.Day, offsets(zone, span{ms, ms + 1}))
}

// bucket is one hour, day, week or month of a zone. It is one span, or several where the zone's clock went back over a border of it: an hour
// that is repeated is two buckets.
type bucket struct {
	key   int64
	spans []span
}

func (b bucket) hull() span { return span{b.spans[0].from, b.spans[len(b.spans)-1].to} }

// buckets are those that have a moment in the span, whole, in the order of time.
func buckets(unit measure.Unit, zone *time.Location, s span) []bucket {
	if s.empty() {
		return nil
	}
	margin := longest(unit) + 3*msOfHour
	if unit != measure.Hour {
		margin += 2 * msOfDay
	}
	byKey := map[int64]*bucket{}
	for _, part := range stretches(zone, span{s.from - margin, s.to + margin}) {
		one := []measure.Offset{{Add: part.add}}
		for from := part.from; from < part.to; {
			key := measure.Bucket(from, unit, one)
			to := min(endOf(from, key, unit, part.add), part.to)
			b := byKey[key]
			if b == nil {
				b = &bucket{key: key}
				byKey[key] = b
			}
			if n := len(b.spans); n > 0 && b.spans[n-1].to == from {
				b.spans[n-1].to = to
			} else {
				b.spans = append(b.spans, span{from, to})
			}
			from = to
		}
	}
	var out []bucket
	for _, b := range byKey {
		if slices.ContainsFunc(b.spans, s.meets) {
			out = append(out, *b)
		}
	}
	slices.SortFunc(out, func(a, b bucket) int { return cmp.Compare(a.hull().from, b.hull().from) })
	return out
}

// endOf is the first moment after the bucket that a moment is in, were there one offset alone.
func endOf(at, key int64, unit measure.Unit, add int64) int64 {
	next := key + 1
	switch unit {
	case measure.Hour:
		return at - measure.FloorMod(at+add, msOfHour) + msOfHour
	case measure.Day:
		return next*msOfDay - add
	case measure.Week:
		return (next*7-3)*msOfDay - add
	default:
		return time.Date(1970, time.Month(next+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli() - add
	}
}

// longest is the most that a bucket lasts where clocks are left alone.
func longest(unit measure.Unit) int64 {
	switch unit {
	case measure.Hour:
		return msOfHour
	case measure.Day:
		return msOfDay
	case measure.Week:
		return 7 * msOfDay
	default:
		return 31 * msOfDay
	}
}

// moment writes a time as the API does: RFC 3339 in the zone, to the ms where it has any.
func moment(ms int64, zone *time.Location) string {
	return time.UnixMilli(ms).In(zone).Format("2006-01-02T15:04:05.999Z07:00")
}
