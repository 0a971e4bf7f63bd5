package activityjson

import (
	"errors"
	"fmt"
	"io"

	"rapport/internal/decode"
)

// Stream adds the activities of an array one by one, so that a file of any size costs what its activities say, and returns the
// hash of each. It reads to the end of the array whatever it meets: bad is the first thing wrong with the input, with the
// activity's index, and err is the reader's. keep, where it is not nil, is given the bytes of each activity, valid until it returns; its
// error is one of the input.
func (d *Decoder) Stream(elements *decode.Elements, keep func(raw []byte) error) (sums []Sum, bad, err error) {
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
		if bad == nil && keep != nil {
			bad = keep(e.Raw)
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
