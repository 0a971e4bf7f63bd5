package metric

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// column is what two tables' columns have in common.
type column struct {
	class fact.Class
	codes []string
	text  bool
}

func columnsOf(table fact.Table) map[string]column {
	out := map[string]column{}
	if table == fact.BilledOnes {
		for _, c := range fact.BilledColumns() {
			out[c.Name] = column{c.Class, c.Codes, fact.IsText(c.Of(&fact.Billed{}))}
		}
		return out
	}
	for _, c := range fact.SessionColumns() {
		out[c.Name] = column{c.Class, c.Codes, fact.IsText(c.Of(&fact.Session{}))}
	}
	return out
}

// What dimensions say of columns is what the columns are.
func TestDimensionsAreOfColumns(t *testing.T) {
	for _, d := range Dimensions() {
		if d.Label == "" || d.Meaning == "" {
			t.Errorf("%s has no words", d.Name)
		}
		for _, table := range d.Tables {
			c, ok := columnsOf(table)[d.column]
			if !ok {
				t.Errorf("%s: %s has no column %s", d.Name, table, d.column)
				continue
			}
			if c.class != d.Class && c.class != fact.Number {
				t.Errorf("%s is %s, and its column %s", d.Name, d.Class, c.class)
			}
			if c.text != d.isText() {
				t.Errorf("%s: %s is text: %v", d.Name, d.column, c.text)
			}
			if (d.isText() || d.rules != nil) && d.none == "" {
				t.Errorf("%s has no label for what is unknown", d.Name)
			}
			for code, word := range c.codes {
				if !slices.ContainsFunc(d.words(), func(w Word) bool { return w.Key == word && w.code == int64(code) }) {
					t.Errorf("%s does not know %q, code %d", d.Name, word, code)
				}
			}
		}
		for i, w := range d.Values {
			if slices.ContainsFunc(d.Values[:i], func(o Word) bool { return o.Key == w.Key || o.code == w.code }) || w.Label == "" {
				t.Errorf("%s: %q is twice, or has no label", d.Name, w.Key)
			}
		}
		if d.bounds != nil {
			for code := range d.bounds {
				if !slices.ContainsFunc(d.Values, func(w Word) bool { return w.code == int64(code) }) {
					t.Errorf("%s has no word for bucket %d", d.Name, code)
				}
			}
		}
	}
}

// TestRules: people see a rule's own word and may ask for any word, as with texts; those without rows are not listed.
func TestRules(t *testing.T) {
	d, _ := DimensionByName("ended_by")
	if d.Values != nil || !d.has("no rule") || d.word(measure.Key{Int: undecided}) != Unfinished || d.label("end.idle") != "end.idle" {
		t.Errorf("%+v", d)
	}
	idle, _ := d.code("end.idle")
	for asOf, want := range map[int64]measure.Predicate{
		0: measure.Is("ended_by", 0, idle, undecided, 200),
		1: {Op: measure.GroupIn, Ints: []int64{0, idle, undecided, 200}},
	} {
		got := d.holds([]string{"", "end.idle", "no rule", "1", Unfinished, "200"}, terms{asOf: asOf})
		got.Group = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("as of %d (-want +got):\n%s", asOf, diff)
		}
	}
}
