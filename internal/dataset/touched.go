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

// touchedBy are the keys of stored records that a change concerns although no record of theirs came or went: a bot is called otherwise
// (its id became known), or sessions of a CSV must give way to transcripts of their bot and day, or need not any more.
func touchedBy(ctx context.Context, in store.Records, c change) (map[int64]bool, error) {
	var moved, exported []activity.Bot
	for _, b := range c.were {
		if c.before.Resolve(b.Bot).Key() != c.after.Resolve(b.Bot).Key() {
			moved = append(moved, b.Bot)
		}
		if b.Exported {
			exported = append(exported, b.Bot)
		}
	}
	touched := map[int64]bool{}
	add := func(bots []activity.Bot, csv bool) error {
		if len(bots) == 0 {
			return nil
		}
		keys, err := in.KeysOf(ctx, bots, csv)
		for _, key := range keys {
			touched[key] = true
		}
		return err
	}
	if err := add(moved, false); err != nil {
		return nil, err
	}
	if len(exported) > 0 && !maps.Equal(daysOf(c.before, c.were), daysOf(c.after, c.are)) {
		if err := add(exported, true); err != nil {
			return nil, err
		}
	}
	return touched, nil
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
