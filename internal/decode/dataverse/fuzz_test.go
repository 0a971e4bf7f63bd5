package dataverse

import (
	"bufio"
	"bytes"
	stdjson "encoding/json"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/segmentio/encoding/json"

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

// FuzzUnquote holds the unescaping against the standard library's.
func FuzzUnquote(f *testing.F) {
	for _, seed := range []string{`""`, `"a\"b\\c\/\n\r\t\b\f"`, `"\u00e9\ud83d\ude00"`, `"\ud83d"`, `"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`, `"\ude00x"`, `"\u12"`, `"\"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || len(raw) == 0 || raw[0] != '"' {
			return // rows are checked for both before
		}
		var want string
		if stdjson.Unmarshal(raw, &want) != nil {
			_, _ = unquote(nil, raw)
			return
		}
		got, err := unquote(nil, bytes.TrimSpace(raw))
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, want)
		}
	})
}

// FuzzWire holds the JSON library's reading of a row's fields against the standard library's.
func FuzzWire(f *testing.F) {
	for _, row := range realRows(f) {
		f.Add([]byte(row))
	}
	f.Add([]byte(`{"NAME":1,"name":"x","bot_ConversationTranscriptId":{"botid":null},"a":[{}],"content":{}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !utf8.Valid(raw) || len(raw) == 0 || raw[0] != '{' || decode.Deeper(raw, 64) {
			return // rows are checked for all of this before
		}
		var got, want wire
		wantErr := stdjson.Unmarshal(raw, &want)
		rest, gotErr := json.Parse(raw, &got, json.ZeroCopy)
		if gotErr == nil && len(bytes.TrimSpace(rest)) > 0 {
			return
		}
		if wantErr == nil && gotErr != nil {
			t.Fatalf("%s: %v", raw, gotErr)
		}
		if wantErr != nil {
			return // what is lenient about the library costs nothing: fields are looked into one by one
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", raw, diff)
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

// FuzzCSV: no panic, no row held beyond the limit, and all bytes are in rows.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("name,content\nc1,\"{\"\"activities\"\":[]}\"\n"))
	f.Add([]byte("sep=;\nname;content\nx;\"\n"))
	f.Add([]byte("name\tcontent\r\n\r\n\"a\"\"\tb\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		lim := decode.DefaultLimits()
		lim.RowBytes = 64
		var got counts
		if err := ReadCSV("f", bufio.NewReaderSize(bytes.NewReader(in), 16), 0, decode.Options{Limits: lim}, &got); err != nil {
			t.Fatal(err)
		}
		rows := csvRows{r: bufio.NewReaderSize(bytes.NewReader(in), 16), limit: lim.RowBytes, comma: ','}
		n := 0
		for {
			line, err := rows.next()
			if err != nil {
				break
			}
			if n++; line.row != n || int64(len(line.raw)) > lim.RowBytes || line.raw != nil && !bytes.HasPrefix(in[line.offset:], line.raw) {
				t.Fatalf("row %d is %+v", n, line)
			}
		}
		if rows.offset != int64(len(in)) {
			t.Errorf("stopped at %d of %d", rows.offset, len(in))
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
