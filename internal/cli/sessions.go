package cli

import (
	"context"
	"errors"
	"strconv"
	"time"

	"rapport/internal/wire"
)

type sessionsCmd struct {
	anywhereFlags
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
	in, err := c.open(ctx, a, "rapport sessions", c.definitionFlag, c.zoneFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	keep, err := c.filterFlags.load(in.zone)
	if err != nil {
		return err
	}
	return listSessions(ctx, a, in.from, keep, c.Format, c.TempDir)
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
		row := wire.SessionOf(r.Bot, r.Conversation, r.Definition, &r.Session)
		return rows.add(rowKey{r.StartedAt, r.Untimed, r.Bot.Key(), r.Conversation, r.Number}, &row)
	})
	if err != nil {
		return err
	}
	keep.notes(a, "session")
	return rows.write(ctx, a.out)
}

func newSessionListing(zone *time.Location) *listing[wire.Session] {
	return &listing[wire.Session]{
		table: newTable(
			column{title: "STARTED"}, column{title: "BOT", most: 30, least: 10}, column{title: "CONVERSATION", most: 44, least: 18},
			column{title: "#", right: true}, column{title: "BY"}, column{title: "OUTCOME"}, column{title: "TOPIC", most: 30, least: 12},
			column{title: "TURNS", right: true}, column{title: "CSAT", right: true},
		),
		line: func(s *wire.Session) []string {
			return []string{
				wire.Local(s.StartedAt, zone), s.BotName, s.ConversationID, strconv.Itoa(s.Session), s.StartedBy,
				s.Ending(), s.Topic.Title(), strconv.Itoa(s.Turns), s.Score(),
			}
		},
		header:  wire.SessionHeader(),
		columns: (*wire.Session).Cells,
	}
}
