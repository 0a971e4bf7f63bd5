package definition

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"

	"rapport/internal/activity"
	"rapport/internal/errs"
)

// Topic is what the catalogue knows of one topic.
type Topic struct {
	ID     string // botcomponent id
	Schema string // schema name
	Name   string // title
	Kind   activity.TopicKind
	Role   Role
}

// Catalogue says which topics are the author's, what they are called, and what bots are called. Read-only once loaded; a nil
// catalogue knows nothing.
type Catalogue struct {
	// Version is a hash of what was loaded, "" for nothing.
	Version string
	topics  map[string]Topic
	bots    map[string]activity.Bot
}

// Topic finds a topic by id or schema name.
func (c *Catalogue) Topic(id string) (Topic, bool) {
	if c == nil || id == "" {
		return Topic{}, false
	}
	t, ok := c.topics[strings.ToLower(id)]
	return t, ok
}

// Bot finds a bot by lookup id or schema name.
func (c *Catalogue) Bot(key string) (activity.Bot, bool) {
	if c == nil || key == "" {
		return activity.Bot{}, false
	}
	b, ok := c.bots[strings.ToLower(key)]
	return b, ok
}

// LoadCatalogue reads catalogue files: a Dataverse export of `botcomponent` or `bot` rows (OData object or array), or the small
// YAML of docs/definitions.md. Later files add to and override earlier ones. Errors have code Invalid or NotFound.
func LoadCatalogue(files ...string) (*Catalogue, error) {
	c := &Catalogue{topics: map[string]Topic{}, bots: map[string]activity.Bot{}}
	sum := sha256.New()
	for _, f := range files {
		data, err := readFile(f)
		if err != nil {
			return nil, errs.Wrap(err, errs.NotFound, "--catalogue wants a botcomponent or bot export, or a YAML file of topics", "read catalogue %q", f)
		}
		if err := c.add(data); err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "--catalogue wants a botcomponent or bot export, or a YAML file of topics and bots", "read catalogue %q", f)
		}
		sum.Write(data)
	}
	if len(files) > 0 {
		c.Version = hex.EncodeToString(sum.Sum(nil)[:4])
	}
	return c, nil
}

// ParseCatalogue reads one catalogue that is no file, in any form that LoadCatalogue reads. Errors have code Invalid.
func ParseCatalogue(data []byte) (*Catalogue, error) {
	c := &Catalogue{topics: map[string]Topic{}, bots: map[string]activity.Bot{}}
	if err := c.add(data); err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "a catalogue is a botcomponent or bot export, or a YAML file of topics and bots", "read catalogue")
	}
	sum := sha256.Sum256(data)
	c.Version = hex.EncodeToString(sum[:4])
	return c, nil
}

func (c *Catalogue) add(data []byte) error {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) > 0 && (trimmed[0] == '[' || trimmed[0] == '{') {
		return c.addExport(trimmed)
	}
	return c.addYAML(data)
}

// component is a row of botcomponent or bot; every export spells the keys in lower case.
type component struct {
	BotComponentID string `json:"botcomponentid"`
	BotID          string `json:"botid"`
	Name           string `json:"name"`
	SchemaName     string `json:"schemaname"`
	ComponentType  *int   `json:"componenttype"`
	Data           string `json:"data"`
	Content        string `json:"content"`
}

// Component types of topics (spec.md §4.1).
const (
	classicTopic = 0
	topicV2      = 9
)

func (c *Catalogue) addExport(data []byte) error {
	var page struct {
		Value []component `json:"value"`
	}
	rows := &page.Value
	var err error
	if data[0] == '[' {
		err = json.Unmarshal(data, rows)
	} else {
		err = json.Unmarshal(data, &page)
	}
	if err != nil {
		return err
	}
	found := 0
	for _, r := range *rows {
		switch {
		case r.BotComponentID != "":
			found++
			if r.ComponentType != nil && *r.ComponentType != topicV2 && *r.ComponentType != classicTopic {
				continue
			}
			t := Topic{ID: r.BotComponentID, Schema: r.SchemaName, Name: r.Name}
			t.Kind, t.Role = fromTrigger(r.Data)
			if t.Kind == activity.KindUnknown {
				t.Kind, t.Role = fromTrigger(r.Content)
			}
			c.put(t)
		case r.BotID != "":
			found++
			c.putBot(activity.Bot{ID: strings.ToLower(r.BotID), Schema: r.SchemaName, Name: r.Name})
		}
	}
	if found == 0 {
		return fmt.Errorf("none of its %d rows has a botcomponentid or a botid", len(*rows))
	}
	return nil
}

// fromTrigger reads kind and role off a topic's trigger (spec.md §1.5).
func fromTrigger(data string) (activity.TopicKind, Role) {
	if data == "" {
		return activity.KindUnknown, RoleNone
	}
	var topic struct {
		BeginDialog struct {
			Kind string `yaml:"kind"`
		} `yaml:"beginDialog"`
	}
	// A component that is not a topic in YAML (an image, classic JSON) has no trigger to tell: that is no error.
	if yaml.Unmarshal([]byte(data), &topic) != nil {
		return activity.KindUnknown, RoleNone
	}
	switch topic.BeginDialog.Kind {
	case "":
		return activity.KindUnknown, RoleNone
	case "OnEscalate":
		return activity.KindSystem, RoleEscalate
	case "OnSystemRedirect", "OnConversationStart", "OnSelectIntent", "OnError", "OnSignIn", "OnUnknownIntent":
		return activity.KindSystem, RoleNone // which of them it is, its name says
	case "OnInactivity":
		return activity.KindCustom, RoleInactivity
	default:
		return activity.KindCustom, RoleNone
	}
}

// put adds a topic; of one that is known by either key it changes what is said of it.
func (c *Catalogue) put(t Topic) {
	for _, key := range []string{t.ID, t.Schema} {
		if old, ok := c.Topic(key); ok {
			t = Topic{
				ID: cmp.Or(t.ID, old.ID), Schema: cmp.Or(t.Schema, old.Schema), Name: cmp.Or(t.Name, old.Name),
				Kind: cmp.Or(t.Kind, old.Kind), Role: cmp.Or(t.Role, old.Role),
			}
		}
	}
	for _, key := range []string{t.ID, t.Schema} {
		if key != "" {
			c.topics[strings.ToLower(key)] = t
		}
	}
}

func (c *Catalogue) putBot(b activity.Bot) {
	for _, key := range []string{b.ID, b.Schema} {
		if old, ok := c.Bot(key); ok {
			b = activity.Bot{ID: cmp.Or(b.ID, old.ID), Schema: cmp.Or(b.Schema, old.Schema), Name: cmp.Or(b.Name, old.Name)}
		}
	}
	for _, key := range []string{b.ID, b.Schema} {
		if key != "" {
			c.bots[strings.ToLower(key)] = b
		}
	}
}

func (c *Catalogue) addYAML(data []byte) error {
	var file struct {
		Topics []struct {
			ID     string `yaml:"id"`
			Schema string `yaml:"schema"`
			Name   string `yaml:"name"`
			Kind   string `yaml:"kind"`
			Role   string `yaml:"role"`
		} `yaml:"topics"`
		Bots []struct {
			ID     string `yaml:"id"`
			Schema string `yaml:"schema"`
			Name   string `yaml:"name"`
		} `yaml:"bots"`
	}
	root, err := document(data)
	if err != nil {
		return err
	}
	if err := knownKeys(root, map[string][]string{"topics": {"id", "schema", "name", "kind", "role"}, "bots": {"id", "schema", "name"}}); err != nil {
		return err
	}
	if err := root.Decode(&file); err != nil {
		return err
	}
	if len(file.Topics)+len(file.Bots) == 0 {
		return fmt.Errorf("it has neither topics nor bots")
	}
	for i, t := range file.Topics {
		if t.ID == "" && t.Schema == "" {
			return fmt.Errorf("topic %d (%q) has neither id nor schema", i+1, t.Name)
		}
		topic := Topic{ID: t.ID, Schema: t.Schema, Name: t.Name, Role: Role(t.Role)}
		switch t.Kind {
		case "":
		case "custom":
			topic.Kind = activity.KindCustom
		case "system":
			topic.Kind = activity.KindSystem
		default:
			return fmt.Errorf("topic %d: kind %q is neither custom nor system", i+1, t.Kind)
		}
		if t.Role != "" && !slices.Contains(roleWords(), t.Role) {
			return fmt.Errorf("topic %d: role %q is unknown, did you mean %q?", i+1, t.Role, nearest(t.Role, roleWords()))
		}
		c.put(topic)
	}
	for i, b := range file.Bots {
		if b.ID == "" && b.Schema == "" {
			return fmt.Errorf("bot %d (%q) has neither id nor schema", i+1, b.Name)
		}
		c.putBot(activity.Bot{ID: strings.ToLower(b.ID), Schema: b.Schema, Name: b.Name})
	}
	return nil
}

// knownKeys refuses a misspelt key, in the file or in an item of one of its lists, and names the nearest.
func knownKeys(root *yaml.Node, lists map[string][]string) error {
	check := func(n *yaml.Node, known []string) error {
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if key := n.Content[i]; !slices.Contains(known, key.Value) {
				return fmt.Errorf("line %d: unknown key %q, did you mean %q?", key.Line, key.Value, nearest(key.Value, known))
			}
		}
		return nil
	}
	if err := check(root, slices.Sorted(maps.Keys(lists))); err != nil || root.Kind != yaml.MappingNode {
		return err
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		for _, item := range root.Content[i+1].Content {
			if err := check(item, lists[root.Content[i].Value]); err != nil {
				return err
			}
		}
	}
	return nil
}

func roleWords() []string {
	out := []string{
		string(RoleEscalate), string(RoleEndOfConversation), string(RoleConfirmedSuccess), string(RoleConfirmedFailure),
		string(RoleFallback), string(RoleBoosting), string(RoleInactivity), string(RoleClosing),
	}
	sort.Strings(out)
	return out
}
