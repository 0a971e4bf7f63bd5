package decode_test

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/decode"
)

// FuzzCSVFields holds the splitting of a row against the standard library.
func FuzzCSVFields(f *testing.F) {
	for _, seed := range []string{"a,b", `"a""b",c`, "\"x\r\ny\",\r\n", `a"b`, `"a"b`, `"a`, ",,", "\"\"", "a;b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		rows := decode.NewCSVRows(bufio.NewReader(bytes.NewReader(in)), 1<<20, 0)
		row, err := rows.Next()
		if err != nil || row.Err != nil || strings.HasSuffix(string(row.Raw), "\r\r\n") || strings.HasSuffix(string(row.Raw), "\r\r") {
			return
		}
		r := csv.NewReader(bytes.NewReader(row.Raw))
		r.FieldsPerRecord = -1
		want, wantErr := r.Read()
		var fields decode.CSVFields
		got, n, err := fields.Split(row.Raw, ',', 1000)
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%q: %v, the standard library says %v", row.Raw, err, wantErr)
		}
		if err != nil {
			return
		}
		var texts []string
		for _, field := range got {
			texts = append(texts, string(field))
		}
		if n != len(want) || n <= 1000 && !cmp.Equal(texts, want) {
			t.Errorf("%q: %q, want %q", row.Raw, texts, want)
		}
	})
}

// A row of a million empty fields is counted, not held.
func TestCSVFieldsAreBounded(t *testing.T) {
	var fields decode.CSVFields
	got, n, err := fields.Split(bytes.Repeat([]byte(","), 1_000_000), ',', 3)
	if len(got) != 3 || n != 1_000_001 || err != nil {
		t.Errorf("%d of %d, %v", len(got), n, err)
	}
}

// FuzzCSVRows: no row is held beyond the limit, rows are pieces of the input, and all of it is in rows.
func FuzzCSVRows(f *testing.F) {
	f.Add([]byte("name,content\nc1,\"{\"\"activities\"\":[]}\"\n"))
	f.Add([]byte("name\tcontent\r\n\r\n\"a\"\"\tb\r\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		rows := decode.NewCSVRows(bufio.NewReaderSize(bytes.NewReader(in), 16), 64, 0)
		rest := 0
		for n := 1; ; n++ {
			row, err := rows.Next()
			if err != nil {
				break
			}
			if row.Row != n || len(row.Raw) > 64 || row.Raw != nil && !bytes.HasPrefix(in[row.Offset:], row.Raw) {
				t.Fatalf("row %d is %+v", n, row)
			}
			rest = int(row.Offset) + len(row.Raw)
			if row.Raw == nil {
				rest = len(in)
			}
		}
		if len(bytes.TrimSpace(in[rest:])) > 0 {
			t.Errorf("stopped at %d of %d", rest, len(in))
		}
	})
}
