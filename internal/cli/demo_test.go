package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// demo runs a demo in this process with a temporary folder of its own.
type demo struct {
	temp    string
	address string
	said    string // on standard output, up to the address
	end     func() int
}

func startDemo(t *testing.T, args ...string) demo {
	t.Helper()
	d := demo{temp: t.TempDir()}
	t.Setenv("TMPDIR", d.temp)
	ctx, cancel := context.WithCancel(context.Background())
	in, out := io.Pipe()
	var errOut bytes.Buffer
	ended := make(chan int, 1)
	go func() {
		code := Main(ctx, append([]string{"demo", "--conversations", "60"}, args...), Streams{In: strings.NewReader(""), Out: out, Err: &errOut})
		ended <- code
		out.CloseWithError(errors.New(errOut.String()))
	}()
	d.end = func() int {
		cancel()
		return <-ended
	}
	for lines := bufio.NewReader(in); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("no address after %q: %v", d.said, err)
		}
		if strings.HasPrefix(line, "http://") {
			d.address = strings.TrimSpace(line)
			go func() { _, _ = io.Copy(io.Discard, lines) }()
			return d
		}
		d.said += line
	}
}

func get(t *testing.T, url string, into any) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v", url, res.StatusCode, err)
	}
}

// The demo says what it shows, marks it as made up, and leaves nothing behind.
func TestDemo(t *testing.T) {
	d := startDemo(t, "--listen", "127.0.0.1:0")
	for _, word := range []string{"Sample data", "engagement", "CSAT"} {
		if !strings.Contains(d.said, word) {
			t.Errorf("%s is not in %q", word, d.said)
		}
	}
	var status struct {
		Sample bool
		LastAt time.Time `json:"last_at"`
	}
	get(t, d.address+"/api/v1/status", &status)
	year, month, day := time.Now().Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.Local)
	if !status.Sample || !status.LastAt.Before(today) || status.LastAt.Before(today.AddDate(0, 0, -7)) {
		t.Errorf("status %+v", status)
	}
	var imports struct {
		Imports []struct {
			Paths       []string
			Sample      bool
			Read        int64
			Quarantined int64
		}
	}
	get(t, d.address+"/api/v1/imports", &imports)
	if len(imports.Imports) != 1 || !imports.Imports[0].Sample || imports.Imports[0].Read < 60 || imports.Imports[0].Quarantined > 0 {
		t.Errorf("imports %+v", imports)
	}
	var bots struct{ Bots []struct{ Name string } }
	get(t, d.address+"/api/v1/bots", &bots)
	if len(bots.Bots) < 3 || strings.Contains(bots.Bots[0].Name, "_") {
		t.Errorf("bots have no names for people: %+v", bots)
	}
	notes, err := filepath.Glob(filepath.Join(d.temp, "rapport-demo-*", "README.txt"))
	if err != nil || len(notes) != 1 {
		t.Errorf("the folder says nothing of itself: %v, %v", notes, err)
	}
	if code := d.end(); code != exitOK {
		t.Errorf("ends with %d", code)
	}
	if left, err := os.ReadDir(d.temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// Where a port is taken, the next free one is used.
func TestDemoBesideAnother(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d := startDemo(t, "--listen", taken.Addr().String())
	defer d.end()
	port := func(address string) int {
		_, text, err := net.SplitHostPort(address)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	had, got := port(taken.Addr().String()), port(strings.TrimPrefix(d.address, "http://"))
	if got <= had || got >= had+triedPorts {
		t.Errorf("port %d is taken, and the demo is at %d", had, got)
	}
}

// What cannot be is refused before anything is made up.
func TestDemoThatCannotBe(t *testing.T) {
	for _, args := range [][]string{
		{"--conversations", "0"}, {"--conversations", "5", "--listen", "0.0.0.0:8080"}, {"--conversations", "5", "--listen", "nowhere"},
	} {
		var errOut bytes.Buffer
		code := Main(context.Background(), append([]string{"demo"}, args...), Streams{In: strings.NewReader(""), Out: io.Discard, Err: &errOut})
		if code != exitUsage || !strings.Contains(errOut.String(), "try: ") {
			t.Errorf("%v ends with %d: %s", args, code, errOut.String())
		}
		if strings.Contains(errOut.String(), "making up") {
			t.Errorf("%v makes something up first", args)
		}
	}
}
