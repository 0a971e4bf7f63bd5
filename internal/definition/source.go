package definition

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport/internal/errs"
)

// Fingerprint is of the rules in force, whatever the definition is called: two definitions with one fingerprint derive the same.
func (d *Definition) Fingerprint() string {
	var b []byte
	for _, k := range d.Keys {
		for _, part := range [...]string{k.Path, k.Value} {
			b = binary.AppendUvarint(b, uint64(len(part)))
			b = append(b, part...)
		}
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Source writes the definition out whole, as YAML that ParseSource reads as the same rules, name and version. Every key is there, so that
// it means the same whatever becomes of the preset that it extends; from that one it takes only keys that later versions may add.
func (d *Definition) Source() string {
	var out strings.Builder
	fmt.Fprintf(&out, "name: %s\nversion: %s\n", strconv.Quote(d.Name), strconv.Quote(d.Version))
	switch {
	case d.Extends != "":
		fmt.Fprintf(&out, "extends: %s\n", strconv.Quote(d.Extends))
	case d.Name != Default:
		fmt.Fprintf(&out, "extends: %s\n", Default)
	}
	if d.Description != "" {
		fmt.Fprintf(&out, "description: %s\n", strconv.Quote(d.Description))
	}
	if d.Hypothesis {
		out.WriteString("hypothesis: true\n")
	}
	section := ""
	for _, k := range d.Keys {
		of, key, _ := strings.Cut(k.Path, ".")
		if of != section {
			section = of
			fmt.Fprintf(&out, "\n%s:\n", section)
		}
		fmt.Fprintf(&out, "  %s: %s\n", key, yamlValue(k))
	}
	sources := "\nsources:\n"
	for _, k := range d.Keys {
		if k.Source != "" {
			fmt.Fprintf(&out, "%s  %s: %s\n", sources, k.Path, strconv.Quote(k.Source))
			sources = ""
		}
	}
	return out.String()
}

// yamlValue: topics and what ends in _by are lists, the rest are words.
func yamlValue(k Key) string {
	if strings.HasPrefix(k.Path, "topics.") || strings.HasSuffix(k.Path, "_by") {
		return "[" + k.Value + "]"
	}
	return k.Value
}

// ParseSource reads a definition that is no file: it says its own name, and may be a preset as long as it has that preset's rules.
// Errors have code Invalid and a hint.
func ParseSource(source string) (*Definition, error) {
	name := ""
	if root, err := document([]byte(source)); err == nil {
		for i := 0; i+1 < len(root.Content); i += 2 {
			if root.Content[i].Value == "name" {
				name = root.Content[i+1].Value
			}
		}
		if name == "" {
			return nil, errs.New(errs.Invalid, "begin it with `name: ours`", "the definition has no `name:`")
		}
	}
	d, err := parse(name, []byte(source), nil)
	if err != nil || !slices.Contains(Presets(), d.Name) {
		return d, err
	}
	preset, err := Load(d.Name)
	if err != nil {
		return nil, err
	}
	if preset.Fingerprint() != d.Fingerprint() {
		return nil, errs.New(errs.Invalid, "give yours another `name:`", "%q is the name of a preset, which has other rules", d.Name)
	}
	return preset, nil
}

// ParseStored reads what Source wrote, however long ago.
func ParseStored(name, source string) (*Definition, error) { return parse(name, []byte(source), nil) }
