package measure

import "strings"

// ofAll is an outcome rate over all finished sessions instead of the engaged ones, under a name of its own: what other tools call by the
// same name (spec.md §5.9, §8 #12; field.md §3b).
func ofAll(m Measure) Measure {
	of := m.Name
	m.Name, m.Label = of+"_of_all", m.Label+" of all sessions"
	m.Denominator = new(count(IsFinished()))
	part, _, _ := strings.Cut(m.Formula, " / ")
	m.Formula = part + " / finished sessions"
	m.DenominatorWords = "all finished sessions, unengaged ones too"
	m.Caveats = "The platform divides by engaged sessions: that is " + of + ". This one moves with engagement too."
	m.Source = "spec.md §5.9, §8 #12; field.md §3b"
	return m
}
