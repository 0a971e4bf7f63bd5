package wire

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"rapport/internal/activity"
	"rapport/internal/session"
)

func TestAppendEscapesWhatTerminalsObey(t *testing.T) {
	got, err := Append([]byte("x"), map[string]string{"k": "<\x1b\u009b\x7fé>"})
	if err != nil {
		t.Fatal(err)
	}
	if want := `x{"k":"<\u001b\u009b\u007fé>"}`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestUncontrolled(t *testing.T) {
	if got, want := uncontrolled("a\x1b[31mb\x00\nc\td\u0085"), "a\ufffd[31mb\ufffd\nc\td\ufffd"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUnformula(t *testing.T) {
	for _, tc := range []struct{ column, cell, want string }{
		{"topic_name", "", ""},
		{"topic_name", "Refund", "Refund"},
		{"topic_name", "a=b", "a=b"},
		{"topic_name", "=1+1", "'=1+1"},
		{"bot_name", "+49", "'+49"},
		{"reason", "-x", "'-x"},
		{"channel", "@a", "'@a"},
		{"locale", "\tx", "'\tx"},
		// Direct Line's ids may begin with a dash.
		{"conversation_id", "-V5w4lcId4Sa", "-V5w4lcId4Sa"},
		{"conversation_id", "=HYPERLINK(1)", "'=HYPERLINK(1)"},
		{"topic_id", "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
	} {
		if got := unformula(tc.column, tc.cell); got != tc.want {
			t.Errorf("%s: %q becomes %q, want %q", tc.column, tc.cell, got, tc.want)
		}
	}
}

// Every rule that package session has is said in words.
func TestRulesInWords(t *testing.T) {
	for _, file := range []string{"session.go", "billed.go"} {
		tree, err := parser.ParseFile(token.NewFileSet(), "../session/"+file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			if !ok || (kind.Name != "Rule" && kind.Name != "BilledRule") {
				return true
			}
			for _, v := range spec.Values {
				code, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				found++
				if RuleInWords(session.Rule(code)) == code {
					t.Errorf("rule %s is not said in words", code)
				}
			}
			return true
		})
		if found == 0 {
			t.Errorf("no rule found in %s", file)
		}
	}
}

func TestSignalsInWords(t *testing.T) {
	for _, s := range activity.Signals() {
		if InWords(s) == "" {
			t.Errorf("%T is not said in words", s)
		}
	}
	if got := InWords(nil); got != "" {
		t.Errorf("no signal is %q", got)
	}
}
