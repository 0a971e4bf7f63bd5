package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"rapport/internal/activity"
	"rapport/internal/errs"
	"rapport/internal/session"
)

type explainCmd struct {
	inputFlags
	definitionFlag
	Conversation string `help:"The conversation's id, or the beginning of it." required:"" placeholder:"ID"`
	zoneFlag
	Format string `help:"Form of the output: ${enum}; default ${default}." default:"table" enum:"table,json" placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*explainCmd) Help() string {
	return `Messages, what the bot's engine noted, where sessions begin and end, and why. Test traffic is always read.
When two bots use one id, --bot says which is meant.

    rapport explain export.json --conversation 815e0c51`
}

// Run implements the command.
func (c *explainCmd) Run(ctx context.Context, a *app) error {
	by, err := loadRules(a, c.definitionFlag, &c.inputFlags, c.zoneFlag)
	if err != nil {
		return err
	}
	find := finder{want: strings.TrimSuffix(c.Conversation, "…"), bot: c.Bot}
	if find.want == "" {
		return errs.New(errs.Invalid, "`rapport sessions PATH` lists conversations", "--conversation is empty")
	}
	if err := read(ctx, a, &c.inputFlags, by.catalogue, find.look); err != nil {
		return err
	}
	conv, err := find.found()
	if err != nil {
		return err
	}
	res := session.Derive(conv, by.def, by.catalogue)
	if c.Format == formatJSON {
		line, err := appendJSON(nil, explanation(conv, res))
		if err != nil {
			return err
		}
		_, err = a.out.Write(append(line, '\n'))
		return err
	}
	out := bufio.NewWriter(a.out)
	t := newTimeline(conv, res, by.zone, widthOf(a.out))
	t.write(out)
	return flush(out)
}

// finder looks for a conversation among all of them, and for those whose ids come near. What it holds does not grow with them.
type finder struct {
	want, bot string
	exact     []*activity.Conversation // of several bots, maybe
	begins    *activity.Conversation   // the first whose id begins so
	beginning []string                 // ids that begin so, a few
	near      []nearID
}

type nearID struct {
	id       string
	distance int
}

// mostNear is how many other ids people are shown, mostSame of how many bots a conversation is kept.
const (
	mostNear = 3
	mostSame = 100
)

func (f *finder) look(c *activity.Conversation) error {
	if strings.EqualFold(c.ID, f.want) {
		if len(f.exact) < mostSame {
			f.exact = append(f.exact, c)
		}
		return nil
	}
	if len(c.ID) >= len(f.want) && strings.EqualFold(c.ID[:len(f.want)], f.want) {
		if f.begins == nil {
			f.begins = c
		}
		if len(f.beginning) <= mostNear {
			f.beginning = append(f.beginning, c.ID)
		}
	}
	// Ids are short; the bound keeps one absurd id from costing minutes.
	d := levenshtein.ComputeDistance(strings.ToLower(f.want), strings.ToLower(c.ID[:min(len(c.ID), 200)]))
	f.near = append(f.near, nearID{c.ID, d})
	slices.SortStableFunc(f.near, func(a, b nearID) int { return cmp.Compare(a.distance, b.distance) })
	f.near = f.near[:min(len(f.near), mostNear)]
	return nil
}

func (f *finder) found() (*activity.Conversation, error) {
	switch {
	case len(f.exact) == 1:
		return f.exact[0], nil
	case len(f.exact) > 1:
		return f.ofBot()
	case len(f.beginning) == 1:
		return f.begins, nil
	case len(f.beginning) > 1:
		return nil, errs.New(errs.Invalid, "give more of the id: "+strings.Join(f.beginning, ", "), "several conversations begin with %q", f.want)
	}
	var ids []string
	for _, n := range f.near {
		if n.distance <= len(f.want)/2 { // any id is the nearest to something
			ids = append(ids, n.id)
		}
	}
	hint := "`rapport sessions --include-test PATH` lists conversations"
	if len(ids) > 0 {
		hint = "the nearest: " + strings.Join(ids, ", ")
	}
	return nil, errs.New(errs.Invalid, hint, "there is no conversation %q in what was read", f.want)
}

func (f *finder) ofBot() (*activity.Conversation, error) {
	var bots []string
	for _, c := range f.exact {
		if f.bot != "" && slices.ContainsFunc([]string{c.Bot.ID, c.Bot.Schema, c.Bot.Name}, func(s string) bool { return strings.EqualFold(s, f.bot) }) {
			return c, nil
		}
		bots = append(bots, c.Bot.Key())
	}
	return nil, errs.New(errs.Invalid, "say which with --bot: "+strings.Join(bots, ", "), "%s have a conversation %q", count(len(f.exact), "bot"), f.want)
}

// explanationJSON is a conversation with everything that was decided in it (docs/cli-json.md).
type explanationJSON struct {
	ConversationID string         `json:"conversation_id"`
	BotID          string         `json:"bot_id"`
	BotName        string         `json:"bot_name"`
	Definition     string         `json:"definition"`
	Records        int            `json:"records"`
	Sessions       []sessionJSON  `json:"sessions"`
	Billed         []billedJSON   `json:"billed_sessions"`
	Activities     []activityJSON `json:"activities"`
}

type activityJSON struct {
	ID       string         `json:"id"`
	At       *string        `json:"at"`
	Type     activity.Type  `json:"type"`
	Name     string         `json:"name"`
	Side     string         `json:"side"` // user, bot or ""
	Text     string         `json:"text"`
	Note     string         `json:"note"`    // what it says beyond its text, in words
	Session  *int           `json:"session"` // the analytics session that it is in
	Evidence []evidenceJSON `json:"evidence"`
}

func explanation(c *activity.Conversation, res session.Result) explanationJSON {
	out := explanationJSON{
		ConversationID: c.ID, BotID: c.Bot.Key(), BotName: botName(c.Bot), Definition: res.Definition, Records: len(c.Records),
		Sessions: []sessionJSON{}, Billed: []billedJSON{}, Activities: []activityJSON{},
	}
	in, why := places(res)
	for i, e := range res.Timeline {
		out.Activities = append(out.Activities, activityJSON{
			ID: e.ID, At: stamp(e.At, c.Records[e.Record].Untimed), Type: e.Type, Name: e.Name, Side: e.Role.String(), Text: e.Text,
			Note: inWords(e.Signal), Session: in[i], Evidence: evidenceOf(why[i], c.Records[e.Record].Untimed),
		})
	}
	for i := range res.Sessions {
		out.Sessions = append(out.Sessions, sessionRow(Row{c.Bot, c.ID, res.Definition, res.Sessions[i]}))
	}
	for i := range res.Billed {
		out.Billed = append(out.Billed, billedRow(c, res.Definition, &res.Billed[i]))
	}
	return out
}

// places says of each activity in which session it is, and what evidence names it.
func places(res session.Result) (in map[int]*int, why map[int][]session.Evidence) {
	in, why = map[int]*int{}, map[int][]session.Evidence{}
	keep := func(all []session.Evidence) {
		for _, e := range all {
			if e.Index >= 0 {
				why[e.Index] = append(why[e.Index], e)
			}
		}
	}
	for i := range res.Sessions {
		for _, at := range res.Sessions[i].Activities {
			in[at] = &res.Sessions[i].Number
		}
		keep(res.Sessions[i].Evidence)
	}
	for i := range res.Billed {
		keep(res.Billed[i].Evidence)
	}
	return in, why
}

func labels(s *session.Session) string {
	row := sessionJSON{Engagement: engagement(s.Engaged), Outcome: string(s.Outcome), Topic: topicOf(s.Topic)}
	parts := []string{row.Engagement}
	if s.Outcome != session.None {
		parts = append(parts, string(s.Outcome))
	}
	var why []string
	if s.Resolution != "" {
		why = append(why, string(s.Resolution))
	}
	if s.Reason != "" && !strings.EqualFold(s.Reason, string(s.Outcome)) {
		why = append(why, s.Reason)
	}
	if len(why) > 0 {
		parts[len(parts)-1] += " (" + strings.Join(why, ", ") + ")"
	}
	parts = append(parts, "topic "+row.Topic.name(), count(s.Turns, "turn"), "started by "+s.StartedBy.String())
	if s.CSAT != 0 {
		parts = append(parts, fmt.Sprintf("score %d of 5", s.CSAT))
	}
	return clean(strings.Join(append(parts, string(s.Kind), string(s.Source)), ", "))
}
