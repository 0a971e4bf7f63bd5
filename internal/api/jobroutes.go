package api

import (
	"context"

	"rapport/internal/dataset"
	"rapport/internal/errs"
)

type progress = dataset.Progress

type jobOutput struct {
	Location string `header:"Location"`
	Body     Job
}

// start makes a job of long work. discard, which may be nil, is called at its end.
func (a *API) start(kind, subject string, on lane, discard func(), work func(context.Context, *progress) (any, error)) (*jobOutput, error) {
	job, err := a.jobs.submit(kind, clip(subject, mostEcho), on, discard, work)
	if err != nil {
		return nil, err
	}
	return &jobOutput{Base + "/jobs/" + job.ID, job}, nil
}

type jobsOutput struct {
	Body struct {
		Jobs []Job `json:"jobs" doc:"the latest first, without results"`
	}
}

func (a *API) jobList(context.Context, *struct{}) (*jobsOutput, error) {
	out := &jobsOutput{}
	out.Body.Jobs = a.jobs.list()
	return out, nil
}

type jobInput struct {
	ID string `path:"id"`
}

type jobState struct{ Body Job }

func (a *API) job(_ context.Context, in *jobInput) (*jobState, error) {
	return known(a.jobs.get(in.ID))
}

func (a *API) cancelJob(_ context.Context, in *jobInput) (*jobState, error) {
	return known(a.jobs.stop(in.ID))
}

func known(job Job, ok bool) (*jobState, error) {
	if !ok {
		return nil, errs.New(errs.NotFound, "jobs are forgotten when the server stops, and the oldest when there are many", "there is no such job")
	}
	return &jobState{job}, nil
}
