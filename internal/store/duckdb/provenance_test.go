package duckdb

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rapport/internal/activity"
	"rapport/internal/store"
)

// from is a record of a file, of a bot of that file.
func from(id int64, file string) store.Record {
	bot := activity.Bot{ID: "bot of " + file, Schema: "cr_" + file, Name: "Bot"}
	return store.Record{
		ID: id, Key: id, Import: 1, Format: activity.FormatTranscript, Origin: activity.Origin{File: file, Row: int(id)},
		Conversation: fmt.Sprint(id), Bot: bot, Given: activity.Bot{Name: file}, Raw: []byte("raw"),
	}
}

// provenances are the files that the table names, in the order of their numbers.
func provenances(t *testing.T, s *Store) (files []string) {
	t.Helper()
	rows, err := s.db.QueryContext(t.Context(), "SELECT file FROM provenance ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var file string
		if err := rows.Scan(&file); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return files
}

// TestMoreProvenancesThanAreRemembered: they are numbered anew then, and every record keeps its own.
func TestMoreProvenancesThanAreRemembered(t *testing.T) {
	s := open(t, t.TempDir())
	const files = mostProvenances + 100
	var want []store.Record
	var keys []int64
	for id := range int64(2 * files) {
		want = append(want, from(id+1, fmt.Sprint(id%files)))
		keys = append(keys, id+1)
	}
	slices.Reverse(keys)
	check := func(what string, v store.View) {
		t.Helper()
		var all []store.Record
		if err := v.Each(t.Context(), func(r store.Record) error { all = append(all, r); return nil }); err != nil {
			t.Fatal(err)
		}
		expect(t, what, want, all)
		heads, err := v.Heads(t.Context(), keys)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(heads, func(a, b store.Record) int { return int(a.ID - b.ID) })
		for i := range heads {
			heads[i].Raw = want[i].Raw
		}
		expect(t, what+": heads", want, heads)
		bots, err := v.Bots(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		expect(t, what+": bots", files, len(bots))
		of, err := v.KeysOf(t.Context(), []activity.Bot{want[5].Bot}, false)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, what+": keys of a bot", []int64{6, files + 6}, of)
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for _, r := range want {
			if err := tx.AddRecord(t.Context(), r); err != nil {
				return err
			}
		}
		if err := tx.Flush(t.Context()); err != nil {
			return err
		}
		check("within the update", tx)
		return nil
	})
	if err == nil {
		err = s.View(t.Context(), func(v store.View) error { check("after it", v); return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestLongProvenances: what an update remembers is bounded by its size too.
func TestLongProvenances(t *testing.T) {
	s := open(t, t.TempDir())
	err := s.update(t.Context(), true, func(tx *tx) error {
		for id := range int64(30) {
			r := from(id+1, fmt.Sprint(id))
			r.Bot.Name = string(make([]byte, heldBytes/8))
			if err := tx.AddRecord(t.Context(), r); err != nil {
				return err
			}
			if n := len(tx.numbered.of); n > 9 {
				t.Errorf("%d are remembered", n)
			}
		}
		if err := tx.Flush(t.Context()); err != nil {
			return err
		}
		for id := range int64(30) {
			heads, err := tx.Heads(t.Context(), []int64{id + 1})
			if err != nil || len(heads) != 1 || heads[0].Origin.File != fmt.Sprint(id) {
				t.Errorf("%v: the heads of %d are %d", err, id+1, len(heads))
			}
			if n := len(tx.remembered.of); n > 8 {
				t.Errorf("%d are remembered of what was read", n)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecordsAreSeenWithTheirProvenance: also those that were handed over before Flush was called.
func TestRecordsAreSeenWithTheirProvenance(t *testing.T) {
	s := open(t, t.TempDir())
	seen := 0
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for id := range int64(60_000) {
			r := from(id+1, fmt.Sprint(id/1000))
			if r.Raw = nil; id > 0 {
				r.Key = 2
			}
			if err := tx.AddRecord(t.Context(), r); err != nil {
				return err
			}
		}
		heads, err := tx.Heads(t.Context(), []int64{1, 2})
		seen = len(heads)
		for _, r := range heads {
			if want := fmt.Sprint((r.ID - 1) / 1000); r.Origin.File != want {
				t.Fatalf("record %d is from %q", r.ID, r.Origin.File)
			}
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Errorf("%d were seen: %v", seen, err)
	}
}

// TestSmallUpdatesNumberOnce: what comes record by record, as to a server, is not numbered with every one.
func TestSmallUpdatesNumberOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for id := range int64(6) {
		if id == 3 { // nor by another process
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open(t, dir)
		}
		if err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.AddRecord(t.Context(), from(id+1, []string{"a", "b"}[id%2]))
		}); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "after six updates", []string{"a", "b"}, provenances(t, s))

	// A large update may number nothing at all.
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		for id := range int64(2 * heldBytes / recordBytes) {
			if err := tx.AddRecord(t.Context(), from(id+7, "b")); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "after a large one", []string{"a", "b"}, provenances(t, s))

	// What is long is not held beforehand, and what is no UTF-8 is met again as it was kept.
	long := strings.Repeat("x", heldBytes/latestProvenances)
	if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.RemoveRecords(t.Context(), allIDs(t, s)) }); err != nil {
		t.Fatal(err)
	}
	for id := range int64(4) {
		if err := s.Update(t.Context(), func(tx store.Tx) error {
			next, err := tx.NextRecord(t.Context())
			if err != nil {
				return err
			}
			return tx.AddRecord(t.Context(), from(next, []string{long, "caf\xe9"}[id%2]))
		}); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "after long ones", []string{long, "caf\ufffd", long}, provenances(t, s))
}

func allIDs(t *testing.T, s *Store) (ids []int64) {
	t.Helper()
	if err := s.View(t.Context(), func(v store.View) error {
		return v.Each(t.Context(), func(r store.Record) error { ids = append(ids, r.ID); return nil })
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

// TestOrphansGo: names of files and bots do not outlive their last record.
func TestOrphansGo(t *testing.T) {
	s := open(t, t.TempDir())
	update := func(f func(tx store.Tx) error) {
		t.Helper()
		if err := s.Update(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	add := func(tx store.Tx, rs ...store.Record) {
		t.Helper()
		for _, r := range rs {
			if err := tx.AddRecord(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	second := from(3, "b")
	second.Import = 2
	update(func(tx store.Tx) error { add(tx, from(1, "a"), from(2, "b"), second); return nil })
	expect(t, "at first", []string{"a", "b"}, provenances(t, s))
	update(func(tx store.Tx) error {
		if _, err := tx.RemoveImport(t.Context(), 1); err != nil {
			return err
		}
		bots, err := tx.Bots(t.Context())
		expect(t, "bots within the update that removes", []store.BotSeen{{Bot: second.Bot, Transcripts: true}}, bots)
		return err
	})
	expect(t, "after one import was removed", []string{"b"}, provenances(t, s))
	update(func(tx store.Tx) error {
		add(tx, from(4, "c"), from(5, "d"), from(6, "b"))
		return tx.RemoveRecords(t.Context(), []int64{3, 4})
	})
	expect(t, "after an update removed what it added", []string{"b", "d"}, provenances(t, s))
	var left []string
	if err := s.View(t.Context(), func(v store.View) error {
		return v.Each(t.Context(), func(r store.Record) error {
			left = append(left, fmt.Sprint(r.ID, " ", r.Origin.File, ", ", r.Bot.ID))
			return nil
		})
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "records", []string{"5 d, bot of d", "6 b, bot of b"}, left)
	update(func(tx store.Tx) error { return tx.RemoveRecords(t.Context(), []int64{5, 6}) })
	expect(t, "in the end", nil, provenances(t, s))
}

// TestProvenanceOfOlderRecords: what stood with every record is told by number, wherever the last Rapport stopped.
func TestProvenanceOfOlderRecords(t *testing.T) {
	for stopped := 4; stopped <= 5; stopped++ {
		t.Run(fmt.Sprint("stopped at version ", stopped), func(t *testing.T) {
			dir := t.TempDir()
			db, err := sql.Open("duckdb", filepath.Join(dir, fileName))
			if err != nil {
				t.Fatal(err)
			}
			exec := func(query string, args ...any) {
				t.Helper()
				if _, err := db.Exec(query, args...); err != nil {
					t.Fatal(err)
				}
			}
			all, err := migrations(steps(t))
			if err != nil {
				t.Fatal(err)
			}
			take := func(m migration) {
				t.Helper()
				exec(m.sql)
				exec("INSERT INTO migration VALUES (?, ?, ?, 0, 'v0.1')", m.version, m.name, fmt.Sprintf("%x", sha256.Sum256([]byte(m.sql))))
			}
			exec("CREATE TABLE migration (version BIGINT, name VARCHAR, checksum VARCHAR, applied_at BIGINT, applied_by VARCHAR)")
			for _, m := range all[:4] {
				take(m)
			}
			var want []store.Record
			for i, text := range []string{"", "'", "a\x00b", "GRÖSSE", "", "größe", "'"} {
				id := int64(2 * (i + 1))
				r := store.Record{
					ID: id, Key: -id, Import: 1, Format: activity.FormatContent, Origin: activity.Origin{File: "f" + text, Row: i, Offset: 1},
					Conversation: "c" + text, Bot: activity.Bot{ID: text, Schema: "s", Name: text}, Days: []int32{3}, Given: activity.Bot{Schema: text},
					Raw: []byte("raw " + text),
				}
				if i%3 == 0 {
					r.Format = activity.FormatSessions
				}
				want = append(want, r)
				exec(`INSERT INTO record (id, key, import, format, file, line, byte_offset, conversation, bot_id, bot_schema, bot_name, days,
					given_id, given_schema, given_name, size, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, [3], ?, ?, ?, ?, ?)`,
					r.ID, r.Key, r.Import, string(r.Format), r.Origin.File, r.Origin.Row, r.Origin.Offset, r.Conversation, r.Bot.ID, r.Bot.Schema, r.Bot.Name,
					r.Given.ID, r.Given.Schema, r.Given.Name, len(r.Raw), r.Raw)
			}
			exec("INSERT INTO sight SELECT id, import FROM record")
			exec("UPDATE state SET generation = 1, last_record = 14, last_import = 1")
			for _, m := range all[4:stopped] {
				take(m)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			s := open(t, dir)
			expect(t, "provenances", []string{"f", "f'", "fa\x00b", "fGRÖSSE", "f", "fgröße", "f'"}, provenances(t, s))
			want = append(want, from(15, "new"))
			err = s.Update(t.Context(), func(tx store.Tx) error { return tx.AddRecord(t.Context(), want[len(want)-1]) })
			if err != nil {
				t.Fatal(err)
			}
			var got []store.Record
			if err := s.View(t.Context(), func(v store.View) error {
				return v.Each(t.Context(), func(r store.Record) error { got = append(got, r); return nil })
			}); err != nil {
				t.Fatal(err)
			}
			expect(t, "records", want, got)
		})
	}
}
