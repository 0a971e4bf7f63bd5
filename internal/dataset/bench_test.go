package dataset_test

import (
	"bufio"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/dataset"
	"rapport/internal/definition"
	"rapport/internal/generate"
	"rapport/internal/store/duckdb"
)

var (
	importFile  = flag.String("import-file", "", "JSON Lines of Dataverse rows for BenchmarkImport; \"\" makes them")
	importMade  = flag.Int("import-conversations", 10_000, "how many conversations BenchmarkImport makes")
	importTurns = flag.Int("import-turns", 5, "how often BenchmarkImport runs each of the two")
)

// BenchmarkImport holds an import (records kept, sessions derived, durable) against DuckDB's own CREATE TABLE AS SELECT of the same file, by
// turns, and reports the ratio of the medians: above 1 the import is faster.
//
//	go test ./internal/dataset -run '^$' -bench Import -benchtime 1x
func BenchmarkImport(b *testing.B) {
	path := *importFile
	if path == "" {
		path = writeRows(b, *importMade)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	if os.Getenv("GOGC") == "" { // as rapport import has it
		defer debug.SetGCPercent(debug.SetGCPercent(400))
	}
	for b.Loop() {
		var ours, theirs []time.Duration
		for range *importTurns {
			theirs = append(theirs, timed(func() { createTable(b, path) }))
			ours = append(ours, timed(func() { importFresh(b, path) }))
		}
		slices.Sort(ours)
		slices.Sort(theirs)
		mine, duck := ours[len(ours)/2], theirs[len(theirs)/2]
		b.ReportMetric(duck.Seconds()/mine.Seconds(), "ratio")
		b.ReportMetric(float64(info.Size())/1e6/mine.Seconds(), "import-MB/s")
		b.ReportMetric(float64(info.Size())/1e6/duck.Seconds(), "duckdb-MB/s")
		b.Logf("%.0f MB: import %v, CREATE TABLE AS SELECT %v: %.2f times as fast", float64(info.Size())/1e6, ours, theirs, duck.Seconds()/mine.Seconds())
	}
}

// BenchmarkDeriveAgain derives all that is stored under two definitions, keeping neither: mostly it decodes records again.
func BenchmarkDeriveAgain(b *testing.B) {
	w := inMemory(b)
	records := w.load(b, writeRows(b, 2000)).Read
	both := [2]*definition.Definition{}
	for i, name := range [...]string{"platform", "guidance-2023"} {
		def, err := definition.Load(name)
		if err != nil {
			b.Fatal(err)
		}
		both[i] = def
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := w.Diff(b.Context(), both[0], both[1], nil, func(dataset.Difference) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(records), "µs/record")
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start).Round(time.Millisecond)
}

func writeRows(b *testing.B, conversations int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "rows.jsonl")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriter(f)
	if _, err := generate.Write(b.Context(), out, generate.Options{Conversations: conversations}); err != nil {
		b.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	return path
}

// importFresh imports into a new folder, and closes it.
func importFresh(b *testing.B, path string) {
	dir, err := os.MkdirTemp(b.TempDir(), "data")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := duckdb.Open(b.Context(), dir, duckdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	d, err := dataset.Open(b.Context(), s, dataset.Options{TempDir: dir})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.Import(b.Context(), dataset.ImportOptions{Paths: []string{path}}); err != nil {
		b.Fatal(err)
	}
	if err := d.Close(); err != nil {
		b.Fatal(err)
	}
}

// createTable lets DuckDB read the file into a new database, and closes it.
func createTable(b *testing.B, path string) {
	dir, err := os.MkdirTemp(b.TempDir(), "table")
	if err != nil {
		b.Fatal(err)
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("duckdb", filepath.Join(dir, "table.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(fmt.Sprintf("CREATE TABLE t AS SELECT name, conversationstarttime, content FROM read_json('%s')", path)); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}
