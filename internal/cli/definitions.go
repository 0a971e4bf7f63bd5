package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/wire"
)

type definitionsCmd struct {
	List    definitionsListCmd    `cmd:"" help:"List the definitions that come with the program."`
	Show    definitionsShowCmd    `cmd:"" help:"Print a definition, every key with its meaning and where it comes from."`
	Check   definitionsCheckCmd   `cmd:"" help:"Check definition files."`
	InForce definitionsInForceCmd `cmd:"" help:"List the definitions that a data set is derived under."`
	Apply   definitionsApplyCmd   `cmd:"" help:"Put a definition in force in a data set."`
	Drop    definitionsDropCmd    `cmd:"" help:"Take a definition out of force."`
	Diff    definitionsDiffCmd    `cmd:"" help:"Compare two definitions over all conversations of a data set."`
}

type definitionsListCmd struct{ formatFlag }

// Help is shown below the flags' summary.
func (*definitionsListCmd) Help() string { return "    rapport definitions list" }

// definitionJSON is one definition for programs (docs/cli-json.md).
type definitionJSON struct {
	Name        string    `json:"name"`
	Version     string    `json:"version"`
	Extends     *string   `json:"extends"`
	Hypothesis  bool      `json:"hypothesis"`
	Description string    `json:"description"`
	Keys        []keyJSON `json:"keys,omitempty"`
}

type keyJSON struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	From    string `json:"from"`
	Source  string `json:"source"`
	Meaning string `json:"meaning"`
}

func definitionRow(d *definition.Definition) definitionJSON {
	out := definitionJSON{Name: d.Name, Version: d.Version, Hypothesis: d.Hypothesis, Description: d.Description}
	if d.Extends != "" {
		out.Extends = &d.Extends
	}
	return out
}

// Run implements the command.
func (c *definitionsListCmd) Run(ctx context.Context, a *app) error {
	rows := &listing[definitionJSON]{
		table: newTable(column{title: "NAME"}, column{title: "VERSION"}, column{title: "EXTENDS"}, column{title: "DESCRIPTION", least: 20}),
		line: func(d *definitionJSON) []string {
			text := d.Description
			if d.Hypothesis {
				text = "(a hypothesis) " + text
			}
			return []string{d.Name, d.Version, wire.OrEmpty(d.Extends), text}
		},
		header: []string{"name", "version", "extends", "hypothesis", "description"},
		columns: func(d *definitionJSON) []string {
			return []string{d.Name, d.Version, wire.OrEmpty(d.Extends), fmt.Sprint(d.Hypothesis), d.Description}
		},
	}
	rows.open(c.Format, "")
	for i, name := range definition.Presets() {
		def, err := definition.Load(name)
		if err != nil {
			return err
		}
		row := definitionRow(def)
		if err := rows.add(rowKey{untimed: true, number: i}, &row); err != nil {
			return err
		}
	}
	return rows.write(ctx, a.out)
}

type definitionsShowCmd struct {
	Name   string `arg:"" help:"A name from definitions list, or a YAML file."`
	Format string `help:"Form of the output: ${enum}; default ${default}, which is a definition file." default:"yaml" enum:"yaml,json" placeholder:"FORMAT"`
}

// Help is shown below the flags' summary.
func (*definitionsShowCmd) Help() string {
	return `What it prints is a definition file itself: change its name and what you want to be different.

    rapport definitions show studio-2024 > ours.yaml`
}

// Run implements the command.
func (c *definitionsShowCmd) Run(a *app) error {
	def, err := definitionFlag{c.Name}.load(a)
	if err != nil {
		return err
	}
	if c.Format == "yaml" {
		return writeDefinition(a.out, def)
	}
	row := definitionRow(def)
	for _, k := range def.Keys {
		row.Keys = append(row.Keys, keyJSON{k.Path, k.Value, k.From, k.Source, definition.Meaning(k.Path)})
	}
	line, err := wire.Append(nil, row)
	if err != nil {
		return err
	}
	_, err = a.out.Write(append(line, '\n'))
	return err
}

// writeDefinition prints a definition as a file that reads back as the same rules.
func writeDefinition(w io.Writer, def *definition.Definition) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n", clean(def.ID()))
	for _, line := range wrap(clean(def.Description), 100) {
		fmt.Fprintf(out, "# %s\n", line)
	}
	fmt.Fprintf(out, "name: %s-copy\n", def.Name)
	if def.Hypothesis {
		fmt.Fprintln(out, "hypothesis: true # shaped on few records")
	}
	section := ""
	for _, k := range def.Keys {
		of, key, _ := strings.Cut(k.Path, ".")
		if of != section {
			section = of
			fmt.Fprintf(out, "\n%s:\n", section)
		}
		fmt.Fprintf(out, "  # %s\n", definition.Meaning(k.Path))
		from := "set by " + k.From
		if k.Source != "" {
			from += "; " + k.Source
		}
		fmt.Fprintf(out, "  # %s\n  %s: %s\n", clean(from), key, yamlValue(k))
	}
	return flush(out)
}

// yamlValue: topics and what ends in _by are lists, the rest are words.
func yamlValue(k definition.Key) string {
	if strings.HasPrefix(k.Path, "topics.") || strings.HasSuffix(k.Path, "_by") {
		return "[" + k.Value + "]"
	}
	return k.Value
}

type definitionsCheckCmd struct {
	Files []string `arg:"" name:"file" help:"Definition files."`
}

// Help is shown below the flags' summary.
func (*definitionsCheckCmd) Help() string {
	return `Exits with 1 when any file has a fault; every file is checked.

    rapport definitions check ours.yaml`
}

// Run implements the command.
func (c *definitionsCheckCmd) Run(a *app) error {
	faults := false
	for _, file := range c.Files {
		def, err := definition.Load(file)
		if err != nil {
			faults = true
			a.print("error: " + err.Error())
			if hint := errs.HintOf(err); hint != "" {
				a.print("try: " + hint)
			}
			continue
		}
		if _, err := fmt.Fprintf(a.out, "ok %s is %s\n", clean(file), clean(def.ID())); err != nil {
			return err
		}
	}
	if faults {
		return errFound
	}
	return nil
}
