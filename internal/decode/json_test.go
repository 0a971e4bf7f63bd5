package decode_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport/internal/decode"
)

// TestWalk: what the walk gives out, one case a shape; errors in the words that people see.
func TestWalk(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{}`, ""},
		{` { "a" : 1 , "b":[ ] } `, "a=1 b=[ ]"},
		{`{"\u0061":"x\"}","a":{"b":[{}]}}`, `a="x\"}" a={"b":[{}]}`},
		{`[]`, ""},
		{`[1,-2.5e+3 ,"]",null,true,false,[[]],{"a":{}}]`, `1 -2.5e+3 "]" null true false [[]] {"a":{}}`},
		{`[1,]`, "1 ! not valid JSON: a value was expected at ]"},
		{`[,1]`, "! not valid JSON: a value was expected at ,1]"},
		{`[1 2]`, "1 ! not valid JSON: a comma is missing at 2]"},
		{`{"a":1,}`, "a=1 ! not valid JSON: a key was expected at }"},
		{`{"a":1 "b":2}`, `a=1 ! not valid JSON: a comma is missing at "b":2}`},
		{`{"a" 1}`, `! not valid JSON: no value for "a" at 1}`},
		{`{a:1}`, "! not valid JSON: a key was expected at a:1}"},
		{`[{"a":1]]`, "! not valid JSON: a comma or } was expected at ]]"},
		{`[[1,]]`, "! not valid JSON: a value was expected at ]]"},
		{`[{"a":}]`, "! not valid JSON: a value was expected at }]"},
		{`[tru]`, "! not valid JSON: a value was expected at tru]"},
		{`[01]`, "! not valid JSON: a value was expected at 01]"},
		{`[+1]`, "! not valid JSON: a value was expected at +1]"},
		{`[1.]`, "! not valid JSON: a value was expected at 1.]"},
		{`["\q"]`, `! not valid JSON: an unknown escape at \q"]`},
		{`["\u12`, "! " + decode.ErrTruncated.Error()},
		{`["\u12"]`, `! not valid JSON: a broken \u escape at \u12"]`},
		{`["\"`, "! " + decode.ErrTruncated.Error()},
		{`["\`, "! " + decode.ErrTruncated.Error()},
		{`[tr`, "! " + decode.ErrTruncated.Error()},
		{`[-`, "! " + decode.ErrTruncated.Error()},
		{`{"a":`, "! " + decode.ErrTruncated.Error()},
		{`{"a"`, "! " + decode.ErrTruncated.Error()},
		{`[[[[1]]]]`, "[[[1]]]"},
		{`[[[[[1]]]]]`, "! nested deeper than 4 levels"},
		{`[[{"a":[[1]]}]]`, "! nested deeper than 4 levels"},
	}
	for _, tt := range tests {
		if got := walked(tt.in); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.in, got, tt.want)
		}
	}
}

func walked(in string) string {
	var got []string
	var err error
	if strings.TrimSpace(in)[0] == '{' {
		o := decode.NewObject([]byte(in), 0, 4)
		for o.Next() {
			if v := o.Value(); v != nil {
				got = append(got, string(o.Key)+"="+string(v))
			}
		}
		err = o.Err()
	} else {
		a := decode.NewArray([]byte(in), 0, 4)
		for a.Next() {
			if v := a.Value(); v != nil {
				got = append(got, string(v))
			}
		}
		err = a.Err()
	}
	if err != nil {
		got = append(got, "! "+err.Error())
	}
	return strings.Join(got, " ")
}

// FuzzWalk holds the walk against the standard library: the same is valid, but for control characters in strings, which the walk
// lets pass.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"\u00e9\\"}],"c":-0.5e-7}`, `[[],{},[{"a":null}]]`, `"x"`, `[1,]`, `{"a":01}`, `["\ud800"]`, `tru`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || decode.Deeper(raw, 64) || bytes.ContainsFunc(raw, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' }) {
			return
		}
		begin := decode.SkipSpace(raw, 0)
		end, err := decode.SkipValue(raw, begin, 0, 64)
		got := err == nil && decode.SkipSpace(raw, end) == len(raw)
		want := json.Valid(raw)
		if got != want && !(got && bytes.ContainsAny(raw, "\n\t\r")) {
			t.Errorf("%q: valid %t (%v), the standard library says %t", raw, got, err, want)
		}
	})
}

// A string of escapes takes time in proportion to its length: ten megabytes of them are read at once, not in hours.
func TestEscapesAreLinear(t *testing.T) {
	raw := []byte(`"` + strings.Repeat(`\n`, 5_000_000) + `"`)
	if end, err := decode.SkipValue(raw, 0, 0, 4); err != nil || end != len(raw) {
		t.Errorf("%d, %v", end, err)
	}
}
