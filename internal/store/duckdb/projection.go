package duckdb

import (
	"context"
	"fmt"
	"strings"

	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/store"
)

// column is a column of a fact table as DuckDB keeps it.
type column struct {
	name   string
	kind   string   // the SQL type
	unlike bool     // a text that hardly repeats
	codes  []string // the words of a closed set
}

// The types. Closed sets are their codes in a byte: counting them is half as dear as counting words.
const (
	kindText = "VARCHAR"
	kindInt  = "BIGINT"
	kindBool = "BOOLEAN"
	kindCode = "UTINYINT"
)

// columnsOf is a table's columns, in the order of package fact.
func columnsOf[Row any](of []fact.Column[Row]) []column {
	var row Row
	columns := make([]column, len(of))
	for i, c := range of {
		columns[i].name, columns[i].codes = c.Name, c.Codes
		switch field := c.Of(&row).(type) {
		case *string:
			columns[i].kind, columns[i].unlike = kindText, c.Class == fact.Identifier || c.Class == fact.Text
		case *int64:
			columns[i].kind = kindInt
		case *bool:
			columns[i].kind = kindBool
		case *uint8:
			columns[i].kind = kindCode
		default:
			panic(fmt.Sprintf("duckdb: column %s is of type %T", c.Name, field))
		}
	}
	return columns
}

// factTables are the tables of a projection.
var factTables = []fact.Table{fact.Sessions, fact.BilledOnes, fact.Utterances}

// tableColumns is the columns of one of them.
func tableColumns(t fact.Table) []column {
	switch t {
	case fact.Sessions:
		return columnsOf(fact.SessionColumns())
	case fact.BilledOnes:
		return columnsOf(fact.BilledColumns())
	default:
		return columnsOf(fact.UtteranceColumns())
	}
}

// tableName is where the facts of a projection are.
func tableName(t fact.Table, projection int64) string { return fmt.Sprintf("%s_%d", t, projection) }

// names lists columns for SQL. They are package fact's own: nothing that a caller gives gets here.
func names(columns []column, prefix string) string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(prefix + c.name)
	}
	return b.String()
}

// createTable is the DDL of a table with these columns.
func createTable(create, name string, columns []column) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s (\n", create, name)
	for i, c := range columns {
		comma := ","
		if i == len(columns)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "    %s %s%s%s\n", c.name, c.kind, c.packing(), comma)
	}
	b.WriteString(")")
	return b.String()
}

// packing is how a column is kept where the choice is not DuckDB's. For texts that hardly repeat it would make dictionaries, which costs a
// fifth of a commit and saves little.
func (c column) packing() string {
	if c.unlike {
		return " USING COMPRESSION uncompressed"
	}
	return ""
}

// zero is what a column holds in rows that were written before there was such a column.
func (c column) zero() string {
	switch c.kind {
	case kindText:
		return "''"
	case kindBool:
		return "false"
	default:
		return "0"
	}
}

// fromText is a column as codes, of a table that has its words; those that are in no set any more are the first, which is unknown.
func (c column) fromText() string {
	words := make([]string, len(c.codes))
	for i, word := range c.codes {
		words[i] = quote(word)
	}
	return fmt.Sprintf("CAST(coalesce(list_position([%s], %s) - 1, 0) AS %s) AS %s", strings.Join(words, ", "), c.name, kindCode, c.name)
}

// widen adds to the tables of every projection the columns that package fact got since they were made, and turns those into codes that
// were text. What is in new ones shows at the next derivation, which a new engine revision asks for.
func (s *Store) widen(ctx context.Context) error {
	return s.update(ctx, false, func(t *tx) error {
		all, err := t.Projections(ctx)
		if err != nil {
			return err
		}
		for _, p := range all {
			for _, table := range factTables {
				if err := t.widenTable(ctx, tableName(table, p.ID), tableColumns(table)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (t *tx) widenTable(ctx context.Context, table string, columns []column) error {
	have := map[string]string{} // types by column
	var name, kind string
	err := t.each(ctx, "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", []any{table}, []any{&name, &kind}, func() error {
		have[name] = kind
		return nil
	})
	if err != nil {
		return err
	}
	same := true
	values := make([]string, len(columns))
	for i, c := range columns {
		switch had, ok := have[c.name]; {
		case !ok:
			same, values[i] = false, fmt.Sprintf("CAST(%s AS %s) AS %s", c.zero(), c.kind, c.name)
		case had == kindText && c.kind == kindCode:
			same, values[i] = false, c.fromText()
		default:
			values[i] = c.name
		}
	}
	if same {
		return nil
	}
	return t.rewrite(ctx, table, columns, strings.Join(values, ", "))
}

// rewrite writes a table anew, in order. Columns are added in this way too: DuckDB does not take several ALTER TABLE in one transaction.
func (t *tx) rewrite(ctx context.Context, table string, columns []column, values string) error {
	for _, statement := range []string{
		createTable("CREATE TABLE", "new_"+table, columns),
		fmt.Sprintf("INSERT INTO new_%s SELECT %s FROM %s ORDER BY started_at, key", table, values, table),
		"DROP TABLE " + table,
		fmt.Sprintf("ALTER TABLE new_%s RENAME TO %s", table, table),
	} {
		if _, err := t.exec(ctx, statement); err != nil {
			return fmt.Errorf("write %s anew: %w", table, err)
		}
	}
	return nil
}

// Projections implements store.Facts.
func (v *view) Projections(ctx context.Context) ([]store.Projection, error) {
	var all []store.Projection
	var p store.Projection
	err := v.each(ctx, "SELECT id, name, definition, rules, catalogue, revision, built_at, sessions FROM projection ORDER BY id", nil,
		[]any{&p.ID, &p.Name, &p.Definition, &p.Rules, &p.Catalogue, &p.Revision, &p.BuiltAt, &p.Sessions}, func() error {
			all = append(all, p)
			return nil
		})
	return all, err
}

// hasProjection is an error with code errs.NotFound when there is no such projection.
func (v *view) hasProjection(ctx context.Context, id int64) error {
	if v.projections[id] {
		return nil
	}
	var n int64
	if err := v.one(ctx, "SELECT count(*) FROM projection WHERE id = ?", []any{id}, &n); err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.NotFound, "", "there is no projection %d", id)
	}
	v.projections[id] = true
	return nil
}

// CreateProjection implements store.FactWriter.
func (t *tx) CreateProjection(ctx context.Context, p store.Projection) (int64, error) {
	t.lastProjection++
	p.ID = t.lastProjection
	if _, err := t.exec(ctx, "INSERT INTO projection VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
		p.ID, p.Name, p.Definition, p.Rules, p.Catalogue, p.Revision, p.BuiltAt); err != nil {
		return 0, err
	}
	for _, table := range factTables {
		if _, err := t.exec(ctx, createTable("CREATE TABLE", tableName(table, p.ID), tableColumns(table))); err != nil {
			return 0, err
		}
	}
	return p.ID, nil
}

// DropProjection implements store.FactWriter.
func (t *tx) DropProjection(ctx context.Context, id int64) error {
	if err := t.hasProjection(ctx, id); errs.CodeOf(err) == errs.NotFound {
		return nil
	} else if err != nil {
		return err
	}
	delete(t.staged, id)
	for _, table := range factTables {
		if _, err := t.exec(ctx, "DROP TABLE "+tableName(table, id)); err != nil {
			return err
		}
	}
	delete(t.projections, id)
	_, err := t.exec(ctx, "DELETE FROM projection WHERE id = ?", id)
	return err
}
