package stat

import (
	"math"
	"math/bits"
)

// MeanInterval is the 95 % interval of a mean, by Student's t, from the sum, the sum of squares and the number of values. It is false
// for fewer than two values, of which nothing can be said.
func MeanInterval(sum, squares, n int64) (low, high float64, ok bool) {
	if n < 2 {
		return 0, 0, false
	}
	mean := float64(sum) / float64(n)
	half := StudentQuantile(0.975, float64(n-1)) * math.Sqrt(variance(sum, squares, n)/float64(n))
	return mean - half, mean + half, true
}

// DifferenceOfMeans is the 95 % interval of the first mean minus the second, whose variances may differ (Welch 1947, with the degrees of
// freedom of Satterthwaite). It is false where either has fewer than two values.
func DifferenceOfMeans(sum1, squares1, n1, sum2, squares2, n2 int64) (low, high float64, ok bool) {
	if n1 < 2 || n2 < 2 {
		return 0, 0, false
	}
	difference := float64(sum1)/float64(n1) - float64(sum2)/float64(n2)
	v1 := variance(sum1, squares1, n1) / float64(n1)
	v2 := variance(sum2, squares2, n2) / float64(n2)
	if v1+v2 == 0 {
		return difference, difference, true
	}
	freedom := (v1 + v2) * (v1 + v2) / (v1*v1/float64(n1-1) + v2*v2/float64(n2-1))
	half := StudentQuantile(0.975, freedom) * math.Sqrt(v1+v2)
	return difference - half, difference + half, true
}

// variance is that of a sample, (n squares - sum²) / (n (n-1)). The difference is of whole numbers and taken exactly, in 128 bits: equal
// values have a variance of 0, not one of rounding. Squares that no values can have give 0.
func variance(sum, squares, n int64) float64 {
	size := uint64(max(sum, -sum))
	high1, low1 := bits.Mul64(uint64(n), uint64(max(squares, 0)))
	high2, low2 := bits.Mul64(size, size)
	low, borrow := bits.Sub64(low1, low2, 0)
	high, under := bits.Sub64(high1, high2, borrow)
	if under != 0 {
		return 0
	}
	return (math.Ldexp(float64(high), 64) + float64(low)) / float64(n) / float64(n-1)
}
