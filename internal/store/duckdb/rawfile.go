package duckdb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/sync/errgroup"

	"rapport/internal/errs"
)

// What records came as stands in a file of its own beside the database, one record behind the other: it is most of a data set, nobody asks
// anything of it but all of one record, and DuckDB would copy it four times and commit it in one thread (adr/0008). The table says where each
// begins; the state, which file that is and how far it counts.
//
// The file grows. What an update appends is safe on the disk before the update is committed. What stands behind the end is of an update that
// never came to that, and is cut off. What belonged to removed records stays until more of the file is dead than alive: then it is written
// anew, as the next number (compactRaws). A snapshot reads the file that was there when it began, which goes with the last such snapshot.

// rawName is what the files are called, before their number.
const rawName = "rapport.records."

// rawPath is the file of a number.
func rawPath(dir string, number int64) string {
	return filepath.Join(dir, rawName+strconv.FormatInt(number, 10))
}

const (
	// sumBytes stand behind every record: a checksum of its id and its bytes, so that what is read is what was written, and of that record.
	sumBytes = 4
	// heldRaw is how much is written at once, and earlyRaw after how much it is made safe on the disk while an update goes on.
	heldRaw  = 1 << 20
	earlyRaw = 32 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func rawSum(id int64, raw []byte) uint32 {
	var of [8]byte
	binary.LittleEndian.PutUint64(of[:], uint64(id))
	return crc32.Update(crc32.Checksum(of[:], castagnoli), castagnoli, raw)
}

// rawFile is an open file of raw records. A nil one is none.
type rawFile struct {
	file  *os.File
	users atomic.Int64 // snapshots that read it, and the store
	gone  atomic.Bool  // another took its place: the last user removes it
}

// use counts one more user, who calls release in the end.
func (f *rawFile) use() *rawFile {
	if f != nil {
		f.users.Add(1)
	}
	return f
}

func (f *rawFile) release() error {
	if f == nil || f.users.Add(-1) > 0 {
		return nil
	}
	err := f.file.Close()
	if f.gone.Load() {
		err = errors.Join(err, os.Remove(f.file.Name()))
	}
	if err != nil {
		return fmt.Errorf("let go of raw records: %w", err)
	}
	return nil
}

// retire is the store's release of a file that another took the place of.
func (f *rawFile) retire() error {
	if f != nil {
		f.gone.Store(true)
	}
	return f.release()
}

// read returns what a record came as.
func (f *rawFile) read(id, at, size int64) ([]byte, error) {
	buf := make([]byte, size+sumBytes)
	_, err := f.file.ReadAt(buf, at)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read record %d: %w", id, err)
	}
	if raw := buf[:size:size]; err == nil && binary.LittleEndian.Uint32(buf[size:]) == rawSum(id, raw) {
		return raw, nil
	}
	return nil, damagedRaws(f.file.Name(), "record %d is not at byte %d", id, at)
}

func damagedRaws(file, what string, args ...any) error {
	return errs.New(errs.Input, "restore the data folder from a backup, or import again into another folder", "%s is damaged: "+what, append([]any{file}, args...)...)
}

// rawAppender appends to the file of an update. It makes one when there is something to write and none yet.
type rawAppender struct {
	dir    string
	file   *rawFile
	number int64  // of the file, 0 for none
	began  int64  // where the file ended before the update
	at     int64  // where it ends, held included
	held   []byte // not yet written
	made   bool   // the file is new in this update
	dirty  bool   // something was written since all of it was safe on the disk
	asked  int64  // up to where it is made safe while more is coming, so that little is left to wait for in the end
	behind *writesBehind
}

// writesBehind are what is done with the file while more is added: the disk may take its time.
type writesBehind struct {
	writes errgroup.Group
	failed atomic.Bool // one of the writes
	spare  chan []byte // to be held
	syncs  errgroup.Group
}

// mostBehind is how many writes may be under way.
const mostBehind = 4

func newRawAppender(dir string, file *rawFile, number, end int64) rawAppender {
	behind := &writesBehind{spare: make(chan []byte, mostBehind)}
	behind.writes.SetLimit(mostBehind)
	behind.syncs.SetLimit(1)
	return rawAppender{dir: dir, file: file, number: number, began: end, at: end, asked: end, behind: behind}
}

// next goes on in a new file.
func (a *rawAppender) next() error {
	name := rawPath(a.dir, a.number+1)
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return a.problem(err, "create raw records")
	}
	*a = newRawAppender(a.dir, (&rawFile{file: file}).use(), a.number+1, 0)
	a.made, a.dirty = true, true
	return nil
}

// add appends bytes that make a record and its sum, and returns where they begin.
func (a *rawAppender) add(parts ...[]byte) (at int64, err error) {
	at = a.at
	for _, part := range parts {
		a.held = append(a.held, part...)
		a.at += int64(len(part))
	}
	if len(a.held) < heldRaw {
		return at, nil
	}
	return at, a.write()
}

// write has what is held written. It waits when much is under way.
func (a *rawAppender) write() error {
	if len(a.held) == 0 {
		return nil
	}
	a.dirty = true
	b, file, held, at := a.behind, a.file.file, a.held, a.at-int64(len(a.held))
	b.writes.Go(func() error {
		_, err := file.WriteAt(held, at)
		if err != nil {
			b.failed.Store(true)
		}
		if cap(held) <= 2*heldRaw {
			select {
			case b.spare <- held[:0]:
			default:
			}
		}
		return err
	})
	select {
	case a.held = <-b.spare:
	default:
		a.held = make([]byte, 0, heldRaw+heldRaw/8) // the last record goes beyond
	}
	if a.at-a.asked >= earlyRaw {
		a.asked = a.at
		b.syncs.TryGo(file.Sync) // unless one is under way
	}
	if b.failed.Load() || len(held) > 2*heldRaw { // which is too much to have several of under way
		return a.flush()
	}
	return nil
}

// flush writes what is held, and waits until all of the file can be read.
func (a *rawAppender) flush() error {
	if err := a.write(); err != nil {
		return err
	}
	if err := a.behind.writes.Wait(); err != nil {
		return a.problem(err, "write raw records")
	}
	return nil
}

// problem says what was being done when the file system failed.
func (a *rawAppender) problem(err error, doing string) error {
	if errors.Is(err, syscall.ENOSPC) {
		return errs.Wrap(err, errs.Input, "free some space on the disk of "+a.dir, "%s: the disk is full", doing)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// sync makes everything that was added safe on the disk.
func (a *rawAppender) sync() error {
	if err := a.flush(); err != nil || !a.dirty {
		return err
	}
	err := errors.Join(a.behind.syncs.Wait(), a.file.file.Sync())
	if a.made {
		err = errors.Join(err, syncFolder(a.dir))
	}
	if err != nil {
		return a.problem(err, "make raw records safe")
	}
	a.dirty = false
	return nil
}

// syncFolder makes the name of a new file safe on the disk.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" { // which has no such thing, and needs none
		return nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// undo forgets what an update appended.
func (a *rawAppender) undo() error {
	_ = errors.Join(a.behind.writes.Wait(), a.behind.syncs.Wait()) // nobody needs them any more
	switch {
	case a.made:
		return a.file.retire()
	case a.at == a.began:
		return nil
	}
	if err := a.file.file.Truncate(a.began); err != nil {
		return fmt.Errorf("take back raw records: %w", err)
	}
	return nil
}

// openRaws opens the file of raw records, and clears away what a killed process left.
func (s *Store) openRaws(ctx context.Context) error {
	var number, end int64
	if err := s.db.QueryRowContext(ctx, "SELECT raw_file, raw_end FROM state").Scan(&number, &end); err != nil {
		return s.openError(err)
	}
	current := rawPath(s.dir, number)
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("read data folder: %w", err)
	}
	for _, e := range entries {
		if file := filepath.Join(s.dir, e.Name()); strings.HasPrefix(e.Name(), rawName) && file != current {
			if err := os.Remove(file); err != nil {
				return fmt.Errorf("clear away raw records: %w", err)
			}
		}
	}
	if number == 0 {
		return nil
	}
	file, err := os.OpenFile(current, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return errs.New(errs.Input, "restore the data folder from a backup", "%s is missing: it holds what records came as", current)
	}
	if err != nil {
		return errs.Wrap(err, errs.Input, "choose a folder that you may read and write, with --data", "open raw records")
	}
	s.raws = (&rawFile{file: file}).use()
	info, err := file.Stat()
	switch {
	case err != nil:
		return fmt.Errorf("open raw records: %w", err)
	case info.Size() < end:
		return damagedRaws(current, "it has %d bytes instead of %d", info.Size(), end)
	case info.Size() > end:
		if err := file.Truncate(end); err != nil {
			return fmt.Errorf("cut off raw records: %w", err)
		}
	}
	return nil
}

// addRaw appends what a record came as, and returns where that begins.
func (t *tx) addRaw(id int64, raw []byte) (at int64, err error) {
	a := &t.rawTo
	if a.file == nil {
		if err := a.next(); err != nil {
			return 0, err
		}
		t.raws = a.file.use()
	}
	var sum [sumBytes]byte
	binary.LittleEndian.PutUint32(sum[:], rawSum(id, raw))
	return a.add(raw, sum[:])
}

// deadRaw is how much may be dead however little is alive, as long as anything is.
const deadRaw = 1 << 20

// compactRaws writes raw records anew where more than half of their file is dead, or all.
func (t *tx) compactRaws(ctx context.Context) error {
	var alive int64
	if err := t.one(ctx, fmt.Sprintf("SELECT coalesce(sum(size + %d), 0)::BIGINT FROM record WHERE raw_at IS NOT NULL", sumBytes), nil, &alive); err != nil {
		return err
	}
	if dead := t.rawTo.at - alive; dead == 0 || alive > 0 && dead <= max(alive, deadRaw) {
		return nil
	}
	return t.rewriteRaws(ctx)
}

// rewriteRaws copies what is alive to a new file.
func (t *tx) rewriteRaws(ctx context.Context) (err error) {
	old := t.rawTo
	if err := old.flush(); err != nil {
		return err
	}
	if err := t.rawTo.next(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.undo()) }() // which nobody will read, whatever becomes of this update
	var last, id, at, size int64
	for more := true; more; {
		more = false
		err := t.each(ctx, "SELECT id, raw_at, size FROM record WHERE raw_at IS NOT NULL AND id > ? ORDER BY id LIMIT 100000",
			[]any{last}, []any{&id, &at, &size}, func() error {
				raw, err := old.file.read(id, at, size)
				if err == nil {
					_, err = t.addRaw(id, raw)
				}
				last, more = id, true
				return errors.Join(err, ctx.Err())
			})
		if err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, fmt.Sprintf(`UPDATE record SET raw_at = o.at FROM (
		SELECT id, (sum(size + %d) OVER (ORDER BY id) - size - %[1]d)::BIGINT AS at FROM record WHERE raw_at IS NOT NULL) AS o WHERE o.id = record.id`, sumBytes))
	return err
}
