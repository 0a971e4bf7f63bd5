package wire

import (
	"strings"

	"rapport/internal/store"
)

// Import is the account of one import: read = accepted + duplicate + superseded + quarantined.
type Import struct {
	ID            int64          `json:"id"`
	StartedAt     *string        `json:"started_at"`
	FinishedAt    *string        `json:"finished_at"`
	RemovedAt     *string        `json:"removed_at" doc:"null while it stands"`
	Paths         []string       `json:"paths" doc:"what was imported, as it was named"`
	Sample        bool           `json:"sample" doc:"made up by rapport demo"`
	Bytes         int64          `json:"bytes"`
	Inputs        int64          `json:"inputs" doc:"files and members of archives"`
	Read          int64          `json:"read" doc:"records: the sum of the four below"`
	Accepted      int64          `json:"accepted"`
	Duplicate     int64          `json:"duplicate"`
	Superseded    int64          `json:"superseded"`
	Quarantined   int64          `json:"quarantined"`
	Reasons       []store.Reason `json:"reasons" doc:"of quarantine, most frequent first"`
	Warnings      []string       `json:"warnings"`
	Conversations int64          `json:"conversations" doc:"derived again because of it"`
	Generation    int64          `json:"generation" doc:"that made it visible"`
}

// ImportOf is an import with the names of its paths: uploads are called what they were called where they came from, without the folder they
// waited in.
func ImportOf(i store.Import, folder string) Import {
	out := Import{
		ID: i.ID, StartedAt: Stamp(i.StartedAt, i.StartedAt == 0), FinishedAt: Stamp(i.FinishedAt, i.FinishedAt == 0),
		RemovedAt: Stamp(i.RemovedAt, i.RemovedAt == 0), Paths: []string{}, Sample: i.Sample, Bytes: i.Bytes, Inputs: i.Inputs,
		Read: i.Read, Accepted: i.Accepted, Duplicate: i.Duplicate, Superseded: i.Superseded, Quarantined: i.Quarantine,
		Reasons: append([]store.Reason{}, i.Reasons...), Warnings: []string{}, Conversations: i.Touched, Generation: i.Generation,
	}
	for _, p := range i.Paths {
		out.Paths = append(out.Paths, within(folder, p))
	}
	for _, w := range i.Warnings {
		out.Warnings = append(out.Warnings, strings.ReplaceAll(w, folder, ""))
	}
	return out
}

// within takes the folder of an upload, which has a folder of its own in there, off a name.
func within(folder, name string) string {
	rest, ok := strings.CutPrefix(name, folder)
	if folder == "" || !ok {
		return name
	}
	if _, file, ok := strings.Cut(strings.TrimLeft(rest, `/\`), "/"); ok {
		return file
	}
	return rest
}

// mostRaw is how much of a quarantined row is shown.
const mostRaw = 1 << 20

// Reject is one row in quarantine (docs/cli-json.md, Rejects).
type Reject struct {
	File   string  `json:"file"`
	Row    int     `json:"row" doc:"from 1; 0 for a whole file"`
	Offset int64   `json:"offset" doc:"byte in the unpacked file"`
	Reason string  `json:"reason"`
	Raw    *string `json:"raw" doc:"as it came, up to 1 MiB of it; null when it was too large to hold"`
}

// RejectOf is a reject whose Raw is unpacked.
func RejectOf(r store.Reject, folder string) Reject {
	out := Reject{File: within(folder, r.Origin.File), Row: r.Origin.Row, Offset: r.Origin.Offset, Reason: r.Reason}
	if r.Raw != nil {
		raw := string(r.Raw[:min(len(r.Raw), mostRaw)])
		out.Raw = &raw
	}
	return out
}
