package export

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"rapport/internal/activity"
	"rapport/internal/errs"
	"rapport/internal/session"
)

// OData is the form of conversations as one page of the Dataverse Web API. JSONLines and CSV are forms of conversations too.
const OData Format = "odata"

// TranscriptFormats are the forms of conversations.
func TranscriptFormats() []Format { return []Format{JSONLines, OData, CSV} }

// TranscriptOptions of a TranscriptWriter.
type TranscriptOptions struct {
	Format Format
	// Replace puts derived SessionInfo in the place of what the platform wrote. Otherwise a session that holds the platform's word keeps
	// that, and only the others get one.
	Replace bool
}

// TranscriptWriter writes conversations as rows of the Dataverse table conversationtranscript, one row an analytics session: its
// activities as they came, with a SessionInfo of the derived session behind them, which is how the platform writes one (spec.md §4.6,
// §9.1). Reports built on that table then work on bots that never had a SessionInfo.
//
// The rows read back: under definition platform they give the sessions that were written.
type TranscriptWriter struct {
	opts TranscriptOptions
	out  *rowSink
	// Left counts conversations without activities (sessions of a sessions CSV), which have no transcript to write.
	Left int64
	// Rows counts rows.
	Rows int64
}

// Transcripts writes conversations. The error is of code errs.Invalid for an unknown format.
func Transcripts(w io.Writer, o TranscriptOptions) (*TranscriptWriter, error) {
	if !slices.Contains(TranscriptFormats(), o.Format) {
		return nil, errs.New(errs.Invalid, "use one of "+words(TranscriptFormats()), "there is no format %q for conversations", o.Format)
	}
	out, err := newRowSink(w, o.Format)
	return &TranscriptWriter{opts: o, out: out}, err
}

// Write writes one conversation with what was derived from it. Its records carry what they were decoded from (Record.Raw).
func (w *TranscriptWriter) Write(c *activity.Conversation, res session.Result) error {
	if len(res.Timeline) == 0 {
		w.Left++
		return nil
	}
	p, err := unpack(c)
	if err != nil {
		return fmt.Errorf("export conversation %s: %w", c.ID, err)
	}
	for _, part := range w.parts(res) {
		row, err := p.row(part)
		if err == nil {
			err = w.out.row(row)
		}
		if err != nil {
			return fmt.Errorf("export conversation %s: %w", c.ID, err)
		}
		w.Rows++
	}
	return nil
}

// Close writes what is left, without closing what the writer writes to.
func (w *TranscriptWriter) Close() error { return w.out.close() }

// part is what goes in one row: entries of the timeline, ascending, and the session whose word follows them; nil where the platform's own
// word is the last of them, or there is no session.
type part struct {
	number   int // from 1
	entries  []activity.Entry
	said     *activity.Entry // what the platform said, kept
	session  *session.Session
	repeated *activity.Entry // the ConversationInfo of a record whose beginning is in another row
}

// parts cuts a timeline into its sessions. Every activity goes somewhere: what is in no session follows the one before it.
func (w *TranscriptWriter) parts(res session.Result) []part {
	owner := make([]int, len(res.Timeline)) // 1 + index of the session
	var order []int                         // sessions that have activities
	for n := range res.Sessions {
		for _, at := range res.Sessions[n].Activities {
			owner[at] = n + 1
		}
		if len(res.Sessions[n].Activities) > 0 {
			order = append(order, n)
		}
	}
	if len(order) == 0 {
		order = []int{-1} // a conversation without any session is one row
	}
	parts := make([]part, len(order))
	place := map[int]int{}
	for i, n := range order {
		parts[i].number = i + 1
		if n >= 0 {
			parts[i].session = &res.Sessions[n]
		}
		place[n+1] = i
	}
	last := 0
	for i, e := range res.Timeline {
		if at, ok := place[owner[i]]; ok {
			last = at
		}
		p := &parts[last]
		if _, ok := e.Signal.(activity.SessionInfo); !ok {
			p.entries = append(p.entries, e)
		} else if !w.opts.Replace {
			p.said, p.session = &e, nil
		}
	}
	begins := map[int]*activity.Entry{} // the ConversationInfo of a record
	for i := range parts {
		for _, e := range parts[i].entries {
			if _, ok := e.Signal.(activity.ConversationInfo); ok && begins[e.Record] == nil {
				begins[e.Record] = &e
			}
		}
	}
	for i := range parts {
		p := &parts[i]
		if len(p.entries) == 0 {
			continue
		}
		info := begins[p.entries[0].Record]
		if info != nil && !slices.ContainsFunc(p.entries, func(e activity.Entry) bool { return e.Activity == info.Activity }) {
			p.repeated = info
		}
	}
	return slices.DeleteFunc(parts, func(p part) bool { return len(p.entries) == 0 && p.said == nil && p.session == nil })
}

// record is the one that the part begins in.
func (p *part) record() int {
	switch {
	case len(p.entries) > 0:
		return p.entries[0].Record
	case p.said != nil:
		return p.said.Record
	default:
		return 0
	}
}

// row is what one row of the table says. Texts are as written; "" where nothing is known.
type row struct {
	id, name, metadata, schemaType, schema string
	content                                []byte
	start, created, modified               int64 // ms, 0 for unknown
	version                                int64
	botID, botName                         string
}

// row puts a row together out of a part.
func (p *pieces) row(part part) (row, error) {
	c := p.conversation
	rec := c.Records[part.record()]
	out := row{
		start: rec.Start, created: rec.ModifiedAt, modified: rec.ModifiedAt, version: rec.Version,
		schemaType: "powervirtualagents", schema: rec.SchemaVersion, botName: c.Bot.Name,
	}
	if isGUID(c.Bot.ID) {
		out.botID = c.Bot.ID
	}
	begin := int64(0)
	if len(part.entries) > 0 && !rec.Untimed {
		begin = part.entries[0].At
		out.start = begin
	}
	// Two sessions may begin in one millisecond: then the batch says which comes first.
	batch := 0
	if begin <= p.last && part.number > 1 {
		batch = part.number - 1
		out.start = p.start
	}
	p.last, p.start = begin, out.start

	out.id = rec.ID
	if !isGUID(out.id) || p.taken[out.id] {
		out.id = guid(c.Bot.Key(), c.ID, strconv.Itoa(part.number))
	}
	p.taken[out.id] = true
	out.metadata, out.name = p.names(rec, batch)
	content, err := p.content(part)
	out.content = content
	return out, err
}

// names are metadata and name. The name is conversation and bot, so that reading takes it apart again (spec.md §4.4).
func (p *pieces) names(rec *activity.Record, batch int) (metadata, name string) {
	bot := cmp.Or(p.metadataBot, p.conversation.Bot.ID)
	if !isGUID(bot) {
		bot = guid("bot", p.conversation.Bot.Key())
	}
	fields := []string{"BotId", bot}
	// The table's lookup holds GUIDs alone. A bot that is called otherwise is told by its schema name instead.
	schema := cmp.Or(rec.Bot.Schema, p.conversation.Bot.Schema)
	if !isGUID(p.conversation.Bot.ID) {
		schema = p.conversation.Bot.Key()
	}
	if schema != "" {
		fields = append(fields, "BotName", schema)
	}
	if p.tenant != "" {
		fields = append(fields, "AADTenantId", p.tenant)
	}
	var b bytes.Buffer
	for i := 0; i < len(fields); i += 2 {
		b.WriteByte("{,"[min(i, 1)])
		key, _ := json.Marshal(fields[i])
		value, _ := json.Marshal(fields[i+1])
		fmt.Fprintf(&b, "%s:%s", key, value)
	}
	fmt.Fprintf(&b, `,"BatchId":"%s"}`, batchText(batch))
	return b.String(), p.conversation.ID + "_" + bot
}

func batchText(batch int) string {
	if batch == 0 {
		return ""
	}
	return strconv.Itoa(batch)
}

// content is the transcript: the activities in their order, then what is said of the session.
func (p *pieces) content(part part) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"activities":[`)
	comma := ""
	add := func(raw []byte) {
		b.WriteString(comma)
		b.Write(raw)
		comma = ","
	}
	if rec := p.conversation.Records[part.record()]; rec.Format == activity.FormatSnapshot {
		raw, err := designMode(rec.Locale)
		if err != nil {
			return nil, err
		}
		add(raw)
	}
	if part.repeated != nil {
		raw, err := p.again(part)
		if err != nil {
			return nil, err
		}
		add(raw)
	}
	for _, e := range part.entries {
		raw, err := p.activity(e)
		if err != nil {
			return nil, err
		}
		add(raw)
	}
	if part.said != nil {
		raw, err := p.activity(*part.said)
		if err != nil {
			return nil, err
		}
		add(raw)
	}
	if part.session != nil {
		raw, err := sessionInfo(part.session)
		if err != nil {
			return nil, err
		}
		add(raw)
	}
	b.WriteString("]}")
	return b.Bytes(), nil
}

// sessionInfo is the trace that the platform ends a session with (spec.md §4.6, §9.1).
func sessionInfo(s *session.Session) ([]byte, error) {
	type value struct {
		Start    string `json:"startTimeUtc,omitempty"`
		End      string `json:"endTimeUtc,omitempty"`
		Type     string `json:"type"`
		Outcome  string `json:"outcome"`
		Turns    int    `json:"turnCount"`
		Implied  bool   `json:"impliedSuccess"`
		Reason   string `json:"outcomeReason,omitempty"`
		Topic    string `json:"lastTriggeredIntentId,omitempty"`
		TopicToo string `json:"lastUserIntentId,omitempty"`
		CSAT     int    `json:"csatScore,omitempty"`
	}
	type sender struct {
		ID   string `json:"id"`
		Role int    `json:"role"`
	}
	out := struct {
		ValueType string `json:"valueType"`
		ID        string `json:"id"`
		Type      string `json:"type"`
		Timestamp int64  `json:"timestamp,omitempty"`
		Ms        int64  `json:"timestampMs,omitempty"`
		From      sender `json:"from"`
		Value     value  `json:"value"`
	}{ValueType: "SessionInfo", ID: "0", Type: "trace", Value: value{
		Type: "Unengaged", Outcome: outcomeWord(s.Outcome), Turns: s.Turns, Implied: s.Resolution == session.Implied, Reason: s.Reason, CSAT: s.CSAT,
	}}
	if s.Engaged {
		out.Value.Type = "Engaged"
	}
	if s.Topic != nil {
		out.Value.Topic, out.Value.TopicToo = s.Topic.ID, s.Topic.ID
	}
	if !s.Untimed {
		out.Value.Start, out.Value.End = utc(s.StartedAt), utc(s.EndedAt)
		out.Timestamp, out.Ms = s.EndedAt/1000, s.EndedAt
	}
	return marshal(out)
}

// outcomeWord is the platform's (spec.md §3.1).
func outcomeWord(o session.Outcome) string {
	switch o {
	case session.Resolved:
		return "Resolved"
	case session.Escalated:
		return "HandOff"
	case session.Abandoned:
		return "Abandoned"
	default:
		return "None"
	}
}

// utc writes whole seconds as the platform does, and milliseconds where there are some.
func utc(ms int64) string {
	return activity.Time(ms).Format(time.RFC3339Nano)
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write %T: %w", v, err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// guid is the same for the same parts.
func guid(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	s := h.Sum(nil)
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // version 8: made by a rule of one's own
	return fmt.Sprintf("%x-%x-%x-%x-%x", s[:4], s[4:6], s[6:8], s[8:10], s[10:16])
}

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		c := s[i]
		hex := c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		if dash != (c == '-') || !dash && !hex {
			return false
		}
	}
	return true
}
