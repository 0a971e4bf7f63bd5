package dataset_test

import (
	"cmp"
	"errors"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/audit"
	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/ingest"
	"rapport/internal/store"
)

// An audit of what is stored is that of the files it came from, on real records and in however many pieces they came.
func TestAudit(t *testing.T) {
	whole := file(t, lines(made(t, 120, 4)))
	paths := []string{"../../testdata/dataverse", whole}
	platform, err := definition.Load("platform")
	if err != nil {
		t.Fatal(err)
	}
	def, err := definition.Load("guidance-2023")
	if err != nil {
		t.Fatal(err)
	}
	order := func(all []dataset.Disagreement) {
		slices.SortStableFunc(all, func(a, b dataset.Disagreement) int {
			return cmp.Or(cmp.Compare(a.Conversation, b.Conversation), cmp.Compare(a.Bot.Key(), b.Bot.Key()))
		})
	}
	var want audit.Summary
	var differ []dataset.Disagreement
	_, err = ingest.Run(t.Context(), ingest.Options{Paths: paths}, func(c *activity.Conversation) error {
		res := audit.Compare(c, platform, def, nil)
		want.Add(res)
		for _, d := range res.Differences {
			differ = append(differ, dataset.Disagreement{Bot: c.Bot, Conversation: c.ID, Difference: d})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	order(differ)
	if want.Conversations < 50 || len(differ) < 20 {
		t.Fatalf("there is too little to compare: %+v", want)
	}
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		for _, p := range paths {
			w.load(t, p)
		}
		var got []dataset.Disagreement
		p := &dataset.Progress{}
		sum, err := w.Audit(t.Context(), def, p, func(d dataset.Disagreement) error { got = append(got, d); return nil })
		if err != nil {
			t.Fatal(err)
		}
		order(got)
		if diff := gocmp.Diff(want, sum); diff != "" {
			t.Errorf("the summary: %s", diff)
		}
		if diff := gocmp.Diff(differ, got); diff != "" {
			t.Errorf("the differences: %.3000s", diff)
		}
		if p.Done() < want.Conversations {
			t.Errorf("the progress stands at %d of %d", p.Done(), want.Conversations)
		}
		if _, err := w.Audit(t.Context(), platform, nil, nil); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("the platform against itself: %v", err)
		}
		stop := errors.New("enough")
		if _, err := w.Audit(t.Context(), def, nil, func(dataset.Disagreement) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("a callback that stops it: %v", err)
		}
	})
}
