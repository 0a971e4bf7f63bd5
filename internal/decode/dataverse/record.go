package dataverse

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// metadata is the JSON of that column (spec.md §4.3).
type metadata struct {
	BotID   string
	BotName string
	// Batch is BatchId; -1 when the row does not say.
	Batch int
}

// record makes the record, and remarks about what was wrong with the row but did not matter enough to lose it.
func (d *Decoder) record(r row, origin activity.Origin) (*activity.Record, []string, error) {
	res, hash, err := d.transcript(r.content)
	if err != nil {
		return nil, nil, err
	}
	var remarks []string
	note := func(err error) {
		if err != nil {
			remarks = append(remarks, err.Error())
		}
	}
	meta, err := d.readMetadata(r.metadata)
	note(err)
	rec := &activity.Record{
		Format:        activity.FormatTranscript,
		Origin:        origin,
		ID:            strings.ToLower(strings.TrimSpace(r.id)),
		Hash:          hash,
		Start:         res.Start,
		Batch:         max(meta.Batch, 0),
		Untimed:       res.Untimed,
		Locale:        res.Locale,
		User:          res.User,
		Activities:    res.Activities,
		SchemaVersion: r.schema,
		Bot: activity.Bot{
			ID:     strings.ToLower(strings.TrimSpace(r.botID)),
			Schema: cmp.Or(meta.BotName, r.botSchema, res.BotSchema),
			Name:   r.botName,
		},
	}
	if rec.Bot.Key() == "" {
		rec.Bot.ID, rec.Bot.Schema = d.opts.Bot.ID, d.opts.Bot.Schema
		rec.Bot.Name = cmp.Or(rec.Bot.Name, d.opts.Bot.Name)
	}

	conversation, batch := splitName(r.name, meta.BotID, rec.Bot.ID)
	if meta.Batch < 0 {
		rec.Batch = batch
	}
	if rec.Conversation = cmp.Or(conversation, rec.ID); rec.Conversation == "" {
		// Nothing names the conversation: every row is one of its own, the same one wherever it is read.
		rec.ID = hex.EncodeToString(hash[:])
		rec.Conversation = rec.ID
	}

	rec.Version, err = version(r.version)
	note(err)
	rec.ModifiedAt, err = d.instant("modifiedon", r.modified)
	note(err)
	if rec.ModifiedAt == 0 {
		rec.ModifiedAt, err = d.instant("createdon", r.created)
		note(err)
	}
	start, err := d.instant("conversationstarttime", r.start)
	note(err)
	if start != 0 {
		rec.Start = start
	}
	return rec, remarks, nil
}

// readMetadata reads the column. What cannot be read is said and otherwise as if it were absent.
func (d *Decoder) readMetadata(raw []byte) (metadata, error) {
	meta := metadata{Batch: -1}
	if len(bytes.TrimSpace(raw)) == 0 {
		return meta, nil
	}
	var batchID []byte
	o := decode.NewObject(raw, 0, maxMetadataDepth)
	for o.Next() {
		switch strings.ToLower(string(o.Key)) {
		case "botid":
			meta.BotID = d.word(o.Value())
		case "botname":
			meta.BotName = d.word(o.Value())
		case "batchid":
			batchID = o.Value()
		}
	}
	if o.Err() != nil {
		return metadata{Batch: -1}, fmt.Errorf("metadata was not read: %w", o.Err())
	}
	batch := strings.TrimSpace(word(batchID))
	if batch == "" {
		return meta, nil
	}
	n, ok := wholeNumber(batch)
	if !ok || n < 0 || n > math.MaxInt32 {
		return meta, fmt.Errorf("metadata.BatchId %q is not a batch number", shorten(batch))
	}
	meta.Batch = int(n)
	return meta, nil
}

// maxMetadataDepth is far more than metadata needs.
const maxMetadataDepth = 64

// splitName takes the conversation id out of a row's name, which is "<conversation>_<bot>" and, in one version,
// "_<batch>" behind it (spec.md §4.4). Conversation ids hold underscores themselves, so only a known suffix is taken off. The
// batch is 0 when the name does not give it.
func splitName(name string, bots ...string) (conversation string, batch int) {
	name = strings.TrimSpace(name)
	whole, tail := name, 0
	if i := strings.LastIndexByte(name, '_'); i >= 0 && strings.Trim(name[i+1:], "0123456789") == "" { // else the error costs more
		if n, err := strconv.ParseUint(name[i+1:], 10, 31); err == nil {
			whole, tail = name[:i], int(n)
		}
	}
	for _, bot := range bots {
		if bot == "" {
			continue
		}
		if rest, ok := cutBot(name, bot); ok {
			return rest, 0
		}
		if rest, ok := cutBot(whole, bot); ok {
			return rest, tail
		}
	}
	if rest, ok := cutGUID(name); ok {
		return rest, 0
	}
	if rest, ok := cutGUID(whole); ok {
		return rest, tail
	}
	return name, 0
}

// cutBot takes "_<bot>" off, in any case.
func cutBot(s, bot string) (string, bool) {
	at := len(s) - len(bot) - 1
	if at <= 0 || s[at] != '_' || !strings.EqualFold(s[at+1:], bot) {
		return s, false
	}
	return s[:at], true
}

// cutGUID takes "_<guid>" off.
func cutGUID(s string) (string, bool) {
	at := len(s) - guidLength - 1
	if at <= 0 || s[at] != '_' || !isGUID(s[at+1:]) {
		return s, false
	}
	return s[:at], true
}

const guidLength = 36

func isGUID(s string) bool {
	if len(s) != guidLength {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8, i == 13, i == 18, i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}

// version is versionnumber; 0 when the row has none.
func version(text string) (int64, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	n, ok := wholeNumber(text)
	if !ok { // perhaps grouped by a spreadsheet
		n, ok = wholeNumber(strings.NewReplacer(",", "", " ", "").Replace(text))
	}
	if !ok {
		return 0, fmt.Errorf("versionnumber %q is not a number", shorten(text))
	}
	return n, nil
}

// wholeNumber reads an integer, also in the exponent form that a spreadsheet gives to large ones.
func wholeNumber(text string) (int64, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || !(math.Abs(f) < 1<<62) {
		return 0, false
	}
	return int64(f), true
}

// layouts are how exports and spreadsheets write times. What has no zone is UTC. Where day and month can be told apart only by
// a convention it is the American one, since that is what the exports use.
var layouts = [...]string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04Z07:00",
	"2006-01-02 15:04", "2006-01-02",
	"1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006",
	"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006",
}

// instant reads a time of a column in ms; 0 when there is none.
func (d *Decoder) instant(column, text string) (int64, error) {
	// Some locales put a narrow no-break space before AM and PM.
	text = strings.ToUpper(strings.TrimSpace(strings.ReplaceAll(text, "\u202f", " ")))
	if text == "" {
		return 0, nil
	}
	lim := d.opts.Limits
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			continue
		}
		if y := t.UTC().Year(); y < lim.MinYear || y > lim.MaxYear {
			return 0, fmt.Errorf("%s %q is not between %d and %d and was not used", column, shorten(text), lim.MinYear, lim.MaxYear)
		}
		return t.UnixMilli(), nil
	}
	return 0, fmt.Errorf("%s %q is not a time and was not used", column, shorten(text))
}

// explainCut adds the likely cause to the error of a content that stops where tools cut a long text: reporting tools at 32,000,
// spreadsheets at 32,767, the column itself at 1,048,576.
func explainCut(plain []byte, err error) error {
	switch n := utf8.RuneCount(plain); n {
	case 32_000, 32_767, 1_048_576:
		return fmt.Errorf("content is exactly %d characters long, so a tool cut it there; export the table again without that tool: %w", n, err)
	default:
		return err
	}
}

// shorten keeps a message short whatever a field holds.
func shorten(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}
