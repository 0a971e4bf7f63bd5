package cli_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts tells stories of the real binary: each file of testdata/script is one.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", bin, "rapport/cmd/rapport").CombinedOutput(); err != nil {
		t.Fatalf("build rapport: %v\n%s", err, out)
	}
	fixtures, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("ROWS", filepath.Join(fixtures, "dataverse", "conversationtranscripts.json"))
			env.Setenv("BOTS", filepath.Join(fixtures, "dataverse", "bots.json"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "lines": lines, "interrupts": interrupts},
	})
}

// exits runs a command that must end with the given code: exits 3 rapport sessions nowhere.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		code = exit.ExitCode()
	}
	if want := args[0]; fmt.Sprint(code) != want {
		ts.Fatalf("%v exits with %d, want %s", args[1:], code, want)
	}
}

// lines counts the lines of a file: lines 11 stdout.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines COUNT FILE")
	}
	n := 0
	for _, c := range ts.ReadFile(args[1]) {
		if c == '\n' {
			n++
		}
	}
	if want := args[0]; fmt.Sprint(n) != want {
		ts.Fatalf("%s has %d lines, want %s", args[1], n, want)
	}
}

// interrupts feeds a file to a command that reads standard input, and interrupts it when it has taken all of it and waits for more. It
// must end with 130: interrupts FILE COMMAND [ARG...]
func interrupts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupts FILE COMMAND [ARG...]")
	}
	cmd := exec.Command(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], args[1]), args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	var said strings.Builder
	cmd.Stderr = &said
	in, err := cmd.StdinPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	// More than a pipe holds: when it is gone, the command is reading.
	_, err = io.WriteString(in, ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	err = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		ts.Fatalf("interrupted, %v ends with %d (%v), want 130: %s", args[1:], code, err, said.String())
	}
	if said.String() != "interrupted\n" {
		ts.Fatalf("interrupted, %v says %q", args[1:], said.String())
	}
}
