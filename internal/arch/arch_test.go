// Package arch holds the layout of the code against its rules: the chain of DESIGN runs one way, and a third-party package is imported
// only where its job is.
package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "rapport/"

// chain is every package from left to right: a package may import what stands above it, and nothing else of ours. A folder
// stands for the folders below it too, unless they have a line of their own.
var chain = []string{
	"internal/errs",       // errors for people
	"internal/activity",   // what a transcript says
	"internal/spill",      // sorting more than fits in memory
	"internal/source",     // paths to streams
	"internal/decode",     // streams to records
	"internal/assemble",   // records to conversations
	"internal/ingest",     // the three together, with the account of every record
	"internal/definition", // what a session is, as data
	"internal/session",    // conversations to sessions
	"internal/report",     // sessions to a summary
	"internal/audit",      // the platform's sessions against derived ones
	"internal/fact",       // sessions as flat rows
	"internal/measure",    // what can be counted, as data
	"internal/stat",       // intervals
	"internal/metric",     // questions to answers
	"internal/store",      // where records and facts are kept
	"internal/store/storetest",
	"internal/dataset",  // a store with the rules in force
	"internal/generate", // a world to try things on
	"internal/wire",     // the JSON that programs see
	"internal/export",   // rows to files
	"internal/config",   // flags, environment and file
	"internal/api",      // HTTP
	"web",               // the built dashboard
	"internal/server",   // the process that serves
	"internal/client",   // the other side of HTTP
	"internal/cli",      // the command line
	"cmd/rapport",
}

// only names what a package may import of ours where that is less than everything above it, and why.
var only = map[string]struct {
	imports []string
	why     string
}{
	"internal/errs":       {nil, "the bottom"},
	"internal/activity":   {nil, "the vocabulary depends on nothing"},
	"internal/spill":      {nil, "it sorts bytes"},
	"internal/source":     {[]string{"internal/errs"}, "it knows no format"},
	"internal/decode":     {[]string{"internal/errs", "internal/activity", "internal/decode"}, "a decoder knows no rule"},
	"internal/assemble":   {[]string{"internal/activity", "internal/spill"}, "putting records together needs no format and no rule"},
	"internal/definition": {[]string{"internal/errs", "internal/activity"}, "rules are data"},
	"internal/session":    {[]string{"internal/activity", "internal/definition"}, "a pure function: no input, no output, no clock"},
	"internal/report":     {[]string{"internal/activity", "internal/session", "internal/definition"}, "a summary counts sessions"},
	"internal/fact":       {[]string{"internal/activity", "internal/session"}, "a fact is what was derived, flat"},
	"internal/measure":    {[]string{"internal/fact"}, "what can be counted is data over columns"},
	"internal/stat":       {nil, "arithmetic"},
	"internal/metric":     {[]string{"internal/errs", "internal/fact", "internal/measure", "internal/stat"}, "an answer needs integers, whoever counted them"},
	"internal/store":      {[]string{"internal/errs", "internal/activity", "internal/fact", "internal/measure", "internal/store"}, "a store keeps rows and counts them; it knows no rule"},
	"web":                 {nil, "it holds files"},
	"internal/generate":   {[]string{"internal/errs"}, "it must not share what it is read by"},
	"cmd/rapport":         {[]string{"internal/cli"}, "twenty lines"},
}

// thirdParty says where each direct dependency may be imported. docs/adr/0002-dependencies.md says why each is there.
var thirdParty = map[string][]string{
	"github.com/BurntSushi/toml":          {"internal/config"},
	"github.com/agnivade/levenshtein":     {"internal/definition", "internal/metric", "internal/config", "internal/cli"},
	"github.com/alecthomas/kong":          {"internal/cli"},
	"github.com/bmatcuk/doublestar/v4":    {"internal/source"},
	"github.com/danielgtaylor/huma/v2":    {"internal/api"},
	"github.com/duckdb/duckdb-go/v2":      {"internal/store"},
	"github.com/gofrs/flock":              {"internal/store"},
	"github.com/google/go-cmp":            {"internal/store/storetest"},
	"github.com/parquet-go/parquet-go":    {"internal/export"},
	"github.com/prometheus/client_golang": {"internal/server"},
	"github.com/klauspost/compress":       {"internal/source", "internal/decode", "internal/server"},
	"github.com/rogpeppe/go-internal":     {"test"},
	"github.com/segmentio/encoding":       {"internal/decode"},
	"github.com/zeebo/xxh3":               {"internal/decode"},
	"go.yaml.in/yaml/v3":                  {"internal/definition"},
	"golang.org/x/sync":                   {"internal/dataset", "internal/store"},
	"golang.org/x/sys":                    {"internal/decode"},
	"golang.org/x/term":                   {"internal/cli"},
	"golang.org/x/text":                   {"internal/decode"},
	"pgregory.net/rapid":                  {"test"},
}

type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "./...")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// link is the place in the chain that a package belongs to, -1 for none.
func link(path string) int {
	path = strings.TrimPrefix(path, module)
	at := -1
	for i, p := range chain {
		if (path == p || strings.HasPrefix(path, p+"/")) && (at < 0 || len(p) > len(chain[at])) {
			at = i
		}
	}
	return at
}

func TestImports(t *testing.T) {
	met := map[string]bool{}
	for _, p := range packages(t) {
		if p.ImportPath == module+"internal/arch" {
			continue
		}
		from := link(p.ImportPath)
		if from < 0 {
			t.Errorf("%s has no place in the chain: give it one, with its reason", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if strings.HasPrefix(imp, module) {
				checkOwn(t, p.ImportPath, from, imp)
			} else if name := dependency(imp); name != "" {
				met[name] = true
				if !slices.ContainsFunc(thirdParty[name], func(where string) bool { return link(where) == from }) {
					t.Errorf("%s imports %s, which belongs in %v", p.ImportPath, imp, thirdParty[name])
				}
			}
		}
		for _, imp := range append(p.TestImports, p.XTestImports...) {
			if name := dependency(imp); name != "" {
				met[name] = true
			}
		}
	}
	for name := range thirdParty {
		if !met[name] {
			t.Errorf("nobody imports %s any more: take it off the list and out of docs/adr", name)
		}
	}
}

func checkOwn(t *testing.T, path string, from int, imp string) {
	t.Helper()
	to := link(imp)
	if to > from {
		t.Errorf("%s imports %s, which stands to its right in the chain", path, imp)
	}
	rule, ok := only[chain[from]]
	if !ok || to == from {
		return
	}
	if !slices.Contains(rule.imports, chain[to]) {
		t.Errorf("%s imports %s, but %s", path, imp, rule.why)
	}
}

// dependency is the module of a third-party import, "" for the standard library.
func dependency(imp string) string {
	if first, _, _ := strings.Cut(imp, "/"); !strings.Contains(first, ".") {
		return ""
	}
	for name := range thirdParty {
		if imp == name || strings.HasPrefix(imp, name+"/") {
			return name
		}
	}
	return imp
}

// TestDependenciesAreExplained: every direct dependency has its line in docs/adr.
func TestDependenciesAreExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/adr/0002-dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range thirdParty {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("docs/adr/0002-dependencies.md does not say why %s is there", name)
		}
	}
}

// TestPackagesAreExplained: every npm package that the dashboard names has its place in docs/adr, and there is no other.
func TestPackagesAreExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/adr/0002-dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../web/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var named struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(text, &named); err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(string(page), "\n## Of the dashboard\n")
	explained := map[string]bool{}
	for line := range strings.Lines(tables) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		packages, _, _ := strings.Cut(line[2:], " |")
		for name := range strings.SplitSeq(packages, ", ") {
			explained[strings.Trim(name, "`")] = true
		}
	}
	for _, list := range []map[string]string{named.Dependencies, named.DevDependencies} {
		if len(list) == 0 {
			t.Error("web/package.json names nothing")
		}
		for name := range list {
			if !explained[name] {
				t.Errorf("docs/adr/0002-dependencies.md does not say why %s is there", name)
			}
			delete(explained, name)
		}
	}
	for name := range explained {
		t.Errorf("docs/adr/0002-dependencies.md explains %s, which web/package.json does not name", name)
	}
}

// TestFileSizes: a file tells one story. 600 lines, tests 1000; of the dashboard 400.
func TestFileSizes(t *testing.T) {
	err := filepath.WalkDir("../..", func(path string, d os.DirEntry, err error) error {
		switch {
		case err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == ".git"):
			return filepath.SkipDir // written by others, and by machines
		case err != nil || d.IsDir():
			return err
		}
		limit := 0
		switch filepath.Ext(path) {
		case ".go":
			limit = 600
		case ".ts", ".tsx", ".css":
			limit = 400
		}
		if strings.HasSuffix(path, "_test.go") {
			limit = 1000
		}
		if limit == 0 || d.Name() == "schema.d.ts" { // generated
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if n := strings.Count(string(data), "\n"); n > limit {
			t.Errorf("%s has %d lines, %d at most", path, n, limit)
		}
		for _, word := range []string{"common", "util", "utils", "helpers", "manager"} {
			if strings.HasPrefix(string(data), "package "+word+"\n") || strings.Contains(string(data), "\npackage "+word+"\n") {
				t.Errorf("%s: a package named %s says nothing", path, word)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
