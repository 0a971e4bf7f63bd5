package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// dice draws random facts and random questions about them. Values come from small sets, so that there are ties, and questions ask for
// values that are there, so that there are answers.
type dice struct {
	*rand.Rand
	facts *fact.Facts // what questions are about
}

func newDice(seed uint64) *dice {
	return &dice{Rand: rand.New(rand.NewPCG(seed, 0x5eed)), facts: &fact.Facts{}}
}

// of is one of some things.
func of[T any](d *dice, things ...T) T { return things[d.IntN(len(things))] }

// some are n of some things, each at most once where there are enough.
func some[T any](d *dice, n int, things []T) []T {
	var out []T
	for _, i := range d.Perm(len(things))[:min(n, len(things))] {
		out = append(out, things[i])
	}
	return out
}

// chance is true in one of n cases.
func (d *dice) chance(n int) bool { return d.IntN(n) == 0 }

// nights are when clocks change, and other moments that calendars stumble over.
func nights() []time.Time {
	return []time.Time{
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),    // Europe, forward
		time.Date(2025, 10, 26, 1, 0, 0, 0, time.UTC),   // Europe, back
		time.Date(2025, 11, 2, 6, 0, 0, 0, time.UTC),    // New York, back
		time.Date(2026, 4, 4, 15, 0, 0, 0, time.UTC),    // Lord Howe, back by half an hour
		time.Date(2025, 12, 31, 23, 0, 0, 0, time.UTC),  // a year ends
		time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),   // a leap day
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),     // where 0 is
		time.Date(2026, 4, 15, 12, 0, 0, 0, time.UTC),   // an ordinary noon
		time.Date(2026, 4, 8, 12, 0, 0, 0, time.UTC),    // a week earlier
		time.Date(2025, 4, 15, 12, 0, 0, 0, time.UTC),   // a year earlier
		time.Date(2026, 4, 14, 22, 30, 0, 0, time.UTC),  // another day east of here
		time.Date(2026, 4, 15, 11, 59, 59, 0, time.UTC), // just before noon
	}
}

// moment is a time (ms) that others are likely to have too.
func (d *dice) moment() int64 {
	at := of(d, nights()...).UnixMilli()
	return at + int64(d.IntN(9)-4)*30*minute + of[int64](d, 0, 0, 0, -1, 1, 12_345)
}

func (d *dice) word() string {
	return of(d, "", "a", "A", "b", "é", "it's", "a\x00b", "100%", "日本")
}

// conversations are the facts of as many conversation ids, of one bot or two each. Ids repeat from one call to the next.
func (d *dice) conversations(n int) (f *fact.Facts, keys []int64) {
	f = &fact.Facts{}
	for _, id := range d.Perm(3 * n)[:n] {
		name := fmt.Sprintf("conversation %d", id)
		keys = append(keys, fact.KeyOf(name))
		for _, bot := range some(d, 1+d.IntN(6)/5, []string{"bot-1", "bot-2", "Bot-2", "bot'3", ""}) {
			d.conversation(f, bot, name)
		}
	}
	return f, keys
}

func (d *dice) conversation(f *fact.Facts, bot, name string) {
	untimed := d.chance(12)
	at := d.moment()
	for number := range int64(d.IntN(5)) {
		row := fact.Session{}
		for _, c := range fact.SessionColumns() {
			switch field := c.Of(&row).(type) {
			case *int64:
				*field = int64(of(d, 0, 0, 1, 2, 3, d.IntN(40)))
			case *uint8:
				*field = uint8(d.IntN(len(c.Codes)))
			case *bool:
				*field = d.chance(2)
			case *string:
				*field = d.word()
			}
		}
		row.Key, row.ConversationKey, row.Bot, row.Conversation, row.Number = fact.KeyOf(name), fact.KeyOf(bot+"\n"+name), bot, name, number+1
		row.StartedAt, row.Untimed = at, untimed
		row.Duration = int64(of(d, 0, 1, 1000, 60_000, d.IntN(3_000_000)))
		row.EndedAt = row.StartedAt + row.Duration
		row.ClosesAt = row.EndedAt + of[int64](d, 0, 30*minute)
		if untimed {
			row.StartedAt, row.EndedAt, row.ClosesAt, row.Duration = 0, 0, 0, -1
		}
		row.UserKey, row.CSAT = int64(d.IntN(9)-2), int64(of(d, 0, 0, d.IntN(6)))
		if !d.chance(6) {
			row.Kind = 0 // chat, which is what is mostly asked for
		}
		row.TopicID = of(d, "", "t1", "t2", "t3", "T3", "té")
		row.TopicName = "topic " + row.TopicID + of(d, "", "", "", " renamed")
		f.Sessions = append(f.Sessions, row)
		if !d.chance(4) {
			f.Billed = append(f.Billed, fact.Billed{
				Key: row.Key, ConversationKey: row.ConversationKey, Bot: bot, Conversation: name, Number: row.Number, StartedAt: row.StartedAt,
				EndedAt: row.EndedAt, Untimed: untimed, OpenedBy: uint8(d.IntN(10)), TopicID: row.TopicID, TopicName: row.TopicName, TopicKind: row.TopicKind,
				Turns: row.Turns, Channel: row.Channel, Locale: row.Locale, Kind: row.Kind,
			})
		}
		for place := range int64(d.IntN(4)) {
			u := said(row, place, strings.Join([]string{d.word(), of(d, "Refund", "STRASSE", "straße", "Ünder_score"), d.word()}, of(d, "", " ")))
			u.Source, u.Recognition = uint8(d.IntN(4)), uint8(d.IntN(4))
			f.Utterances = append(f.Utterances, u)
		}
		at = row.EndedAt + of[int64](d, 0, 1, minute, hour, day)
	}
}

// replace puts facts in place of others of the same keys, as a store does.
func replace(f *fact.Facts, keys []int64, with *fact.Facts) *fact.Facts {
	gone := func(key int64) bool { return slices.Contains(keys, key) }
	return join(&fact.Facts{
		Sessions:   slices.DeleteFunc(f.Sessions, func(s fact.Session) bool { return gone(s.Key) }),
		Billed:     slices.DeleteFunc(f.Billed, func(b fact.Billed) bool { return gone(b.Key) }),
		Utterances: slices.DeleteFunc(f.Utterances, func(u fact.Utterance) bool { return gone(u.Key) }),
	}, with)
}

// column is a column of a table, with values that it has.
type column struct {
	name   string
	text   bool
	time   bool // ms since 1970
	large  bool // too large to be added up
	values []measure.Key
}

func columnsOf[Row any](d *dice, columns []fact.Column[Row], rows []Row) []column {
	var out []column
	for _, c := range columns {
		col := column{name: c.Name, text: fact.IsText(c.Of(new(Row)))}
		col.time = strings.HasSuffix(c.Name, "_at")
		col.large = strings.HasSuffix(c.Name, "key") || col.time
		for range min(8, len(rows)) {
			row := of(d, rows...)
			if col.text {
				col.values = append(col.values, measure.Key{Text: *c.Of(&row).(*string)})
			} else {
				col.values = append(col.values, measure.Key{Int: fact.Int(c.Of(&row))})
			}
		}
		out = append(out, col)
	}
	return out
}

// asked is a table that a question is about.
type asked struct {
	table   fact.Table
	columns []column
}

func (d *dice) table() asked {
	if d.chance(4) {
		return asked{fact.BilledOnes, columnsOf(d, fact.BilledColumns(), d.facts.Billed)}
	}
	return asked{fact.Sessions, columnsOf(d, fact.SessionColumns(), d.facts.Sessions)}
}

// column is one for which fit holds.
func (a asked) column(d *dice, fit func(column) bool) column {
	for {
		if c := of(d, a.columns...); fit(c) {
			return c
		}
	}
}

func anyColumn(column) bool     { return true }
func number(c column) bool      { return !c.text }
func timeColumn(c column) bool  { return c.time }
func smallNumber(c column) bool { return !c.text && !c.large }

// smallest is for squares, whose sum must stay within 64 bits.
func smallest(c column) bool { return smallNumber(c) && c.name != "duration" }

func (d *dice) predicate(a asked, depth int) measure.Predicate {
	if depth == 0 || d.chance(2) {
		return d.condition(a)
	}
	switch d.IntN(5) {
	case 0:
		return measure.Except(d.predicate(a, depth-1))
	case 1:
		return measure.Predicate{}
	case 2:
		return measure.Predicate{Op: of(d, measure.AllOf, measure.AnyOf)} // of nothing
	default:
		p := measure.Predicate{Op: of(d, measure.AllOf, measure.AnyOf)}
		for range 1 + d.IntN(3) {
			p.Of = append(p.Of, d.predicate(a, depth-1))
		}
		return p
	}
}

// condition is a predicate that is not made of others, but for groups.
func (d *dice) condition(a asked) measure.Predicate {
	switch d.IntN(8) {
	case 0, 1:
		c := a.column(d, number)
		p := measure.Predicate{Op: measure.Between, Column: c.name, Low: d.value(c).Int, High: d.value(c).Int}
		if p.Low > p.High && !d.chance(5) {
			p.Low, p.High = p.High, p.Low
		}
		if d.chance(3) {
			p.High = 1<<63 - 1
		}
		return p
	case 2:
		if a.table == fact.Sessions {
			return measure.IsFinished()
		}
	case 3:
		if a.table == fact.Sessions {
			return measure.Predicate{Op: measure.Said, Texts: []string{d.fragment()}}
		}
	case 4:
		g, text := d.group(a)
		return d.in(measure.Predicate{Op: measure.GroupIn, Group: &g}, text, d.keys(a, g))
	}
	c := a.column(d, anyColumn)
	return d.in(measure.Predicate{Op: measure.In, Column: c.name}, c.text, c.values)
}

// in fills in what a column or a group is to be one of.
func (d *dice) in(p measure.Predicate, text bool, keys []measure.Key) measure.Predicate {
	p.Texts, p.Ints = nil, nil
	for range d.IntN(5) {
		key := measure.Key{Text: "nowhere", Int: 1 << 50}
		if len(keys) > 0 && !d.chance(6) {
			key = of(d, keys...)
		}
		if text {
			p.Texts = append(p.Texts, key.Text)
		} else {
			p.Ints = append(p.Ints, key.Int)
		}
	}
	return p
}

func (d *dice) value(c column) measure.Key {
	if len(c.values) == 0 {
		return measure.Key{}
	}
	return of(d, c.values...)
}

// fragment is a piece of what somebody said.
func (d *dice) fragment() string {
	if d.chance(5) || len(d.facts.Utterances) == 0 {
		return d.word()
	}
	text := []rune(of(d, d.facts.Utterances...).Text)
	from := d.IntN(len(text) + 1)
	piece := string(text[from:min(len(text), from+d.IntN(5))])
	return of(d, piece, strings.ToUpper(piece))
}

// group is a random group, and whether its keys are text.
func (d *dice) group(a asked) (g measure.Group, text bool) {
	switch d.IntN(4) {
	case 0:
		g.Column = a.column(d, timeColumn).name
		g.Unit = of(d, measure.Hour, measure.Day, measure.Week, measure.Month, measure.Weekday, measure.HourOfDay)
		if !d.chance(6) {
			g.Offsets = offsetsOf(d.zone(), 0, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
		}
	case 1:
		c := a.column(d, number)
		g.Column = c.name
		for range 1 + d.IntN(4) {
			g.Bounds = append(g.Bounds, d.value(c).Int)
		}
		slices.Sort(g.Bounds)
		g.Bounds = slices.Compact(g.Bounds)
	default:
		c := a.column(d, anyColumn)
		g.Column, text = c.name, c.text
	}
	if d.chance(4) {
		where := d.predicate(a, 1)
		g.Where, g.Else = &where, measure.Key{Int: -1}
		if text {
			g.Else = measure.Key{Text: of(d, "unfinished", "a")}
		}
	}
	return g, text
}

// keys are some that rows have in a group.
func (d *dice) keys(a asked, g measure.Group) []measure.Key {
	keys := []measure.Key{g.Else}
	i := slices.IndexFunc(a.columns, func(c column) bool { return c.name == g.Column })
	for _, v := range a.columns[i].values {
		field := func(string) any {
			if a.columns[i].text {
				return &v.Text
			}
			return &v.Int
		}
		bare := g
		bare.Where = nil
		keys = append(keys, bare.Key(field, nil, 0))
	}
	return keys
}

func (d *dice) zone() *time.Location {
	zone, err := time.LoadLocation(of(d, zones()...))
	if err != nil {
		panic(err) // the tests run where package time knows zones
	}
	return zone
}

func (d *dice) aggregate(a asked) measure.Aggregate {
	return d.aggregateBy(a, of(d, measure.Count, measure.Sum, measure.SumSquares, measure.Distinct, measure.Rank, measure.Returning, measure.Reused))
}

func (d *dice) aggregateBy(a asked, f measure.Func) measure.Aggregate {
	out := measure.Aggregate{Func: f}
	switch out.Func {
	case measure.Sum:
		out.Column = a.column(d, smallNumber).name
		for range d.IntN(3) {
			out.Plus = append(out.Plus, a.column(d, smallNumber).name)
		}
	case measure.SumSquares:
		out.Column = a.column(d, smallest).name
	case measure.Distinct:
		out.Column = a.column(d, anyColumn).name
	case measure.Rank:
		out.Column, out.PerMille = a.column(d, number).name, of[int64](d, 0, 1, 250, 333, 500, 900, 950, 999, 1000)
	case measure.Returning, measure.Reused:
		out.Column, out.Per = a.column(d, anyColumn).name, a.column(d, anyColumn).name
		if a.table == fact.Sessions && d.chance(2) {
			out.Column, out.Per = "user_key", "conversation_key"
		}
	}
	if d.chance(2) {
		out.Where = d.predicate(a, 2)
	}
	return out
}

func (d *dice) plan() measure.Plan {
	a := d.table()
	p := measure.Plan{Table: a.table}
	p.AsOf, p.Ranged, p.From, p.To = d.times()
	if d.chance(2) {
		p.Where = d.predicate(a, 3)
	}
	for range of(d, 0, 0, 1, 1, 2, 3, 4) {
		g, _ := d.group(a)
		p.Groups = append(p.Groups, g)
	}
	if d.chance(3) { // as a page asks: many figures, each the sum of its parts
		for range 4 + d.IntN(12) {
			p.Aggregates = append(p.Aggregates, d.aggregateBy(a, of(d, measure.Count, measure.Count, measure.Sum, measure.SumSquares)))
		}
		return p
	}
	for range 1 + d.IntN(5) {
		p.Aggregates = append(p.Aggregates, d.aggregate(a))
	}
	return p
}

// times are the moment to answer as of, and the range.
func (d *dice) times() (asOf int64, ranged bool, from, to int64) {
	if d.chance(3) {
		asOf = d.moment()
	}
	if d.chance(3) {
		ranged, from, to = true, d.moment(), d.moment()
		if from > to && !d.chance(5) {
			from, to = to, from
		}
		if d.chance(5) {
			from = -1 << 62
		}
	}
	return asOf, ranged, from, to
}

// selection is one of sessions; columns are those to sort by, and rows what a page may go on behind.
func selection[Row any](d *dice, where asked, columns []fact.Column[Row], rows []Row) store.Selection {
	var s store.Selection
	s.AsOf, s.Ranged, s.From, s.To = d.times()
	if !d.chance(3) {
		s.Where = d.predicate(where, 2)
	}
	s.Descending = d.chance(2)
	if len(columns) > 0 && !d.chance(4) {
		s.Sort = of(d, columns...).Name
	}
	if d.chance(2) {
		s.Limit = int64(1 + d.IntN(20))
	}
	if len(rows) > 0 && d.chance(3) {
		row := of(d, rows...)
		after := position(&row, columns, s.Sort)
		s.After = &after
	}
	return s
}

func (d *dice) utteranceFilter() store.UtteranceFilter {
	var u store.UtteranceFilter
	if d.chance(3) {
		u.Source = []uint8{uint8(d.IntN(4)), uint8(d.IntN(4))}
	}
	if d.chance(3) {
		u.Recognition = []uint8{uint8(d.IntN(4)), uint8(d.IntN(4))}
	}
	if d.chance(2) {
		u.Contains = d.fragment()
	}
	if d.chance(5) && len(d.facts.Sessions) > 0 {
		u.Conversation = of(d, d.facts.Sessions...).ConversationKey
	}
	return u
}
