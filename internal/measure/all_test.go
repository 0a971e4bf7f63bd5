package measure_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

func TestNames(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)*$`)
	seen := map[string]bool{}
	for i, name := range measure.Names() {
		if !snake.MatchString(name) || seen[name] {
			t.Errorf("the name %q is misspelt or taken", name)
		}
		seen[name] = true
		if m, ok := measure.ByName(name); !ok || m.Name != measure.All()[i].Name {
			t.Errorf("%s is not found by its name", name)
		}
	}
	if _, ok := measure.ByName("engagment_rate"); ok {
		t.Error("a name that there is not is found")
	}
}

// Everything that people read is there, and names only measures that exist.
func TestWords(t *testing.T) {
	source := regexp.MustCompile(`^((spec|field)\.md|DESIGN\.md)`)
	named := regexp.MustCompile(`\b[a-z]+(_[a-z0-9]+)+\b`)
	labels := map[string]string{}
	var groups []string
	for _, m := range measure.All() {
		if m.Label == "" || m.Formula == "" || m.NumeratorWords == "" || !source.MatchString(m.Source) {
			t.Errorf("%s lacks words: %+v", m.Name, m)
		}
		if (m.Denominator == nil) != (m.DenominatorWords == "") {
			t.Errorf("%s: denominator and its words do not go together", m.Name)
		}
		for _, name := range named.FindAllString(m.Formula+m.NumeratorWords+m.DenominatorWords+m.Caveats, -1) {
			if _, ok := measure.ByName(name); !ok {
				t.Errorf("%s names %s, which there is not", m.Name, name)
			}
		}
		if other := labels[m.Label]; other != "" {
			t.Errorf("%s and %s are both labelled %s", m.Name, other, m.Label)
		}
		labels[m.Label] = m.Name
		if len(groups) == 0 || groups[len(groups)-1] != m.Group {
			groups = append(groups, m.Group)
		}
	}
	if diff := cmp.Diff([]string{"Engagement", "Outcomes", "Satisfaction", "Volume", "Billing", "Language"}, groups); diff != "" {
		t.Errorf("groups: %s", diff)
	}
}

// Each kind has the parts that it is computed from, and nothing else.
func TestShapes(t *testing.T) {
	for _, m := range measure.All() {
		bad := func(what string) { t.Errorf("%s, a %s: %s", m.Name, m.Kind, what) }
		divided := m.Denominator != nil
		switch m.Kind {
		case measure.KindCount:
			if divided || m.Numerator.Func == measure.Rank {
				bad("a count is one number")
			}
			if m.Better != measure.NeitherWay {
				bad("counts grow with traffic, which is neither good nor bad")
			}
		case measure.KindRank:
			if divided || m.Numerator.Func != measure.Rank || m.Numerator.PerMille < 1 || m.Numerator.PerMille > 1000 {
				bad("a rank is one quantile")
			}
		case measure.KindRate:
			if !divided || m.DenominatorTable != "" || m.Unit != measure.UnitShare {
				bad("a rate is a share of the same rows")
			}
		case measure.KindRatio:
			if !divided || m.Unit == measure.UnitShare {
				bad("a ratio is two totals")
			}
		case measure.KindMean:
			if !divided || m.Squares == nil || m.Numerator.Func != measure.Sum || m.Denominator.Func != measure.Count {
				bad("a mean is a sum over a count, with squares for its interval")
				continue
			}
			squared := m.Numerator
			squared.Func = measure.SumSquares
			if diff := cmp.Diff(squared, *m.Squares); diff != "" {
				bad("its squares are of something else: " + diff)
			}
			if diff := cmp.Diff(m.Numerator.Where, m.Denominator.Where); diff != "" {
				bad("it sums and counts different rows: " + diff)
			}
		default:
			bad("there is no such kind")
		}
		if m.Kind != measure.KindMean && m.Squares != nil {
			bad("squares are for means")
		}
		if (m.Unit == measure.UnitShare) != (m.Kind == measure.KindRate) {
			bad("shares are rates, and rates shares")
		}
		if len(m.Numerator.Plus) > 0 && m.Numerator.Func != measure.Sum {
			bad("only a sum adds columns")
		}
	}
}

// Every column that a measure reads exists, holds what the measure takes it for, and can have the values it looks for.
func TestColumns(t *testing.T) {
	for _, m := range measure.All() {
		checkColumns(t, m.Name, m.Table, m.Numerator)
		if m.Denominator != nil {
			checkColumns(t, m.Name, denominatorTable(m), *m.Denominator)
		}
		if m.Squares != nil {
			checkColumns(t, m.Name, m.Table, *m.Squares)
		}
	}
}

// column is what a test must know of a column, whatever the row.
type column struct {
	field any
	codes []string
}

func columnsOf(in fact.Table) map[string]column {
	out := map[string]column{}
	if in == fact.BilledOnes {
		for _, c := range fact.BilledColumns() {
			out[c.Name] = column{c.Of(new(fact.Billed)), c.Codes}
		}
		return out
	}
	for _, c := range fact.SessionColumns() {
		out[c.Name] = column{c.Of(new(fact.Session)), c.Codes}
	}
	return out
}

func checkColumns(t *testing.T, name string, in fact.Table, a measure.Aggregate) {
	t.Helper()
	columns := columnsOf(in)
	if a.Func != measure.Count {
		for _, c := range append([]string{a.Column}, a.Plus...) {
			if _, ok := columns[c].field.(*int64); !ok {
				t.Errorf("%s reads %q of table %s, which is no number there", name, c, in)
			}
		}
	}
	if _, ok := columns[a.Per].field.(*int64); a.Per != "" && !ok {
		t.Errorf("%s reads %q of table %s, which is no number there", name, a.Per, in)
	}
	checkPredicate(t, name, in, columns, a.Where)
}

func checkPredicate(t *testing.T, name string, in fact.Table, columns map[string]column, p measure.Predicate) {
	t.Helper()
	for _, of := range p.Of {
		checkPredicate(t, name, in, columns, of)
	}
	switch p.Op {
	case measure.Finished:
		if in != fact.Sessions {
			t.Errorf("%s asks whether rows of table %s are finished", name, in)
		}
	case measure.Said:
		t.Errorf("%s hangs on what users said", name)
	case measure.In, measure.Between:
		c, ok := columns[p.Column]
		if !ok {
			t.Errorf("%s reads %q, which table %s has not", name, p.Column, in)
			return
		}
		if fact.IsText(c.field) != (len(p.Texts) > 0) || fact.IsText(c.field) && p.Op == measure.Between {
			t.Errorf("%s takes %s for something else than it is", name, p.Column)
		}
		most := int64(1<<63 - 1)
		switch c.field.(type) {
		case *bool:
			most = 1
		case *uint8:
			most = int64(len(c.codes)) - 1
		}
		if slices.ContainsFunc(p.Ints, func(v int64) bool { return v < 0 || v > most }) {
			t.Errorf("%s looks for %v in %s, which is at most %d", name, p.Ints, p.Column, most)
		}
	}
}
