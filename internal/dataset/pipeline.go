package dataset

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// step is one piece of work on its way through a pipeline: done gives its result, once.
type step[In, Out any] struct {
	in   In
	done chan Out
}

// pipeline runs produce in a goroutine of its own, work in as many as there are workers, and take in the caller's: the three overlap, and
// take meets the results in the order in which produce emitted what they are of. A few pieces are under way at a time, whatever there is:
// enough for the workers to go on while take is held up now and then.
// When one of the three fails all of them end, and the first error is returned.
func pipeline[In, Out any](
	ctx context.Context, workers int,
	produce func(ctx context.Context, emit func(In) error) error,
	work func(ctx context.Context, in In) (Out, error),
	take func(out Out) error,
) error {
	g, ctx := errgroup.WithContext(ctx)
	todo, order := make(chan step[In, Out]), make(chan step[In, Out], 4*workers)
	g.Go(func() error {
		defer close(order)
		defer close(todo)
		return produce(ctx, func(in In) error {
			s := step[In, Out]{in, make(chan Out, 1)}
			for _, to := range [...]chan step[In, Out]{order, todo} {
				select {
				case to <- s:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range workers {
		g.Go(func() error {
			for s := range todo {
				out, err := work(ctx, s.in)
				if err != nil {
					return err
				}
				s.done <- out
			}
			return nil
		})
	}
	// take runs here and not in the group, since a transaction belongs to the goroutine that it was begun in.
	err := func() error {
		for s := range order {
			select {
			case out := <-s.done:
				if err := take(out); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	if err != nil {
		g.Go(func() error { return err }) // ends the others, and stands unless one of them was the first to fail
	}
	return g.Wait()
}
