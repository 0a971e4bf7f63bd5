package metric

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// crowd is n sessions of one topic at one day: the first k of them as win makes them, the first engaged of them engaged.
type crowd struct {
	day     string
	topic   string
	n       int
	engaged int
	k       int
	win     func(*fact.Session)
}

func crowds(t testing.TB, of ...crowd) *world {
	t.Helper()
	w := &world{}
	for _, c := range of {
		for i := range c.n {
			s := fact.Session{StartedAt: day(t, time.UTC, c.day+" 12:00").UnixMilli(), TopicID: c.topic, Engaged: i < c.engaged}
			if s.Engaged {
				s.Outcome = 3
			}
			if i < c.k {
				c.win(&s)
			}
			w.sessions = append(w.sessions, s)
		}
	}
	return w
}

func drivers(t testing.TB, w *world, q DriverQuery) DriverResult {
	t.Helper()
	if q.Range == nil {
		q.Range = &Range{"2026-04-01", "2026-04-01"}
	}
	got, err := Drivers(context.Background(), Context{Facts: w}, q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// drawn is a result for reading: a line a driver.
func drawn(r DriverResult) string {
	var b strings.Builder
	for _, d := range r.Drivers {
		fmt.Fprintf(&b, "%s: value %s, volume %d, share %s, impact %s (%s to %s)", d.Label, show6(d.Value.Value), d.Volume, show6(d.Share),
			show6(d.Impact), show6(d.ImpactLow), show6(d.ImpactHigh))
		if d.Clear {
			b.WriteString(" clear")
		}
		fmt.Fprintf(&b, ", template %s, headroom %s", show6(d.TemplateImpact), show6(d.Headroom))
		if d.Before != nil {
			fmt.Fprintf(&b, ", before %s, rate effect %s, mix effect %s", show6(d.Before.Value), show6(d.RateEffect), show6(d.MixEffect))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "overall %s", show6(r.Overall.Value))
	if r.Change != nil {
		fmt.Fprintf(&b, ", before %s, change %s", show6(r.Before.Value), show6(r.Change.Points))
	}
	return b.String() + "\n"
}

func show6(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(math.Round(*v*1e6)/1e6 + 0) // no minus before zero
}

func TestDriversByHand(t *testing.T) {
	resolved := func(s *fact.Session) { s.Outcome = 1 }
	escalated := func(s *fact.Session) { s.Outcome = 2 }
	score := func(n int64) func(*fact.Session) { return func(s *fact.Session) { s.CSAT = n } }
	none := func(*fact.Session) {}
	const d = "2026-04-01"
	for _, tt := range []struct {
		name string
		w    *world
		q    DriverQuery
		want string
	}{
		{
			// N = 100 sessions, 56 of them engaged: R = 0.56.
			// a: n = 30, r = 24/30 = 0.8: impact 30 (0.8 - 0.56) / 70 = 7.2/70 = 0.102857; without it 32/70 = 0.457143 are engaged, so like
			//    the rest it would have fewer: headroom 0.
			//    Wilson of 24/30 is 0.626943 to 0.904949, of 32/70 0.345727 to 0.573017. Newcombe of the difference 0.342857:
			//    low 0.342857 - sqrt(0.173057² + 0.115875²) = 0.134589, high 0.342857 + sqrt(0.104949² + 0.111415²) = 0.495918; times w = 0.3.
			// b: n = 50, r = 0.4: impact 50 (0.4 - 0.56) / 50 = -0.16; the rest has 36/50 = 0.72, so 50 (0.72 - 0.4) = 16 sessions more.
			// "": n = 20, r = 0.6: impact 20 (0.6 - 0.56) / 80 = 0.01; the rest has 44/80 = 0.55.
			// Engagement is of all sessions, so the template says the same.
			"engagement", crowds(t, crowd{d, "a", 30, 24, 0, none}, crowd{d, "b", 50, 20, 0, none}, crowd{d, "", 20, 12, 0, none}),
			DriverQuery{Measure: "engagement_rate"},
			"b: value 0.4, volume 50, share 0.5, impact -0.16 (-0.241293 to -0.062829) clear, template -0.16, headroom 16\n" +
				"a: value 0.8, volume 30, share 0.3, impact 0.102857 (0.040377 to 0.148775) clear, template 0.102857, headroom 0\n" +
				"no topic: value 0.6, volume 20, share 0.2, impact 0.01 (-0.037502 to 0.05227), template 0.01, headroom 0\n" +
				"overall 0.56\n",
		},
		{
			// Engaged 10 + 20 = 30, resolved 5 + 15 = 20: R = 0.666667.
			// a: 10 (0.5 - 0.666667) / 20 = -0.083333; template 20/50 - 15/30 = -0.1; like the rest (0.75) it would have 7.5 of 10: 2.5 more.
			// b: 20 (0.75 - 0.666667) / 10 = 0.166667; template 20/50 - 5/20 = 0.15.
			"resolution is of engaged sessions, and the template's of all", crowds(t, crowd{d, "a", 20, 10, 5, resolved}, crowd{d, "b", 30, 20, 15, resolved}),
			DriverQuery{Measure: "resolution_rate"},
			"b: value 0.75, volume 30, share 0.6, impact 0.166667 (-0.061576 to 0.364954), template 0.15, headroom 0\n" +
				"a: value 0.5, volume 20, share 0.4, impact -0.083333 (-0.182477 to 0.030788), template -0.1, headroom 2.5\n" +
				"overall 0.666667\n",
		},
		{
			// The same with escalations, of which fewer are better: b would have 20 (0.75 - 0.5) = 5 fewer.
			"where lower is better headroom is what would go away", crowds(t, crowd{d, "a", 20, 10, 5, escalated}, crowd{d, "b", 30, 20, 15, escalated}),
			DriverQuery{Measure: "escalation_rate", Limit: 1},
			"b: value 0.75, volume 30, share 0.6, impact 0.166667 (-0.061576 to 0.364954), template 0.15, headroom 5\n" +
				"overall 0.666667\n",
		},
		{
			// a: ten 4 and ten 2, mean 3, variance (200 - 180)/19 = 1.052632; b: ten 5 and ten 4, mean 4.5, variance (410 - 405)/19 = 0.263158.
			// R = 150/40 = 3.75: impact of a 20 (3 - 3.75) / 20 = -0.75, of b 0.75; the template's is the same.
			// Standard error sqrt(1.052632/20 + 0.263158/20) = 0.256495; Welch's degrees of freedom 0.065789² / ((0.052632² + 0.013158²)/19)
			// = 27.9412, t = 2.048601: -1.5 ± 0.525455, times w = 0.5.
			"means", crowds(t, crowd{d, "a", 10, 10, 10, score(4)}, crowd{d, "a", 10, 10, 10, score(2)},
				crowd{d, "b", 10, 10, 10, score(5)}, crowd{d, "b", 10, 10, 10, score(4)}, crowd{d, "b", 60, 0, 0, none}),
			DriverQuery{Measure: "csat_score"},
			"b: value 4.5, volume 80, share 0.8, impact 0.75 (0.487272 to 1.012728) clear, template 0.75, headroom -\n" +
				"a: value 3, volume 20, share 0.2, impact -0.75 (-1.012728 to -0.487272) clear, template -0.75, headroom -\n" +
				"overall 3.75\n",
		},
		{
			// Before: a 25 of 50 (0.5), b 35 of 50 (0.7): 0.6. Now: a 48 of 80 (0.6), b 10 of 20 (0.5): 0.58. Change -0.02.
			// Rate: a (0.8 + 0.5)/2 · 0.1 = 0.065; b (0.2 + 0.5)/2 · -0.2 = -0.07. Mix, with the mean of both wholes 0.59:
			// a 0.3 (0.55 - 0.59) = -0.012; b -0.3 (0.6 - 0.59) = -0.003. Together 0.065 - 0.07 - 0.012 - 0.003 = -0.02.
			"the change is split", crowds(t, crowd{"2026-03-31", "a", 50, 25, 0, none}, crowd{"2026-03-31", "b", 50, 35, 0, none},
				crowd{d, "a", 80, 48, 0, none}, crowd{d, "b", 20, 10, 0, none}),
			DriverQuery{Measure: "engagement_rate", Comparison: &Comparison{Kind: "previous"}},
			"a: value 0.6, volume 80, share 0.8, impact 0.08 (-0.102921 to 0.259524), template 0.08, headroom 0, before 0.5, rate effect 0.065, mix effect -0.012\n" +
				"b: value 0.5, volume 20, share 0.2, impact -0.02 (-0.064881 to 0.02573), template -0.02, headroom 2, before 0.7, rate effect -0.07, mix effect -0.003\n" +
				"overall 0.58, before 0.6, change -0.02\n",
		},
		{
			// Before: a 10 of 20 (0.5), gone 20 of 20 (1): 0.75. Now: a alone, 10 of 20: 0.5. What is gone keeps its rate, so all it did is mix:
			// -0.5 (1 - 0.625) = -0.1875, and a 0.5 (0.5 - 0.625) = -0.0625: together -0.25.
			"what is gone has the rate it had", crowds(t, crowd{"2026-03-31", "a", 20, 10, 0, none}, crowd{"2026-03-31", "gone", 20, 20, 0, none},
				crowd{d, "a", 20, 10, 0, none}),
			DriverQuery{Measure: "engagement_rate", Comparison: &Comparison{Kind: "previous"}},
			"a: value 0.5, volume 20, share 1, impact - (- to -), template -, headroom -, before 0.5, rate effect 0, mix effect -0.0625\n" +
				"gone: value -, volume 0, share 0, impact - (- to -), template 0, headroom -, before 1, rate effect 0, mix effect -0.1875\n" +
				"overall 0.5, before 0.75, change -0.25\n",
		},
		{
			"too few are last, with their effects; the only group has no impact", crowds(t, crowd{d, "a", 90, 45, 0, none}, crowd{d, "b", 9, 9, 0, none},
				crowd{"2026-03-31", "a", 10, 5, 0, none}),
			DriverQuery{Measure: "engagement_rate", Comparison: &Comparison{Kind: "previous"}},
			// Without a only b's 9 would be left, too few to say what a does. b is new, so all it does is mix: Δw = 9/99, r̄ = 1,
			// R̄ = (54/99 + 0.5)/2 = 0.522727: 0.090909 · 0.477273 = 0.043388; a: -0.090909 (0.5 - 0.522727) = 0.002066.
			"a: value 0.5, volume 90, share 0.909091, impact - (- to -), template -0.454545, headroom -, before 0.5, rate effect 0, mix effect 0.002066\n" +
				"b: value -, volume 9, share 0.090909, impact - (- to -), template 0.045455, headroom -, before -, rate effect 0, mix effect 0.043388\n" +
				"overall 0.545455, before 0.5, change 0.045455\n",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, drawn(drivers(t, tt.w, tt.q))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rate and mix effects over all groups add up to the change, whatever the groups, and impacts are what leaving a group out does.
func TestDriversAddUp(t *testing.T) {
	night := day(t, zone(t, "Europe/Berlin"), "2026-10-25 00:00")
	zero := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		w := worldGen(night).Draw(t, "world")
		q := DriverQuery{
			Measure:      rapid.SampledFrom([]string{"engagement_rate", "resolution_rate", "escalation_rate", "abandon_rate", "csat_score", "answer_rate", "turns_per_session"}).Draw(t, "measure"),
			Dimension:    rapid.SampledFrom([]string{"topic", "bot", "channel", "weekday", "turns", "csat", "user"}).Draw(t, "dimension"),
			Range:        &Range{"2026-10-25", "2026-10-27"},
			Zone:         "Europe/Berlin",
			Comparison:   &Comparison{Kind: "previous"},
			MinimumCount: &zero,
		}
		got, err := Drivers(context.Background(), Context{Facts: w}, q)
		if err != nil {
			t.Fatal(err)
		}
		volume, effects := int64(0), 0.0
		for _, d := range got.Drivers {
			volume += d.Volume
			if d.RateEffect != nil {
				effects += *d.RateEffect + *d.MixEffect
			}
			if d.Impact == nil {
				continue
			}
			without, err := Answer(context.Background(), Context{Facts: w}, Query{
				Measures: []string{q.Measure}, Range: q.Range, Zone: q.Zone, MinimumCount: &zero, Filters: []Filter{{q.Dimension, true, []string{d.Key}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			if impact := *got.Overall.Value - *without.Total.Values[0].Value; math.Abs(impact-*d.Impact) > 1e-12 {
				t.Errorf("%s: impact %v, but leaving it out does %v", d.Key, *d.Impact, impact)
			}
			if d.ImpactLow != nil && (*d.ImpactLow > *d.Impact+1e-12 || *d.ImpactHigh < *d.Impact-1e-12) {
				t.Errorf("%s: impact %v is not within %v and %v", d.Key, *d.Impact, *d.ImpactLow, *d.ImpactHigh)
			}
		}
		total, err := Answer(context.Background(), Context{Facts: w}, Query{Measures: []string{"sessions"}, Range: q.Range, Zone: q.Zone})
		if err != nil {
			t.Fatal(err)
		}
		if float64(volume) != *total.Total.Values[0].Value {
			t.Errorf("groups have %d sessions of %v", volume, *total.Total.Values[0].Value)
		}
		if got.Overall.Value != nil && got.Before.Value != nil {
			if change := *got.Overall.Value - *got.Before.Value; math.Abs(effects-change) > 1e-12 {
				t.Errorf("effects add up to %v, the change is %v", effects, change)
			}
		}
	})
}

// plans counts what a world is asked.
type plans struct {
	*world
	asked int
}

func (p *plans) Aggregate(ctx context.Context, plan measure.Plan) ([]measure.Row, error) {
	p.asked++
	return p.world.Aggregate(ctx, plan)
}

// Questions that differ in their measure alone cost one count of each period, and are answered as if each had been asked alone.
func TestDriversTogether(t *testing.T) {
	night := day(t, zone(t, "Europe/Berlin"), "2026-10-25 00:00")
	rapid.Check(t, func(t *rapid.T) {
		w := &plans{world: worldGen(night).Draw(t, "world")}
		c := Context{Facts: w}
		several := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) DriverQuery {
			minimum := rapid.Int64Range(0, 3).Draw(t, "minimum")
			return DriverQuery{
				Measure:      rapid.SampledFrom([]string{"engagement_rate", "resolution_rate", "csat_score", "turns_per_session"}).Draw(t, "measure"),
				Dimension:    rapid.SampledFrom([]string{"topic", "bot"}).Draw(t, "dimension"),
				Range:        &Range{"2026-10-25", "2026-10-27"},
				Comparison:   &Comparison{Kind: rapid.SampledFrom([]string{"previous", "year"}).Draw(t, "comparison")},
				MinimumCount: &minimum,
				Limit:        rapid.Int64Range(0, 2).Draw(t, "limit"),
			}
		}), 1, 6).Draw(t, "questions")
		var alone []DriverResult
		counts := map[string]bool{}
		for _, q := range several {
			got, err := Drivers(context.Background(), c, q)
			if err != nil {
				t.Fatal(err)
			}
			alone = append(alone, got)
			counts[q.Dimension+" "+q.Comparison.Kind] = true
		}
		w.asked = 0
		var all DriverCounts
		var answers []func(context.Context) (DriverResult, error)
		for _, q := range several {
			answer, err := all.Ask(c, q)
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, answer)
		}
		for i, answer := range answers {
			got, err := answer(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(alone[i], got); diff != "" {
				t.Errorf("question %d, alone and together:\n%s", i, diff)
			}
		}
		// Each counts its period, what has no time in it, and the period before; and asks for the names of topics that only that one has.
		if n := len(counts); w.asked < 3*n || w.asked > 4*n {
			t.Errorf("%d plans for %d questions of %d kinds, want 3 or 4 each", w.asked, len(several), n)
		}
	})
}
