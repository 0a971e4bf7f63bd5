package detect

import (
	"runtime"
	"slices"
	"sync"

	core "rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/dataverse"
)

// queue has the rows of an input decoded, several at a time where that is worth it, and gives the sink what became of them: in the order of
// the input, by the goroutine that adds them. Rows wait in batches; as long as there is only one, nothing is started for it. Whatever else
// is to be said of the input goes through the queue too, so that it comes where it belongs.
type queue struct {
	opts    decode.Options
	sink    *sinkErrors
	here    *worker
	workers int
	filling *batch
	flying  []*batch // given to the workers, oldest first
	bytes   int      // in those
	spare   []*batch
	jobs    chan *batch
	running sync.WaitGroup
}

// A batch is large beside what it costs to hand it over, and small beside an input worth the trouble.
const (
	batchBytes = 1 << 20
	batchTasks = 1024
)

// task is one row to decode, or something to say that is known already.
type task func(*worker) error

// worker decodes one row after the other.
type worker struct {
	sink decode.Sink
	rows *dataverse.Decoder
}

func newWorker(opts decode.Options, sink decode.Sink) *worker {
	return &worker{sink: sink, rows: dataverse.New(opts, sink)}
}

// batch is some tasks in a row, and what became of them.
type batch struct {
	raw   []byte // what the tasks read
	more  int    // bytes that the tasks hold beside it
	tasks []task
	lines []line // or, instead of tasks, lines that are rows unless they prove otherwise
	wrong int    // the first line that did, -1 for none
	found found
	done  chan struct{}
}

// line is where a line starts in its batch.
type line struct {
	from   int
	origin core.Origin
}

// run has the tasks or the lines done. The error is the sink's.
func (b *batch) run(w *worker) error {
	for _, do := range b.tasks {
		if err := do(w); err != nil {
			return err
		}
	}
	b.wrong = -1
	for i, l := range b.lines {
		to := len(b.raw)
		if i+1 < len(b.lines) {
			to = b.lines[i+1].from
		}
		switch ok, err := w.rows.JSONLine(b.raw[l.from:to], l.origin); {
		case err != nil:
			return err
		case !ok:
			b.wrong = i
			return nil
		}
	}
	return nil
}

// misread says that a line which was taken for a row is none: what follows it is to be read again, from there on. It never leaves the
// reader.
type misread struct {
	origin core.Origin
	raw    []byte // the line and those behind it
}

// Error is never seen.
func (*misread) Error() string { return "a line is not a row" }

// found keeps what a decoder finds, in order.
type found []func(decode.Sink) error

// Record implements decode.Sink.
func (f *found) Record(r *core.Record) error {
	*f = append(*f, func(s decode.Sink) error { return s.Record(r) })
	return nil
}

// Reject implements decode.Sink.
func (f *found) Reject(r decode.Reject) error {
	*f = append(*f, func(s decode.Sink) error { return s.Reject(r) })
	return nil
}

// Warn implements decode.Sink.
func (f *found) Warn(w decode.Warning) error {
	*f = append(*f, func(s decode.Sink) error { return s.Warn(w) })
	return nil
}

func newQueue(opts decode.Options, sink *sinkErrors) *queue {
	q := &queue{opts: opts, sink: sink, here: newWorker(opts, sink), workers: opts.Workers}
	if q.workers <= 0 {
		q.workers = runtime.GOMAXPROCS(0)
	}
	return q
}

// add has a task done that reads raw, which it is given as long as it needs it. The error is the sink's, perhaps for an earlier task.
func (q *queue) add(raw []byte, do func(*worker, []byte) error) error {
	if q.workers == 1 {
		return do(q.here, raw)
	}
	b, err := q.room(len(raw))
	if err != nil {
		return err
	}
	if raw != nil { // nil is a row that was too large to hold
		from := len(b.raw)
		b.raw = append(b.raw, raw...)
		raw = b.raw[from:len(b.raw):len(b.raw)]
	}
	b.tasks = append(b.tasks, func(w *worker) error { return do(w, raw) })
	return nil
}

// with adds lines to those that are to be read again.
func (q *queue) with(err error, raw []byte) error {
	if m, ok := err.(*misread); ok {
		m.raw = append(m.raw, raw...)
	}
	return err
}

// room is the batch to fill, which has room for n bytes more unless they are more than a batch.
func (q *queue) room(n int) (*batch, error) {
	if b := q.filling; b != nil && (len(b.raw)+b.more+n > batchBytes || len(b.tasks) == batchTasks) {
		if err := q.launch(); err != nil {
			return nil, err
		}
	}
	if q.filling == nil {
		q.filling = q.empty()
	}
	return q.filling, nil
}

func (q *queue) empty() *batch {
	if last := len(q.spare) - 1; last >= 0 {
		b := q.spare[last]
		q.spare = q.spare[:last]
		return b
	}
	return &batch{done: make(chan struct{}, 1)}
}

// launch gives the batch that was filled to the workers, once there is room for it.
func (q *queue) launch() error {
	if q.jobs == nil {
		q.jobs = make(chan *batch, q.workers+1)
		for range q.workers {
			q.running.Go(func() { work(q.opts, q.jobs) })
		}
	}
	b := q.filling
	q.filling = nil
	// One beyond what the channel holds would block, and a batch of one huge row waits for the others.
	for len(q.flying) > q.workers || len(q.flying) > 0 && q.bytes+cap(b.raw) > 4*(q.workers+1)*batchBytes {
		if err := q.land(); err != nil {
			return q.with(err, b.raw)
		}
	}
	q.flying = append(q.flying, b)
	q.bytes += cap(b.raw)
	q.jobs <- b
	return nil
}

func work(opts decode.Options, jobs <-chan *batch) {
	var f found
	w := newWorker(opts, &f)
	for b := range jobs {
		f = b.found[:0]
		_ = b.run(w) // the sink, which is f, has no errors
		b.found = f
		b.done <- struct{}{}
	}
}

// land waits for the oldest batch and tells the sink what became of it.
func (q *queue) land() error {
	b := q.flying[0]
	q.flying = q.flying[1:]
	q.bytes -= cap(b.raw)
	<-b.done
	for _, tell := range b.found {
		if err := tell(q.sink); err != nil {
			return err
		}
	}
	if err := q.check(b); err != nil {
		return err
	}
	clear(b.tasks)
	clear(b.found)
	if b.raw, b.more, b.tasks, b.lines = b.raw[:0], 0, b.tasks[:0], b.lines[:0]; cap(b.raw) <= 2*batchBytes {
		q.spare = append(q.spare, b)
	}
	return nil
}

// check returns a misread where a line of a batch that was told of was none. What was made of those behind it is forgotten.
func (q *queue) check(b *batch) error {
	if len(b.lines) == 0 || b.wrong < 0 {
		return nil
	}
	l := b.lines[b.wrong]
	m := &misread{origin: l.origin, raw: slices.Clone(b.raw[l.from:])}
	for _, b := range q.flying {
		<-b.done
		m.raw = append(m.raw, b.raw...)
	}
	if q.filling != nil {
		m.raw = append(m.raw, q.filling.raw...)
	}
	q.flying, q.filling, q.bytes = nil, nil, 0
	return m
}

// flush waits until the sink was told everything.
func (q *queue) flush() error {
	for len(q.flying) > 0 {
		if err := q.land(); err != nil {
			return err
		}
	}
	if b := q.filling; b != nil {
		q.filling = nil
		if err := b.run(q.here); err != nil {
			return err
		}
		return q.check(b)
	}
	return nil
}

// close ends the workers. What was not told by then is forgotten.
func (q *queue) close() {
	if q.jobs == nil {
		return
	}
	close(q.jobs)
	for range q.jobs { // what no worker has begun
	}
	q.running.Wait()
}

// Reject tells of a reject in its place.
func (q *queue) Reject(r decode.Reject) error {
	err := q.add(nil, func(w *worker, _ []byte) error { return w.sink.Reject(r) })
	if q.filling != nil {
		q.filling.more += len(r.Raw)
	}
	return err
}

// Warn tells of a remark in its place.
func (q *queue) Warn(remark decode.Warning) error {
	return q.add(nil, func(w *worker, _ []byte) error { return w.sink.Warn(remark) })
}
