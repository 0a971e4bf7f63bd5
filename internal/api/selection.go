package api

import (
	"fmt"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport/internal/dataset"
	"rapport/internal/measure"
	"rapport/internal/metric"
)

// Selection are the parameters that say which sessions, in a URL. They mean what the same keys of a JSON body mean.
type Selection struct {
	Definition  string   `query:"definition" doc:"name of a definition in force; the default one without"`
	Filter      []string `query:"filter,explode" doc:"dimension:value; several of one dimension mean any of them; !dimension:value leaves out" example:"channel:msteams"`
	From        string   `query:"from" doc:"first day of the zone, or first moment (RFC 3339)" example:"2026-04-01"`
	To          string   `query:"to" doc:"last day, or the moment at which it ends"`
	All         bool     `query:"all" doc:"all time, sessions without times too; not with from or to, without which the default range is meant"`
	Zone        string   `query:"zone" doc:"IANA name" example:"Europe/Berlin"`
	AsOf        string   `query:"as_of" doc:"moment to read as of (RFC 3339); now without"`
	Measure     string   `query:"measure" doc:"only the sessions that this measure's numerator counts"`
	Denominator bool     `query:"denominator" doc:"those that its denominator counts instead"`
	Dimensions  []string `query:"dimensions,explode" doc:"only one row of an answer: the dimensions of its question"`
	Grain       string   `query:"grain" doc:"of the dimension time: hour, day, week or month"`
	Keys        []string `query:"keys,explode" doc:"and the keys of that row"`
	Said        string   `query:"said" doc:"only sessions in which the user said something that contains this, in any case"`
}

// Page are the parameters of a page.
type Page struct {
	Sort   string `query:"sort" doc:"a column, - in front for descending; -started_at without" example:"-turns"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"rows of the page"`
	Cursor string `query:"cursor" doc:"next of the page before, with the same other parameters"`
}

// Resolve implements huma.Resolver: the router takes an empty key, which is that of the unknown, for none.
func (s *Selection) Resolve(ctx huma.Context) []error {
	s.Keys = allOf(ctx, "keys")
	return nil
}

// allOf are all values of a parameter, empty ones too.
func allOf(ctx huma.Context, name string) []string {
	u := ctx.URL()
	return u.Query()[name]
}

func (s *Selection) query() (dataset.SessionQuery, error) {
	q := dataset.SessionQuery{
		Definition: s.Definition, Zone: s.Zone, AsOf: s.AsOf, Measure: s.Measure, Denominator: s.Denominator, Said: s.Said,
		Dimensions: s.Dimensions, Grain: measure.Unit(s.Grain), Keys: s.Keys,
	}
	ranged := s.From != "" || s.To != ""
	if s.All && ranged {
		return q, wrong("query.all", "not with from or to")
	}
	if s.All || ranged {
		q.Range = &metric.Range{From: s.From, To: s.To}
	}
	place := map[string]int{} // of the filter of a dimension, among q.Filters
	for i, f := range s.Filter {
		dimension, value, ok := strings.Cut(f, ":")
		if !ok || strings.TrimPrefix(dimension, "!") == "" {
			return q, wrong(fmt.Sprintf("query.filter[%d]", i), "write dimension:value, or !dimension:value to leave it out")
		}
		if at, ok := place[dimension]; ok {
			q.Filters[at].Values = append(q.Filters[at].Values, value)
			continue
		}
		place[dimension] = len(q.Filters)
		name, exclude := strings.CutPrefix(dimension, "!")
		q.Filters = append(q.Filters, metric.Filter{Dimension: name, Exclude: exclude, Values: []string{value}})
	}
	return q, nil
}

func (p *Page) apply(q *dataset.SessionQuery) { q.Sort, q.Limit, q.Cursor = p.Sort, p.Limit, p.Cursor }

// moment is the as-of of an answer in ms; 0 where everything is read as closed.
func moment(h metric.Header) (int64, error) {
	if h.AsOf == "" {
		return 0, nil
	}
	t, err := time.Parse(time.RFC3339, h.AsOf)
	if err != nil {
		return 0, fmt.Errorf("read the moment of the answer: %w", err)
	}
	return t.UnixMilli(), nil
}
