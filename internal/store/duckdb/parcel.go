package duckdb

import (
	"context"
	"errors"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"rapport/internal/fact"
)

// parcel is some rows on their way into a table.
type parcel struct {
	table string
	// fill appends them, and flushes where they are large.
	fill func(ctx context.Context, to *appender, flush func() error) error
}

// parcelRows is how many rows a parcel has: enough to be worth an appender, and few enough for several to be filled side by side.
const parcelRows = 4096

func parcels[Row any](table string, columns []fact.Column[Row], rows []placed[Row]) []parcel {
	var all []parcel
	for some := range slices.Chunk(rows, parcelRows) {
		all = append(all, parcel{table, func(ctx context.Context, to *appender, flush func() error) error {
			for i := range some {
				if err := appendFact(ctx, to, columns, some[i].row); err != nil {
					return err
				}
				if to.held > heldBytes {
					if err := flush(); err != nil {
						return err
					}
				}
			}
			return flush()
		}})
	}
	return all
}

// put puts parcels into their tables, in order. They are filled side by side, for what costs is to hand over cell by cell, and go in one
// after the other.
func (t *tx) put(ctx context.Context, all []parcel) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	turn := make(chan struct{})
	close(turn)
	for _, p := range all {
		mine, next := turn, make(chan struct{})
		turn = next
		g.Go(func() error {
			if err := t.putOne(ctx, p, mine); err != nil {
				return err
			}
			close(next)
			return nil
		})
	}
	return g.Wait()
}

// putOne puts one parcel into its table when its turn comes.
func (t *tx) putOne(ctx context.Context, p parcel, turn <-chan struct{}) (err error) {
	to, err := t.open(p.table)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.discard()) }()
	return p.fill(ctx, to, func() error {
		select {
		case <-turn:
			return to.flush(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}
