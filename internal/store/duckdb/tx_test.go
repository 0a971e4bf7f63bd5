package duckdb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/store"
)

// counted is how many sessions a view has.
func counted(t *testing.T, v store.View, projection int64) int64 {
	t.Helper()
	rows, err := v.Aggregate(t.Context(), projection, measure.Plan{Table: fact.Sessions, Aggregates: []measure.Aggregate{{Func: measure.Count}}})
	if err != nil {
		t.Fatal(err)
	}
	return rows[0].Values[0]
}

// inOrder reports whether the sessions of a projection lie in the order of their start.
func inOrder(t *testing.T, s *Store, projection int64) bool {
	t.Helper()
	var ordered bool
	err := s.db.QueryRowContext(t.Context(), "SELECT bool_and(ordered) FROM (SELECT coalesce(started_at >= lag(started_at) OVER (ORDER BY rowid), true) AS ordered FROM "+
		tableName(fact.Sessions, projection)+")").Scan(&ordered)
	if err != nil {
		t.Fatal(err)
	}
	return ordered
}

// TestTablesAreKeptInOrder: what comes lies in the order of its start; what is put behind later sessions is counted until it is sorted.
func TestTablesAreKeptInOrder(t *testing.T) {
	s := open(t, t.TempDir())
	projection := load(t, s, 5000)
	loose := func() (n int64) {
		if err := s.db.QueryRowContext(t.Context(), "SELECT loose FROM projection").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if !inOrder(t, s, projection) || loose() != 0 {
		t.Errorf("loaded: in order %v, %d loose", inOrder(t, s, projection), loose())
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		return tx.Replace(t.Context(), projection, []int64{1}, false, &fact.Facts{Sessions: []fact.Session{{Key: 1, StartedAt: 2}, {Key: 1, StartedAt: 1, Number: 1}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if inOrder(t, s, projection) || loose() != 2 {
		t.Errorf("an old conversation came: in order %v, %d loose", inOrder(t, s, projection), loose())
	}
	if err := s.update(t.Context(), true, func(tx *tx) error { return tx.sort(t.Context(), projection) }); err != nil {
		t.Fatal(err)
	}
	if !inOrder(t, s, projection) || loose() != 0 {
		t.Errorf("sorted: in order %v, %d loose", inOrder(t, s, projection), loose())
	}
}

// TestViewOutlivesItsTables: a snapshot answers as before while tables are written anew and dropped beside it.
func TestViewOutlivesItsTables(t *testing.T) {
	s := open(t, t.TempDir())
	projection := load(t, s, 5000)
	err := s.View(t.Context(), func(v store.View) error {
		if err := s.update(t.Context(), true, func(tx *tx) error { return tx.sort(t.Context(), projection) }); err != nil {
			return err
		}
		if n := counted(t, v, projection); n != 5000 {
			t.Errorf("%d sessions after the tables were sorted", n)
		}
		if err := s.Update(t.Context(), func(tx store.Tx) error { return tx.DropProjection(t.Context(), projection) }); err != nil {
			return err
		}
		if n := counted(t, v, projection); n != 5000 {
			t.Errorf("%d sessions after the projection was dropped", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(v store.View) error {
		_, err := v.Aggregate(t.Context(), projection, measure.Plan{Table: fact.Sessions})
		return err
	})
	if errs.CodeOf(err) != errs.NotFound {
		t.Errorf("a later view: %v", err)
	}
}

// TestListInPieces: a list that is read in pieces is whole and in order, and other things may be asked while it is read.
func TestListInPieces(t *testing.T) {
	s := open(t, t.TempDir())
	const sessions = 3*pieceRows + 5
	projection := load(t, s, sessions)
	for _, sort := range []string{"", "turns", "topic_name"} {
		err := s.View(t.Context(), func(v store.View) error {
			var last store.Position
			n := 0
			columns := fact.SessionColumns()
			err := v.Sessions(t.Context(), projection, store.Selection{Sort: sort}, func(row *fact.Session) error {
				fields := map[string]any{}
				for _, c := range columns {
					fields[c.Name] = c.Of(row)
				}
				at := position(sort, fields)
				if n++; n > 1 && !before(last, at) {
					t.Fatalf("sorted by %q, row %d: %+v comes before %+v", sort, n, last, at)
				}
				if last = at; n%5000 == 0 && counted(t, v, projection) != sessions {
					t.Error("another answer while a list is read")
				}
				return nil
			})
			if n != sessions {
				t.Errorf("sorted by %q: %d rows", sort, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func before(a, b store.Position) bool {
	if c := strings.Compare(a.Sort.Text, b.Sort.Text); c != 0 {
		return c < 0
	}
	for _, pair := range [][2]int64{{a.Sort.Int, b.Sort.Int}, {a.StartedAt, b.StartedAt}, {a.ConversationKey, b.ConversationKey}} {
		if pair[0] != pair[1] {
			return pair[0] < pair[1]
		}
	}
	return a.Number < b.Number
}

// TestCancelInterrupts: a query that would take hours ends with its context, and its connection is good for the next.
func TestCancelInterrupts(t *testing.T) {
	s := open(t, t.TempDir())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := s.View(t.Context(), func(view_ store.View) error {
		v := view_.(*view)
		var n int64
		err := v.one(ctx, "SELECT count(*) FROM range(1000000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3", nil, &n)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the query ended with %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	load(t, s, 10)
}

// TestBadUTF8: a file name may be anything; what DuckDB would drop is kept with marks in it.
func TestBadUTF8(t *testing.T) {
	s := open(t, t.TempDir())
	bad := "caf\xe9.json"
	err := s.Update(t.Context(), func(tx store.Tx) error {
		r := store.Record{ID: 1, Key: 1, Import: 1, Conversation: bad}
		r.Origin.File = bad
		if err := tx.AddRecord(t.Context(), r); err != nil {
			return err
		}
		return tx.PutDocument(t.Context(), store.Document{Kind: store.KindDefinition, Name: bad, Version: 1, Body: bad})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(v store.View) error {
		heads, err := v.Heads(t.Context(), []int64{1})
		if err != nil {
			return err
		}
		if want := "caf\ufffd.json"; len(heads) != 1 || heads[0].Origin.File != want || heads[0].Conversation != want {
			t.Errorf("heads are %+v", heads)
		}
		_, err = v.Document(t.Context(), store.KindDefinition, bad)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPrintIsHex: what is no print is said, rather than kept as another.
func TestPrintIsHex(t *testing.T) {
	s := open(t, t.TempDir())
	for _, print := range []string{"x", strings.Repeat("a", 30), strings.Repeat("a", 34), strings.Repeat("g", 32), strings.Repeat("A", 32)} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			return tx.AddRecord(t.Context(), store.Record{ID: 1, Import: 1, Print: print})
		})
		if err == nil {
			t.Errorf("the print %q was kept", print)
		}
	}
}
