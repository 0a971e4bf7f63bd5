package cli

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"

	"rapport/internal/spill"
	"rapport/internal/wire"
)

// heldRows is how many bytes of rows are held before they are sorted in a temporary folder.
const heldRows = 4 << 20

// listing sorts rows of one kind with bounded memory, then writes them in any format. Between the two a row is its line of JSON.
type listing[T any] struct {
	format  string
	sorter  *spill.Sorter
	table   *table
	line    func(*T) []string // of the table
	header  []string          // of the CSV
	columns func(*T) []string // of the CSV
	buf     []byte
}

// rowKey orders rows by start (untimed first), bot, conversation, number.
type rowKey struct {
	ms                int64
	untimed           bool
	bot, conversation string
	number            int
}

func (k rowKey) bytes() []byte {
	var b []byte
	if k.untimed {
		b = append(b, 0)
	} else {
		b = binary.BigEndian.AppendUint64([]byte{1}, uint64(k.ms)^1<<63) // so that negative times come first
	}
	b = append(append(b, k.bot...), 0)
	b = append(append(b, k.conversation...), 0)
	return binary.BigEndian.AppendUint32(b, uint32(k.number))
}

func (l *listing[T]) open(format, tempDir string) {
	l.format, l.sorter = format, spill.New(heldRows, tempDir)
}

// close removes what was spilled.
func (l *listing[T]) close() error { return l.sorter.Close() }

func (l *listing[T]) add(key rowKey, row *T) error {
	if l.format == formatTable {
		l.table.measure(l.line(row))
	}
	var err error
	if l.buf, err = wire.Append(l.buf[:0], row); err != nil {
		return err
	}
	return l.sorter.Add(key.bytes(), l.buf)
}

// write gives out all rows in order.
func (l *listing[T]) write(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var err error
	switch l.format {
	case formatJSONL:
		err = l.writeLines(ctx, out)
	case formatJSON:
		err = l.writeArray(ctx, out)
	case formatCSV:
		err = l.writeCSV(ctx, out)
	default:
		err = l.writeTable(ctx, out)
	}
	if err != nil {
		return err
	}
	return flush(out)
}

func flush(out *bufio.Writer) error {
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

func (l *listing[T]) writeLines(ctx context.Context, out *bufio.Writer) error {
	return l.sorter.All(ctx, func(_, row []byte) error {
		if _, err := out.Write(row); err != nil {
			return err
		}
		return out.WriteByte('\n')
	})
}

func (l *listing[T]) writeArray(ctx context.Context, out *bufio.Writer) error {
	before := "["
	err := l.sorter.All(ctx, func(_, row []byte) error {
		if _, err := out.WriteString(before + "\n  "); err != nil {
			return err
		}
		before = ","
		_, err := out.Write(row)
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if before == "[" {
		end = "[]\n"
	}
	_, err = out.WriteString(end)
	return err
}

func (l *listing[T]) each(ctx context.Context, yield func(*T) error) error {
	return l.sorter.All(ctx, func(_, raw []byte) error {
		var row T
		if err := json.Unmarshal(raw, &row); err != nil {
			return fmt.Errorf("read sorted row: %w", err)
		}
		return yield(&row)
	})
}

func (l *listing[T]) writeCSV(ctx context.Context, out io.Writer) error {
	w := csv.NewWriter(out)
	w.UseCRLF = true // RFC 4180
	if err := w.Write(l.header); err != nil {
		return err
	}
	err := l.each(ctx, func(row *T) error { return writeCells(w, l.header, l.columns(row)) })
	if err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func writeCells(w *csv.Writer, header, row []string) error {
	for i := range row {
		row[i] = wire.SafeCell(header[i], row[i])
	}
	return w.Write(row)
}

func (l *listing[T]) writeTable(ctx context.Context, out io.Writer) error {
	first := true
	return l.each(ctx, func(row *T) error {
		if first {
			first = false
			if err := l.table.head(out); err != nil {
				return err
			}
		}
		return l.table.row(out, l.line(row))
	})
}
