package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/dataset"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

type sessionsOutput struct {
	Body struct {
		metric.Header
		Period   *metric.Period `json:"period"`
		Count    int64          `json:"count" doc:"how many there are in all"`
		Sessions []wire.Session `json:"sessions" doc:"their evidence names rules alone; GET /conversations/{id} says what the rules saw"`
		Next     string         `json:"next" doc:"cursor of the next page; empty on the last"`
	}
}

type sessionsByURL struct {
	Selection
	Page
}

func (a *API) sessionsByURL(ctx context.Context, in *sessionsByURL) (*sessionsOutput, error) {
	q, err := in.Selection.query()
	if err != nil {
		return nil, err
	}
	in.apply(&q)
	return a.sessions(ctx, q)
}

func (a *API) sessionsByBody(ctx context.Context, in *struct{ Body dataset.SessionQuery }) (*sessionsOutput, error) {
	return a.sessions(ctx, in.Body)
}

func (a *API) sessions(ctx context.Context, q dataset.SessionQuery) (*sessionsOutput, error) {
	out := &sessionsOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		p, err := a.opts.Data.Sessions(ctx, q)
		if err != nil {
			return err
		}
		name, err := a.botName(ctx)
		if err != nil {
			return err
		}
		asOf, err := moment(p.Header)
		if err != nil {
			return err
		}
		out.Body.Header, out.Body.Period, out.Body.Count, out.Body.Next = p.Header, p.Period, p.Count, p.Next
		out.Body.Sessions = make([]wire.Session, len(p.Sessions))
		for i := range p.Sessions {
			out.Body.Sessions[i] = wire.SessionOfFact(&p.Sessions[i], name(p.Sessions[i].Bot), p.Definition, asOf)
		}
		return nil
	})
	return out, err
}

type utterancesOutput struct {
	Body struct {
		metric.Header
		Period     *metric.Period   `json:"period"`
		Utterances []wire.Utterance `json:"utterances"`
		Next       string           `json:"next" doc:"cursor of the next page; empty on the last"`
	}
}

// About are the parameters of utterances themselves.
type About struct {
	Recognition []string `query:"recognition,explode" enum:"recognised,unrecognised,ambiguous," doc:"what the bot's language understanding made of it; any of these"`
	Source      []string `query:"source,explode" enum:"message,csat_comment,reaction_comment,bot" doc:"any of the first three, all without it: what users said. Or bot alone: the bot's last message in abandoned sessions"`
	Contains    string   `query:"contains" doc:"what it contains, in any case"`
}

// Resolve implements huma.Resolver: nothing known of an utterance is a value too.
func (u *About) Resolve(ctx huma.Context) []error {
	u.Recognition = allOf(ctx, "recognition")
	return nil
}

func (u *About) query(q dataset.SessionQuery) dataset.UtteranceQuery {
	return dataset.UtteranceQuery{SessionQuery: q, Recognition: u.Recognition, Source: u.Source, Contains: u.Contains}
}

type utterancesByURL struct {
	Selection
	Page
	About
}

func (a *API) utterancesByURL(ctx context.Context, in *utterancesByURL) (*utterancesOutput, error) {
	q, err := in.Selection.query()
	if err != nil {
		return nil, err
	}
	in.apply(&q)
	return a.utterances(ctx, in.About.query(q))
}

func (a *API) utterancesByBody(ctx context.Context, in *struct{ Body dataset.UtteranceQuery }) (*utterancesOutput, error) {
	return a.utterances(ctx, in.Body)
}

func (a *API) utterances(ctx context.Context, q dataset.UtteranceQuery) (*utterancesOutput, error) {
	out := &utterancesOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		p, err := a.opts.Data.Utterances(ctx, q)
		if err != nil {
			return err
		}
		name, err := a.botName(ctx)
		if err != nil {
			return err
		}
		out.Body.Header, out.Body.Period, out.Body.Next = p.Header, p.Period, p.Next
		out.Body.Utterances = make([]wire.Utterance, len(p.Utterances))
		for i := range p.Utterances {
			out.Body.Utterances[i] = wire.UtteranceOfFact(&p.Utterances[i], name(p.Utterances[i].Bot))
		}
		return nil
	})
	return out, err
}

type utteranceGroupsOutput struct {
	Body struct {
		metric.Header
		Period *metric.Period `json:"period"`
		wire.UtteranceGroups
	}
}

func (a *API) utteranceGroups(ctx context.Context, in *struct{ Body dataset.UtteranceQuery }) (*utteranceGroupsOutput, error) {
	out := &utteranceGroupsOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		p, err := a.opts.Data.UtteranceGroups(ctx, in.Body)
		if err != nil {
			return err
		}
		out.Body.Header, out.Body.Period, out.Body.UtteranceGroups = p.Header, p.Period, wire.UtteranceGroupsOf(p.UtteranceGroups)
		return nil
	})
	return out, err
}

type conversationInput struct {
	ID         string `path:"id" doc:"conversation id"`
	Bot        string `query:"bot" doc:"where several bots have the id"`
	Definition string `query:"definition" doc:"name of a definition in force; the default one without"`
}

type conversationOutput struct {
	Body struct {
		metric.Header
		Conversation wire.Conversation `json:"conversation"`
	}
}

func (a *API) conversation(ctx context.Context, in *conversationInput) (*conversationOutput, error) {
	out := &conversationOutput{}
	err := a.asking(ctx, func(ctx context.Context) error {
		c, err := a.opts.Data.Conversation(ctx, in.Bot, in.ID, in.Definition)
		if err != nil {
			return err
		}
		asOf, err := moment(c.Header)
		if err != nil {
			return err
		}
		out.Body.Header, out.Body.Conversation = c.Header, wire.ConversationOf(c.Conversation, c.Result, asOf)
		return nil
	})
	return out, err
}
