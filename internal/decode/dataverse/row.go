// Package dataverse reads rows of the Dataverse table conversationtranscript, as JSON objects or as CSV (reference: spec.md
// §4.1 to §4.5, readings #29 and #30 of §8).
//
// Rows are heavy and nearly all of a row is its content, JSON escaped into a string. A row's fields are located in one pass
// that keeps slices of the row; only content and metadata are looked into.
package dataverse

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"

	stdjson "encoding/json"

	"github.com/segmentio/encoding/json"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/activityjson"
)

// Decoder makes records of rows, one after the other, and hands them to a sink. It reuses its buffers and is not safe for
// concurrent use.
type Decoder struct {
	opts       decode.Options
	sink       decode.Sink
	activities *activityjson.Decoder
	wire       wire
	plain      []byte // content, unescaped
}

// New returns a decoder. The zero Limits mean decode.DefaultLimits.
func New(opts decode.Options, sink decode.Sink) *Decoder {
	opts.Limits = opts.Limits.OrDefault()
	return &Decoder{opts: opts, sink: sink, activities: activityjson.New(opts.Limits)}
}

// wire is a row as JSON. Keys match in any case. What a field holds is for its reader, so that a field of the wrong type costs
// no more than it must.
type wire struct {
	ID       json.RawMessage `json:"conversationtranscriptid"`
	Name     json.RawMessage `json:"name"`
	Content  json.RawMessage `json:"content"`
	Metadata json.RawMessage `json:"metadata"`
	Start    json.RawMessage `json:"conversationstarttime"`
	Modified json.RawMessage `json:"modifiedon"`
	Created  json.RawMessage `json:"createdon"`
	Version  json.RawMessage `json:"versionnumber"`
	Schema   json.RawMessage `json:"schemaversion"`
	Bot      json.RawMessage `json:"_bot_conversationtranscriptid_value"`
	BotTitle json.RawMessage `json:"_bot_conversationtranscriptid_value@OData.Community.Display.V1.FormattedValue"`
	BotName  json.RawMessage `json:"bot_conversationtranscriptidname"`
	// Expanded is the bot as $expand writes it, or its id where a tool drops the decoration of the lookup's name.
	Expanded json.RawMessage `json:"bot_conversationtranscriptid"`
}

// row is what a record is made of, whatever the shape of the export. Texts are as written.
type row struct {
	id, name, start, modified, created, version, schema string
	botID, botSchema, botName                           string
	// metadata is a JSON object, or nothing.
	metadata []byte
	content  content
}

// content is the transcript as it stands in its row.
type content struct {
	value []byte
	// escaped says that value is a JSON string which holds the JSON, with its quotes; text, that it is that JSON as the platform
	// wrote it. Neither: a tool took it out of its string.
	escaped, text bool
}

// Row reads one row. The caller has bounded its size and nesting. A row that cannot be used goes to the sink as a reject; the
// error is the sink's. raw may be reused afterwards.
func (d *Decoder) Row(raw []byte, origin activity.Origin) error {
	r, err := d.locate(raw)
	if err != nil {
		return d.reject(origin, err, raw)
	}
	return d.emit(r, raw, origin)
}

func (d *Decoder) reject(origin activity.Origin, err error, raw []byte) error {
	return d.sink.Reject(d.opts.Limits.Quarantine(origin, err.Error(), raw))
}

func (d *Decoder) emit(r row, raw []byte, origin activity.Origin) error {
	rec, remarks, err := d.record(r, origin)
	if err != nil {
		return d.reject(origin, err, raw)
	}
	for _, text := range remarks {
		if err := d.sink.Warn(decode.Warning{Origin: origin, Text: text}); err != nil {
			return err
		}
	}
	return d.sink.Record(rec)
}

// locate finds the fields of a row without reading content or metadata.
func (d *Decoder) locate(raw []byte) (row, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return row{}, fmt.Errorf("a row is a JSON object, this is %s", kindOf(raw))
	}
	d.wire = wire{}
	w := &d.wire
	rest, err := json.Parse(raw, w, json.ZeroCopy)
	if err != nil {
		return row{}, fmt.Errorf("the row is not valid JSON: %w", err)
	}
	if len(bytes.TrimSpace(rest)) != 0 {
		return row{}, errors.New("the row is not valid JSON: something follows the object")
	}
	r := row{
		id: word(w.ID), name: word(w.Name), start: word(w.Start), modified: word(w.Modified), created: word(w.Created),
		version: word(w.Version), schema: word(w.Schema),
		botID: word(w.Bot), botName: firstOf(word(w.BotTitle), word(w.BotName)),
	}
	r.expand(w.Expanded)
	if r.metadata, err = d.metadata(w.Metadata); err != nil {
		return row{}, err
	}
	switch {
	case isNull(w.Content):
		return row{}, errors.New("the row has no content")
	case w.Content[0] == '"':
		r.content = content{value: w.Content, escaped: true}
	case w.Content[0] == '{', w.Content[0] == '[':
		r.content = content{value: w.Content}
	default:
		return row{}, fmt.Errorf("content is %s, not JSON text", kindOf(w.Content))
	}
	return r, nil
}

// expand reads the bot behind the lookup.
func (r *row) expand(raw json.RawMessage) {
	if isNull(raw) {
		return
	}
	if raw[0] != '{' {
		r.lookup(word(raw))
		return
	}
	var bot struct {
		ID     json.RawMessage `json:"botid"`
		Schema json.RawMessage `json:"schemaname"`
		Name   json.RawMessage `json:"name"`
	}
	if _, err := json.Parse(raw, &bot, json.ZeroCopy); err == nil { // the row around it was valid JSON, so it is
		r.botID = firstOf(r.botID, word(bot.ID))
		r.botSchema = word(bot.Schema)
		r.botName = firstOf(r.botName, word(bot.Name))
	}
}

// lookup takes what a tool wrote for the lookup: the bot's id or its name.
func (r *row) lookup(text string) {
	if isGUID(text) {
		r.botID = firstOf(r.botID, text)
		return
	}
	r.botName = firstOf(r.botName, text)
}

// metadata returns the JSON object, which is escaped into a string or not.
func (d *Decoder) metadata(raw json.RawMessage) ([]byte, error) {
	switch {
	case isNull(raw):
		return nil, nil
	case raw[0] == '"':
		text, err := unquote(nil, raw)
		if err != nil {
			return nil, fmt.Errorf("metadata: %w", err)
		}
		return text, nil
	default:
		return raw, nil
	}
}

// transcript reads what was said. It is the one place that looks into content, so that a scanner which skips what no rule
// reads without unescaping it first can take its place.
func (d *Decoder) transcript(c content) (activityjson.Result, [16]byte, error) {
	plain := bytes.TrimSpace(c.value)
	if c.escaped {
		var err error
		if d.plain, err = unquote(d.plain[:0], plain); err != nil {
			return activityjson.Result{}, [16]byte{}, fmt.Errorf("content: %w", err)
		}
		plain = d.plain
	}
	if len(bytes.TrimSpace(plain)) == 0 {
		return activityjson.Result{}, [16]byte{}, errors.New("content is empty")
	}
	res, err := d.activities.Content(plain)
	if err != nil {
		return res, [16]byte{}, explainCut(plain, err)
	}
	if len(res.Activities) == 0 {
		return res, [16]byte{}, errors.New("content has no activities")
	}
	return res, d.hash(c, plain), nil
}

// hash is of the text that the platform wrote. Of an object that a tool took out of its string only the compact form can be
// compared.
func (d *Decoder) hash(c content, plain []byte) [16]byte {
	if !c.escaped && !c.text {
		var compact bytes.Buffer
		if stdjson.Compact(&compact, plain) == nil {
			plain = compact.Bytes()
		}
	}
	sum := sha256.Sum256(plain)
	return [16]byte(sum[:16])
}

func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// word is a string or a number as text; "" for anything else.
func word(raw json.RawMessage) string {
	switch {
	case isNull(raw):
		return ""
	case raw[0] == '"':
		text, err := unquote(nil, raw)
		if err != nil {
			return ""
		}
		return string(text)
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		return string(raw)
	default:
		return ""
	}
}

// kindOf names what a JSON value is.
func kindOf(raw []byte) string {
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a string"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
