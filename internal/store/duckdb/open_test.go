package duckdb

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

var kills = flag.Int("kills", 3, "how often TestKill ends a process that updates")

// childEnv makes the test binary play a second process: it holds the value. childDir is the data folder.
const (
	childEnv = "RAPPORT_TEST_CHILD"
	childDir = "RAPPORT_TEST_DIR"
)

func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	switch os.Getenv(childEnv) {
	case "":
		os.Exit(m.Run())
	case "hold":
		err = hold(os.Getenv(childDir))
	case "update":
		err = updateForEver(os.Getenv(childDir))
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// child starts a second process, and returns what it prints.
func child(t *testing.T, role, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+role, childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // once more does no harm
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd, bufio.NewScanner(out)
}

func hold(dir string) error {
	_, err := Open(context.Background(), dir, Options{
		Threads: 1, MemoryLimit: 1 << 28, Holder: "rapport serve", Address: "http://127.0.0.1:8080",
		Now: func() time.Time { return time.Unix(1_700_000_000, 0) },
	})
	if err != nil {
		return err
	}
	fmt.Println("open")
	select {}
}

func TestSecondProcessIsToldWhoHasIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	cmd, out := child(t, "hold", dir)
	if !out.Scan() {
		t.Fatal("the other process did not open the folder")
	}
	_, err := Open(t.Context(), dir, Options{})
	want := fmt.Sprintf("data folder %s is in use by rapport serve (process %d, since 2023-11-14T22:13:20Z)", dir, cmd.Process.Pid)
	if errs.CodeOf(err) != errs.Conflict || err.Error() != want {
		t.Errorf("got %v (%s)\nwanted %s", err, errs.CodeOf(err), want)
	}
	if hint := errs.HintOf(err); !strings.Contains(hint, "--server http://127.0.0.1:8080") {
		t.Errorf("the hint %q does not name the server", hint)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	open(t, dir)   // the lock went with the process
}

func TestOpenTwiceInOneProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if _, err := Open(t.Context(), dir, Options{}); errs.CodeOf(err) != errs.Conflict {
		t.Errorf("opening it twice: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestFolderThatCannotBe(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(dir string) string
		want errs.Code
	}{
		{"a file in the way", func(dir string) string {
			file := filepath.Join(dir, "file")
			write(t, file, "x")
			return file
		}, errs.Input},
		{"a name that DuckDB reads otherwise", func(dir string) string { return filepath.Join(dir, "a?b") }, errs.Invalid},
		{"no data set", func(dir string) string {
			write(t, filepath.Join(dir, fileName), strings.Repeat("this is not a database. ", 1000))
			return dir
		}, errs.Input},
		{"damage", func(dir string) string {
			s := open(t, dir)
			load(t, s, 1000)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, fileName)
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i := 12 << 10; i < len(data); i += 64 {
				data[i] ^= 0xff
			}
			write(t, file, string(data))
			return dir
		}, errs.Input},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(t.Context(), test.make(t.TempDir()), Options{Threads: 1})
			if err == nil {
				err = errors.Join(errors.New("it opened"), s.Close())
			}
			if errs.CodeOf(err) != test.want || errs.HintOf(err) == "" {
				t.Errorf("code %q, hint %q: %v", errs.CodeOf(err), errs.HintOf(err), err)
			}
		})
	}
}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	return openWith(t, dir, Options{})
}

func openWith(t *testing.T, dir string, opts Options) *Store {
	t.Helper()
	opts.Threads, opts.MemoryLimit = 2, 1<<30
	s, err := Open(t.Context(), dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// steps are the migrations that there are.
func steps(t *testing.T) fstest.MapFS {
	t.Helper()
	files, err := migrationFiles.ReadDir("migrate")
	if err != nil {
		t.Fatal(err)
	}
	all := fstest.MapFS{}
	for _, f := range files {
		data, err := migrationFiles.ReadFile("migrate/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name()] = &fstest.MapFile{Data: data}
	}
	return all
}

func step(number int) string { return fmt.Sprintf("%04d_later.sql", number) }

// TestOlderSchema: what an earlier Rapport wrote is read, and written to.
func TestOlderSchema(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("duckdb", filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	base := steps(t)["0001_base.sql"].Data
	for _, statement := range []string{
		"CREATE TABLE migration (version BIGINT NOT NULL, name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, applied_at BIGINT NOT NULL, applied_by VARCHAR NOT NULL)",
		string(base),
		fmt.Sprintf("INSERT INTO migration VALUES (1, 'base', '%x', 0, 'v0.1')", sha256.Sum256(base)),
		"INSERT INTO record SELECT 1, 7, 1, 1, NULL, 'content', 'f', 0, 0, 'c', 'b', '', '', [3], '', '', '', 3, 'raw'::BLOB",
		"INSERT INTO sight VALUES (1, 1)",
		"UPDATE state SET generation = 1, last_record = 1, last_import = 1",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	err = s.Update(t.Context(), func(tx store.Tx) error {
		return tx.AddRecord(t.Context(), store.Record{ID: 2, Key: 8, Import: 2, Format: activity.FormatContent, Conversation: "d", Raw: []byte("more")})
	})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	err = s.View(t.Context(), func(v store.View) error {
		return v.Each(t.Context(), func(r store.Record) error {
			said = append(said, fmt.Sprintf("%d %d %s %s %v", r.ID, r.Import, r.Conversation, r.Raw, r.Days))
			return nil
		})
	})
	if diff := cmp.Diff([]string{"1 1 c raw [3]", "2 2 d more []"}, said); err != nil || diff != "" {
		t.Errorf("%v (- wanted, + got):\n%s", err, diff)
	}
}

func TestNewerSchema(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	newer := steps(t)
	known := len(newer)
	newer[step(known+1)] = &fstest.MapFile{Data: []byte("CREATE TABLE later (id BIGINT)")}
	newer[step(known+2)] = &fstest.MapFile{Data: []byte("CREATE TABLE last (id BIGINT)")}
	if err := s.migrateTo(t.Context(), Options{Now: time.Now, Version: "v9.1.0"}, newer); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	want := fmt.Sprintf("data folder %s has schema version %d, and this Rapport knows up to %d: a newer one wrote it", dir, known+2, known)
	if errs.CodeOf(err) != errs.Conflict || err.Error() != want || !strings.Contains(errs.HintOf(err), "v9.1.0") {
		t.Errorf("got %v (%s)", err, errs.HintOf(err))
	}
}

func TestChangedMigration(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.migrateTo(t.Context(), Options{Now: time.Now}, fstest.MapFS{"0001_base.sql": {Data: []byte("CREATE TABLE other (id BIGINT)")}})
	if errs.CodeOf(err) != errs.Conflict {
		t.Errorf("a migration that changed: %v", err)
	}
}

// TestMigrationIsWholeOrNothing: a step that fails leaves nothing behind, and is taken again at the next opening.
func TestMigrationIsWholeOrNothing(t *testing.T) {
	s := open(t, t.TempDir())
	files := steps(t)
	later := &fstest.MapFile{Data: []byte("CREATE TABLE later (id BIGINT); SELECT error('no')")}
	files[step(len(files)+1)] = later
	if err := s.migrateTo(t.Context(), Options{Now: time.Now}, files); err == nil {
		t.Fatal("a step that fails is no error")
	}
	later.Data = []byte("CREATE TABLE later (id BIGINT)")
	if err := s.migrateTo(t.Context(), Options{Now: time.Now}, files); err != nil {
		t.Error(err)
	}
}

// TestSchema: schema.sql says what the migrations make.
func TestSchema(t *testing.T) {
	s := open(t, t.TempDir())
	said, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	tables := func() string {
		var text string
		err := s.db.QueryRowContext(t.Context(), "SELECT string_agg(sql, chr(10) ORDER BY table_name) FROM duckdb_tables() WHERE NOT temporary").Scan(&text)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	made := tables()
	var drop string
	if err := s.db.QueryRowContext(t.Context(), "SELECT string_agg('DROP TABLE ' || table_name, ';') FROM duckdb_tables()").Scan(&drop); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.ExecContext(t.Context(), drop); err != nil {
		t.Fatal(err)
	}
	if _, err := s.db.ExecContext(t.Context(), string(said)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made, tables()); diff != "" {
		t.Errorf("schema.sql is not what migrations make (- migrations, + schema.sql):\n%s", diff)
	}
}

// TestWiden: a table that was made before there was a column gets it, with nothing in it.
func TestWiden(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	projection := load(t, s, 1000)
	for _, column := range []string{"decided_by", "likes", "csat_asked", "origin"} {
		if _, err := s.db.ExecContext(t.Context(), fmt.Sprintf("ALTER TABLE session_%d DROP COLUMN %s", projection, column)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	err := s.View(t.Context(), func(v store.View) error {
		rows := 0
		err := v.Sessions(t.Context(), projection, store.Selection{Limit: 10}, func(row *fact.Session) error {
			if rows++; row.DecidedBy != 0 || row.Likes != 0 || row.CSATAsked || row.Origin != 0 || row.OpenedBy == 0 {
				t.Errorf("a row is %+v", row)
			}
			return nil
		})
		if rows != 10 {
			t.Errorf("%d rows", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(tx store.Tx) error { // and takes rows again
		return tx.Replace(t.Context(), projection, []int64{1}, false, &fact.Facts{Sessions: []fact.Session{{Key: 1, Conversation: "new", DecidedBy: 7}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(v store.View) error {
		return v.Sessions(t.Context(), projection, store.Selection{Where: measure.IsText("conversation", "new")}, func(row *fact.Session) error {
			if row.DecidedBy != 7 {
				t.Errorf("the new row is %+v", row)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWidenCodes: a column that was text when its table was made becomes the codes of its words, and one that is no word any more unknown.
func TestWidenCodes(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	projection := load(t, s, 1000)
	var want fact.Facts
	read := func(f *fact.Facts) {
		t.Helper()
		*f = fact.Facts{}
		err := s.View(t.Context(), func(v store.View) error {
			err := v.Sessions(t.Context(), projection, store.Selection{}, func(row *fact.Session) error {
				f.Sessions = append(f.Sessions, *row)
				return nil
			})
			return errors.Join(err, v.Billed(t.Context(), projection, store.Selection{}, func(row *fact.Billed) error {
				f.Billed = append(f.Billed, *row)
				return nil
			}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read(&want)
	for _, table := range []fact.Table{fact.Sessions, fact.BilledOnes} {
		for _, c := range tableColumns(table) {
			if !strings.HasSuffix(c.name, "ed_by") {
				continue
			}
			words := "['" + strings.Join(c.codes, "', '") + "']"
			for _, statement := range []string{
				fmt.Sprintf("ALTER TABLE %s ALTER %s TYPE VARCHAR USING %s[%s + 1]", tableName(table, projection), c.name, words, c.name),
				fmt.Sprintf("UPDATE %s SET %s = 'no rule' WHERE key = %d", tableName(table, projection), c.name, want.Sessions[0].Key),
			} {
				if _, err := s.db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for i := range want.Sessions {
		if row := &want.Sessions[i]; row.Key == want.Sessions[0].Key {
			row.StartedBy, row.OpenedBy, row.EngagedBy, row.AttributedBy, row.EndedBy, row.DecidedBy = 0, 0, 0, 0, 0, 0
		}
	}
	for i := range want.Billed {
		if row := &want.Billed[i]; row.Key == want.Sessions[0].Key {
			row.OpenedBy = 0
		}
	}
	for range 2 { // and stays so
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, dir)
		var got fact.Facts
		read(&got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// updateForEver writes one update after the other, each of the same shape, and prints the generation of every one that was acknowledged.
func updateForEver(dir string) error {
	ctx := context.Background()
	s, err := Open(ctx, dir, Options{Threads: 2, MemoryLimit: 1 << 28})
	if err != nil {
		return err
	}
	for {
		var generation int64
		err := s.Update(ctx, func(tx store.Tx) error {
			generation = tx.Generation() + 1
			return oneUpdate(ctx, tx, generation)
		})
		if err != nil {
			return err
		}
		fmt.Println(generation)
	}
}

// Every update adds 50 records, removes those of the update before the last, so that raw records are written anew every few updates, and
// replaces all facts of 100 keys; every tenth puts the tables in order.
const (
	recordsAnUpdate = 50
	keysInAll       = 100
)

// killedRaw is what a record came as.
func killedRaw(id int64) []byte { return fmt.Append(nil, id, strings.Repeat("raw ", 2000)) }

func oneUpdate(ctx context.Context, tx store.Tx, generation int64) error {
	projection := int64(1)
	if generation == 1 {
		id, err := tx.CreateProjection(ctx, store.Projection{Name: "platform"})
		if err != nil {
			return err
		}
		projection = id
	}
	next, err := tx.NextRecord(ctx)
	if err != nil {
		return err
	}
	for i := range int64(recordsAnUpdate) {
		r := store.Record{ID: next + i, Key: i, Import: generation, Conversation: strconv.FormatInt(i, 10), Raw: killedRaw(next + i)}
		if err := tx.AddRecord(ctx, r); err != nil {
			return err
		}
	}
	var old []int64
	for i := range int64(recordsAnUpdate) {
		old = append(old, next-2*recordsAnUpdate+i)
	}
	if err := tx.RemoveRecords(ctx, old); err != nil {
		return err
	}
	var f fact.Facts
	var keys []int64
	for key := range int64(keysInAll) {
		keys = append(keys, key)
		f.Sessions = append(f.Sessions, fact.Session{Key: key, ConversationKey: key, Number: 1, StartedAt: generation, Turns: generation})
		f.Utterances = append(f.Utterances, fact.Utterance{Key: key, ConversationKey: key, Number: 1, Text: "hello", Folded: "hello"})
	}
	if err := tx.Replace(ctx, projection, keys, generation > 1, &f); err != nil {
		return err
	}
	if generation%10 != 0 {
		return nil
	}
	if err := tx.Flush(ctx); err != nil {
		return err
	}
	return tx.(interface {
		sort(ctx context.Context, projection int64) error
	}).sort(ctx, projection)
}

// TestKill: whenever a process that updates is killed, the data set opens again, holds every update that was acknowledged, and none by half.
func TestKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	acknowledged := int64(0)
	for range *kills {
		cmd, out := child(t, "update", dir)
		time.AfterFunc(time.Duration(50+random.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		for out.Scan() {
			generation, err := strconv.ParseInt(out.Text(), 10, 64)
			if err != nil {
				t.Fatalf("the child says %q", out.Text())
			}
			acknowledged = generation
		}
		_ = cmd.Wait() // it was killed
		s, err := Open(t.Context(), dir, Options{Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		err = s.View(t.Context(), func(v store.View) error {
			generation := v.Generation()
			// One more than was acknowledged may be there: it was written, and the child was killed before it could say so.
			if generation < acknowledged || generation > acknowledged+1 {
				t.Errorf("generation %d, and %d was acknowledged", generation, acknowledged)
			}
			acknowledged = generation
			if generation == 0 {
				return nil
			}
			records := max(generation-2, 0) * recordsAnUpdate
			if err := v.Each(t.Context(), func(r store.Record) error {
				if records++; r.ID != records || !bytes.Equal(r.Raw, killedRaw(r.ID)) {
					t.Errorf("record %d has the id %d and %d bytes", records, r.ID, len(r.Raw))
				}
				return nil
			}); err != nil {
				return err
			}
			if records != generation*recordsAnUpdate {
				t.Errorf("%d was the last record at generation %d", records, generation)
			}
			rows, err := v.Aggregate(t.Context(), 1, measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{
				{Func: measure.Count},
				{Func: measure.Count, Where: measure.Is("turns", generation)},
				{Func: measure.Count, Where: measure.Predicate{Op: measure.Said, Texts: []string{"hell"}}},
			}})
			if err != nil {
				return err
			}
			if diff := cmp.Diff([]int64{keysInAll, keysInAll, keysInAll}, rows[0].Values); diff != "" {
				t.Errorf("facts at generation %d (-want +got):\n%s", generation, diff)
			}
			return nil
		})
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d updates in %d processes", acknowledged, *kills)
}
