package storetest

import (
	"context"
	"testing"
	"time"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/store"
)

// Agree loads the same random facts into two empty stores and asks both n plans, n questions of package metric and n lists, all random;
// every answer must be the same, to the last digit. From time to time facts are replaced.
func Agree(t *testing.T, a, b store.Store, n int) {
	t.Helper()
	const questions = 50 // between two replacements
	var left, right int64
	for _, side := range []struct {
		store store.Store
		id    *int64
	}{{a, &left}, {b, &right}} {
		update(t, side.store, func(ctx context.Context, tx store.Tx) {
			*side.id = got(tx.CreateProjection(ctx, store.Projection{Name: "platform"}))(t)
		})
	}
	said := 0 // answers that say something
	d := newDice(1)
	for asked := 0; asked < n && !t.Failed(); asked += questions {
		facts, keys := d.conversations(60)
		d.facts = replace(d.facts, keys, facts)
		update(t, a, func(ctx context.Context, tx store.Tx) { ok(t, tx.Replace(ctx, left, keys, asked > 0, facts)) })
		update(t, b, func(ctx context.Context, tx store.Tx) { ok(t, tx.Replace(ctx, right, keys, asked > 0, facts)) })
		view(t, a, func(_ context.Context, va store.View) {
			view(t, b, func(_ context.Context, vb store.View) {
				for i := asked; i < min(n, asked+questions) && !t.Failed(); i++ {
					said += agreeOnPlan(t, d, side{va, left}, side{vb, right})
					said += agreeOnQuery(t, d, side{va, left}, side{vb, right})
					said += agreeOnList(t, d, side{va, left}, side{vb, right})
				}
			})
		})
	}
	if !t.Failed() && said < n {
		t.Errorf("of %d answers %d say something: the questions are too random", 3*n, said)
	}
}

// side is one of the two stores that are held against each other.
type side struct {
	view       store.View
	projection int64
}

// Aggregate makes it what package metric asks.
func (s side) Aggregate(ctx context.Context, plan measure.Plan) ([]measure.Row, error) {
	return s.view.Aggregate(ctx, s.projection, plan)
}

// agreeOnPlan and its like return 1 where the answer says something.
func agreeOnPlan(t *testing.T, d *dice, a, b side) int {
	t.Helper()
	plan := d.plan()
	want, have := got(a.Aggregate(t.Context(), plan))(t), got(b.Aggregate(t.Context(), plan))(t)
	same(t, "the answers", want, have)
	if t.Failed() {
		t.Fatalf("to the plan %+v", plan)
	}
	for _, row := range want {
		for _, value := range row.Values {
			if value != 0 {
				return 1
			}
		}
	}
	return 0
}

func agreeOnQuery(t *testing.T, d *dice, a, b side) int {
	t.Helper()
	var now time.Time // the zero time reads everything as closed
	if d.chance(2) {
		now = time.Date(2026, 4, 15, 13, 0, 0, 0, time.UTC)
	}
	surroundings := func(s side) metric.Context {
		return metric.Context{Facts: s, Header: metric.Header{Definition: "platform@1"}, Now: now}
	}
	if d.chance(5) {
		q := d.driverQuery()
		want, wrong := metric.Drivers(t.Context(), surroundings(a), q)
		have, alsoWrong := metric.Drivers(t.Context(), surroundings(b), q)
		same(t, "the answers", want, have)
		same(t, "the errors", message(wrong), message(alsoWrong))
		if t.Failed() {
			t.Fatalf("to the question %+v", q)
		}
		return min(1, len(want.Drivers))
	}
	q := d.query()
	want, wrong := metric.Answer(t.Context(), surroundings(a), q)
	have, alsoWrong := metric.Answer(t.Context(), surroundings(b), q)
	same(t, "the answers", want, have)
	same(t, "the errors", message(wrong), message(alsoWrong))
	if t.Failed() {
		t.Fatalf("to the question %+v", q)
	}
	return min(1, len(want.Rows))
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func agreeOnList(t *testing.T, d *dice, a, b side) int {
	t.Helper()
	where := asked{fact.Sessions, columnsOf(d, fact.SessionColumns(), d.facts.Sessions)}
	switch d.IntN(4) {
	case 0:
		where = asked{fact.BilledOnes, columnsOf(d, fact.BilledColumns(), d.facts.Billed)}
		sel := selection(d, where, fact.BilledColumns(), d.facts.Billed)
		return agreeOnRows(t, sel, billedIn(t, a.view, a.projection, sel), billedIn(t, b.view, b.projection, sel))
	case 1:
		sel := selection(d, where, nil, d.facts.Utterances)
		if sel.After != nil {
			row := of(d, d.facts.Utterances...)
			after := position(&row, fact.UtteranceColumns(), "")
			sel.After = &after
		}
		about := d.utteranceFilter()
		want, have := utterancesOf(t, a.view, a.projection, sel, about), utterancesOf(t, b.view, b.projection, sel, about)
		if agreeOnRows(t, sel, want, have); t.Failed() {
			t.Fatalf("about %+v", about)
		}
		latest := int64(1 + d.IntN(40))
		same(t, "the groups", got(a.view.UtteranceGroups(t.Context(), a.projection, sel, about, latest))(t),
			got(b.view.UtteranceGroups(t.Context(), b.projection, sel, about, latest))(t))
		if t.Failed() {
			t.Fatalf("of the latest %d of %+v about %+v", latest, sel, about)
		}
		return min(1, len(want))
	default:
		sel := selection(d, where, fact.SessionColumns(), d.facts.Sessions)
		return agreeOnRows(t, sel, sessionsOf(t, a.view, a.projection, sel), sessionsOf(t, b.view, b.projection, sel))
	}
}

func agreeOnRows[Row any](t *testing.T, sel store.Selection, want, have []Row) int {
	t.Helper()
	same(t, "the lists", want, have)
	if t.Failed() {
		t.Errorf("of the selection %+v", sel)
	}
	return min(1, len(want))
}
