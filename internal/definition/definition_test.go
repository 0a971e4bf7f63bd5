package definition

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/internal/activity"
	"rapport/internal/errs"
)

// TestFiles: every *.good.yaml loads with the values its first line names; every *.bad.yaml fails with the words of its first line.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(data), "\n")
			want := strings.TrimSpace(strings.TrimPrefix(first, "# expect:"))
			d, err := Parse(strings.NewReplacer(".good", "", ".bad", "").Replace(filepath.Base(file)), data)
			if strings.HasSuffix(file, ".bad.yaml") {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Fatalf("error is %v, want %q in it", err, want)
				}
				if errs.CodeOf(err) != errs.Invalid || errs.HintOf(err) == "" {
					t.Errorf("code %q, hint %q", errs.CodeOf(err), errs.HintOf(err))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]string{}
			for _, k := range d.Keys {
				have[k.Path] = k.Value
			}
			for _, pair := range strings.Split(want, " ") {
				path, value, ok := strings.Cut(pair, "=")
				if ok && !strings.HasPrefix(have[path], value) {
					t.Errorf("%s is %q, want %q", path, have[path], value)
				}
			}
		})
	}
}

// TestPresets: every preset sets or inherits every key, and every key of it cites its source.
func TestPresets(t *testing.T) {
	want := []string{"platform", "guidance-2023", "studio-2024", "studio-2026", "summary-2020", "user-replied"}
	if got := Presets(); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("presets are %v, want %v", got, want)
	}
	for _, name := range Presets() {
		d, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name != name || d.ID() != name+"@1" || d.Description == "" {
			t.Errorf("%s: name %q, id %q, description %q", name, d.Name, d.ID(), d.Description)
		}
		if len(d.Keys) != len(settings()) {
			t.Errorf("%s: %d keys, want %d", name, len(d.Keys), len(settings()))
		}
		for _, k := range d.Keys {
			if k.Source == "" {
				t.Errorf("%s: %s cites no source", name, k.Path)
			}
			if Meaning(k.Path) == "" {
				t.Errorf("%s has no meaning", k.Path)
			}
		}
		if d.Session.IdleTimeout != 30*time.Minute {
			t.Errorf("%s: idle time-out %s, want 30m (DESIGN)", name, d.Session.IdleTimeout)
		}
		if d.Hypothesis != (name == "studio-2026") {
			t.Errorf("%s: hypothesis %v", name, d.Hypothesis)
		}
	}
}

// TestSourcesAreWhole: what a preset cites reaches people as it stands in the file, "#" and all.
func TestSourcesAreWhole(t *testing.T) {
	for _, name := range Presets() {
		text, err := presets.ReadFile("presets/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		d, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		_, sources, _ := strings.Cut(string(text), "\nsources:\n")
		for _, line := range strings.Split(strings.TrimSpace(sources), "\n") {
			path, want, _ := strings.Cut(strings.TrimSpace(line), ": ")
			want = strings.Trim(want, `"`)
			if i := slices.IndexFunc(d.Keys, func(k Key) bool { return k.Path == path }); i < 0 || d.Keys[i].Source != want {
				t.Errorf("%s: the source of %s is not %q", name, path, want)
			}
		}
	}
}

// TestVersionFollowsText: a definition without a version is known by its text.
func TestVersionFollowsText(t *testing.T) {
	a, err := Parse("a.yaml", []byte("extends: platform\n"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse("a.yaml", []byte("extends: platform\nsession: {idle_timeout: 36m}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if a.ID() == b.ID() || a.Name != "a" {
		t.Errorf("ids %s and %s", a.ID(), b.ID())
	}
}

func TestLoadUnknown(t *testing.T) {
	_, err := Load("studio2024")
	if err == nil || !strings.Contains(err.Error(), `did you mean "studio-2024"?`) || errs.CodeOf(err) != errs.NotFound {
		t.Errorf("error is %v", err)
	}
	if _, err := Load("/nowhere/rules.yaml"); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("error is %v", err)
	}
}

// TestExtendingLeavesTheBaseAlone: changing a role's names in one definition must not reach the preset it extends.
func TestExtendingLeavesTheBaseAlone(t *testing.T) {
	if _, err := Parse("x.yaml", []byte("extends: guidance-2023\ntopics: {escalate: [Human]}\n")); err != nil {
		t.Fatal(err)
	}
	d, err := Load("guidance-2023")
	if err != nil {
		t.Fatal(err)
	}
	if r := d.RoleOf(nil, "Human"); r != RoleNone {
		t.Errorf("Human has role %q", r)
	}
	if r := d.RoleOf(nil, "cr1_shop.topic.Escalate"); r != RoleEscalate {
		t.Errorf("Escalate has role %q", r)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"cr1_shop.topic.EndofConversation": "EndofConversation", "cr1_shop.topic.a.b": "a.b", "Search": "Search", "a.b": "a.b", "": "",
		"cr1.shop.topic.Ask": "Ask",
	} {
		if got := Last(name); got != want {
			t.Errorf("Last(%q) is %q, want %q", name, got, want)
		}
	}
	if got := Fold("End of Conversation!"); got != "endofconversation" {
		t.Errorf("Fold is %q", got)
	}
	d, err := Load("guidance-2023")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]activity.TopicKind{
		"cr1_shop.topic.EndofConversation": activity.KindSystem, "End of Conversation": activity.KindSystem,
		"cr1_shop.topic.MultipleTopicsMatched": activity.KindSystem, "cr1_shop.topic.Signin": activity.KindSystem,
		"cr1_shop.topic.OnError": activity.KindSystem, "cr1_shop.topic.Order": activity.KindCustom,
	} {
		if got := d.KindOf(activity.KindUnknown, nil, name, name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

const components = `{"value":[
 {"botcomponentid":"11111111-aaaa-4444-8888-000000000001","schemaname":"cr1_shop.topic.Escalate","name":"Escalate","componenttype":9,"data":"kind: AdaptiveDialog\nbeginDialog:\n  kind: OnEscalate\n"},
 {"botcomponentid":"11111111-aaaa-4444-8888-000000000002","schemaname":"cr1_shop.topic.Order","name":"Order status","componenttype":9,"data":"beginDialog:\n  kind: OnRecognizedIntent\n"},
 {"botcomponentid":"11111111-aaaa-4444-8888-000000000003","schemaname":"cr1_shop.topic.Quiet","name":"Quiet","componenttype":9,"data":"beginDialog:\n  kind: OnInactivity\n"},
 {"botcomponentid":"11111111-aaaa-4444-8888-000000000004","schemaname":"cr1_shop.file.Logo","name":"Logo","componenttype":14,"data":"\u0000"}
]}`

func TestCatalogue(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	c, err := LoadCatalogue(
		write("components.json", components),
		write("bots.json", `[{"botid":"4D4799B8","name":"Test Copilot","schemaname":"cr3e5_testCopilot"}]`),
		write("own.yaml", "topics:\n  - {schema: cr1_shop.topic.Menu, kind: system, role: fallback}\nbots:\n  - {schema: cr9, name: Nine}\n"),
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []Topic{
		{"11111111-aaaa-4444-8888-000000000001", "cr1_shop.topic.Escalate", "Escalate", activity.KindSystem, RoleEscalate},
		{"11111111-aaaa-4444-8888-000000000002", "cr1_shop.topic.Order", "Order status", activity.KindCustom, RoleNone},
		{"11111111-aaaa-4444-8888-000000000003", "cr1_shop.topic.Quiet", "Quiet", activity.KindCustom, RoleInactivity},
		{"", "cr1_shop.topic.Menu", "", activity.KindSystem, RoleFallback},
	} {
		if got, ok := c.Topic(strings.ToUpper(want.Schema)); !ok || got != want {
			t.Errorf("topic is %+v, want %+v", got, want)
		}
	}
	if _, ok := c.Topic("cr1_shop.file.Logo"); ok {
		t.Error("a file is a topic")
	}
	if b, ok := c.Bot("4d4799b8"); !ok || b.Name != "Test Copilot" {
		t.Errorf("bot is %+v", b)
	}
	if c.Version == "" {
		t.Error("no version")
	}
	for name, text := range map[string]string{
		"neither.json": `[{"a":1}]`, "cut.json": `[{"botid":`, "kind.yaml": "topics: [{id: a, kind: own}]", "key.yaml": "topic: []",
		"role.yaml": "topics: [{id: a, role: escalat}]", "noid.yaml": "topics: [{name: a}]", "nobot.yaml": "bots: [{name: a}]",
		"empty.yaml": "", "nothing.yaml": "topics: []", "two.yaml": "topics: [{id: a}]\n---\nbots: [{id: b}]", "list.yaml": "- topics",
	} {
		if _, err := LoadCatalogue(write(name, text)); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	if _, err := LoadCatalogue(write("misspelt.yaml", "topics:\n  - {id: a, rol: fallback}\n")); err == nil || !strings.Contains(err.Error(), `line 2: unknown key "rol", did you mean "role"?`) {
		t.Errorf("error is %v", err)
	}
	if _, err := LoadCatalogue(filepath.Join(dir, "nowhere.json")); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("error is %v", err)
	}
	var none *Catalogue
	if _, ok := none.Topic("x"); ok {
		t.Error("no catalogue knows a topic")
	}
}

// TestCatalogueOverrides: a later file changes what it says of a topic, by whatever key it knows it, and leaves the rest.
func TestCatalogueOverrides(t *testing.T) {
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "components.json"), filepath.Join(dir, "own.yaml")}
	for i, text := range []string{components, "topics:\n  - {schema: cr1_shop.topic.Order, kind: system}\n"} {
		if err := os.WriteFile(files[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := LoadCatalogue(files...)
	if err != nil {
		t.Fatal(err)
	}
	want := Topic{"11111111-aaaa-4444-8888-000000000002", "cr1_shop.topic.Order", "Order status", activity.KindSystem, RoleNone}
	for _, key := range []string{want.ID, want.Schema} {
		if got, _ := c.Topic(key); got != want {
			t.Errorf("topic %s is %+v, want %+v", key, got, want)
		}
	}
}

// FuzzParse: no text makes the parser panic or return a definition that lacks a key.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse("fuzz.yaml", data)
		if err == nil && len(d.missing()) > 0 {
			t.Fatalf("lacks %v", d.missing())
		}
	})
}
