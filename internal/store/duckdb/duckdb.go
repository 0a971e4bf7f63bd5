// Package duckdb keeps a data set in a DuckDB file and, beside it, one of what its records came as. It is the default store: one process owns
// the folder, one update runs at a time, and reads go on beside it.
//
// DuckDB counts rows and nothing else; what a plan means is package measure's, and this package writes it as SQL (compile.go).
package duckdb

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/errs"
	"rapport/internal/store"
)

var (
	_ store.Store = (*Store)(nil)
	_ store.View  = (*view)(nil)
	_ store.Tx    = (*tx)(nil)
)

const (
	fileName = "rapport.duckdb"
	tempName = "tmp"
	// maxViews is how many snapshots are read at once; more wait.
	maxViews = 16
)

// Options of a Store. The zero value is usable.
type Options struct {
	Threads     int   // 0 means as many as there are processors
	MemoryLimit int64 // bytes that DuckDB may use; 0 means a quarter of the machine's (or the container's) memory
	StagedBytes int   // about how much of the facts of an update waits in memory to be merged; 0 means 192 MiB
	// Holder and Address are what a second process is told about this one: what runs ("rapport serve"), and, for a server, its URL.
	Holder, Address string
	// Version of Rapport, noted beside the migrations that it runs.
	Version string
	Now     func() time.Time // nil means time.Now
}

// Store is a data set in one folder.
type Store struct {
	dir  string
	db   *sql.DB
	lock *lock
	turn chan struct{} // holds one thing while an Update runs
	done bool          // guarded by turn

	// rawLock is held while a snapshot begins or another file takes the place of raws, so that a view has the file that its snapshot means.
	rawLock sync.RWMutex
	raws    *rawFile // that the latest commit means; nil where there is none

	stagedBytes int
	columns     columnLists
}

// Open opens the data set in a folder, which is created if it is missing. It brings the schema up to date first.
//
// Code errs.Conflict when another process has it or a newer Rapport wrote it; errs.Input when it cannot be read or written.
func Open(ctx context.Context, dir string, opts Options) (_ *Store, err error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if dir, err = folder(dir); err != nil {
		return nil, err
	}
	held, err := acquire(dir, opts)
	if err != nil {
		return nil, err
	}
	s := &Store{
		dir: dir, lock: held, turn: make(chan struct{}, 1), stagedBytes: cmp.Or(opts.StagedBytes, defaultStagedBytes), columns: newColumnLists(),
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.release())
		}
	}()
	connector, err := driver.NewConnector(filepath.Join(dir, fileName), nil)
	if err != nil {
		return nil, s.openError(err)
	}
	s.db = sql.OpenDB(connector)
	s.db.SetMaxOpenConns(maxViews + 1) // and the one that writes
	s.db.SetMaxIdleConns(maxViews + 1)
	if err := s.configure(ctx, opts); err != nil {
		return nil, s.openError(err)
	}
	// Only now: where somebody took the lock away, DuckDB's own has held others off.
	if err := held.note(opts); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx, opts); err != nil {
		return nil, err
	}
	if err := s.openRaws(ctx); err != nil {
		return nil, err
	}
	if err := s.widen(ctx); err != nil {
		return nil, err
	}
	// Last: DuckDB itself sets something while it alters a table.
	if _, err := s.db.ExecContext(ctx, "SET GLOBAL lock_configuration = true"); err != nil {
		return nil, s.problem(ctx, err, "lock the settings")
	}
	return s, nil
}

// Exists reports whether a folder holds a data set.
func Exists(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, fileName))
	return err == nil
}

// folder is the absolute path of a data folder that is there and can be written.
func folder(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find data folder: %w", err)
	}
	if strings.ContainsAny(dir, "?%") {
		return "", errs.New(errs.Invalid, "choose another name", "data folder %s: DuckDB does not open paths with ? or %%", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errs.Wrap(err, errs.Input, "choose a folder that you may write, with --data", "create data folder %s", dir)
	}
	return dir, nil
}

// configure sets what DuckDB may use. Nothing is fetched at run time, and no other file is read.
func (s *Store) configure(ctx context.Context, opts Options) error {
	threads := opts.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	temp := filepath.Join(s.dir, tempName)
	if err := os.RemoveAll(temp); err != nil { // what a killed process left
		return fmt.Errorf("clear temporary folder: %w", err)
	}
	memory := fmt.Sprintf("%dB", opts.MemoryLimit)
	if opts.MemoryLimit <= 0 {
		quarter, err := s.quarterOfMemory(ctx)
		if err != nil {
			return err
		}
		memory = quarter
	}
	for _, set := range []string{
		fmt.Sprintf("threads = %d", threads),
		"memory_limit = " + quote(memory),
		"temp_directory = " + quote(temp),
		// By DuckDB's estimate, in which a text counts 16 bytes. An update beyond it, of some ten thousand conversations, goes to the file at
		// once and not through the log; so does the log. It blocks other commits meanwhile.
		"checkpoint_threshold = '8MB'",
		"disabled_compression_methods = 'fsst'", // a tenth of the time of a checkpoint, for little: most of the file is packed already
		"preserve_insertion_order = true",
		"autoinstall_known_extensions = false",
		"autoload_known_extensions = false",
		"allow_community_extensions = false",
		"enable_external_access = false",
	} {
		if _, err := s.db.ExecContext(ctx, "SET GLOBAL "+set); err != nil {
			return fmt.Errorf("set %s: %w", set, err)
		}
	}
	return nil
}

// quarterOfMemory takes a quarter from what DuckDB finds: its own default is 80 % of what the machine or the container has.
func (s *Store) quarterOfMemory(ctx context.Context) (string, error) {
	var found string
	if err := s.db.QueryRowContext(ctx, "SELECT current_setting('memory_limit')").Scan(&found); err != nil {
		return "", fmt.Errorf("read memory limit: %w", err)
	}
	var number float64
	var unit string
	if _, err := fmt.Sscanf(found, "%g %s", &number, &unit); err != nil {
		return "", fmt.Errorf("read memory limit %q: %w", found, err)
	}
	return fmt.Sprintf("%.0f%s", number*1000*0.25/0.8, smaller(unit)), nil
}

// smaller is the unit a thousand times smaller, roughly: what is lost is 2 %.
func smaller(unit string) string {
	switch unit {
	case "TiB":
		return "GiB"
	case "GiB":
		return "MiB"
	case "MiB":
		return "KiB"
	default:
		return "MiB" // bytes or KiB: a limit that DuckDB cannot work with anyway
	}
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// View implements store.Store.
func (s *Store) View(ctx context.Context, f func(store.View) error) (err error) {
	conn, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rollback(conn)) }()
	v, err := s.snapshot(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.end()) }()
	return f(v)
}

// begin starts a transaction on a connection of its own.
func (s *Store) begin(ctx context.Context) (*sql.Conn, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, s.problem(ctx, err, "open connection")
	}
	// Whoever leaves meanwhile must not leave half a transaction on a connection that the next one gets.
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), "BEGIN TRANSACTION"); err != nil {
		return nil, errors.Join(s.problem(ctx, err, "begin"), conn.Close())
	}
	return conn, nil
}

// rollback ends a transaction, whatever became of its context, and gives the connection back.
func rollback(conn *sql.Conn) error {
	_, err := conn.ExecContext(context.Background(), "ROLLBACK")
	if err != nil {
		err = fmt.Errorf("roll back: %w", err)
	}
	return errors.Join(err, conn.Close())
}

// Close implements store.Store.
func (s *Store) Close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.done {
		return nil
	}
	s.done = true
	return s.release()
}

func (s *Store) release() error {
	var err error
	if s.db != nil {
		if err = s.db.Close(); err != nil {
			err = fmt.Errorf("close data folder %s: %w", s.dir, err)
		}
	}
	return errors.Join(err, s.raws.release(), s.lock.release())
}
