// Package dataverse reads rows of the Dataverse table conversationtranscript, as JSON objects or as CSV (reference: spec.md
// §4.1 to §4.5, readings #29 and #30 of §8).
//
// Rows are heavy and nearly all of a row is its content, JSON escaped into a string. A row's fields are located in one pass
// that keeps slices of the row; only content and metadata are looked into.
package dataverse

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	stdjson "encoding/json"

	"github.com/zeebo/xxh3"

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
	fields     decode.CSVFields
	plain      []byte       // what the string content says; emptied for each row
	meta       []byte       // what the string metadata says
	words      decode.Words // that repeat from row to row
	packer     decode.Packer
}

// New returns a decoder. The zero Limits mean decode.DefaultLimits.
func New(opts decode.Options, sink decode.Sink) *Decoder {
	opts.Limits = opts.Limits.OrDefault()
	return &Decoder{opts: opts, sink: sink, activities: activityjson.NewOfChecked(opts.Limits), words: decode.NewWords(512)}
}

// wire is a row as JSON, its values not yet read. What a field holds is for its reader, so that a field of the wrong type costs no
// more than it must.
type wire struct {
	id, name, content, metadata, start, modified, created, version, schema []byte

	bot, botTitle, botName []byte
	// expanded is the bot as $expand writes it, or its id where a tool drops the decoration of the lookup's name.
	expanded []byte
}

// slot is where the value of a key goes; nil for keys that nobody reads. Keys match in any case.
func (w *wire) slot(key []byte) *[]byte {
	var lower [len(titleKey)]byte
	switch string(decode.LowerKey(lower[:], key)) {
	case "conversationtranscriptid":
		return &w.id
	case "name":
		return &w.name
	case "content":
		return &w.content
	case "metadata":
		return &w.metadata
	case "conversationstarttime":
		return &w.start
	case "modifiedon":
		return &w.modified
	case "createdon":
		return &w.created
	case "versionnumber":
		return &w.version
	case "schemaversion":
		return &w.schema
	case "_bot_conversationtranscriptid_value":
		return &w.bot
	case titleKey:
		return &w.botTitle
	case "bot_conversationtranscriptidname":
		return &w.botName
	case "bot_conversationtranscriptid":
		return &w.expanded
	default:
		return nil
	}
}

const titleKey = "_bot_conversationtranscriptid_value@odata.community.display.v1.formattedvalue"

// row is what a record is made of, whatever the shape of the export. Texts are as written.
type row struct {
	id, name, start, modified, created, version, schema string
	botID, botSchema, botName                           string
	// metadata is a JSON object, or nothing.
	metadata []byte
	content  content
}

// content is the transcript of a row, as JSON.
type content struct {
	value []byte
	// text says that it is the text that the platform wrote; else a tool took it out of its string.
	text bool
}

// Row reads one row, which is valid UTF-8. The caller has bounded its size and nesting. A row that cannot be used goes to the sink as a
// reject; the error is the sink's. raw may be reused afterwards.
func (d *Decoder) Row(raw []byte, origin activity.Origin) error {
	r, err := d.locate(raw)
	if err != nil {
		return d.reject(origin, err, raw)
	}
	return d.emit(r, nil, raw, origin)
}

// JSONLine reads a line that may be a row, and reports whether it is: one valid object and nothing more. If not, nothing was told to the sink.
func (d *Decoder) JSONLine(raw []byte, origin activity.Origin) (bool, error) {
	line := bytes.Trim(raw, " \t\r\n")
	w, ascii, err := d.located(line)
	if err != nil || decode.InvalidUTF8(line[:ascii.from]) >= 0 || decode.InvalidUTF8(line[ascii.to:]) >= 0 {
		return false, nil
	}
	r, err := d.fieldsOf(w)
	if err != nil {
		return true, d.reject(origin, err, line)
	}
	return true, d.emit(r, nil, line, origin)
}

func (d *Decoder) reject(origin activity.Origin, err error, raw []byte) error {
	return d.sink.Reject(d.opts.Limits.Quarantine(origin, err.Error(), raw))
}

// emit hands over the record of a row. header is that of its table, nil for a row that is JSON.
func (d *Decoder) emit(r row, header, raw []byte, origin activity.Origin) error {
	rec, remarks, err := d.record(r, origin)
	if err != nil {
		return d.reject(origin, err, raw)
	}
	switch {
	case !d.opts.KeepRaw:
	case header != nil:
		rec.Raw = d.packer.Pack(header, raw)
	default:
		rec.Raw = d.packer.JSON(bytes.TrimSpace(raw))
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
	w, _, err := d.located(raw)
	if err != nil {
		return row{}, err
	}
	return d.fieldsOf(w)
}

// fieldsOf reads the values of a row but for its content.
func (d *Decoder) fieldsOf(w wire) (row, error) {
	r := row{
		id: word(w.id), name: word(w.name), start: word(w.start), modified: word(w.modified), created: word(w.created),
		version: word(w.version), schema: d.word(w.schema),
		botID: d.word(w.bot), botName: cmp.Or(d.word(w.botTitle), d.word(w.botName)),
	}
	d.expand(&r, w.expanded)
	var err error
	if r.metadata, err = d.metadata(w.metadata); err != nil {
		return row{}, err
	}
	switch {
	case isNull(w.content):
		return row{}, errors.New("the row has no content")
	case w.content[0] == '"':
		r.content = content{value: d.plain, text: true}
	case w.content[0] == '{', w.content[0] == '[':
		r.content = content{value: w.content}
	default:
		return row{}, fmt.Errorf("content is %s, not JSON text", kindOf(w.content))
	}
	return r, nil
}

// located finds the values of a row, which is all of raw. Nearly all of a row is its content, so a string there is passed over and
// unescaped at once, to d.plain. ascii is where nobody need look whether the row is valid UTF-8.
func (d *Decoder) located(raw []byte) (w wire, ascii span, err error) {
	o := decode.NewObject(raw, 0, d.opts.Limits.Depth)
	for o.Next() {
		slot := w.slot(o.Key)
		switch rest := o.Rest(); {
		case slot == nil:
		case slot == &w.content && len(rest) > 0 && rest[0] == '"':
			plain, n, plainly, err := decode.TakeString(d.plain[:0], rest)
			if d.plain = plain; err != nil {
				return w, span{}, fmt.Errorf("the row is %w", err)
			}
			*slot, ascii = rest[:n], span{}
			if at := len(raw) - len(rest); plainly {
				ascii = span{at, at + n}
			}
			o.Pass(n)
		default:
			*slot = o.Value()
		}
	}
	switch {
	case o.Err() != nil:
		return w, span{}, fmt.Errorf("the row is %w", o.Err())
	case decode.SkipSpace(raw, o.End()) != len(raw):
		return w, span{}, errors.New("the row is not valid JSON: something follows the object")
	}
	return w, ascii, nil
}

// span is some bytes of a row.
type span struct{ from, to int }

// expand reads the bot behind the lookup.
func (d *Decoder) expand(r *row, raw []byte) {
	if isNull(raw) {
		return
	}
	if raw[0] != '{' {
		r.lookup(d.word(raw))
		return
	}
	o := decode.NewObject(raw, 0, anyDepth)
	for o.Next() {
		switch strings.ToLower(string(o.Key)) {
		case "botid":
			r.botID = cmp.Or(r.botID, d.word(o.Value()))
		case "schemaname":
			r.botSchema = d.word(o.Value())
		case "name":
			r.botName = cmp.Or(r.botName, d.word(o.Value()))
		}
	}
}

// anyDepth is for values that were passed over before, so that their nesting is known to be bounded.
const anyDepth = 1 << 30

// lookup takes what a tool wrote for the lookup: the bot's id or its name.
func (r *row) lookup(text string) {
	if isGUID(text) {
		r.botID = cmp.Or(r.botID, text)
		return
	}
	r.botName = cmp.Or(r.botName, text)
}

// metadata returns the JSON object, which is escaped into a string or not.
func (d *Decoder) metadata(raw []byte) ([]byte, error) {
	switch {
	case isNull(raw):
		return nil, nil
	case raw[0] == '"':
		text, err := decode.Unquote(d.meta[:0], raw)
		if err != nil {
			return nil, fmt.Errorf("metadata: %w", err)
		}
		d.meta = text
		return text, nil
	default:
		return raw, nil
	}
}

// transcript reads what was said.
func (d *Decoder) transcript(c content) (activityjson.Result, [16]byte, error) {
	plain := bytes.TrimSpace(c.value)
	if len(plain) > 0 && plain[0] == '"' { // a tool escaped the column once more than the platform
		twice, err := decode.Unquote(nil, plain)
		if err != nil {
			return activityjson.Result{}, [16]byte{}, fmt.Errorf("content: %w", err)
		}
		plain = bytes.TrimSpace(twice)
	}
	if len(plain) == 0 {
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
// compared. It tells versions of one row apart, which nobody gains by forging, so it need not withstand that: a hash that does would cost a
// tenth of reading the row.
func (d *Decoder) hash(c content, plain []byte) [16]byte {
	if !c.text {
		var compact bytes.Buffer
		if stdjson.Compact(&compact, plain) == nil {
			plain = compact.Bytes()
		}
	}
	return xxh3.Hash128(plain).Bytes()
}

func isNull(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }

// word is word for what repeats from row to row.
func (d *Decoder) word(raw []byte) string {
	s, _ := d.words.Of(raw, word)
	return s
}

// word is a string or a number as text; "" for anything else.
func word(raw []byte) string {
	switch {
	case isNull(raw):
		return ""
	case raw[0] == '"':
		var short [256]byte
		text, err := decode.Unquote(short[:0], raw)
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
