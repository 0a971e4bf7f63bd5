package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"

	"rapport/internal/activity"
	"rapport/internal/wire"
)

// timeline draws a conversation for people.
type timeline struct {
	conv  *wire.Conversation
	zone  *time.Location
	width int

	starts map[int][]*wire.Session // by the place of their first activity
	ends   map[int][]*wire.Session // by the place of their last
	shown  map[string]bool         // evidence that stands beside an activity
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

func newTimeline(c *wire.Conversation, zone *time.Location, width int) *timeline {
	t := &timeline{
		conv: c, zone: zone, width: width,
		starts: map[int][]*wire.Session{}, ends: map[int][]*wire.Session{}, shown: map[string]bool{},
	}
	first, last := map[int]int{}, map[int]int{} // places, by session
	for i, a := range c.Activities {
		for _, e := range a.Evidence {
			t.shown[sameEvidence(e)] = true
		}
		if a.Session == nil {
			continue
		}
		if _, ok := first[*a.Session]; !ok {
			first[*a.Session] = i
		}
		last[*a.Session] = i
	}
	for i := range c.Sessions {
		s := &c.Sessions[i]
		if at, ok := first[s.Session]; ok {
			t.starts[at] = append(t.starts[at], s)
			t.ends[last[s.Session]] = append(t.ends[last[s.Session]], s)
		}
	}
	return t
}

func sameEvidence(e wire.Evidence) string {
	return strings.Join([]string{string(e.Rule), e.ActivityID, wire.OrEmpty(e.At), e.Detail}, "\x00")
}

// write draws everything. Errors of w come back from whoever flushes it.
func (t *timeline) write(w io.Writer) {
	t.head(w)
	started := map[int]bool{}
	for _, sessions := range t.starts {
		for _, s := range sessions {
			started[s.Session] = true
		}
	}
	for i := range t.conv.Sessions {
		if s := &t.conv.Sessions[i]; !started[s.Session] { // a row of a sessions CSV
			t.begin(w, s)
			t.end(w, s)
		}
	}
	day := ""
	for i := range t.conv.Activities {
		a := &t.conv.Activities[i]
		if i > 0 {
			t.gap(w, &t.conv.Activities[i-1], a)
		}
		for _, s := range t.starts[i] {
			t.begin(w, s)
		}
		if d := t.day(a); d != day {
			day = d
			fmt.Fprintf(w, "     %s\n", d)
		}
		t.activity(w, a)
		for _, s := range t.ends[i] {
			t.end(w, s)
		}
	}
}

func (t *timeline) head(w io.Writer) {
	bot := cmp.Or(t.conv.BotName, "(unknown)")
	if key := t.conv.BotID; key != "" && key != bot {
		bot += " (" + key + ")"
	}
	fmt.Fprintf(w, "conversation  %s\n", clean(t.conv.ConversationID))
	fmt.Fprintf(w, "bot           %s\n", clean(bot))
	fmt.Fprintf(w, "definition    %s\n", clean(t.conv.Definition))
	fmt.Fprintf(w, "times in      %s\n", t.zone)
	fmt.Fprintf(w, "holds         %s, %s, %s, %s\n", count(t.conv.Records, "record"), count(len(t.conv.Activities), "activity"),
		count(len(t.conv.Sessions), "session"), count(len(t.conv.Billed), "billed session"))
}

// moment is a stamp in the zone; false where there is none.
func (t *timeline) moment(stamp *string) (time.Time, bool) {
	at, err := time.Parse(wire.StampForm, wire.OrEmpty(stamp))
	return at.In(t.zone), err == nil
}

func (t *timeline) day(a *wire.Activity) string {
	at, ok := t.moment(a.At)
	if !ok {
		return "untimed"
	}
	return at.Format(time.DateOnly)
}

func (t *timeline) gap(w io.Writer, before, after *wire.Activity) {
	from, timed := t.moment(before.At)
	to, both := t.moment(after.At)
	if d := to.Sub(from); timed && both && d >= drawnGap {
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

func (t *timeline) begin(w io.Writer, s *wire.Session) {
	fmt.Fprintln(w)
	t.wrapped(w, fmt.Sprintf("┌─ session %d: ", s.Session), "│    ", labels(s))
}

// end draws the boundary with the evidence that no single activity stands for.
func (t *timeline) end(w io.Writer, s *wire.Session) {
	for _, e := range s.Evidence {
		if !t.shown[sameEvidence(e)] {
			t.evidence(w, "│", e)
		}
	}
	fmt.Fprintf(w, "└─ session %d ends: %s\n\n", s.Session, t.span(s))
}

func (t *timeline) span(s *wire.Session) string {
	from, timed := t.moment(s.StartedAt)
	to, both := t.moment(s.EndedAt)
	if !timed || !both {
		return "untimed"
	}
	form := time.TimeOnly
	if from.Format(time.DateOnly) != to.Format(time.DateOnly) {
		form = time.DateTime
	}
	return from.Format(form) + " to " + to.Format(form)
}

func (t *timeline) activity(w io.Writer, a *wire.Activity) {
	gutter, at, side := " ", "", a.Side
	if a.Session != nil {
		gutter = fmt.Sprint(*a.Session)
	}
	if m, ok := t.moment(a.At); ok {
		at = m.Format(time.TimeOnly)
	}
	text := clean(a.Text)
	switch {
	case a.Type != activity.TypeMessage:
		side, text = "·", ""
	case text == "":
		text = "(no text)"
	case a.Side == "":
		side = "?"
	}
	note := cut(clean(a.Note), noteLines*(t.width-indent))
	if note != "" && text != "" {
		note = " [" + note + "]"
	}
	if note == "" && text == "" {
		note = clean(strings.TrimSpace(string(a.Type) + " " + a.Name))
	}
	t.wrapped(w, fmt.Sprintf("%-4s %-8s  %-4s ", gutter, at, side), strings.Repeat(" ", indent), text+note)
	for _, e := range a.Evidence {
		t.evidence(w, "", e)
	}
}

// evidence draws one decision: in words, what it saw, and its code.
func (t *timeline) evidence(w io.Writer, gutter string, e wire.Evidence) {
	text := wire.RuleInWords(e.Rule)
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
