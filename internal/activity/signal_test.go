package activity

import (
	"os"
	"reflect"
	"regexp"
	"testing"
)

// TestSignalsAreComplete: whoever adds a signal adds it to Signals, or no record with it could be put aside.
func TestSignalsAreComplete(t *testing.T) {
	source, err := os.ReadFile("signal.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range Signals() {
		name := reflect.TypeOf(s).Name()
		if listed[name] {
			t.Errorf("%s is listed twice", name)
		}
		listed[name] = true
	}
	declared := regexp.MustCompile(`(?m)^func \((\w+)\) signal\(\)`).FindAllStringSubmatch(string(source), -1)
	for _, m := range declared {
		if !listed[m[1]] {
			t.Errorf("Signals lacks %s", m[1])
		}
	}
	if len(declared) != len(listed) {
		t.Errorf("%d signals declared, %d listed", len(declared), len(listed))
	}
}
