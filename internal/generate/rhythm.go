package generate

import (
	"math/rand/v2"
	"sort"
	"time"
)

// rhythm says when conversations start: by the hour of the day, the day of the week, and more as time goes on.
type rhythm struct {
	from  time.Time
	last  time.Duration // length of the last hour, which may be cut short
	until []float64     // cumulated share of conversations at the end of each hour
}

// byHour is how much people write in each hour of a UTC day: offices in Europe first, America in the afternoon.
func byHour(h int) float64 {
	return [24]float64{3, 2, 2, 2, 3, 5, 9, 16, 24, 28, 28, 25, 22, 26, 30, 30, 27, 22, 17, 13, 10, 8, 6, 4}[h]
}

// byWeekday makes weekends quiet and Mondays busy.
func byWeekday(d time.Weekday) float64 {
	return [7]float64{0.24, 1.18, 1.08, 1.03, 1.0, 0.88, 0.34}[d]
}

func newRhythm(r *rand.Rand, from, to time.Time) rhythm {
	const growth = 0.6 // over the whole span
	span := to.Sub(from)
	hours := int((span + time.Hour - 1) / time.Hour)
	rh := rhythm{from: from, last: span - time.Duration(hours-1)*time.Hour, until: make([]float64, hours)}
	total, weather := 0.0, 1.0
	for i := range hours {
		at := from.Add(time.Duration(i) * time.Hour)
		if i == 0 || at.Hour() == 0 {
			weather = 0.88 + 0.24*r.Float64() // no two days are alike
		}
		grown := 1 + growth*float64(i)/float64(hours)
		total += byHour(at.Hour()) * byWeekday(at.Weekday()) * grown * weather
		rh.until[i] = total
	}
	for i := range rh.until {
		rh.until[i] /= total
	}
	return rh
}

// at is the moment (ms since 1970) before which the given share of all conversations has started.
func (rh *rhythm) at(share float64) int64 {
	i := min(sort.SearchFloat64s(rh.until, share), len(rh.until)-1)
	before := 0.0
	if i > 0 {
		before = rh.until[i-1]
	}
	length := time.Hour
	if i == len(rh.until)-1 {
		length = rh.last
	}
	within := min(1, (share-before)/(rh.until[i]-before))
	return rh.from.UnixMilli() + int64(i)*time.Hour.Milliseconds() + int64(within*float64(length.Milliseconds()-1))
}
