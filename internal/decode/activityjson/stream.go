package activityjson

import (
	"errors"
	"fmt"
	"io"

	"rapport/internal/decode"
)

// Stream adds the activities of an array one by one, so that a file of any size costs what its activities say, and returns the
// hash of each. It reads to the end of the array whatever it meets: bad is the first thing wrong with the input, with the
// activity's index, and err is the reader's.
func (d *Decoder) Stream(elements *decode.Elements) (sums []Sum, bad, err error) {
	var digest Digest
	for {
		e, err := elements.Next()
		if errors.Is(err, io.EOF) {
			return sums, bad, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if bad != nil {
			continue
		}
		if bad = e.Err; bad == nil {
			bad = d.Add(e.Raw)
		}
		var sum Sum
		if bad == nil {
			sum, bad = digest.Add(e.Raw)
		}
		if bad != nil {
			bad = fmt.Errorf("activity %d: %w", e.Index, bad)
			continue
		}
		sums = append(sums, sum)
	}
}

// SumOf is the hash of the activities with these hashes, in this order.
func SumOf(sums []Sum) Sum {
	var d Digest
	for _, s := range sums {
		d.AddSum(s)
	}
	return d.Sum()
}
