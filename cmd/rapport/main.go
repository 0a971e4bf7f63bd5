// Command rapport measures how people engage with chatbots. See docs/cli.md.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // zones on machines that have none installed

	"rapport/internal/cli"
)

func main() { os.Exit(run()) }

// softLimit is what the collector of garbage aims at when input comes near the limits of decode.Limits. What is usual stays far below.
const softLimit = 256 << 20

func run() int {
	private()
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
	// A closed pipe is an error of the write, so that temporary files are removed, and not the end of the process.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // whoever interrupts twice does not want to wait
	return cli.Main(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}
