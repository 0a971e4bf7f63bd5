package config

import (
	"errors"
	"regexp"
	"strconv"
	"time"

	"rapport/internal/definition"
)

// Key is one thing that can be set.
type Key struct {
	Name    string // in the file, dotted: limits.queries
	Env     string // in the environment
	Default string // as it would be written in the environment
	Meaning string // one sentence for people

	get func(*Config) string
	set func(*Config, string) error
	raw bool // a number or bool in TOML, not a string
}

// Get is the value in a configuration, as it would be written in the environment.
func (k Key) Get(c *Config) string { return k.get(c) }

// DefaultListen is where a server listens unless it is told otherwise.
const DefaultListen = "127.0.0.1:8080"

// Keys are all keys that stand alone, in the order of docs/configuration.md. The keys of bots are those of BotKeys.
func Keys() []Key {
	return []Key{
		text("data", "rapport-data", "Folder that holds the data set; it is made when it is not there.", func(c *Config) *string { return &c.Data }),
		text("listen", DefaultListen, "Address to listen on. Only this machine's own (loopback) until there is a login.", func(c *Config) *string { return &c.Listen }),
		text("zone", "UTC", "Time zone of days and weeks where a question names none: an IANA name.", func(c *Config) *string { return &c.Zone }),
		text("definition", definition.Default, "Definition to answer by where a question names none. It has to be in force.", func(c *Config) *string { return &c.Definition }),
		text("temp_dir", "", "Folder for what an import cannot hold in memory; empty means one inside the data folder.", func(c *Config) *string { return &c.TempDir }),
		form("memory_limit", "", "Most memory that the store uses, e.g. 4GB; empty leaves it to the store.", sizeForm,
			"wants a size such as 512MB or 4GB", func(c *Config) *string { return &c.MemoryLimit }),
		number("threads", 0, 0, 1024, "Processors that the store uses; 0 means all.", func(c *Config) *int { return &c.Threads }),
		form("log_format", "", "Form of the log: text or json; empty means text on a terminal and json elsewhere.", regexp.MustCompile(`^(text|json|)$`),
			"is text, json or empty", func(c *Config) *string { return &c.LogFormat }),

		number("limits.queries", 0, 0, 10_000, "Questions that are answered at once; 0 means as many as there are processors.", func(c *Config) *int { return &c.Limits.Queries }),
		number("limits.queue", 64, 0, 100_000, "Questions that wait for their turn; more are refused with status 429.", func(c *Config) *int { return &c.Limits.Queue }),
		span("limits.queue_wait", 5*time.Second, "How long a question waits for its turn before it is refused.", func(c *Config) *time.Duration { return &c.Limits.QueueWait }),
		span("limits.query_timeout", 30*time.Second, "How long an answer may take before it is given up with status 504.", func(c *Config) *time.Duration { return &c.Limits.QueryTimeout }),
		number("limits.exports", 2, 1, 1000, "Exports that run at once; more are refused with status 429.", func(c *Config) *int { return &c.Limits.Exports }),
		number("limits.uploads", 2, 1, 1000, "Uploads that run at once; more are refused with status 429.", func(c *Config) *int { return &c.Limits.Uploads }),
		number("limits.upload_bytes", int64(4<<30), 1, 1<<50, "Size of one upload, as it is sent; larger ones are refused with status 413.", func(c *Config) *int64 { return &c.Limits.UploadBytes }),
	}
}

// BotKeys are the keys below [bots."ID"], which only the file has.
func BotKeys() []Key {
	return []Key{
		{Name: "name", Meaning: "What people call the bot."},
		{Name: "zone", Meaning: "Time zone of questions about this bot alone."},
		{Name: "definition", Meaning: "Definition of questions about this bot alone."},
	}
}

func names() []string {
	var out []string
	for _, k := range Keys() {
		out = append(out, k.Name)
	}
	return out
}

// sizeForm is a size in powers of 1000 (GB) or of 1024 (GiB), or nothing.
var sizeForm = regexp.MustCompile(`^(?:([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([KMGT])(i?)B)?$`)

var notInName = regexp.MustCompile(`[^A-Za-z0-9]`)

// envName is the variable of a key: limits.queue is RAPPORT_LIMITS_QUEUE.
func envName(key string) string {
	out := []byte("RAPPORT_" + notInName.ReplaceAllString(key, "_"))
	for i, c := range out {
		if c >= 'a' && c <= 'z' {
			out[i] = c - 'a' + 'A'
		}
	}
	return string(out)
}

func text(name, def, meaning string, field func(*Config) *string) Key {
	return Key{
		Name: name, Env: envName(name), Default: def, Meaning: meaning,
		get: func(c *Config) string { return *field(c) },
		set: func(c *Config, v string) error { *field(c) = v; return nil },
	}
}

func form(name, def, meaning string, allowed *regexp.Regexp, wants string, field func(*Config) *string) Key {
	k := text(name, def, meaning, field)
	k.set = func(c *Config, v string) error {
		if !allowed.MatchString(v) {
			return errors.New(wants)
		}
		*field(c) = v
		return nil
	}
	return k
}

func number[N int | int64](name string, def, least, most N, meaning string, field func(*Config) *N) Key {
	return Key{
		Name: name, Env: envName(name), Default: strconv.FormatInt(int64(def), 10), Meaning: meaning, raw: true,
		get: func(c *Config) string { return strconv.FormatInt(int64(*field(c)), 10) },
		set: func(c *Config, v string) error {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil || n < int64(least) || n > int64(most) {
				return errors.New("wants a whole number from " + strconv.FormatInt(int64(least), 10) + " to " + strconv.FormatInt(int64(most), 10))
			}
			*field(c) = N(n)
			return nil
		},
	}
}

func span(name string, def time.Duration, meaning string, field func(*Config) *time.Duration) Key {
	return Key{
		Name: name, Env: envName(name), Default: def.String(), Meaning: meaning,
		get: func(c *Config) string { return field(c).String() },
		set: func(c *Config, v string) error {
			d, err := time.ParseDuration(v)
			if err != nil || d < time.Millisecond || d > 24*time.Hour {
				return errors.New("wants a time from 1ms to 24h such as 30s")
			}
			*field(c) = d
			return nil
		},
	}
}
