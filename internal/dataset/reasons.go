package dataset

import (
	"cmp"
	"regexp"
	"slices"

	"rapport/internal/store"
)

// What a report holds at most; rows are always all counted.
const (
	mostReasons  = 50
	mostTold     = 10_000 // reasons told apart while rows are read
	mostWarnings = 100
)

const otherReasons = "other reasons"

var (
	quoted  = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	numbers = regexp.MustCompile(`\d+(?:\.\d+)?`)
)

// groupReason takes off a reason what differs from row to row, so that rows with one fault count as one reason.
func groupReason(reason string) string {
	return numbers.ReplaceAllString(quoted.ReplaceAllString(reason, "…"), "N")
}

// reasons counts rows in quarantine by why.
type reasons map[string]int64

func (r reasons) add(reason string) {
	text := groupReason(reason)
	if _, ok := r[text]; !ok && len(r) >= mostTold {
		text = otherReasons
	}
	r[text]++
}

// list is the most frequent, and the rest as one.
func (r reasons) list() []store.Reason {
	var out []store.Reason
	rest := r[otherReasons]
	for text, rows := range r {
		if text != otherReasons {
			out = append(out, store.Reason{Text: text, Rows: rows})
		}
	}
	slices.SortFunc(out, func(a, b store.Reason) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Text, b.Text)) })
	for len(out) > mostReasons {
		rest += out[len(out)-1].Rows
		out = out[:len(out)-1]
	}
	if rest > 0 {
		out = append(out, store.Reason{Text: otherReasons, Rows: rest})
	}
	return out
}
