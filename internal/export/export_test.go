package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"rapport/internal/errs"
	"rapport/internal/export"
	"rapport/internal/fact"
	"rapport/internal/metric"
)

// anyRow is a fact with anything in its columns that may be there.
func anyRow[Row any](t *rapid.T, columns []fact.Column[Row]) *Row {
	var row Row
	for _, c := range columns {
		switch f := c.Of(&row).(type) {
		case *int64:
			*f = rapid.Int64Range(0, 4_000_000_000_000).Draw(t, c.Name)
		case *uint8:
			*f = uint8(rapid.IntRange(0, len(c.Codes)-1).Draw(t, c.Name))
		case *bool:
			*f = rapid.Bool().Draw(t, c.Name)
		case *string:
			*f = rapid.SampledFrom([]string{"", "a", "=1+1", "-5", "x, \"y\"\r\nz", "日本", "\x1b[2J", "a\u202eb", "@sum(a)"}).Draw(t, c.Name)
		}
	}
	return &row
}

// write is rows in one format.
func write[Row any](t fataler, rows []*Row, h metric.Header, w *export.Writer[Row], err error) {
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(h, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

type fataler interface{ Fatal(...any) }

// table is what a reader of one format sees: "" for nothing, times in UTC.
type table struct {
	names []string
	rows  [][]string
}

func readCSV(t fataler, b []byte) table {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return table{rows[0], rows[1:]}
}

func readLines(t fataler, b []byte) table {
	var out table
	for line := range bytes.Lines(b) {
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.UseNumber()
		var names, cells []string
		if _, err := dec.Token(); err != nil {
			t.Fatal(err)
		}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			value, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, key.(string))
			if value == nil {
				value = ""
			}
			cells = append(cells, fmt.Sprint(value))
		}
		out.names, out.rows = names, append(out.rows, cells)
	}
	return out
}

func readParquet(t fataler, b []byte) table {
	r := parquet.NewReader(bytes.NewReader(b))
	var out table
	moments := map[int]bool{}
	for i, f := range r.Schema().Fields() {
		out.names = append(out.names, f.Name())
		moments[i] = strings.Contains(f.String(), "TIMESTAMP")
	}
	buf := make([]parquet.Row, 1)
	for {
		n, err := r.ReadRows(buf)
		if n == 1 {
			cells := make([]string, len(out.names))
			for _, v := range buf[0] {
				switch {
				case v.IsNull():
				case moments[v.Column()]:
					cells[v.Column()] = time.UnixMilli(v.Int64()).UTC().Format("2006-01-02T15:04:05.000Z")
				default:
					cells[v.Column()] = v.String()
				}
			}
			out.rows = append(out.rows, cells)
		}
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sameEverywhere holds the three formats against each other.
func sameEverywhere[Row any](t *rapid.T, columns []fact.Column[Row], open func(io.Writer, export.Options) (*export.Writer[Row], error)) {
	rows := make([]*Row, rapid.SampledFrom([]int{1, 3, 300}).Draw(t, "rows"))
	few := []*Row{anyRow(t, columns), anyRow(t, columns), anyRow(t, columns)}
	for i := range rows {
		rows[i] = few[i%len(few)]
	}
	h := metric.Header{Definition: "platform@1"}
	if rapid.Bool().Draw(t, "as of") {
		h.AsOf = "2030-01-01T00:00:00Z"
	}
	read := map[export.Format]func(fataler, []byte) table{export.CSV: readCSV, export.JSONLines: readLines, export.Parquet: readParquet}
	got := map[export.Format]table{}
	for _, format := range export.Formats() {
		var b bytes.Buffer
		w, err := open(&b, export.Options{Format: format, BotName: func(k string) string { return "Bot " + k }})
		write(t, rows, h, w, err)
		got[format] = read[format](t, b.Bytes())
	}
	want := got[export.Parquet]
	if len(want.rows) != len(rows) {
		t.Fatalf("%d rows of %d", len(want.rows), len(rows))
	}
	if diff := cmp.Diff(want, got[export.JSONLines], cmp.AllowUnexported(table{})); diff != "" {
		t.Fatalf("parquet (-), jsonl (+): %s", diff)
	}
	for i, row := range want.rows { // what CSV cannot say
		for j, cell := range row {
			cell = strings.ReplaceAll(strings.ReplaceAll(cell, "\x1b", "\ufffd"), "\r\n", "\n")
			if cell == "=1+1" || cell == "-5" && !strings.HasSuffix(want.names[j], "_id") || cell == "@sum(a)" {
				if strings.HasSuffix(want.names[j], "_id") && cell == "=1+1" {
					row[j] = cell
					continue
				}
				cell = "'" + cell
			}
			row[j] = cell
		}
		want.rows[i] = row
	}
	if diff := cmp.Diff(want, got[export.CSV], cmp.AllowUnexported(table{})); diff != "" {
		t.Fatalf("parquet (-), csv (+): %s", diff)
	}
}

func TestFormatsSayTheSame(t *testing.T) {
	t.Run("sessions", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { sameEverywhere(t, fact.SessionColumns(), export.Sessions) })
	})
	t.Run("billed", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { sameEverywhere(t, fact.BilledColumns(), export.Billed) })
	})
	t.Run("utterances", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { sameEverywhere(t, fact.UtteranceColumns(), export.Utterances) })
	})
}

// Times are in the zone asked for, with its offset, and to the millisecond: also in the hour that a day has twice.
func TestZones(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 10, 25, 0, 30, 0, 5_000_000, time.UTC).UnixMilli()
	var b bytes.Buffer
	w, err := export.Sessions(&b, export.Options{Format: export.CSV, Zone: berlin, Columns: []string{"started_at", "ended_at", "csat"}})
	write(t, []*fact.Session{
		{StartedAt: at, EndedAt: at + 3_600_000, CSAT: 4},
		{Untimed: true},
	}, metric.Header{}, w, err)
	want := "started_at,ended_at,csat\r\n2026-10-25T02:30:00.005+02:00,2026-10-25T02:30:00.005+01:00,4\r\n,,\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

// A session that is open as of the answer says that, and not how it will end.
func TestOpenSessions(t *testing.T) {
	closes := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).UnixMilli()
	row := &fact.Session{StartedAt: closes - 1000, ClosesAt: closes, Engaged: true, Outcome: 1, Resolution: 1, Reason: "Resolved"}
	for asOf, want := range map[string]string{
		"":                     "false,engaged,resolved,confirmed,Resolved",
		"2026-01-01T12:00:00Z": "false,engaged,resolved,confirmed,Resolved",
		"2026-01-01T11:59:59Z": "true,engaged,none,,",
	} {
		var b bytes.Buffer
		w, err := export.Sessions(&b, export.Options{Format: export.CSV, Columns: []string{"open", "engagement", "outcome", "resolution", "reason"}})
		write(t, []*fact.Session{row}, metric.Header{AsOf: asOf}, w, err)
		if got := strings.Split(b.String(), "\r\n")[1]; got != want {
			t.Errorf("as of %q: %s, want %s", asOf, got, want)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	for name, o := range map[string]export.Options{
		"format": {Format: "xlsx"},
		"column": {Format: export.CSV, Columns: []string{"started"}},
	} {
		if _, err := export.Sessions(io.Discard, o); errs.CodeOf(err) != errs.Invalid || errs.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Without rows a CSV still has its header, and a Parquet file its schema.
func TestNothingToExport(t *testing.T) {
	for _, format := range export.Formats() {
		var b bytes.Buffer
		w, err := export.Billed(&b, export.Options{Format: format})
		write(t, nil, metric.Header{}, w, err)
		if size := b.Len(); (format == export.JSONLines) != (size == 0) {
			t.Errorf("%s: %d bytes", format, size)
		}
	}
}
