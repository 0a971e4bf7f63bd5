package fact

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"hash/crc32"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/ingest"
	"rapport/internal/session"
)

// TestColumns: a column's name is its name in every store, its field is of the row, and no two share one.
func TestColumns(t *testing.T) {
	check(t, SessionColumns())
	check(t, BilledColumns())
	check(t, UtteranceColumns())
}

func check[Row any](t *testing.T, columns []Column[Row]) {
	t.Helper()
	var row Row
	names, fields := map[string]bool{}, map[any]string{}
	for _, c := range columns {
		if !regexp.MustCompile(`^[a-z_]+$`).MatchString(c.Name) || names[c.Name] || c.Meaning == "" {
			t.Errorf("%T: column %q", row, c.Name)
		}
		names[c.Name] = true
		f := c.Of(&row)
		if other, taken := fields[f]; taken {
			t.Errorf("%s and %s share a field", c.Name, other)
		}
		fields[f] = c.Name
		switch f.(type) {
		case *uint8:
			if len(c.Codes) == 0 {
				t.Errorf("%s is a code without words", c.Name)
			}
		case *int64, *bool, *string:
			if len(c.Codes) > 0 {
				t.Errorf("%s has words and is no code", c.Name)
			}
		default:
			t.Errorf("%s is a %T", c.Name, f)
		}
	}
}

// TestRules: every rule of package session that can get into a column is in its set, and nothing else; what a rule begins with says which
// column that is.
func TestRules(t *testing.T) {
	sets := map[string][]string{
		"billed": openedBy, "open": openedBy, "engage": engagedBy, "attribute": attributedBy, "end": endedBy,
		"confirm": decidedBy, "escalate": decidedBy, "imply": decidedBy, "outcome": decidedBy, "withdraw": decidedBy,
		"topic": nil, "reason": nil, "csat": nil, "glue": nil, "platform": nil, // evidence alone
	}
	known := map[string]bool{}
	for _, file := range []string{"session.go", "billed.go"} {
		tree, err := parser.ParseFile(token.NewFileSet(), "../session/"+file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Rule" && kind.Name != "BilledRule" {
				return true
			}
			for _, v := range spec.Values {
				rule, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				known[rule] = true
				prefix, _, _ := strings.Cut(rule, ".")
				if set, ok := sets[prefix]; !ok || set != nil && !slices.Contains(set, rule) {
					t.Errorf("rule %s is in no column's set: append it there, or say that it is evidence alone", rule)
				}
			}
			return true
		})
	}
	for _, set := range sets {
		for i, rule := range set {
			if known[rule] == (i == 0) || slices.Contains(set[:i], rule) {
				t.Errorf("%q is no rule, or there twice", rule)
			}
		}
	}
}

// TestRulesStay: the rules that stores keep as an index are where they were; new ones come behind them.
func TestRulesStay(t *testing.T) {
	for name, set := range map[string]struct {
		words []string
		were  int
		sum   uint32
	}{
		"opened_by": {openedBy, 10, 0x4eeee923}, "engaged_by": {engagedBy, 9, 0x97597249}, "attributed_by": {attributedBy, 4, 0x13cb3c2},
		"ended_by": {endedBy, 6, 0xbdcf755d}, "decided_by": {decidedBy, 22, 0xfcd47c77},
	} {
		if sum := crc32.ChecksumIEEE([]byte(strings.Join(set.words[:set.were], " "))); sum != set.sum {
			t.Errorf("the first %d words of %s are others, or in another order: %#x", set.were, name, sum)
		}
	}
}

// TestFrom: on real records, facts say what the sessions say, and no message of a user is lost or counted twice.
func TestFrom(t *testing.T) {
	def, err := definition.Load("platform")
	if err != nil {
		t.Fatal(err)
	}
	sessions, said := 0, 0
	_, err = ingest.Run(context.Background(), ingest.Options{Paths: []string{"../../testdata/dataverse", "../../testdata/bot-framework"}}, func(c *activity.Conversation) error {
		res := session.Derive(c, def, nil)
		var f Facts
		f.From(c, res)
		if len(f.Sessions) != len(res.Sessions) || len(f.Billed) != len(res.Billed) {
			t.Errorf("%s: %d and %d facts of %d and %d sessions", c.ID, len(f.Sessions), len(f.Billed), len(res.Sessions), len(res.Billed))
		}
		spoken := map[int64]int64{}
		for _, u := range f.Utterances {
			if u.Source == 0 {
				spoken[u.Number]++
			}
			if u.Key != KeyOf(c.ID) || u.Folded != Fold(u.Text) {
				t.Errorf("%s: %+v", c.ID, u)
			}
		}
		for i, s := range f.Sessions {
			want := res.Sessions[i]
			if outcomes[s.Outcome] != string(want.Outcome) || kinds[s.Kind] != string(want.Kind) || sides[s.StartedBy] != want.StartedBy.String() {
				t.Errorf("%s/%d: outcome %s, kind %s, started by %q", c.ID, s.Number, outcomes[s.Outcome], kinds[s.Kind], sides[s.StartedBy])
			}
			rules := [...]session.Rule{
				session.Rule(openedBy[s.OpenedBy]), session.Rule(engagedBy[s.EngagedBy]), session.Rule(attributedBy[s.AttributedBy]),
				session.Rule(endedBy[s.EndedBy]), session.Rule(decidedBy[s.DecidedBy]),
			}
			if rules != [...]session.Rule{want.OpenedBy, want.EngagedBy, want.AttributedBy, want.EndedBy, want.DecidedBy} {
				t.Errorf("%s/%d: rules %q", c.ID, s.Number, rules)
			}
			if s.UserMessages != spoken[s.Number] {
				t.Errorf("%s/%d: %d user messages, %d utterances", c.ID, s.Number, s.UserMessages, spoken[s.Number])
			}
			if s.Untimed != (s.Duration == -1) || (s.Untimed && s.StartedAt != 0) {
				t.Errorf("%s/%d: untimed %t, start %d, duration %d", c.ID, s.Number, s.Untimed, s.StartedAt, s.Duration)
			}
			sessions++
		}
		said += len(f.Utterances)
		return nil
	})
	if err != nil || sessions == 0 || said == 0 {
		t.Fatalf("%d sessions, %d utterances, %v", sessions, said, err)
	}
}

// TestFold: texts that differ in case or white space alone are one.
func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "refund": "refund", "  My\tREFUND\u00a0\r\n please ": "my refund please", "GRÖSSE": "grösse", "a\x00 b": "a\x00 b", "你好　世界": "你好 世界",
	} {
		if got := Fold(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestFoldOfEveryCharacter holds Fold against what it stands for in a few words.
func TestFoldOfEveryCharacter(t *testing.T) {
	texts := []string{"a\xff B", "\xc3", " \t", strings.Repeat("Long TEXT\n ", 100)}
	for r := range rune(unicode.MaxRune + 1) {
		texts = append(texts, "a"+string(r)+"B"+string(r))
	}
	for _, text := range texts {
		if got, want := Fold(text), strings.Join(strings.Fields(strings.ToLower(text)), " "); got != want {
			t.Fatalf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestLastBotMessage: of an abandoned session what the bot said last is kept, cut between characters; of no other.
func TestLastBotMessage(t *testing.T) {
	def, err := definition.Load("user-replied")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("ä", mostBotText) + "!"
	for name, test := range map[string]struct {
		activities []activity.Activity
		want       []Utterance
	}{
		"the last that says something": {
			[]activity.Activity{speaks(activity.RoleBot, "hello"), speaks(activity.RoleUser, "hi"), speaks(activity.RoleBot, "Which permit?"), speaks(activity.RoleBot, "")},
			[]Utterance{{Place: 1, Text: "hi", Folded: "hi"}, {Place: 2, Source: BotSource, Text: "Which permit?", Folded: "which permit?"}},
		},
		"before the user left without a word to it": {
			[]activity.Activity{speaks(activity.RoleUser, "hi"), speaks(activity.RoleBot, long), speaks(activity.RoleUser, "bye")},
			[]Utterance{
				{Place: 0, Text: "hi", Folded: "hi"},
				{Place: 2, Text: "bye", Folded: "bye"},
				{Place: 1, Source: BotSource, Text: strings.Repeat("ä", 300), Folded: strings.Repeat("ä", 300)},
			},
		},
		"never said": {[]activity.Activity{speaks(activity.RoleUser, "hi")}, []Utterance{{Place: 0, Text: "hi", Folded: "hi"}}},
		"unengaged":  {[]activity.Activity{speaks(activity.RoleBot, "hello")}, nil},
		"escalated": {
			[]activity.Activity{speaks(activity.RoleUser, "hi"), speaks(activity.RoleBot, "one moment"), {Type: activity.TypeEvent, Signal: activity.HandOff{}}},
			[]Utterance{{Place: 0, Text: "hi", Folded: "hi"}},
		},
	} {
		r := &activity.Record{Conversation: "c"}
		for i, a := range test.activities {
			a.At, a.Seq = 1_772_445_600_000+int64(i), i
			r.Activities = append(r.Activities, a)
		}
		c := &activity.Conversation{ID: "c", Records: []*activity.Record{r}}
		var f Facts
		f.From(c, session.Derive(c, def, nil))
		var got []Utterance
		for _, u := range f.Utterances {
			got = append(got, Utterance{Place: u.Place, Source: u.Source, Text: u.Text, Folded: u.Folded})
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if utteranceSources[BotSource] != "bot" {
		t.Errorf("the source %d is %q", BotSource, utteranceSources[BotSource])
	}
}

func speaks(role activity.Role, text string) activity.Activity {
	return activity.Activity{Type: activity.TypeMessage, Role: role, Text: text}
}

// TestAnswerStates: the states that platforms write (spec.md §4.6) fall in their buckets.
func TestAnswerStates(t *testing.T) {
	var s Session
	for _, state := range []string{
		"Answered", "Not Answered", "Answer not Found in Search Results", "No Search Results", "NoValidSearchResults", "Filtered", "ModeratedByUs", "SystemError", "Not Executed", "",
	} {
		s.answer(state)
	}
	if s.Answered != 1 || s.NotAnswered != 1 || s.AnswerNoResults != 3 || s.AnswerModerated != 2 || s.AnswerElse != 2 {
		t.Errorf("%+v", s)
	}
}
