package config

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rapport/internal/errs"
)

func noEnv(string) string { return "" }

func envOf(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

// Flags over environment over file over defaults, each key on its own.
func TestPrecedence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rapport.toml")
	if err := os.WriteFile(file, []byte("data = \"file\"\nzone = \"Asia/Tokyo\"\n[limits]\nqueue = 5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file, envOf(map[string]string{"RAPPORT_DATA": "env", "RAPPORT_LIMITS_QUEUE": "6", "RAPPORT_LISTEN": "[::1]:1"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Set("listen", "127.0.0.1:2", "--listen"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ key, got, want, from string }{
		{"definition", c.Definition, "platform", "default"},
		{"zone", c.Zone, "Asia/Tokyo", "configuration " + file + ", line 2"},
		{"data", c.Data, "env", "RAPPORT_DATA"},
		{"listen", c.Listen, "127.0.0.1:2", "--listen"},
	} {
		if tc.got != tc.want || c.From(tc.key) != tc.from {
			t.Errorf("%s is %q from %q, want %q from %q", tc.key, tc.got, c.From(tc.key), tc.want, tc.from)
		}
	}
	if c.Limits.Queue != 6 {
		t.Errorf("limits.queue is %d, want the environment's 6", c.Limits.Queue)
	}
}

// Every variable reaches its key.
func TestEveryVariable(t *testing.T) {
	value := map[string]string{
		"listen": "[::1]:99", "zone": "Asia/Kolkata", "memory_limit": "1GB", "log_format": "json", "temp_dir": t.TempDir(),
		"limits.queue_wait": "7ms", "limits.query_timeout": "7ms",
	}
	for _, k := range Keys() {
		want := value[k.Name]
		if want == "" {
			want = "7"
		}
		c, err := Load("", envOf(map[string]string{k.Env: want}))
		if err != nil {
			t.Errorf("%s: %v", k.Env, err)
			continue
		}
		if got := k.Get(&c); got != want || c.From(k.Name) != k.Env {
			t.Errorf("%s=%s gives %q from %q", k.Env, want, got, c.From(k.Name))
		}
	}
}

func TestGoodFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*.toml")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		c, err := Load(file, noEnv)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		// What `config show` writes reads back as the same.
		var shown bytes.Buffer
		if err := c.Write(&shown); err != nil {
			t.Fatal(err)
		}
		again := filepath.Join(t.TempDir(), "shown.toml")
		if err := os.WriteFile(again, shown.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		back, err := Load(again, noEnv)
		if err != nil {
			t.Fatalf("%s: %v\n%s", file, err, shown.String())
		}
		if diff := cmp.Diff(c, back, cmpopts.IgnoreUnexported(Config{})); diff != "" {
			t.Errorf("%s reads back different: %s", file, diff)
		}
	}
	full, err := Load("testdata/good/full.toml", noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Bot{
		"cr3e5_support":                        {Name: "Support", Zone: "Asia/Tokyo"},
		"0b4ad2b9-3d3c-4b5a-9c0e-7c7b2f3f2a11": {Definition: "user-replied"},
	}
	if diff := cmp.Diff(want, full.Bots); diff != "" {
		t.Error(diff)
	}
	for _, k := range Keys() {
		if k.Name != "temp_dir" && k.Get(&full) == k.Default {
			t.Errorf("full.toml does not set %s", k.Name)
		}
	}
}

// One mistake a file: the error names the file, the line and what to write.
func TestBadFiles(t *testing.T) {
	want := map[string]string{
		"misspelt":            `line 3: unknown key "lisen", did you mean "listen"?`,
		"misspelt_limit":      `line 3: unknown key "limits.querys", did you mean "limits.queries"?`,
		"misspelt_table":      `line 3: unknown key "limit", did you mean "limits"?`,
		"misspelt_bot":        `line 2: unknown key "zoen", did you mean "zone"?`,
		"bot_zone":            `line 2: bots."a.b".zone "Mars/Base" is no time zone`,
		"bot_number":          `line 2: bots."a.b".zone wants text in quotes`,
		"limits_flat":         `line 2: limits wants keys below it`,
		"bots_flat":           `line 2: bots.zone wants keys below it`,
		"no_toml":             `line 2: `,
		"twice":               `line 2: Key 'data' has already been defined`,
		"number_in_quotes":    `line 1: threads wants a whole number without quotes`,
		"text_without_quotes": `line 2: limits.query_timeout wants text in quotes`,
		"negative":            `line 2: limits.queue wants a whole number from 0 to 100000, and not "-1"`,
		"no_duration":         `line 2: limits.query_timeout wants a time from 1ms to 24h such as 30s, and not "30"`,
		"memory":              `line 1: memory_limit wants a size such as 512MB or 4GB, and not "lots"`,
		"log":                 `line 1: log_format is text, json or empty, and not "xml"`,
		"zone":                `line 1: zone "Local" is no time zone`,
		"data":                `line 1: data is empty`,
		"open_to_all":         `line 1: listen: ":8080" can be reached by others`,
		"open_to_network":     `line 2: listen: "192.168.1.4:8080" can be reached by others`,
		"no_port":             `line 1: listen: "127.0.0.1" is no address`,
		"temp_dir":            `line 1: temp_dir "no/such/folder" is no folder`,
	}
	files, err := filepath.Glob("testdata/bad/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(want) {
		t.Errorf("%d bad files, %d expectations", len(files), len(want))
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".toml")
		_, err := Load(file, noEnv)
		if errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%s: code %q: %v", name, errs.CodeOf(err), err)
			continue
		}
		if part := "configuration " + file + ", " + want[name]; !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %s\nwant %s", name, err, part)
		}
	}
}

func TestBadVariablesAndFlags(t *testing.T) {
	_, err := Load("", envOf(map[string]string{"RAPPORT_THREADS": "many"}))
	if err == nil || !strings.HasPrefix(err.Error(), "RAPPORT_THREADS: threads wants a whole number") {
		t.Errorf("got %v", err)
	}
	var c Config
	if err := c.Set("lissen", "x", "--lissen"); err == nil || !strings.Contains(err.Error(), `did you mean "listen"?`) {
		t.Errorf("got %v", err)
	}
	if _, err := Load("testdata/none.toml", noEnv); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("got %v", err)
	}
	huge := strings.Repeat("x", 100_000)
	if _, err := Load("", envOf(map[string]string{"RAPPORT_ZONE": huge})); err == nil || len(err.Error()) > 500 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestLoopback(t *testing.T) {
	for listen, ok := range map[string]bool{
		"127.0.0.1:80": true, "127.3.2.1:80": true, "[::1]:0": true, "localhost:8080": true, "LOCALHOST:1": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "10.0.0.1:80": false, "example.org:80": false, "localhost.example.org:80": false,
		"localhost": false, "": false, "127.0.0.1:": false, "127.0.0.1:65536": false, "127.0.0.1:-1": false,
	} {
		if err := Loopback(listen); (err == nil) != ok {
			t.Errorf("%q: %v", listen, err)
		}
	}
}

// docs/configuration.md holds the table of keys, and an example that loads.
func TestDocumented(t *testing.T) {
	const page = "../../docs/configuration.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	from, to := "<!-- keys -->\n", "<!-- /keys -->"
	before, rest, ok := strings.Cut(string(text), from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("%s has no %s", page, from)
	}
	want := before + from + Document() + to + after
	if want != string(text) {
		if os.Getenv("UPDATE_DOCS") == "" {
			t.Errorf("%s is not what the keys say; UPDATE_DOCS=1 rewrites it", page)
		} else if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	example := regexp.MustCompile("(?s)```toml\n(.*?)```").FindStringSubmatch(string(text))
	if example == nil {
		t.Fatalf("%s has no example", page)
	}
	file := filepath.Join(t.TempDir(), "example.toml")
	if err := os.WriteFile(file, []byte(example[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file, noEnv); err != nil {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	for _, glob := range []string{"testdata/good/*.toml", "testdata/bad/*.toml"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Config{from: map[string]string{}}
		err := c.parse("f.toml", text)
		if err != nil && errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%v", err)
		}
	})
}

func TestMemoryBytes(t *testing.T) {
	for limit, want := range map[string]int64{"": 0, "512MB": 512_000_000, "4GB": 4_000_000_000, "1 GiB": 1 << 30, "1.5KiB": 1536, "2TB": 2e12} {
		c := Config{}
		if err := c.Set("memory_limit", limit, "test"); err != nil {
			t.Fatal(err)
		}
		if got := c.MemoryBytes(); got != want {
			t.Errorf("%q is %d, want %d", limit, got, want)
		}
	}
}
