package dataset

import (
	"context"
	"maps"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/store"
)

// change is what is known of bots before and after records come or go.
type change struct {
	before, after *assemble.Known
	// were and are the bots of the store's records then, and of all there are now.
	were, are []store.BotSeen
}

type botDay struct {
	bot string
	day int32
}

// moved are the bots that are called otherwise now: by another id, or by another schema name, which says who calls whom.
func (c change) moved() []activity.Bot {
	var moved []activity.Bot
	for _, b := range c.were {
		was, is := c.before.Resolve(b.Bot), c.after.Resolve(b.Bot)
		if was.Key() != is.Key() || was.Schema != is.Schema {
			moved = append(moved, b.Bot)
		}
	}
	return moved
}

// exported are the bots whose sessions of a CSV may give way otherwise now.
func (c change) exported() []activity.Bot {
	var exported []activity.Bot
	for _, b := range c.were {
		if b.Exported {
			exported = append(exported, b.Bot)
		}
	}
	if len(exported) > 0 && maps.Equal(daysOf(c.before, c.were), daysOf(c.after, c.are)) {
		return nil
	}
	return exported
}

// touchedBy are the keys of stored records that a change concerns although no record of theirs came or went: a bot moved (its id or schema
// name became known), or exported sessions must give way to transcripts of their bot and day, or need not any more.
func touchedBy(ctx context.Context, tx store.Tx, moved, exported []activity.Bot) (map[int64]bool, error) {
	touched := map[int64]bool{}
	if len(moved)+len(exported) == 0 {
		return touched, nil
	}
	if err := tx.Flush(ctx); err != nil {
		return nil, err
	}
	add := func(bots []activity.Bot, csv bool) error {
		if len(bots) == 0 {
			return nil
		}
		keys, err := tx.KeysOf(ctx, bots, csv)
		for _, key := range keys {
			touched[key] = true
		}
		return err
	}
	if err := add(moved, false); err != nil {
		return nil, err
	}
	return touched, add(exported, true)
}

// daysOf are the days on which bots, as they are called in the end, have transcripts.
func daysOf(k *assemble.Known, bots []store.BotSeen) map[botDay]bool {
	days := map[botDay]bool{}
	for _, b := range bots {
		if b.Transcripts {
			key := k.Resolve(b.Bot).Key()
			for _, day := range b.Days {
				days[botDay{key, day}] = true
			}
		}
	}
	return days
}
