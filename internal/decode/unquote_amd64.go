package decode

import "golang.org/x/sys/cpu"

// hasVBMI2 says that the processor can take bytes out of 64 at once: Intel's for servers since Ice Lake, AMD's since Zen 4.
var hasVBMI2 = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VBMI2 && cpu.X86.HasPOPCNT

// unescapeBlocks is what unescape does to whole blocks of 64 bytes at the beginning of s in which a backslash stands before every quote and
// nowhere else, as words of eight are taken, three times as fast. It returns how much it wrote, where it came to, 1 where the byte before
// that is a backslash, which is dropped already, and 0 only where all it took is ASCII. dst is no shorter than s.
func unescapeBlocks(dst, s []byte) (n, at int, split, high uint64) {
	if !hasVBMI2 || len(s) < 64 {
		return 0, 0, 0, 0
	}
	return unescapeVBMI2(dst, s)
}

//go:noescape
func unescapeVBMI2(dst, s []byte) (n, at int, split, high uint64)
