package measure

// userStarted is a measure over the sessions whose first message is the user's, under a name of its own: without the greetings of a bot
// that speaks first (spec.md §1.1, §8 #35).
func userStarted(m Measure) Measure {
	m.Name, m.Label = "user_started_"+m.Name, m.Label+", user-started"
	m.Numerator.Where = And(byUser(), m.Numerator.Where)
	m.Formula += ", over sessions that users started"
	m.NumeratorWords += "; only those whose first message is the user's"
	if m.Denominator != nil {
		of := *m.Denominator
		of.Where = And(byUser(), of.Where)
		m.Denominator = &of
		m.DenominatorWords = "sessions whose first message is the user's"
	}
	m.Caveats = "An event that starts a conversation is no message; a session without any message is not among these."
	m.Source = "spec.md §1.1, §8 #35"
	return m
}
