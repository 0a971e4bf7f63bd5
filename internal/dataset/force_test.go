package dataset_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/metric"
	"rapport/internal/store"
)

const ours = "name: ours\nextends: guidance-2023\nsession:\n  idle_timeout: 2h\n"

func (w world) inForce(t *testing.T) string {
	t.Helper()
	all, err := w.Definitions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range all {
		if !f.Ready || f.Stale {
			t.Errorf("%s: ready %v, stale %v", f.Definition.ID(), f.Ready, f.Stale)
		}
		out = append(out, f.Definition.Name)
	}
	return strings.Join(out, " ")
}

// A definition applied after imports gives what imports after it would have given, and both what files give.
func TestApplyBeforeAndAfter(t *testing.T) {
	all := made(t, 150, 11)
	pieces := []string{file(t, lines(all[:80])), file(t, lines(all[60:120])), file(t, lines(all[100:]))}
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		before, after := open(t, newStore(t), dataset.Options{}), open(t, newStore(t), dataset.Options{})
		for _, source := range []string{"user-replied", ours} {
			before.apply(t, source)
		}
		for _, p := range pieces {
			before.load(t, p)
			after.load(t, p)
		}
		for _, source := range []string{"user-replied", ours} {
			after.apply(t, source)
		}
		for _, name := range []string{"platform", "user-replied", "ours"} {
			same(t, name, before.facts(t, name), after.facts(t, name))
		}
		want, _ := fromFiles(t, "user-replied", file(t, lines(all)))
		same(t, "user-replied from files", want, after.facts(t, "user-replied"))
		if got := after.inForce(t); got != "ours platform user-replied" {
			t.Errorf("in force: %s", got)
		}
	})
}

func TestApplyAndDrop(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		if got := w.inForce(t); got != "platform" {
			t.Errorf("a new data set has %s", got)
		}
		if err := w.Drop(t.Context(), "platform"); errs.CodeOf(err) != errs.Conflict {
			t.Errorf("the last one: %v", err)
		}
		w.text(t, rows(row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "1", Bot: "x", Topic: "A", Minute: 90}))
		w.apply(t, ours)
		if got := w.facts(t, "ours").Sessions; len(got) != 1 {
			t.Errorf("%d sessions of 2 h idle", len(got))
		}
		g, _ := w.Generation(t.Context())
		w.apply(t, ours)
		all, _ := w.Definitions(t.Context())
		if all[0].Version != 1 {
			t.Errorf("applied again it is version %d", all[0].Version)
		}
		// A new version of it takes the place of the old one.
		w.apply(t, strings.Replace(ours, "2h", "1h", 1))
		if got := w.facts(t, "ours").Sessions; len(got) != 2 {
			t.Errorf("%d sessions of 1 h idle", len(got))
		}
		if now, _ := w.Generation(t.Context()); now <= g {
			t.Errorf("generation %d after %d", now, g)
		}
		if err := w.Drop(t.Context(), "platform"); err != nil {
			t.Error(err)
		}
		if got := w.inForce(t); got != "ours" {
			t.Errorf("in force: %s", got)
		}
		if err := w.Drop(t.Context(), "platform"); errs.CodeOf(err) != errs.NotFound {
			t.Error(err)
		}
		w.text(t, rows(row{ID: "c", Conversation: "2", Bot: "x", Topic: "A"}))
		if got := w.facts(t, "ours").Sessions; len(got) != 3 {
			t.Errorf("%d sessions", len(got))
		}
		w.apply(t, "platform")
		if got := w.facts(t, "platform").Sessions; len(got) != 3 {
			t.Errorf("%d sessions of platform", len(got))
		}
	})
}

func TestApplyRefuses(t *testing.T) {
	w := inMemory(t)
	version := "version: v1\n" + ours
	w.apply(t, version)
	for name, source := range map[string]string{
		"a version that had other rules":  strings.Replace(version, "2h", "3h", 1),
		"a preset's name and other rules": strings.Replace(ours, "ours", "platform", 1),
		"a misspelt key":                  strings.Replace(ours, "idle", "idel", 1),
		"no preset":                       "platfrom",
	} {
		if _, err := w.Apply(t.Context(), source, nil); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What a definition in force means does not hang on the preset that it extends: it is kept whole.
func TestAppliedIsWhole(t *testing.T) {
	w := inMemory(t)
	w.apply(t, ours)
	all, err := w.Definitions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	def, err := definition.Load(definition.Default)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range def.Keys {
		_, key, _ := strings.Cut(k.Path, ".")
		if !strings.Contains(all[0].Source, "\n  "+key+": ") {
			t.Errorf("%s is not in what is kept", k.Path)
		}
	}
}

// A catalogue derives everything again: topics change their kind, bots their id.
func TestCatalogue(t *testing.T) {
	catalogue := "bots:\n- {id: id-1, schema: cr1_shop, name: The shop}\n"
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(row{ID: "a", Conversation: "1", Schema: "cr1_shop", Topic: "A"}))
		before := w.facts(t, "platform")
		set := func(text string) {
			t.Helper()
			if err := w.SetCatalogue(t.Context(), text, nil); err != nil {
				t.Fatal(err)
			}
		}
		set(catalogue)
		if got := w.facts(t, "platform").Sessions[0]; got.Bot != "id-1" {
			t.Errorf("%+v", got)
		}
		if bots, err := w.Bots(t.Context()); err != nil || len(bots) != 1 || bots[0].Name != "The shop" || bots[0].Sessions != 1 {
			t.Errorf("%+v %v", bots, err)
		}
		g, _ := w.Generation(t.Context())
		set(catalogue)
		w.text(t, rows(row{ID: "b", Conversation: "2", Schema: "cr1_shop", Topic: "A"}))
		if got := w.facts(t, "platform").Sessions[1]; got.Bot != "id-1" {
			t.Errorf("imported after it: %+v", got)
		}
		if now, _ := w.Generation(t.Context()); now <= g {
			t.Errorf("generation %d after %d", now, g)
		}
		w.remove(t, 2)
		set("")
		same(t, "without", before, w.facts(t, "platform"))
		if err := w.SetCatalogue(t.Context(), "topics: []", nil); errs.CodeOf(err) != errs.Invalid {
			t.Error(err)
		}
	})
}

// What an earlier engine derived serves until it is derived again, and says so.
func TestStale(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}))
		want := w.facts(t, "platform")
		err := w.store.Update(t.Context(), func(tx store.Tx) error {
			all, err := tx.Projections(t.Context())
			if err != nil {
				return err
			}
			if err := tx.DropProjection(t.Context(), all[0].ID); err != nil {
				return err
			}
			old := all[0]
			old.Revision, old.Definition = 0, "platform@old"
			_, err = tx.CreateProjection(t.Context(), old)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		ask := func() metric.Result {
			t.Helper()
			got, err := w.Query(t.Context(), []metric.Query{{Measures: []string{"sessions"}, Range: &metric.Range{}}})
			if err != nil {
				t.Fatal(err)
			}
			return got[0]
		}
		if got := ask(); !got.Stale || got.Definition != "platform@old" || got.Revision != 0 || *got.Total.Values[0].Value != 0 {
			t.Errorf("%+v", got)
		}
		if err := w.Refresh(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if got := ask(); got.Stale || got.Revision == 0 || *got.Total.Values[0].Value != 1 {
			t.Errorf("%+v", got)
		}
		same(t, "refreshed", want, w.facts(t, "platform"))
		g, _ := w.Generation(t.Context())
		if err := w.Refresh(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if now, _ := w.Generation(t.Context()); now != g {
			t.Error("a refresh of nothing is an update")
		}
	})
}

// Diff shows what other rules change without keeping anything of it.
func TestDiff(t *testing.T) {
	stores(t, func(t *testing.T, newStore func(t *testing.T) store.Store) {
		w := open(t, newStore(t), dataset.Options{})
		w.text(t, rows(
			row{ID: "a", Conversation: "1", Bot: "x", Topic: "A"}, row{ID: "b", Conversation: "1", Bot: "x", Topic: "B", Minute: 90},
			row{ID: "c", Conversation: "2", Bot: "x", Topic: "A"},
		))
		w.text(t, rows(row{ID: "d", Conversation: "2", Bot: "x", Topic: "A", Minute: 1}))
		a, err := definition.Load("guidance-2023")
		if err != nil {
			t.Fatal(err)
		}
		b, err := definition.ParseSource(ours)
		if err != nil {
			t.Fatal(err)
		}
		var found []dataset.Difference
		p := &dataset.Progress{}
		sum, err := w.Diff(t.Context(), a, b, p, func(d dataset.Difference) error { found = append(found, d); return nil })
		if err != nil {
			t.Fatal(err)
		}
		want := dataset.Comparison{
			A: a.ID(), B: b.ID(), Conversations: 2, Differ: 1, Sessions: 2,
			SummaryA:       dataset.DiffSide{Sessions: 3, Engaged: 3, Abandoned: 3, Billed: 3},
			SummaryB:       dataset.DiffSide{Sessions: 2, Engaged: 2, Abandoned: 2, Billed: 3},
			FieldsThatMove: map[string]int64{"end": 1, "topic": 1, "turns": 1},
		}
		if diff := gocmp.Diff(want, sum); diff != "" {
			t.Error(diff)
		}
		if len(found) != 2 || found[0].B == nil || found[1].A == nil || found[1].B != nil || p.Done() != 2 {
			t.Errorf("%+v, %d done", found, p.Done())
		}
		if same, err := w.Diff(t.Context(), a, a, nil, func(dataset.Difference) error { t.Error("a difference to itself"); return nil }); err != nil || same.Differ != 0 {
			t.Errorf("%+v %v", same, err)
		}
	})
}
