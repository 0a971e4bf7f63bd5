package activityjson

import (
	"bytes"
	stdjson "encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/encoding/json"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// FuzzContent: nothing panics, and what is accepted holds together.
func FuzzContent(f *testing.F) {
	for _, seed := range []string{
		`{"activities":[{"type":"message","timestamp":1725905090,"from":{"id":"u","role":1},"text":"hi"}]}`,
		`[{"valueType":"SessionInfo","type":"trace","value":{"startTimeUtc":"2024-09-09T18:04:50Z","type":"Engaged","turnCount":"x"}}]`,
		`[{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":{"body":[{"type":"Input.Text"}]}}]}]`,
		`[{"type":"invoke","name":"message/submitAction","value":"{\"actionName\":\"feedback\"}"}]`,
		`[{"type":"trace","name":"LuisRecognizer","value":{"recognizerResult":{"intents":{"a":{"score":1}}}}}]`,
	} {
		f.Add([]byte(seed))
	}
	lim := decode.DefaultLimits()
	lim.Depth = 64
	f.Fuzz(func(t *testing.T, raw []byte) {
		res, err := Content(raw, lim)
		if err != nil {
			if !cmp.Equal(res, Result{}) {
				t.Errorf("an error came with a result: %+v", res)
			}
			return
		}
		if !utf8.Valid(raw) && len(res.Activities) > 0 && !utf8.ValidString(res.Activities[0].Text) {
			t.Error("invalid UTF-8 came through")
		}
		for i, a := range res.Activities {
			if a.Seq != i || a.Type == "" || res.Untimed != (a.At == 0) || !res.Untimed && a.At < res.Start {
				t.Errorf("activity %d of %d: %+v", i, len(res.Activities), a)
			}
			if s, ok := a.Signal.(activity.CSATAnswered); ok && (s.Score < 1 || s.Score > 5) {
				t.Errorf("a score of %d", s.Score)
			}
		}
	})
}

// FuzzDifferential holds the fast parser against the standard library, on the structs that this package reads. What the
// standard library accepts must be read the same way. The fast parser may accept more (a raw newline in a string) and may not
// know that some letters beyond ASCII fold to ASCII ones, which no key here has.
func FuzzDifferential(f *testing.F) {
	for _, seed := range []string{
		`{"id":"1","TYPE":"message","value":{"a":[1,2,{"b":null}]},"value":1,"text":"\u00e9\ud83d\ude00"}`,
		`{"timestamp":1.5e3,"from":{"id":null},"unknown":[[],{}]} `,
		`{"name":"\ud800","replyToId":"a\\\"b"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if end, err := decode.SkipValue(raw, 0, 0, 64); err != nil || end != len(raw) || !utf8.Valid(raw) || hasOddKeys(raw) {
			return
		}
		compareWire(t, raw)
		compare[struct {
			IntentID    text
			IntentScore loose[intentScore]
		}](t, raw)
		compare[struct{ IntentCandidates, Intents, Candidates list[candidate] }](t, raw)
	})
}

// hasOddKeys reports letters that fold to ASCII in one library and not in the other: the long s and the Kelvin sign.
func hasOddKeys(raw []byte) bool {
	s := strings.ToLower(string(raw))
	return strings.ContainsAny(string(raw), "ſ\u212a") || strings.Contains(s, `\u017f`) || strings.Contains(s, `\u212a`)
}

// compareWire holds the locating of an activity's values against the standard library.
func compareWire(t *testing.T, raw []byte) {
	t.Helper()
	var want struct {
		ID, Type, Name, ValueType, Value, Timestamp, TimestampMs, From, Recipient, To, Conversation, ChannelID, ReplyToID, Locale, Text,
		InputHint, Attachments, SuggestedActions, ChannelData stdjson.RawMessage
	}
	if stdjson.Unmarshal(raw, &want) != nil || raw[0] != '{' {
		return
	}
	var got wire
	var none senders
	if n, err := got.locate(raw, 0, 64, &none); err != nil || n != len(raw) {
		t.Fatalf("only the standard library reads %q: %v", raw, err)
	}
	w := want
	sender := [4]field{}
	if len(w.From) > 0 && w.From[0] == '{' {
		sender = accountFields
		find(w.From, sender[:])
	}
	all := wire{
		w.ID, w.Type, w.Name, w.ValueType, w.Value, w.Timestamp, w.TimestampMs, w.From, w.Recipient, w.To, w.Conversation, w.ChannelID,
		w.ReplyToID, w.Locale, w.Text, w.InputHint, w.Attachments, w.SuggestedActions, w.ChannelData, nil, sender,
	}
	if len(got.from) == 0 || got.from[0] != '{' {
		got.sender = [4]field{} // of an object that a later member of the name took the place of
	}
	if !reflect.DeepEqual(all, got) {
		t.Fatalf("%q\nstandard: %+v\nfast:     %+v", raw, all, got)
	}

	// Who was met before is the same without being read.
	d := New(decode.Limits{})
	var first, again wire
	_, _ = first.locate(raw, 0, 64, &d.senders)
	met := d.sender(&first, 0)
	if n, err := again.locate(raw, 0, 64, &d.senders); err != nil || n != len(raw) {
		t.Fatalf("%q cannot be read twice: %v", raw, err)
	}
	if from := d.sender(&again, 0); from != met || !bytes.Equal(again.from, got.from) {
		t.Fatalf("%q: from %+v, then %+v", raw, met, from)
	}
}

func compare[T any](t *testing.T, raw []byte) {
	t.Helper()
	var want, got T
	if err := stdjson.Unmarshal(raw, &want); err != nil {
		return
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatalf("only the standard library reads %q: %v", raw, err)
	}
	if !reflect.DeepEqual(want, got) {
		t.Fatalf("%q\nstandard: %+v\nfast:     %+v", raw, want, got)
	}
}

// FuzzDigest: nothing panics, and the canonical form of the canonical form is itself.
func FuzzDigest(f *testing.F) {
	f.Add([]byte(`{"b":[1,{"d":"\u00e9","c":null}],"a":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !stdjson.Valid(raw) || !utf8.Valid(raw) { // Elements rejects invalid UTF-8
			return
		}
		if decode.Deeper(raw, 64) {
			return
		}
		var c canonical
		once, err := c.of(raw)
		if err != nil {
			t.Fatalf("canonical form of %q: %v", raw, err)
		}
		once = slices.Clone(once)
		twice, err := c.of(once)
		if err != nil || string(twice) != string(once) {
			t.Fatalf("%q\nonce:  %s\ntwice: %s (%v)", raw, once, twice, err)
		}
	})
}
