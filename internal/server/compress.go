package server

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// smallAnswer is what an answer has to be larger than, in bytes, to be packed. A packet or two is no faster for being shorter; and up to
// here net/http sends a length, which HEAD and GET then agree on.
const smallAnswer = 2 << 10

// packed are the types of answers that shrink, by an order of magnitude. Parquet is packed inside.
var packed = []string{"application/json", "application/problem+json", "application/jsonl", "text/csv"}

// compressed packs answers for clients that unpack them, piece by piece as they are written: a stream stays one.
func compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.EnableZstd(false), // one form for browsers, curl and programs alike
		gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.MinSize(smallAnswer+1), gzhttp.ContentTypes(packed),
	)
	if err != nil {
		return nil, fmt.Errorf("compress answers: %w", err)
	}
	return wrap(next), nil
}
