package api

import (
	"context"

	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

type queriesInput struct {
	Body struct {
		Queries []metric.Query `json:"queries" minItems:"1" maxItems:"20"`
	}
}

type queriesOutput struct {
	Body struct {
		Generation int64           `json:"generation" doc:"how often the data set has changed: equal numbers, equal answers"`
		Results    []metric.Result `json:"results" doc:"in the order of the questions"`
	}
}

func (a *API) queries(ctx context.Context, in *queriesInput) (*queriesOutput, error) {
	out := &queriesOutput{}
	err := a.asking(ctx, func(ctx context.Context) (err error) {
		out.Body.Results, err = a.opts.Data.Query(ctx, in.Body.Queries)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range out.Body.Results {
		out.Body.Generation = r.Generation
	}
	return out, nil
}

type driversInput struct {
	Body struct {
		Queries []metric.DriverQuery `json:"queries" minItems:"1" maxItems:"20"`
	}
}

type driversOutput struct {
	Body struct {
		Generation int64                 `json:"generation"`
		Results    []metric.DriverResult `json:"results"`
	}
}

func (a *API) drivers(ctx context.Context, in *driversInput) (*driversOutput, error) {
	out := &driversOutput{}
	err := a.asking(ctx, func(ctx context.Context) (err error) {
		out.Body.Results, err = a.opts.Data.Drivers(ctx, in.Body.Queries)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range out.Body.Results {
		out.Body.Generation = r.Generation
	}
	return out, nil
}

// Measure is one thing that can be counted.
type Measure struct {
	Name        string            `json:"name"`
	Label       string            `json:"label"`
	Group       string            `json:"group"`
	Kind        measure.Kind      `json:"kind" doc:"count, rate, ratio, mean or rank"`
	Unit        measure.ValueUnit `json:"unit"`
	Better      int               `json:"better" doc:"1: higher is better, -1: lower is, 0: neither"`
	Table       string            `json:"table" doc:"session or billed"`
	Formula     string            `json:"formula"`
	Numerator   string            `json:"numerator" doc:"what it counts"`
	Denominator string            `json:"denominator" doc:"over what; empty for counts"`
	Caveats     string            `json:"caveats" doc:"what misleads"`
	Source      string            `json:"source"`
}

type measuresOutput struct {
	Body struct {
		Measures []Measure `json:"measures"`
	}
}

func (a *API) measures(context.Context, *struct{}) (*measuresOutput, error) {
	out := &measuresOutput{}
	for _, m := range measure.All() {
		out.Body.Measures = append(out.Body.Measures, Measure{
			Name: m.Name, Label: m.Label, Group: m.Group, Kind: m.Kind, Unit: m.Unit, Better: int(m.Better), Table: string(m.Table),
			Formula: m.Formula, Numerator: m.NumeratorWords, Denominator: m.DenominatorWords, Caveats: m.Caveats, Source: m.Source,
		})
	}
	return out, nil
}

// Dimension is one thing that can be grouped and filtered by.
type Dimension struct {
	Name    string   `json:"name"`
	Label   string   `json:"label"`
	Meaning string   `json:"meaning"`
	Class   string   `json:"class" doc:"number, label, identifier or text"`
	Tables  []string `json:"tables" doc:"session, billed"`
	Values  []Word   `json:"values" doc:"of a closed set; empty for an open one"`
}

// Word is one value of a dimension.
type Word struct {
	Key   string `json:"key"`
	Label string `json:"label"`
}

type dimensionsOutput struct {
	Body struct {
		Dimensions []Dimension `json:"dimensions"`
	}
}

func (a *API) dimensions(context.Context, *struct{}) (*dimensionsOutput, error) {
	out := &dimensionsOutput{}
	for _, d := range metric.Dimensions() {
		one := Dimension{Name: d.Name, Label: d.Label, Meaning: d.Meaning, Class: string(d.Class), Tables: []string{}, Values: []Word{}}
		for _, t := range d.Tables {
			one.Tables = append(one.Tables, string(t))
		}
		for _, w := range d.Values {
			one.Values = append(one.Values, Word{w.Key, w.Label})
		}
		out.Body.Dimensions = append(out.Body.Dimensions, one)
	}
	return out, nil
}

// Bot is one bot of the data set.
type Bot struct {
	ID            string  `json:"id" doc:"what tells bots apart: the bot's id, else its schema name"`
	Schema        string  `json:"schema"`
	Name          string  `json:"name" doc:"for people"`
	Conversations int64   `json:"conversations"`
	Sessions      int64   `json:"sessions"`
	FirstAt       *string `json:"first_at" doc:"start of the first session"`
	LastAt        *string `json:"last_at" doc:"start of the last session"`
}

type botsOutput struct {
	Body struct {
		Bots []Bot `json:"bots" doc:"most sessions first"`
	}
}

func (a *API) bots(ctx context.Context, _ *struct{}) (*botsOutput, error) {
	out := &botsOutput{}
	out.Body.Bots = []Bot{}
	err := a.asking(ctx, func(ctx context.Context) error {
		bots, err := a.opts.Data.Bots(ctx)
		for _, b := range bots {
			out.Body.Bots = append(out.Body.Bots, Bot{
				ID: b.Key, Schema: b.Schema, Name: firstOf(b.Name, b.Schema, b.Key), Conversations: b.Conversations, Sessions: b.Sessions,
				FirstAt: wire.Stamp(b.FirstAt, b.FirstAt == 0), LastAt: wire.Stamp(b.LastAt, b.LastAt == 0),
			})
		}
		return err
	})
	return out, err
}
