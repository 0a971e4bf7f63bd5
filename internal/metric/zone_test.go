package metric

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/measure"
)

// odd are zones that break what one would believe: half hours, no midnight, clocks that go back over midnight, a day that never was.
var odd = []string{
	"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns",
	"America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Havana",
}

func TestStartOfDay(t *testing.T) {
	for _, tt := range []struct{ zone, day, want string }{
		{"UTC", "2026-04-01", "2026-04-01T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-30", "2026-03-30T00:00:00+02:00"},
		{"Asia/Kathmandu", "2026-04-01", "2026-04-01T00:00:00+05:45"},
		// The clock leaps from 24:00 to 1:00: the day has no midnight.
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		// The clock goes from 24:00 back to 23:00: the day starts after the second one.
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"},
		// The 30th of December 2011 never was: it begins, and is over, where the 31st does.
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"},
		{"Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00"},
	} {
		date, _ := time.Parse(time.DateOnly, tt.day)
		if got := moment(startOfDay(dayNumber(date), zone(t, tt.zone)), zone(t, tt.zone)); got != tt.want {
			t.Errorf("%s in %s starts at %s, want %s", tt.day, tt.zone, got, tt.want)
		}
	}
}

func TestBuckets(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from, to string
		unit                 measure.Unit
		want                 []string
	}{
		{
			"the hour that clocks repeat is two", "Europe/Berlin", "2026-10-25 01:00", "2026-10-25 04:00", measure.Hour,
			[]string{
				"2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00",
			},
		},
		{
			"the hour that clocks leave out is none", "Europe/Berlin", "2026-03-29 01:00", "2026-03-29 04:00", measure.Hour,
			[]string{"2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		},
		{
			"hours of a half-hour zone begin on its clock's hours", "Asia/Kolkata", "2026-04-01 09:10", "2026-04-01 11:00", measure.Hour,
			[]string{"2026-04-01T09:00:00+05:30", "2026-04-01T10:00:00+05:30"},
		},
		{
			"clocks that leap over half an hour leave half an hour", "Australia/Lord_Howe", "2026-10-04 00:00", "2026-10-04 05:00", measure.Hour,
			[]string{
				"2026-10-04T00:00:00+10:30", "2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00",
				"2026-10-04T04:00:00+11:00",
			},
		},
		{
			"and half an hour more when they go back", "Australia/Lord_Howe", "2026-04-05 00:00", "2026-04-05 03:00", measure.Hour,
			[]string{
				"2026-04-05T00:00:00+11:00", "2026-04-05T01:00:00+11:00", "2026-04-05T01:30:00+10:30", "2026-04-05T02:00:00+10:30",
			},
		},
		{
			"clocks that change a minute after the hour leave that minute", "America/St_Johns", "2010-11-06 23:00", "2010-11-07 02:00", measure.Hour,
			[]string{
				"2010-11-06T23:00:00-02:30", "2010-11-07T00:00:00-02:30", "2010-11-06T23:01:00-03:30", "2010-11-07T00:00:00-03:30",
				"2010-11-07T01:00:00-03:30",
			},
		},
		{
			"a day without midnight begins at one", "America/Sao_Paulo", "2018-11-03 00:00", "2018-11-06 00:00", measure.Day,
			[]string{"2018-11-03T00:00:00-03:00", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
		},
		{
			"a day that never was is no bucket", "Pacific/Apia", "2011-12-29 00:00", "2012-01-01 00:00", measure.Day,
			[]string{"2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00"},
		},
		{
			"weeks begin on Monday, and are whole", "Europe/Berlin", "2026-04-01 00:00", "2026-04-08 00:00", measure.Week,
			[]string{"2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00"},
		},
		{
			"months", "America/St_Johns", "2026-01-31 00:00", "2026-03-09 00:00", measure.Month,
			[]string{"2026-01-01T00:00:00-03:30", "2026-02-01T00:00:00-03:30", "2026-03-01T00:00:00-03:30"},
		},
		{"nothing", "UTC", "2026-04-01 00:00", "2026-04-01 00:00", measure.Day, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z := zone(t, tt.zone)
			var got []string
			for _, b := range buckets(tt.unit, z, span{day(t, z, tt.from).UnixMilli(), day(t, z, tt.to).UnixMilli()}) {
				got = append(got, moment(b.hull().from, z))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Until 2011 the clocks of St John's went back a minute after midnight, to the evening before: that evening's last hour comes after a minute
// of the next day.
func TestBucketInTwoPieces(t *testing.T) {
	z := zone(t, "America/St_Johns")
	got := buckets(measure.Day, z, span{day(t, z, "2010-11-06 12:00").UnixMilli(), day(t, z, "2010-11-06 12:01").UnixMilli()})
	if len(got) != 1 || len(got[0].spans) != 2 {
		t.Fatalf("got %v, want one day in two pieces", got)
	}
	minute := got[0].spans[1].from - got[0].spans[0].to
	if rest := got[0].spans[1].to - got[0].spans[1].from; minute != 60_000 || rest != 59*60_000 {
		t.Errorf("the pieces are %d ms apart, and the second is of %d ms", minute, rest)
	}
}

// The last day of a leap year beyond the zone's table is one on which the standard library names an end that is past.
func TestOffsetsEnd(t *testing.T) {
	for _, name := range odd {
		z := zone(t, name)
		list := offsets(z, span{day(t, z, "2040-01-01 00:00").UnixMilli(), day(t, z, "2045-02-01 00:00").UnixMilli()})
		for at := day(t, z, "2040-01-01 00:00"); at.Year() < 2045; at = at.Add(time.Hour) {
			if _, seconds := at.Zone(); measure.OffsetAt(at.UnixMilli(), list) != int64(seconds)*1000 {
				t.Fatalf("the offset at %s is %d ms", at, measure.OffsetAt(at.UnixMilli(), list))
			}
		}
	}
}

// Every moment is in the bucket that Go's own calendar puts it into, and in exactly one.
func TestBucketsAreTheZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(odd).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		unit := rapid.SampledFrom([]measure.Unit{measure.Hour, measure.Day, measure.Week, measure.Month}).Draw(t, "unit")
		// Quarters of hours from 2010 to 2030, sometimes close to a change of the clocks.
		ms := rapid.Int64Range(1262304000000/900_000, 1893456000000/900_000).Draw(t, "quarter") * 900_000
		if _, next := time.UnixMilli(ms).In(z).ZoneBounds(); !next.IsZero() && rapid.Bool().Draw(t, "near") {
			ms = next.UnixMilli() + int64(rapid.IntRange(-12, 12).Draw(t, "away"))*900_000
		}
		length := rapid.Int64Range(1, 4*24*70).Draw(t, "length") * 900_000
		s := span{ms - rapid.Int64Range(0, length).Draw(t, "before"), ms + length}
		list := offsets(z, s)
		local := time.UnixMilli(ms).In(z)
		if _, seconds := local.Zone(); measure.OffsetAt(ms, list) != int64(seconds)*1000 {
			t.Fatalf("the offset at %s is %d ms", local, measure.OffsetAt(ms, list))
		}
		if weekday := measure.Bucket(ms, measure.Weekday, list) % 7; weekday != int64(local.Weekday()) {
			t.Fatalf("%s is on weekday %d", local, weekday)
		}
		if hour := measure.Bucket(ms, measure.HourOfDay, list); hour != int64(local.Hour()) {
			t.Fatalf("%s is in hour %d of the day", local, hour)
		}
		key := measure.Bucket(ms, unit, list)
		found := 0
		last := int64(-1 << 62)
		for _, b := range buckets(unit, z, s) {
			if b.hull().from < last {
				t.Fatalf("buckets are out of order")
			}
			last = b.hull().from
			for _, piece := range b.spans {
				if piece.from <= ms && ms < piece.to {
					found++
					if b.key != key {
						t.Fatalf("%s is in the pieces of bucket %d, and has the key %d", local, b.key, key)
					}
				}
			}
			if b.key == key && calendar(unit, time.UnixMilli(b.hull().from).In(z)) != calendar(unit, local) {
				t.Fatalf("%s is in a %s that begins at %s", local, unit, moment(b.hull().from, z))
			}
		}
		if found != 1 {
			t.Fatalf("%s is in %d buckets", local, found)
		}
	})
}

// calendar names the bucket as Go's calendar does.
func calendar(unit measure.Unit, at time.Time) string {
	switch unit {
	case measure.Hour:
		return at.Format("2006-01-02T15 Z07:00:00")
	case measure.Day:
		return at.Format(time.DateOnly)
	case measure.Week:
		year, week := at.ISOWeek()
		return fmt.Sprint(year, week)
	default:
		return at.Format("2006-01")
	}
}
