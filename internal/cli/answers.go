package cli

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

// writeAnswers writes answers to questions: JSON as the API does, one object for one question and a list for several.
func writeAnswers(a *app, answers []metric.Result, format string) error {
	switch format {
	case formatJSON:
		if len(answers) == 1 {
			return a.json(answers[0])
		}
		return a.json(answers)
	case formatJSONL:
		for i := range answers {
			if err := a.json(answers[i]); err != nil {
				return err
			}
		}
		return nil
	}
	out := bufio.NewWriter(a.out)
	for i := range answers {
		if i > 0 {
			fmt.Fprintln(out)
		}
		write := writeAnswerTable
		if format == formatCSV {
			write = writeAnswerCSV
		}
		if err := write(out, &answers[i]); err != nil {
			return err
		}
	}
	return flush(out)
}

// head says what an answer is of.
func answerHead(out io.Writer, h metric.Header, p, compared *metric.Period) {
	line := clean(h.Definition)
	if p != nil {
		line += ", " + span(p)
	}
	if compared != nil {
		line += ", compared with " + span(compared)
	}
	line += ", times in " + clean(h.Zone)
	if h.AsOf != "" {
		line += ", as of " + h.AsOf
	}
	fmt.Fprintf(out, "%s\n\n", line)
}

// span is a period in days where it is whole days, else in moments.
func span(p *metric.Period) string {
	from, err1 := time.Parse(time.RFC3339, p.From)
	to, err2 := time.Parse(time.RFC3339, p.To)
	midnight := func(t time.Time) bool { return t.Format(time.TimeOnly) == "00:00:00" }
	switch {
	case p.From == "" && p.To == "":
		return "all time"
	case p.To == "":
		return "from " + p.From
	case p.From == "":
		return "to " + p.To
	case err1 != nil || err2 != nil:
		return p.From + " to " + p.To
	case midnight(from) && midnight(to) && to.After(from):
		return from.Format(time.DateOnly) + " to " + to.Add(-time.Second).Format(time.DateOnly)
	default:
		return p.From + " to " + p.To
	}
}

func writeAnswerTable(out io.Writer, r *metric.Result) error {
	answerHead(out, r.Header, r.Period, r.Compared)
	var columns []column
	for _, d := range r.Dimensions {
		columns = append(columns, column{title: strings.ToUpper(d), most: 40, least: 10})
	}
	for _, m := range r.Measures {
		columns = append(columns, column{title: strings.ToUpper(strings.ReplaceAll(m, "_", " ")), right: true})
		if r.Compared != nil {
			columns = append(columns, column{title: "CHANGE", right: true})
		}
	}
	var rows [][]string
	for i := range r.Rows {
		if len(r.Dimensions) > 0 {
			rows = append(rows, answerRow(r, &r.Rows[i]))
		}
	}
	total := answerRow(r, &r.Total)
	if len(r.Dimensions) > 0 {
		total[0] = "total"
	}
	t := newTable(columns...)
	if err := t.print(out, append(rows, total)); err != nil {
		return err
	}
	if r.More > 0 {
		fmt.Fprintf(out, "and %s\n", count(r.More, "more row"))
	}
	return nil
}

func answerRow(r *metric.Result, row *metric.Row) []string {
	var cells []string
	for i := range r.Dimensions {
		label := ""
		if i < len(row.Labels) {
			label = row.Labels[i]
		}
		cells = append(cells, label)
	}
	for i, m := range r.Measures {
		if i >= len(row.Values) {
			cells = append(cells, "-")
			continue
		}
		cells = append(cells, valueInWords(m, &row.Values[i]))
		if r.Compared == nil {
			continue
		}
		change := ""
		if i < len(row.Changes) {
			change = changeInWords(&row.Changes[i])
		}
		cells = append(cells, change)
	}
	return cells
}

// valueInWords is a value for people: a rate with its interval and counts, a time in its units.
func valueInWords(name string, v *metric.Value) string {
	m, _ := measure.ByName(name)
	switch {
	case v.TooFew && v.Numerator != nil && v.Denominator != nil && m.Kind == measure.KindRate:
		return fmt.Sprintf("too few (%s of %s)", number(*v.Numerator), number(*v.Denominator))
	case v.TooFew && v.Denominator != nil:
		return fmt.Sprintf("too few (%s)", number(*v.Denominator))
	case v.TooFew:
		return "too few"
	case v.Value == nil:
		return "-"
	}
	text := amount(m, *v.Value)
	if v.Low != nil && v.High != nil {
		text += fmt.Sprintf(" (%s to %s)", bound(m, *v.Low), bound(m, *v.High))
	}
	if m.Kind == measure.KindRate && v.Denominator != nil {
		text += " of " + number(*v.Denominator)
	}
	return text
}

func amount(m measure.Measure, v float64) string {
	switch {
	case m.Unit == measure.UnitShare:
		return fmt.Sprintf("%.1f %%", 100*v)
	case m.Unit == measure.UnitMilliseconds:
		return (time.Duration(v) * time.Millisecond).Round(time.Second).String()
	case m.Kind == measure.KindCount:
		return number(int64(v))
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func bound(m measure.Measure, v float64) string {
	if m.Unit == measure.UnitShare {
		return fmt.Sprintf("%.1f", 100*v)
	}
	return fmt.Sprintf("%.2f", v)
}

func changeInWords(c *metric.Change) string {
	switch {
	case c.New:
		return "new"
	case c.Points != nil:
		return fmt.Sprintf("%+.1f points", 100**c.Points)
	case c.Relative != nil:
		return fmt.Sprintf("%+.1f %%", 100**c.Relative)
	default:
		return "-"
	}
}

// writeAnswerCSV writes one row a group, then the total, whose keys are "total".
func writeAnswerCSV(out io.Writer, r *metric.Result) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	header := []string{"row"}
	for _, d := range r.Dimensions {
		header = append(header, d, d+"_label")
	}
	for _, m := range r.Measures {
		header = append(header, m, m+"_numerator", m+"_denominator", m+"_low", m+"_high")
		if r.Compared != nil {
			header = append(header, m+"_before", m+"_change_points", m+"_change_relative")
		}
	}
	if err := w.Write(header); err != nil {
		return err
	}
	write := func(kind string, row *metric.Row) error {
		cells := []string{kind}
		for i := range r.Dimensions {
			key, label := "", ""
			if i < len(row.Keys) {
				key, label = row.Keys[i], row.Labels[i]
			}
			cells = append(cells, key, label)
		}
		for i := range r.Measures {
			v := &row.Values[i]
			cells = append(cells, decimal(v.Value), whole(v.Numerator), whole(v.Denominator), decimal(v.Low), decimal(v.High))
			if r.Compared == nil {
				continue
			}
			var before *float64
			var change metric.Change
			if i < len(row.Before) {
				before = row.Before[i].Value
			}
			if i < len(row.Changes) {
				change = row.Changes[i]
			}
			cells = append(cells, decimal(before), decimal(change.Points), decimal(change.Relative))
		}
		for i := 1; i <= 2*len(r.Dimensions); i++ { // numbers may begin with a dash
			cells[i] = wire.SafeCell(header[i], cells[i])
		}
		return w.Write(cells)
	}
	if len(r.Dimensions) > 0 {
		for i := range r.Rows {
			if err := write("group", &r.Rows[i]); err != nil {
				return err
			}
		}
	}
	if err := write("total", &r.Total); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}

func whole(v *int64) string {
	if v == nil {
		return ""
	}
	return id(*v)
}

// writeDrivers writes an answer to a driver question.
func writeDrivers(a *app, r metric.DriverResult, format string) error {
	switch format {
	case formatJSON, formatJSONL:
		return a.json(r)
	case formatCSV:
		return writeDriversCSV(a.out, &r)
	}
	out := bufio.NewWriter(a.out)
	answerHead(out, r.Header, r.Period, r.Compared)
	fmt.Fprintf(out, "%s %s", strings.ReplaceAll(r.Measure, "_", " "), valueInWords(r.Measure, &r.Overall))
	if r.Change != nil {
		fmt.Fprintf(out, ", %s", changeInWords(r.Change))
	}
	fmt.Fprint(out, "\n\n")
	columns := []column{
		{title: strings.ToUpper(r.Dimension), most: 40, least: 10},
		{title: "VALUE", right: true},
		{title: "SESSIONS", right: true},
		{title: "IMPACT", right: true},
		{title: "HEADROOM", right: true},
	}
	if r.Compared != nil {
		columns = append(columns, column{title: "BY RATE", right: true}, column{title: "BY MIX", right: true})
	}
	m, _ := measure.ByName(r.Measure)
	var rows [][]string
	for i := range r.Drivers {
		d := &r.Drivers[i]
		impact := pointsOf(m, d.Impact)
		if d.Impact != nil && !d.Clear {
			impact += " (unclear)"
		}
		row := []string{d.Label, valueInWords(r.Measure, &d.Value), number(d.Volume), impact, headroom(d.Headroom)}
		if r.Compared != nil {
			row = append(row, pointsOf(m, d.RateEffect), pointsOf(m, d.MixEffect))
		}
		rows = append(rows, row)
	}
	if err := newTable(columns...).print(out, rows); err != nil {
		return err
	}
	if r.More > 0 {
		fmt.Fprintf(out, "and %s\n", count(r.More, "more row"))
	}
	return flush(out)
}

// pointsOf is a difference of two values of a measure: in points for shares.
func pointsOf(m measure.Measure, v *float64) string {
	switch {
	case v == nil:
		return "-"
	case m.Unit == measure.UnitShare:
		return fmt.Sprintf("%+.1f points", 100**v)
	default:
		return fmt.Sprintf("%+.2f", *v)
	}
}

func headroom(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f", *v)
}

func writeDriversCSV(out io.Writer, r *metric.DriverResult) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	header := []string{
		"key", "label", "value", "numerator", "denominator", "volume", "share", "impact", "impact_low", "impact_high", "clear", "template_impact",
		"headroom", "rate_effect", "mix_effect",
	}
	if err := w.Write(header); err != nil {
		return err
	}
	for i := range r.Drivers {
		d := &r.Drivers[i]
		row := []string{
			wire.SafeCell("key", d.Key), wire.SafeCell("label", d.Label), decimal(d.Value.Value), whole(d.Value.Numerator), whole(d.Value.Denominator),
			id(d.Volume), decimal(d.Share), decimal(d.Impact), decimal(d.ImpactLow), decimal(d.ImpactHigh), strconv.FormatBool(d.Clear),
			decimal(d.TemplateImpact), decimal(d.Headroom), decimal(d.RateEffect), decimal(d.MixEffect),
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
