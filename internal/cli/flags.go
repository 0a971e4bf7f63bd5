package cli

import (
	"os"
	"strings"
	"time"

	"rapport/internal/definition"
	"rapport/internal/errs"
	"rapport/internal/report"
)

// inputFlags say which files are read.
type inputFlags struct {
	Paths []string `arg:"" name:"path" help:"Files, folders, globs in quotes, or - for standard input; .gz, .zst and .zip too."`
	readFlags
}

// readFlags say how files are read.
type readFlags struct {
	Bot       string   `help:"Bot of records that name none." placeholder:"ID" env:"RAPPORT_BOT" group:"input"`
	Catalogue []string `help:"Topics and bots: a botcomponent or bot export, or YAML." placeholder:"FILE" env:"RAPPORT_CATALOGUE" sep:"," group:"input"`
	Rejects   string   `help:"Keep every quarantined row in this file, as JSON Lines." placeholder:"FILE" env:"RAPPORT_REJECTS" group:"input"`
	TempDir   string   `help:"Where to sort what does not fit in memory." placeholder:"DIR" env:"RAPPORT_TEMP_DIR" group:"input"`
	Quiet     bool     `help:"Print data and errors only." short:"q" env:"RAPPORT_QUIET" group:"output"`
}

// definitionFlag names the rules.
type definitionFlag struct {
	Definition string `help:"Rules: a name from definitions list, or a YAML file; default ${default}." default:"platform" placeholder:"NAME|FILE" env:"RAPPORT_DEFINITION" group:"input"`
}

// load reads the definition, and notes when it is a hypothesis. A wrong name is a fault of the command line, not of the data.
func (f definitionFlag) load(a *app) (*definition.Definition, error) {
	def, err := definition.Load(f.Definition)
	if err != nil {
		return nil, asUsage(err)
	}
	if def.Hypothesis {
		a.note("definition %s is a hypothesis: it was shaped on few records", def.ID())
	}
	return def, nil
}

// fromEnvironment reports whether a flag has its value from a variable and not from the command line.
func fromEnvironment(name, value string) bool { return os.Getenv(name) == value }

func join(list []string) string { return strings.Join(list, ",") }

func asUsage(err error) error { return errs.New(errs.Invalid, errs.HintOf(err), "%s", err) }

// rules are what a command needs to know before it reads a transcript.
type rules struct {
	def       *definition.Definition
	catalogue *definition.Catalogue
	zone      *time.Location
}

func loadRules(a *app, name definitionFlag, in *inputFlags, tz zoneFlag) (r rules, err error) {
	if r.def, err = name.load(a); err != nil {
		return r, err
	}
	if r.catalogue, err = loadCatalogue(in.Catalogue); err != nil {
		return r, err
	}
	r.zone, err = tz.load()
	return r, err
}

func loadCatalogue(files []string) (*definition.Catalogue, error) {
	cat, err := definition.LoadCatalogue(files...)
	if err != nil {
		return nil, asUsage(err)
	}
	return cat, nil
}

// zoneFlag is the zone of days, and of times in tables.
type zoneFlag struct {
	TZ string `name:"zone" help:"Time zone of days and of times in tables; default ${default}." default:"UTC" placeholder:"ZONE" env:"RAPPORT_ZONE" group:"output"`
}

func (f zoneFlag) load() (*time.Location, error) {
	zone, err := time.LoadLocation(f.TZ)
	if err != nil || f.TZ == "Local" { // the machine's own zone has no name that another machine would read the same
		return nil, errs.New(errs.Invalid, "use an IANA name such as Europe/Berlin or America/New_York", "there is no time zone %q", f.TZ)
	}
	return zone, nil
}

// formatFlag is the form of the output.
type formatFlag struct {
	Format string `help:"Form of the output: ${enum}; default ${default}." default:"table" enum:"table,json,jsonl,csv" placeholder:"FORMAT" env:"RAPPORT_FORMAT" group:"output"`
}

// The forms of output.
const (
	formatTable = "table"
	formatJSON  = "json"
	formatJSONL = "jsonl"
	formatCSV   = "csv"
)

// filterFlags say which sessions count.
type filterFlags struct {
	IncludeTest bool   `help:"Count test traffic too: test canvas and evaluation runs." env:"RAPPORT_INCLUDE_TEST" group:"filter"`
	From        string `help:"First day, e.g. 2024-09-01." placeholder:"DATE" env:"RAPPORT_FROM" group:"filter"`
	To          string `help:"Last day, the whole of it." placeholder:"DATE" env:"RAPPORT_TO" group:"filter"`
}

// load makes a filter of the flags; days are those of the zone.
func (f filterFlags) load(zone *time.Location) (*filter, error) {
	out := &filter{includeTest: f.IncludeTest, zone: zone}
	from, err := day("--from", f.From)
	if err != nil {
		return nil, err
	}
	to, err := day("--to", f.To)
	if err != nil {
		return nil, err
	}
	if !from.IsZero() {
		out.from = report.DateOf(from)
	}
	if !to.IsZero() {
		out.to = report.DateOf(to)
	}
	if !to.IsZero() && to.Before(from) {
		return nil, errs.New(errs.Invalid, "the first day comes first", "--to %s is before --from %s", f.To, f.From)
	}
	return out, nil
}

// day is the start of a day in UTC, or the zero time for "".
func day(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, errs.New(errs.Invalid, "write year, month and day: 2024-09-01", "%s %q is no date", flag, s)
	}
	return t, nil
}
