package dataverse

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"os"
	"reflect"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// counts counts what a decoder finds.
type counts struct{ records, rejects int }

func (c *counts) Record(*activity.Record) error { c.records++; return nil }
func (c *counts) Reject(decode.Reject) error    { c.rejects++; return nil }
func (c *counts) Warn(decode.Warning) error     { return nil }

func realRows(t testing.TB) []stdjson.RawMessage {
	t.Helper()
	b, err := os.ReadFile("../../../testdata/dataverse/conversationtranscripts.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []stdjson.RawMessage
	if err := stdjson.Unmarshal(b, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// FuzzWire holds the locating of a row's fields against the standard library.
func FuzzWire(f *testing.F) {
	for _, row := range realRows(f) {
		f.Add([]byte(row))
	}
	f.Add([]byte(`{"NAME":1,"name":"x","bot_ConversationTranscriptId":{"botid":null},"a":[{}],"content":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		// Two letters beyond ASCII fold to ASCII ones in the standard library.
		if !utf8.Valid(raw) || len(raw) == 0 || raw[0] != '{' || decode.Deeper(raw, 64) || bytes.ContainsAny(raw, "ſ\u212a") || bytes.Contains(raw, []byte(`\u`)) {
			return
		}
		var w struct {
			ID       stdjson.RawMessage `json:"conversationtranscriptid"`
			Name     stdjson.RawMessage `json:"name"`
			Content  stdjson.RawMessage `json:"content"`
			Metadata stdjson.RawMessage `json:"metadata"`
			Start    stdjson.RawMessage `json:"conversationstarttime"`
			Modified stdjson.RawMessage `json:"modifiedon"`
			Created  stdjson.RawMessage `json:"createdon"`
			Version  stdjson.RawMessage `json:"versionnumber"`
			Schema   stdjson.RawMessage `json:"schemaversion"`
			Bot      stdjson.RawMessage `json:"_bot_conversationtranscriptid_value"`
			BotTitle stdjson.RawMessage `json:"_bot_conversationtranscriptid_value@OData.Community.Display.V1.FormattedValue"`
			BotName  stdjson.RawMessage `json:"bot_conversationtranscriptidname"`
			Expanded stdjson.RawMessage `json:"bot_conversationtranscriptid"`
		}
		if stdjson.Unmarshal(raw, &w) != nil {
			return
		}
		want := wire{w.ID, w.Name, w.Content, w.Metadata, w.Start, w.Modified, w.Created, w.Version, w.Schema, w.Bot, w.BotTitle, w.BotName, w.Expanded}
		lim := decode.DefaultLimits()
		lim.Depth = 64
		d := New(decode.Options{Limits: lim}, &counts{})
		got, ascii, err := d.located(raw)
		if slices.ContainsFunc(raw[ascii.from:ascii.to], func(c byte) bool { return c >= utf8.RuneSelf }) {
			t.Errorf("%s is not ASCII from %d to %d", raw, ascii.from, ascii.to)
		}
		if err != nil || !reflect.DeepEqual(want, got) {
			t.Errorf("%s: %v\nstandard: %s\nfast:     %s", raw, err, want, got)
		}
		var text string
		if bytes.HasPrefix(want.content, []byte(`"`)) && (stdjson.Unmarshal(want.content, &text) != nil || text != string(d.plain)) {
			t.Errorf("%s: content\nstandard: %s\nfast:     %s", raw, text, d.plain)
		}
	})
}

// FuzzRow: one row is one record or one reject, and never a panic.
func FuzzRow(f *testing.F) {
	for _, row := range realRows(f) {
		f.Add([]byte(row))
	}
	f.Add([]byte(`{"content":{"activities":[{"type":"message"}]},"metadata":{"BatchId":1e9},"name":"_"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || decode.Deeper(raw, 64) {
			return
		}
		var got counts
		if err := New(decode.Options{}, &got).Row(raw, activity.Origin{}); err != nil || got.records+got.rejects != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// FuzzCSV: no panic, and the rows that follow one another are all accounted for.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("name,content\nc1,\"{\"\"activities\"\":[]}\"\n"))
	f.Add([]byte("sep=;\nname;content\nx;\"\n"))
	f.Add([]byte("name\tcontent\r\n\r\n\"a\"\"\tb\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := decode.DefaultLimits()
		lim.RowBytes = 64
		var got counts
		opts := decode.Options{Limits: lim}
		table, err := NewTable("f", bufio.NewReaderSize(bytes.NewReader(in), 16), 0, lim, &got)
		d := New(opts, &got)
		for table != nil && err == nil {
			var line decode.CSVRow
			var origin activity.Origin
			if line, origin, err = table.Next(); err == nil {
				err = d.Line(table, line, origin)
			}
		}
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	})
}

// A record owns its strings: the decoder's buffers are used again.
func TestRecordsOutliveTheirRow(t *testing.T) {
	var kept keeper
	d := New(decode.Options{}, &kept)
	var want []*activity.Record
	for _, raw := range realRows(t) {
		var alone keeper
		if err := New(decode.Options{}, &alone).Row(bytes.Clone(raw), activity.Origin{}); err != nil {
			t.Fatal(err)
		}
		want = append(want, alone.records...)
		shared := bytes.Clone(raw)
		if err := d.Row(shared, activity.Origin{}); err != nil {
			t.Fatal(err)
		}
		for i := range shared {
			shared[i] = 'x'
		}
	}
	if diff := cmp.Diff(want, kept.records); diff != "" || len(want) != 11 {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type keeper struct {
	counts
	records []*activity.Record
}

func (k *keeper) Record(r *activity.Record) error { k.records = append(k.records, r); return nil }

func BenchmarkRows(b *testing.B) {
	rows := realRows(b)
	size := 0
	for _, row := range rows {
		size += len(row)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	d := New(decode.Options{}, &counts{})
	for b.Loop() {
		for _, row := range rows {
			if err := d.Row(row, activity.Origin{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
