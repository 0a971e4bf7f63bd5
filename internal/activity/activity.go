// Package activity is what a transcript says, whatever format said it: activities, the records they came in
// and the conversation that the records make up.
//
// It holds only what a rule, a metric or a reader needs. Search results, prompts, card payloads and the rest of what
// makes real records heavy never get here. JSON tags and formats live in decode.
package activity

import "time"

// Type is the Bot Framework type of an activity, as the source wrote it, in lower camel case.
type Type string

// The types that rules tell apart. Others are kept as they came.
const (
	TypeMessage            Type = "message"
	TypeEvent              Type = "event"
	TypeTrace              Type = "trace"
	TypeTyping             Type = "typing"
	TypeInvoke             Type = "invoke"
	TypeHandOff            Type = "handoff"
	TypeEndOfConversation  Type = "endOfConversation"
	TypeConversationUpdate Type = "conversationUpdate"
)

// Role is the side an activity came from.
type Role uint8

// The two sides, and neither.
const (
	RoleUnknown Role = iota
	RoleBot
	RoleUser
)

// String is "bot", "user" or "".
func (r Role) String() string {
	switch r {
	case RoleBot:
		return "bot"
	case RoleUser:
		return "user"
	default:
		return ""
	}
}

// Activity is one thing that happened in a conversation.
type Activity struct {
	// ID is the source's id, "" where it gave none or a placeholder ("0" on SessionInfo). Unique within a conversation.
	ID string
	// Type is message, event, trace, ...
	Type Type
	// Name is the valueType or, without one, the event's name, as the source wrote it. "" for plain messages.
	Name string
	// At is the time in milliseconds since 1970, UTC. In an untimed record it is 0 and means nothing.
	At int64
	// Role and From are the sender.
	Role Role
	From string
	// ReplyTo is the id of the activity this one answers, or "".
	ReplyTo string
	// Channel is the channel id, "" on traces.
	Channel string
	// Text is what a message says; for a message that is only cards, the readable text of its cards.
	Text string
	// Asks is true for a bot message that carries choices or an input to fill in (suggested actions, inputHint
	// expectingInput, an adaptive card with inputs).
	Asks bool
	// Seq is the position in its record, from 0.
	Seq int
	// Evaluation is true for activities of test runs (channelData.testMode with enableDiagnostics).
	Evaluation bool
	// Signal is what the activity says beyond its text; nil when no rule, metric or reader needs more.
	Signal Signal
}

// IsMessage reports whether somebody said something.
func (a *Activity) IsMessage() bool { return a.Type == TypeMessage }

// Opens reports whether the activity may open a session: a message of either side, or an event of the user.
// Traces, typing, conversation updates and what the bot's engine notes for itself never do (DESIGN.md, Definitions).
func (a *Activity) Opens() bool {
	return a.Type == TypeMessage || (a.Type == TypeEvent && a.Role == RoleUser)
}

// Bot names the bot that a record is of. ID is the Dataverse lookup id or what the importer said; Schema the schema name.
// Either may be empty; never taken from metadata.BotId alone (spec.md §4.3).
type Bot struct {
	ID     string
	Schema string
	Name   string // for people; may be empty
}

// Key is what tells bots apart: the id, else the schema name.
func (b Bot) Key() string {
	if b.ID != "" {
		return b.ID
	}
	return b.Schema
}

// Format is the kind of input a record was decoded from.
type Format string

// The formats that are read.
const (
	FormatTranscript   Format = "conversationtranscript" // a Dataverse row, in any of its export shapes
	FormatContent      Format = "content"                // the content of such a row alone
	FormatSnapshot     Format = "snapshot"               // dialog.json of the test pane
	FormatBotFramework Format = "transcript"             // a Bot Framework .transcript file
	FormatSessions     Format = "sessions-csv"           // one row of the portal's sessions CSV
)

// Origin is where a record was read. It is never part of a record's identity.
type Origin struct {
	File   string // as given, with the member's name after "!" inside an archive
	Row    int    // 1-based row, element or line; 0 for a whole file
	Offset int64  // byte offset of the row in the (decompressed) file
}

// Record is one stored piece of a conversation as its source wrote it. Immutable once decoded.
type Record struct {
	Format Format
	Origin Origin
	// ID is the source's key (conversationtranscriptid) or, for formats that have none and whose parts cannot be told apart
	// by start and batch, a hash of the canonical content. "" leaves (bot, conversation, Start, Batch) as the key.
	ID string
	// Version orders two records of one key: versionnumber, and ModifiedAt (ms) where it is missing or equal.
	Version    int64
	ModifiedAt int64
	// Hash is of the canonical content: equal for two records that say the same.
	Hash [16]byte
	Bot  Bot
	// Conversation is the conversation id.
	Conversation string
	// Start (ms) is when the record's window starts: conversationstarttime, else its first activity. Batch is its BatchId.
	Start int64
	Batch int
	// Untimed is true when no activity has a time: the order stands, durations are unknown.
	Untimed bool
	// Locale is the record's locale, "" when unknown. User is aadObjectId, else the user's account id.
	Locale string
	User   string
	// Activities in the order of the source.
	Activities []Activity
	// Session is set instead of Activities for a row of a sessions CSV.
	Session *PlatformSession
	// Generation of the studio that wrote the record ("0.2.1"), where known.
	SchemaVersion string
	// Raw is what the record was decoded from, packed (decode.Unpack). Read alone, for the same bot, it gives this record again and no
	// other. nil where nobody asked for it (decode.Options.KeepRaw).
	Raw []byte
}

// PlatformSession is a session that the platform exported without its activities (sessions CSV, spec.md §4.8, §9.7).
type PlatformSession struct {
	ID           string
	StartedAt    int64 // ms
	FirstMessage string
	Topic        string // title
	TopicID      string
	Transcript   string
	Outcome      string // as written: Resolved, Escalated, Abandoned, Unengaged
	Reason       string
	Implied      *bool
	Turns        int // -1 when the file does not say
	UserMessages int // counted in Transcript; -1 when it is empty
	BotMessages  int
	StartedBy    Role
	Channel      string
	CSAT         int // 1..5, 0 for none
	Comment      string
}

// Conversation is all records of one (bot, conversation id), each once, in order of start and batch.
type Conversation struct {
	Bot     Bot
	ID      string
	Records []*Record
}

// Time is a millisecond stamp as a UTC time.
func Time(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
