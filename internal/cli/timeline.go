package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"

	"rapport/internal/activity"
	"rapport/internal/session"
)

// timeline draws a conversation for people.
type timeline struct {
	conv  *activity.Conversation
	res   session.Result
	zone  *time.Location
	width int

	in     map[int]*int
	why    map[int][]session.Evidence
	starts map[int][]*session.Session // by the place of their first activity
	ends   map[int][]*session.Session // by the place of their last
}

const (
	defaultWidth = 100
	leastWidth   = 50
	// drawnGap is how long nothing happens before a gap is drawn.
	drawnGap = 2 * time.Minute
	// indent is what stands before a text: session, time and side.
	indent = 20
	// noteLines is how many lines a note takes; what people and bots said is never cut.
	noteLines = 3
)

// widthOf is the terminal's width, or a readable one.
func widthOf(w io.Writer) int {
	if f, ok := terminal(w); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil {
			return max(columns, leastWidth)
		}
	}
	return defaultWidth
}

func newTimeline(c *activity.Conversation, res session.Result, zone *time.Location, width int) *timeline {
	t := &timeline{
		conv: c, res: res, zone: zone, width: width,
		starts: map[int][]*session.Session{}, ends: map[int][]*session.Session{},
	}
	t.in, t.why = places(res)
	for i := range res.Sessions {
		s := &res.Sessions[i]
		if n := len(s.Activities); n > 0 {
			t.starts[s.Activities[0]] = append(t.starts[s.Activities[0]], s)
			t.ends[s.Activities[n-1]] = append(t.ends[s.Activities[n-1]], s)
		}
	}
	return t
}

// write draws everything. Errors of w come back from whoever flushes it.
func (t *timeline) write(w io.Writer) {
	t.head(w)
	for i := range t.res.Sessions {
		if s := &t.res.Sessions[i]; len(s.Activities) == 0 { // a row of a sessions CSV
			t.begin(w, s)
			t.end(w, s)
		}
	}
	day := ""
	for i, e := range t.res.Timeline {
		if i > 0 {
			t.gap(w, t.res.Timeline[i-1], e)
		}
		for _, s := range t.starts[i] {
			t.begin(w, s)
		}
		if d := t.day(e); d != day {
			day = d
			fmt.Fprintf(w, "     %s\n", d)
		}
		t.activity(w, i, e)
		for _, s := range t.ends[i] {
			t.end(w, s)
		}
	}
}

func (t *timeline) head(w io.Writer) {
	bot := cmp.Or(botName(t.conv.Bot), "(unknown)")
	if key := t.conv.Bot.Key(); key != "" && key != bot {
		bot += " (" + key + ")"
	}
	fmt.Fprintf(w, "conversation  %s\n", clean(t.conv.ID))
	fmt.Fprintf(w, "bot           %s\n", clean(bot))
	fmt.Fprintf(w, "definition    %s\n", clean(t.res.Definition))
	fmt.Fprintf(w, "times in      %s\n", t.zone)
	fmt.Fprintf(w, "holds         %s, %s, %s, %s\n", count(len(t.conv.Records), "record"), count(len(t.res.Timeline), "activity"),
		count(len(t.res.Sessions), "session"), count(len(t.res.Billed), "billed session"))
}

func (t *timeline) untimed(e activity.Entry) bool { return t.conv.Records[e.Record].Untimed }

func (t *timeline) day(e activity.Entry) string {
	if t.untimed(e) {
		return "untimed"
	}
	return activity.Time(e.At).In(t.zone).Format(time.DateOnly)
}

func (t *timeline) gap(w io.Writer, before, after activity.Entry) {
	if t.untimed(before) || t.untimed(after) {
		return
	}
	if d := time.Duration(after.At-before.At) * time.Millisecond; d >= drawnGap {
		fmt.Fprintf(w, "     ⋮  %s later\n", roughly(d))
	}
}

// roughly is a duration in its two largest units.
func roughly(d time.Duration) string {
	minutes := int64(d / time.Minute)
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 24*60:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	default:
		return fmt.Sprintf("%d d %d h", minutes/(24*60), minutes/60%24)
	}
}

func (t *timeline) begin(w io.Writer, s *session.Session) {
	fmt.Fprintln(w)
	t.wrapped(w, fmt.Sprintf("┌─ session %d: ", s.Number), "│    ", labels(s))
}

// end draws the boundary with the evidence that no single activity stands for.
func (t *timeline) end(w io.Writer, s *session.Session) {
	for _, e := range s.Evidence {
		if e.Index < 0 {
			t.evidence(w, "│", e)
		}
	}
	until := "untimed"
	if !s.Untimed {
		until = t.span(s)
	}
	fmt.Fprintf(w, "└─ session %d ends: %s\n\n", s.Number, until)
}

func (t *timeline) span(s *session.Session) string {
	from, to := activity.Time(s.StartedAt).In(t.zone), activity.Time(s.EndedAt).In(t.zone)
	form := time.TimeOnly
	if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
		form = time.DateTime
	}
	return from.Format(form) + " to " + to.Format(form)
}

func (t *timeline) activity(w io.Writer, i int, e activity.Entry) {
	gutter, at, side := " ", "", e.Role.String()
	if n := t.in[i]; n != nil {
		gutter = fmt.Sprint(*n)
	}
	if !t.untimed(e) {
		at = activity.Time(e.At).In(t.zone).Format(time.TimeOnly)
	}
	text := clean(e.Text)
	switch {
	case !e.IsMessage():
		side, text = "·", ""
	case text == "":
		text = "(no text)"
	case e.Role == activity.RoleUnknown:
		side = "?"
	}
	note := cut(clean(inWords(e.Signal)), noteLines*(t.width-indent))
	if note != "" && text != "" {
		note = " [" + note + "]"
	}
	if note == "" && text == "" {
		note = clean(strings.TrimSpace(string(e.Type) + " " + e.Name))
	}
	t.wrapped(w, fmt.Sprintf("%-4s %-8s  %-4s ", gutter, at, side), strings.Repeat(" ", indent), text+note)
	for _, ev := range t.why[i] {
		t.evidence(w, "", ev)
	}
}

// evidence draws one decision: in words, what it saw, and its code.
func (t *timeline) evidence(w io.Writer, gutter string, e session.Evidence) {
	text := ruleInWords(e.Rule)
	if e.Detail != "" {
		text += ": " + clean(e.Detail)
	}
	t.wrapped(w, pad(gutter, indent)+"→ ", strings.Repeat(" ", indent+2), fmt.Sprintf("%s [%s]", text, e.Rule))
}

// wrapped prints text after first, and what does not fit on the line on others after rest.
func (t *timeline) wrapped(w io.Writer, first, rest, text string) {
	for i, line := range wrap(text, t.width-cells(rest)) {
		before := rest
		if i == 0 {
			before = first
		}
		fmt.Fprintln(w, strings.TrimRight(before+line, " "))
	}
}
