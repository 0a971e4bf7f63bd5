package dataset

import (
	"context"

	"rapport/internal/activity"
	"rapport/internal/store"
)

// everyConversation reads every conversation of a snapshot in a stream, several at a time and each once. look adds what there is to say of
// one to a piece of the answer, which begins as its zero value; take is given the pieces in the order of the records, one at a time.
func everyConversation[Piece any](ctx context.Context, d *Dataset, v store.View, r *rules, p *Progress, look func(c *activity.Conversation, to *Piece), take func(*Piece) error) error {
	total, err := conversations(ctx, v, r)
	if err != nil {
		return err
	}
	p.begin(stageDeriving, total)
	var re rereader
	type part struct {
		conversations int64
		of            Piece
	}
	return pipeline(
		ctx, d.workers(),
		func(ctx context.Context, emit func([]*group) error) error {
			batches := batcher{emit: emit}
			if err := eachGroup(ctx, v, batches.add); err != nil {
				return err
			}
			return batches.flush()
		},
		func(ctx context.Context, groups []*group) (*part, error) {
			out := &part{}
			for _, g := range groups {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
				s, err := settle(&re, r.known, g)
				if err != nil {
					return nil, err
				}
				for _, c := range s.conversations {
					out.conversations++
					look(c, &out.of)
				}
			}
			return out, nil
		},
		func(out *part) error {
			p.add(out.conversations)
			return take(&out.of)
		},
	)
}
