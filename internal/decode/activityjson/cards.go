package activityjson

import (
	"strings"

	"github.com/segmentio/encoding/json"

	"rapport/internal/decode"
)

// cards is what people can read in the attachments of a message.
type cards struct {
	lines  []string
	size   int
	inputs bool // there is an adaptive card with something to fill in
}

// Bounds on what is looked at: cards come from anywhere, and their text never decides a session.
const (
	cardDepth = 24
	cardBytes = 1 << 20
)

// String is the readable text, one line an element, bounded to textLimit bytes.
func (c *cards) String() string { return cut(strings.Join(c.lines, "\n")) }

func (c *cards) say(lines ...text) {
	for _, line := range lines {
		if s := strings.TrimSpace(string(line)); s != "" && c.size <= textLimit {
			s = cut(s)
			c.lines = append(c.lines, s)
			c.size += len(s) + 1
		}
	}
}

// readCards reads a message's attachments and never fails.
func readCards(attachments []byte) cards {
	if string(attachments) == "[]" { // as most messages have it
		return cards{}
	}
	c := &cards{}
	c.each(attachments, 0, func(raw []byte, _ int) {
		var a struct {
			ContentType, Name text
			Content           json.RawMessage
		}
		if _, err := json.Parse(raw, &a, json.DontCopyRawMessage); err != nil {
			return
		}
		kind := strings.ToLower(string(a.ContentType))
		lines := len(c.lines)
		switch {
		case len(a.Content) > cardBytes:
		case strings.HasSuffix(kind, "card.adaptive"):
			c.adaptive(unwrap(a.Content), 0)
		case strings.HasPrefix(kind, "application/vnd.microsoft.card."):
			c.classic(unwrap(a.Content))
		case kind == "text/plain":
			c.say(text(scalar(a.Content)))
		}
		switch {
		case len(c.lines) > lines:
		case a.Name != "":
			c.say(a.Name)
		case kind != "":
			c.say("[" + a.ContentType + "]")
		}
	})
	return *c
}

// each calls f with the elements of a list, or with the one object that stands in its place.
func (c *cards) each(raw []byte, depth int, f func(raw []byte, depth int)) {
	if isNull(raw) || depth > cardDepth {
		return
	}
	if raw[0] != '[' {
		f(raw, depth)
		return
	}
	list := decode.NewArray(raw, 0, anyDepth)
	for list.Next() {
		f(list.Value(), depth)
	}
}

// adaptive reads one element of an adaptive card and those inside it, in reading order.
func (c *cards) adaptive(raw []byte, depth int) {
	if isNull(raw) {
		return
	}
	if raw[0] != '{' {
		c.say(text(scalar(raw))) // the inlines of rich text may be bare strings
		return
	}
	var e struct {
		Type, Text, Title, Label, Placeholder      text
		Facts, Choices                             list[struct{ Title, Value text }]
		Body, Items, Columns, Rows, Cells, Inlines json.RawMessage
		Actions, SelectAction, InlineAction, Card  json.RawMessage
	}
	if _, err := json.Parse(raw, &e, json.DontCopyRawMessage); err != nil {
		return
	}
	if strings.HasPrefix(strings.ToLower(string(e.Type)), "input.") {
		c.inputs = true
		if e.Label == "" {
			e.Label = e.Placeholder
		}
	}
	c.say(e.Text, e.Title, e.Label)
	for _, f := range e.Facts {
		c.say(text(strings.TrimSuffix(strings.TrimSpace(string(f.Title)), ":") + ": " + string(f.Value)))
	}
	for _, choice := range e.Choices {
		c.say(choice.Title)
	}
	for _, inner := range [][]byte{
		e.Body, e.Items, e.Columns, e.Rows, e.Cells, e.Inlines, e.SelectAction, e.InlineAction, e.Actions, e.Card,
	} {
		c.each(inner, depth+1, c.adaptive)
	}
}

// classic reads hero, thumbnail, sign-in, OAuth, receipt and media cards.
func (c *cards) classic(raw []byte) {
	v := of[struct {
		Title, Subtitle, Text text
		Facts                 list[struct{ Key, Value text }]
		Items                 list[struct{ Title, Price text }]
		Total                 text
		Buttons               list[struct{ Title text }]
	}](raw)
	c.say(v.Title, v.Subtitle, v.Text)
	for _, f := range v.Facts {
		c.say(f.Key + ": " + f.Value)
	}
	for _, item := range v.Items {
		c.say(text(strings.TrimSpace(string(item.Title + " " + item.Price))))
	}
	c.say(v.Total)
	for _, b := range v.Buttons {
		c.say(b.Title)
	}
}
