package export

import (
	"testing"

	"rapport/internal/fact"
)

// TestCodesOfALaterVersion: rows with codes that are in no set yet are written, with nothing in their place.
func TestCodesOfALaterVersion(t *testing.T) {
	const later = 200
	row := fact.Session{
		StartedBy: later, Outcome: later, Resolution: later, TopicID: "t", TopicKind: later, Kind: later, Origin: later,
		OpenedBy: later, EngagedBy: later, AttributedBy: later, EndedBy: later, DecidedBy: later,
	}
	for _, c := range sessionColumns() {
		var v cell
		if c.of(&setting{botName: func(string) string { return "" }}, &row, &v); c.name == "decided_by" && v.s != "" {
			t.Errorf("%s is %q", c.name, v.s)
		}
	}
}
