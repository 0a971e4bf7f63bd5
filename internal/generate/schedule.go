package generate

import (
	"container/heap"
	"context"
	"math"
	"time"
)

// errand is a row that is still to be written: which one, and when it reaches the table. The row itself is made when it is due,
// so that what waits is small, whatever the rows hold.
type errand struct {
	due          int64 // ms since 1970
	conversation int
	window       int
	part         int // 1 for the second half of a split record
	again        bool
}

// maxErrands bounds what waits. A world so dense that more would wait writes the earliest ones before their time.
const maxErrands = 1 << 14

// schedule plans every conversation in the order of their starts and hands its rows to write about when Dataverse would have
// got them: half an hour after the session, late ones days after it. So the rows of one conversation stand apart.
func (w *world) schedule(ctx context.Context, write func(*chat, errand) error) error {
	const settled = 36 * time.Minute // no row is due earlier after its session's start
	var waiting errands
	var planned, due chat
	flush := func(until int64) error {
		for len(waiting) > 0 && waiting[0].due <= until {
			if err := ctx.Err(); err != nil {
				return err
			}
			e := heap.Pop(&waiting).(errand)
			w.plan(&due, e.conversation)
			if err := write(&due, e); err != nil {
				return err
			}
		}
		return nil
	}
	for n := range w.opts.Conversations {
		w.plan(&planned, n)
		if err := flush(planned.windows[0].start + settled.Milliseconds()); err != nil {
			return err
		}
		for i := range planned.windows[:planned.count] {
			v := &planned.windows[i]
			e := errand{due: v.start + settled.Milliseconds() + v.lag, conversation: n, window: i}
			heap.Push(&waiting, e)
			if v.split {
				half := e
				half.part, half.due = 1, e.due+v.apart
				heap.Push(&waiting, half)
			}
			if v.revised > 0 {
				again := e
				again.again, again.due = true, e.due+v.revised
				heap.Push(&waiting, again)
			}
		}
		for len(waiting) > maxErrands {
			if err := flush(waiting[0].due); err != nil {
				return err
			}
		}
	}
	return flush(math.MaxInt64)
}

// errands is a heap, the earliest first; what is due at the same time keeps the order of the conversations.
type errands []errand

func (h errands) Len() int      { return len(h) }
func (h errands) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h errands) Less(i, j int) bool {
	a, b := h[i], h[j]
	switch {
	case a.due != b.due:
		return a.due < b.due
	case a.conversation != b.conversation:
		return a.conversation < b.conversation
	case a.window != b.window:
		return a.window < b.window
	case a.part != b.part:
		return a.part < b.part
	default:
		return !a.again && b.again
	}
}

func (h *errands) Push(x any) { *h = append(*h, x.(errand)) }

func (h *errands) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}
