package cli

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/wire"
)

type billedCmd struct {
	anywhereFlags
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
	in, err := c.open(ctx, a, "rapport billed", c.definitionFlag, c.zoneFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	keep, err := c.filterFlags.load(in.zone)
	if err != nil {
		return err
	}
	rows := newBilledListing(in.zone)
	rows.open(c.Format, c.TempDir)
	defer func() { err = errors.Join(err, rows.close()) }()
	err = in.from.Billed(ctx, func(bot activity.Bot, key rowKey, row *wire.Billed) error {
		if !keep.keep(bot, row.Kind, key.ms, key.untimed) {
			return nil
		}
		return rows.add(key, row)
	})
	if err != nil {
		return err
	}
	keep.notes(a, "billed session")
	if keep.seen.sessions == 0 && in.def != nil {
		a.note("a billed session opens by %s; the test canvas and rows of a sessions CSV have none", strings.Join(in.def.Billing.OpenedBy, ", "))
	}
	return rows.write(ctx, a.out)
}

func newBilledListing(zone *time.Location) *listing[wire.Billed] {
	return &listing[wire.Billed]{
		table: newTable(
			column{title: "STARTED"}, column{title: "ENDED"}, column{title: "BOT", most: 30, least: 10},
			column{title: "CONVERSATION", most: 44, least: 18}, column{title: "#", right: true}, column{title: "OPENED BY"},
			column{title: "TOPIC", most: 30, least: 12}, column{title: "TURNS", right: true},
		),
		line: func(b *wire.Billed) []string {
			return []string{
				wire.Local(b.StartedAt, zone), wire.Local(b.EndedAt, zone), b.BotName, b.ConversationID, strconv.Itoa(b.Billed),
				string(b.OpenedBy), b.Topic.Title(), strconv.Itoa(b.Turns),
			}
		},
		header:  wire.BilledHeader(),
		columns: (*wire.Billed).Cells,
	}
}
