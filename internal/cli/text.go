package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"rapport/internal/wire"
)

// clean makes text from data harmless on a terminal: what would move the cursor, change colours or the direction of writing is shown as
// a symbol, and line breaks become spaces.
func clean(s string) string {
	if strings.IndexFunc(s, wire.Dangerous) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case r < 0x20:
			return '\u2400' + r // the control picture
		case r == 0x7f:
			return '\u2421'
		case wire.Dangerous(r):
			return utf8.RuneError
		default:
			return r
		}
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// cells is how many columns of a terminal a text takes.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cellsOf(r)
	}
	return n
}

func cellsOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if wide(r) {
		return 2
	}
	return 1
}

// wide goes by script, which is exact enough for columns: the letters of East Asia, their full-width forms and punctuation, and emoji.
func wide(r rune) bool {
	switch {
	case r >= 0xff61 && r <= 0xffdc: // half-width forms of the same scripts
		return false
	case r >= 0x3000 && r <= 0x303e, r >= 0xff01 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff:
		return true
	default:
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	}
}

// cut shortens a text to so many cells, and says so with an ellipsis.
func cut(s string, limit int) string {
	if cells(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += cellsOf(r); n > limit-1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

func pad(s string, to int) string { return s + strings.Repeat(" ", max(0, to-cells(s))) }

func padLeft(s string, to int) string { return strings.Repeat(" ", max(0, to-cells(s))) + s }

// wrap breaks a text into lines of so many cells, between words where it can.
func wrap(s string, limit int) []string {
	limit = max(limit, 2)
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for {
			if line != "" && cells(line)+1+cells(word) <= limit {
				line += " " + word
				break
			}
			if line != "" {
				lines, line = append(lines, line), ""
			}
			if cells(word) <= limit {
				line = word
				break
			}
			at, taken := 0, 0
			for i, r := range word {
				if taken += cellsOf(r); taken > limit {
					at = i
					break
				}
			}
			lines, word = append(lines, word[:at]), word[at:]
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// count is a number with its noun: "1 session", "7 sessions", "2 activities".
func count[N int | int64](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok && !strings.HasSuffix(stem, "a") {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// column of a table.
type column struct {
	title string
	most  int  // cells at most; 0 for no limit
	least int  // when the table is too wide, it is cut to this; 0 for never
	right bool // numbers
}

// tableWidth is what a table keeps to.
const tableWidth = 120

// table is columns as wide as what is in them, within limits. It holds no rows: whoever prints measures them all first.
type table struct {
	columns []column
	widths  []int
}

func newTable(columns ...column) *table {
	t := &table{columns: columns, widths: make([]int, len(columns))}
	for i, c := range columns {
		t.widths[i] = cells(c.title)
	}
	return t
}

// measure takes note of how wide a row is.
func (t *table) measure(row []string) {
	for i, v := range row {
		w := cells(clean(v))
		if most := t.columns[i].most; most > 0 {
			w = min(w, most)
		}
		t.widths[i] = max(t.widths[i], w)
	}
}

// fit takes from the columns that may be cut until the table fits.
func (t *table) fit() {
	total := 2 * (len(t.widths) - 1)
	for _, w := range t.widths {
		total += w
	}
	for total > tableWidth {
		widest := -1
		for i, c := range t.columns {
			if c.least > 0 && t.widths[i] > c.least && (widest < 0 || t.widths[i] > t.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		t.widths[widest]--
		total--
	}
}

func (t *table) head(w io.Writer) error {
	t.fit()
	titles := make([]string, len(t.columns))
	for i, c := range t.columns {
		titles[i] = c.title
	}
	return t.row(w, titles)
}

func (t *table) row(w io.Writer, row []string) error {
	var b strings.Builder
	for i, v := range row {
		if i > 0 {
			b.WriteString("  ")
		}
		v = cut(clean(v), t.widths[i])
		if t.columns[i].right {
			b.WriteString(padLeft(v, t.widths[i]))
		} else {
			b.WriteString(pad(v, t.widths[i]))
		}
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), " ")+"\n")
	return err
}

// print writes rows that are all there.
func (t *table) print(w io.Writer, rows [][]string) error {
	for _, r := range rows {
		t.measure(r)
	}
	if err := t.head(w); err != nil {
		return err
	}
	for _, r := range rows {
		if err := t.row(w, r); err != nil {
			return err
		}
	}
	return nil
}
