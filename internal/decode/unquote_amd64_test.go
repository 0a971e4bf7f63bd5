package decode

import (
	"math/rand/v2"
	"testing"
)

// Blocks are taken as far as byte by byte says: the same is written, and it ends at the same block.
func TestUnescapeBlocks(t *testing.T) {
	if !hasVBMI2 {
		t.Skip("this processor cannot take bytes out of 64 at once")
	}
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{`\"`, `a`, `bcdefg`, `é`, `\n`, `"`, `\`}
	ends := map[int]int{}
	for range 20_000 {
		var s []byte
		for usual, length := 3+random.IntN(2), random.IntN(600); len(s) < length; {
			n := usual
			if random.IntN(400) == 0 {
				n = len(pieces)
			}
			s = append(s, pieces[random.IntN(n)]...)
		}
		const beyond = 0xaa
		dst := make([]byte, len(s)+1)
		dst[len(s)] = beyond
		n, at, split, high := unescapeBlocks(dst[:len(s)], s)
		want, end, open, wide := unescapeSlowly(s)
		if string(dst[:n]) != string(want) || at != end || split != 0 != open || high != 0 != wide || dst[len(s)] != beyond {
			t.Fatalf("%s:\n%q to %d, split %d, high %x\n%q to %d, split %v, high %v", s, dst[:n], at, split, high, want, end, open, wide)
		}
		ends[at/64]++
		if said, by := unescapeTwice(s); said[0] != said[1] || by[0] != by[1] {
			t.Fatalf("%s:\n%q to %d with blocks\n%q to %d without", s, said[0], by[0], said[1], by[1])
		}
	}
	if len(ends) < 5 {
		t.Errorf("it came no further than %v", ends)
	}
}

// unescapeTwice is what unescape says and where it comes to, with blocks and without.
func unescapeTwice(s []byte) (said [2]string, at [2]int) {
	defer func() { hasVBMI2 = true }()
	for i, blocks := range [2]bool{true, false} {
		hasVBMI2 = blocks
		dst := make([]byte, len(s)+slack)
		var n int
		n, at[i], _ = unescape(dst, s)
		said[i] = string(dst[:n])
	}
	return said, at
}

func unescapeSlowly(s []byte) (said []byte, at int, split, high bool) {
	for ; at+64 <= len(s); at += 64 {
		behind, wide, n := split, false, len(said)
		for _, c := range s[at : at+64] {
			if behind != (c == '"') {
				return said[:n], at, split, high
			}
			if behind = c == '\\'; !behind {
				said = append(said, c)
			}
			wide = wide || c >= 0x80
		}
		split, high = behind, high || wide
	}
	return said, at, split, high
}
