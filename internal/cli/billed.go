package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/session"
)

type billedCmd struct {
	inputFlags
	definitionFlag
	filterFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*billedCmd) Help() string {
	return `One row a billed session. They are cut by rules of their own and never by those of analytics sessions;
the test canvas is not billed.

    rapport billed --format csv transcripts/ > billed.csv`
}

// Run implements the command.
func (c *billedCmd) Run(ctx context.Context, a *app) (err error) {
	by, err := loadRules(a, c.definitionFlag, &c.inputFlags, c.zoneFlag)
	if err != nil {
		return err
	}
	keep, err := c.filterFlags.load(by.zone)
	if err != nil {
		return err
	}
	rows := newBilledListing(by.zone)
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	from := files{a, &c.inputFlags, by.def, by.catalogue}
	err = from.results(ctx, func(conv *activity.Conversation, res session.Result) error {
		for i := range res.Billed {
			b := &res.Billed[i]
			if !keep.keep(conv.Bot, b.Kind, b.StartedAt, b.Untimed) {
				continue
			}
			row := billedRow(conv, res.Definition, b)
			if err := rows.add(rowKey{b.StartedAt, b.Untimed, conv.Bot.Key(), conv.ID, b.Number}, &row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	keep.notes(a, "billed session")
	if keep.seen.sessions == 0 {
		a.note("a billed session opens by %s; the test canvas and rows of a sessions CSV have none", strings.Join(by.def.Billing.OpenedBy, ", "))
	}
	return rows.write(ctx, a.out)
}

// billedJSON is one billed session for programs (docs/cli-json.md).
type billedJSON struct {
	ConversationID string             `json:"conversation_id"`
	BotID          string             `json:"bot_id"`
	BotName        string             `json:"bot_name"`
	Billed         int                `json:"billed_session"`
	StartedAt      *string            `json:"started_at"`
	EndedAt        *string            `json:"ended_at"`
	OpenedBy       session.BilledRule `json:"opened_by"`
	Channel        string             `json:"channel"`
	Kind           session.Kind       `json:"kind"`
	Topic          *topicJSON         `json:"topic"`
	Turns          int                `json:"turns"`
	Definition     string             `json:"definition"`
	Evidence       []evidenceJSON     `json:"evidence"`
}

func billedRow(c *activity.Conversation, def string, b *session.Billed) billedJSON {
	return billedJSON{
		ConversationID: c.ID, BotID: c.Bot.Key(), BotName: botName(c.Bot), Billed: b.Number,
		StartedAt: stamp(b.StartedAt, b.Untimed), EndedAt: stamp(b.EndedAt, b.Untimed), OpenedBy: b.OpenedBy,
		Channel: b.Channel, Kind: b.Kind, Topic: topicOf(b.Topic), Turns: b.Turns, Definition: def,
		Evidence: evidenceOf(b.Evidence, b.Untimed),
	}
}

func newBilledListing(zone *time.Location) *listing[billedJSON] {
	return &listing[billedJSON]{
		table: newTable(
			column{title: "STARTED"}, column{title: "ENDED"}, column{title: "BOT", most: 30, least: 10},
			column{title: "CONVERSATION", most: 44, least: 18}, column{title: "#", right: true}, column{title: "OPENED BY"},
			column{title: "TOPIC", most: 30, least: 12}, column{title: "TURNS", right: true},
		),
		line: func(b *billedJSON) []string {
			return []string{
				local(b.StartedAt, zone), local(b.EndedAt, zone), b.BotName, b.ConversationID, strconv.Itoa(b.Billed),
				string(b.OpenedBy), b.Topic.name(), strconv.Itoa(b.Turns),
			}
		},
		header: []string{
			"conversation_id", "bot_id", "bot_name", "billed_session", "started_at", "ended_at", "opened_by", "channel", "kind",
			"topic_id", "topic_name", "topic_kind", "turns", "definition",
		},
		columns: func(b *billedJSON) []string {
			row := []string{
				b.ConversationID, b.BotID, b.BotName, strconv.Itoa(b.Billed), orEmpty(b.StartedAt), orEmpty(b.EndedAt),
				string(b.OpenedBy), b.Channel, string(b.Kind),
			}
			row = append(row, b.Topic.columns()...)
			return append(row, strconv.Itoa(b.Turns), b.Definition)
		},
	}
}
