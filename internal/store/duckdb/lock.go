package duckdb

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"rapport/internal/errs"
)

const (
	lockName   = "rapport.lock"
	holderName = "rapport.holder.json"
)

// lock keeps other processes away from a data folder. The operating system lets go of it when the process ends, however it ends.
type lock struct {
	dir   string
	file  *flock.Flock
	noted bool
}

// holder is what others are told about the process that has a data folder.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Address string    `json:"address,omitempty"`
	Since   time.Time `json:"since"`
}

// acquire takes the lock of a folder, or says who has it (errs.Conflict).
func acquire(dir string, opts Options) (*lock, error) {
	l := &lock{dir: dir, file: flock.New(filepath.Join(dir, lockName), flock.SetPermissions(0o600))}
	ok, err := l.file.TryLock()
	if err != nil {
		return nil, errs.Wrap(err, errs.Input, "choose a folder that you may write, with --data", "lock data folder %s", dir)
	}
	if !ok {
		return nil, l.inUse()
	}
	return l, nil
}

// note tells others who has the folder.
func (l *lock) note(opts Options) error {
	command := opts.Holder
	if command == "" {
		command = filepath.Base(os.Args[0])
	}
	text, err := json.Marshal(holder{PID: os.Getpid(), Command: command, Address: opts.Address, Since: opts.Now().UTC().Truncate(time.Second)})
	if err == nil {
		// Beside the lock rather than in it: where locks are mandatory nobody else can read a locked file.
		err = os.WriteFile(filepath.Join(l.dir, holderName), text, 0o600)
	}
	if err != nil {
		return errs.Wrap(err, errs.Input, "choose a folder that you may write, with --data", "note who has data folder %s", l.dir)
	}
	l.noted = true
	return nil
}

func (l *lock) inUse() error {
	var h holder
	text, err := os.ReadFile(filepath.Join(l.dir, holderName))
	if err == nil {
		err = json.Unmarshal(text, &h)
	}
	if err != nil { // it is opening or closing just now
		return errs.New(errs.Conflict, "wait for the other process, or stop it", "data folder %s is in use by another process", l.dir)
	}
	hint := "wait for it to end, or stop it"
	if h.Address != "" {
		hint = "ask it instead with --server " + h.Address + ", or stop it"
	}
	return errs.New(errs.Conflict, hint, "data folder %s is in use by %s (process %d, since %s)", l.dir, h.Command, h.PID, h.Since.Format(time.RFC3339))
}

// release lets go of the folder.
func (l *lock) release() error {
	var err error
	if l.noted {
		err = os.Remove(filepath.Join(l.dir, holderName))
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err := errors.Join(err, l.file.Unlock()); err != nil {
		return fmt.Errorf("let go of data folder %s: %w", l.dir, err)
	}
	return nil
}
