package duckdb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/errs"
	"rapport/internal/store"
)

// rawOf is what a record of these tests came as: 100 kB, so that few of them are more than may be dead.
func rawOf(id int64) []byte { return bytes.Repeat(fmt.Appendf(nil, "%9d ", id), 10_000) }

// add adds records, those with odd ids by import 1.
func add(t *testing.T, s *Store, from, to int64) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx store.Tx) error { return addTo(t.Context(), tx, from, to) }); err != nil {
		t.Fatal(err)
	}
}

func addTo(ctx context.Context, tx store.Tx, from, to int64) error {
	for id := from; id <= to; id++ {
		if err := tx.AddRecord(ctx, store.Record{ID: id, Key: id, Import: 2 - id%2, Conversation: fmt.Sprint(id), Raw: rawOf(id)}); err != nil {
			return err
		}
	}
	return nil
}

func removeImport(t *testing.T, s *Store, imported int64) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.RemoveImport(t.Context(), imported)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// whole are the ids of all records, each with what it came as.
func whole(t *testing.T, v store.View) (ids []int64) {
	t.Helper()
	err := v.Each(t.Context(), func(r store.Record) error {
		if ids = append(ids, r.ID); !bytes.Equal(r.Raw, rawOf(r.ID)) {
			t.Errorf("record %d has %d bytes, and not its own", r.ID, len(r.Raw))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func wholeNow(t *testing.T, s *Store) (ids []int64) {
	t.Helper()
	if err := s.View(t.Context(), func(v store.View) error {
		ids = whole(t, v)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

// rawFiles are the files of raw records in a folder, with their sizes in records of these tests.
func rawFiles(t *testing.T, dir string) (files []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, rawName+"*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		n := info.Size() / int64(len(rawOf(1))+sumBytes)
		if n*int64(len(rawOf(1))+sumBytes) != info.Size() {
			t.Errorf("%s has %d bytes", file, info.Size())
		}
		files = append(files, fmt.Sprintf("%s: %d", filepath.Base(file), n))
	}
	return files
}

func expect[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (- wanted, + got):\n%s", what, diff)
	}
}

// TestRawsOfAnUpdateThatFails: they are taken back, and what comes later stands where they were.
func TestRawsOfAnUpdateThatFails(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	fail := func(from, to int64) {
		t.Helper()
		no := errors.New("no")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := addTo(t.Context(), tx, from, to); err != nil {
				return err
			}
			if err := tx.Flush(t.Context()); err != nil {
				return err
			}
			if got := int64(len(whole(t, tx))); got != to {
				t.Errorf("the update itself sees %d records", got)
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
	}
	fail(1, 15)
	expect(t, "files after a first update that failed", nil, rawFiles(t, dir))
	add(t, s, 1, 3)
	fail(4, 20)
	expect(t, "files after another", []string{rawName + "1: 3"}, rawFiles(t, dir))
	add(t, s, 4, 5)
	expect(t, "records", []int64{1, 2, 3, 4, 5}, wholeNow(t, s))
}

// TestRawsAreWrittenAnew: what removed records leave goes once it is more than half; a snapshot reads on what it began with.
func TestRawsAreWrittenAnew(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, 1, 41)
	err := s.View(t.Context(), func(before store.View) error {
		removeImport(t, s, 2) // 20 of 41
		expect(t, "files with less than half dead", []string{rawName + "1: 41"}, rawFiles(t, dir))
		removeThree := func() error {
			return s.Update(t.Context(), func(tx store.Tx) error { return tx.RemoveRecords(t.Context(), []int64{1, 3, 41}) })
		}
		if err := removeThree(); err != nil {
			return err
		}
		expect(t, "files with more than half dead, while somebody reads", []string{rawName + "1: 41", rawName + "2: 18"}, rawFiles(t, dir))
		expect(t, "records of an old snapshot", 41, len(whole(t, before)))
		expect(t, "records of a new one", 18, len(wholeNow(t, s)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, "files when nobody reads", []string{rawName + "2: 18"}, rawFiles(t, dir))
	add(t, s, 50, 51)
	expect(t, "records", 20, len(wholeNow(t, s)))
	removeImport(t, s, 1)
	removeImport(t, s, 2)
	expect(t, "files when all is removed", []string{rawName + "4: 0"}, rawFiles(t, dir))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	add(t, s, 60, 60)
	expect(t, "records in the end", []int64{60}, wholeNow(t, s))
}

// TestRawsOfAnUpdateThatRemoves: an update may remove what it added itself, in a file of its own making too.
func TestRawsOfAnUpdateThatRemoves(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, from := range []int64{0, 100} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := addTo(t.Context(), tx, from+1, from+40); err != nil {
				return err
			}
			var all []int64
			for id := range from + 39 {
				all = append(all, id+1)
			}
			return tx.RemoveRecords(t.Context(), all)
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, "records", []int64{from + 40}, wholeNow(t, s))
		expect(t, "files", 1, len(rawFiles(t, dir)))
	}
}

// TestRawsLeftByAKilledProcess: what no commit means is cleared away.
func TestRawsLeftByAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	add(t, s, 1, 2)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, rawName)
	data, err := os.ReadFile(file + "1")
	if err != nil {
		t.Fatal(err)
	}
	write(t, file+"1", string(data)+"half a rec")
	write(t, file+"2", string(data))
	s = open(t, dir)
	expect(t, "files", []string{rawName + "1: 2"}, rawFiles(t, dir))
	add(t, s, 3, 3)
	expect(t, "records", []int64{1, 2, 3}, wholeNow(t, s))
}

// TestDamagedRaws: what is not what was written is never taken for it.
func TestDamagedRaws(t *testing.T) {
	for name, damage := range map[string]func(data []byte) []byte{
		"a byte that changed":     func(data []byte) []byte { data[150_000] ^= 1; return data },
		"records that swapped":    func(data []byte) []byte { return append(bytes.Clone(data[len(data)/2:]), data[:len(data)/2]...) },
		"a file that was cut off": func(data []byte) []byte { return data[:len(data)-1] },
		"no file":                 func([]byte) []byte { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			add(t, s, 1, 2)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, rawName+"1")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if data = damage(data); data == nil {
				err = os.Remove(file)
			} else {
				err = os.WriteFile(file, data, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			s, err = Open(t.Context(), dir, Options{Threads: 1})
			if err == nil {
				err = s.View(t.Context(), func(v store.View) error {
					return v.Raw(t.Context(), []int64{2}, func(store.Record) error { return nil })
				})
				err = errors.Join(err, s.Close())
			}
			if errs.CodeOf(err) != errs.Input || errs.HintOf(err) == "" || !strings.Contains(err.Error(), file) {
				t.Errorf("code %q, hint %q: %v", errs.CodeOf(err), errs.HintOf(err), err)
			}
		})
	}
}

// TestRawsOnAFullDisk: writes go on behind what is added, and one that fails still fails the update, soon.
func TestRawsOnAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("this system has no disk that is always full:", err)
	}
	defer full.Close()
	for _, count := range []int{1, 1000} { // less than is held, and more than may wait
		a := newRawAppender(t.TempDir(), &rawFile{file: full}, 1, 0)
		added := 0
		for ; err == nil && added < count; added++ {
			_, err = a.add(rawOf(1))
		}
		if count == 1000 && (err == nil || added == count) {
			t.Errorf("%d records were added to a full disk", added)
		}
		if err == nil {
			err = a.sync()
		}
		if errs.CodeOf(err) != errs.Input || !strings.Contains(err.Error(), "the disk is full") {
			t.Errorf("the error after %d records is %v", added, err)
		}
		err = nil
	}
}
