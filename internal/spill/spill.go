// Package spill sorts more than fits in memory: pairs of key and value, held up to a budget, then in sorted runs in a temporary
// folder, merged when they are read.
package spill

import (
	"bufio"
	"bytes"
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// fanIn is how many runs of one level are merged into one of the next, so that a read never has many files open.
const fanIn = 16

// Sorter holds pairs and gives them back in the order of their keys; pairs of equal keys in the order they were added.
// It is for one goroutine.
type Sorter struct {
	budget int64
	dir    string // parent of the temporary folder; "" is the system's
	temp   string // the temporary folder, once there is one
	held   int64
	pairs  []pair
	runs   []run
	files  int
	added  uint64
}

type pair struct {
	key, value []byte
	order      uint64
}

type run struct {
	path  string
	level int
}

// New returns a sorter that holds about budget bytes and writes to a folder below dir beyond that.
func New(budget int64, dir string) *Sorter { return &Sorter{budget: budget, dir: dir} }

// overhead is what a pair costs beside its bytes.
const overhead = 80

// Add keeps one pair. The slices are copied.
func (s *Sorter) Add(key, value []byte) error {
	buf := make([]byte, len(key)+len(value))
	copy(buf, key)
	copy(buf[len(key):], value)
	s.pairs = append(s.pairs, pair{buf[:len(key):len(key)], buf[len(key):], s.added})
	s.added++
	s.held += int64(len(buf)) + overhead
	if s.held < s.budget {
		return nil
	}
	return s.flush(context.Background())
}

// Spilled reports whether anything was written to disk.
func (s *Sorter) Spilled() bool { return s.temp != "" }

func compare(a, b pair) int {
	if c := bytes.Compare(a.key, b.key); c != 0 {
		return c
	}
	switch {
	case a.order < b.order:
		return -1
	case a.order > b.order:
		return 1
	}
	return 0
}

func (s *Sorter) flush(ctx context.Context) error {
	if len(s.pairs) == 0 {
		return nil
	}
	slices.SortFunc(s.pairs, compare)
	next := 0
	err := s.write(0, func() (pair, error) {
		if next == len(s.pairs) {
			return pair{}, io.EOF
		}
		next++
		return s.pairs[next-1], nil
	})
	clear(s.pairs)
	s.pairs, s.held = s.pairs[:0], 0
	if err != nil {
		return err
	}
	return s.compact(ctx)
}

// write makes one run of what read gives.
func (s *Sorter) write(level int, read func() (pair, error)) (err error) {
	if s.temp == "" {
		if s.temp, err = os.MkdirTemp(s.dir, "rapport-sort-"); err != nil {
			return fmt.Errorf("make temporary folder: %w", err)
		}
	}
	s.files++
	path := fmt.Sprintf("%s%c%06d", s.temp, os.PathSeparator, s.files)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make temporary file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 256<<10)
	var head [3 * binary.MaxVarintLen64]byte
	for {
		p, err := read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		h := binary.AppendUvarint(head[:0], uint64(len(p.key)))
		h = binary.AppendUvarint(h, uint64(len(p.value)))
		h = binary.AppendUvarint(h, p.order)
		for _, b := range [][]byte{h, p.key, p.value} {
			if _, err := w.Write(b); err != nil {
				return fmt.Errorf("write temporary file: %w", err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write temporary file: %w", err)
	}
	s.runs = append(s.runs, run{path, level})
	return nil
}

// compact merges the runs of a level once there are fanIn of them.
func (s *Sorter) compact(ctx context.Context) error {
	for {
		level, same := s.runs[len(s.runs)-1].level, 0
		for i := len(s.runs) - 1; i >= 0 && s.runs[i].level == level; i-- {
			same++
		}
		if same < fanIn {
			return nil
		}
		merged := slices.Clone(s.runs[len(s.runs)-same:])
		s.runs = s.runs[:len(s.runs)-same]
		m, err := openMerge(merged, nil)
		if err != nil {
			return err
		}
		err = s.write(level+1, func() (pair, error) {
			if err := ctx.Err(); err != nil {
				return pair{}, err
			}
			return m.next()
		})
		m.close()
		if err != nil {
			return err
		}
		for _, r := range merged {
			if err := os.Remove(r.path); err != nil {
				return fmt.Errorf("remove temporary file: %w", err)
			}
		}
	}
}

// All calls yield with every pair in order. The slices are valid until yield returns. Nothing may be added before Close.
func (s *Sorter) All(ctx context.Context, yield func(key, value []byte) error) error {
	if s.Spilled() {
		// What is still held goes to disk too, so that reading costs the same whatever was left.
		if err := s.flush(ctx); err != nil {
			return err
		}
		s.pairs = nil
	}
	slices.SortFunc(s.pairs, compare)
	m, err := openMerge(s.runs, s.pairs)
	if err != nil {
		return err
	}
	defer m.close()
	for n := 0; ; n++ {
		if n%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		p, err := m.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := yield(p.key, p.value); err != nil {
			return err
		}
	}
}

// Close forgets the pairs and removes what was written. It is safe to call twice, and to add pairs anew.
func (s *Sorter) Close() error {
	s.pairs, s.runs, s.held = nil, nil, 0
	if s.temp == "" {
		return nil
	}
	err := os.RemoveAll(s.temp)
	s.temp = ""
	return err
}

// merge reads runs, and the pairs still in memory, as one.
type merge struct {
	heads []*reader
	files []*os.File
	last  *reader // whose head was given out: it moves on at the next call
}

type reader struct {
	from *bufio.Reader // nil for pairs in memory
	mem  []pair
	head pair
	buf  []byte
}

func openMerge(runs []run, mem []pair) (*merge, error) {
	m := &merge{}
	add := func(r *reader) error {
		switch err := r.advance(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		m.heads = append(m.heads, r)
		return nil
	}
	for _, r := range runs {
		f, err := os.Open(r.path)
		if err != nil {
			m.close()
			return nil, fmt.Errorf("open temporary file: %w", err)
		}
		m.files = append(m.files, f)
		if err := add(&reader{from: bufio.NewReaderSize(f, 64<<10)}); err != nil {
			m.close()
			return nil, err
		}
	}
	if err := add(&reader{mem: mem}); err != nil {
		return nil, err
	}
	heap.Init(m)
	return m, nil
}

func (m *merge) next() (pair, error) {
	if m.last != nil {
		switch err := m.last.advance(); {
		case errors.Is(err, io.EOF):
			heap.Pop(m)
		case err != nil:
			return pair{}, err
		default:
			heap.Fix(m, 0)
		}
		m.last = nil
	}
	if len(m.heads) == 0 {
		return pair{}, io.EOF
	}
	m.last = m.heads[0]
	return m.last.head, nil
}

func (m *merge) close() {
	for _, f := range m.files {
		f.Close() // read only: nothing to lose
	}
}

func (r *reader) advance() error {
	if r.from == nil {
		if len(r.mem) == 0 {
			return io.EOF
		}
		r.head, r.mem = r.mem[0], r.mem[1:]
		return nil
	}
	klen, err := binary.ReadUvarint(r.from)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return io.EOF
		}
		return fmt.Errorf("read temporary file: %w", err)
	}
	vlen, err := binary.ReadUvarint(r.from)
	if err != nil {
		return fmt.Errorf("read temporary file: %w", err)
	}
	order, err := binary.ReadUvarint(r.from)
	if err != nil {
		return fmt.Errorf("read temporary file: %w", err)
	}
	n := int(klen + vlen)
	if cap(r.buf) < n {
		r.buf = make([]byte, n)
	}
	buf := r.buf[:n]
	if _, err := io.ReadFull(r.from, buf); err != nil {
		return fmt.Errorf("read temporary file: %w", err)
	}
	r.head = pair{buf[:klen:klen], buf[klen:], order}
	return nil
}

// Len, Less, Swap, Push and Pop make merge a heap of its readers.
func (m *merge) Len() int           { return len(m.heads) }
func (m *merge) Less(i, j int) bool { return compare(m.heads[i].head, m.heads[j].head) < 0 }
func (m *merge) Swap(i, j int)      { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }
func (m *merge) Push(x any)         { m.heads = append(m.heads, x.(*reader)) }

func (m *merge) Pop() any {
	last := m.heads[len(m.heads)-1]
	m.heads = m.heads[:len(m.heads)-1]
	return last
}
