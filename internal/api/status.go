package api

import (
	"context"

	"rapport/internal/wire"
)

type statusOutput struct {
	Body struct {
		Version      string  `json:"version" doc:"of the program"`
		Generation   int64   `json:"generation" doc:"how often the data has changed; answers of one generation are about the same data"`
		Zone         string  `json:"zone" doc:"meant where a question names none"`
		Definition   string  `json:"definition" doc:"meant where a question names none"`
		FirstAt      *string `json:"first_at" doc:"start of the first session, of any kind; null while none has a time"`
		LastAt       *string `json:"last_at" doc:"start of the last session"`
		LastImportAt *string `json:"last_import_at" doc:"end of the latest import that stands"`
		Sample       bool    `json:"sample" doc:"made-up data of rapport demo is in"`
		UploadBytes  int64   `json:"upload_bytes" doc:"most of one upload"`
	}
}

func (a *API) status(ctx context.Context, _ *struct{}) (*statusOutput, error) {
	out := &statusOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		s, err := a.opts.Data.Status(ctx)
		if err != nil {
			return err
		}
		b := &out.Body
		b.Version, b.UploadBytes = a.opts.Version, a.opts.UploadBytes
		b.Generation, b.Zone, b.Definition = s.Generation, s.Zone, s.Definition
		b.FirstAt, b.LastAt = wire.Stamp(s.FirstAt, s.FirstAt == 0), wire.Stamp(s.LastAt, s.LastAt == 0)
		b.LastImportAt = wire.Stamp(s.LastImportAt, s.LastImportAt == 0)
		b.Sample = s.Sample
		return nil
	})
	return out, err
}
