package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"rapport/internal/dataset"
)

// State is where a job stands.
type State string

// The states.
const (
	Queued    State = "queued"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Job is long work, as it stands.
type Job struct {
	ID         string   `json:"id"`
	Kind       string   `json:"kind" doc:"import, remove, apply, drop, catalogue, refresh, diff or audit"`
	Subject    string   `json:"subject" doc:"what it is about: a file, an import, a definition"`
	State      State    `json:"state" enum:"queued,running,done,failed,cancelled"`
	Stage      string   `json:"stage" doc:"what is being done, in words"`
	Done       int64    `json:"done" doc:"how much of the stage is done"`
	Total      int64    `json:"total" doc:"of how much; 0 when nobody knows"`
	CreatedAt  string   `json:"created_at"`
	StartedAt  *string  `json:"started_at"`
	FinishedAt *string  `json:"finished_at"`
	Error      *Problem `json:"error,omitempty" doc:"why it failed"`
	Result     any      `json:"result,omitempty" doc:"of a job that is done: an Import, an InForce, a Diff or an Audit"`
}

// lane is a sequence of jobs that run one after the other.
type lane int

const (
	changes lane = iota // changes the data: one at a time
	looks               // does not
	lanes
)

// What is kept of jobs.
const (
	mostQueued   = 100
	mostFinished = 100
)

// Jobs is long work: what runs, what waits and what was done lately. It is kept in memory alone; what a job did is in the store.
type Jobs struct {
	now       func() time.Time
	problemOf func(context.Context, error, string) *Problem

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	ended  sync.WaitGroup

	mu     sync.Mutex
	all    []*job // in order of creation
	busy   [lanes]bool
	closed bool
}

type job struct {
	Job      // but stage, done and total
	lane     lane
	progress dataset.Progress
	work     func(context.Context, *dataset.Progress) (any, error)
	discard  func() // at the end, whatever the end is; may be nil
	ctx      context.Context
	cancel   context.CancelFunc
}

func newJobs(now func() time.Time, problemOf func(context.Context, error, string) *Problem) *Jobs {
	j := &Jobs{now: now, problemOf: problemOf}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	return j
}

// submit queues work. discard is called at its end, also when it is refused.
func (j *Jobs) submit(kind, subject string, on lane, discard func(), work func(context.Context, *dataset.Progress) (any, error)) (Job, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	refused := errClosing
	if !j.closed {
		refused = nil
		if j.countLocked(Queued) >= mostQueued {
			refused = &refusal{http.StatusTooManyRequests, 10, "too many jobs wait already"}
		}
	}
	if refused != nil {
		if discard != nil {
			discard()
		}
		return Job{}, refused
	}
	one := &job{
		Job:  Job{ID: newID(), Kind: kind, Subject: subject, State: Queued, CreatedAt: j.stamp()},
		lane: on, work: work, discard: discard,
	}
	one.ctx, one.cancel = context.WithCancel(j.ctx)
	j.all = append(j.all, one)
	j.nextLocked(on)
	return one.look(), nil
}

// nextLocked starts the first job that waits, if its lane is free.
func (j *Jobs) nextLocked(on lane) {
	if j.busy[on] {
		return
	}
	for _, one := range j.all {
		if one.lane == on && one.State == Queued {
			j.busy[on] = true
			one.State, one.StartedAt = Running, j.stampRef()
			j.ended.Add(1)
			go j.run(one)
			return
		}
	}
}

func (j *Jobs) run(one *job) {
	defer j.ended.Done()
	result, err := one.do()
	if one.discard != nil {
		one.discard()
	}
	var problem *Problem
	if err != nil && one.ctx.Err() == nil {
		problem = j.problemOf(one.ctx, err, "body")
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case err == nil:
		one.State, one.Result = Done, result
	case problem == nil:
		one.State = Cancelled
	default:
		one.State, one.Error = Failed, problem
	}
	j.finishLocked(one)
	j.busy[one.lane] = false
	j.nextLocked(one.lane)
}

func (j *Jobs) finishLocked(one *job) {
	one.cancel()
	one.FinishedAt = j.stampRef()
	one.work, one.discard = nil, nil
	for finished := j.countLocked(Done, Failed, Cancelled); finished > mostFinished; finished-- {
		i := slices.IndexFunc(j.all, func(o *job) bool { return o.FinishedAt != nil })
		j.all = slices.Delete(j.all, i, i+1)
	}
}

// do keeps a fault of one job from ending the server.
func (one *job) do() (result any, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("job %s stopped: %v\n%s", one.Kind, fault, debug.Stack())
		}
	}()
	return one.work(one.ctx, &one.progress)
}

// list is every job that is known, the latest first.
func (j *Jobs) list() []Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Job, 0, len(j.all))
	for _, one := range slices.Backward(j.all) {
		look := one.look()
		look.Result = nil // it may be large; GET /jobs/{id} has it
		out = append(out, look)
	}
	return out
}

// get is one job; false when it is not known, or not any more.
func (j *Jobs) get(id string) (Job, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one := j.findLocked(id)
	if one == nil {
		return Job{}, false
	}
	return one.look(), true
}

// stop cancels a job: one that waits ends at once, one that runs when it notices. A finished one stays as it is.
func (j *Jobs) stop(id string) (Job, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	one := j.findLocked(id)
	if one == nil {
		return Job{}, false
	}
	one.cancel()
	j.dropQueuedLocked(one)
	return one.look(), true
}

func (j *Jobs) dropQueuedLocked(one *job) {
	if one.State != Queued {
		return
	}
	if one.discard != nil {
		one.discard()
	}
	one.State = Cancelled
	j.finishLocked(one)
}

func (j *Jobs) findLocked(id string) *job {
	for _, one := range j.all {
		if one.ID == id {
			return one
		}
	}
	return nil
}

func (j *Jobs) countLocked(states ...State) int {
	n := 0
	for _, one := range j.all {
		if slices.Contains(states, one.State) {
			n++
		}
	}
	return n
}

// Count is how many jobs are in a state.
func (j *Jobs) Count(s State) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.countLocked(s)
}

// Stop cancels all. Later jobs are refused.
func (j *Jobs) Stop() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closed = true
	j.cancel()
	for _, one := range slices.Clone(j.all) {
		j.dropQueuedLocked(one)
	}
}

// Close stops, and waits until none runs, or for ctx.
func (j *Jobs) Close(ctx context.Context) error {
	j.Stop()
	done := make(chan struct{})
	go func() {
		j.ended.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look is a job as it stands.
func (one *job) look() Job {
	look := one.Job
	look.Stage, look.Done, look.Total = one.progress.Stage(), one.progress.Done(), one.progress.Total()
	return look
}

func (j *Jobs) stamp() string { return j.now().UTC().Format(time.RFC3339) }

func (j *Jobs) stampRef() *string {
	s := j.stamp()
	return &s
}
