//go:build !amd64

package decode

// unescapeBlocks takes nothing: this kind of processor goes by words of eight.
func unescapeBlocks(_, _ []byte) (n, at int, split, high uint64) { return 0, 0, 0, 0 }
