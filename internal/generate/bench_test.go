package generate

import (
	"io"
	"testing"
)

func BenchmarkWrite(b *testing.B) {
	for _, format := range Formats() {
		b.Run(string(format), func(b *testing.B) {
			var bytes int64
			b.ReportAllocs()
			for b.Loop() {
				stats, err := Write(b.Context(), io.Discard, Options{Conversations: 2000, Seed: 1, Format: format})
				if err != nil {
					b.Fatal(err)
				}
				bytes = stats.Bytes
			}
			b.SetBytes(bytes)
		})
	}
}
