package cli

import (
	"context"
	"errors"
	"strconv"
	"time"

	"rapport/internal/session"
)

type sessionsCmd struct {
	inputFlags
	definitionFlag
	filterFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*sessionsCmd) Help() string {
	return `One row an analytics session, in order of start, bot, conversation and number.

    rapport sessions --format csv --from 2024-09-01 --to 2024-09-30 export.json > september.csv`
}

// Run implements the command.
func (c *sessionsCmd) Run(ctx context.Context, a *app) (err error) {
	by, err := loadRules(a, c.definitionFlag, &c.inputFlags, c.zoneFlag)
	if err != nil {
		return err
	}
	keep, err := c.filterFlags.load(by.zone)
	if err != nil {
		return err
	}
	return listSessions(ctx, a, &files{a, &c.inputFlags, by.def, by.catalogue}, keep, c.Format, c.TempDir)
}

// listSessions writes the sessions of any source.
func listSessions(ctx context.Context, a *app, from Source, keep *filter, format, tempDir string) (err error) {
	rows := newSessionListing(keep.zone)
	rows.open(format, tempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	err = from.Sessions(ctx, func(r Row) error {
		if !keep.keep(r.Bot, r.Kind, r.StartedAt, r.Untimed) {
			return nil
		}
		row := sessionRow(r)
		return rows.add(rowKey{r.StartedAt, r.Untimed, r.Bot.Key(), r.Conversation, r.Number}, &row)
	})
	if err != nil {
		return err
	}
	keep.notes(a, "session")
	return rows.write(ctx, a.out)
}

// sessionJSON is one session for programs: the keys and their order are the promise of docs/cli-json.md.
type sessionJSON struct {
	ConversationID string         `json:"conversation_id"`
	BotID          string         `json:"bot_id"`
	BotName        string         `json:"bot_name"`
	Session        int            `json:"session"`
	StartedAt      *string        `json:"started_at"`
	EndedAt        *string        `json:"ended_at"`
	StartedBy      string         `json:"started_by"`
	Open           bool           `json:"open"` // files are read as if everything were closed
	Channel        string         `json:"channel"`
	Locale         string         `json:"locale"`
	Kind           session.Kind   `json:"kind"`
	DesignMode     bool           `json:"design_mode"`
	Engagement     string         `json:"engagement"`
	Outcome        string         `json:"outcome"`
	Resolution     *string        `json:"resolution"`
	Reason         string         `json:"reason"`
	Topic          *topicJSON     `json:"topic"`
	Turns          int            `json:"turns"`
	UserMessages   int            `json:"user_messages"`
	BotMessages    int            `json:"bot_messages"`
	CSAT           *int           `json:"csat"`
	Definition     string         `json:"definition"`
	Source         session.Source `json:"source"`
	Evidence       []evidenceJSON `json:"evidence"`
}

func sessionRow(r Row) sessionJSON {
	out := sessionJSON{
		ConversationID: r.Conversation, BotID: r.Bot.Key(), BotName: botName(r.Bot), Session: r.Number,
		StartedAt: stamp(r.StartedAt, r.Untimed), EndedAt: stamp(r.EndedAt, r.Untimed), StartedBy: r.StartedBy.String(),
		Channel: r.Channel, Locale: r.Locale, Kind: r.Kind, DesignMode: r.DesignMode,
		Engagement: engagement(r.Engaged), Outcome: string(r.Outcome), Reason: r.Reason, Topic: topicOf(r.Topic),
		Turns: r.Turns, UserMessages: r.UserMessages, BotMessages: r.BotMessages,
		Definition: r.Definition, Source: r.Session.Source, Evidence: evidenceOf(r.Evidence, r.Untimed),
	}
	if r.Resolution != "" {
		s := string(r.Resolution)
		out.Resolution = &s
	}
	if r.CSAT != 0 {
		out.CSAT = &r.CSAT
	}
	return out
}

func newSessionListing(zone *time.Location) *listing[sessionJSON] {
	return &listing[sessionJSON]{
		table: newTable(
			column{title: "STARTED"}, column{title: "BOT", most: 30, least: 10}, column{title: "CONVERSATION", most: 44, least: 18},
			column{title: "#", right: true}, column{title: "BY"}, column{title: "OUTCOME"}, column{title: "TOPIC", most: 30, least: 12},
			column{title: "TURNS", right: true}, column{title: "CSAT", right: true},
		),
		line: func(s *sessionJSON) []string {
			return []string{
				local(s.StartedAt, zone), s.BotName, s.ConversationID, strconv.Itoa(s.Session), s.StartedBy,
				s.outcome(), s.Topic.name(), strconv.Itoa(s.Turns), optional(s.CSAT),
			}
		},
		header: []string{
			"conversation_id", "bot_id", "bot_name", "session", "started_at", "ended_at", "started_by", "open", "channel", "locale",
			"kind", "design_mode", "engagement", "outcome", "resolution", "reason", "topic_id", "topic_name", "topic_kind",
			"turns", "user_messages", "bot_messages", "csat", "definition", "source",
		},
		columns: func(s *sessionJSON) []string {
			row := []string{
				s.ConversationID, s.BotID, s.BotName, strconv.Itoa(s.Session), orEmpty(s.StartedAt), orEmpty(s.EndedAt), s.StartedBy,
				strconv.FormatBool(s.Open), s.Channel, s.Locale, string(s.Kind), strconv.FormatBool(s.DesignMode), s.Engagement,
				s.Outcome, orEmpty(s.Resolution), s.Reason,
			}
			row = append(row, s.Topic.columns()...)
			return append(row, strconv.Itoa(s.Turns), strconv.Itoa(s.UserMessages), strconv.Itoa(s.BotMessages), optional(s.CSAT),
				s.Definition, string(s.Source))
		},
	}
}

// outcome is one word or two for people: unengaged, abandoned, resolved (implied).
func (s *sessionJSON) outcome() string {
	switch {
	case s.Outcome == string(session.None):
		return s.Engagement
	case s.Resolution != nil:
		return s.Outcome + " (" + *s.Resolution + ")"
	default:
		return s.Outcome
	}
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
