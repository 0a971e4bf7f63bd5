// Package stat is the arithmetic of intervals: pure functions from counts to bounds.
package stat

import "math"

// Z95 is the two-sided 95 % quantile of the normal distribution.
const Z95 = 1.959963984540054

// Wilson is the score interval of a share, k of n (Wilson 1927; without continuity correction). The share lies in it, and it stays within
// 0 and 1. Without any n nothing is known: 0 and 1.
func Wilson(k, n int64, z float64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	fn, p := float64(n), float64(k)/float64(n)
	z2 := z * z
	centre := p + z2/(2*fn)
	half := z * math.Sqrt(p*(1-p)/fn+z2/(4*fn*fn))
	scale := 1 + z2/fn
	low, high = (centre-half)/scale, (centre+half)/scale
	// At the ends the bounds are 0 and 1 exactly, and everywhere the share is between them; rounding must not say otherwise.
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return max(0, min(low, p)), min(1, max(high, p))
}

// Newcombe is the interval of the difference of two independent shares, k1 of n1 minus k2 of n2: the hybrid of their Wilson intervals
// (Newcombe 1998, method 10). Without any n1 or n2 nothing is known: -1 and 1.
func Newcombe(k1, n1, k2, n2 int64, z float64) (low, high float64) {
	if n1 <= 0 || n2 <= 0 {
		return -1, 1
	}
	p1, p2 := float64(k1)/float64(n1), float64(k2)/float64(n2)
	low1, high1 := Wilson(k1, n1, z)
	low2, high2 := Wilson(k2, n2, z)
	low = p1 - p2 - math.Hypot(p1-low1, high2-p2)
	high = p1 - p2 + math.Hypot(high1-p1, p2-low2)
	return max(-1, low), min(1, high)
}
