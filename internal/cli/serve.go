package cli

import (
	"bufio"
	"context"
	"os"
	"strconv"

	"rapport/internal/config"
	"rapport/internal/server"
)

type serveCmd struct {
	Config      string `help:"Read this TOML file (docs/configuration.md)." placeholder:"FILE" env:"RAPPORT_CONFIG" group:"input"`
	Data        string `help:"Folder of the data set, made when it is not there; default $RAPPORT_DATA." placeholder:"DIR" group:"input"`
	Listen      string `help:"Address; this machine's own alone, until there is a login." placeholder:"HOST:PORT" group:"input"`
	Zone        string `help:"Time zone of days where a question names none." placeholder:"ZONE" group:"input"`
	Definition  string `help:"Definition where a question names none." placeholder:"NAME" group:"input"`
	MemoryLimit string `help:"Most memory that the store uses, e.g. 4GB." placeholder:"SIZE" group:"input"`
	Threads     *int   `help:"Processors that the store uses." placeholder:"N" group:"input"`
	LogFormat   string `help:"text or json." placeholder:"FORMAT" group:"output"`
}

// Help is shown below the flags' summary.
func (*serveCmd) Help() string {
	return `The dashboard, and the API of docs/api.md, on a data set, until it is interrupted. Flags stand over the environment, that over the file.

    rapport serve --data engagement`
}

// Run implements the command.
func (c *serveCmd) Run(ctx context.Context, a *app) error {
	conf, err := config.Load(c.Config, os.Getenv)
	if err != nil {
		return err
	}
	threads := ""
	if c.Threads != nil {
		threads = strconv.Itoa(*c.Threads)
	}
	for _, flag := range []struct{ key, value, name string }{
		{"data", c.Data, "--data"},
		{"listen", c.Listen, "--listen"},
		{"zone", c.Zone, "--zone"},
		{"definition", c.Definition, "--definition"},
		{"memory_limit", c.MemoryLimit, "--memory-limit"},
		{"threads", threads, "--threads"},
		{"log_format", c.LogFormat, "--log-format"},
	} {
		if flag.value == "" {
			continue
		}
		if err := conf.Set(flag.key, flag.value, flag.name); err != nil {
			return err
		}
	}
	if err := checkFolder(conf.Data, true); err != nil {
		return err
	}
	giveRoom()
	_, terminal := terminal(a.err)
	m := server.Main{Version: version(), Out: a.err, Terminal: terminal}
	return m.Run(ctx, conf)
}

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Check a configuration file, with the environment over it."`
	Show  configShowCmd  `cmd:"" help:"Print what a server would run with, and where each value was set."`
}

type configCheckCmd struct {
	File string `arg:"" optional:"" help:"A TOML file (docs/configuration.md)." env:"RAPPORT_CONFIG"`
}

// Help is shown below the flags' summary.
func (*configCheckCmd) Help() string { return "    rapport config check rapport.toml" }

// Run implements the command.
func (c *configCheckCmd) Run(a *app) error {
	if _, err := config.Load(c.File, os.Getenv); err != nil {
		return err
	}
	_, err := a.out.Write([]byte("ok\n"))
	return err
}

type configShowCmd struct {
	File string `arg:"" optional:"" help:"A TOML file (docs/configuration.md)." env:"RAPPORT_CONFIG"`
}

// Help is shown below the flags' summary.
func (*configShowCmd) Help() string {
	return `What it prints is a configuration file itself.

    rapport config show > rapport.toml`
}

// Run implements the command.
func (c *configShowCmd) Run(a *app) error {
	conf, err := config.Load(c.File, os.Getenv)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.out)
	if err := conf.Write(out); err != nil {
		return err
	}
	return flush(out)
}
