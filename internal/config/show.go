package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Write writes a configuration as a file that reads back as the same, each key with its meaning and where its value was set.
func (c *Config) Write(w io.Writer) error {
	var b strings.Builder
	section := ""
	for _, k := range Keys() {
		name := k.Name
		if s, rest, ok := strings.Cut(k.Name, "."); ok {
			if s != section {
				section = s
				fmt.Fprintf(&b, "[%s]\n\n", s)
			}
			name = rest
		}
		fmt.Fprintf(&b, "# %s\n# %s", k.Meaning, k.Env)
		if from := c.From(k.Name); from != "" && from != FromDefault && from != k.Env {
			fmt.Fprintf(&b, "; set by %s", from)
		} else if from == k.Env {
			b.WriteString("; set by the environment")
		}
		fmt.Fprintf(&b, "\n%s = %s\n\n", name, k.toml(c))
	}
	for _, id := range sortedBots(c.Bots) {
		fmt.Fprintf(&b, "[bots.%s]\n", quote(id))
		bot := c.Bots[id]
		for _, kv := range [][2]string{{"name", bot.Name}, {"zone", bot.Zone}, {"definition", bot.Definition}} {
			if kv[1] != "" {
				fmt.Fprintf(&b, "%s = %s\n", kv[0], quote(kv[1]))
			}
		}
		b.WriteByte('\n')
	}
	if _, err := io.WriteString(w, strings.TrimSuffix(b.String(), "\n")); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}

func (k Key) toml(c *Config) string {
	if k.raw {
		return k.get(c)
	}
	return quote(k.get(c))
}

// quote is a basic string of TOML. Go's escapes that TOML lacks are those of controls.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			b.WriteString(`\u` + fmt.Sprintf("%04x", r))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Document writes docs/configuration.md's table of keys.
func Document() string {
	var b strings.Builder
	b.WriteString("| key | variable | default | meaning |\n|---|---|---|---|\n")
	for _, k := range Keys() {
		def := "empty"
		if k.Default != "" {
			def = "`" + k.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", k.Name, k.Env, def, k.Meaning)
	}
	for _, k := range BotKeys() {
		fmt.Fprintf(&b, "| `bots.%s.%s` | | empty | %s |\n", strconv.Quote("ID"), k.Name, k.Meaning)
	}
	return b.String()
}
