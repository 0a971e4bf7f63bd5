package session

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestDiagram holds docs/state-machine.md against the transition table, edge by edge in both directions.
func TestDiagram(t *testing.T) {
	page, err := os.ReadFile("../../docs/state-machine.md")
	if err != nil {
		t.Fatal(err)
	}
	var drawn []transition
	for _, m := range regexp.MustCompile(`(?m)^\s+(\w+) --> (\w+): (\w+)$`).FindAllStringSubmatch(string(page), -1) {
		drawn = append(drawn, transition{state(m[1]), event(m[3]), state(m[2])})
	}
	for _, tr := range table {
		if !slices.Contains(drawn, tr) {
			t.Errorf("the diagram lacks %s --> %s: %s", tr.from, tr.to, tr.on)
		}
	}
	for _, tr := range drawn {
		if !slices.Contains(table[:], tr) {
			t.Errorf("the machine has no %s --> %s: %s", tr.from, tr.to, tr.on)
		}
	}
	if len(drawn) != len(table) {
		t.Errorf("%d edges drawn, %d in the table", len(drawn), len(table))
	}
}
