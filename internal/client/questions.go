package client

import (
	"context"
	"net/url"
	"strconv"

	"rapport/internal/dataset"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

// Query answers questions from one snapshot.
func (c *Client) Query(ctx context.Context, queries []metric.Query) ([]metric.Result, error) {
	var out struct {
		Results []metric.Result `json:"results"`
	}
	err := c.post(ctx, "/queries", map[string]any{"queries": queries}, &out)
	return out.Results, err
}

// Drivers answers driver questions from one snapshot.
func (c *Client) Drivers(ctx context.Context, queries []metric.DriverQuery) ([]metric.DriverResult, error) {
	var out struct {
		Results []metric.DriverResult `json:"results"`
	}
	err := c.post(ctx, "/drivers", map[string]any{"queries": queries}, &out)
	return out.Results, err
}

// UtteranceGroups is what was said, the most frequent first.
func (c *Client) UtteranceGroups(ctx context.Context, q dataset.UtteranceQuery) (wire.UtteranceGroups, error) {
	var out wire.UtteranceGroups
	err := c.post(ctx, "/utterances/groups", q, &out)
	return out, err
}

// Bots are the bots of the data set, most sessions first. Names are what people call them.
func (c *Client) Bots(ctx context.Context) ([]dataset.Bot, error) {
	var in struct {
		Bots []struct {
			ID            string `json:"id"`
			Schema        string `json:"schema"`
			Name          string `json:"name"`
			Conversations int64  `json:"conversations"`
			Sessions      int64  `json:"sessions"`
		} `json:"bots"`
	}
	if err := c.get(ctx, "/bots", nil, &in); err != nil {
		return nil, err
	}
	out := make([]dataset.Bot, len(in.Bots))
	for i, b := range in.Bots {
		out[i] = dataset.Bot{Key: b.ID, Schema: b.Schema, Name: b.Name, Conversations: b.Conversations, Sessions: b.Sessions}
	}
	return out, nil
}

// Definitions are those in force.
func (c *Client) Definitions(ctx context.Context) ([]wire.InForce, error) {
	var out struct {
		Definitions []wire.InForce `json:"definitions"`
	}
	err := c.get(ctx, "/definitions", nil, &out)
	return out.Definitions, err
}

// Imports are all imports, the latest first.
func (c *Client) Imports(ctx context.Context) ([]wire.Import, error) {
	var out struct {
		Imports []wire.Import `json:"imports"`
	}
	err := c.get(ctx, "/imports", nil, &out)
	return out.Imports, err
}

// ImportOf is one import.
func (c *Client) ImportOf(ctx context.Context, id int64) (wire.Import, error) {
	var out wire.Import
	err := c.get(ctx, "/imports/"+strconv.FormatInt(id, 10), nil, &out)
	return out, err
}

// Rejects calls yield with what the import put in quarantine.
func (c *Client) Rejects(ctx context.Context, id int64, yield func(wire.Reject) error) error {
	return lines(ctx, c, "/imports/"+strconv.FormatInt(id, 10)+"/rejects", nil, func(r *wire.Reject) error { return yield(*r) })
}

// Explain is one conversation with every decision in it. bot "" is any bot, definition "" the server's default.
func (c *Client) Explain(ctx context.Context, bot, id, definition string) (wire.Conversation, error) {
	params := url.Values{}
	for name, value := range map[string]string{"bot": bot, "definition": definition} {
		if value != "" {
			params.Set(name, value)
		}
	}
	var out struct {
		Conversation wire.Conversation `json:"conversation"`
	}
	err := c.get(ctx, "/conversations/"+url.PathEscape(id), params, &out)
	return out.Conversation, err
}
