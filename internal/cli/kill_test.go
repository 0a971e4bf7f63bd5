package cli_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

var kills = flag.Int("kills", 3, "how often TestKilledImport kills an import; 50 is the long run")

// TestKilledImport kills imports at random points, some while they read and some after, and asks each time: what was acknowledged is there,
// nothing is there by half, and the numbers are those of the files that are there. In the end everything is imported and nothing counts twice.
func TestKilledImport(t *testing.T) {
	k := killed{t: t, bin: filepath.Join(t.TempDir(), "rapport"), data: filepath.Join(t.TempDir(), "data")}
	if out, err := exec.Command("go", "build", "-o", k.bin, "rapport/cmd/rapport").CombinedOutput(); err != nil {
		t.Fatalf("build rapport: %v\n%s", err, out)
	}
	const pieces = 5
	world := strings.SplitAfter(k.run("", "generate", "--conversations", "1500", "--seed", "3"), "\n")
	dir := t.TempDir()
	for i := range pieces {
		var part []string
		for j := i; j < len(world); j += pieces {
			part = append(part, world[j])
		}
		name := filepath.Join(dir, fmt.Sprintf("piece-%d.jsonl", i))
		if err := os.WriteFile(name, []byte(strings.Join(part, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		k.pieces = append(k.pieces, name)
	}
	begun := time.Now()
	k.run("", "import", "--data", filepath.Join(t.TempDir(), "other"), k.pieces[0])
	usual := time.Since(begun)

	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	survived := 0
	for i := range *kills {
		piece := k.pieces[random.IntN(pieces)]
		if k.importAndKill(piece, i%2 == 0, random, usual) {
			survived++
			k.acknowledged = append(k.acknowledged, piece)
		}
		k.private()
		k.check()
	}
	t.Logf("%d of %d imports ended before they were killed", survived, *kills)
	k.run("", append([]string{"import", "--data", k.data}, k.pieces...)...)
	k.acknowledged = k.pieces
	k.check()
}

type killed struct {
	t            *testing.T
	bin, data    string
	pieces       []string
	acknowledged []string
}

// run runs a command that must end well, and returns what it prints.
func (k *killed) run(stdin string, args ...string) string {
	k.t.Helper()
	cmd := exec.Command(k.bin, args...)
	cmd.Stdin = strings.NewReader(stdin)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		k.t.Fatalf("rapport %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return string(out)
}

// importAndKill imports a piece through standard input, and kills the process when it has taken a random part of it, or at a random
// moment after it has taken all. It reports whether the import was acknowledged before.
func (k *killed) importAndKill(piece string, reading bool, random *rand.Rand, usual time.Duration) bool {
	content, err := os.ReadFile(piece)
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.Command(k.bin, "import", "--data", k.data, "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	if reading {
		content = content[:random.IntN(len(content))]
	}
	if _, err := in.Write(content); err != nil {
		k.t.Fatal(err)
	}
	if reading {
		err = cmd.Process.Kill()
	} else {
		err = in.Close()
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(usual))), func() { _ = cmd.Process.Kill() }) // it may have ended
		defer timer.Stop()
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return cmd.Wait() == nil
}

// private fails where others may read what people said.
func (k *killed) private() {
	k.t.Helper()
	entries, err := os.ReadDir(k.data)
	if err != nil && !os.IsNotExist(err) {
		k.t.Fatal(err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			k.t.Errorf("%s has mode %s", e.Name(), info.Mode())
		}
	}
}

// check compares what the data set says with what its imports' files say.
func (k *killed) check() {
	k.t.Helper()
	if _, err := os.Stat(filepath.Join(k.data, "rapport.duckdb")); os.IsNotExist(err) && len(k.acknowledged) == 0 {
		return // killed before there was anything
	}
	var imports []struct {
		Read, Accepted, Duplicate, Superseded, Quarantined int64
	}
	list := k.run("", "imports", "list", "--data", k.data, "--format", "json")
	if err := json.Unmarshal([]byte(list), &imports); err != nil {
		k.t.Fatalf("imports list: %v\n%s", err, list)
	}
	for _, i := range imports {
		if i.Read != i.Accepted+i.Duplicate+i.Superseded+i.Quarantined || i.Read == 0 {
			k.t.Fatalf("an import by half: %+v", i)
		}
	}
	got := k.run("", "report", "--format", "json", "--data", k.data)
	// One import that nobody was told of may be there, whole.
	for _, also := range append([]string{""}, k.pieces...) {
		files := append(slices.Clone(k.acknowledged), also)
		slices.Sort(files)
		files = slices.DeleteFunc(slices.Compact(files), func(f string) bool { return f == "" })
		if len(files) > 0 && got == k.run("", append([]string{"report", "--format", "json"}, files...)...) {
			k.acknowledged = files
			return
		}
		if len(files) == 0 && len(imports) == 0 {
			return
		}
	}
	k.t.Fatalf("the data set holds something else than the %d acknowledged files and one more:\n%s", len(k.acknowledged), got)
}
