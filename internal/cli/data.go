package cli

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"rapport/internal/activity"
	"rapport/internal/client"
	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
	"rapport/internal/store"
	"rapport/internal/store/duckdb"
	"rapport/internal/wire"
)

// dataFlag names a data set on this machine. The environment is read in folder, so that what the command line says stands over it.
type dataFlag struct {
	Data    string `help:"Folder of the data set; default $RAPPORT_DATA." placeholder:"DIR" group:"input"`
	TempDir string `help:"Where to sort what does not fit in memory." placeholder:"DIR" env:"RAPPORT_TEMP_DIR" group:"input"`
	Quiet   bool   `help:"Print data and errors only." short:"q" env:"RAPPORT_QUIET" group:"output"`
}

// dataFlags name a data set, here or behind a server.
type dataFlags struct {
	dataFlag
	Server string `help:"URL of a running rapport serve; default $RAPPORT_SERVER." placeholder:"URL" group:"input"`
}

// The variables that stand for flags which none of the command line contradicts.
const (
	envData   = "RAPPORT_DATA"
	envServer = "RAPPORT_SERVER"
)

// place is where a command finds its data: one of the three.
type place struct {
	paths  []string
	folder string
	server string
}

// placeOf is the one place that the command line names, or else the environment. Errors have code errs.Invalid.
func placeOf(paths []string, data, server string) (place, error) {
	p, err := oneOf(paths, data, server)
	if err != nil || p != nil {
		return *cmp.Or(p, &place{}), err
	}
	if p, err = oneOf(nil, os.Getenv(envData), os.Getenv(envServer)); err != nil || p != nil {
		return *cmp.Or(p, &place{}), err
	}
	return place{}, errs.New(errs.Invalid, "give paths, --data DIR or --server URL (or set RAPPORT_DATA)", "nothing says what to read")
}

func oneOf(paths []string, data, server string) (*place, error) {
	var named []string
	if len(paths) > 0 {
		named = append(named, "paths")
	}
	if data != "" {
		named = append(named, "--data")
	}
	if server != "" {
		named = append(named, "--server")
	}
	switch len(named) {
	case 0:
		return nil, nil
	case 1:
		return &place{paths, data, server}, nil
	default:
		return nil, errs.New(errs.Invalid, "name one of them", "%s are given together, and there is one place to read from", strings.Join(named, " and "))
	}
}

// folder is the folder of the data set. Errors have code errs.Invalid.
func (f dataFlag) folder() (string, error) {
	dir := cmp.Or(f.Data, os.Getenv(envData))
	if dir == "" {
		return "", errs.New(errs.Invalid, "give --data DIR, or set RAPPORT_DATA", "nothing says which data set is meant")
	}
	return dir, nil
}

// use is what a command opens a data set for.
type use struct {
	holder string // what a second process is told about this one
	create bool   // a folder that is not there
	writes bool   // and so notes when
}

// open opens the data set of the flags.
func (f dataFlag) open(ctx context.Context, a *app, u use) (*dataset.Dataset, error) {
	a.quiet = f.Quiet
	dir, err := f.folder()
	if err != nil {
		return nil, err
	}
	return openData(ctx, dir, f.TempDir, u)
}

// openData opens the data set in a folder. Files are read as if everything were closed, and so is a data set (DESIGN.md, law 8): only what
// writes has a clock.
func openData(ctx context.Context, dir, tempDir string, u use) (*dataset.Dataset, error) {
	if tempDir != "" {
		if info, err := os.Stat(tempDir); err != nil || !info.IsDir() {
			return nil, errs.New(errs.Invalid, "name a folder that exists", "--temp-dir %q is no folder", tempDir)
		}
	}
	if err := checkFolder(dir, u.create); err != nil {
		return nil, err
	}
	s, err := duckdb.Open(ctx, dir, duckdb.Options{Holder: u.holder, Version: version()})
	if err != nil {
		return nil, err
	}
	opts := dataset.Options{TempDir: tempDir}
	if u.writes {
		giveRoom()
		opts.Now = time.Now
	}
	d, err := dataset.Open(ctx, s, opts)
	if err != nil {
		return nil, cmp.Or(err, s.Close())
	}
	return d, nil
}

// What the collector of garbage may use in a process that writes a data set: what an import holds would else be gone over again and again.
const (
	roomPercent = 400
	roomBytes   = 640 << 20
)

// giveRoom lets the collector of garbage use that, where GOGC and GOMEMLIMIT do not say otherwise.
func giveRoom() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(roomPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(roomBytes)
	}
}

// checkFolder refuses a folder without a data set where none is to be made, and a folder of something else.
func checkFolder(dir string, create bool) error {
	const hint = "`rapport import PATH... --data DIR` makes one"
	info, err := os.Stat(dir)
	switch {
	case err != nil && create:
		return nil
	case os.IsNotExist(err):
		return errs.New(errs.NotFound, hint, "there is no data set at %s", dir)
	case err != nil:
		return errs.Wrap(err, errs.Input, "name a folder that you may read", "look at data set %s", dir)
	case !info.IsDir():
		return errs.New(errs.Invalid, "name a folder", "%s is a file, and a data set is a folder", dir)
	}
	if duckdb.Exists(dir) {
		return nil
	}
	if !create {
		return errs.New(errs.NotFound, hint, "folder %s holds no data set", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return errs.Wrap(err, errs.Input, "name a folder that you may read", "look at data set %s", dir)
	}
	ours := []string{"tmp", "work", "uploads"} // what a start that did not come far leaves
	foreign := slices.IndexFunc(entries, func(e fs.DirEntry) bool {
		return !strings.HasPrefix(e.Name(), "rapport.") && !slices.Contains(ours, e.Name())
	})
	if foreign >= 0 {
		return errs.New(errs.Invalid, "name a new or an empty folder", "folder %s holds other things (%s) and no data set", dir, entries[foreign].Name())
	}
	return nil
}

// The roles of a data set, by what commands ask of it. A data set opened here has them, and so has one behind a server.
type (
	// rowReader gives out rows.
	rowReader interface {
		EachSession(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Session) error) error
		EachBilled(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Billed) error) error
		EachUtterance(ctx context.Context, q dataset.UtteranceQuery, yield func(*fact.Utterance) error) error
		UtteranceGroups(ctx context.Context, q dataset.UtteranceQuery) (wire.UtteranceGroups, error)
		Bots(ctx context.Context) ([]dataset.Bot, error)
		Definitions(ctx context.Context) ([]wire.InForce, error)
	}
	// answerer answers questions.
	answerer interface {
		Query(ctx context.Context, queries []metric.Query) ([]metric.Result, error)
		Drivers(ctx context.Context, queries []metric.DriverQuery) ([]metric.DriverResult, error)
	}
	// accounts tell of imports.
	accounts interface {
		Imports(ctx context.Context) ([]wire.Import, error)
		ImportOf(ctx context.Context, id int64) (wire.Import, error)
		Rejects(ctx context.Context, id int64, yield func(wire.Reject) error) error
	}
	// explainer shows one conversation with every decision in it.
	explainer interface {
		Explain(ctx context.Context, bot, id, definition string) (wire.Conversation, error)
	}
	// dataSet is all of them.
	dataSet interface {
		rowReader
		answerer
		accounts
		explainer
		Close() error
	}
)

// local is a data set opened here.
type local struct{ *dataset.Dataset }

var (
	_ dataSet = local{}
	_ dataSet = (*client.Client)(nil)
)

// Explain implements explainer.
func (d local) Explain(ctx context.Context, bot, id, definition string) (wire.Conversation, error) {
	c, err := d.Conversation(ctx, bot, id, definition)
	if err != nil {
		return wire.Conversation{}, err
	}
	return wire.ConversationOf(c.Conversation, c.Result, 0), nil
}

// Definitions implements rowReader.
func (d local) Definitions(ctx context.Context) ([]wire.InForce, error) {
	all, err := d.Dataset.Definitions(ctx)
	out := make([]wire.InForce, len(all))
	for i := range all {
		out[i] = wire.InForceOf(all[i])
	}
	return out, err
}

// UtteranceGroups implements rowReader.
func (d local) UtteranceGroups(ctx context.Context, q dataset.UtteranceQuery) (wire.UtteranceGroups, error) {
	page, err := d.Dataset.UtteranceGroups(ctx, q)
	return wire.UtteranceGroupsOf(page.UtteranceGroups), err
}

// Imports implements accounts.
func (d local) Imports(ctx context.Context) ([]wire.Import, error) {
	all, err := d.Dataset.Imports(ctx)
	out := make([]wire.Import, len(all))
	for i := range all {
		out[i] = wire.ImportOf(all[i], "")
	}
	return out, err
}

// ImportOf implements accounts.
func (d local) ImportOf(ctx context.Context, id int64) (wire.Import, error) {
	i, err := d.Dataset.ImportOf(ctx, id)
	return wire.ImportOf(i, ""), err
}

// Rejects implements accounts.
func (d local) Rejects(ctx context.Context, id int64, yield func(wire.Reject) error) error {
	return d.Dataset.Rejects(ctx, id, func(r store.Reject) error { return yield(wire.RejectOf(r, "")) })
}

// open opens the data set of a place that is not paths.
func (p place) open(ctx context.Context, tempDir, holder string) (dataSet, error) {
	if p.server != "" {
		return client.New(p.server)
	}
	d, err := openData(ctx, p.folder, tempDir, use{holder: holder})
	if err != nil {
		return nil, err
	}
	return local{d}, nil
}

// open opens the data set that the flags name.
func (f dataFlags) open(ctx context.Context, a *app, holder string) (dataSet, error) {
	a.quiet = f.Quiet
	p, err := placeOf(nil, f.Data, f.Server)
	if err != nil {
		return nil, err
	}
	return p.open(ctx, f.TempDir, holder)
}

// inForce finds a definition that a data set is derived under, and notes what is to know of it. It returns name@version. Errors have code
// errs.Invalid.
func inForce(ctx context.Context, a *app, d rowReader, name string) (string, error) {
	all, err := d.Definitions(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, f := range all {
		if f.Name != name {
			names = append(names, f.Name)
			continue
		}
		id := f.Name + "@" + f.Version
		if f.Hypothesis {
			a.note("definition %s is a hypothesis: it was shaped on few records", id)
		}
		if f.Stale {
			a.note("warning: %s was derived by earlier rules, `rapport definitions apply %s` derives it again", id, name)
		}
		return id, nil
	}
	return "", errs.New(errs.Invalid, fmt.Sprintf("`rapport definitions apply %s` puts it in force; in force: %s", name, strings.Join(names, ", ")),
		"definition %q is not in force", name)
}

// botNames says what people call each bot.
func botNames(ctx context.Context, d rowReader) (func(key string) activity.Bot, error) {
	bots, err := d.Bots(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]activity.Bot, len(bots))
	for _, b := range bots {
		known[b.Key] = activity.Bot{ID: b.Key, Schema: b.Schema, Name: b.Name}
	}
	return func(key string) activity.Bot {
		if b, ok := known[key]; ok {
			return b
		}
		return activity.Bot{ID: key}
	}, nil
}

// everyKind asks for the sessions of all kinds of traffic: without it a query counts chat alone.
func everyKind() metric.Filter {
	return metric.Filter{Dimension: "kind", Values: fact.CodesOf(fact.SessionColumns(), "kind")}
}
