package cli

import (
	"fmt"
	"runtime/debug"

	"rapport/internal/session"
)

type versionCmd struct{}

// Help is shown below the flags' summary.
func (*versionCmd) Help() string {
	return `The engine's revision grows whenever the same records and definition may give other sessions than before.

    rapport version`
}

// Run implements the command.
func (*versionCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.out, "rapport %s, engine revision %d\n", version(), session.Revision)
	return err
}

// version is what the build says of itself.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
