package spill

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// TestSorted: whatever the budget, the pairs come back in the order of their keys, equal keys in the order they were added.
func TestSorted(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		keys := rapid.SliceOfN(rapid.StringMatching(`[a-c]{0,3}`), 0, 400).Draw(rt, "keys")
		s := New(int64(rapid.IntRange(1, 4000).Draw(rt, "budget")), dir)
		defer s.Close()
		want := make([]string, len(keys))
		for i, k := range keys {
			want[i] = fmt.Sprintf("%s\x00%06d", k, i)
			if err := s.Add([]byte(k), binary.BigEndian.AppendUint32(nil, uint32(i))); err != nil {
				rt.Fatal(err)
			}
		}
		sort.Strings(want)
		n := 0
		err := s.All(context.Background(), func(key, value []byte) error {
			got := fmt.Sprintf("%s\x00%06d", key, binary.BigEndian.Uint32(value))
			if n >= len(want) || got != want[n] {
				return fmt.Errorf("pair %d is %q", n, got)
			}
			n++
			return nil
		})
		if err != nil || n != len(want) {
			rt.Fatalf("%d of %d pairs: %v", n, len(want), err)
		}
	})
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// TestCascade: many runs are merged, so that the number of files stays small.
func TestCascade(t *testing.T) {
	s := New(1, t.TempDir())
	defer s.Close()
	for i := range 3000 {
		if err := s.Add([]byte(fmt.Sprintf("%05d", (i*7919)%3000)), nil); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := os.ReadDir(s.temp); err != nil || len(files) > 3*fanIn {
		t.Errorf("%d files: %v", len(files), err)
	}
	n := 0
	err := s.All(context.Background(), func(key, _ []byte) error {
		if want := fmt.Sprintf("%05d", n); string(key) != want {
			return fmt.Errorf("%s, want %s", key, want)
		}
		n++
		return nil
	})
	if err != nil || n != 3000 {
		t.Errorf("%d: %v", n, err)
	}
}

func TestStops(t *testing.T) {
	s := New(1<<20, t.TempDir())
	defer s.Close()
	if err := s.Add([]byte("a"), nil); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	if err := s.All(context.Background(), func(_, _ []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.All(ctx, func(_, _ []byte) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if s.Spilled() {
		t.Error("spilled within the budget")
	}
}

func TestNoFolder(t *testing.T) {
	s := New(1, t.TempDir()+"/nowhere")
	defer s.Close()
	if err := s.Add([]byte("a"), []byte("b")); err == nil {
		t.Error("no error without a folder to write to")
	}
}
