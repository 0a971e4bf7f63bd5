package cli

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"rapport/internal/report"
	"rapport/internal/session"
	"rapport/internal/wire"
)

type reportCmd struct {
	anywhereFlags
	definitionFlag
	filterFlags
	zoneFlag
	formatFlag
}

// Help is shown below the flags' summary.
func (*reportCmd) Help() string {
	return `Headline numbers count chats; other kinds of traffic are counted apart. A session belongs to the day it started in.
Each rate is shown with its two counts.

    rapport report --zone Europe/Berlin --definition studio-2024 transcripts/`
}

// Run implements the command.
func (c *reportCmd) Run(ctx context.Context, a *app) (err error) {
	in, err := c.open(ctx, a, "rapport report", c.definitionFlag, c.zoneFlag)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	keep, err := c.filterFlags.load(in.zone)
	if err != nil {
		return err
	}
	sum, err := summarize(ctx, in.from, keep, in.definition)
	if err != nil {
		return err
	}
	keep.notes(a, "session")
	return writeReport(a.out, c.Format, sum)
}

// summarize sums the sessions of any source up.
func summarize(ctx context.Context, from Source, keep *filter, definition string) (report.Summary, error) {
	opts := report.Options{Definition: definition, Zone: keep.zone, Kinds: []session.Kind{session.Chat}, From: keep.from, To: keep.to}
	if keep.includeTest {
		opts.Kinds = append(opts.Kinds, session.Design, session.Evaluation)
	}
	r := report.New(opts)
	err := from.Sessions(ctx, func(row Row) error {
		if keep.keep(row.Bot, row.Kind, row.StartedAt, row.Untimed) {
			r.Add(row.Bot, &row.Session)
		}
		return nil
	})
	return r.Summary(), err
}

func writeReport(w io.Writer, format string, sum report.Summary) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var err error
	switch format {
	case formatJSON:
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		err = enc.Encode(sum)
	case formatJSONL:
		var line []byte
		if line, err = wire.Append(nil, sum); err == nil {
			_, err = out.Write(append(line, '\n'))
		}
	case formatCSV:
		err = writeReportCSV(out, sum)
	default:
		err = writeReportText(out, sum)
	}
	if err != nil {
		return err
	}
	return flush(out)
}

// writeReportCSV writes one row a group: the total, then bots, topics, other kinds and days.
func writeReportCSV(out io.Writer, sum report.Summary) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	rows := [][]string{
		{
			"group", "bot_id", "id", "name", "sessions", "engaged", "unengaged", "resolved_confirmed", "resolved_implied", "escalated",
			"abandoned", "engaged_without_outcome",
		},
		append([]string{"total", "", "", ""}, counts(sum.Counts)...),
	}
	for _, b := range sum.Bots {
		rows = append(rows, append([]string{"bot", b.ID, b.ID, b.Name}, counts(b.Counts)...))
	}
	for _, t := range sum.Topics {
		rows = append(rows, append([]string{"topic", t.BotID, t.ID, t.Name}, counts(t.Counts)...))
	}
	for _, k := range sum.OtherKinds {
		rows = append(rows, append([]string{"kind", "", string(k.Kind), string(k.Kind)}, counts(k.Counts)...))
	}
	for _, d := range sum.Days {
		rows = append(rows, append([]string{"day", "", d.Date.String(), d.Date.String()}, counts(d.Counts)...))
	}
	for _, r := range rows {
		if err := writeCells(w, rows[0], r); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func counts(c report.Counts) []string {
	var out []string
	for _, n := range []int64{c.Sessions, c.Engaged, c.Unengaged, c.Confirmed, c.Implied, c.Escalated, c.Abandoned, c.NoOutcome} {
		out = append(out, strconv.FormatInt(n, 10))
	}
	return out
}

// topRows is how many bots and topics a person sees; programs get them all.
const topRows = 10

func writeReportText(out io.Writer, sum report.Summary) error {
	fmt.Fprintf(out, "%s, %s, times in %s\n\n", clean(sum.Definition), daysOf(sum), sum.Zone)
	for _, line := range headline(sum) {
		fmt.Fprintf(out, "%-30s %s\n", line[0], line[1])
	}
	grain, spans := report.Fold(sum.Days)
	sections := []struct {
		title string
		table *table
		rows  [][]string
		more  string // what is not shown; "" when all is
	}{
		{"Bots", groupTable("BOT", 40), botRows(sum.Bots), more(len(sum.Bots), "bot")},
		{"Topics", groupTable("TOPIC", 40), topicRows(sum.Topics, len(sum.Bots) > 1), more(len(sum.Topics), "topic")},
		{"Outcomes by " + grain, spanTable(grain), spanRows(spans), ""},
	}
	for _, s := range sections {
		if len(s.rows) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n%s\n", s.title)
		if err := s.table.print(out, s.rows); err != nil {
			return err
		}
		if s.more != "" {
			fmt.Fprintln(out, s.more)
		}
	}
	return nil
}

// daysOf are the first and the last day of a summary.
func daysOf(sum report.Summary) string {
	n := len(sum.Days)
	if n == 0 {
		return "no days"
	}
	return sum.Days[0].Date.String() + " to " + sum.Days[n-1].Date.String()
}

func more(n int, noun string) string {
	if n <= topRows {
		return ""
	}
	return fmt.Sprintf("and %s, --format json has them all", count(n-topRows, "more "+noun))
}

func headline(sum report.Summary) [][2]string {
	r := sum.Rates
	lines := [][2]string{
		{"sessions", number(sum.Sessions)},
		{"engaged", number(sum.Engaged)},
		{"unengaged", number(sum.Unengaged)},
		{"engagement", percent(r.Engagement)},
		{"resolution", percent(r.Resolution)},
		{"  confirmed", percent(r.Confirmed)},
		{"  implied", percent(r.Implied)},
		{"escalation", percent(r.Escalation)},
		{"abandon", percent(r.Abandon)},
	}
	if sum.NoOutcome > 0 {
		lines = append(lines, [2]string{"engaged without an outcome", number(sum.NoOutcome)})
	}
	lines = append(lines,
		[2]string{"CSAT", csat(sum.CSAT)},
		[2]string{"bot-started", number(sum.BotStarted.Sessions)},
		[2]string{"  answered by a user", percent(sum.BotStarted.Answered)},
		[2]string{"  engagement without them", percent(sum.BotStarted.Without)},
		[2]string{"  without the unanswered", percent(sum.BotStarted.WithoutUnanswered)},
	)
	if sum.NoTopic > 0 {
		lines = append(lines, [2]string{"without a topic", number(sum.NoTopic)})
	}
	if sum.Untimed > 0 {
		lines = append(lines, [2]string{"untimed, of no day", number(sum.Untimed)})
	}
	for _, k := range sum.OtherKinds {
		lines = append(lines, [2]string{
			"not counted above: " + string(k.Kind),
			fmt.Sprintf("%s, engagement %s", count(k.Sessions, "session"), percent(k.Rates.Engagement)),
		})
	}
	return lines
}

// percent is a rate with its two counts: 61.5 % (8 of 13), or a dash.
func percent(r report.Rate) string {
	v, ok := r.Value()
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.1f %% (%s of %s)", v*100, number(r.Numerator), number(r.Denominator))
}

func csat(c report.CSAT) string {
	mean := "-"
	if c.Mean != nil {
		mean = fmt.Sprintf("%.2f of 5", *c.Mean)
	}
	return mean + ", answered " + percent(c.Response)
}

// number groups thousands with a comma.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func groupTable(what string, most int) *table {
	return newTable(
		column{title: what, most: most, least: 12}, column{title: "SESSIONS", right: true}, column{title: "ENGAGEMENT", right: true},
		column{title: "RESOLUTION", right: true}, column{title: "ESCALATION", right: true}, column{title: "ABANDON", right: true},
	)
}

func groupRow(name string, g report.Group) []string {
	return []string{name, number(g.Sessions), short(g.Rates.Engagement), short(g.Rates.Resolution), short(g.Rates.Escalation), short(g.Rates.Abandon)}
}

// short is a rate in a table, with its two counts.
func short(r report.Rate) string {
	v, ok := r.Value()
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", v*100, r.Numerator, r.Denominator)
}

func botRows(bots []report.Bot) [][]string {
	if len(bots) < 2 {
		return nil
	}
	names := map[string]int{}
	for _, b := range bots {
		names[b.Name]++
	}
	var rows [][]string
	for _, b := range bots[:min(len(bots), topRows)] {
		name := cmp.Or(b.Name, "(unknown)")
		if names[b.Name] > 1 {
			name += " (" + b.ID + ")"
		}
		rows = append(rows, groupRow(name, b.Group))
	}
	return rows
}

func topicRows(topics []report.Topic, withBot bool) [][]string {
	var rows [][]string
	for _, t := range topics[:min(len(topics), topRows)] {
		name := t.Name
		if withBot && t.Bot != "" {
			name += " (" + t.Bot + ")"
		}
		rows = append(rows, groupRow(name, t.Group))
	}
	return rows
}

func spanTable(grain string) *table {
	columns := []column{{title: strings.ToUpper(grain)}}
	for _, title := range []string{"SESSIONS", "UNENGAGED", "ENGAGED", "CONFIRMED", "IMPLIED", "ESCALATED", "ABANDONED"} {
		columns = append(columns, column{title: title, right: true})
	}
	return newTable(columns...)
}

func spanRows(spans []report.Span) [][]string {
	var rows [][]string
	for _, s := range spans {
		row := []string{s.Label}
		for _, n := range []int64{s.Sessions, s.Unengaged, s.Engaged, s.Confirmed, s.Implied, s.Escalated, s.Abandoned} {
			row = append(row, number(n))
		}
		rows = append(rows, row)
	}
	return rows
}
