package duckdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"rapport/internal/errs"
)

//go:embed migrate/*.sql
var migrationFiles embed.FS

// migration is one step of the schema. What a step says is never changed once a data set may have taken it.
type migration struct {
	version  int64
	name     string
	sql      string
	checksum string
}

// migrations reads the steps out of a folder, in order: 0001_base.sql is version 1.
func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	var all []migration
	for i, file := range names {
		number, name, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".sql"), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || version != int64(i)+1 {
			return nil, fmt.Errorf("migration %s is not number %d", file, i+1)
		}
		text, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", file, err)
		}
		sum := sha256.Sum256(text)
		all = append(all, migration{version, name, string(text), hex.EncodeToString(sum[:])})
	}
	return all, nil
}

// migrate brings the schema up to date. Code errs.Conflict when a newer Rapport wrote the data set.
func (s *Store) migrate(ctx context.Context, opts Options) error {
	files, err := fs.Sub(migrationFiles, "migrate")
	if err != nil {
		return fmt.Errorf("find migrations: %w", err)
	}
	return s.migrateTo(ctx, opts, files)
}

func (s *Store) migrateTo(ctx context.Context, opts Options, files fs.FS) error {
	steps, err := migrations(files)
	if err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migration (
		version BIGINT NOT NULL, name VARCHAR NOT NULL, checksum VARCHAR NOT NULL, applied_at BIGINT NOT NULL, applied_by VARCHAR NOT NULL)`); err != nil {
		return s.openError(err)
	}
	taken, err := s.checkMigrations(ctx, steps)
	if err != nil {
		return err
	}
	for _, m := range steps[taken:] {
		if err := s.take(ctx, m, opts); err != nil {
			return fmt.Errorf("migrate data folder %s to version %d (%s): %w", s.dir, m.version, m.name, err)
		}
	}
	return nil
}

// checkMigrations holds what the data set went through against what is known, and returns how many steps were taken.
func (s *Store) checkMigrations(ctx context.Context, steps []migration) (taken int, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT version, name, checksum, applied_by FROM migration ORDER BY version")
	if err != nil {
		return 0, s.openError(err)
	}
	defer rows.Close()
	var newest int64
	var newestBy string
	for rows.Next() {
		var got migration
		var by string
		if err := rows.Scan(&got.version, &got.name, &got.checksum, &by); err != nil {
			return 0, fmt.Errorf("read migrations: %w", err)
		}
		if got.version > int64(len(steps)) {
			newest, newestBy = got.version, by
			continue
		}
		if got.version < 1 {
			return 0, errs.New(errs.Input, "restore the data folder from a backup, or import into another folder", "data folder %s is damaged: it has a schema version %d", s.dir, got.version)
		}
		if want := steps[got.version-1]; got.checksum != want.checksum {
			return 0, errs.New(errs.Conflict, "use the Rapport that wrote it, or import into another folder",
				"data folder %s has another schema version %d (%s) than this Rapport", s.dir, got.version, got.name)
		}
		taken++
	}
	if err := rows.Err(); err != nil {
		return 0, fmt.Errorf("read migrations: %w", err)
	}
	if newest > 0 {
		if newestBy == "" {
			newestBy = "the Rapport that wrote it"
		} else {
			newestBy = "Rapport " + newestBy
		}
		return 0, errs.New(errs.Conflict, "use "+newestBy+" or a newer one, or import into another folder",
			"data folder %s has schema version %d, and this Rapport knows up to %d: a newer one wrote it", s.dir, newest, len(steps))
	}
	return taken, nil
}

// take runs one step and notes it, both or neither.
func (s *Store) take(ctx context.Context, m migration, opts Options) (err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.problem(ctx, err, "begin")
	}
	defer func() {
		if undo := tx.Rollback(); !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, undo)
		}
	}()
	if _, err := tx.ExecContext(ctx, m.sql); err != nil {
		return s.problem(ctx, err, "run it")
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO migration VALUES (?, ?, ?, ?, ?)",
		m.version, m.name, m.checksum, opts.Now().UnixMilli(), opts.Version); err != nil {
		return s.problem(ctx, err, "note it")
	}
	return s.problem(ctx, tx.Commit(), "commit")
}
