package duckdb

import (
	"context"
	"fmt"
	"strings"

	"rapport/internal/fact"
	"rapport/internal/store"
)

// columnLists are package fact's, made once.
type columnLists struct {
	tableLists
	unlike tableLists // texts that hardly repeat
}

type tableLists struct {
	sessions   []fact.Column[fact.Session]
	billed     []fact.Column[fact.Billed]
	utterances []fact.Column[fact.Utterance]
}

func newColumnLists() columnLists {
	all := tableLists{fact.SessionColumns(), fact.BilledColumns(), fact.UtteranceColumns()}
	return columnLists{all, tableLists{unlike(all.sessions), unlike(all.billed), unlike(all.utterances)}}
}

func unlike[Row any](all []fact.Column[Row]) (unlike []fact.Column[Row]) {
	for i, c := range columnsOf(all) {
		if c.unlike {
			unlike = append(unlike, all[i])
		}
	}
	return unlike
}

// Sessions implements store.Facts.
func (v *view) Sessions(ctx context.Context, projection int64, sel store.Selection, yield func(*fact.Session) error) error {
	return list(ctx, v, listing[fact.Session]{projection: projection, table: fact.Sessions, columns: v.store.columns.sessions, sel: sel}, yield)
}

// Billed implements store.Facts.
func (v *view) Billed(ctx context.Context, projection int64, sel store.Selection, yield func(*fact.Billed) error) error {
	return list(ctx, v, listing[fact.Billed]{projection: projection, table: fact.BilledOnes, columns: v.store.columns.billed, sel: sel}, yield)
}

// Utterances implements store.Facts.
func (v *view) Utterances(ctx context.Context, projection int64, sel store.Selection, about store.UtteranceFilter, yield func(*fact.Utterance) error) error {
	return list(ctx, v, listing[fact.Utterance]{projection: projection, table: fact.Utterances, columns: v.store.columns.utterances, sel: sel, about: about}, yield)
}

// listing is rows of one table in an order.
type listing[Row any] struct {
	projection int64
	table      fact.Table
	columns    []fact.Column[Row]
	sel        store.Selection
	about      store.UtteranceFilter
}

// list calls yield with the rows. It reads them in pieces, each from behind the last row of the one before.
func list[Row any](ctx context.Context, v *view, l listing[Row], yield func(*Row) error) error {
	if err := v.hasProjection(ctx, l.projection); err != nil {
		return err
	}
	var row Row
	into := make([]any, len(l.columns))
	fields := map[string]any{}
	for i, c := range l.columns {
		into[i] = c.Of(&row)
		fields[c.Name] = into[i]
	}
	left := l.sel.Limit
	for piece := int64(pieceRows); ; piece = 8 * pieceRows {
		if l.sel.Limit > 0 {
			piece = min(piece, left)
		}
		w, err := l.compile(piece)
		if err != nil {
			return fmt.Errorf("list: %w", err)
		}
		var last store.Position
		n := int64(0)
		err = v.each(ctx, w.sql.String(), w.args, into, func() error {
			if n++; n == piece {
				last = position(l.sel.Sort, fields)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			return yield(&row)
		})
		if err != nil {
			return err
		}
		if left -= n; n < piece || l.sel.Limit > 0 && left == 0 {
			return nil
		}
		l.sel.After = &last
	}
}

func position(sort string, fields map[string]any) store.Position {
	p := store.Position{
		StartedAt: fact.Int(fields["started_at"]), ConversationKey: fact.Int(fields["conversation_key"]), Number: fact.Int(fields["number"]),
	}
	if sort != "" {
		if t, ok := fields[sort].(*string); ok {
			p.Sort.Text = *t
		} else {
			p.Sort.Int = fact.Int(fields[sort])
		}
	}
	if place, ok := fields["place"]; ok {
		p.Place = fact.Int(place)
	}
	return p
}

// compile writes the query for the next rows.
func (l *listing[Row]) compile(limit int64) (*writer, error) {
	s := scope{l.sel.Where, l.sel.AsOf, l.sel.Ranged, l.sel.From, l.sel.To}
	w := newWriter(l.table, l.projection, s)
	w.write("SELECT " + names(tableColumns(l.table), "t.") + "\nFROM " + tableName(l.table, l.projection) + " AS t")
	narrowed := true
	if l.table == fact.Utterances {
		l.whereSaid(w)
	} else {
		narrowed = w.where()
	}
	order := l.order(w)
	if l.sel.After != nil {
		if narrowed {
			w.write("\n  AND ")
		} else {
			w.write("\nWHERE ")
		}
		l.after(w, order)
	}
	w.write("\nORDER BY ")
	for i, o := range order {
		if i > 0 {
			w.write(", ")
		}
		w.write(o.sql)
		if l.sel.Descending {
			w.write(" DESC")
		}
	}
	w.write("\nLIMIT ?", limit)
	return w, w.err
}

// whereSaid writes which utterances: those of sessions in the scope, and what they are themselves.
func (l *listing[Row]) whereSaid(w *writer) {
	inner := newWriter(fact.Sessions, l.projection, w.scope)
	inner.alias = "s."
	w.write("\nWHERE EXISTS (SELECT 1 FROM " + tableName(fact.Sessions, l.projection) + " AS s")
	if !inner.where() {
		w.write(" WHERE true")
	}
	if w.err == nil {
		w.err = inner.err
	}
	w.write(inner.sql.String(), inner.args...)
	w.write(" AND s.conversation_key = t.conversation_key AND s.number = t.number)")
	if w.scope.ranged { // as the session's; said again so that only that part of the table is read
		w.write("\n  AND t.started_at >= ? AND t.started_at < ?", w.scope.from, w.scope.to)
	}
	codes := func(column string, of []uint8) {
		if of == nil {
			return
		}
		ints := make([]int64, len(of))
		for i, c := range of {
			ints[i] = int64(c)
		}
		w.write("\n  AND ")
		w.in(fragment{sql: "t." + column}, kindCode, ints, nil)
	}
	codes("source", l.about.Source)
	codes("recognition", l.about.Recognition)
	if l.about.Contains != "" {
		w.write("\n  AND contains(t.folded, ?)", text(fact.Fold(l.about.Contains)))
	}
	if l.about.Conversation != 0 {
		w.write("\n  AND t.conversation_key = ?", l.about.Conversation)
	}
}

// ordering is one thing that rows are ordered by, and its value in the row to go on behind.
type ordering struct {
	sql   string
	after any
}

func (l *listing[Row]) order(w *writer) []ordering {
	var after store.Position
	if l.sel.After != nil {
		after = *l.sel.After
	}
	var by []ordering
	if l.sel.Sort != "" {
		sql, kind := w.column(l.sel.Sort)
		if kind == kindText {
			by = append(by, ordering{sql, text(after.Sort.Text)})
		} else {
			by = append(by, ordering{w.number(l.sel.Sort), after.Sort.Int})
		}
	}
	by = append(by, ordering{"t.started_at", after.StartedAt}, ordering{"t.conversation_key", after.ConversationKey}, ordering{"t.number", after.Number})
	if l.table == fact.Utterances {
		by = append(by, ordering{"t.place", after.Place})
	}
	return by
}

// after writes that a row stands behind the position.
func (l *listing[Row]) after(w *writer, by []ordering) {
	than := " > ?"
	if l.sel.Descending {
		than = " < ?"
	}
	// Said twice, for the first of them: so that only what can follow is read.
	w.write(by[0].sql+strings.Replace(than, " ?", "= ?", 1)+" AND (", by[0].after)
	for i, o := range by {
		w.write(o.sql+than, o.after)
		if i < len(by)-1 {
			w.write(" OR ("+o.sql+" = ? AND (", o.after)
		}
	}
	w.write(strings.Repeat("))", len(by)-1) + ")")
}
