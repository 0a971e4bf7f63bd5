package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
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
			env.Setenv("TRANSCRIPTS", filepath.Join(fixtures, "bot-framework", "botbuilder-js"))
			for _, name := range []string{"RAPPORT_DATA", "RAPPORT_SERVER"} {
				env.Setenv(name, "")
			}
			env.Values[serverKey{}] = &running{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "lines": lines, "interrupts": interrupts, "pieces": pieces, "serves": serves, "stops": stops,
		},
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

// pieces deals the lines of a file out to so many others, in another order: pieces world.jsonl 10 folder
func pieces(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: pieces FILE COUNT FOLDER")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	lines := strings.SplitAfter(strings.TrimSuffix(ts.ReadFile(args[0]), "\n")+"\n", "\n")
	lines = lines[:len(lines)-1]
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	ts.Check(os.MkdirAll(ts.MkAbs(args[2]), 0o700))
	for i := range n {
		part := strings.Join(lines[len(lines)*i/n:len(lines)*(i+1)/n], "")
		ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[2]), fmt.Sprintf("%02d.jsonl", i)), []byte(part), 0o600))
	}
}

// running is the server of a script.
type running struct{ cmd *exec.Cmd }

type serverKey struct{}

// serves starts a server on a free port, and sets $SERVER when it listens: serves --data folder
func serves(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serves FLAG...")
	}
	cmd := exec.Command(filepath.Join(filepath.SplitList(ts.Getenv("PATH"))[0], "rapport"),
		append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)...)
	cmd.Dir = ts.MkAbs(".")
	log, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Value(serverKey{}).(*running).cmd = cmd
	ts.Defer(func() { _ = cmd.Process.Kill() }) // when the script did not stop it
	var said strings.Builder
	for in := bufio.NewScanner(log); in.Scan(); {
		said.WriteString(in.Text() + "\n")
		var line struct{ Msg, Address string }
		if json.Unmarshal(in.Bytes(), &line) == nil && line.Msg == "listening" {
			ts.Setenv("SERVER", "http://"+line.Address)
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return
		}
	}
	ts.Fatalf("the server does not listen: %s", said.String())
}

// stops interrupts the server of the script, which must end well.
func stops(ts *testscript.TestScript, neg bool, _ []string) {
	r := ts.Value(serverKey{}).(*running)
	if neg || r.cmd == nil {
		ts.Fatalf("usage: stops, after serves")
	}
	ts.Check(r.cmd.Process.Signal(os.Interrupt))
	if err := r.cmd.Wait(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 130 {
			ts.Fatalf("the server ends with %v", err)
		}
	}
	r.cmd = nil
}
