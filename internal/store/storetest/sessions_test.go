package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rapport/internal/fact"
)

func TestSessions(t *testing.T) {
	const n = 25_000
	from, to := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	var all fact.Facts
	seen := map[int64]bool{}
	batches := 0
	err := Sessions(n, from, to, 7, func(f *fact.Facts, keys []int64) error {
		batches++
		slices.Sort(keys)
		had := slices.Compact(slices.Sorted(slices.Values(keysIn(f))))
		if !slices.Equal(keys, had) {
			t.Fatalf("batch %d: its keys are not those of its rows", batches)
		}
		for _, key := range keys {
			if seen[key] {
				t.Fatalf("key %d comes twice", key)
			}
			seen[key] = true
		}
		all = *join(&all, f)
		return nil
	})
	ok(t, err)
	if batches < 2 || len(all.Sessions) != n || len(all.Billed) < n/2 || len(all.Utterances) < n/10 {
		t.Errorf("%d batches, %d sessions, %d billed, %d utterances", batches, len(all.Sessions), len(all.Billed), len(all.Utterances))
	}
	share := func(what string, low, high float64, is func(*fact.Session) bool) {
		t.Helper()
		count := 0
		for i := range all.Sessions {
			if is(&all.Sessions[i]) {
				count++
			}
		}
		if got := float64(count) / n; got < low || got > high {
			t.Errorf("%s: %.3f of all, wanted %.2f to %.2f", what, got, low, high)
		}
	}
	share("chat", 0.88, 0.92, func(s *fact.Session) bool { return s.Kind == 0 })
	share("engaged", 0.5, 0.75, func(s *fact.Session) bool { return s.Engaged })
	share("rated, of the engaged", 0.06, 0.12, func(s *fact.Session) bool { return s.CSAT > 0 })
	share("in the range", 0.99, 1, func(s *fact.Session) bool { return s.StartedAt >= from.UnixMilli() && s.StartedAt < to.UnixMilli() })
	share("of the first bot", 0.45, 0.55, func(s *fact.Session) bool { return s.Bot == "bot-1" })
	for what, test := range map[string]struct {
		want int
		of   func(*fact.Session) string
	}{
		"bots":     {6, func(s *fact.Session) string { return s.Bot }},
		"channels": {12, func(s *fact.Session) string { return s.Channel }},
		"topics":   {61, func(s *fact.Session) string { return s.TopicID }}, // one is none
		"locales":  {5, func(s *fact.Session) string { return s.Locale }},
	} {
		different := map[string]bool{}
		for i := range all.Sessions {
			different[test.of(&all.Sessions[i])] = true
		}
		same(t, what, test.want, len(different))
	}
	again := 0
	ok(t, Sessions(n, from, to, 7, func(f *fact.Facts, _ []int64) error {
		same(t, "the same seed again", all.Sessions[again:again+len(f.Sessions)], f.Sessions)
		again += len(f.Sessions)
		return nil
	}))
	if err := Sessions(n, from, to, 7, func(*fact.Facts, []int64) error { return errStop }); !errors.Is(err, errStop) {
		t.Errorf("a callback's error becomes %v", err)
	}
}

func BenchmarkSessions(b *testing.B) {
	from, to := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	err := Sessions(b.N, from, to, 7, func(*fact.Facts, []int64) error { return nil })
	if err != nil {
		b.Fatal(err)
	}
}
