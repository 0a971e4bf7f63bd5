package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/report"
	"rapport/internal/session"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                       "plain",
		"Grüße, 你好 👩‍💻":               "Grüße, 你好 👩‍💻", // joiners stay
		"\x1b[31mred\x1b[0m":          "␛[31mred␛[0m",
		"two\nlines\tand\ttabs":       "two lines and tabs",
		"bell\a del\x7f":              "bell␇ del␡",
		"\u009b31m":                   "\ufffd31m", // a control sequence in one character
		"\u202eevil\u2066":            "\ufffdevil\ufffd",
		"hid\u200bden\ufeff":          "hid\ufffdden\ufffd",
		"bad \xff bytes":              "bad \ufffd bytes",
		"\x1b]0;title\x07\x1b]8;;x\a": "␛]0;title␇␛]8;;x␇",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) is %q, want %q", in, got, want)
		}
	}
}

// Whatever the text, nothing of it can move the cursor, and what is cut or wrapped fits.
func TestTextFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := clean(rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("ab 你\u0301\x1b\n")), 0, 60, -1)).Draw(t, "text"))
		for _, r := range text {
			if r < 0x20 || (r >= 0x7f && r < 0xa0) {
				t.Fatalf("%q is left", r)
			}
		}
		limit := rapid.IntRange(2, 20).Draw(t, "limit")
		if got := cells(cut(text, limit)); got > limit {
			t.Fatalf("cut to %d is %d wide", limit, got)
		}
		lines := wrap(text, limit)
		for _, l := range lines {
			if cells(l) > limit {
				t.Fatalf("line %q is wider than %d", l, limit)
			}
		}
		if got, want := strings.Join(strings.Fields(strings.Join(lines, "")), ""), strings.Join(strings.Fields(text), ""); got != want {
			t.Fatalf("wrapped, %q is %q", want, got)
		}
	})
}

func TestCells(t *testing.T) {
	for text, want := range map[string]int{"abc": 3, "Grüße": 5, "你好": 4, "カナ": 4, "ｶﾅ": 2, "한글": 4, "（）": 4, "👍": 2, "e\u0301": 1, "": 0} {
		if got := cells(text); got != want {
			t.Errorf("%q takes %d cells, want %d", text, got, want)
		}
	}
}

func TestCount(t *testing.T) {
	for want, got := range map[string]string{
		"0 sessions": count(0, "session"), "1 session": count(1, "session"), "7 test sessions": count(7, "test session"),
		"1 activity": count(1, "activity"), "2 activities": count(2, "activity"), "3 days": count(3, "day"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestTableKeepsToItsWidth(t *testing.T) {
	table := newTable(column{title: "A", least: 10}, column{title: "B", most: 60, least: 10}, column{title: "N", right: true})
	var out bytes.Buffer
	rows := [][]string{{strings.Repeat("wide ", 40), strings.Repeat("你", 50), "7"}, {"x", "y", "12"}}
	if err := table.print(&out, rows); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		if cells(line) > tableWidth {
			t.Errorf("line of %d cells: %s", cells(line), line)
		}
	}
	if !strings.Contains(out.String(), "…") {
		t.Error("what is cut does not say so")
	}
}

// Rows come by start, untimed first, then bot, conversation and number, whatever is in the names.
func TestRowKeyOrders(t *testing.T) {
	ordered := []rowKey{
		{untimed: true, bot: "a", conversation: "a", number: 1},
		{untimed: true, bot: "b", conversation: "a", number: 1},
		{ms: -5, bot: "z"},
		{ms: 0, bot: "a"},
		{ms: 7, bot: "a", conversation: "b", number: 2},
		{ms: 7, bot: "a", conversation: "b", number: 10},
		{ms: 7, bot: "a", conversation: "bb", number: 1},
		{ms: 7, bot: "aa", conversation: "a", number: 1},
		{ms: 1_700_000_000_000},
	}
	for i := 1; i < len(ordered); i++ {
		if bytes.Compare(ordered[i-1].bytes(), ordered[i].bytes()) >= 0 {
			t.Errorf("%+v does not come before %+v", ordered[i-1], ordered[i])
		}
	}
}

func TestDescribeProgress(t *testing.T) {
	for _, tc := range []struct {
		read, total, records, conversations int64
		elapsed                             time.Duration
		want                                string
	}{
		{500, 0, 1, 0, 0, "500 B, 1 record"},
		{2_000_000, 8_000_000, 40, 0, 2 * time.Second, "2.0 MB of 8.0 MB (25 %), 40 records, 1.0 MB/s, 6s left"},
		{3_500_000_000, 0, 2, 0, 10 * time.Second, "3.50 GB, 2 records, 350.0 MB/s"},
		{9, 9, 3, 2, time.Hour, "3 records read, 2 conversations"},
	} {
		if got := describeProgress(tc.read, tc.total, tc.records, tc.conversations, tc.elapsed); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestDescribeStage(t *testing.T) {
	for _, tc := range []struct {
		stage       string
		done, total int64
		elapsed     time.Duration
		want        string
	}{
		{"reading", 0, 0, 0, "reading"},
		{"reading", 5_000_000, 10_000_000, 500 * time.Millisecond, "reading 5.0 MB of 10.0 MB (50 %)"},
		{"reading", 5_000_000, 10_000_000, 2 * time.Second, "reading 5.0 MB of 10.0 MB (50 %), 2.5 MB/s, 2s left"},
		{"deriving", 1500, 0, 3 * time.Second, "deriving 1,500, 500/s"},
		{"deriving", 1500, 1500, 3 * time.Second, "deriving 1,500 of 1,500 (100 %), 500/s"},
	} {
		if got := describeStage(tc.stage, tc.done, tc.total, tc.elapsed); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Minute: "2 min", 59*time.Minute + 59*time.Second: "59 min", 75 * time.Minute: "1 h 15 min", 50 * time.Hour: "2 d 2 h",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

// What a filter leaves out is said, and what there was when nothing is left.
func TestFilterNotes(t *testing.T) {
	f := &filter{zone: time.UTC, from: report.Date{Year: 2024, Month: 1, Day: 2}, to: report.Date{Year: 2024, Month: 1, Day: 3}}
	bot := activity.Bot{ID: "1", Name: "Help"}
	for _, tc := range []struct {
		kind    session.Kind
		start   string
		untimed bool
		want    bool
	}{
		{session.Design, "2024-01-02T10:00:00Z", false, false},
		{session.Design, "2024-01-01T10:00:00Z", false, false}, // --include-test would not show it
		{session.Chat, "2024-01-01T23:59:59Z", false, false},
		{session.Chat, "2024-01-04T00:00:00Z", false, false},
		{session.Chat, "1970-01-01T00:00:00Z", true, false},
	} {
		start, err := time.Parse(time.RFC3339, tc.start)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.keep(bot, tc.kind, start.UnixMilli(), tc.untimed); got != tc.want {
			t.Errorf("%+v: kept %v", tc, got)
		}
	}
	a := &app{}
	f.notes(a, "session")
	want := []string{
		"1 test session left out, --include-test shows it",
		"1 untimed session left out: without times nothing says on which day",
		"nothing is left: there are 5 sessions from 2024-01-01 to 2024-01-04 (UTC), 1 untimed, kinds: chat 3, design 2; bots: Help",
		"try: other days for --from and --to",
		"try: --include-test",
	}
	if diff := cmp.Diff(want, a.notices); diff != "" {
		t.Error(diff)
	}
	for _, inside := range []string{"2024-01-02T00:00:00Z", "2024-01-03T23:59:59Z"} {
		start, err := time.Parse(time.RFC3339, inside)
		if err != nil {
			t.Fatal(err)
		}
		if !f.keep(bot, session.Chat, start.UnixMilli(), false) {
			t.Errorf("%s is left out", inside)
		}
	}
}

// Days are those of the calendar, also where a day has no midnight: clocks in Santiago went from 24:00 on the sixth to 1:00 on the
// seventh.
func TestFilterDaysWithoutMidnight(t *testing.T) {
	santiago, err := time.LoadLocation("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	starts := []time.Time{
		time.Date(2025, 9, 7, 3, 59, 59, 0, time.UTC), // the last second of the sixth
		time.Date(2025, 9, 7, 4, 0, 0, 0, time.UTC),   // the first of the seventh
		time.Date(2025, 9, 8, 2, 59, 59, 0, time.UTC), // its last
		time.Date(2025, 9, 8, 3, 0, 0, 0, time.UTC),   // the eighth
	}
	for _, tc := range []struct {
		from, to string
		want     []bool
	}{
		{"2025-09-07", "2025-09-07", []bool{false, true, true, false}},
		{"2025-09-07", "", []bool{false, true, true, true}},
		{"", "2025-09-06", []bool{true, false, false, false}},
		{"", "2025-09-07", []bool{true, true, true, false}},
	} {
		f, err := filterFlags{From: tc.from, To: tc.to}.load(santiago)
		if err != nil {
			t.Fatal(err)
		}
		var got []bool
		for _, start := range starts {
			got = append(got, f.keep(activity.Bot{}, session.Chat, start.UnixMilli(), false))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("from %q to %q: %s", tc.from, tc.to, diff)
		}
	}
}

// What `definitions show` prints reads back as the same rules.
func TestShownDefinitionReadsBack(t *testing.T) {
	odd, err := definition.Parse("odd", []byte(`{extends: studio-2026, topics: {system: ["Yes, please", "It's: me", "- dash", " a ", "#1"], closing: []}}`))
	if err != nil {
		t.Fatal(err)
	}
	all := []*definition.Definition{odd}
	for _, name := range definition.Presets() {
		def, err := definition.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, def)
	}
	for _, def := range all {
		var out bytes.Buffer
		if err := writeDefinition(&out, def); err != nil {
			t.Fatal(err)
		}
		back, err := definition.Parse("shown", out.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		values := func(d *definition.Definition) map[string]string {
			m := map[string]string{}
			for _, k := range d.Keys {
				m[k.Path] = k.Value
			}
			return m
		}
		if diff := cmp.Diff(values(def), values(back)); diff != "" {
			t.Errorf("%s: %s", def.Name, diff)
		}
		if diff := cmp.Diff(def.Topics.System, back.Topics.System); diff != "" {
			t.Errorf("%s: %s", def.Name, diff)
		}
		if def.Hypothesis != back.Hypothesis {
			t.Errorf("%s: its copy has hypothesis %v", def.Name, back.Hypothesis)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want int
		said string
	}{
		{nil, exitOK, ""},
		{errFound, exitFound, ""},
		{errs.New(errs.Invalid, "spell it", "no flag"), exitUsage, "error: no flag\ntry: spell it\n"},
		{errs.New(errs.Input, "", "no\nrows\x1b"), exitInput, "error: no rows␛\n"},
		{errs.New(errs.NotFound, "", "no file"), exitInput, "error: no file\n"},
		{errors.New("disk full"), exitFault, "error: disk full\n"},
	} {
		var out bytes.Buffer
		a := &app{err: &out}
		if got := a.fail(tc.err); got != tc.want || out.String() != tc.said {
			t.Errorf("%v: exit code %d and %q, want %d and %q", tc.err, got, out.String(), tc.want, tc.said)
		}
	}
}

// closedPipe is what standard output is to `| head` once that has gone.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) {
	return 0, &os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}
}

func TestClosedOutputEndsQuietly(t *testing.T) {
	for _, args := range [][]string{
		{"sessions", "--include-test", realRows},
		{"report", realRows},
		{"audit", realRows},
		{"explain", "--conversation", "7f73da05", realRows},
		{"definitions", "list"},
		{"definitions", "show", "platform"},
		{"generate", "--conversations", "3"},
		{"version"},
	} {
		var errOut bytes.Buffer
		code := Main(context.Background(), args, Streams{In: strings.NewReader(""), Out: closedPipe{}, Err: &errOut})
		if code != exitOK || errOut.Len() > 0 {
			t.Errorf("%v: exit code %d and %q", args, code, errOut.String())
		}
	}
}
