package stat

import "math"

// manyFreedom is where the expansion around the normal quantile is good to more than ten digits.
const manyFreedom = 1000

// StudentQuantile is the value below which Student's t with so many degrees of freedom (a real number above 0) lies with probability p,
// 0 < p < 1. It is good to at least 1e-9 of its size for p from 0.0005 to 0.9995 and 1 degree or more.
//
// Few degrees: the tail is half a regularised incomplete beta function, I(freedom/(freedom+t²); freedom/2, 1/2), and the quantile is where it
// is 1-p, found by bisection and Newton's steps. Many: the Cornish-Fisher expansion in 1/freedom (Abramowitz and Stegun 26.7.5).
func StudentQuantile(p, freedom float64) float64 {
	switch {
	case math.IsNaN(p) || math.IsNaN(freedom) || p <= 0 || p >= 1 || freedom <= 0:
		return math.NaN()
	case p == 0.5:
		return 0
	case p < 0.5:
		return -StudentQuantile(1-p, freedom)
	case freedom >= manyFreedom:
		return expansion(math.Sqrt2*math.Erfinv(2*p-1), freedom)
	}
	tail := 1 - p
	// The quantile is between low and high throughout; a step that leaves that is replaced by the middle.
	low, high := 0.0, 1.0
	for upperTail(high, freedom) > tail {
		low, high = high, 2*high
	}
	t := (low + high) / 2
	for range 200 {
		over := upperTail(t, freedom) - tail
		if over > 0 {
			low = t
		} else {
			high = t
		}
		next := t + over/density(t, freedom)
		if !(next > low && next < high) {
			next = (low + high) / 2
		}
		if math.Abs(next-t) <= 1e-14*next {
			return next
		}
		t = next
	}
	return t
}

// expansion is Student's quantile from the normal one, z.
func expansion(z, freedom float64) float64 {
	z2 := z * z
	g1 := z * (z2 + 1) / 4
	g2 := z * ((5*z2+16)*z2 + 3) / 96
	g3 := z * (((3*z2+19)*z2+17)*z2 - 15) / 384
	g4 := z * ((((79*z2+776)*z2+1482)*z2-1920)*z2 - 945) / 92160
	return z + (g1+(g2+(g3+g4/freedom)/freedom)/freedom)/freedom
}

// upperTail is the probability of more than t, which is not negative.
func upperTail(t, freedom float64) float64 {
	return incompleteBeta(freedom/(freedom+t*t), t*t/(freedom+t*t), freedom/2, 0.5) / 2
}

// density of Student's t.
func density(t, freedom float64) float64 {
	return math.Exp(logGamma((freedom+1)/2)-logGamma(freedom/2)-(freedom+1)/2*math.Log1p(t*t/freedom)) / math.Sqrt(freedom*math.Pi)
}

// incompleteBeta is the regularised incomplete beta function I(x; a, b), y being 1-x, by its continued fraction (DLMF 8.17.22), which is
// quick on the one side of (a+1)/(a+b+2); on the other, I(x; a, b) = 1 - I(y; b, a).
func incompleteBeta(x, y, a, b float64) float64 {
	if x <= 0 {
		return 0
	}
	if y <= 0 {
		return 1
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(y, x, b, a)
	}
	front := math.Exp(logGamma(a+b) - logGamma(a) - logGamma(b) + a*math.Log(x) + b*math.Log(y))
	// The fraction 1/(1+ d1/(1+ d2/(1+ ...))) from its front, by Lentz's method: c and d are the ratios of two successive numerators and
	// denominators of its convergents.
	c, d, fraction := 1.0, 1-(a+b)*x/(a+1), 1.0
	d = 1 / d
	fraction = d
	for i := 1; i < 1000; i++ {
		m := float64(i)
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / (1 + even*d)
		c = 1 + even/c
		fraction *= c * d
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / (1 + odd*d)
		c = 1 + odd/c
		fraction *= c * d
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * fraction / a
}

func logGamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
