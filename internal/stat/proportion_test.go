package stat

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func near(got, want, within float64) bool { return math.Abs(got-want) <= within }

// The examples of R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998) 857-872,
// table I, method 3, to the digits printed there.
func TestWilsonPublished(t *testing.T) {
	for _, tc := range []struct {
		k, n      int64
		low, high float64
	}{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0.0000, 0.1611},
		{1, 29, 0.0061, 0.1718},
	} {
		low, high := Wilson(tc.k, tc.n, Z95)
		if !near(low, tc.low, 0.00005) || !near(high, tc.high, 0.00005) {
			t.Errorf("%d of %d: %.4f to %.4f, published %.4f to %.4f", tc.k, tc.n, low, high, tc.low, tc.high)
		}
	}
}

// Worked by hand with z = 2: 1 of 4 is (1/4 + 1/2 ± 2 sqrt(3/64 + 1/16)) / 2.
func TestWilsonByHand(t *testing.T) {
	low, high := Wilson(1, 4, 2)
	if want := (0.75 - 2*math.Sqrt(7.0/64)) / 2; !near(low, want, 1e-15) {
		t.Errorf("low %v, want %v", low, want)
	}
	if want := (0.75 + 2*math.Sqrt(7.0/64)) / 2; !near(high, want, 1e-15) {
		t.Errorf("high %v, want %v", high, want)
	}
	if low, high := Wilson(0, 0, Z95); low != 0 || high != 1 {
		t.Errorf("nothing of nothing: %v to %v, want 0 to 1", low, high)
	}
}

// A Wilson bound is a share b from which the observed one is exactly z standard errors of b away; that is what defines it.
func TestWilsonProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "n")
		k := rapid.Int64Range(0, n).Draw(t, "k")
		p := float64(k) / float64(n)
		low, high := Wilson(k, n, Z95)
		if !(0 <= low && low <= p && p <= high && high <= 1) {
			t.Fatalf("%d of %d: %v to %v is no interval around %v", k, n, low, high, p)
		}
		for _, b := range []float64{low, high} {
			if got, want := math.Abs(p-b), Z95*math.Sqrt(b*(1-b)/float64(n)); !near(got, want, 1e-9) {
				t.Fatalf("%d of %d: bound %v is %v away, its errors are %v", k, n, b, got, want)
			}
		}
		if l, h := Wilson(n-k, n, Z95); !near(l, 1-high, 1e-12) || !near(h, 1-low, 1e-12) {
			t.Fatalf("%d of %d: the rest is %v to %v, not the mirror of %v to %v", k, n, l, h, low, high)
		}
		if l, h := Wilson(2*k, 2*n, Z95); h-l >= high-low {
			t.Fatalf("%d of %d: twice as many do not narrow %v to %v", k, n, low, high)
		}
	})
}

// The examples of R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
// Statistics in Medicine 17 (1998) 873-890, table II, method 10.
func TestNewcombePublished(t *testing.T) {
	for _, tc := range []struct {
		k1, n1, k2, n2 int64
		low, high      float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1.0000},
		{10, 10, 0, 10, 0.6075, 1.0000},
	} {
		t.Run(fmt.Sprintf("%d of %d less %d of %d", tc.k1, tc.n1, tc.k2, tc.n2), func(t *testing.T) {
			low, high := Newcombe(tc.k1, tc.n1, tc.k2, tc.n2, Z95)
			if !near(low, tc.low, 0.00005) || !near(high, tc.high, 0.00005) {
				t.Errorf("%.4f to %.4f, published %.4f to %.4f", low, high, tc.low, tc.high)
			}
		})
	}
	if low, high := Newcombe(3, 4, 0, 0, Z95); low != -1 || high != 1 {
		t.Errorf("against nothing: %v to %v, want -1 to 1", low, high)
	}
}

func TestNewcombeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n1, n2 := rapid.Int64Range(1, 100_000).Draw(t, "n1"), rapid.Int64Range(1, 100_000).Draw(t, "n2")
		k1, k2 := rapid.Int64Range(0, n1).Draw(t, "k1"), rapid.Int64Range(0, n2).Draw(t, "k2")
		difference := float64(k1)/float64(n1) - float64(k2)/float64(n2)
		low, high := Newcombe(k1, n1, k2, n2, Z95)
		if !(-1 <= low && low <= difference && difference <= high && high <= 1) {
			t.Fatalf("%v to %v is no interval around %v", low, high, difference)
		}
		if l, h := Newcombe(k2, n2, k1, n1, Z95); l != -high || h != -low {
			t.Fatalf("the other way round it is %v to %v, not the mirror of %v to %v", l, h, low, high)
		}
		l, h := Newcombe(2*k1, 2*n1, 2*k2, 2*n2, Z95)
		if h-l >= high-low {
			t.Fatalf("twice as many of both do not narrow %v to %v", low, high)
		}
	})
}
