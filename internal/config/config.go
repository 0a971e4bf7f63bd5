// Package config is what a server is told: one struct, from flags over environment over one TOML file over defaults, by the same names
// everywhere. docs/configuration.md is made of it.
package config

import (
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/internal/errs"
)

// Config is everything that a server can be told. Its fields are the keys of Keys.
type Config struct {
	Data        string // folder of the data set
	Listen      string // host:port
	Zone        string // IANA name
	Definition  string
	TempDir     string // "" means a folder in Data
	MemoryLimit string // of the store, e.g. 4GB; "" leaves it to the store
	Threads     int    // of the store; 0 means as many as there are processors
	LogFormat   string // text, json, or "" for text on a terminal and json elsewhere
	Bots        map[string]Bot
	Limits      Limits

	// from says of each key where its value was set, for `config show`.
	from map[string]string
}

// Bot is what one bot, named by its id or schema name, has for itself. "" leaves what holds for all.
type Bot struct {
	Name       string
	Zone       string
	Definition string
}

// Limits keep a server on its feet.
type Limits struct {
	Queries      int           // questions answered at once; 0 means as many as there are processors
	Queue        int           // questions that wait; more are refused
	QueueWait    time.Duration // for how long
	QueryTimeout time.Duration // of one request that asks
	Exports      int           // exports at once
	Uploads      int           // uploads at once
	UploadBytes  int64         // of one upload
}

// The forms of logs.
const (
	LogText = "text"
	LogJSON = "json"
)

// FromDefault is where a value comes from that nobody set.
const FromDefault = "default"

// Load reads a file ("" for none) and the environment over the defaults, and validates the whole. Errors have code Invalid, or NotFound for
// a file that is not there, and name the key and where it was set.
func Load(file string, env func(string) string) (Config, error) {
	c := Config{from: map[string]string{}}
	for _, k := range Keys() {
		if err := c.Set(k.Name, k.Default, FromDefault); err != nil {
			return Config{}, err
		}
	}
	if file != "" {
		text, err := readFile(file)
		if err != nil {
			return Config{}, err
		}
		if err := c.parse(file, text); err != nil {
			return Config{}, err
		}
	}
	for _, k := range Keys() {
		if v := env(k.Env); v != "" {
			if err := c.Set(k.Name, v, k.Env); err != nil {
				return Config{}, err
			}
		}
	}
	return c, c.Validate()
}

// mostBytes bounds a file; nothing sensible comes near it.
const mostBytes = 1 << 20

func readFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", errs.Wrap(err, errs.NotFound, "name a TOML file; docs/configuration.md has an example", "open configuration %q", name)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	switch {
	case err != nil:
		return "", errs.Wrap(err, errs.Input, "", "read configuration %q", name)
	case len(text) > mostBytes:
		return "", errs.New(errs.Invalid, "is it the right file?", "configuration %q is larger than %d MiB", name, mostBytes>>20)
	}
	return string(text), nil
}

// Set gives a key a value as it would be written in the environment, and remembers where it came from: a variable, "--listen", a file
// and line. Errors have code Invalid.
func (c *Config) Set(key, value, from string) error {
	all := Keys()
	i := slices.IndexFunc(all, func(k Key) bool { return k.Name == key })
	if i < 0 {
		return errs.New(errs.Invalid, "`rapport config show` lists every key", "%s: unknown key %q, did you mean %q?", from, key, nearest(key, names()))
	}
	if err := all[i].set(c, value); err != nil {
		return errs.New(errs.Invalid, all[i].Meaning, "%s: %s %s, and not %q", from, key, err, clip(value))
	}
	if c.from == nil {
		c.from = map[string]string{}
	}
	c.from[key] = from
	return nil
}

// From says where the value of a key was set.
func (c *Config) From(key string) string { return c.from[key] }

// MemoryBytes is MemoryLimit in bytes; 0 where it is empty.
func (c *Config) MemoryBytes() int64 {
	m := sizeForm.FindStringSubmatch(c.MemoryLimit)
	if m == nil || m[1] == "" {
		return 0
	}
	size, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0
	}
	step := 1000.0
	if m[3] != "" {
		step = 1024
	}
	return int64(size * math.Pow(step, float64(strings.Index("KMGT", m[2])+1)))
}

// Location is the default zone.
func (c *Config) Location() *time.Location { return location(c.Zone) }

// Location is the bot's zone, nil when it has none of its own.
func (b Bot) Location() *time.Location {
	if b.Zone == "" {
		return nil
	}
	return location(b.Zone)
}

// location is of a zone that was validated.
func location(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Validate checks what values say together and one by one. Errors have code Invalid and name the key.
func (c *Config) Validate() error {
	fault := func(key, hint, format string, args ...any) error {
		return errs.New(errs.Invalid, hint, "%s: %s %s", c.origin(key), key, fmt.Sprintf(format, args...))
	}
	if c.Data == "" {
		return fault("data", "name a folder", "is empty")
	}
	if err := Loopback(c.Listen); err != nil {
		return errs.Wrap(err, errs.Invalid, errs.HintOf(err), "%s: listen", c.origin("listen"))
	}
	if err := checkZone(c.Zone); err != nil {
		return fault("zone", zoneHint, "%s", err)
	}
	if c.Definition == "" {
		return fault("definition", "`rapport definitions list` shows what there is", "is empty")
	}
	if c.TempDir != "" {
		if info, err := os.Stat(c.TempDir); err != nil || !info.IsDir() {
			return fault("temp_dir", "name a folder that exists", "%q is no folder", clip(c.TempDir))
		}
	}
	for _, id := range sortedBots(c.Bots) {
		b := c.Bots[id]
		if b.Zone == "" {
			continue
		}
		if err := checkZone(b.Zone); err != nil {
			return fault(fmt.Sprintf("bots.%q.zone", id), zoneHint, "%s", err)
		}
	}
	return nil
}

// origin is where a key was set, for an error.
func (c *Config) origin(key string) string {
	if from := c.from[key]; from != "" {
		return from
	}
	return "configuration"
}

const zoneHint = "use an IANA name such as Europe/Berlin or America/New_York"

func checkZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" { // the machine's own zone has no name
		return fmt.Errorf("%q is no time zone", clip(name))
	}
	return nil
}

// Loopback refuses an address that others could reach, until there is a login. Errors have code Invalid.
func Loopback(listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if number, name := strconv.Atoi(port); err != nil || port == "" || (name == nil && (number < 0 || number > math.MaxUint16)) {
		return errs.New(errs.Invalid, "write host and port: "+DefaultListen, "%q is no address", clip(listen))
	}
	if ip := net.ParseIP(host); strings.EqualFold(host, "localhost") || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return errs.New(errs.Invalid, "listen on "+DefaultListen+", and put a proxy that asks who is there in front of it",
		"%q can be reached by others, and there is no login yet: whoever gets there reads every conversation", clip(listen))
}

func clip(s string) string {
	if r := []rune(s); len(r) > 100 {
		return string(r[:100]) + "…"
	}
	return s
}

func sortedBots(bots map[string]Bot) []string {
	ids := make([]string, 0, len(bots))
	for id := range bots {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
