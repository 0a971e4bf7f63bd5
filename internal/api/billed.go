package api

import (
	"context"

	"rapport/internal/dataset"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

type billedOutput struct {
	Body struct {
		metric.Header
		Period *metric.Period `json:"period"`
		Count  int64          `json:"count" doc:"how many there are in all"`
		Billed []wire.Billed  `json:"billed_sessions"`
		Next   string         `json:"next" doc:"cursor of the next page; empty on the last"`
	}
}

func (a *API) billedByURL(ctx context.Context, in *sessionsByURL) (*billedOutput, error) {
	q, err := in.Selection.query()
	if err != nil {
		return nil, err
	}
	in.apply(&q)
	return a.billed(ctx, q)
}

func (a *API) billedByBody(ctx context.Context, in *struct{ Body dataset.SessionQuery }) (*billedOutput, error) {
	return a.billed(ctx, in.Body)
}

func (a *API) billed(ctx context.Context, q dataset.SessionQuery) (*billedOutput, error) {
	out := &billedOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		p, err := a.opts.Data.BilledSessions(ctx, q)
		if err != nil {
			return err
		}
		name, err := a.botName(ctx)
		if err != nil {
			return err
		}
		out.Body.Header, out.Body.Period, out.Body.Count, out.Body.Next = p.Header, p.Period, p.Count, p.Next
		out.Body.Billed = make([]wire.Billed, len(p.Billed))
		for i := range p.Billed {
			out.Body.Billed[i] = wire.BilledOfFact(&p.Billed[i], name(p.Billed[i].Bot), p.Definition)
		}
		return nil
	})
	return out, err
}
