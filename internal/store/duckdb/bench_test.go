package duckdb

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
	"rapport/internal/store/storetest"
)

var (
	benchSessions = flag.Int("sessions", 1_000_000, "sessions that BenchmarkSummaryPage asks about")
	benchData     = flag.String("data", "", "folder that keeps them for the next time")
	benchRounds   = flag.Int("rounds", 100, "how often BenchmarkSummaryPage asks each question")
)

// load puts so many sessions of the year 2025 under a projection of their own.
func load(tb testing.TB, s *Store, sessions int) int64 {
	tb.Helper()
	var projection int64
	err := s.Update(tb.Context(), func(tx store.Tx) error {
		id, err := tx.CreateProjection(tb.Context(), store.Projection{Name: "platform", Definition: "platform@1"})
		if err != nil {
			return err
		}
		projection = id
		start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		return storetest.Sessions(sessions, start, start.AddDate(1, 0, 0), 1, func(f *fact.Facts, keys []int64) error {
			return tx.Replace(tb.Context(), id, keys, false, f)
		})
	})
	if err != nil {
		tb.Fatal(err)
	}
	return projection
}

// facts is one projection of a view, as package metric asks it.
type facts struct {
	store.View
	projection int64
}

func (f facts) Aggregate(ctx context.Context, plan measure.Plan) ([]measure.Row, error) {
	return f.View.Aggregate(ctx, f.projection, plan)
}

// question is one query of a summary page.
type question struct {
	name string
	ask  func(ctx context.Context, c metric.Context) error
}

// summaryPage is what the Summary asks for its default 28 days.
func summaryPage() []question {
	period := &metric.Range{From: "2025-11-04", To: "2025-12-01"}
	query := func(name string, q metric.Query) question {
		q.Range, q.Zone = period, "Europe/Berlin"
		return question{name, func(ctx context.Context, c metric.Context) error {
			_, err := metric.Answer(ctx, c, q)
			return err
		}}
	}
	drivers := func(measure string) question {
		return question{"drivers of " + measure, func(ctx context.Context, c metric.Context) error {
			_, err := metric.Drivers(ctx, c, metric.DriverQuery{Measure: measure, Range: period, Zone: "Europe/Berlin"})
			return err
		}}
	}
	return []question{
		query("cards", metric.Query{
			Measures:   []string{"sessions", "engagement_rate", "resolution_rate", "escalation_rate", "abandon_rate", "csat_score"},
			Comparison: &metric.Comparison{Kind: "previous"},
		}),
		query("engagement by day", metric.Query{Measures: []string{"engaged_sessions", "unengaged_sessions", "engagement_rate"}, Dimensions: []string{"time"}, Grain: measure.Day}),
		query("outcomes by day", metric.Query{
			Measures: []string{"resolved_sessions", "escalated_sessions", "abandoned_sessions"}, Dimensions: []string{"time"}, Grain: measure.Day,
		}),
		query("csat by day", metric.Query{Measures: []string{"csat_score"}, Dimensions: []string{"time"}, Grain: measure.Day}),
		query("bot-started share", metric.Query{Measures: []string{"bot_started_share", "bot_started_answered_rate"}}),
		query("conversations", metric.Query{Measures: []string{"conversations"}}),
		query("users", metric.Query{Measures: []string{"users"}}),
		query("duration", metric.Query{Measures: []string{"duration_median"}}),
		drivers("engagement_rate"), drivers("resolution_rate"), drivers("escalation_rate"), drivers("abandon_rate"), drivers("csat_score"),
	}
}

// BenchmarkSummaryPage prints how long each question of a summary page takes, asked in random order.
func BenchmarkSummaryPage(b *testing.B) {
	dir := *benchData
	if dir == "" {
		dir = b.TempDir()
	}
	s, err := Open(b.Context(), dir, Options{Threads: 2})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	projection := int64(0)
	err = s.View(b.Context(), func(v store.View) error {
		all, err := v.Projections(b.Context())
		for _, p := range all {
			if p.Sessions == int64(*benchSessions) {
				projection = p.ID
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if projection == 0 {
		start := time.Now()
		projection = load(b, s, *benchSessions)
		b.Logf("%d sessions loaded in %v", *benchSessions, time.Since(start).Round(time.Millisecond))
	}
	questions := summaryPage()
	took := map[string][]time.Duration{}
	var order []int
	for i := range len(questions) * *benchRounds {
		order = append(order, i%len(questions))
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for b.Loop() {
		for _, i := range order {
			q := questions[i]
			start := time.Now()
			err := s.View(b.Context(), func(v store.View) error {
				return q.ask(b.Context(), metric.Context{Facts: facts{v, projection}, Zone: time.UTC})
			})
			if err != nil {
				b.Fatalf("%s: %v", q.name, err)
			}
			took[q.name] = append(took[q.name], time.Since(start))
		}
	}
	var worst time.Duration
	for _, q := range questions {
		d := took[q.name]
		slices.Sort(d)
		p95 := d[len(d)*95/100]
		worst = max(worst, p95)
		b.Logf("%-28s p50 %6.1f ms  p95 %6.1f ms  max %6.1f ms", q.name, ms(d[len(d)/2]), ms(p95), ms(d[len(d)-1]))
	}
	b.ReportMetric(ms(worst), "worst-p95-ms")
	b.ReportMetric(0, "ns/op")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
