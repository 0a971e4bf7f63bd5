package config

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/agnivade/levenshtein"

	"rapport/internal/errs"
)

// parse reads the text of a file over what is set already.
func (c *Config) parse(file, text string) error {
	var tree map[string]any
	meta, err := toml.Decode(text, &tree)
	if err != nil {
		line, message := 1, err.Error()
		var parse toml.ParseError
		if errors.As(err, &parse) {
			line, message = parse.Position.Line, parse.Message
		}
		return errs.New(errs.Invalid, "the file is TOML; docs/configuration.md has an example", "configuration %s, line %d: %s", file, line, message)
	}
	for _, key := range meta.Keys() {
		if err := c.one(place{file, text, key}, tree, meta.Type(key...)); err != nil {
			return err
		}
	}
	return nil
}

// place is a key in a file.
type place struct {
	file, text string
	key        toml.Key
}

// String is "configuration FILE, line N".
func (p place) String() string {
	return fmt.Sprintf("configuration %s, line %d", p.file, lineOf(p.text, p.key))
}

func (c *Config) one(at place, tree map[string]any, kind string) error {
	key := at.key
	switch {
	case key[0] == "bots":
		return c.bot(at, tree)
	case kind == "Hash" && len(key) == 1 && key[0] == "limits":
		return nil
	case len(key) == 1 && key[0] == "limits":
		return errs.New(errs.Invalid, "write [limits] and its keys below it", "%s: limits wants keys below it", at)
	}
	name := strings.Join(key, ".")
	i := slices.IndexFunc(Keys(), func(k Key) bool { return k.Name == name })
	if i < 0 {
		return at.unknown(name, append(names(), "bots", "limits"))
	}
	value := valueAt(tree, key)
	if _, quoted := value.(string); quoted == Keys()[i].raw || kind == "Hash" || kind == "Array" {
		return errs.New(errs.Invalid, Keys()[i].Meaning, "%s: %s wants %s", at, name, wanted(Keys()[i].raw))
	}
	return c.Set(name, fmt.Sprint(value), at.String())
}

func wanted(number bool) string {
	if number {
		return "a whole number without quotes"
	}
	return "text in quotes"
}

// bot reads one key of [bots."ID"].
func (c *Config) bot(at place, tree map[string]any) error {
	if len(at.key) < 3 {
		if _, ok := valueAt(tree, at.key).(map[string]any); !ok {
			return errs.New(errs.Invalid, "write [bots.\"ID\"] and the bot's keys below it", "%s: %s wants keys below it", at, at.key)
		}
		return nil
	}
	id, key := at.key[1], strings.Join(at.key[2:], ".")
	value, isText := valueAt(tree, at.key).(string)
	b := c.Bots[id]
	field := map[string]*string{"name": &b.Name, "zone": &b.Zone, "definition": &b.Definition}[key]
	switch {
	case field == nil:
		return at.unknown(key, []string{"name", "zone", "definition"})
	case !isText:
		return errs.New(errs.Invalid, "", "%s: %s wants %s", at, at.key, wanted(false))
	}
	*field = value
	if c.Bots == nil {
		c.Bots = map[string]Bot{}
	}
	c.Bots[id] = b
	c.from[fmt.Sprintf("bots.%q.%s", id, key)] = at.String()
	return nil
}

func (p place) unknown(name string, candidates []string) error {
	return errs.New(errs.Invalid, "docs/configuration.md lists every key", "%s: unknown key %q, did you mean %q?", p, clip(name), nearest(name, candidates))
}

func nearest(word string, among []string) string {
	best, least := "", 1<<30
	for _, c := range among {
		if d := levenshtein.ComputeDistance(clip(strings.ToLower(word)), c); d < least {
			best, least = c, d
		}
	}
	return best
}

func valueAt(tree map[string]any, key toml.Key) any {
	var at any = tree
	for _, part := range key {
		table, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = table[part]
	}
	return at
}

var (
	tableLine = regexp.MustCompile(`^\s*\[+\s*([^\]]+?)\s*\]+`)
	keyLine   = regexp.MustCompile(`^\s*([A-Za-z0-9_."' -]+?)\s*=`)
)

// lineOf finds the line on which a key is written, which the parser does not tell; 1 where it is written in another way.
func lineOf(text string, key toml.Key) int {
	table := ""
	want := strings.Join(key, ".")
	for i, line := range strings.Split(text, "\n") {
		if m := tableLine.FindStringSubmatch(line); m != nil {
			table = bare(m[1])
			if table == want {
				return i + 1
			}
			table += "."
			continue
		}
		if m := keyLine.FindStringSubmatch(line); m != nil {
			// An inline table is written on the line of what it belongs to.
			if full := table + bare(m[1]); full == want || strings.HasPrefix(want, full+".") {
				return i + 1
			}
		}
	}
	return 1
}

var quotes = strings.NewReplacer(`"`, "", `'`, "", " ", "")

func bare(key string) string { return quotes.Replace(key) }
