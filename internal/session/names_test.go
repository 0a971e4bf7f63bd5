package session

import (
	"fmt"
	"strings"
	"testing"
)

// TestNames: two ways to write a name lead to the same one where they are equal in lower case, however many there are.
func TestNames(t *testing.T) {
	for _, others := range []int{0, fewNames, 10 * fewNames} {
		words := []string{"", "bot.topic.Refund", "BOT.TOPIC.REFUND", "refund", "Kelvin", "\u212aelvin", "GRÖSSE", "grösse", "größe", "\u0130d", "id", "ſay", "say", "a@", "a`", "\xff", "\ufffd"}
		for n := range others {
			words = append(words, fmt.Sprint("Other", n), fmt.Sprint("OTHER", n))
		}
		var r topicReader
		found, lower := make([]*name, len(words)), make([]string, len(words))
		for i, w := range words {
			found[i], lower[i] = r.name(w), strings.ToLower(w)
		}
		for i, a := range words {
			if r.name(a) != found[i] {
				t.Errorf("with %d others: %q is another name when asked again", others, a)
			}
			for j, b := range words {
				if same := lower[i] == lower[j]; same != (found[i] == found[j]) {
					t.Errorf("with %d others: %q and %q: one name %t, want %t", others, a, b, !same, same)
				}
			}
		}
	}
}

// TestHolds: a step's action is told by the words in it, whatever the case.
func TestHolds(t *testing.T) {
	for _, s := range []string{"", "flow", "flo", "InvokeFlowAction", "SKILL", "BeginSkillDialog", "s\u212aill", "s\u212a\u0130ll", "ſkill", "\xffFLOW", "flaw", "FL\x6fw", "@flow`"} {
		for _, word := range []string{"flow", "skill"} {
			if got, want := holds(s, word), strings.Contains(strings.ToLower(s), word); got != want {
				t.Errorf("%q holds %q: %t, want %t", s, word, got, want)
			}
		}
	}
}
