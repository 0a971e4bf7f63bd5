package metric

import (
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/stat"
)

//go:embed document.tmpl
var documentTemplate string

// documentSection is the measures of one group.
type documentSection struct {
	Name, Anchor string
	Measures     []measure.Measure
}

// Document writes docs/metrics.md: every measure and dimension with what people must know of it.
func Document(w io.Writer) error {
	page, err := template.New("metrics").Funcs(template.FuncMap{
		"link": measureLink, "linked": linkMeasures, "unit": unitWords, "better": betterWords, "values": valueWords, "has": hasTable,
	}).Parse(documentTemplate)
	if err != nil {
		return fmt.Errorf("read the template of the metrics page: %w", err)
	}
	err = page.Execute(w, map[string]any{
		"Groups": documentSections(), "Dimensions": Dimensions(),
		"MinimumCount": DefaultMinimumCount, "DefaultDays": DefaultDays, "ReusePercent": ReuseThreshold * 100, "Z": fmt.Sprintf("%.4f", stat.Z95),
	})
	if err != nil {
		return fmt.Errorf("write the metrics page: %w", err)
	}
	return nil
}

func documentSections() []documentSection {
	var out []documentSection
	for _, m := range measure.All() {
		if len(out) == 0 || out[len(out)-1].Name != m.Group {
			out = append(out, documentSection{Name: m.Group, Anchor: strings.ToLower(m.Group)})
		}
		last := &out[len(out)-1]
		last.Measures = append(last.Measures, m)
	}
	return out
}

func measureLink(name string) string { return "[" + name + "](#" + name + ")" }

// linkMeasures makes links of the names of measures in a text.
func linkMeasures(text string) string {
	return regexp.MustCompile(`\b[a-z]+(_[a-z0-9]+)+\b`).ReplaceAllStringFunc(text, func(word string) string {
		if _, ok := measure.ByName(word); ok {
			return measureLink(word)
		}
		return word
	})
}

func unitWords(m measure.Measure) string {
	word := string(m.Unit)
	switch m.Unit {
	case measure.UnitShare:
		word = "share, 0 to 1, shown in per cent"
	case measure.UnitScore:
		word = "score, 1 to 5"
	case measure.UnitMilliseconds:
		word = "milliseconds"
	}
	switch m.Kind {
	case measure.KindRate:
		return word + "; a rate, with Wilson's interval"
	case measure.KindMean:
		return word + "; a mean, with Student's interval"
	default:
		return word + "; a " + string(m.Kind)
	}
}

func betterWords(m measure.Measure) string {
	switch m.Better {
	case measure.HigherIsBetter:
		return "; higher is better"
	case measure.LowerIsBetter:
		return "; lower is better"
	default:
		return ""
	}
}

func valueWords(d Dimension) string {
	switch words := d.Values; {
	case d.Name == TimeDimension:
		return "the start of the bucket, RFC 3339"
	case words == nil:
		return "any"
	case len(words) > 12: // hours
		return fmt.Sprintf("`%s` to `%s`, `\"\"` (unknown)", words[0].Key, words[len(words)-2].Key)
	default:
		var keys []string
		for _, w := range words {
			if w.Key == "" {
				keys = append(keys, "`\"\"` ("+strings.ToLower(w.Label)+")")
			} else {
				keys = append(keys, "`"+w.Key+"`")
			}
		}
		return strings.Join(keys, ", ")
	}
}

func hasTable(d Dimension, table fact.Table) string {
	if slices.Contains(d.Tables, table) {
		return "yes"
	}
	return "no"
}
