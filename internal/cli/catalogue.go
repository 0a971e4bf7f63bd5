package cli

import (
	"context"
	"errors"
	"io"
	"os"

	"rapport/internal/dataset"
	"rapport/internal/errs"
)

type catalogueCmd struct {
	Set   catalogueSetCmd   `cmd:"" help:"Keep a topic catalogue, and derive everything again by it."`
	Show  catalogueShowCmd  `cmd:"" help:"Print the topic catalogue, as it was given."`
	Clear catalogueClearCmd `cmd:"" help:"Forget the topic catalogue, and derive everything again without it."`
}

type catalogueSetCmd struct {
	File string `arg:"" help:"A botcomponent or bot export, or YAML."`
	dataFlag
}

// Help is shown below the flags' summary.
func (*catalogueSetCmd) Help() string {
	return `The catalogue says which topics are the authors' own, and what bots are called (docs/definitions.md).

    rapport catalogue set topics.yaml --data engagement`
}

// Run implements the command.
func (c *catalogueSetCmd) Run(ctx context.Context, a *app) error {
	text, err := readCatalogue(c.File)
	if err != nil {
		return err
	}
	return keepCatalogue(ctx, a, c.dataFlag, "rapport catalogue set", text)
}

// readCatalogue is the text of a catalogue that can be used.
func readCatalogue(file string) (string, error) {
	if _, err := loadCatalogue([]string{file}); err != nil { // with the file's name in what is wrong
		return "", err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", errs.Wrap(err, errs.Input, "", "read catalogue %q", file)
	}
	return string(text), nil
}

type catalogueClearCmd struct{ dataFlag }

// Help is shown below the flags' summary.
func (*catalogueClearCmd) Help() string { return "    rapport catalogue clear --data engagement" }

// Run implements the command.
func (c *catalogueClearCmd) Run(ctx context.Context, a *app) error {
	return keepCatalogue(ctx, a, c.dataFlag, "rapport catalogue clear", "")
}

func keepCatalogue(ctx context.Context, a *app, f dataFlag, holder, text string) (err error) {
	d, err := f.open(ctx, a, use{holder: holder, writes: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	p := &dataset.Progress{}
	show := startProgress(a, working(p))
	err = d.SetCatalogue(ctx, text, p)
	show.stop()
	if err != nil {
		return err
	}
	if text == "" {
		a.note("the data set has no topic catalogue")
	} else {
		a.note("the topic catalogue is kept, and everything derived by it")
	}
	return nil
}

type catalogueShowCmd struct{ dataFlag }

// Help is shown below the flags' summary.
func (*catalogueShowCmd) Help() string {
	return "    rapport catalogue show --data engagement > topics.yaml"
}

// Run implements the command.
func (c *catalogueShowCmd) Run(ctx context.Context, a *app) (err error) {
	d, err := c.open(ctx, a, use{holder: "rapport catalogue show"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	doc, err := d.Catalogue(ctx)
	if err != nil {
		return err
	}
	_, err = io.WriteString(a.out, doc.Body)
	return err
}
