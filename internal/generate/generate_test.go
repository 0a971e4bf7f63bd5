package generate

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"rapport/internal/errs"
)

func TestSameSeedSameBytes(t *testing.T) {
	for _, format := range Formats() {
		opts := Options{Conversations: 300, Seed: 42, Format: format}
		_, stats, a := made(t, opts)
		_, again, b := made(t, opts)
		if !bytes.Equal(a, b) || stats != again {
			t.Errorf("%s: two runs differ", format)
		}
		if int64(len(a)) != stats.Bytes {
			t.Errorf("%s: %d bytes written, %d counted", format, len(a), stats.Bytes)
		}
		opts.Seed++
		if _, _, c := made(t, opts); bytes.Equal(a, c) {
			t.Errorf("%s: another seed gives the same bytes", format)
		}
	}
}

// A larger world starts with the same conversations, closer together.
func TestConversationsDoNotDependOnTheirNumber(t *testing.T) {
	identity := func(conversations int) []string {
		opts, err := Options{Conversations: conversations, Seed: 5}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(opts)
		late := &w.bots[3] // not there from the start
		var ids []string
		for n := range 100 {
			var c chat
			w.plan(&c, n)
			if c.bot != late && c.bot != &w.bots[0] {
				ids = append(ids, c.bot.schema+" "+c.channel.id+" "+string(c.id))
			}
		}
		return ids
	}
	if diff := cmp.Diff(identity(100), identity(5000)); diff != "" {
		t.Error(diff)
	}
}

func TestFormatsCarryTheSameRows(t *testing.T) {
	opts := Options{Conversations: 200, Seed: 3, Format: DataverseJSONL}
	lines, stats, _ := made(t, opts)
	if len(lines) < 200 || int64(len(lines)) != stats.Rows {
		t.Fatalf("%d rows, %d counted", len(lines), stats.Rows)
	}
	for _, format := range []Format{OData, CSV} {
		opts.Format = format
		rows, _, _ := made(t, opts)
		if diff := cmp.Diff(lines, rows); diff != "" {
			t.Errorf("%s: %.2000s", format, diff)
		}
	}
}

func TestNoConversationsIsAnEmptyTable(t *testing.T) {
	for _, format := range Formats() {
		rows, stats, _ := made(t, Options{Format: format})
		if len(rows) != 0 || stats.Rows != 0 || stats.Sessions != 0 {
			t.Errorf("%s: %d rows, %+v", format, len(rows), stats)
		}
	}
}

// TestRecordsFollowWhatWasMeasured holds every record against spec.md §9.1, §9.2 and §9.4.
func TestRecordsFollowWhatWasMeasured(t *testing.T) {
	rows, stats, _ := made(t, Options{Conversations: 1200, Seed: 11})
	all := records(t, rows)
	if int64(len(all)) != stats.Sessions {
		t.Errorf("%d records, %d sessions counted", len(all), stats.Sessions)
	}
	var messages int64
	for _, k := range all {
		messages += int64(k.messages)
		k.check(t)
	}
	if messages != stats.Messages {
		t.Errorf("%d messages, %d counted", messages, stats.Messages)
	}
}

func (k *kept) check(t *testing.T) {
	t.Helper()
	s, lookup := k.session, k.rows[0]["_bot_conversationtranscriptid_value"]
	if s.TurnCount != k.messages {
		t.Errorf("%s: turnCount %d, %d messages", k.name, s.TurnCount, k.messages)
	}
	first, last, ids := k.acts[0].Timestamp, int64(0), map[string]bool{}
	for i, a := range k.acts {
		if i > 0 && (a.ID == "" || ids[a.ID]) {
			t.Errorf("%s: activity %d has the id %q", k.name, i, a.ID)
		}
		ids[a.ID] = true
		if i > 0 && a.Timestamp < last || a.Timestamp-first > 2*3600 {
			t.Errorf("%s: activity %d is out of time", k.name, i)
		}
		if i > 0 && a.Timestamp-last >= 1800 {
			t.Errorf("%s: a gap of %d s within a session", k.name, a.Timestamp-last)
		}
		if k.newer != (a.TimestampMs/1000 == a.Timestamp) {
			t.Errorf("%s: activity %d has timestamp %d beside timestampMs %d", k.name, i, a.Timestamp, a.TimestampMs)
		}
		last = a.Timestamp
	}
	if s.StartTimeUtc.Unix() != first || k.start.Unix() != first || s.EndTimeUtc.Unix() != last {
		t.Errorf("%s: goes from %v to %v, SessionInfo says %v to %v", k.name, first, last, s.StartTimeUtc, s.EndTimeUtc)
	}
	if !strings.HasSuffix(k.name, "_"+k.meta.BotId) || len(k.name) > 100 || lookup == k.meta.BotId {
		t.Errorf("name %q, metadata.BotId %q, lookup %q", k.name, k.meta.BotId, lookup)
	}
	if delay := k.created.Sub(s.EndTimeUtc); delay < 30*time.Minute || delay > 11*24*time.Hour {
		t.Errorf("%s: written %v after its end", k.name, delay)
	}
	if (s.Type == "Unengaged") != (s.Outcome == "None") || (s.OutcomeReason != "") != k.newer {
		t.Errorf("%s: %+v", k.name, s)
	}
	if s.ImpliedSuccess && s.Outcome != "Resolved" {
		t.Errorf("%s: implied success, but %s", k.name, s.Outcome)
	}
	if k.newer && k.head.LastSessionOutcome != s.Outcome {
		t.Errorf("%s: ConversationInfo says %q, SessionInfo %q", k.name, k.head.LastSessionOutcome, s.Outcome)
	}
	triggered, wanted, score := k.topics(t)
	if s.LastTriggeredIntentID != triggered || s.LastUserIntentID != wanted || s.CSATScore != score {
		t.Errorf("%s: topics %q and %q, score %d; SessionInfo says %q, %q, %d",
			k.name, triggered, wanted, score, s.LastTriggeredIntentID, s.LastUserIntentID, s.CSATScore)
	}
	said := slices.ContainsFunc(k.acts, func(a act) bool { return a.Type == "message" && a.From.Role == 1 })
	if !said && s.Type != "Unengaged" {
		t.Errorf("%s: engaged, but nobody said anything", k.name)
	}
}

// topics reads what spec.md §9.6 says of the two topic ids from the activities, and the score.
func (k *kept) topics(t *testing.T) (triggered, wanted string, score int) {
	t.Helper()
	for _, a := range k.acts {
		var v struct {
			IntentID, TargetDialogID, Response string
			TargetDialogType                   int
		}
		switch a.ValueType {
		case "IntentRecognition":
			decode(t, string(a.Value), &v)
			triggered, wanted = v.IntentID, v.IntentID
		case "DialogRedirect":
			decode(t, string(a.Value), &v)
			if v.TargetDialogType == 1 {
				wanted = v.TargetDialogID
			}
		case "CSATSurveyResponse":
			decode(t, string(a.Value), &v)
			score = number(t, v.Response)
		}
	}
	return triggered, wanted, score
}

// Every kind of activity that spec.md §4.6 gives a shape to and that this world holds.
func TestWorldHoldsEveryKind(t *testing.T) {
	rows, stats, _ := made(t, Options{Conversations: 4000, Seed: 1})
	seen := map[string]int{}
	outcomes := map[string]int{}
	for _, k := range records(t, rows) {
		for _, a := range k.acts {
			seen[a.Type]++
			seen[a.ValueType]++
			seen[a.Name]++
			seen["channel "+a.ChannelID]++
		}
		seen["schema "+k.rows[0]["schemaversion"]]++
		outcomes[k.session.Outcome]++
		seen["reason "+k.session.OutcomeReason]++
	}
	for _, kind := range []string{
		"message", "event", "trace", "invoke", "handoff", "endOfConversation", "ConversationInfo", "SessionInfo", "startConversation",
		"IntentRecognition", "IntentCandidates", "UnknownIntent", "DialogRedirect", "DialogTracing", "VariableAssignment",
		"PRRSurveyRequest", "PRRSurveyResponse", "CSATSurveyRequest", "CSATSurveyResponse", "ImpliedSuccess", "EscalationRequested",
		"HandOff", "handoff.initiate", "ErrorTraceData", "GPTAnswer", "GenerativeAnswersSupportData", "KnowledgeTraceData",
		"UniversalSearchToolTraceData", "DynamicPlanReceived", "DynamicPlanReceivedDebug", "DynamicPlanStepTriggered",
		"DynamicPlanStepBindUpdate", "DynamicPlanStepFinished", "DynamicPlanFinished", "message/submitAction",
		"channel msteams", "channel directline", "channel webchat", "channel lcw", "channel facebook", "channel pva-studio",
		"channel pva-autonomous", "schema 0.2.1", "schema 0.2.2", "reason Resolved", "reason UserExit", "reason UserError",
		"reason SystemError", "reason NoError", "reason AgentTransferRequestedByUser", "reason AgentTransferConfiguredByAuthor",
		"reason AgentTransferFromQuestionMaxAttempts",
	} {
		if seen[kind] == 0 {
			t.Errorf("no %s in the world", kind)
		}
	}
	want := map[string]int{
		"None": int(stats.Unengaged), "Resolved": int(stats.Confirmed + stats.Implied),
		"HandOff": int(stats.Escalated), "Abandoned": int(stats.Abandon),
	}
	if diff := cmp.Diff(want, outcomes); diff != "" {
		t.Error(diff)
	}
	if stats.Rows != stats.Sessions+stats.Split+stats.Superseded || stats.Sessions != stats.Conversations+stats.Resumed {
		t.Errorf("the counts do not add up: %+v", stats)
	}
	for name, n := range map[string]int64{
		"split": stats.Split, "superseded": stats.Superseded, "late": stats.Late, "resumed": stats.Resumed, "scores": stats.ScoresGiven,
	} {
		if n == 0 {
			t.Errorf("nothing is %s", name)
		}
	}
}

// The real rows have a median of 9.4 KB and compress 4.4 to 1, one by one; the largest has 45 KB.
func TestSizesAndEntropy(t *testing.T) {
	rows, _, _ := made(t, Options{Conversations: 1000, Seed: 9})
	var sizes []int
	var ratios []float64
	var packed bytes.Buffer
	for _, r := range rows {
		packed.Reset()
		z := gzip.NewWriter(&packed)
		if _, err := io.WriteString(z, r["content"]); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(r["content"]))
		ratios = append(ratios, float64(len(r["content"]))/float64(packed.Len()))
	}
	slices.Sort(sizes)
	slices.Sort(ratios)
	if median := sizes[len(sizes)/2]; median < 7_000 || median > 12_000 {
		t.Errorf("median size %d", median)
	}
	if most := sizes[len(sizes)-1]; most < 25_000 || most > 120_000 {
		t.Errorf("largest %d", most)
	}
	if median := ratios[len(ratios)/2]; median < 3.3 || median > 5.5 {
		t.Errorf("median compression %.2f", median)
	}
}

func TestOrderOfRows(t *testing.T) {
	rows, stats, _ := made(t, Options{Conversations: 3000, Seed: 2})
	place, apart, several, behind := map[string]int{}, 0, 0, 0
	newest := time.Time{}
	for i, r := range rows {
		if before, ok := place[r["name"]]; ok {
			several++
			if i-before > 1 {
				apart++
			}
		}
		place[r["name"]] = i
		// Rows are roughly in the order in which they were written: none stands a day behind.
		modified := moment(t, r["modifiedon"])
		if newest.Sub(modified) > 24*time.Hour {
			behind++
		}
		if modified.After(newest) {
			newest = modified
		}
	}
	if behind > 0 {
		t.Errorf("%d rows stand a day behind", behind)
	}
	if several < 150 || apart < several*3/4 {
		t.Errorf("of %d further rows %d stand apart from the one before", several, apart)
	}
	byName := map[string][]*kept{}
	for _, k := range records(t, rows) {
		byName[k.name] = append(byName[k.name], k)
	}
	if int64(len(byName)) != stats.Conversations {
		t.Errorf("%d conversations by name, %d counted", len(byName), stats.Conversations)
	}
	for name, list := range byName {
		slices.SortFunc(list, func(a, b *kept) int { return a.start.Compare(b.start) })
		for i := 1; i < len(list); i++ {
			if gap := list[i].start.Sub(list[i-1].session.EndTimeUtc); gap <= 36*time.Minute {
				t.Errorf("%s resumes after %v", name, gap)
			}
		}
	}
}

func TestDistributions(t *testing.T) {
	rows, stats, _ := made(t, Options{Conversations: 6000, Seed: 77})
	share := func(n, of int64) float64 { return float64(n) / float64(of) }
	between := func(what string, got, low, high float64) {
		t.Helper()
		if !(low <= got && got <= high) { // so that NaN is caught too
			t.Errorf("%s is %.3f, not within %.2f and %.2f", what, got, low, high)
		}
	}
	between("share of greetings nobody answers", share(stats.BotStarted, stats.Sessions), 0.10, 0.25)
	between("share of test sessions", share(stats.Test, stats.Sessions), 0.02, 0.07)
	between("engagement", share(stats.Engaged, stats.Sessions), 0.6, 0.9)
	between("escalation", share(stats.Escalated, stats.Engaged), 0.04, 0.2)
	between("answers to the survey", share(stats.SurveysAnswered, stats.SurveysAsked), 0.4, 0.6)
	between("scores", share(stats.ScoresGiven, stats.ScoresAsked), 0.45, 0.65)

	var weekend, weekdays, early, later, bad, badUp, good, goodUp float64
	users := map[string]int{}
	from := time.Date(2026, time.April, 2, 0, 0, 0, 0, time.UTC)
	for _, k := range records(t, rows) {
		switch k.start.Weekday() {
		case time.Saturday, time.Sunday:
			weekend++
		default:
			weekdays++
		}
		if k.start.Before(from.AddDate(0, 0, 42)) {
			early++
		} else if k.start.Before(from.AddDate(0, 0, 84)) {
			later++
		}
		if strings.HasSuffix(k.meta.BotName, "_CustomerCare") {
			up := k.session.Outcome == "HandOff" || strings.HasSuffix(k.session.OutcomeReason, "Error")
			engaged := k.session.Type == "Engaged"
			in := !k.start.Before(stats.BadRelease.From) && k.start.Before(stats.BadRelease.To)
			switch {
			case !engaged:
			case in && up:
				badUp++
				bad++
			case in:
				bad++
			case up:
				goodUp++
				good++
			default:
				good++
			}
		}
		if k.acts[len(k.acts)/2].ChannelID == "msteams" {
			for _, a := range k.acts {
				if a.From.Role == 1 {
					users[a.From.ID]++
					break
				}
			}
		}
	}
	between("a weekend day against a weekday", weekend/2/(weekdays/5), 0.15, 0.5)
	between("the second six weeks against the first", later/early, 1.1, 1.8)
	between("hand-offs and errors in the bad release against other days", (badUp/bad)/(goodUp/good), 2, 20)
	returning := 0
	for _, n := range users {
		if n > 1 {
			returning++
		}
	}
	between("people on Teams who come back", float64(returning)/float64(len(users)), 0.1, 0.9)
}

// Topics are hundreds, and a few of them get most of the questions.
func TestTopics(t *testing.T) {
	opts, err := Options{Conversations: 1, Seed: 1}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, b := range newWorld(opts).bots {
		total += len(b.topics)
		names := map[string]bool{}
		for _, topic := range b.topics {
			names[topic.schema] = true
			if sum := topic.fails + topic.escalates + topic.leaves + topic.solves; sum >= 1 {
				t.Errorf("%s: the rates add up to %.2f", topic.schema, sum)
			}
		}
		if len(names) != len(b.topics) {
			t.Errorf("%s: two topics with one name", b.schema)
		}
		if tenth := b.popular[len(b.popular)/10]; tenth < 0.25 || tenth > 0.7 {
			t.Errorf("%s: a tenth of the topics gets %.2f of the questions", b.schema, tenth)
		}
	}
	if total < 300 || total > 900 {
		t.Errorf("%d topics", total)
	}
}

func TestStartsLieInTheSpan(t *testing.T) {
	from := time.Date(2025, time.March, 3, 7, 30, 0, 0, time.UTC)
	to := from.Add(50*time.Hour + 17*time.Minute)
	rows, stats, _ := made(t, Options{Conversations: 400, Seed: 8, From: from, To: to, Bots: 2})
	first, last, bots := to, from, map[string]bool{}
	seen := map[string]bool{}
	for _, k := range records(t, rows) {
		bots[k.rows[0]["_bot_conversationtranscriptid_value"]] = true
		if seen[k.name] {
			continue
		}
		seen[k.name] = true
		if k.start.Before(first) {
			first = k.start
		}
		if k.start.After(last) && k.start.Before(to) {
			last = k.start
		}
	}
	if first.Before(from) || first.After(from.Add(2*time.Hour)) || last.Before(to.Add(-4*time.Hour)) {
		t.Errorf("conversations start from %v to %v", first, last)
	}
	if len(bots) != 2 {
		t.Errorf("%d bots", len(bots))
	}
	if stats.BadRelease.From.Before(from) || stats.BadRelease.To.After(to) {
		t.Errorf("the bad release is from %v to %v", stats.BadRelease.From, stats.BadRelease.To)
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	day := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	for name, opts := range map[string]Options{
		"a negative number": {Conversations: -1},
		"no such format":    {Format: "xml"},
		"too many bots":     {Bots: 1000},
		"end before start":  {From: day, To: day.AddDate(0, 0, -1)},
		"no span":           {From: day, To: day},
	} {
		if _, err := Write(t.Context(), io.Discard, opts); errs.CodeOf(err) != errs.Invalid || errs.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f, err := ParseFormat("odata"); f != OData || err != nil {
		t.Errorf("odata is %q, %v", f, err)
	}
}

func TestWriteStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(ctx, io.Discard, Options{Conversations: 100_000_000}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("disk full")
	if _, err := Write(t.Context(), failing{full}, Options{Conversations: 100_000_000}); !errors.Is(err, full) {
		t.Errorf("writer fails: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// peak remembers the largest live heap seen while a world is written.
type peak struct{ heap, writes uint64 }

func (p *peak) Write(b []byte) (int, error) {
	if p.writes++; p.writes%16 == 0 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		p.heap = max(p.heap, m.HeapAlloc)
	}
	return len(b), nil
}

func TestMemoryDoesNotGrow(t *testing.T) {
	measure := func(conversations int) uint64 {
		var p peak
		if _, err := Write(t.Context(), &p, Options{Conversations: conversations, Seed: 4}); err != nil {
			t.Fatal(err)
		}
		return p.heap
	}
	small, large := measure(2_000), measure(20_000)
	if large > small+1<<20 {
		t.Errorf("%d bytes live for 2,000 conversations, %d for 20,000", small, large)
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		`plain`:         `plain`,
		`"a" & 'b'<`:    `\u0022a\u0022 \u0026 \u0027b\u0027\u003C`,
		"ä\n\\":         `\u00E4\n\\`,
		"東\U0001F600\t": `\u6771\uD83D\uDE00\u0009`,
	} {
		if got := escape(in); got != want {
			t.Errorf("%q gives %s, want %s", in, got, want)
		}
	}
}

func TestGUIDsSayTheirVersion(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		g := guid(r)
		if len(g) != 36 || g[14] != '4' || !strings.ContainsRune("89ab", rune(g[19])) {
			t.Fatal(g)
		}
	}
}
