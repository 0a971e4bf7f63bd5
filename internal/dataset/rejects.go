package dataset

import (
	"context"
	"fmt"

	"rapport/internal/decode"
	"rapport/internal/store"
)

// Rejects calls yield with what the import put in quarantine, its Raw unpacked; code errs.NotFound. Those of a removed import are gone.
func (d *Dataset) Rejects(ctx context.Context, id int64, yield func(store.Reject) error) error {
	return d.store.View(ctx, func(v store.View) error {
		if _, err := findImport(ctx, v, id); err != nil {
			return err
		}
		return v.Rejects(ctx, id, func(r store.Reject) error {
			if r.Raw != nil {
				raw, err := decode.Unpack(nil, r.Raw)
				if err != nil {
					return fmt.Errorf("read reject %d of import %d: %w", r.Number, id, err)
				}
				r.Raw = raw
			}
			return yield(r)
		})
	})
}
