package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"rapport/internal/ingest"
	"rapport/internal/source"
)

// progress redraws one line on a terminal until it is stopped. A nil one draws nothing.
type progress struct {
	out   *os.File
	bytes *source.Progress
	stage *ingest.Stage
	start time.Time
	done  chan struct{}
	ended sync.WaitGroup
}

const eraseLine = "\r\x1b[K"

// startProgress draws on standard error when that is a terminal and nobody asked for quiet.
func startProgress(a *app, bytes *source.Progress, stage *ingest.Stage) *progress {
	out, ok := terminal(a.err)
	if !ok || a.quiet {
		return nil
	}
	p := &progress{out: out, bytes: bytes, stage: stage, start: time.Now(), done: make(chan struct{})}
	p.ended.Go(p.run)
	return p
}

func (p *progress) run() {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			fmt.Fprint(p.out, eraseLine)
			return
		case now := <-tick.C:
			line := describeProgress(p.bytes.Read(), p.bytes.Total(), p.stage.Records(), p.stage.Conversations(), now.Sub(p.start))
			fmt.Fprint(p.out, eraseLine, line)
		}
	}
}

func (p *progress) stop() {
	if p == nil {
		return
	}
	close(p.done)
	p.ended.Wait()
}

// describeProgress is the line: bytes, share, records, rate and the time left while reading, then conversations.
func describeProgress(read, total, records, conversations int64, elapsed time.Duration) string {
	if conversations > 0 {
		return fmt.Sprintf("%s read, %s", count(records, "record"), count(conversations, "conversation"))
	}
	line := size(read)
	if total > 0 {
		line = fmt.Sprintf("%s of %s (%d %%)", line, size(total), min(100, read*100/total))
	}
	line += ", " + count(records, "record")
	seconds := elapsed.Seconds()
	if seconds < 1 {
		return line
	}
	line += fmt.Sprintf(", %s/s", size(int64(float64(read)/seconds)))
	if left := total - read; total > 0 && read > 0 && left > 0 {
		wait := time.Duration(float64(elapsed) * float64(left) / float64(read)).Round(time.Second)
		line += fmt.Sprintf(", %s left", wait)
	}
	return line
}

// size is bytes for people, in powers of 1000.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	default:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	}
}
