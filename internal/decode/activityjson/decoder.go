// Package activityjson reads the JSON of Bot Framework activities, the core that every transcript format shares
// (reference: spec.md §4.5 and §4.6).
//
// Real activities are heavy and nearly all of it is in values that no rule reads. An activity's top-level keys are located in
// one pass, and only what has a signal in package activity is looked into. What can be read is read: a value of an unexpected
// type costs its signal at most. Only what would make numbers wrong is an error: a time that cannot be, a SessionInfo that
// says nothing, an activity without a type.
package activityjson

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// Result is what the activities of one record say.
type Result struct {
	// Activities in the order of the source, with Seq counted from 0.
	Activities []activity.Activity
	// Parties of each activity, by the same index. Only filled by NewWithParties.
	Parties []Parties
	// Untimed is true when no activity has a time.
	Untimed bool
	// Start is the earliest time (ms); 0 when untimed.
	Start int64
	// Locale is that of ConversationInfo, else the first that an activity has. "" when unknown.
	Locale string
	// User is the first aadObjectId of a user, else the first account id of one.
	User string
	// BotSchema is the schema name that most topic and tool ids start with, "" when there are none.
	BotSchema string
	// Conversation is the first conversation id that an activity carries. Dataverse rows carry none.
	Conversation string
	// TextTimes is true when a time is written as text, as the test pane and the Bot Framework do.
	TextTimes bool
}

// Parties are the accounts of one activity as written, for formats that leave roles to be inferred.
type Parties struct {
	Conversation  string
	From          Account
	Recipient, To Account

	locale string
	at     stamp
}

// Account is one side of an activity.
type Account struct {
	ID, Name, AAD string
	Role          activity.Role
}

// Decoder makes the activities of one record after the other. It is not safe for concurrent use.
type Decoder struct {
	lim     decode.Limits
	times   timeRange
	parties bool
	checked bool              // what is read is known to be valid UTF-8
	words   decode.Words      // that repeat from record to record
	ids     decode.Words      // that repeat within a record
	unique  strings.Builder   // ids that do not: many share a piece of memory
	lowered map[string]string // words that name signals, in lower case
	senders senders           // whom activities were from lately

	err  error
	size int64  // roughly what the record costs once reduced
	res  Result // but for the activities
	all  []activity.Activity
	at   []stamp
	fine map[int64]int64 // for settle
	aad  string
	user string
	info string // locale of ConversationInfo
	bots map[string]int
}

// New returns a decoder. The zero Limits mean decode.DefaultLimits.
func New(lim decode.Limits) *Decoder {
	lim = lim.OrDefault()
	return &Decoder{
		lim: lim, times: rangeOf(lim), words: decode.NewWords(4096), ids: decode.NewWords(64),
		lowered: map[string]string{}, bots: map[string]int{}, fine: map[int64]int64{},
	}
}

// NewWithParties returns a decoder that keeps the accounts of each activity too.
func NewWithParties(lim decode.Limits) *Decoder {
	d := New(lim)
	d.parties = true
	return d
}

// NewOfChecked returns a decoder for those who have checked that what they hand over is valid UTF-8.
func NewOfChecked(lim decode.Limits) *Decoder {
	d := New(lim)
	d.checked = true
	return d
}

// What an activity costs beside its strings, for Limits.RecordBytes, and what its parties cost where they are kept.
const (
	perActivity = 256
	perParties  = 256
)

// Add reads one activity. The error says why it cannot be used, without the position, and Finish repeats it. The caller may reuse
// raw afterwards.
func (d *Decoder) Add(raw []byte) error {
	raw = trim(raw)
	n, err := d.one(raw, 1)
	if err == nil && n != len(raw) {
		d.err = errors.New("not valid JSON: something follows the object")
		err = d.err
	}
	return err
}

// one reads the activity that raw starts with and returns the index behind it.
func (d *Decoder) one(raw []byte, level int) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	var n int
	n, d.err = d.add(raw, level)
	return n, d.err
}

func (d *Decoder) add(raw []byte, level int) (int, error) {
	if len(d.all) >= d.lim.Activities {
		return 0, fmt.Errorf("more than the limit of %d activities in one record", d.lim.Activities)
	}
	if len(raw) == 0 || raw[0] != '{' {
		end, err := decode.SkipValue(raw, 0, level, d.lim.Depth)
		if err != nil {
			return 0, err
		}
		return 0, fmt.Errorf("not an object: %s", quote(raw[:end]))
	}
	var w wire
	n, err := w.locate(raw, level, d.lim.Depth, &d.senders)
	if err != nil {
		return 0, err
	}
	if !d.checked && !utf8.Valid(raw[:n]) {
		return 0, errors.New("invalid UTF-8")
	}

	valueType, name := d.word(w.valueType), d.word(w.name)
	kind, err := typeOf(d.word(w.kind), valueType, name)
	if err != nil {
		return 0, err
	}
	at, err := d.times.read(w.timestampMs, w.timestamp)
	if err != nil {
		return 0, err
	}
	from := d.sender(&w, level)
	a := activity.Activity{
		ID:      d.identifier(w.id),
		Type:    kind,
		Name:    cmp.Or(valueType, name),
		Role:    from.Role,
		From:    from.ID,
		ReplyTo: d.reply(w.replyToID),
		Channel: d.word(w.channelID),
		Seq:     len(d.all),
	}
	if kind == activity.TypeMessage {
		w.message(&a)
	}
	a.Evaluation = isEvaluation(w.channelData)
	if a.Signal, err = d.signal(kind, valueType, name, w.value); err != nil {
		return 0, err
	}
	d.note(&w, &a, from, at)

	d.size += perActivity + int64(len(a.ID)+len(a.ReplyTo)+len(a.Type)+len(a.Text))
	if a.Signal != nil {
		d.size += int64(len(w.value)) + weight(a.Signal)
	}
	if d.size > d.lim.RecordBytes {
		return 0, fmt.Errorf("the record is larger than the limit of %d bytes", d.lim.RecordBytes)
	}
	return n, nil
}

// message fills in what people see.
func (w *wire) message(a *activity.Activity) {
	a.Text = scalar(w.text)
	asks := isFilledList(w.suggestedActions, "actions") || strings.EqualFold(scalar(w.inputHint), "expectingInput")
	if !isNull(w.attachments) {
		cards := readCards(w.attachments)
		asks = asks || cards.inputs
		if strings.TrimSpace(a.Text) == "" {
			a.Text = cards.String()
		}
	}
	a.Asks = asks && a.Role != activity.RoleUser
}

// note keeps the activity and what the record as a whole learns from it.
func (d *Decoder) note(w *wire, a *activity.Activity, from Account, at stamp) {
	if a.Role == activity.RoleUser {
		d.aad = cmp.Or(d.aad, from.AAD)
		d.user = cmp.Or(d.user, from.ID)
	}
	locale := d.word(w.locale)
	if d.res.Locale == "" {
		d.res.Locale = locale
	}
	d.res.TextTimes = d.res.TextTimes || at.text
	conversation := d.id(conversationID(w.conversation))
	if d.res.Conversation == "" {
		d.res.Conversation = conversation
	}
	if d.parties {
		d.size += perParties
		d.res.Parties = append(d.res.Parties, Parties{
			Conversation: conversation,
			From:         from,
			Recipient:    d.account(w.recipient),
			To:           d.account(w.to),
			locale:       locale,
			at:           at,
		})
	}
	switch s := a.Signal.(type) {
	case activity.ConversationInfo:
		d.info = cmp.Or(d.info, s.Locale)
	case activity.TopicTrace:
		for _, step := range s.Steps {
			d.schema(step.Topic)
		}
	case activity.PlanReceived:
		for _, step := range s.Steps {
			d.schema(step)
		}
	case activity.PlanStep:
		d.schema(s.Task)
	case activity.PlanStepFinished:
		d.schema(s.Task)
	}
	d.all = append(d.all, *a)
	d.at = append(d.at, at)
}

// schema counts the bot that a topic's or a tool's id belongs to.
func (d *Decoder) schema(id string) {
	for _, part := range []string{".topic.", ".action.", ".component."} {
		if bot, _, found := strings.Cut(id, part); found && bot != "" {
			d.bots[bot]++
			return
		}
	}
}

// Finish returns the record's activities with their times settled, and readies the decoder for the next record. The error is
// that of the Add that failed, if one did.
func (d *Decoder) Finish() (Result, error) {
	res, err := d.res, d.err
	res.Activities = slices.Clone(d.all) // no larger than need be, since records are held
	settle(res.Activities, d.at, d.fine, &res)
	res.Locale = cmp.Or(d.info, res.Locale)
	res.User = cmp.Or(d.aad, d.user)
	most := 0
	for bot, n := range d.bots {
		if n > most || n == most && bot < res.BotSchema {
			most, res.BotSchema = n, bot
		}
	}

	clear(d.all)
	if cap(d.all) > keptActivities {
		d.all, d.at, d.fine = nil, nil, map[int64]int64{}
	}
	d.res, d.err, d.size, d.all, d.at = Result{}, nil, 0, d.all[:0], d.at[:0]
	d.aad, d.user, d.info = "", "", ""
	clear(d.bots)
	if len(d.lowered) > maxNames {
		clear(d.lowered)
	}
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

// Part is what the activities at these positions, in ascending order, say alone, as if they had been read without the others. It holds
// what Parties are kept for, and not who the user is. Only for results of NewWithParties whose activities are as Finish returned them.
func (r *Result) Part(positions []int) Result {
	var part Result
	var stamps []stamp
	info := ""
	for _, i := range positions {
		a, p := r.Activities[i], r.Parties[i]
		a.Seq = len(part.Activities)
		part.Activities, part.Parties, stamps = append(part.Activities, a), append(part.Parties, p), append(stamps, p.at)
		part.Locale = cmp.Or(part.Locale, p.locale)
		if c, ok := a.Signal.(activity.ConversationInfo); ok {
			info = cmp.Or(info, c.Locale)
		}
		part.Conversation = cmp.Or(part.Conversation, p.Conversation)
		part.TextTimes = part.TextTimes || p.at.text
	}
	settle(part.Activities, stamps, map[int64]int64{}, &part)
	part.Locale = cmp.Or(info, part.Locale)
	return part
}

// keptActivities bounds what a large record leaves behind.
const keptActivities = 4096

// maxNames bounds the words held in lower case from one record to the next.
const maxNames = 4096

// longName is what is not worth holding in lower case: words that repeat are short.
const longName = 256

// word is scalar for what repeats from record to record: held once, and counted for what it costs to hold.
func (d *Decoder) word(raw []byte) string { return d.counted(d.words.Of(raw, scalar)) }

// id is word for what repeats within a record, which would push words out of their places.
func (d *Decoder) id(raw []byte) string { return d.counted(d.ids.Of(raw, scalar)) }

func (d *Decoder) counted(word string, isNew bool) string {
	if isNew {
		d.size += int64(len(word))
	}
	return word
}

// known and step are word and id for what is counted with the value that it stands in.
func (d *Decoder) known(raw []byte) string {
	s, _ := d.words.Of(raw, scalar)
	return s
}

func (d *Decoder) step(raw []byte) string {
	s, _ := d.ids.Of(raw, scalar)
	return s
}

// identifier is the id of an activity, "" where the source wrote a placeholder for none ("0" on SessionInfo; Chatdown wrote -1).
func (d *Decoder) identifier(raw []byte) string {
	const (
		together = 2048 // bytes that share a piece: few, since who holds one id holds them all
		long     = 64   // no id is, nearly always
	)
	if len(raw) <= len(`"-1"`) || len(raw) > long || raw[0] != '"' || bytes.IndexByte(raw, '\\') >= 0 {
		if s := scalar(raw); s != "0" && s != "-1" {
			return s
		}
		return ""
	}
	if d.unique.Cap()-d.unique.Len() < len(raw) {
		d.unique = strings.Builder{}
		d.unique.Grow(together)
	}
	from := d.unique.Len()
	d.unique.Write(raw[1 : len(raw)-1])
	return d.unique.String()[from:]
}

// reply is the id of the activity that this one answers: nearly always one just before it, whose id is not held twice.
func (d *Decoder) reply(raw []byte) string {
	const near = 12
	if len(raw) > 2 && raw[0] == '"' {
		for i := len(d.all) - 1; i >= max(0, len(d.all)-near); i-- {
			if id := d.all[i].ID; id == string(raw[1:len(raw)-1]) && strings.IndexByte(id, '\\') < 0 { // which would be an escape in raw
				return id
			}
		}
	}
	return d.identifier(raw)
}

// account reads {id, name, aadObjectId, role}, or a bare id.
func (d *Decoder) account(raw []byte) Account {
	fields := accountFields
	find(raw, fields[:])
	return d.accountOf(raw, &fields)
}

// sender is the account that an activity inside level brackets is from.
func (d *Decoder) sender(w *wire, level int) Account {
	if w.by != nil {
		return w.by.Account
	}
	a := d.accountOf(w.from, &w.sender)
	d.senders.keep(w.from, level+1, a)
	return a
}

// accountFields are the members of an account that are looked for.
var accountFields = [4]field{{key: "id"}, {key: "name"}, {key: "aadobjectid"}, {key: "role"}}

// accountOf is the account with these members; without an object it is a bare id.
func (d *Decoder) accountOf(raw []byte, fields *[4]field) Account {
	if len(raw) == 0 || raw[0] != '{' {
		return Account{ID: d.id(raw)}
	}
	return Account{
		ID:   d.id(fields[0].value),
		Name: d.id(fields[1].value),
		AAD:  d.id(fields[2].value),
		Role: roleOf(d.word(fields[3].value)),
	}
}

func roleOf(word string) activity.Role {
	switch {
	case word == "0", strings.EqualFold(word, "bot"):
		return activity.RoleBot
	case word == "1", strings.EqualFold(word, "user"):
		return activity.RoleUser
	default:
		return activity.RoleUnknown
	}
}

// typeOf is the type in lower camel case. Where it is missing, a valueType makes a trace and a name makes an event.
func typeOf(word, valueType, name string) (activity.Type, error) {
	switch t := activity.Type(word); t { // nearly always as they are kept
	case activity.TypeMessage, activity.TypeEvent, activity.TypeTrace:
		return t, nil
	}
	for _, known := range []activity.Type{
		activity.TypeMessage, activity.TypeEvent, activity.TypeTrace, activity.TypeTyping, activity.TypeInvoke, activity.TypeHandOff,
		activity.TypeEndOfConversation, activity.TypeConversationUpdate, "invokeResponse", "installationUpdate", "messageReaction",
	} {
		if strings.EqualFold(word, string(known)) {
			return known, nil
		}
	}
	switch {
	case word != "":
		return activity.Type(word), nil
	case valueType != "":
		return activity.TypeTrace, nil
	case name != "":
		return activity.TypeEvent, nil
	default:
		return "", errors.New("it has no type")
	}
}

// conversationID finds the id in conversation, which is an object with one or the bare id.
func conversationID(raw []byte) []byte {
	f := [1]field{{key: "id"}}
	if find(raw, f[:]) {
		raw = f[0].value
	}
	return raw
}

// isEvaluation reports whether channelData is that of a test run (spec.md §4.5).
func isEvaluation(raw []byte) bool {
	fields := [2]field{{key: "testmode"}, {key: "enablediagnostics"}}
	find(raw, fields[:])
	mode := scalar(fields[0].value)
	return mode != "" && !strings.EqualFold(mode, "false") && strings.EqualFold(scalar(fields[1].value), "true")
}
