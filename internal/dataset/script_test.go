package dataset_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/dataset"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
	"rapport/internal/store/memory"
)

// TestScripts runs testdata/scripts, whose README.md has the language, on every store: load, ask, expect. UPDATE_SCRIPTS=1 rewrites what they
// expect by what memory answers.
func TestScripts(t *testing.T) {
	names, err := filepath.Glob("testdata/scripts/*.metric")
	if err != nil || len(names) < 10 {
		t.Fatalf("%d scripts: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".metric"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			oracle := runScript(t, string(text), memory.New())
			if os.Getenv("UPDATE_SCRIPTS") != "" {
				if err := os.WriteFile(name, []byte(oracle.text()), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if diff := gocmp.Diff(string(text), oracle.text()); diff != "" {
				t.Errorf("memory (-script +answer):\n%s", diff)
			}
			// To the last digit, and all that an answer says, not only what a script shows.
			duck := runScript(t, string(text), inFolder(t))
			if diff := gocmp.Diff(oracle.answers, duck.answers); diff != "" {
				t.Errorf("memory and duckdb differ (-memory +duckdb):\n%s", diff)
			}
		})
	}
}

// script is one run of a script.
type script struct {
	t       *testing.T
	world   world
	out     []string // the script again, with what was answered
	answers []string // in JSON
	now     time.Time

	bot, schema string
	chats       []chat // not imported yet
	last        int    // chats that the latest line made
	ids         int
}

// chat is a conversation that a script writes down.
type chat struct {
	id, bot, schema, user, channel string
	at                             time.Time
	activities                     []map[string]any
}

func runScript(t *testing.T, text string, in store.Store) *script {
	t.Helper()
	s := &script{t: t, bot: "bot"}
	s.world = open(t, in, dataset.Options{Now: func() time.Time { return s.now }})
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, "|") {
			continue // what was expected
		}
		s.out = append(s.out, line)
		words, err := fields(line)
		if err == nil && len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			err = s.line(words, strings.HasPrefix(line, " "))
		}
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
	}
	return s
}

func (s *script) text() string { return strings.Join(s.out, "\n") + "\n" }

// fields splits a line at white space; "quoted words" stay whole.
func fields(line string) ([]string, error) {
	var out []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		if i := strings.IndexAny(rest, "\" "); i >= 0 && rest[i] == '"' {
			quoted, err := strconv.QuotedPrefix(rest[i:])
			if err != nil {
				return nil, fmt.Errorf("a quote does not close in %q", rest)
			}
			word, _ := strconv.Unquote(quoted)
			out, rest = append(out, rest[:i]+word), rest[i+len(quoted):]
			continue
		}
		word, tail, _ := strings.Cut(rest, " ")
		out, rest = append(out, word), tail
	}
	return out, nil
}

func (s *script) line(words []string, indented bool) error {
	ctx, args := s.t.Context(), words[1:]
	if indented {
		return s.says(words)
	}
	s.last = 0
	switch words[0] {
	case "bot":
		s.bot, s.schema = args[0], ""
		if len(args) > 1 {
			s.schema = args[1]
		}
		return nil
	case "chat":
		return s.chat(args)
	case "import":
		return s.load()
	case "fixture":
		_, err := s.world.Import(ctx, dataset.ImportOptions{Paths: []string{filepath.Join(testdata, args[0])}})
		return err
	case "remove":
		id, err := strconv.ParseInt(args[0], 10, 64)
		if err == nil {
			_, err = s.world.Remove(ctx, id, nil)
		}
		return err
	case "apply":
		_, err := s.world.Apply(ctx, args[0], nil)
		return err
	case "now":
		var err error
		s.now, err = time.Parse(time.RFC3339, args[0])
		return err
	case "ask", "drivers", "sessions":
		if err := s.load(); err != nil {
			return err
		}
		return s.ask(words[0], args)
	default:
		return fmt.Errorf("unknown line %q", words[0])
	}
}

// chat: ID TIME [user=U] [channel=C] [times=N]
func (s *script) chat(args []string) error {
	at, err := time.Parse(time.RFC3339, args[1])
	if err != nil {
		return err
	}
	c, times := chat{id: args[0], bot: s.bot, schema: s.schema, at: at, channel: "directline"}, 1
	for _, arg := range args[2:] {
		switch key, value, _ := strings.Cut(arg, "="); key {
		case "user":
			c.user = value
		case "channel":
			c.channel = value
		case "times":
			if times, err = strconv.Atoi(value); err != nil {
				return err
			}
		default:
			return fmt.Errorf("a chat has no %q", key)
		}
	}
	for i := range times {
		one := c
		if times > 1 {
			one.id = fmt.Sprintf("%s-%d", c.id, i+1)
		}
		if one.user == "" {
			one.user = "user of " + one.id
		}
		s.chats = append(s.chats, one)
	}
	s.last = times
	return nil
}

// says adds one activity, ten seconds after the one before or as long after it as "+30m" says, to the latest chats.
func (s *script) says(words []string) error {
	gap := 10 * time.Second
	if after, ok := strings.CutPrefix(words[0], "+"); ok {
		var err error
		if gap, err = time.ParseDuration(after); err != nil {
			return err
		}
		words = words[1:]
	}
	if s.last == 0 || len(words) < 2 {
		return fmt.Errorf("wants a chat, and then: user|bot what")
	}
	for i := len(s.chats) - s.last; i < len(s.chats); i++ {
		c := &s.chats[i]
		if len(c.activities) > 0 {
			c.at = c.at.Add(gap)
		}
		a := map[string]any{"id": fmt.Sprintf("%s/%d", c.id, len(c.activities)), "timestamp": c.at.UnixMilli(), "channelId": c.channel}
		a["from"] = map[string]any{"id": c.bot, "role": 0}
		if words[0] == "user" {
			a["from"] = map[string]any{"id": c.user, "role": 1}
		}
		if err := activityOf(a, words[1], words[2:]); err != nil {
			return err
		}
		c.activities = append(c.activities, a)
	}
	return nil
}

func activityOf(a map[string]any, what string, args []string) error {
	set := func(kind, name string, value any) {
		a["type"], a["valueType"], a["name"], a["value"] = kind, name, name, value
	}
	switch what {
	case "says":
		a["type"], a["text"] = "message", strings.Join(args, " ")
	case "topic":
		kind := "custom"
		if len(args) > 1 {
			kind = args[1]
		}
		set("event", "rapport.topic", map[string]any{"id": args[0], "name": args[0], "kind": kind})
	case "outcome":
		value := map[string]any{"outcome": args[0]}
		if len(args) > 1 {
			value["resolution"] = args[1]
		}
		set("event", "rapport.outcome", value)
	case "csat?":
		set("trace", "CSATSurveyRequest", map[string]any{})
	case "csat":
		set("event", "rapport.csat", map[string]any{"score": args[0]})
	case "unknown":
		set("trace", "UnknownIntent", map[string]any{"userQuery": strings.Join(args, " ")})
	default:
		return fmt.Errorf("nobody %s", what)
	}
	return nil
}

// load imports what stands there since the last time.
func (s *script) load() error {
	if len(s.chats) == 0 {
		return nil
	}
	var text strings.Builder
	for _, c := range s.chats {
		s.ids++
		content, err := json.Marshal(map[string]any{"activities": c.activities})
		if err != nil {
			return err
		}
		metadata, _ := json.Marshal(map[string]string{"BotName": c.schema})
		row, err := json.Marshal(map[string]any{
			"conversationtranscriptid": fmt.Sprintf("row %d", s.ids), "name": c.id, "content": string(content), "metadata": string(metadata),
			"_bot_conversationtranscriptid_value": c.bot, "conversationstarttime": time.UnixMilli(c.activities[0]["timestamp"].(int64)).UTC().Format(time.RFC3339),
		})
		if err != nil {
			return err
		}
		text.Write(append(row, '\n'))
	}
	s.chats = nil
	i := s.world.text(s.t, text.String())
	if i.Quarantine > 0 {
		return fmt.Errorf("quarantined: %+v", i.Reasons)
	}
	return nil
}

// ask reads the words of a question and writes the answer down.
func (s *script) ask(what string, words []string) error {
	q := metric.Query{Range: &metric.Range{}}
	for _, word := range words {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			q.Measures = append(q.Measures, word)
			continue
		}
		switch key {
		case "by":
			q.Dimensions = strings.Split(value, ",")
		case "where", "not":
			dimension, values, _ := strings.Cut(value, ":")
			q.Filters = append(q.Filters, metric.Filter{Dimension: dimension, Exclude: key == "not", Values: strings.Split(values, ",")})
		case "from":
			q.Range.From = value
		case "to":
			q.Range.To = value
		case "range":
			q.Range = nil
		case "zone":
			q.Zone = value
		case "grain":
			q.Grain = measure.Unit(value)
		case "compare":
			kind, weekday, _ := strings.Cut(value, ",")
			q.Comparison = &metric.Comparison{Kind: kind, MatchWeekday: weekday == "weekday"}
		case "as_of":
			q.AsOf = value
		case "under":
			q.Definition = value
		case "sort":
			q.Sort = value
		case "min":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return err
			}
			q.MinimumCount = &n
		default:
			return fmt.Errorf("a question has no %q", key)
		}
	}
	var answer any
	var lines []string
	var err error
	switch what {
	case "ask":
		answer, lines, err = s.query(q)
	case "drivers":
		answer, lines, err = s.drivers(q)
	default:
		answer, lines, err = s.sessions(q)
	}
	if err != nil {
		answer, lines = err.Error(), []string{"error: " + err.Error()}
	}
	b, err := json.MarshalIndent(answer, "", " ")
	s.answers = append(s.answers, string(b))
	for _, l := range lines {
		s.out = append(s.out, "| "+l)
	}
	return err
}

func (s *script) query(q metric.Query) (any, []string, error) {
	all, err := s.world.Query(s.t.Context(), []metric.Query{q})
	if err != nil {
		return nil, nil, err
	}
	r := all[0]
	var lines []string
	line := func(keys string, row metric.Row) {
		for i, v := range row.Values {
			keys += " | " + value(v)
			if row.Before != nil {
				keys += " was " + value(row.Before[i]) + " " + changed(row.Changes[i])
			}
		}
		if row.Partial {
			keys += " | partial"
		}
		lines = append(lines, keys)
	}
	if r.Period != nil && r.Period.Chosen != "" && r.Period.Chosen != "given" {
		lines = append(lines, fmt.Sprintf("%s: %s to %s", r.Period.Chosen, r.Period.From, r.Period.To))
	}
	for _, row := range r.Rows {
		keys := make([]string, len(row.Keys))
		for i, k := range row.Keys {
			keys[i] = strconv.Quote(k)
			if k != "" && !strings.Contains(k, " ") {
				keys[i] = k
			}
		}
		if len(keys) > 0 {
			line(strings.Join(keys, ", "), row)
		}
	}
	line("total", r.Total)
	return r, lines, nil
}

func (s *script) drivers(q metric.Query) (any, []string, error) {
	d := metric.DriverQuery{
		Measure: q.Measures[0], Filters: q.Filters, Range: q.Range, Zone: q.Zone, Comparison: q.Comparison, Definition: q.Definition,
		AsOf: q.AsOf, MinimumCount: q.MinimumCount,
	}
	if len(q.Dimensions) > 0 {
		d.Dimension = q.Dimensions[0]
	}
	all, err := s.world.Drivers(s.t.Context(), []metric.DriverQuery{d})
	if err != nil {
		return nil, nil, err
	}
	lines := []string{"overall | " + value(all[0].Overall)}
	for _, d := range all[0].Drivers {
		l := fmt.Sprintf("%q | %s | volume %d | impact %s %s", d.Key, value(d.Value), d.Volume, number(d.Impact), span(d.ImpactLow, d.ImpactHigh))
		l += " | headroom " + number(d.Headroom)
		if d.RateEffect != nil {
			l += " | rate " + number(d.RateEffect) + " mix " + number(d.MixEffect)
		}
		lines = append(lines, l)
	}
	return all[0], lines, nil
}

func (s *script) sessions(q metric.Query) (any, []string, error) {
	sq := dataset.SessionQuery{Definition: q.Definition, Filters: q.Filters, Range: q.Range, Zone: q.Zone, AsOf: q.AsOf, Sort: q.Sort}
	if len(q.Measures) > 0 {
		sq.Measure = q.Measures[0]
	}
	page, err := s.world.Sessions(s.t.Context(), sq)
	if err != nil {
		return nil, nil, err
	}
	lines := []string{fmt.Sprintf("%d sessions", page.Count)}
	for _, one := range page.Sessions {
		at := time.UnixMilli(one.StartedAt).UTC().Format("2006-01-02T15:04:05Z")
		lines = append(lines, fmt.Sprintf("%s %d | %s | turns %d | %s", one.Conversation, one.Number, at, one.Turns, one.TopicName))
	}
	return page, lines, nil
}

// value is 0.5 = 1/2 (0.0945..0.9055): the number whole, what it is made of, and its interval to four places.
func value(v metric.Value) string {
	out := number(v.Value)
	if v.TooFew {
		out = "too few"
	}
	switch {
	case v.Denominator != nil && v.Numerator != nil:
		out += fmt.Sprintf(" = %d/%d", *v.Numerator, *v.Denominator)
	case v.Denominator != nil:
		out += fmt.Sprintf(" of %d", *v.Denominator)
	}
	if v.Low != nil {
		out += " " + span(v.Low, v.High)
	}
	return out
}

func span(low, high *float64) string {
	if low == nil {
		return "(-)"
	}
	return fmt.Sprintf("(%.4f..%.4f)", *low, *high)
}

func number(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func changed(c metric.Change) string {
	switch {
	case c.New:
		return "new"
	case c.Points != nil:
		return number(c.Points) + " points"
	case c.Relative != nil:
		return number(c.Relative) + " of it"
	default:
		return "-"
	}
}
