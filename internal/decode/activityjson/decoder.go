// Package activityjson reads the JSON of Bot Framework activities, the core that every transcript format shares
// (reference: spec.md §4.5 and §4.6).
//
// Real activities are heavy and nearly all of it is in values that no rule reads. An activity's top-level keys are located in
// one pass, and only what has a signal in package activity is looked into. What can be read is read: a value of an unexpected
// type costs its signal at most. Only what would make numbers wrong is an error: a time that cannot be, a SessionInfo that
// says nothing, an activity without a type.
package activityjson

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/segmentio/encoding/json"

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
	names   map[string]string // ids and words that repeat, held once

	wire wire
	err  error
	size int64 // roughly what the record costs once reduced
	res  Result
	at   []stamp
	aad  string
	user string
	info string // locale of ConversationInfo
	bots map[string]int
}

// New returns a decoder. The zero Limits mean decode.DefaultLimits.
func New(lim decode.Limits) *Decoder {
	lim = lim.OrDefault()
	return &Decoder{lim: lim, times: rangeOf(lim), names: map[string]string{}, bots: map[string]int{}}
}

// NewWithParties returns a decoder that keeps the accounts of each activity too.
func NewWithParties(lim decode.Limits) *Decoder {
	d := New(lim)
	d.parties = true
	return d
}

// perActivity is what an activity costs beside its strings, for Limits.RecordBytes.
const perActivity = 256

// Add reads one activity. The error says why it cannot be used, without the position, and Finish repeats it. The caller has
// bounded the nesting of raw, and may reuse raw afterwards.
func (d *Decoder) Add(raw []byte) error {
	if d.err == nil {
		d.err = d.add(raw)
	}
	return d.err
}

func (d *Decoder) add(raw []byte) error {
	if len(d.res.Activities) >= d.lim.Activities {
		return fmt.Errorf("more than the limit of %d activities in one record", d.lim.Activities)
	}
	if !utf8.Valid(raw) {
		return errors.New("invalid UTF-8")
	}
	if raw = trim(raw); len(raw) == 0 || raw[0] != '{' {
		return fmt.Errorf("not an object: %s", quote(raw))
	}
	d.wire = wire{}
	w := &d.wire
	rest, err := json.Parse(raw, w, json.DontCopyRawMessage)
	if err != nil {
		return fmt.Errorf("not valid JSON: %w", err)
	}
	if len(trim(rest)) != 0 {
		return errors.New("not valid JSON: something follows the object")
	}

	valueType, name := scalar(w.ValueType), scalar(w.Name)
	kind, err := typeOf(scalar(w.Type), valueType, name)
	if err != nil {
		return err
	}
	at, err := d.times.read(w.TimestampMs, w.Timestamp)
	if err != nil {
		return err
	}
	from := d.account(w.From)
	a := activity.Activity{
		ID:      identifier(w.ID),
		Type:    kind,
		Name:    d.intern(firstOf(valueType, name)),
		Role:    from.Role,
		From:    from.ID,
		ReplyTo: identifier(w.ReplyToID),
		Channel: d.intern(scalar(w.ChannelID)),
		Seq:     len(d.res.Activities),
	}
	if kind == activity.TypeMessage {
		d.message(&a)
	}
	a.Evaluation = isEvaluation(w.ChannelData)
	if a.Signal, err = d.signal(kind, valueType, name, w.Value); err != nil {
		return err
	}

	d.size += perActivity + int64(len(a.Text))
	if a.Signal != nil {
		d.size += int64(len(w.Value))
	}
	if d.size > d.lim.RecordBytes {
		return fmt.Errorf("the record is larger than the limit of %d bytes", d.lim.RecordBytes)
	}
	d.note(&a, from, at)
	return nil
}

// message fills in what people see.
func (d *Decoder) message(a *activity.Activity) {
	w := &d.wire
	a.Text = scalar(w.Text)
	asks := isFilledList(w.SuggestedActions, "actions") || strings.EqualFold(scalar(w.InputHint), "expectingInput")
	if !isNull(w.Attachments) {
		cards := readCards(w.Attachments)
		asks = asks || cards.inputs
		if strings.TrimSpace(a.Text) == "" {
			a.Text = cards.String()
		}
	}
	a.Asks = asks && a.Role != activity.RoleUser
}

// note keeps the activity and what the record as a whole learns from it.
func (d *Decoder) note(a *activity.Activity, from Account, at stamp) {
	if a.Role == activity.RoleUser {
		d.aad = firstOf(d.aad, from.AAD)
		d.user = firstOf(d.user, from.ID)
	}
	w := &d.wire
	d.res.Locale = firstOf(d.res.Locale, scalar(w.Locale))
	if info, ok := a.Signal.(activity.ConversationInfo); ok {
		d.info = firstOf(d.info, info.Locale)
	}
	d.res.TextTimes = d.res.TextTimes || at.text
	conversation := d.intern(conversationID(w.Conversation))
	d.res.Conversation = firstOf(d.res.Conversation, conversation)
	if d.parties {
		d.res.Parties = append(d.res.Parties, Parties{
			Conversation: conversation,
			From:         from,
			Recipient:    d.account(w.Recipient),
			To:           d.account(w.To),
		})
	}
	switch s := a.Signal.(type) {
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
	d.res.Activities = append(d.res.Activities, *a)
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
	settle(res.Activities, d.at, &res)
	res.Locale = firstOf(d.info, res.Locale)
	res.User = firstOf(d.aad, d.user)
	most := 0
	for bot, n := range d.bots {
		if n > most || n == most && bot < res.BotSchema {
			most, res.BotSchema = n, bot
		}
	}

	d.res, d.err, d.size, d.at = Result{}, nil, 0, d.at[:0]
	d.aad, d.user, d.info = "", "", ""
	clear(d.bots)
	if len(d.names) > maxNames {
		clear(d.names)
	}
	if err != nil {
		return Result{}, err
	}
	return res, nil
}

// maxNames bounds the words held from one record to the next.
const maxNames = 4096

// intern returns s, held once however often it comes.
func (d *Decoder) intern(s string) string {
	if s == "" {
		return ""
	}
	if known, ok := d.names[s]; ok {
		return known
	}
	d.names[s] = s
	return s
}

// account reads {id, name, aadObjectId, role}, or a bare id.
func (d *Decoder) account(raw []byte) Account {
	if isNull(raw) {
		return Account{}
	}
	if raw[0] != '{' {
		return Account{ID: d.intern(scalar(raw))}
	}
	var w struct {
		ID, Name, AADObjectID, Role json.RawMessage
	}
	if _, err := json.Parse(raw, &w, json.DontCopyRawMessage); err != nil {
		return Account{}
	}
	return Account{
		ID:   d.intern(scalar(w.ID)),
		Name: d.intern(scalar(w.Name)),
		AAD:  d.intern(scalar(w.AADObjectID)),
		Role: roleOf(scalar(w.Role)),
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

// conversationID reads conversation, which is an object with an id or the bare id.
func conversationID(raw []byte) string {
	if isNull(raw) || raw[0] != '{' {
		return scalar(raw)
	}
	var w struct{ ID json.RawMessage }
	if _, err := json.Parse(raw, &w, json.DontCopyRawMessage); err != nil {
		return ""
	}
	return scalar(w.ID)
}

// isEvaluation reports whether channelData is that of a test run (spec.md §4.5).
func isEvaluation(raw []byte) bool {
	if isNull(raw) || raw[0] != '{' {
		return false
	}
	var w struct{ TestMode, EnableDiagnostics json.RawMessage }
	if _, err := json.Parse(raw, &w, json.DontCopyRawMessage); err != nil {
		return false
	}
	mode := scalar(w.TestMode)
	return mode != "" && !strings.EqualFold(mode, "false") && strings.EqualFold(scalar(w.EnableDiagnostics), "true")
}
