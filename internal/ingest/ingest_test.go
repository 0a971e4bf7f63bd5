package ingest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/internal/activity"
	"rapport/internal/assemble"
	"rapport/internal/decode"
	"rapport/internal/errs"
	"rapport/internal/source"
)

const realRows = "../../testdata/dataverse/conversationtranscripts.json"

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, opts Options) (ids []string, report Report) {
	t.Helper()
	report, err := Run(context.Background(), opts, func(c *activity.Conversation) error {
		ids = append(ids, c.ID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Counts.Adds() {
		t.Errorf("counts do not add up: %s", report.Counts)
	}
	return ids, report
}

// TestMixedFolder: good files, a copy of one in another packing, and files that nobody can read: every record is accounted for.
func TestMixedFolder(t *testing.T) {
	rows, err := os.ReadFile(realRows)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.json"), rows)
	write(t, filepath.Join(dir, "b.bin"), packed.Bytes())
	write(t, filepath.Join(dir, "c.json"), rows[:len(rows)/2])
	write(t, filepath.Join(dir, "d.gz"), packed.Bytes()[:1000])
	write(t, filepath.Join(dir, "e.txt"), []byte("nothing of ours"))
	write(t, filepath.Join(dir, "f.json"), nil)
	var rejected []decode.Reject
	stage := &Stage{}
	ids, report := run(t, Options{Paths: []string{dir}, Stage: stage, Reject: func(r decode.Reject) error {
		rejected = append(rejected, r)
		return nil
	}})
	if len(ids) != 11 || report.Counts.Accepted != 11 || report.Conversations != 11 || report.Inputs != 6 {
		t.Errorf("%d conversations of %d inputs, %s", len(ids), report.Inputs, report.Counts)
	}
	if report.Counts.Duplicate < 11 || report.Counts.Superseded != 0 {
		t.Errorf("%s", report.Counts)
	}
	if len(rejected) != int(report.Counts.Quarantined) || len(rejected) < 4 || stage.Records() != report.Counts.Read {
		t.Errorf("%d rejects, %d records, %s", len(rejected), stage.Records(), report.Counts)
	}
	for _, name := range []string{"c.json", "d.gz", "e.txt", "f.json"} {
		found := false
		for _, r := range report.Rejects {
			found = found || strings.HasSuffix(r.Origin.File, name) && r.Reason != ""
		}
		if !found {
			t.Errorf("no reject of %s in %v", name, report.Rejects)
		}
	}
}

// TestOrderAndBudget: the same files in another order and a budget that spills give the same conversations.
func TestOrderAndBudget(t *testing.T) {
	snapshots := "../../testdata/bot-framework/botbuilder-js"
	a, first := run(t, Options{Paths: []string{realRows, snapshots}})
	b, second := run(t, Options{Paths: []string{snapshots, realRows}, Assemble: assemble.Options{Budget: 1000, TempDir: t.TempDir()}})
	if strings.Join(a, "\n") != strings.Join(b, "\n") || first.Counts != second.Counts {
		t.Errorf("%s and %s", first.Counts, second.Counts)
	}
}

func TestNoSuchPath(t *testing.T) {
	_, err := Run(context.Background(), Options{Paths: []string{realRows, "nowhere"}}, func(*activity.Conversation) error {
		t.Error("a conversation in spite of a path that leads nowhere")
		return nil
	})
	if errs.CodeOf(err) != errs.NotFound {
		t.Errorf("error is %v", err)
	}
}

// TestStops: an error of the callbacks stops the run, and nothing is left in the temporary folder.
func TestStops(t *testing.T) {
	stop := errors.New("stop")
	dir := t.TempDir()
	opts := Options{Paths: []string{realRows}, Assemble: assemble.Options{Budget: 1, TempDir: dir}}
	if _, err := Run(context.Background(), opts, func(*activity.Conversation) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Run(ctx, opts, func(*activity.Conversation) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	opts.Paths, opts.Source = []string{"-"}, source.Options{Stdin: strings.NewReader("no transcript")}
	opts.Reject = func(decode.Reject) error { return stop }
	if _, err := Run(context.Background(), opts, func(*activity.Conversation) error { return nil }); !errors.Is(err, stop) {
		t.Errorf("error is %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
