package activityjson_test

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/activityjson"
)

func TestMessage(t *testing.T) {
	got := one(t, `{"Id":"m1","Type":"Message","Timestamp":1725905090,"From":{"Id":"u","AadObjectId":"aad","Role":1},
		"ChannelId":"pva-studio","ReplyToId":"0","Text":"h\u00e9llo","ChannelData":{"testMode":"Text","enableDiagnostics":true}}`)
	want := activity.Activity{
		ID: "m1", Type: activity.TypeMessage, At: 1725905090000, Role: activity.RoleUser, From: "u",
		Channel: "pva-studio", Text: "héllo", Evaluation: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("activity (-want +got):\n%s", diff)
	}
}

func TestTypes(t *testing.T) {
	for raw, want := range map[string]activity.Type{
		`{"type":"ConversationUpdate"}`:       activity.TypeConversationUpdate,
		`{"type":"ENDOFCONVERSATION"}`:        activity.TypeEndOfConversation,
		`{"type":"InvokeResponse"}`:           "invokeResponse",
		`{"type":"somethingNew"}`:             "somethingNew",
		`{"valueType":"ConversationInfo"}`:    activity.TypeTrace,
		`{"name":"startConversation"}`:        activity.TypeEvent,
		`{"type":"message","text":null}`:      activity.TypeMessage,
		`{"type":"trace","name":"BotState"} `: activity.TypeTrace,
	} {
		if got := one(t, raw).Type; got != want {
			t.Errorf("%s: type %q, want %q", raw, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	for role, want := range map[string]activity.Role{
		`0`: activity.RoleBot, `"0"`: activity.RoleBot, `"Bot"`: activity.RoleBot,
		`1`: activity.RoleUser, `"1"`: activity.RoleUser, `"USER"`: activity.RoleUser,
		`null`: activity.RoleUnknown, `"skill"`: activity.RoleUnknown, `7`: activity.RoleUnknown, `{}`: activity.RoleUnknown,
	} {
		if got := one(t, `{"type":"message","from":{"role":`+role+`}}`).Role; got != want {
			t.Errorf("role %s: %q, want %q", role, got, want)
		}
	}
}

// Times come as seconds, milliseconds and text; see spec.md §4.5 and §9.7.
func TestTimes(t *testing.T) {
	second := time.Date(2018, 2, 23, 19, 17, 18, 0, time.UTC).UnixMilli()
	for _, tt := range []struct {
		raw  string
		want int64 // 0: no time
		err  string
	}{
		{raw: `"timestamp":1519413438`, want: second},
		{raw: `"timestamp":"1519413438"`, want: second},
		{raw: `"timestamp":1519413438.25`, want: second + 250},
		{raw: `"timestamp":1519413438123`, want: second + 123},
		{raw: `"timestamp":1519413438,"timestampMs":1519413438123`, want: second + 123},
		{raw: `"timestamp":1519413438,"timestampMs":null`, want: second},
		{raw: `"timestamp":"2018-02-23T19:17:18Z"`, want: second},
		{raw: `"timestamp":"2018-02-23T19:17:18"`, want: second},
		{raw: `"timestamp":"2018-02-23 19:17:18"`, want: second},
		{raw: `"timestamp":"2018-02-23T20:17:18.1239999+01:00"`, want: second + 123},
		{raw: `"timestamp":"Fri, 23 Feb 2018 19:17:18 GMT"`, want: second},
		{raw: `"timestamp":""`},
		{raw: `"timestamp":null`},
		{raw: `"timestamp":0`},
		{raw: `"timestamp":"0001-01-01T00:00:00Z"`},
		{raw: `"timestamp":99999999999999`, err: "timestamp 99999999999999 is not between 2000 and 2100"},
		{raw: `"timestamp":1e300`, err: "timestamp 1e300 is not between 2000 and 2100"},
		{raw: `"timestamp":-5`, err: "timestamp -5 is not between 2000 and 2100"},
		{raw: `"timestamp":"1999-12-31T23:59:59.999Z"`, err: "timestamp 1999-12-31T23:59:59.999Z is not between 2000 and 2100"},
		{raw: `"timestamp":"2100-12-31T23:59:59Z"`, want: time.Date(2100, 12, 31, 23, 59, 59, 0, time.UTC).UnixMilli()},
		{raw: `"timestamp":"2101-01-01T00:00:00Z"`, err: "timestamp 2101-01-01T00:00:00Z is not between 2000 and 2100"},
		{raw: `"timestamp":"yesterday"`, err: `timestamp "yesterday" is not a time`},
		{raw: `"timestamp":{"a":1}`, err: `timestamp {"a":1} is not a time`},
	} {
		res, err := activityjson.Content([]byte(`[{"type":"message",`+tt.raw+`}]`), decode.Limits{})
		if tt.err != "" {
			if err == nil || err.Error() != "activity 0: "+tt.err {
				t.Errorf("%s: error %v, want %s", tt.raw, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.raw, err)
			continue
		}
		if got := res.Activities[0].At; got != tt.want || res.Untimed != (tt.want == 0) || res.Start != tt.want {
			t.Errorf("%s: at %d, start %d, untimed %v, want %d", tt.raw, got, res.Start, res.Untimed, tt.want)
		}
	}
}

// Where times are missing or coarse the order of the array decides.
func TestTimesOfARecord(t *testing.T) {
	const s = 1519413438
	for _, tt := range []struct {
		name string
		raw  []string
		want []int64 // ms behind s
	}{
		{"no time takes that of the one before", []string{`"timestamp":1519413438`, ``, `"timestamp":1519413440`, ``}, []int64{0, 0, 2000, 2000}},
		{"the first takes that of the next", []string{``, ``, `"timestamp":1519413440`}, []int64{2000, 2000, 2000}},
		{"a coarse stamp takes the finer one before it", []string{`"timestampMs":1519413438500`, `"timestamp":1519413438`}, []int64{500, 500}},
		{"not one after it", []string{`"timestamp":1519413438`, `"timestampMs":1519413438500`}, []int64{0, 500}},
		{"not one of another second", []string{`"timestampMs":1519413439500`, `"timestamp":1519413438`}, []int64{1500, 0}},
		{"even over one of another second", []string{`"timestampMs":1519413439500`, `"timestamp":1519413438`, `"timestamp":1519413439`}, []int64{1500, 0, 1500}},
		{"fine stamps stand as they are", []string{`"timestampMs":1519413438500`, `"timestampMs":1519413438100`}, []int64{500, 100}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var as []string
			for _, raw := range tt.raw {
				as = append(as, `{"type":"message"`+strings.TrimSuffix(","+raw, ",")+`}`)
			}
			res, err := activityjson.Content([]byte("["+strings.Join(as, ",")+"]"), decode.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			var got []int64
			for _, a := range res.Activities {
				got = append(got, a.At-s*1000)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("times (-want +got):\n%s", diff)
			}
			if want := s*1000 + slices.Min(tt.want); res.Start != want {
				t.Errorf("start %d, want %d", res.Start, want)
			}
		})
	}
}

func TestCards(t *testing.T) {
	adaptive := `{"contentType":"application/vnd.microsoft.card.adaptive","content":{"type":"AdaptiveCard","body":[
		{"type":"TextBlock","text":"Book a table"},
		{"type":"ColumnSet","columns":[{"items":[{"type":"TextBlock","text":"left"}]},{"items":[{"type":"TextBlock","text":"right"}]}]},
		{"type":"FactSet","facts":[{"title":"When:","value":"noon"}]},
		{"type":"Input.ChoiceSet","label":"Seats","choices":[{"title":"two","value":"2"}]},
		{"type":"Input.Text","placeholder":"your name"}],
		"actions":[{"type":"Action.Submit","title":"Send"}]}}`
	for _, tt := range []struct {
		name, raw, want string
		asks            bool
	}{
		{"adaptive", `"attachments":[` + adaptive + `]`, "Book a table\nleft\nright\nWhen: noon\nSeats\ntwo\nyour name\nSend", true},
		{"adaptive in a string", `"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":"{\"body\":[{\"type\":\"TextBlock\",\"text\":\"in\"}]}"}]`, "in", false},
		{"text wins, the card still asks", `"text":"hi","attachments":[` + adaptive + `]`, "hi", true},
		{"hero", `"attachments":[{"contentType":"application/vnd.microsoft.card.hero","content":{"title":"T","subtitle":"S","text":"X","buttons":[{"title":"B","value":"v"}]}}]`, "T\nS\nX\nB", false},
		{"receipt", `"attachments":[{"contentType":"application/vnd.microsoft.card.receipt","content":{"title":"T","facts":[{"key":"K","value":"V"}],"items":[{"title":"I","price":"$1"}],"total":"$1"}}]`, "T\nK: V\nI $1\n$1", false},
		{"image", `"attachments":[{"contentType":"image/png","contentUrl":"data:..."},{"contentType":"image/png","name":"cat.png"}]`, "[image/png]\ncat.png", false},
		{"nothing readable", `"attachments":[7,null,{"contentType":"application/vnd.microsoft.card.hero","content":5}]`, "[application/vnd.microsoft.card.hero]", false},
		{"suggested actions", `"text":"?","suggestedActions":{"actions":[{"title":"a"}]}`, "?", true},
		{"no suggested actions", `"text":"?","suggestedActions":{"actions":[ ]}`, "?", false},
		{"expecting input", `"text":"?","inputHint":"ExpectingInput"`, "?", true},
		{"users do not ask", `"text":"?","inputHint":"expectingInput","from":{"role":1}`, "?", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := one(t, `{"type":"message",`+tt.raw+`}`)
			if got.Text != tt.want || got.Asks != tt.asks {
				t.Errorf("text %q, asks %v; want %q, %v", got.Text, got.Asks, tt.want, tt.asks)
			}
		})
	}

	long := one(t, `{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.hero","content":{"text":"`+strings.Repeat("é", 5000)+`"}}]}`)
	if n := len(long.Text); n < 4000 || n > 4200 {
		t.Errorf("a long card gave %d bytes of text, want about 4 KB", n)
	}
}

func TestRecord(t *testing.T) {
	res, err := activityjson.Content([]byte(`{"x":{"activities":[1]},"Activities":[
		{"valueType":"ConversationInfo","type":"trace","timestamp":1725905090,"from":{"id":"","role":0},"value":{"locale":"de-DE"}},
		{"id":"1","type":"event","name":"startConversation","timestamp":1725905090,"from":{"id":"u1","role":1},"locale":"fr"},
		{"id":"2","type":"message","timestamp":1725905091,"from":{"id":"u1","aadObjectId":"aad","role":1},"conversation":"c1","locale":""},
		{"id":"3","type":"event","name":"DialogTracing","timestamp":1725905092,"from":{"role":0},"value":{"actions":[{"topicId":"my_bot.topic.A"}]}},
		{"id":"4","type":"event","name":"DynamicPlanStepTriggered","timestamp":1725905092,"from":{"role":0},"value":{"taskDialogId":"child.action.B"}},
		{"id":"5","type":"event","name":"DynamicPlanReceived","timestamp":1725905092,"from":{"role":0},"value":{"steps":["my_bot.component.C"]}}
	]}`), decode.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	res.Activities = nil
	want := activityjson.Result{Start: 1725905090000, Locale: "de-DE", User: "aad", BotSchema: "my_bot", Conversation: "c1"}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

// Whatever cannot be read is said in one sentence that names the activity.
func TestErrors(t *testing.T) {
	small := decode.DefaultLimits()
	small.Activities, small.RecordBytes, small.Depth = 2, 2000, 5
	for _, tt := range []struct{ name, raw, want string }{
		{"nothing", ``, "content is not a list of activities: nothing"},
		{"a number", `5`, "content is not a list of activities: 5"},
		{"no list", `{"value":[]}`, "content has no list of activities"},
		{"null for a list", `{"activities":null}`, "content is not a list of activities: null"},
		{"cut off", `{"activities":[{"type":"message"`, "activity 0: truncated: the JSON ends before its brackets are closed"},
		{"cut off in a string", `[{"type":"mess`, "activity 0: truncated: the JSON ends before its brackets are closed"},
		{"an activity that is a string", `[{"type":"message"},"x"]`, `activity 1: not an object: "x"`},
		{"no type", `[{"id":"1"}]`, "activity 0: it has no type"},
		{"invalid UTF-8", "[{\"type\":\"message\",\"text\":\"\xff\"}]", "activity 0: invalid UTF-8"},
		{"session that says nothing", `[{"type":"trace","valueType":"SessionInfo","value":"Engaged"}]`, `activity 0: SessionInfo cannot be read: "Engaged"`},
		{"session of nothing", `[{"type":"trace","valueType":"SessionInfo","value":{}}]`, `activity 0: SessionInfo cannot be read: {}`},
		{"too deep", `[{"type":"message","value":[[[[[[]]]]]]}]`, "activity 0: nested deeper than 5 levels"},
		{"too many", `[{"type":"message"},{"type":"message"},{"type":"message"}]`, "activity 2: more than the limit of 2 activities in one record"},
		{"too large", `[{"type":"message","text":"` + strings.Repeat("x", 2000) + `"}]`, "activity 0: the record is larger than the limit of 2000 bytes"},
		{"no comma", `[{"type":"message"}{"type":"message"}]`, `not valid JSON: a comma is missing at {"type":"message"}]`},
		{"something behind", `[{"type":"message"}]]`, "something follows the list: ]"},
	} {
		_, err := activityjson.Content([]byte(tt.raw), small)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %q, want %q", tt.name, err, tt.want)
		}
	}

	deep := []byte(`[{"type":"message","value":` + strings.Repeat("[", 1_000_000))
	if _, err := activityjson.Content(deep, decode.Limits{}); err == nil || !strings.Contains(err.Error(), "nested deeper than") {
		t.Errorf("a million levels: error %v", err)
	}
	nested := `{"type":"trace","valueType":"UnknownIntent","value":"{\"userQuery\":` + strings.Repeat("[", 100_000) + `"}`
	if got := one(t, nested).Signal; got != (activity.UnknownIntent{}) {
		t.Errorf("a hundred thousand levels inside a string: %#v", got)
	}
}

// A decoder that failed starts the next record afresh.
func TestDecoderStartsAfresh(t *testing.T) {
	d := activityjson.New(decode.Limits{})
	if err := d.Add([]byte(`{"type":"message","from":{"id":"old","role":1},"locale":"xx","timestamp":5}`)); err == nil {
		t.Fatal("a time in 1970 was accepted")
	}
	if _, err := d.Finish(); err == nil {
		t.Error("Finish did not repeat the error")
	}
	raw := []byte(`{"type":"message","text":"kept","timestamp":1725905090}`)
	if err := d.Add(raw); err != nil {
		t.Fatal(err)
	}
	clear(raw) // the caller's buffer is used again
	res, err := d.Finish()
	if err != nil {
		t.Fatal(err)
	}
	want := activityjson.Result{
		Activities: []activity.Activity{{Type: activity.TypeMessage, Text: "kept", At: 1725905090000}}, Start: 1725905090000,
	}
	if diff := cmp.Diff(want, res); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
}

// The hash does not see how a transcript was written down, and sees everything else.
func TestDigest(t *testing.T) {
	sum := func(raws ...string) activityjson.Sum {
		var d activityjson.Digest
		for _, raw := range raws {
			if _, err := d.Add([]byte(raw)); err != nil {
				t.Fatalf("%s: %v", raw, err)
			}
		}
		return d.Sum()
	}
	base := sum(`{"a":[1,2.0,{"c":"é","b":null}],"d":"x"}`)
	for _, same := range []string{
		"{ \"d\" : \"x\",\r\n \"a\": [1, 2.0, {\"b\":null , \"c\":\"\\u00e9\"}] }",
		"{\"d\":\"\\u0078\",\"a\":[ 1 ,2.0,{\"c\":\"é\",\"b\":null}]}",
	} {
		if sum(same) != base {
			t.Errorf("%s has another hash", same)
		}
	}
	for _, other := range []string{
		`{"a":[1,2,{"c":"é","b":null}],"d":"x"}`, `{"a":[2.0,1,{"c":"é","b":null}],"d":"x"}`, `{"a":[1,2.0,{"c":"é"}],"d":"x"}`, `{}`, `[]`,
	} {
		if sum(other) == base {
			t.Errorf("%s has the same hash", other)
		}
	}
	if sum(`{}`, `{"a":1}`) == sum(`{"a":1}`, `{}`) {
		t.Error("the order of activities does not count")
	}
}

func TestDigestSeesContentOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.String(), rapid.OneOf(
			rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "s") }),
			rapid.Custom(func(t *rapid.T) any { return rapid.IntRange(-9, 9).Draw(t, "n") }),
			rapid.Custom(func(t *rapid.T) any { return rapid.MapOf(rapid.String(), rapid.Bool()).Draw(t, "m") }),
		)).Draw(t, "activity")
		plain, _ := stdjson.Marshal(m)
		var indented bytes.Buffer
		if err := stdjson.Indent(&indented, plain, " ", "\t"); err != nil {
			t.Fatal(err)
		}
		var a, b activityjson.Digest
		one, err := a.Add(plain)
		if err != nil {
			t.Fatalf("%s: %v", plain, err)
		}
		two, err := b.Add(indented.Bytes())
		if err != nil || one != two {
			t.Fatalf("%s and %s differ (%v)", plain, indented.Bytes(), err)
		}
	})
}

// contents are the contents of the eleven real rows.
func contents(t testing.TB) [][]byte {
	raw, err := os.ReadFile("../../../testdata/dataverse/conversationtranscripts.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct{ Content string }
	if err := stdjson.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, row := range rows {
		all = append(all, []byte(row.Content))
	}
	return all
}

// The eleven real rows hold what a reader can count by hand in them.
func TestRealRows(t *testing.T) {
	signals, types := map[string]int{}, map[string]int{}
	for i, raw := range contents(t) {
		res, err := activityjson.Content(raw, decode.Limits{})
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if res.Untimed || res.Start != res.Activities[0].At || res.Locale != "en-US" || res.User == "" {
			t.Errorf("row %d: start %d, locale %q, user %q", i, res.Start, res.Locale, res.User)
		}
		if res.BotSchema != "cr3e5_testCopilot" && res.BotSchema != "cr3e5_dorBot" {
			t.Errorf("row %d: schema %q", i, res.BotSchema)
		}
		for _, a := range res.Activities {
			types[string(a.Type)]++
			if a.Signal != nil {
				signals[reflect.TypeOf(a.Signal).Name()]++
			}
		}
		info, ok := res.Activities[len(res.Activities)-1].Signal.(activity.SessionInfo)
		messages := 0
		for _, a := range res.Activities {
			if a.IsMessage() {
				messages++
			}
		}
		if !ok || info.Turns != messages || info.Start != res.Start || info.Implied == nil {
			t.Errorf("row %d: %d messages, session %+v", i, messages, info)
		}
	}
	if diff := cmp.Diff(map[string]int{"event": 107, "message": 36, "trace": 52}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
	want := map[string]int{
		"ConversationInfo": 11, "ConversationStart": 11, "SessionInfo": 11, "TopicTrace": 72, "UnknownIntent": 10, "Variable": 10,
		"GeneratedAnswer": 10, "PlanReceived": 2, "PlanStep": 2, "PlanStepFinished": 2, "PlanFinished": 2,
	}
	if diff := cmp.Diff(want, signals); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
}

// Whom an activity is from is told by the bytes of one before it, never wrongly.
func TestSendersMetBefore(t *testing.T) {
	froms := []string{
		`{"id":"a"}`, `{"id":"a","role":1}`, `{"id":"a","role":1,"name":"b"}`, `{"id":"a" ,"role":0}`, `{}`, `"a"`, `null`, `{"role":"user"}`,
		`{"id":"` + strings.Repeat("x", 300) + `","role":1}`, `{"id":{"id":"a"},"role":1}`, `{"id":"a"},"from":{"id":"b"}`, `{"id":"a"},"from":"b"`,
	}
	d := activityjson.New(decode.Limits{})
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var list []string
		for range random.IntN(10) {
			list = append(list, `{"type":"message","text":"hi","from":`+froms[random.IntN(len(froms))]+`,"id":"1"}`)
		}
		got, err := d.Content([]byte("[" + strings.Join(list, ",") + "]"))
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range list {
			want, err := activityjson.Content([]byte("["+one+"]"), decode.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := got.Activities[i], want.Activities[0]; got.From != want.From || got.Role != want.Role {
				t.Errorf("%s is from %q, %v, want %q, %v", one, got.From, got.Role, want.From, want.Role)
			}
		}
	}
}

func BenchmarkContent(b *testing.B) {
	var all [][]byte
	var size int64
	for _, raw := range contents(b) {
		all = append(all, raw)
		size += int64(len(raw))
	}
	d := activityjson.New(decode.Limits{})
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range all {
			if _, err := d.Content(raw); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// What is small in a file and large in memory is counted or bounded: the limit on a record holds whatever field its bytes are in.
func TestRecordsAreBounded(t *testing.T) {
	lim := decode.DefaultLimits()
	lim.RecordBytes = 100_000
	long := strings.Repeat("x", 60_000)
	for _, field := range []string{
		`"id":"%s"`, `"replyToId":"%s"`, `"channelId":"%s"`, `"type":"%s"`, `"name":"%s"`, `"valueType":"%s"`, `"text":"%s"`, `"from":"%s"`,
		`"from":{"id":"%s"}`, `"conversation":{"id":"%s"}`, `"locale":"%s"`,
	} {
		d := activityjson.NewWithParties(lim)
		var err error
		for i := 0; i < 3 && err == nil; i++ {
			err = d.Add(fmt.Appendf(nil, `{"type":"message",`+field+`}`, fmt.Sprint(i)+long))
		}
		if err == nil || !strings.Contains(err.Error(), "larger than the limit of 100000 bytes") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, value := range []string{
		`"valueType":"DialogTracing","value":{"actions":[{}%s]}`, `"valueType":"IntentCandidates","value":{"intents":[{}%s]}`,
	} {
		raw := fmt.Appendf(nil, `{"type":"trace",`+value+`}`, strings.Repeat(",{}", 4000))
		if err := activityjson.New(lim).Add(raw); err == nil {
			t.Errorf("%s was not counted", value)
		}
	}
}

// A list of millions of nothing costs no more than a list.
func TestListsAreBounded(t *testing.T) {
	many := strings.Repeat(",1", 1_000_000)
	before := new(runtime.MemStats)
	runtime.ReadMemStats(before)
	for _, raw := range []string{
		`{"type":"event","name":"DynamicPlanReceived","value":{"steps":[1` + many + `]}}`,
		`{"type":"event","name":"DialogTracing","value":{"actions":[{}` + strings.ReplaceAll(many, "1", "{}") + `]}}`,
		`{"type":"trace","valueType":"IntentCandidates","value":{"intents":[1` + many + `]}}`,
		`{"type":"trace","name":"LuisRecognizer","value":{"recognizerResult":{"intents":{"a":1` + strings.ReplaceAll(many, "1", `"b":1`) + `}}}}`,
	} {
		if err := activityjson.New(decode.Limits{}).Add([]byte(raw)); err != nil {
			t.Error(err)
		}
	}
	after := new(runtime.MemStats)
	runtime.ReadMemStats(after)
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<20 {
		t.Errorf("%d MB allocated", allocated>>20)
	}
}

// Sorting the keys of an object is bounded too.
func TestDigestOfManyKeys(t *testing.T) {
	var d activityjson.Digest
	raw := []byte(`{"a":1` + strings.Repeat(`,"b":1`, 1<<20) + `}`)
	if _, err := d.Add(raw); err == nil || !strings.Contains(err.Error(), "more than 1048576 keys") {
		t.Error(err)
	}
	if _, err := d.Add([]byte(`{"a":{"b":1}}`)); err != nil {
		t.Errorf("the next activity: %v", err)
	}
}

// Of two lists the last counts, as of any key that is there twice.
func TestTwoLists(t *testing.T) {
	res, err := activityjson.Content([]byte(`{"activities":[{"type":"message","text":"a"},{"type":"message"}],"Activities":[{"type":"message","text":"b"}]}`), decode.Limits{})
	if err != nil || len(res.Activities) != 1 || res.Activities[0].Text != "b" || res.Activities[0].Seq != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}
