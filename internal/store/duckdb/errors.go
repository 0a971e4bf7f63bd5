package duckdb

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/errs"
)

// openError says why the file cannot be opened, in words for people.
func (s *Store) openError(err error) error {
	file := filepath.Join(s.dir, fileName)
	text := err.Error()
	switch {
	case strings.Contains(text, "Conflicting lock") || strings.Contains(text, "Could not set lock"):
		return errs.Wrap(err, errs.Conflict, "stop the other program that has the file open", "data folder %s is in use", s.dir)
	case strings.Contains(text, "not a valid DuckDB database file"):
		return errs.Wrap(err, errs.Input, "restore the file from a backup, or move it away and import again", "%s is damaged or is no data set", file)
	case strings.Contains(text, "database file with version number") || strings.Contains(text, "newer version of DuckDB"):
		return errs.Wrap(err, errs.Conflict, "use the newer Rapport", "%s was written by another version of DuckDB", file)
	case strings.Contains(text, "ermission denied"):
		return errs.Wrap(err, errs.Input, "choose a folder that you may write, with --data", "open %s", file)
	}
	if isDamage(err) {
		return errs.Wrap(err, errs.Input, "restore the file from a backup, or move it away and import again", "open %s", file)
	}
	return s.problem(context.Background(), err, "open "+file)
}

// isDamage reports whether DuckDB cannot make sense of what it reads from its file.
func isDamage(err error) bool {
	var e *driver.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Type {
	case driver.ErrorTypeSerialization, driver.ErrorTypeInternal, driver.ErrorTypeFatal:
		return true
	case driver.ErrorTypeIO:
		return strings.Contains(e.Msg, "orrupt") || strings.Contains(e.Msg, "hecksum") || strings.Contains(e.Msg, "not read enough bytes")
	}
	return false
}

// problem says what was being done when DuckDB failed. An end of the context stays what it is; a full disk and too little memory are told
// with what to do.
func (s *Store) problem(ctx context.Context, err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	var e *driver.Error
	if errors.As(err, &e) {
		switch {
		case strings.Contains(e.Msg, "No space left") || strings.Contains(e.Msg, "max_temp_directory_size"):
			return errs.Wrap(err, errs.Input, "free some space on the disk of "+s.dir, "%s: the disk is full", doing)
		case e.Type == driver.ErrorTypeOutOfMemory:
			return errs.Wrap(err, errs.Internal, "give the store more memory, or ask for less at once", "%s: not enough memory", doing)
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
