package duckdb

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"rapport/internal/fact"
	"rapport/internal/store"
)

// UtteranceGroups implements store.Facts. It counts what there is first, by the hour: the hours that hold the latest are then all that is
// read of the texts.
func (v *view) UtteranceGroups(ctx context.Context, projection int64, sel store.Selection, about store.UtteranceFilter, latest int64) (store.UtteranceGroups, error) {
	var out store.UtteranceGroups
	if err := v.hasProjection(ctx, projection); err != nil {
		return out, err
	}
	l := listing[fact.Utterance]{projection: projection, table: fact.Utterances, sel: sel, about: about}
	w := l.compileHours(latest)
	if w.err != nil {
		return out, fmt.Errorf("group utterances: %w", w.err)
	}
	var since sql.NullInt64 // ms; from when on there are as many as are wanted
	if err := v.one(ctx, w.sql.String(), w.args, &out.Utterances, &since); err != nil {
		return out, err
	}
	if since.Int64 > 0 { // and not among those without a time
		if !l.sel.Ranged {
			l.sel.Ranged, l.sel.From, l.sel.To = true, math.MinInt64, math.MaxInt64
		}
		l.sel.From = max(l.sel.From, since.Int64)
	}
	w = l.compileGroups(latest)
	if w.err != nil {
		return out, fmt.Errorf("group utterances: %w", w.err)
	}
	var g store.UtteranceGroup
	var groups int64
	into := []any{&g.Text, &g.Utterances, &g.Sessions, &g.Bot, &g.Conversation, &g.Number, &groups, &out.Considered}
	err := v.each(ctx, w.sql.String(), w.args, into, func() error {
		out.Groups = append(out.Groups, g)
		return nil
	})
	out.More = groups - int64(len(out.Groups))
	return out, err
}

// compileHours writes the query for how many there are, and for the hour back to which the latest reach.
func (l *listing[Row]) compileHours(latest int64) *writer {
	w := newWriter(l.table, l.projection, scope{l.sel.Where, l.sel.AsOf, l.sel.Ranged, l.sel.From, l.sel.To})
	w.write("SELECT CAST(coalesce(sum(n), 0) AS BIGINT), max(hour) FILTER (WHERE upto >= ?) * 3600000\n", latest)
	w.write("FROM (SELECT hour, n, sum(n) OVER (ORDER BY hour DESC) AS upto\nFROM (SELECT t.started_at // 3600000 AS hour, count(*) AS n\nFROM ")
	w.write(tableName(l.table, l.projection) + " AS t")
	l.whereSaid(w)
	w.write("\nGROUP BY hour))")
	return w
}

// compileGroups writes the query for groups. What is shown of one besides its numbers is looked up for the few that are shown.
func (l *listing[Row]) compileGroups(latest int64) *writer {
	w := newWriter(l.table, l.projection, scope{l.sel.Where, l.sel.AsOf, l.sel.Ranged, l.sel.From, l.sel.To})
	table := tableName(l.table, l.projection)
	w.write("WITH latest AS (SELECT t.rowid AS id, t.started_at, t.conversation_key, t.number, t.place, t.folded\nFROM " + table + " AS t")
	l.whereSaid(w)
	w.write("\nORDER BY t.started_at DESC, t.conversation_key DESC, t.number DESC, t.place DESC\nLIMIT ?),\n", latest)
	w.write(`sized AS (SELECT folded, count(*) AS utterances, count(DISTINCT (conversation_key, number)) AS sessions,
  arg_max(id, (started_at, conversation_key, number, place)) AS last
FROM latest GROUP BY folded),
shown AS (SELECT *, count(*) OVER () AS groups, CAST(sum(utterances) OVER () AS BIGINT) AS considered
FROM sized ORDER BY utterances DESC, folded`)
	if l.sel.Limit > 0 {
		w.write(" LIMIT ?", l.sel.Limit)
	}
	w.write(`)
SELECT t.text, s.utterances, s.sessions, t.bot, t.conversation, t.number, s.groups, s.considered
FROM shown AS s JOIN ` + table + ` AS t ON t.rowid = s.last
ORDER BY s.utterances DESC, s.folded`)
	return w
}
