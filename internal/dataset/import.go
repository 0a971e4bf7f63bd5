package dataset

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sort"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/decode/detect"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/source"
	"rapport/internal/store"
)

// defaultRoundBytes is how many bytes of decoded records an import reads before it derives and writes them: enough for the two to keep every
// processor busy, and little enough to stay well below what the process may use, for the store holds facts besides.
const defaultRoundBytes = 64 << 20

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
		im := &importer{dataset: d, tx: tx, opts: opts, rules: r, reasons: reasons{}, seen: map[activity.Bot]*botDays{}, touched: map[int64]bool{}, written: map[int64]bool{}}
		done, err = im.run(ctx)
		return errors.Join(err, im.close())
	})
	if err != nil {
		return store.Import{}, err
	}
	return done, nil
}

// importer is one import under way. Its methods run in the goroutine of the update unless they say otherwise. While a round's pipeline runs,
// records, late, touched, written and over are the producer's.
//
// It works in rounds: what was read is put together, derived and written before it reads on, so that it holds little and nothing waits on a
// disk. Of a conversation that a round has written nothing is written again before all is read; only then what else came of it is added
// (late.go). So each conversation is derived once, or twice where its records lie far apart.
type importer struct {
	dataset *Dataset
	tx      store.Tx
	opts    ImportOptions
	rules   *rules // before
	deriver *deriver

	account  store.Import
	reasons  reasons
	bytes    source.Progress
	seen     map[activity.Bot]*botDays // the bots of what was read, as their sources wrote them
	packer   decode.Packer
	nextID   int64
	rejected int64
	deriving *Progress // nil while it reads

	records *assemble.Assembler // what was read since the last round
	late    *assemble.Assembler // what was read of conversations that a round has written
	eras    []era
	bots    []store.BotSeen           // as of the latest round
	touched map[int64]bool            // keys that are called otherwise since they were derived
	written map[int64]bool            // keys that a round has written or refused; true for a conversation that is too large
	over    []int64                   // keys of such of which a round had written some
	reject  func(decode.Reject) error // while groups are given out: what to do with a record of such
}

// era is some rounds in which bots were called the same.
type era struct {
	firstID int64 // of the records written in it
	known   *assemble.Known
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
	for _, f := range im.rules.force {
		if f.current == nil {
			return *a, errs.New(errs.Conflict, "import again", "the data set is being derived again")
		}
	}
	im.begin()
	if err := im.read(ctx); err != nil {
		return *a, err
	}
	if a.Read == 0 {
		return *a, errs.New(errs.Input, "give conversationtranscript rows, .transcript files, or a sessions CSV", "the input holds no records")
	}
	im.deriving = im.opts.Progress
	im.deriving.begin(stageDeriving, a.Read-a.Accepted-a.Duplicate-a.Superseded-a.Quarantine)
	if err := im.round(ctx); err != nil {
		return *a, err
	}
	if err := im.again(ctx); err != nil {
		return *a, err
	}
	for _, large := range im.written {
		if !large {
			a.Touched++
		}
	}
	im.opts.Progress.begin(stageWriting, 0)
	a.Reasons = im.reasons.list()
	sort.Strings(a.Warnings)
	a.FinishedAt = d.now()
	return *a, im.tx.PutImport(ctx, *a)
}

// begin makes the importer ready to read.
func (im *importer) begin() {
	d := im.dataset
	opts := assemble.Options{
		Budget: 4 * d.roundBytes(), TempDir: d.opts.TempDir, MostBytes: d.mostBytes(),
		Reject: func(r *activity.Record, reason string) error {
			key := fact.KeyOf(r.Conversation)
			if large, ok := im.written[key]; ok && !large {
				im.over = append(im.over, key)
			}
			im.written[key] = true
			return im.reject(decode.Reject{Origin: r.Origin, Reason: reason})
		},
	}
	im.records = assemble.New(opts)
	learnBots(im.records.Known(), im.rules.bots)
	opts.Budget = d.roundBytes()
	im.late = assemble.New(opts)
	im.eras, im.bots = []era{{0, im.rules.known}}, im.rules.bots
	im.opts.Progress.begin(stageReading, 0)
}

// mostBytes is how much one conversation may hold.
func (d *Dataset) mostBytes() int64 { return cmp.Or(d.opts.MostBytes, assemble.DefaultMostBytes) }

// roundBytes is how much an import reads before it derives and writes that.
func (d *Dataset) roundBytes() int64 { return cmp.Or(d.opts.RoundBytes, defaultRoundBytes) }

// The stages of long work, as Progress names them.
const (
	stageReading  = "reading"  // in bytes
	stageDeriving = "deriving" // in records for an import, else in conversations
	stageWriting  = "writing"
)

// read reads all there is, and does a round whenever enough of it is held.
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
	if err := in.records.Record(r); err != nil {
		return err
	}
	if in.records.Held() < in.dataset.roundBytes() {
		return nil
	}
	return in.round(in.ctx)
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
	return errors.Join(im.records.Close(), im.late.Close())
}

// allBots are those of the store and of what was read.
func (im *importer) allBots() []store.BotSeen {
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

// round puts what was read together with what was in the store before the import, derives it and writes it.
func (im *importer) round(ctx context.Context) error {
	if err := im.learn(ctx); err != nil {
		return err
	}
	return im.dataset.store.View(ctx, func(v store.View) error {
		if v.Generation() != im.rules.generation {
			return errors.New("import: the snapshot is not the one that the import began with")
		}
		m := &merge{importer: im, mostGroups: batchGroups, mostBytes: batchBytes}
		if len(im.rules.bots) > 0 { // else there is no record in the snapshot
			m.in = v
		}
		return pipeline(ctx, im.dataset.workers(), m.produce, im.work, func(w *written) error { return im.write(ctx, w) })
	})
}

// learn takes what was read into what is known of bots, and finds out which keys are called otherwise because of it.
func (im *importer) learn(ctx context.Context) error {
	last := &im.eras[len(im.eras)-1]
	c := change{last.known, im.records.Known().Sealed(im.rules.catalogue.Bot), im.bots, im.allBots()}
	moved := c.moved()
	touched, err := touchedBy(ctx, im.tx, moved, c.exported())
	if err != nil {
		return err
	}
	maps.Copy(im.touched, touched)
	if len(moved) > 0 {
		im.eras = append(im.eras, era{im.nextID, c.after})
	} else {
		last.known = c.after
	}
	im.bots = c.are
	im.deriver = &deriver{known: c.after, catalogue: im.rules.catalogue}
	for _, f := range im.rules.force {
		im.deriver.targets = append(im.deriver.targets, target{f.current.ID, f.def})
	}
	return nil
}
