package storetest

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rapport/internal/activity"
	"rapport/internal/fact"
	"rapport/internal/store"
)

func records() []promise {
	return []promise{
		{"a record comes back as it was given", recordsComeBack},
		{"heads are by key, ordered by conversation and id", heads},
		{"raw records are by id, and those that are not there are left out", rawRecords},
		{"each record comes in the order of ids", eachRecord},
		{"split keys have records whose ids do not follow each other", split},
		{"bots are listed once, with their days", bots},
		{"keys of bots", keysOf},
		{"removed records are gone, whoever brought them", removeRecords},
		{"a record of two imports outlives the first", removeImport},
		{"ids of removed records are not used again", nextIDs},
		{"callbacks stop a list", stopRecords},
	}
}

// oddTexts are what has broken somebody's store before.
func oddTexts() []string {
	return []string{
		"", " ", "'", `"`, `''; DROP TABLE session; --`, `\`, `\x00`, "a\x00b", "\x00", "%", "_", "a%b_c", "NULL", "null", "?", "$1", "{}", "[]",
		"Größe", "GRÖSSE", "straße", "İstanbul", "ΣΊΣΥΦΟΣ", "日本語", "👩‍👩‍👧", "e\u0301", "\u202eabc", "\ufeff", "line\nbreak\r\ttab", "�",
		strings.Repeat("long ", 20_000),
	}
}

func plainRecord(id, imported int64, conversation string) store.Record {
	return store.Record{
		ID: id, Key: fact.KeyOf(conversation), Import: imported, Print: strings.Repeat("0", 32), Format: activity.FormatTranscript,
		Conversation: conversation, Bot: activity.Bot{ID: "b"}, Days: []int32{20_000}, Raw: []byte("raw"),
	}
}

func addRecords(t *testing.T, s store.Store, rs ...store.Record) {
	t.Helper()
	update(t, s, func(ctx context.Context, tx store.Tx) {
		for _, r := range rs {
			ok(t, tx.AddRecord(ctx, r))
		}
	})
}

func ids(rs []store.Record) []int64 {
	var all []int64
	for _, r := range rs {
		all = append(all, r.ID)
	}
	return all
}

func recordsComeBack(t *testing.T, s store.Store) {
	random := rand.New(rand.NewPCG(1, 2))
	large := make([]byte, 3<<20)
	for i := range large {
		large[i] = byte(random.Uint32())
	}
	var want []store.Record
	for i, text := range oddTexts() {
		want = append(want, store.Record{
			ID: int64(i + 1), Key: fact.KeyOf(text), Import: 1, Print: "00112233445566778899aabbccddeeff", Format: activity.FormatSnapshot,
			Origin:       activity.Origin{File: text, Row: i, Offset: 1<<40 + int64(i)},
			Conversation: text, Bot: activity.Bot{ID: text, Schema: "s" + text, Name: "n" + text}, Days: []int32{-5, 0, 20_000},
			Given: activity.Bot{ID: "g" + text, Schema: text, Name: text}, Raw: []byte(text),
		})
	}
	want = append(
		want,
		store.Record{ID: 1000, Key: -1 << 63, Import: 1, Format: activity.FormatSessions, Conversation: "csv", Raw: large},
		store.Record{ID: 1 << 40, Key: 1<<63 - 1, Import: 1, Format: activity.FormatContent, Conversation: "x", Raw: []byte{0}},
	)
	addRecords(t, s, want...)
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "records", want, collect(t, func(y func(store.Record) error) error { return v.Each(ctx, y) }))
		same(t, "raw", want, collect(t, func(y func(store.Record) error) error { return v.Raw(ctx, ids(want), y) }))
		for _, r := range want {
			heads := got(v.Heads(ctx, []int64{r.Key}))(t)
			r.Raw = nil
			same(t, "head", []store.Record{r}, heads)
			if len(heads) == 1 && heads[0].Raw != nil {
				t.Error("a head has its raw record")
			}
		}
	})
}

func heads(t *testing.T, s store.Store) {
	// Two conversations under one key cannot happen but by a collision of hashes; the order holds anyway.
	other := plainRecord(4, 1, "b")
	other.Key = fact.KeyOf("a")
	addRecords(t, s, plainRecord(1, 1, "c"), plainRecord(2, 1, "a"), plainRecord(3, 1, "C"), other, plainRecord(5, 1, "a"), plainRecord(6, 1, "d"))
	view(t, s, func(ctx context.Context, v store.View) {
		keys := []int64{fact.KeyOf("c"), fact.KeyOf("a"), fact.KeyOf("C"), fact.KeyOf("a"), fact.KeyOf("nobody")}
		same(t, "heads", []int64{3, 2, 5, 4, 1}, ids(got(v.Heads(ctx, keys))(t)))
		same(t, "heads of no keys", 0, len(got(v.Heads(ctx, nil))(t)))
		var many []int64
		for key := range int64(5000) {
			many = append(many, key)
		}
		same(t, "heads of many keys", 6, len(got(v.Heads(ctx, append(many, keys[0], keys[1], keys[2], fact.KeyOf("d"))))(t)))
	})
}

func rawRecords(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(1, 1, "a"), plainRecord(2, 1, "b"), plainRecord(3, 1, "c"))
	view(t, s, func(ctx context.Context, v store.View) {
		raw := func(of ...int64) []int64 {
			return ids(collect(t, func(y func(store.Record) error) error { return v.Raw(ctx, of, y) }))
		}
		same(t, "raw", []int64{1, 3}, raw(3, 77, 1, 3))
		same(t, "raw of nothing", 0, len(raw()))
	})
}

func eachRecord(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(10, 1, "b"), plainRecord(11, 1, "a"))
	addRecords(t, s, plainRecord(12, 2, "b"), plainRecord(500, 2, "a"))
	addRecords(t, s, plainRecord(501, 3, "c"))
	view(t, s, func(ctx context.Context, v store.View) {
		each := collect(t, func(y func(store.Record) error) error { return v.Each(ctx, y) })
		same(t, "each", []int64{10, 11, 12, 500, 501}, ids(each))
	})
}

func split(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(1, 1, "a"), plainRecord(2, 1, "a"), plainRecord(3, 1, "b"), plainRecord(4, 1, "c"))
	want := func(what string, conversations ...string) {
		t.Helper()
		var keys []int64
		for _, c := range conversations {
			keys = append(keys, fact.KeyOf(c))
		}
		slices.Sort(keys)
		view(t, s, func(ctx context.Context, v store.View) { same(t, what, keys, got(v.Split(ctx))(t)) })
	}
	want("one behind the other")
	addRecords(t, s, plainRecord(5, 2, "b"), plainRecord(6, 2, "c"), plainRecord(7, 2, "d"))
	addRecords(t, s, plainRecord(8, 3, "b"))
	want("split of three imports", "b", "c")
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.Sight(ctx, 4, 2)) // c was in both; b only in the one that goes
		got(tx.RemoveImport(ctx, 1))(t)
	})
	// The record of c that the second import takes over stays where it lies, apart from the other one of c.
	want("split after the first import is gone", "b", "c")
	update(t, s, func(ctx context.Context, tx store.Tx) { got(tx.RemoveImport(ctx, 3))(t) })
	want("split after the third is gone too", "c")
	addRecords(t, s, plainRecord(9, 4, "x"), plainRecord(10, 4, "y"), plainRecord(11, 4, "x"))
	want("apart in one import", "c", "x")
}

func removeRecords(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(1, 1, "a"), plainRecord(2, 1, "b"))
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.AddRecord(ctx, plainRecord(3, 2, "a")))
		ok(t, tx.Sight(ctx, 1, 2))
		ok(t, tx.RemoveRecords(ctx, []int64{1, 3, 77}))
		ok(t, tx.RemoveRecords(ctx, nil))
		ok(t, tx.Flush(ctx))
		same(t, "within the update", []int64{2}, ids(collect(t, func(y func(store.Record) error) error { return tx.Each(ctx, y) })))
		same(t, "heads within the update", 0, len(got(tx.Heads(ctx, []int64{fact.KeyOf("a")}))(t)))
	})
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "what is left", []int64{2}, ids(collect(t, func(y func(store.Record) error) error { return v.Each(ctx, y) })))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) {
		same(t, "keys that go with the second import", 0, len(got(tx.RemoveImport(ctx, 2))(t)))
		same(t, "the next id", int64(4), got(tx.NextRecord(ctx))(t))
	})
}

func bots(t *testing.T, s store.Store) {
	record := func(id int64, bot activity.Bot, format activity.Format, days ...int32) store.Record {
		r := plainRecord(id, 1, "a")
		r.Bot, r.Format, r.Days = bot, format, days
		return r
	}
	b, B, named := activity.Bot{ID: "b"}, activity.Bot{ID: "B"}, activity.Bot{ID: "b", Name: "Bee"}
	schema, csv, both := activity.Bot{Schema: "cr_b"}, activity.Bot{ID: "x"}, activity.Bot{ID: "y", Schema: "cr_y"}
	addRecords(t, s,
		record(1, b, activity.FormatTranscript, 7, 5), record(2, b, activity.FormatSnapshot, 5, -3), record(3, named, activity.FormatTranscript),
		record(4, B, activity.FormatBotFramework, 1), record(5, schema, activity.FormatContent, 2), record(6, csv, activity.FormatSessions),
		record(7, both, activity.FormatSessions), record(8, both, activity.FormatTranscript, 4))
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "bots", []store.BotSeen{
			{Bot: schema, Transcripts: true, Days: []int32{2}},
			{Bot: B, Transcripts: true, Days: []int32{1}},
			{Bot: b, Transcripts: true, Days: []int32{-3, 5, 7}},
			{Bot: named, Transcripts: true},
			{Bot: csv, Exported: true},
			{Bot: both, Transcripts: true, Exported: true, Days: []int32{4}},
		}, got(v.Bots(ctx))(t))
	})
}

func keysOf(t *testing.T, s store.Store) {
	record := func(id int64, conversation string, bot activity.Bot, format activity.Format) store.Record {
		r := plainRecord(id, 1, conversation)
		r.Bot, r.Format = bot, format
		return r
	}
	one, two, named := activity.Bot{ID: "one"}, activity.Bot{Schema: "two'"}, activity.Bot{ID: "one", Name: "One"}
	addRecords(t, s,
		record(1, "a", one, activity.FormatTranscript), record(2, "a", one, activity.FormatTranscript), record(3, "b", one, activity.FormatSessions),
		record(4, "c", two, activity.FormatSnapshot), record(5, "d", named, activity.FormatTranscript), record(6, "a", two, activity.FormatSessions))
	for _, test := range []struct {
		what string
		bots []activity.Bot
		csv  bool
		want []string
	}{
		{"one bot", []activity.Bot{one}, false, []string{"a", "b"}},
		{"a bot with a name is another", []activity.Bot{named}, false, []string{"d"}},
		{"two bots", []activity.Bot{one, two}, false, []string{"a", "b", "c"}},
		{"rows of sessions CSVs alone", []activity.Bot{one, two}, true, []string{"a", "b"}},
		{"a bot without any", []activity.Bot{named}, true, nil},
		{"a bot that is not there", []activity.Bot{{ID: "three"}}, false, nil},
		{"no bots", nil, false, nil},
	} {
		view(t, s, func(ctx context.Context, v store.View) {
			keys := got(v.KeysOf(ctx, test.bots, test.csv))(t)
			slices.Sort(keys)
			same(t, test.what, sortedKeys(test.want), keys)
		})
	}
}

func sortedKeys(conversations []string) []int64 {
	var keys []int64
	for _, c := range conversations {
		keys = append(keys, fact.KeyOf(c))
	}
	slices.Sort(keys)
	return keys
}

func removeImport(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(1, 1, "a"), plainRecord(2, 1, "b"), plainRecord(3, 1, "b"), plainRecord(4, 1, "c"))
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.AddReject(ctx, store.Reject{Import: 1, Number: 1, Reason: "first"}))
		ok(t, tx.Sight(ctx, 1, 3))
		ok(t, tx.Sight(ctx, 1, 2))
		ok(t, tx.Sight(ctx, 1, 2)) // again, and of the import it was added with: nothing new
		ok(t, tx.Sight(ctx, 1, 1))
		ok(t, tx.Sight(ctx, 2, 3))
		ok(t, tx.AddRecord(ctx, plainRecord(5, 2, "d")))
		ok(t, tx.AddReject(ctx, store.Reject{Import: 2, Number: 1, Reason: "second"}))
	})
	remove := func(imported int64, dropped ...string) {
		t.Helper()
		update(t, s, func(ctx context.Context, tx store.Tx) {
			keys := got(tx.RemoveImport(ctx, imported))(t)
			slices.Sort(keys)
			same(t, "keys of what was dropped", sortedKeys(dropped), keys)
			ok(t, tx.Flush(ctx))
			rejects := collect(t, func(y func(store.Reject) error) error { return tx.Rejects(ctx, imported, y) })
			same(t, "rejects of an import that was removed", 0, len(rejects))
		})
	}
	left := func(want map[int64]int64) {
		t.Helper()
		view(t, s, func(ctx context.Context, v store.View) {
			have := map[int64]int64{}
			for _, r := range collect(t, func(y func(store.Record) error) error { return v.Each(ctx, y) }) {
				have[r.ID] = r.Import
				head := slices.IndexFunc(got(v.Heads(ctx, []int64{r.Key}))(t), func(h store.Record) bool { return h.ID == r.ID && h.Import == r.Import })
				if head < 0 {
					t.Errorf("record %d has no head of the same import", r.ID)
				}
				if !bytes.Equal(r.Raw, []byte("raw")) {
					t.Errorf("record %d lost its raw", r.ID)
				}
			}
			same(t, "records, and whose they are", want, have)
		})
	}
	remove(1, "b", "c")
	left(map[int64]int64{1: 2, 2: 3, 5: 2})
	view(t, s, func(ctx context.Context, v store.View) {
		rejects := collect(t, func(y func(store.Reject) error) error { return v.Rejects(ctx, 2, y) })
		same(t, "rejects of the other import", []store.Reject{{Import: 2, Number: 1, Reason: "second"}}, rejects)
	})
	remove(1)
	remove(2, "d")
	left(map[int64]int64{1: 3, 2: 3})
	remove(3, "a", "b")
	left(map[int64]int64{})
}

func nextIDs(t *testing.T, s store.Store) {
	next := func() (record, imported int64) {
		update(t, s, func(ctx context.Context, tx store.Tx) {
			record, imported = got(tx.NextRecord(ctx))(t), got(tx.NextImport(ctx))(t)
		})
		return record, imported
	}
	if record, imported := next(); record < 1 || imported != 1 {
		t.Errorf("the first ids are %d for records and %d for imports", record, imported)
	}
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.PutImport(ctx, store.Import{ID: 1}))
		ok(t, tx.AddRecord(ctx, plainRecord(70, 1, "a")))
		ok(t, tx.Flush(ctx))
		if record := got(tx.NextRecord(ctx))(t); record <= 70 {
			t.Errorf("the next record is %d, though 70 was just written", record)
		}
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { got(tx.RemoveImport(ctx, 1))(t) })
	if record, imported := next(); record <= 70 || imported != 2 {
		t.Errorf("after record 70 of import 1 the ids are %d and %d", record, imported)
	}
}

func stopRecords(t *testing.T, s store.Store) {
	addRecords(t, s, plainRecord(1, 1, "a"), plainRecord(2, 1, "b"))
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.AddReject(ctx, store.Reject{Import: 1, Number: 1}))
		ok(t, tx.AddReject(ctx, store.Reject{Import: 1, Number: 2}))
	})
	view(t, s, func(ctx context.Context, v store.View) {
		stops(t, "each", func(y func(store.Record) error) error { return v.Each(ctx, y) })
		stops(t, "raw", func(y func(store.Record) error) error { return v.Raw(ctx, []int64{1, 2}, y) })
		stops(t, "rejects", func(y func(store.Reject) error) error { return v.Rejects(ctx, 1, y) })
	})
}

func imports() []promise {
	return []promise{
		{"an import comes back as it was given, the latest first", importsComeBack},
		{"rejects come in the order of the input", rejects},
	}
}

func importsComeBack(t *testing.T, s store.Store) {
	first := store.Import{
		ID: 1, StartedAt: 1, FinishedAt: 2, RemovedAt: 3, Paths: oddTexts(), Sample: true, Bytes: 1 << 50, Inputs: 5, Read: 10, Accepted: 1, Duplicate: 2,
		Superseded: 3, Quarantine: 4, Reasons: []store.Reason{{Text: "b'", Rows: 9}, {Text: "a\x00", Rows: 3}}, Warnings: oddTexts(), Touched: 6,
		Generation: 7,
	}
	second := store.Import{ID: 2, StartedAt: -1}
	update(t, s, func(ctx context.Context, tx store.Tx) {
		ok(t, tx.PutImport(ctx, store.Import{ID: 1, Read: 99, Paths: []string{"old"}}))
		ok(t, tx.PutImport(ctx, second))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { ok(t, tx.PutImport(ctx, first)) })
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "imports", []store.Import{second, first}, got(v.Imports(ctx))(t))
	})
	update(t, s, func(ctx context.Context, tx store.Tx) { got(tx.RemoveImport(ctx, 1))(t) })
	view(t, s, func(ctx context.Context, v store.View) {
		same(t, "imports after one was removed: its account is kept", []store.Import{second, first}, got(v.Imports(ctx))(t))
	})
}

func rejects(t *testing.T, s store.Store) {
	want := []store.Reject{{Import: 1, Number: 1, Reason: "too large"}}
	for i, text := range oddTexts() {
		want = append(want, store.Reject{
			Import: 1, Number: int64(i + 2), Origin: activity.Origin{File: text, Row: i, Offset: int64(i)}, Reason: text, Raw: []byte("raw " + text),
		})
	}
	update(t, s, func(ctx context.Context, tx store.Tx) {
		for _, r := range slices.Backward(want) {
			ok(t, tx.AddReject(ctx, r))
		}
		ok(t, tx.AddReject(ctx, store.Reject{Import: 2, Number: 1, Reason: "another's"}))
	})
	view(t, s, func(ctx context.Context, v store.View) {
		have := collect(t, func(y func(store.Reject) error) error { return v.Rejects(ctx, 1, y) })
		same(t, "rejects", want, have)
		if len(have) > 0 && have[0].Raw != nil {
			t.Error("a reject without its row has one now")
		}
	})
}
