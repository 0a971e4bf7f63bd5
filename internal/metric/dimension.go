package metric

import (
	"slices"
	"strconv"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// Dimension is something that rows are grouped and filtered by.
type Dimension struct {
	Name    string
	Label   string
	Meaning string
	Class   fact.Class   // who may group and filter by it (DESIGN.md, law 10)
	Tables  []fact.Table // the facts that have it
	// Values are those of a closed set, in their order; nil for an open one.
	Values []Word

	rules   []Word // of an open one whose values are rules: stores keep their codes, and nobody lists those without rows
	none    string // label of the key ""
	column  string
	bounds  []int64
	unit    measure.Unit
	decided bool // known of a session once it is finished (law 8)
}

// Word is one value of a closed set: as it is written in queries and keys, and for people.
type Word struct {
	Key   string
	Label string
	code  int64 // the key of the group in a store
}

// Unfinished is the key of sessions that are open as of the query, where a dimension is known only once they are over.
const Unfinished = "unfinished"

// undecided is the code of Unfinished, and of sessions without time on weekdays and hours.
const undecided = -1

// TimeDimension is the dimension whose values are the buckets of a query's grain.
const TimeDimension = "time"

// Dimensions are all there are, in the order of docs and menus.
func Dimensions() []Dimension {
	both := []fact.Table{fact.Sessions, fact.BilledOnes}
	sessions := []fact.Table{fact.Sessions}
	label := fact.Label
	columns := fact.SessionColumns()
	rules := func(column string) (words []Word) {
		for code, rule := range fact.CodesOf(columns, column) {
			words = append(words, Word{rule, rule, int64(code)})
		}
		return words
	}
	unfinished := Word{Unfinished, "Unfinished", undecided}
	return []Dimension{
		{
			Name: TimeDimension, Label: "Time", Class: label, Tables: both, column: "started_at",
			Meaning: "the hour, day, week or month of the zone in which it started, by the query's grain",
		},
		{Name: "bot", Label: "Bot", Meaning: "the bot's id, else its schema name", Class: label, Tables: both, column: "bot", none: "unknown bot"},
		{Name: "channel", Label: "Channel", Meaning: "where people talk to the bot", Class: label, Tables: both, column: "channel", none: "unknown channel"},
		{Name: "locale", Label: "Locale", Meaning: "language and region", Class: label, Tables: both, column: "locale", none: "unknown locale"},
		{
			Name: "topic", Label: "Topic", Class: label, Tables: both, column: "topic_id", none: "no topic",
			Meaning: "the topic that a session is attributed to, or that opened a billed session, by its id",
		},
		{
			Name: "topic_kind", Label: "Topic kind", Class: label, Tables: both, column: "topic_kind",
			Meaning: "the author's topic or the platform's",
			Values:  []Word{{"custom", "Custom", 2}, {"system", "System", 1}, {"", "No topic", 0}},
		},
		{
			Name: "engagement", Label: "Engagement", Class: label, Tables: sessions, column: "engaged",
			Meaning: "whether a session became engaged",
			Values:  []Word{{"engaged", "Engaged", 1}, {"unengaged", "Unengaged", 0}},
		},
		{
			Name: "outcome", Label: "Outcome", Class: label, Tables: sessions, column: "outcome", decided: true,
			Meaning: "how a session ended; unfinished while it is open",
			Values: []Word{
				{"resolved", "Resolved", 1},
				{"escalated", "Escalated", 2},
				{"abandoned", "Abandoned", 3},
				{"none", "None", 0},
				{Unfinished, "Unfinished", undecided},
			},
		},
		{
			Name: "resolution", Label: "Resolution", Class: label, Tables: sessions, column: "resolution", decided: true,
			Meaning: "how a resolved session was resolved",
			Values: []Word{
				{"confirmed", "Confirmed", 1},
				{"implied", "Implied", 2},
				{"", "Not resolved", 0},
				{Unfinished, "Unfinished", undecided},
			},
		},
		{
			Name: "reason", Label: "Reason", Class: label, Tables: sessions, column: "reason", decided: true, none: "no reason",
			Meaning: "why a session ended so, in the platform's words; unfinished while it is open",
		},
		{
			Name: "started_by", Label: "Started by", Class: label, Tables: sessions, column: "started_by",
			Meaning: "who sent the first message",
			Values:  []Word{{"user", "User", 2}, {"bot", "Bot", 1}, {"", "Nobody", 0}},
		},
		{
			Name: "user_reply", Label: "User reply", Class: label, Tables: sessions, column: "user_messages", bounds: []int64{1},
			Meaning: "whether the user wrote at least once",
			Values:  []Word{{"replied", "Replied", 1}, {"none", "No reply", 0}},
		},
		{
			Name: "kind", Label: "Kind", Class: label, Tables: both, column: "kind",
			Meaning: "sort of traffic; without it in a query only chat counts",
			Values: []Word{
				{"chat", "Chat", 0},
				{"autonomous", "Autonomous", 1},
				{"design", "Test canvas", 2},
				{"evaluation", "Evaluation", 3},
				{"child", "Connected agent", 4},
			},
		},
		{
			Name: "csat", Label: "CSAT", Class: label, Tables: sessions, column: "csat",
			Meaning: "the last answer to the satisfaction survey",
			Values:  []Word{{"1", "1", 1}, {"2", "2", 2}, {"3", "3", 3}, {"4", "4", 4}, {"5", "5", 5}, {"", "No answer", 0}},
		},
		{
			Name: "weekday", Label: "Weekday", Class: label, Tables: both, column: "started_at", unit: measure.Weekday,
			Meaning: "the day of the week, in the zone, on which it started",
			Values: []Word{
				{"monday", "Monday", 1},
				{"tuesday", "Tuesday", 2},
				{"wednesday", "Wednesday", 3},
				{"thursday", "Thursday", 4},
				{"friday", "Friday", 5},
				{"saturday", "Saturday", 6},
				{"sunday", "Sunday", 7},
				{"", "Unknown", undecided},
			},
		},
		{
			Name: "hour", Label: "Hour of the day", Class: label, Tables: both, column: "started_at", unit: measure.HourOfDay,
			Meaning: "the hour of the zone's clock, 00 to 23, in which it started",
			Values:  hours(),
		},
		{
			Name: "turns", Label: "Turns", Class: label, Tables: both, column: "turns", bounds: []int64{1, 2, 4, 7, 11, 21},
			Meaning: "messages of both sides, or exchanges of a billed session",
			Values: []Word{
				{"0", "0", 0},
				{"1", "1", 1},
				{"2-3", "2 to 3", 2},
				{"4-6", "4 to 6", 3},
				{"7-10", "7 to 10", 4},
				{"11-20", "11 to 20", 5},
				{"21+", "21 and more", 6},
			},
		},
		{
			Name: "duration", Label: "Duration", Class: label, Tables: sessions, column: "duration",
			Meaning: "from the first to the last activity",
			bounds:  []int64{0, 10_000, 30_000, 60_000, 180_000, 600_000, 1_800_000},
			Values: []Word{
				{"0-10s", "under 10 s", 1},
				{"10-30s", "10 to 30 s", 2},
				{"30-60s", "30 to 60 s", 3},
				{"1-3min", "1 to 3 min", 4},
				{"3-10min", "3 to 10 min", 5},
				{"10-30min", "10 to 30 min", 6},
				{"30min+", "30 min and more", 7},
				{"", "Unknown", 0},
			},
		},
		{
			Name: "origin", Label: "Origin", Class: label, Tables: sessions, column: "origin",
			Meaning: "whose boundaries and labels a session has",
			Values:  []Word{{"derived", "Derived", 0}, {"platform", "Platform", 1}},
		},
		{
			Name: "design_mode", Label: "Test canvas", Class: label, Tables: sessions, column: "design_mode",
			Meaning: "whether it was recorded in the test canvas",
			Values:  []Word{{"true", "Test canvas", 1}, {"false", "Elsewhere", 0}},
		},
		{
			Name: "opened_by", Label: "Opened by", Class: label, Tables: both, column: "opened_by", none: "no rule",
			Meaning: "the rule that opened it", rules: rules("opened_by"),
		},
		{
			Name: "engaged_by", Label: "Engaged by", Class: label, Tables: sessions, column: "engaged_by", none: "unengaged",
			Meaning: "the rule that engaged a session", rules: rules("engaged_by"),
		},
		{
			Name: "attributed_by", Label: "Attributed by", Class: label, Tables: sessions, column: "attributed_by", none: "no topic",
			Meaning: "the rule that attributed a session to its topic", rules: rules("attributed_by"),
		},
		{
			Name: "ended_by", Label: "Ended by", Class: label, Tables: sessions, column: "ended_by", decided: true, none: "no rule",
			Meaning: "the rule that ended a session; unfinished while it is open", rules: append(rules("ended_by"), unfinished),
		},
		{
			Name: "decided_by", Label: "Decided by", Class: label, Tables: sessions, column: "decided_by", decided: true, none: "no rule",
			Meaning: "the rule that set the outcome; unfinished while a session is open", rules: append(rules("decided_by"), unfinished),
		},
		{
			Name: "user", Label: "User", Class: fact.Identifier, Tables: sessions, column: "user_id", none: "nobody",
			Meaning: "the user's id; two bots may have different users of one id",
		},
		{
			Name: "conversation", Label: "Conversation", Class: fact.Identifier, Tables: both, column: "conversation", none: "unknown conversation",
			Meaning: "the conversation's id",
		},
	}
}

func hours() []Word {
	var words []Word
	for h := range int64(24) {
		key := strconv.FormatInt(100+h, 10)[1:]
		words = append(words, Word{key, key + ":00", h})
	}
	return append(words, Word{"", "Unknown", undecided})
}

// DimensionByName is the dimension of a name; false where there is none.
func DimensionByName(name string) (Dimension, bool) {
	all := Dimensions()
	i := slices.IndexFunc(all, func(d Dimension) bool { return d.Name == name })
	if i < 0 {
		return Dimension{}, false
	}
	return all[i], true
}

// DimensionNames are the names of all dimensions that a table has.
func DimensionNames(table fact.Table) []string {
	var names []string
	for _, d := range Dimensions() {
		if slices.Contains(d.Tables, table) {
			names = append(names, d.Name)
		}
	}
	return names
}

// words are the values that a store keeps as codes.
func (d *Dimension) words() []Word {
	if d.rules != nil {
		return d.rules
	}
	return d.Values
}

func (d *Dimension) keys() []string {
	var keys []string
	for _, w := range d.Values {
		keys = append(keys, w.Key)
	}
	return keys
}

// zoned is whether the dimension hangs on the zone's clock.
func (d *Dimension) zoned() bool { return d.unit != "" || d.Name == TimeDimension }

func (d *Dimension) isText() bool {
	return d.Values == nil && d.rules == nil && d.Name != TimeDimension
}

// terms are what a dimension means in one plan.
type terms struct {
	asOf    int64
	grain   measure.Unit
	offsets []measure.Offset
}

// group is how rows are grouped by the dimension.
func (d *Dimension) group(t terms) measure.Group {
	g := measure.Group{Column: d.column, Bounds: d.bounds, Unit: d.unit}
	switch {
	case d.Name == TimeDimension:
		g.Unit, g.Offsets = t.grain, t.offsets
	case d.unit != "":
		timed := measure.Is("untimed", 0)
		g.Offsets, g.Where, g.Else = t.offsets, &timed, measure.Key{Int: undecided}
	case d.decided && t.asOf != 0:
		finished := measure.IsFinished()
		g.Where, g.Else = &finished, measure.Key{Int: undecided}
		if d.isText() {
			g.Else = measure.Key{Text: Unfinished}
		}
	}
	return g
}

// holds is the condition that the dimension has one of the values. It is made of the same group, so that a filter keeps exactly the rows
// that stand under its keys.
func (d *Dimension) holds(values []string, t terms) measure.Predicate {
	g := d.group(t)
	bare := g.Unit == "" && g.Bounds == nil && g.Where == nil
	if d.isText() {
		if bare {
			return measure.IsText(d.column, values...)
		}
		return measure.Predicate{Op: measure.GroupIn, Group: &g, Texts: values}
	}
	codes := make([]int64, 0, len(values))
	for _, v := range values {
		if code, ok := d.code(v); ok {
			codes = append(codes, code)
		}
	}
	if bare {
		return measure.Is(d.column, codes...)
	}
	return measure.Predicate{Op: measure.GroupIn, Group: &g, Ints: codes}
}

// code is what a value is in a store, false for one that no row has. A value that is no word is a number that word wrote out.
func (d *Dimension) code(value string) (int64, bool) {
	for _, w := range d.words() {
		if w.Key == value {
			return w.code, true
		}
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return n, err == nil && d.word(measure.Key{Int: n}) == value
}

// word is a store's key as the API writes it.
func (d *Dimension) word(k measure.Key) string {
	if d.isText() {
		return k.Text
	}
	for _, w := range d.words() {
		if w.code == k.Int {
			return w.Key
		}
	}
	return strconv.FormatInt(k.Int, 10)
}

// label is a key for people, where it needs nothing but the dimension.
func (d *Dimension) label(key string) string {
	for _, w := range d.Values {
		if w.Key == key {
			return w.Label
		}
	}
	switch {
	case key == "":
		return d.none
	case key == Unfinished && d.decided:
		return "Unfinished"
	}
	return key
}

// has is whether a key can be one of the dimension's: a word of the closed set, or the number that word wrote for none.
func (d *Dimension) has(key string) bool {
	if d.Values == nil || slices.Contains(d.keys(), key) {
		return true
	}
	n, err := strconv.ParseInt(key, 10, 64)
	return err == nil && d.word(measure.Key{Int: n}) == key
}

// place is where a key stands among the values of a closed set.
func (d *Dimension) place(key string) int {
	if i := slices.IndexFunc(d.Values, func(w Word) bool { return w.Key == key }); i >= 0 {
		return i
	}
	return len(d.Values)
}
