package measure_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/ingest"
	"rapport/internal/measure"
	"rapport/internal/report"
	"rapport/internal/session"
)

// A report reads sessions, measures count facts: two ways to the same numbers, and one meaning of each.

// said is what a report says, by the names of measures: numerator and denominator, 1 for counts.
func said(s report.Summary) map[string][2]int64 {
	rate := func(r report.Rate) [2]int64 { return [2]int64{r.Numerator, r.Denominator} }
	count := func(n int64) [2]int64 { return [2]int64{n, 1} }
	out := map[string][2]int64{
		"sessions": count(s.Sessions), "engaged_sessions": count(s.Engaged), "unengaged_sessions": count(s.Unengaged),
		"unfinished_sessions": count(0), "engaged_finished_sessions": count(s.Engaged),
		"resolved_sessions": count(s.Confirmed + s.Implied), "confirmed_sessions": count(s.Confirmed), "implied_sessions": count(s.Implied),
		"escalated_sessions": count(s.Escalated), "abandoned_sessions": count(s.Abandoned), "engaged_without_outcome": count(s.NoOutcome),
		"engagement_rate": rate(s.Rates.Engagement), "resolution_rate": rate(s.Rates.Resolution), "confirmed_rate": rate(s.Rates.Confirmed),
		"implied_rate": rate(s.Rates.Implied), "escalation_rate": rate(s.Rates.Escalation), "abandon_rate": rate(s.Rates.Abandon),
		"resolution_rate_of_all": {s.Confirmed + s.Implied, s.Sessions}, "escalation_rate_of_all": {s.Escalated, s.Sessions},
		"abandon_rate_of_all": {s.Abandoned, s.Sessions}, "containment_rate": {s.Sessions - s.Escalated, s.Sessions},
		"deflection_rate":                    {s.Engaged - s.Escalated, s.Engaged},
		"deflection_rate_without_abandoned":  {s.Confirmed + s.Implied, s.Confirmed + s.Implied + s.Escalated},
		"csat_score":                         {s.CSAT.Sum, s.CSAT.Answered},
		"csat_top_two_rate":                  {s.CSAT.Scores[3] + s.CSAT.Scores[4], s.CSAT.Answered},
		"csat_responses":                     count(s.CSAT.Answered),
		"csat_asked":                         count(s.CSAT.Response.Denominator),
		"csat_response_rate":                 rate(s.CSAT.Response),
		"csat_1":                             count(s.CSAT.Scores[0]),
		"csat_2":                             count(s.CSAT.Scores[1]),
		"csat_3":                             count(s.CSAT.Scores[2]),
		"csat_4":                             count(s.CSAT.Scores[3]),
		"csat_5":                             count(s.CSAT.Scores[4]),
		"bot_started_sessions":               count(s.BotStarted.Sessions),
		"bot_started_share":                  {s.BotStarted.Sessions, s.Sessions},
		"bot_started_answered_rate":          rate(s.BotStarted.Answered),
		"user_started_sessions":              count(s.BotStarted.Without.Denominator),
		"user_started_engaged_sessions":      count(s.BotStarted.Without.Numerator),
		"user_started_engagement_rate":       rate(s.BotStarted.Without),
		"engagement_rate_without_unanswered": rate(s.BotStarted.WithoutUnanswered),
	}
	return out
}

// compare holds measures over the chat sessions among the facts against a report.
func compare(t interface{ Fatalf(string, ...any) }, f fact.Facts, r *report.Report) {
	chat := measure.Is("kind", 0)
	w := world{sessionsOf(f.Sessions).where(chat, 0), billedOf(f.Billed).where(chat, 0), 0}
	want, got := said(r.Summary()), map[string][2]int64{}
	for name := range want {
		n, d := w.of(t, name)
		got[name] = [2]int64{n, d}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("measures differ from the report (-report +measures):\n%s", diff)
	}
}

func TestMeasuresAreWhatAReportSays(t *testing.T) {
	var paths []string
	for _, folder := range []string{"dataverse", "snapshot", "sessions-csv", "bot-framework"} {
		paths = append(paths, filepath.Join("../../testdata", folder))
	}
	for _, name := range []string{"platform", "guidance-2023", "summary-2020", "studio-2024", "studio-2026", "user-replied"} {
		t.Run(name, func(t *testing.T) {
			def, err := definition.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			r := report.New(report.Options{Zone: time.UTC})
			var f fact.Facts
			_, err = ingest.Run(context.Background(), ingest.Options{Paths: paths}, func(c *activity.Conversation) error {
				res := session.Derive(c, def, nil)
				for i := range res.Sessions {
					r.Add(c.Bot, &res.Sessions[i])
				}
				f.From(c, res)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Sessions) < 20 {
				t.Fatalf("only %d sessions to compare", len(f.Sessions))
			}
			compare(t, f, r)
		})
	}
}

// The same for sessions that no fixture has: every score, every outcome, labels that contradict each other.
func TestMeasuresAreWhatAReportSaysOfAnySessions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gen := rapid.Custom(func(t *rapid.T) session.Session {
			s := session.Session{
				StartedBy: rapid.SampledFrom([]activity.Role{activity.RoleUnknown, activity.RoleBot, activity.RoleUser}).Draw(t, "by"),
				Engaged:   rapid.Bool().Draw(t, "engaged"),
				Outcome:   rapid.SampledFrom([]session.Outcome{session.None, session.Resolved, session.Escalated, session.Abandoned}).Draw(t, "outcome"),
				Kind:      rapid.SampledFrom([]session.Kind{session.Chat, session.Chat, session.Autonomous, session.Child}).Draw(t, "kind"),
				CSAT:      rapid.IntRange(0, 5).Draw(t, "csat"), CSATAsked: rapid.Bool().Draw(t, "asked"),
				UserMessages: rapid.IntRange(0, 2).Draw(t, "messages"), Source: session.FromPlatform,
			}
			if s.Outcome == session.Resolved {
				s.Resolution = rapid.SampledFrom([]session.Resolution{session.Confirmed, session.Implied}).Draw(t, "resolution")
			}
			return s
		})
		res := session.Result{Sessions: rapid.SliceOfN(gen, 0, 40).Draw(t, "sessions")}
		c := &activity.Conversation{ID: "c", Bot: activity.Bot{ID: "b"}}
		r := report.New(report.Options{Zone: time.UTC})
		for i := range res.Sessions {
			r.Add(c.Bot, &res.Sessions[i])
		}
		var f fact.Facts
		f.From(c, res)
		compare(t, f, r)
	})
}

// The reasons that measures look for are those that the machine writes.
func TestReasonsAreTheMachines(t *testing.T) {
	for _, tc := range []struct {
		outcome         session.Outcome
		reason, counted string
	}{
		{session.Escalated, session.ReasonByUser, "escalation_by_user_rate"},
		{session.Escalated, session.ReasonByAuthor, "escalation_by_author_rate"},
		{session.Escalated, "AgentTransferFromQuestionMaxAttempts", "escalation_by_other_rate"},
		{session.Escalated, "", "escalation_by_other_rate"},
		{session.Abandoned, session.ReasonUserExit, "abandon_user_exit_rate"},
		{session.Abandoned, session.ReasonUserError, "abandon_user_error_rate"},
		{session.Abandoned, session.ReasonSystemError, "abandon_system_error_rate"},
		{session.Abandoned, "", "abandon_other_rate"},
	} {
		s := session.Session{Engaged: true, Outcome: tc.outcome, Reason: tc.reason, Kind: session.Chat, Source: session.Derived}
		var f fact.Facts
		f.From(&activity.Conversation{ID: "c"}, session.Result{Sessions: []session.Session{s}})
		if n, d := (world{sessions: sessionsOf(f.Sessions)}).of(t, tc.counted); n != 1 || d != 1 {
			t.Errorf("%s of one session that is %s for %q: %d of %d", tc.counted, tc.outcome, tc.reason, n, d)
		}
	}
}
