package definition

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"

	"rapport/internal/errs"
)

//go:embed presets/*.yaml
var presets embed.FS

// Default is the definition that is used when none is named.
const Default = "platform"

// maxBytes bounds a definition or catalogue file; nothing sensible comes near it.
const maxBytes = 16 << 20

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// Presets names the embedded definitions, the default first, then by name.
func Presets() []string {
	entries, err := fs.ReadDir(presets, "presets")
	if err != nil {
		panic(err) // embedded: cannot fail
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	sort.Slice(out, func(i, j int) bool {
		if (out[i] == Default) != (out[j] == Default) {
			return out[i] == Default
		}
		return out[i] < out[j]
	})
	return out
}

// Load returns the definition of that name, or the one in that file when name is a path to an existing file or ends in .yaml
// or .yml. Errors have code Invalid or NotFound and a hint.
func Load(name string) (*Definition, error) {
	if name == "" {
		name = Default
	}
	if data, err := presets.ReadFile("presets/" + name + ".yaml"); err == nil {
		return parse(name, data, nil)
	}
	data, err := readFile(name)
	switch {
	case err == nil:
		return Parse(name, data)
	case strings.HasSuffix(name, ".yaml"), strings.HasSuffix(name, ".yml"), strings.ContainsRune(name, os.PathSeparator):
		return nil, errs.Wrap(err, errs.NotFound, "name a preset ("+strings.Join(Presets(), ", ")+") or a YAML file", "open definition %q", name)
	default:
		return nil, errs.New(errs.NotFound, "`rapport definitions list` shows what there is; a file is named by its path",
			"there is no definition %q, did you mean %q?", name, nearest(name, Presets()))
	}
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err == nil && len(data) > maxBytes {
		err = fmt.Errorf("larger than %d MiB", maxBytes>>20)
	}
	return data, err
}

// Parse reads a team's own definition. file is used in errors and as the name when the text gives none.
func Parse(file string, data []byte) (*Definition, error) { return parse(file, data, nil) }

// parse merges a definition over the one it extends. chain is who extended whom so far.
func parse(file string, data []byte, chain []string) (*Definition, error) {
	fail := func(line int, format string, args ...any) error {
		return errs.New(errs.Invalid, "`rapport definitions show "+Default+"` lists every key with its meaning",
			"definition %s, line %d: %s", file, line, fmt.Sprintf(format, args...))
	}
	root, err := document(data)
	switch {
	case errors.Is(err, errEmpty), errors.Is(err, errTwo):
		return nil, fail(1, "%s", err)
	case err != nil:
		return nil, errs.Wrap(err, errs.Invalid, "the file is YAML; `rapport definitions show "+Default+"` prints an example", "read definition %s", file)
	}
	if root.Kind != yaml.MappingNode {
		return nil, fail(root.Line, "wants keys and values, e.g. `extends: %s`", Default)
	}
	header, sections, err := split(root, fail)
	if err != nil {
		return nil, err
	}
	d := &Definition{}
	if ext := header["extends"]; ext != nil {
		if d, err = base(file, ext, chain, fail); err != nil {
			return nil, err
		}
	}
	d.Extends, d.Description, d.Hypothesis = "", "", false
	if err := d.header(file, data, header, fail); err != nil {
		return nil, err
	}
	if err := d.apply(sections, header["sources"], fail); err != nil {
		return nil, err
	}
	if missing := d.missing(); len(missing) > 0 {
		return nil, fail(root.Line, "lacks %s: set them or extend a preset (%s)", strings.Join(missing, ", "), strings.Join(Presets(), ", "))
	}
	d.index()
	return d, nil
}

var (
	errEmpty = errors.New("the file is empty")
	// What stands in a second document would be read by nobody.
	errTwo = errors.New("the file holds more than one document: leave out the second `---`")
)

// document reads a file of one YAML document.
func document(data []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, errEmpty
	} else if err != nil {
		return nil, err
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, errTwo
	}
	return doc.Content[0], nil
}

type failer func(line int, format string, args ...any) error

var headerKeys = []string{"name", "version", "extends", "description", "hypothesis", "sources"}

// value is one key of a section with the node that holds it.
type value struct {
	path string
	key  *yaml.Node
	node *yaml.Node
}

// split parts the header keys from the rules, and flattens the rules to dotted paths.
func split(root *yaml.Node, fail failer) (map[string]*yaml.Node, []value, error) {
	header := map[string]*yaml.Node{}
	var values []value
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, node := root.Content[i], root.Content[i+1]
		if seen[key.Value] {
			return nil, nil, fail(key.Line, "key %q is there twice", key.Value)
		}
		seen[key.Value] = true
		if slices.Contains(headerKeys, key.Value) {
			header[key.Value] = node
			continue
		}
		if !slices.Contains(sectionNames(), key.Value) {
			return nil, nil, unknown(key, key.Value, fail)
		}
		if node.Kind != yaml.MappingNode {
			return nil, nil, fail(key.Line, "%q wants keys below it", key.Value)
		}
		for j := 0; j+1 < len(node.Content); j += 2 {
			k := node.Content[j]
			path := key.Value + "." + k.Value
			if seen[path] {
				return nil, nil, fail(k.Line, "key %q is there twice", path)
			}
			seen[path] = true
			values = append(values, value{path, k, node.Content[j+1]})
		}
	}
	return header, values, nil
}

func sectionNames() []string {
	var out []string
	for _, s := range settings() {
		section, _, _ := strings.Cut(s.path, ".")
		if !slices.Contains(out, section) {
			out = append(out, section)
		}
	}
	return out
}

// unknown is the error for a key that nobody knows: it names the key and the nearest one.
func unknown(key *yaml.Node, path string, fail failer) error {
	candidates := append([]string{}, headerKeys...)
	candidates = append(candidates, sectionNames()...)
	if strings.Contains(path, ".") {
		candidates = candidates[:0]
		for _, s := range settings() {
			candidates = append(candidates, s.path)
		}
	}
	return fail(key.Line, "unknown key %q, did you mean %q?", path, nearest(path, candidates))
}

func nearest(word string, among []string) string {
	best, least := "", 1<<30
	for _, c := range among {
		if d := levenshtein.ComputeDistance(strings.ToLower(word), c); d < least {
			best, least = c, d
		}
	}
	return best
}

func base(file string, ext *yaml.Node, chain []string, fail failer) (*Definition, error) {
	name := ext.Value
	data, err := presets.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return nil, fail(ext.Line, "extends %q, which is no preset; did you mean %q?", name, nearest(name, Presets()))
	}
	if slices.Contains(chain, name) {
		return nil, fail(ext.Line, "extends itself through %s", strings.Join(append(chain, name), " > "))
	}
	return parse(name, data, append(chain, name))
}

func (d *Definition) header(file string, data []byte, header map[string]*yaml.Node, fail failer) error {
	get := func(key string) string {
		if n := header[key]; n != nil {
			return n.Value
		}
		return ""
	}
	for _, key := range headerKeys {
		if n := header[key]; n != nil && key != "sources" && n.Kind != yaml.ScalarNode {
			return fail(n.Line, "%s: wants a single value", key)
		}
	}
	d.Extends, d.Description = get("extends"), strings.TrimSpace(get("description"))
	if n := header["hypothesis"]; n != nil {
		if err := readBool(n, &d.Hypothesis); err != nil {
			return fail(n.Line, "hypothesis: %s", err)
		}
	}
	d.Name = get("name")
	whose := "name"
	if d.Name == "" {
		d.Name, whose = strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(lastPathPart(file), ".yaml"), ".yml")), "the file gives no `name:`, and its own"
	}
	if !nameForm.MatchString(d.Name) {
		return fail(1, "%s %q wants lower-case letters, digits, dots, dashes and underscores, 64 at most", whose, d.Name)
	}
	if _, err := presets.ReadFile("presets/" + d.Name + ".yaml"); err == nil && file != d.Name {
		return fail(1, "%q is the name of a preset: give yours another `name:`", d.Name)
	}
	// Without a version of its own a definition is known by its text, so that two texts never share one version.
	d.Version = get("version")
	if d.Version == "" {
		sum := sha256.Sum256(data)
		d.Version = hex.EncodeToString(sum[:4])
	}
	if !nameForm.MatchString(d.Version) {
		return fail(1, "version %q wants lower-case letters, digits, dots, dashes and underscores", d.Version)
	}
	return nil
}

func lastPathPart(file string) string {
	if i := strings.LastIndexAny(file, `/\`); i >= 0 {
		return file[i+1:]
	}
	return file
}

func (d *Definition) apply(values []value, sources *yaml.Node, fail failer) error {
	cite, err := citations(sources, fail)
	if err != nil {
		return err
	}
	all := settings()
	set := map[string]bool{}
	for _, v := range values {
		i := indexOf(all, v.path)
		if i < 0 {
			return unknown(v.key, v.path, fail)
		}
		if err := all[i].set(d, v.node); err != nil {
			return fail(v.key.Line, "%s: %s", v.path, err)
		}
		set[v.path] = true
	}
	before := map[string]Key{}
	for _, k := range d.Keys {
		before[k.Path] = k
	}
	d.Keys = nil
	for _, s := range all {
		k := before[s.path]
		if set[s.path] {
			k = Key{Path: s.path, From: d.Name}
		}
		if k.From == "" {
			continue
		}
		if c, ok := cite[s.path]; ok {
			k.Source = c
		}
		k.Value = s.get(d)
		d.Keys = append(d.Keys, k)
	}
	return nil
}

func citations(n *yaml.Node, fail failer) (map[string]string, error) {
	out := map[string]string{}
	if n == nil {
		return out, nil
	}
	if n.Kind != yaml.MappingNode {
		return nil, fail(n.Line, "sources wants keys of rules and where each comes from")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if indexOf(settings(), k.Value) < 0 {
			return nil, unknown(k, k.Value, fail)
		}
		out[k.Value] = n.Content[i+1].Value
	}
	return out, nil
}

func indexOf(all []setting, path string) int {
	for i, s := range all {
		if s.path == path {
			return i
		}
	}
	return -1
}

// missing lists keys that neither the definition nor what it extends has set.
func (d *Definition) missing() []string {
	var out []string
	have := map[string]bool{}
	for _, k := range d.Keys {
		have[k.Path] = true
	}
	for _, s := range settings() {
		if !have[s.path] {
			out = append(out, s.path)
		}
	}
	return out
}

// Meaning is the one-line meaning of every key, for people who write a definition.
func Meaning(path string) string {
	all := settings()
	if i := indexOf(all, path); i >= 0 {
		return all[i].doc
	}
	return ""
}
