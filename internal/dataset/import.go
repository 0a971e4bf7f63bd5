package dataset

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sort"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
	"rapport/internal/errs"
	"rapport/internal/source"
	"rapport/internal/store"
)

// importBudget is how many bytes of decoded records an import holds before it spills them. It must stay well below what the process may
// use: the store holds facts besides, and the collector of garbage needs room.
const importBudget = 256 << 20

// Import reads paths into the data set. It is one update: everything or nothing. Rows that cannot be read are kept in quarantine and are no
// error, also when all of them are; input without a single row is one (errs.Input), and then nothing is kept. So is a path that leads
// nowhere (errs.NotFound).
//
// What is stale is refreshed first, so that one import never mixes two engines.
func (d *Dataset) Import(ctx context.Context, opts ImportOptions) (store.Import, error) {
	if err := d.Refresh(ctx, opts.Progress); err != nil {
		return store.Import{}, err
	}
	var done store.Import
	err := d.store.Update(ctx, func(tx store.Tx) error {
		r, err := d.readRules(ctx, tx)
		if err != nil {
			return err
		}
		im := &importer{dataset: d, tx: tx, opts: opts, rules: r, reasons: reasons{}, seen: map[activity.Bot]*botDays{}}
		defer im.close()
		done, err = im.run(ctx)
		return err
	})
	if err != nil {
		return store.Import{}, err
	}
	return done, nil
}

// importer is one import under way. Its methods run in the goroutine of the update unless they say otherwise.
type importer struct {
	dataset *Dataset
	tx      store.Tx
	opts    ImportOptions
	rules   *rules // before
	deriver *deriver

	account  store.Import
	reasons  reasons
	bytes    source.Progress
	records  *assemble.Assembler
	seen     map[activity.Bot]*botDays // the bots of what was read, as their sources wrote them
	packer   decode.Packer
	nextID   int64
	reject   func(decode.Reject) error // set while groups are given out: what to do with records of a conversation that is too large
	rejected int64
}

// botDays is what the records of one bot say of when it had transcripts.
type botDays struct {
	transcripts, exported bool
	days                  map[int32]bool
}

func (im *importer) run(ctx context.Context) (store.Import, error) {
	d := im.dataset
	a := &im.account
	a.StartedAt, a.Paths, a.Generation = d.now(), slices.Clone(im.opts.Paths), im.rules.generation+1
	a.Sample = im.opts.Sample
	if im.opts.Name != "" {
		a.Paths = []string{im.opts.Name}
	}
	var err error
	if a.ID, err = im.tx.NextImport(ctx); err != nil {
		return *a, err
	}
	if im.nextID, err = im.tx.NextRecord(ctx); err != nil {
		return *a, err
	}
	im.records = assemble.New(assemble.Options{
		Budget: importBudget, TempDir: d.opts.TempDir, MostBytes: d.mostBytes(),
		Reject: func(o activity.Origin, reason string) error {
			return im.reject(decode.Reject{Origin: o, Reason: reason})
		},
	})
	im.opts.Progress.begin(stageReading, 0)
	if err := im.read(ctx); err != nil {
		return *a, err
	}
	if a.Read == 0 {
		return *a, errs.New(errs.Input, "give conversationtranscript rows, .transcript files, or a sessions CSV", "the input holds no records")
	}
	for _, f := range im.rules.force {
		if f.current == nil {
			return *a, errs.New(errs.Conflict, "import again", "the data set is being derived again")
		}
	}
	im.opts.Progress.begin(stageDeriving, a.Read-a.Quarantine)
	if err := d.store.View(ctx, func(v store.View) error { return im.keep(ctx, v) }); err != nil {
		return *a, err
	}
	im.opts.Progress.begin(stageWriting, 0)
	a.Reasons = im.reasons.list()
	sort.Strings(a.Warnings)
	a.FinishedAt = d.now()
	return *a, im.tx.PutImport(ctx, *a)
}

// mostBytes is how much one conversation may hold.
func (d *Dataset) mostBytes() int64 { return cmp.Or(d.opts.MostBytes, assemble.DefaultMostBytes) }

// The stages of long work, as Progress names them.
const (
	stageReading  = "reading"  // in bytes
	stageDeriving = "deriving" // in records for an import, else in conversations
	stageWriting  = "writing"
)

// read reads all there is. Records wait in the assembler for the rest of their conversation.
func (im *importer) read(ctx context.Context) error {
	opts := decode.Options{Bot: im.opts.Bot, KeepRaw: true, Workers: im.dataset.opts.Workers}
	src := source.Options{Stdin: im.opts.Stdin, TempDir: im.dataset.opts.TempDir, Progress: &im.bytes}
	err := source.Walk(ctx, im.opts.Paths, src, func(in source.Input) error {
		im.account.Inputs++
		return detect.Read(in.Name, in.Reader, opts, intake{ctx, im})
	})
	im.account.Bytes = im.bytes.Read()
	im.opts.Progress.set(im.bytes.Read(), im.bytes.Total())
	return err
}

// intake is the decoders' sink.
type intake struct {
	ctx context.Context
	*importer
}

// Record implements decode.Sink.
func (in intake) Record(r *activity.Record) error {
	in.count()
	in.see(r)
	return in.records.Record(r)
}

// Reject implements decode.Sink.
func (in intake) Reject(r decode.Reject) error {
	in.count()
	return in.quarantine(in.ctx, r)
}

// Warn implements decode.Sink.
func (in intake) Warn(w decode.Warning) error {
	if len(in.account.Warnings) < mostWarnings {
		in.account.Warnings = append(in.account.Warnings, w.String())
	}
	return nil
}

func (im *importer) count() {
	im.account.Read++
	if im.account.Read%64 == 0 {
		im.opts.Progress.set(im.bytes.Read(), im.bytes.Total())
	}
}

// see notes which bot a record is of and when.
func (im *importer) see(r *activity.Record) {
	b := im.seen[r.Bot]
	if b == nil {
		b = &botDays{days: map[int32]bool{}}
		im.seen[r.Bot] = b
	}
	if r.Session != nil {
		b.exported = true
		return
	}
	b.transcripts = true
	for _, day := range assemble.Days(r) {
		if !b.days[day] {
			b.days[day] = true
		}
	}
}

// quarantine keeps a row that could not be used.
func (im *importer) quarantine(ctx context.Context, r decode.Reject) error {
	im.account.Quarantine++
	im.rejected++
	im.reasons.add(r.Reason)
	row := store.Reject{Import: im.account.ID, Number: im.rejected, Origin: r.Origin, Reason: r.Reason}
	if r.Raw != nil {
		row.Raw = im.packer.Pack(r.Raw)
	}
	return im.tx.AddReject(ctx, row)
}

func (im *importer) close() error {
	if im.records == nil {
		return nil
	}
	return im.records.Close()
}

// bots are those of the store and of what was read.
func (im *importer) bots() []store.BotSeen {
	all := slices.Clone(im.rules.bots)
	for bot, b := range im.seen {
		s := store.BotSeen{Bot: bot, Transcripts: b.transcripts, Exported: b.exported}
		for day := range b.days {
			s.Days = append(s.Days, day)
		}
		all = append(all, s)
	}
	return all
}

// keep puts what was read together with what is in the store, derives it and writes it. v is of the generation before.
func (im *importer) keep(ctx context.Context, v store.View) error {
	if v.Generation() != im.rules.generation {
		return errors.New("import: the snapshot is not the one that the import began with")
	}
	known := im.records.Known()
	learnBots(known, im.rules.bots)
	known.Seal(im.rules.catalogue.Bot)
	im.deriver = &deriver{known: known, catalogue: im.rules.catalogue}
	for _, f := range im.rules.force {
		im.deriver.targets = append(im.deriver.targets, target{f.current.ID, f.def})
	}
	touched, err := touchedBy(ctx, v, change{im.rules.known, known, im.rules.bots, im.bots()})
	if err != nil {
		return err
	}
	m := &merge{importer: im, view: v, touched: touched}
	return pipeline(ctx, im.dataset.workers(), m.produce, im.work, func(w *written) error { return im.write(ctx, w) })
}
