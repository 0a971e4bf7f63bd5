package definition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/errs"
)

// What is written out whole reads back as the same rules, under the same name and version.
func TestSourceReadsBack(t *testing.T) {
	own, err := Parse("ours.yaml", []byte("extends: studio-2026\ndescription: 'with: a \"colon\"'\ntopics:\n  system: ['a, b', \"it's\", '#x', Grüße]\nsession:\n  idle_timeout: 1h5m\n"))
	if err != nil {
		t.Fatal(err)
	}
	all := []*Definition{own}
	for _, name := range Presets() {
		d, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	for _, d := range all {
		t.Run(d.Name, func(t *testing.T) {
			for name, read := range map[string]func() (*Definition, error){
				"stored": func() (*Definition, error) { return ParseStored(d.Name, d.Source()) },
				"given":  func() (*Definition, error) { return ParseSource(d.Source()) },
			} {
				got, err := read()
				if err != nil {
					t.Fatalf("%s: %v\n%s", name, err, d.Source())
				}
				if got.ID() != d.ID() || got.Fingerprint() != d.Fingerprint() || got.Hypothesis != d.Hypothesis || got.Description != d.Description {
					t.Errorf("%s: %s %s, want %s %s", name, got.ID(), got.Fingerprint(), d.ID(), d.Fingerprint())
				}
				if diff := cmp.Diff(d.Topics.System, got.Topics.System); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
				for i := range d.Keys {
					if d.Keys[i].Path != got.Keys[i].Path || d.Keys[i].Value != got.Keys[i].Value || d.Keys[i].Source != got.Keys[i].Source {
						t.Errorf("%s: key %+v, want %+v", name, got.Keys[i], d.Keys[i])
					}
				}
			}
		})
	}
}

// Every key is part of the fingerprint, the name is not.
func TestFingerprint(t *testing.T) {
	parse := func(text string) *Definition {
		t.Helper()
		d, err := Parse("ours.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	same, platform := parse("extends: platform\nname: other\n"), parse("extends: platform\n")
	if same.Fingerprint() != platform.Fingerprint() {
		t.Error("a name changes the fingerprint")
	}
	other := parse("extends: platform\nsession:\n  idle_timeout: 31m\n")
	if other.Fingerprint() == platform.Fingerprint() {
		t.Error("a rule does not change the fingerprint")
	}
}

func TestParseSourceRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no name":                    "extends: platform\n",
		"a preset with other rules":  "name: platform\nextends: guidance-2023\nsession:\n  idle_timeout: 31m\n",
		"a misspelt key":             "name: ours\nextends: platform\nsesion:\n  idle_timeout: 31m\n",
		"nothing":                    "",
		"a list instead of settings": "- a\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseSource(text); errs.CodeOf(err) != errs.Invalid || strings.Contains(err.Error(), "%!") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestParseCatalogue(t *testing.T) {
	c, err := ParseCatalogue([]byte("topics:\n- {schema: cr1.topic.A, kind: custom}\nbots:\n- {id: B1, schema: cr1_shop, name: Shop}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if b, ok := c.Bot("CR1_SHOP"); !ok || b.ID != "b1" || c.Version == "" {
		t.Errorf("%+v %v %q", b, ok, c.Version)
	}
	if _, err := ParseCatalogue([]byte("topics: []\n")); errs.CodeOf(err) != errs.Invalid {
		t.Error(err)
	}
}
