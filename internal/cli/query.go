package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"rapport/internal/errs"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/session"
)

// askFlags are what questions share.
type askFlags struct {
	Definition   string   `help:"A definition in force; default is the data set's own." placeholder:"NAME" env:"RAPPORT_DEFINITION" group:"input"`
	Filter       []string `help:"Keep sessions with DIMENSION=VALUE, or leave them out with DIMENSION!=VALUE; several values with a comma." placeholder:"D=V" sep:"none" group:"filter"`
	From         string   `help:"First day, or a moment." placeholder:"DATE" env:"RAPPORT_FROM" group:"filter"`
	To           string   `help:"Last day, the whole of it, or a moment." placeholder:"DATE" env:"RAPPORT_TO" group:"filter"`
	All          bool     `help:"All time; without a range the last 28 days that have data are meant." group:"filter"`
	Compare      string   `help:"Compare with: previous, year, or FROM..TO." placeholder:"WHAT" group:"filter"`
	MatchWeekday bool     `help:"Move the comparison so that it starts on the same weekday." group:"filter"`
	AsOf         string   `help:"Answer as of a moment (RFC 3339), or now; a data set is read as if everything were closed, a server answers as of now." placeholder:"TIME" group:"filter"`
	TZ           string   `name:"zone" help:"Time zone of days; default is the data set's own." placeholder:"ZONE" env:"RAPPORT_ZONE" group:"output"`
	MinimumCount int64    `help:"Below this many, a rate is too few to say; default ${default}." default:"10" placeholder:"N" group:"output"`
	Limit        int64    `help:"At most so many rows." placeholder:"N" group:"output"`
}

func (f *askFlags) period() (*metric.Range, error) {
	switch {
	case f.All && f.From+f.To != "":
		return nil, errs.New(errs.Invalid, "give one of them", "--all and a range are given together")
	case f.All:
		return &metric.Range{}, nil
	case f.From+f.To != "":
		return &metric.Range{From: f.From, To: f.To}, nil
	default:
		return nil, nil
	}
}

func (f *askFlags) comparison() (*metric.Comparison, error) {
	if f.Compare == "" {
		if f.MatchWeekday {
			return nil, errs.New(errs.Invalid, "add --compare previous", "--match-weekday without a comparison")
		}
		return nil, nil
	}
	c := &metric.Comparison{Kind: f.Compare, MatchWeekday: f.MatchWeekday}
	if from, to, ok := strings.Cut(f.Compare, ".."); ok {
		c.Kind, c.Range = "custom", &metric.Range{From: from, To: to}
	}
	return c, nil
}

// filters reads --filter. Values that hold a comma are asked for with --file.
func (f *askFlags) filters() ([]metric.Filter, error) {
	var out []metric.Filter
	for _, text := range f.Filter {
		name, values, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, errs.New(errs.Invalid, "write --filter channel=msteams,webchat or --filter kind!=design", "--filter %q names no dimension and value", text)
		}
		one := metric.Filter{Dimension: strings.TrimSuffix(name, "!"), Exclude: strings.HasSuffix(name, "!"), Values: strings.Split(values, ",")}
		out = append(out, one)
	}
	return out, nil
}

// ofKinds leaves test traffic out, as `rapport sessions` does, unless it is asked for: otherwise a query counts chat alone.
func ofKinds(filters []metric.Filter, includeTest bool) []metric.Filter {
	switch {
	case slices.ContainsFunc(filters, func(f metric.Filter) bool { return f.Dimension == "kind" }):
		return filters
	case includeTest:
		return append(filters, everyKind())
	default:
		return append(filters, metric.Filter{Dimension: "kind", Exclude: true, Values: []string{string(session.Design), string(session.Evaluation)}})
	}
}

func (f *askFlags) asOf() string {
	if f.AsOf == "now" {
		return time.Now().UTC().Format(time.RFC3339)
	}
	return f.AsOf
}

type queryCmd struct {
	Measures []string `arg:"" optional:"" name:"measure" help:"What to count: names from docs/metrics.md, e.g. engagement_rate."`
	By       []string `help:"Group by these dimensions; time takes --grain." placeholder:"DIMENSION" group:"filter"`
	Grain    string   `help:"Bucket of the dimension time: ${enum}." enum:"hour,day,week,month," default:"" placeholder:"UNIT" group:"filter"`
	Sort     string   `help:"A measure or dimension, with - in front for descending." placeholder:"NAME" group:"output"`
	File     string   `help:"Read the question, or a list of them, from this file (- for standard input) as JSON (docs/api.md)." placeholder:"FILE" group:"input"`
	dataFlags
	askFlags
	formatFlag
}

// Help is shown below the flags' summary.
func (*queryCmd) Help() string {
	return `Every rate is shown with its 95 % interval and its two counts; below --minimum-count the answer is "too few".

    rapport query engagement_rate resolution_rate --by topic --compare previous --data engagement`
}

// Run implements the command.
func (c *queryCmd) Run(ctx context.Context, a *app) (err error) {
	questions, err := c.questions(a)
	if err != nil {
		return err
	}
	d, err := c.open(ctx, a, "rapport query")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	answers, err := d.Query(ctx, questions)
	if err != nil {
		return err
	}
	for i := range answers {
		for _, n := range answers[i].Notes {
			a.note("%s", n)
		}
	}
	return writeAnswers(a, answers, c.Format)
}

func (c *queryCmd) questions(a *app) ([]metric.Query, error) {
	if c.File != "" {
		if len(c.Measures) > 0 {
			return nil, errs.New(errs.Invalid, "give one of them", "measures and --file are given together")
		}
		return readQuestions(c.File, a.in)
	}
	if len(c.Measures) == 0 {
		return nil, errs.New(errs.Invalid, "name some: "+strings.Join(measure.Names(), ", "), "no measure is named")
	}
	q := metric.Query{
		Measures: c.Measures, Dimensions: c.By, Grain: measure.Unit(c.Grain), Zone: c.TZ, Definition: c.Definition, AsOf: c.asOf(),
		MinimumCount: &c.MinimumCount, Sort: c.Sort, Limit: c.Limit,
	}
	var err error
	if q.Filters, err = c.filters(); err != nil {
		return nil, err
	}
	if q.Range, err = c.period(); err != nil {
		return nil, err
	}
	q.Comparison, err = c.comparison()
	return []metric.Query{q}, err
}

// mostQuestionBytes is far more than any question takes.
const mostQuestionBytes = 1 << 20

// readQuestions reads one question or a list of them.
func readQuestions(file string, stdin io.Reader) ([]metric.Query, error) {
	in := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, errs.Wrap(err, errs.NotFound, "name a file that you can read", "open --file %q", file)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, mostQuestionBytes))
	if err != nil {
		return nil, errs.Wrap(err, errs.Input, "", "read --file %q", file)
	}
	text = bytes.TrimSpace(text)
	read := func(to any) error {
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		if err := dec.Decode(to); err != nil {
			return errs.Wrap(err, errs.Invalid, "docs/api.md shows what a question looks like", "--file %q is no question", file)
		}
		return nil
	}
	if len(text) > 0 && text[0] == '[' {
		var list []metric.Query
		return list, read(&list)
	}
	one := make([]metric.Query, 1)
	return one, read(&one[0])
}

type driversCmd struct {
	Measure string `arg:"" help:"What to explain: engagement_rate, resolution_rate, escalation_rate, abandon_rate, csat_score, or another rate or mean."`
	By      string `help:"The dimension whose groups may drive it; default ${default}." default:"topic" placeholder:"DIMENSION" group:"filter"`
	dataFlags
	askFlags
	formatFlag
}

// Help is shown below the flags' summary.
func (*driversCmd) Help() string {
	return `Impact is the measure with the group minus the measure without it. Headroom is how many sessions would be won if the group were like
the rest. With --compare a change is split: the group's own rate, and how much of the traffic it is.

    rapport drivers resolution_rate --by topic --compare previous --data engagement`
}

// Run implements the command.
func (c *driversCmd) Run(ctx context.Context, a *app) (err error) {
	q := metric.DriverQuery{
		Measure: c.Measure, Dimension: c.By, Zone: c.TZ, Definition: c.Definition, AsOf: c.asOf(), MinimumCount: &c.MinimumCount, Limit: c.Limit,
	}
	if q.Filters, err = c.filters(); err != nil {
		return err
	}
	if q.Range, err = c.period(); err != nil {
		return err
	}
	if q.Comparison, err = c.comparison(); err != nil {
		return err
	}
	d, err := c.open(ctx, a, "rapport drivers")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	answers, err := d.Drivers(ctx, []metric.DriverQuery{q})
	if err != nil {
		return err
	}
	if len(answers) != 1 {
		return fmt.Errorf("%d answers to one question", len(answers))
	}
	for _, n := range answers[0].Notes {
		a.note("%s", n)
	}
	return writeDrivers(a, answers[0], c.Format)
}
