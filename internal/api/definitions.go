package api

import (
	"context"
	"slices"

	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/wire"
)

type definitionsOutput struct {
	Body struct {
		Definitions []wire.InForce `json:"definitions"`
	}
}

func (a *API) definitions(ctx context.Context, _ *struct{}) (*definitionsOutput, error) {
	all, err := a.opts.Data.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	out := &definitionsOutput{}
	out.Body.Definitions = make([]wire.InForce, len(all))
	for i := range all {
		out.Body.Definitions[i] = wire.InForceOf(all[i])
	}
	return out, nil
}

type presetsOutput struct {
	Body struct {
		Presets []wire.Definition `json:"presets" doc:"the default one first"`
	}
}

func (a *API) presets(context.Context, *struct{}) (*presetsOutput, error) {
	out := &presetsOutput{}
	for _, name := range definition.Presets() {
		d, err := definition.Load(name)
		if err != nil {
			return nil, err
		}
		out.Body.Presets = append(out.Body.Presets, wire.DefinitionOf(d))
	}
	return out, nil
}

type definitionInput struct {
	Name string `path:"name"`
}

type definitionOutput struct {
	Body struct {
		wire.Definition
		InForce bool       `json:"in_force"`
		Source  string     `json:"source" doc:"YAML; POST it to /definitions"`
		Keys    []wire.Key `json:"keys"`
	}
}

func (a *API) definition(ctx context.Context, in *definitionInput) (*definitionOutput, error) {
	d, force, err := a.find(ctx, in.Name)
	if err != nil {
		return nil, err
	}
	out := &definitionOutput{}
	out.Body.Definition, out.Body.InForce, out.Body.Keys = wire.DefinitionOf(d), force != nil, wire.KeysOf(d)
	if force != nil {
		out.Body.Source = force.Source
	} else {
		out.Body.Source = d.Source()
	}
	return out, nil
}

// find finds a definition in force, else a preset. A name is never taken for that of a file.
func (a *API) find(ctx context.Context, name string) (*definition.Definition, *dataset.InForce, error) {
	all, err := a.opts.Data.Definitions(ctx)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(all, func(f dataset.InForce) bool { return f.Definition.Name == name }); i >= 0 {
		return all[i].Definition, &all[i], nil
	}
	if !slices.Contains(definition.Presets(), name) {
		return nil, nil, errs.New(errs.NotFound, "GET "+Base+"/definitions and /definitions/presets list what there is", "there is no definition %q", clip(name, mostEcho))
	}
	d, err := definition.Load(name)
	return d, nil, err
}

// given is a definition that a request gives: one of the two.
type given struct {
	Name   string `json:"name,omitempty" maxLength:"64" doc:"of a definition in force, or a preset"`
	Source string `json:"source,omitempty" doc:"YAML of one's own"`
}

func (a *API) parse(ctx context.Context, g given, location string) (*definition.Definition, error) {
	switch {
	case (g.Name == "") == (g.Source == ""):
		return nil, wrong(location, "give name or source, one of the two")
	case g.Name != "":
		d, _, err := a.find(ctx, g.Name)
		if errs.CodeOf(err) == errs.NotFound {
			return nil, wrong(location+".name", err.Error(), definition.Presets()...)
		}
		return d, err
	default:
		d, err := definition.ParseSource(g.Source)
		if err != nil {
			p := wrong(location+".source", err.Error())
			p.Hint = errs.HintOf(err)
			return nil, p
		}
		return d, nil
	}
}

func (a *API) apply(ctx context.Context, in *struct{ Body given }) (*jobOutput, error) {
	d, err := a.parse(ctx, in.Body, "body")
	if err != nil {
		return nil, err
	}
	source := firstOf(in.Body.Source, d.Source())
	return a.start("apply", d.ID(), changes, nil, func(ctx context.Context, p *progress) (any, error) {
		f, err := a.opts.Data.Apply(ctx, source, p)
		if err != nil {
			return nil, err
		}
		return wire.InForceOf(f), nil
	})
}

func (a *API) drop(ctx context.Context, in *definitionInput) (*jobOutput, error) {
	if _, force, err := a.find(ctx, in.Name); err != nil {
		return nil, err
	} else if force == nil {
		return nil, errs.New(errs.NotFound, "", "definition %q is not in force", in.Name)
	}
	return a.start("drop", in.Name, changes, nil, func(ctx context.Context, _ *progress) (any, error) {
		return nil, a.opts.Data.Drop(ctx, in.Name)
	})
}

type diffInput struct {
	Body struct {
		A given `json:"a"`
		B given `json:"b"`
	}
}

// Diff is the result of a job of kind diff.
type Diff struct {
	Comparison wire.DefinitionDiff `json:"comparison"`
	Sessions   []wire.Difference   `json:"sessions" doc:"up to 1,000 that differ"`
	More       int64               `json:"more" doc:"how many others differ"`
}

func (a *API) diff(ctx context.Context, in *diffInput) (*jobOutput, error) {
	one, err := a.parse(ctx, in.Body.A, "body.a")
	if err != nil {
		return nil, err
	}
	other, err := a.parse(ctx, in.Body.B, "body.b")
	if err != nil {
		return nil, err
	}
	return a.start("diff", one.ID()+" and "+other.ID(), looks, nil, func(ctx context.Context, p *progress) (any, error) {
		out := Diff{Sessions: []wire.Difference{}}
		c, err := a.opts.Data.Diff(ctx, one, other, p, func(d dataset.Difference) error {
			if len(out.Sessions) == mostDiffered {
				out.More++
				return nil
			}
			out.Sessions = append(out.Sessions, wire.DifferenceOf(d, one.ID(), other.ID()))
			return nil
		})
		out.Comparison = wire.DefinitionDiffOf(c)
		return out, err
	})
}

type catalogueOutput struct {
	Body struct {
		Text    string  `json:"text"`
		Version int64   `json:"version"`
		At      *string `json:"kept_at"`
	}
}

func (a *API) catalogue(ctx context.Context, _ *struct{}) (*catalogueOutput, error) {
	doc, err := a.opts.Data.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	out := &catalogueOutput{}
	out.Body.Text, out.Body.Version, out.Body.At = doc.Body, doc.Version, wire.Stamp(doc.At, doc.At == 0)
	return out, nil
}

type catalogueInput struct {
	Body struct {
		Text string `json:"text" doc:"a botcomponent export or YAML; empty to have none"`
	}
}

func (a *API) setCatalogue(_ context.Context, in *catalogueInput) (*jobOutput, error) {
	if in.Body.Text != "" {
		if _, err := definition.ParseCatalogue([]byte(in.Body.Text)); err != nil {
			p := wrong("body.text", err.Error())
			p.Hint = errs.HintOf(err)
			return nil, p
		}
	}
	return a.start("catalogue", "topics", changes, nil, func(ctx context.Context, p *progress) (any, error) {
		return nil, a.opts.Data.SetCatalogue(ctx, in.Body.Text, p)
	})
}
