package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func moments(values []int64) (sum, squares, n int64) {
	for _, v := range values {
		sum += v
		squares += v * v
	}
	return sum, squares, int64(len(values))
}

// Printed tables (e.g. NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, to three digits) and the closed forms for one, two
// and four degrees of freedom.
func TestStudentQuantile(t *testing.T) {
	for _, tc := range []struct{ p, freedom, want, within float64 }{
		{0.975, 3, 3.182, 0.0005},
		{0.975, 5, 2.571, 0.0005},
		{0.975, 10, 2.228, 0.0005},
		{0.975, 30, 2.042, 0.0005},
		{0.975, 100, 1.984, 0.0005},
		{0.95, 7, 1.895, 0.0005},
		{0.995, 12, 3.055, 0.0005},
		{0.975, 1, math.Tan(math.Pi * 0.475), 1e-10},
		{0.975, 2, 0.95 * math.Sqrt(2/(4*0.975*0.025)), 1e-10},
		{0.975, 4, four(0.975), 1e-10},
		{0.9995, 4, four(0.9995), 1e-9},
		{0.5, 9, 0, 0},
		{0.025, 2, -0.95 * math.Sqrt(2/(4*0.975*0.025)), 1e-10},
		{0.975, 1e12, Z95, 1e-9},
	} {
		if got := StudentQuantile(tc.p, tc.freedom); !near(got, tc.want, tc.within) {
			t.Errorf("quantile %v of %v degrees is %.10f, want %.10f", tc.p, tc.freedom, got, tc.want)
		}
	}
	for _, tc := range []struct{ p, freedom float64 }{{0, 3}, {1, 3}, {0.9, 0}, {0.9, -1}, {math.NaN(), 3}, {0.9, math.NaN()}} {
		if got := StudentQuantile(tc.p, tc.freedom); !math.IsNaN(got) {
			t.Errorf("quantile %v of %v degrees is %v, want none", tc.p, tc.freedom, got)
		}
	}
}

// four is the closed form for four degrees of freedom.
func four(p float64) float64 {
	a := math.Sqrt(4 * p * (1 - p))
	return 2 * math.Sqrt(math.Cos(math.Acos(a)/3)/a-1)
}

// The two methods meet: where the expansion takes over it says what the other says, and still does with a fifth of the degrees.
func TestStudentMethodsMeet(t *testing.T) {
	for _, p := range []float64{0.6, 0.9, 0.975, 0.9995} {
		for _, freedom := range []float64{200, 999.999} {
			z := math.Sqrt2 * math.Erfinv(2*p-1)
			if got, want := expansion(z, freedom), StudentQuantile(p, freedom); !near(got, want, 2e-9) {
				t.Errorf("quantile %v of %v degrees: %.12f by expansion, %.12f by the beta function", p, freedom, got, want)
			}
		}
	}
}

// What lies below the quantile, by summing up the density, is what was asked for: whole degrees or not, on both sides of where the method
// changes.
func TestStudentQuantileIsInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		freedom := rapid.OneOf(rapid.Float64Range(1, 30), rapid.Float64Range(900, 1100)).Draw(t, "freedom")
		p := rapid.Float64Range(0.6, 0.99).Draw(t, "p")
		q := StudentQuantile(p, freedom)
		const steps = 2000
		h := q / steps
		sum := density(0, freedom) + density(q, freedom)
		for i := 1; i < steps; i++ {
			sum += float64(2+2*(i%2)) * density(float64(i)*h, freedom)
		}
		if got := 0.5 + sum*h/3; !near(got, p, 1e-9) {
			t.Fatalf("below quantile %v of %v degrees lies %v", p, freedom, got)
		}
	})
}

// 1 to 5: mean 3, variance 2.5, standard error sqrt(0.5), t with 4 degrees 2.776445.
func TestMeanIntervalByHand(t *testing.T) {
	sum, squares, n := moments([]int64{1, 2, 3, 4, 5})
	low, high, ok := MeanInterval(sum, squares, n)
	if !ok || !near(low, 3-2.776445*math.Sqrt(0.5), 1e-6) || !near(high, 3+2.776445*math.Sqrt(0.5), 1e-6) {
		t.Errorf("%v to %v, %v", low, high, ok)
	}
	if _, _, ok := MeanInterval(4, 16, 1); ok {
		t.Error("one value has an interval")
	}
	// Equal values have no spread, however large they are.
	if low, high, _ := MeanInterval(3*1_000_003, 3*1_000_003*1_000_003, 3); low != 1_000_003 || high != 1_000_003 {
		t.Errorf("equal values: %v to %v", low, high)
	}
}

// 1 to 5 against their doubles: -3, variances 2.5 and 10, error sqrt(0.5 + 2), degrees 2.5² / (0.5²/4 + 2²/4) = 100/17.
func TestDifferenceOfMeansByHand(t *testing.T) {
	s1, q1, n1 := moments([]int64{1, 2, 3, 4, 5})
	s2, q2, n2 := moments([]int64{2, 4, 6, 8, 10})
	low, high, ok := DifferenceOfMeans(s1, q1, n1, s2, q2, n2)
	half := StudentQuantile(0.975, 100.0/17) * math.Sqrt(2.5)
	if !ok || !near(low, -3-half, 1e-12) || !near(high, -3+half, 1e-12) {
		t.Errorf("%v to %v, %v; want -3 and %v either way", low, high, ok, half)
	}
	if _, _, ok := DifferenceOfMeans(s1, q1, n1, 3, 9, 1); ok {
		t.Error("one value against five has an interval")
	}
	if low, high, ok := DifferenceOfMeans(10, 50, 2, 6, 18, 2); !ok || low != 2 || high != 2 {
		t.Errorf("values without spread: %v to %v, %v; want 2", low, high, ok)
	}
}

func TestMeanProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(0, 5000), 2, 60)
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		s, q, n := moments(a)
		mean := float64(s) / float64(n)
		low, high, ok := MeanInterval(s, q, n)
		if !ok || low > mean || high < mean {
			t.Fatalf("%v to %v, %v, around %v", low, high, ok, mean)
		}
		if !near(high-mean, mean-low, 1e-9) {
			t.Fatalf("%v to %v is not even around %v", low, high, mean)
		}
		if l, h, _ := MeanInterval(2*s, 2*q, 2*n); h-l > high-low {
			t.Fatalf("twice as many widen %v to %v", low, high)
		}
		// Adding the same to every value moves the interval and nothing else.
		moved := make([]int64, len(a))
		for i, v := range a {
			moved[i] = v + 1000
		}
		if l, h, _ := MeanInterval(moments(moved)); !near(l, low+1000, 1e-6) || !near(h, high+1000, 1e-6) {
			t.Fatalf("moved by 1000 it is %v to %v, not %v to %v", l, h, low+1000, high+1000)
		}
		s2, q2, n2 := moments(b)
		low, high, _ = DifferenceOfMeans(s, q, n, s2, q2, n2)
		if d := mean - float64(s2)/float64(n2); low > d || high < d {
			t.Fatalf("%v to %v does not hold the difference %v", low, high, d)
		}
		if l, h, _ := DifferenceOfMeans(s2, q2, n2, s, q, n); !near(l, -high, 1e-9) || !near(h, -low, 1e-9) {
			t.Fatalf("the other way round it is %v to %v, not the mirror of %v to %v", l, h, low, high)
		}
	})
}
