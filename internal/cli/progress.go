package cli

import (
	"fmt"
	"os"
	"sync"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/ingest"
	"rapport/internal/source"
)

// progress redraws one line on a terminal until it is stopped. A nil one draws nothing.
type progress struct {
	out   *os.File
	line  func(elapsed time.Duration) string
	start time.Time
	done  chan struct{}
	ended sync.WaitGroup
}

const eraseLine = "\r\x1b[K"

// startProgress draws on standard error when that is a terminal and nobody asked for quiet.
func startProgress(a *app, line func(elapsed time.Duration) string) *progress {
	out, ok := terminal(a.err)
	if !ok || a.quiet {
		return nil
	}
	p := &progress{out: out, line: line, start: time.Now(), done: make(chan struct{})}
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
			fmt.Fprint(p.out, eraseLine, p.line(now.Sub(p.start)))
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

// readingFiles is the line of a command that reads files.
func readingFiles(bytes *source.Progress, stage *ingest.Stage) func(time.Duration) string {
	return func(elapsed time.Duration) string {
		return describeProgress(bytes.Read(), bytes.Total(), stage.Records(), stage.Conversations(), elapsed)
	}
}

// working is the line of long work on a data set. A stage has its own clock, since its rate is its own.
func working(p *dataset.Progress) func(time.Duration) string {
	stage, began := "", time.Duration(0)
	return func(elapsed time.Duration) string {
		if now := p.Stage(); now != stage {
			stage, began = now, elapsed
		}
		return describeStage(stage, p.Done(), p.Total(), elapsed-began)
	}
}

// describeStage is the line: what is being done, how much of it, the rate and the time left. Reading is counted in bytes.
func describeStage(stage string, done, total int64, elapsed time.Duration) string {
	amount := number
	if stage == "reading" {
		amount = size
	}
	line := stage
	if done == 0 {
		return line
	}
	line += " " + amount(done)
	if total > 0 {
		line += fmt.Sprintf(" of %s (%d %%)", amount(total), min(100, done*100/total))
	}
	if elapsed < time.Second {
		return line
	}
	line += fmt.Sprintf(", %s/s", amount(int64(float64(done)/elapsed.Seconds())))
	if left := total - done; total > 0 && left > 0 {
		line += fmt.Sprintf(", %s left", time.Duration(float64(elapsed)*float64(left)/float64(done)).Round(time.Second))
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
