package cli

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/report"
	"rapport/internal/session"
	"rapport/internal/wire"
)

// filter keeps the sessions that were asked for, and remembers what there was, for when nothing is left.
type filter struct {
	includeTest bool
	from, to    report.Date // first and last day; the zero date for no bound
	zone        *time.Location

	kept                        int64
	leftTest, leftOut, leftTime int64 // test traffic of the days asked for; other days; without a time to tell the day
	seen                        seen
}

// seen is what there was before anything was left out.
type seen struct {
	sessions, untimed int64
	first, last       int64 // ms
	kinds             map[session.Kind]int64
	bots              map[string]bool // the first few
}

// mostBots is how many bots are named to people.
const mostBots = 10

// keep reports whether a session that started at ms counts.
func (f *filter) keep(bot activity.Bot, kind session.Kind, ms int64, untimed bool) bool {
	f.seen.add(bot, kind, ms, untimed)
	switch {
	case f.ranged() && untimed:
		f.leftTime++
	case f.ranged() && !f.inside(ms):
		f.leftOut++
	case kind.Test() && !f.includeTest:
		f.leftTest++ // last, so that --include-test shows every one of them
	default:
		f.kept++
		return true
	}
	return false
}

func (f *filter) ranged() bool { return !f.from.IsZero() || !f.to.IsZero() }

// inside compares days and not moments: where clocks go forward at midnight, a day has no 00:00 to begin at.
func (f *filter) inside(ms int64) bool {
	d := report.DateOf(activity.Time(ms).In(f.zone))
	return !d.Before(f.from) && (f.to.IsZero() || !f.to.Before(d))
}

func (s *seen) add(bot activity.Bot, kind session.Kind, ms int64, untimed bool) {
	if s.kinds == nil {
		s.kinds, s.bots = map[session.Kind]int64{}, map[string]bool{}
	}
	s.sessions++
	s.kinds[kind]++
	if name := wire.BotName(bot); len(s.bots) <= mostBots && name != "" {
		s.bots[name] = true
	}
	if untimed {
		s.untimed++
		return
	}
	if s.sessions-s.untimed == 1 {
		s.first, s.last = ms, ms
	}
	s.first, s.last = min(s.first, ms), max(s.last, ms)
}

// notes says what was left out, and what there is when nothing is left. noun is what is being filtered.
func (f *filter) notes(a *app, noun string) {
	if f.leftTest > 0 {
		a.note("%s left out, --include-test shows %s", count(f.leftTest, "test "+noun), them(f.leftTest))
	}
	if f.leftTime > 0 {
		a.note("%s left out: without times nothing says on which day", count(f.leftTime, "untimed "+noun))
	}
	if f.kept > 0 {
		return
	}
	if f.seen.sessions == 0 {
		a.note("there are no %ss in what was read", noun)
		return
	}
	a.note("nothing is left: there %s %s", are(f.seen.sessions), f.seen.describe(f.zone, noun))
	if f.leftOut+f.leftTime > 0 {
		a.note("try: other days for --from and --to")
	}
	if f.leftTest > 0 {
		a.note("try: --include-test")
	}
}

func them[N int | int64](n N) string {
	if n == 1 {
		return "it"
	}
	return "them"
}

func are(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// describe is e.g. `11 sessions from 2024-09-09 to 2024-09-24 (UTC), kinds: design 11; bots: Support`.
func (s *seen) describe(zone *time.Location, noun string) string {
	var b strings.Builder
	b.WriteString(count(s.sessions, noun))
	if s.untimed < s.sessions {
		on := func(ms int64) string { return activity.Time(ms).In(zone).Format(time.DateOnly) }
		fmt.Fprintf(&b, " from %s to %s (%s)", on(s.first), on(s.last), zone)
	}
	if s.untimed > 0 {
		fmt.Fprintf(&b, ", %d untimed", s.untimed)
	}
	b.WriteString(", kinds: ")
	for i, k := range sortedKeys(s.kinds) {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %d", k, s.kinds[k])
	}
	names := sortedKeys(s.bots)
	more := ""
	if len(names) > mostBots {
		names, more = names[:mostBots], " and more"
	}
	if len(names) > 0 {
		fmt.Fprintf(&b, "; bots: %s%s", strings.Join(names, ", "), more)
	}
	return b.String()
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] })
	return keys
}
