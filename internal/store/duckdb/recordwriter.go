package duckdb

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"

	driver "github.com/duckdb/duckdb-go/v2"

	"rapport/internal/store"
)

// recordBytes is about what a record is in memory without what it came as.
const recordBytes = 256

// AddRecord implements store.RecordWriter.
func (t *tx) AddRecord(ctx context.Context, r store.Record) error {
	if r.ID <= t.lastRecord {
		return fmt.Errorf("add record %d: ids ascend, and %d was given", r.ID, t.lastRecord)
	}
	a, err := t.appender("record")
	if err != nil {
		return err
	}
	print, err := printOf(r.Print)
	if err != nil {
		return fmt.Errorf("add record %d: %w", r.ID, err)
	}
	t.lastRecord = r.ID
	t.lastImport = max(t.lastImport, r.Import)
	var days any
	if r.Days != nil {
		days = r.Days
	}
	var rawAt any
	if r.Raw != nil {
		if rawAt, err = t.addRaw(r.ID, r.Raw); err != nil {
			return err
		}
	}
	provenance, err := t.number(ctx, provenanceOf(&r))
	if err != nil {
		return err
	}
	err = a.append(ctx, recordBytes, r.ID, r.Key, r.Import, print, int64(r.Origin.Row), r.Origin.Offset, days,
		int64(len(r.Raw)), nil, rawAt, provenance, text(r.Conversation))
	if err == nil && a.held > heldBytes { // with its provenance, so that no record is ever seen without
		err = t.flushAppenders(ctx)
	}
	if err != nil {
		return err
	}
	return t.Sight(ctx, r.ID, r.Import)
}

// printOf is a print as it is kept: 16 bytes rather than 32 letters, for every question for heads reads them; nil for "".
func printOf(hexed string) (any, error) {
	if hexed == "" {
		return nil, nil
	}
	bytes, err := hex.DecodeString(hexed)
	if err != nil || len(bytes) != len(driver.UUID{}) || hex.EncodeToString(bytes) != hexed { // capitals would not come back
		return nil, fmt.Errorf("the print %q is not 16 bytes in hex", hexed)
	}
	return driver.UUID(bytes), nil
}

// Sight implements store.RecordWriter.
func (t *tx) Sight(ctx context.Context, record, imported int64) error {
	a, err := t.appender("sight")
	if err != nil {
		return err
	}
	t.lastImport = max(t.lastImport, imported)
	return a.add(ctx, 0, record, imported)
}

// AddReject implements store.RecordWriter.
func (t *tx) AddReject(ctx context.Context, r store.Reject) error {
	a, err := t.appender("reject")
	if err != nil {
		return err
	}
	var raw any
	if r.Raw != nil {
		raw = r.Raw
	}
	return a.add(ctx, len(r.Raw), r.Import, r.Number, text(r.Origin.File), int64(r.Origin.Row), r.Origin.Offset, text(r.Reason), int64(len(r.Raw)), raw)
}

// RemoveRecords implements store.RecordWriter.
func (t *tx) RemoveRecords(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return ctx.Err()
	}
	if err := t.Flush(ctx); err != nil {
		return err
	}
	t.removed = true
	for _, statement := range []string{
		"DELETE FROM record WHERE id IN (SELECT unnest(?::BIGINT[]))",
		"DELETE FROM sight WHERE record IN (SELECT unnest(?::BIGINT[]))",
	} {
		if _, err := t.exec(ctx, statement, ids); err != nil {
			return err
		}
	}
	return nil
}

// PutImport implements store.RecordWriter.
func (t *tx) PutImport(ctx context.Context, i store.Import) error {
	account, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("write the account of an import: %w", err)
	}
	t.lastImport = max(t.lastImport, i.ID)
	if _, err := t.exec(ctx, "DELETE FROM import_account WHERE id = ?", i.ID); err != nil {
		return err
	}
	_, err = t.exec(ctx, "INSERT INTO import_account VALUES (?, ?)", i.ID, string(account))
	return err
}

// RemoveImport implements store.RecordWriter.
func (t *tx) RemoveImport(ctx context.Context, imported int64) ([]int64, error) {
	if err := t.Flush(ctx); err != nil {
		return nil, err
	}
	t.removed = true
	// The records that it brought, each with the next import that brought it too: null for what goes.
	const left = "SELECT record, min(import) FILTER (WHERE import <> $1) AS next FROM sight GROUP BY record HAVING bool_or(import = $1)"
	keys, err := t.keys(ctx, "SELECT DISTINCT key FROM record JOIN ("+left+") AS o ON o.record = id WHERE next IS NULL ORDER BY key", imported)
	if err != nil {
		return nil, err
	}
	for _, statement := range []string{
		"DELETE FROM record USING (" + left + ") AS o WHERE o.record = id AND next IS NULL",
		"UPDATE record SET import = next FROM (" + left + ") AS o WHERE o.record = id AND import <> next",
		"DELETE FROM sight WHERE import = $1",
		"DELETE FROM reject WHERE import = $1",
	} {
		if _, err := t.exec(ctx, statement, imported); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// NextRecord implements store.RecordWriter.
func (t *tx) NextRecord(ctx context.Context) (int64, error) { return t.lastRecord + 1, ctx.Err() }

// NextImport implements store.RecordWriter.
func (t *tx) NextImport(ctx context.Context) (int64, error) { return t.lastImport + 1, ctx.Err() }
