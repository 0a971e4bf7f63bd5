// Package store is what a data set is kept in: records as they came, the projections derived from them, and documents that people change.
//
// Interfaces are small, one a role. A Store is read through a View, one consistent snapshot, and changed by an Update, which happens whole
// or not at all and survives the process once it has returned. What sessions are is never decided here: a store keeps rows and counts them.
// Package storetest holds what every store must do; memory is the slow, obvious one.
package store

import (
	"context"

	"rapport/internal/activity"
	"rapport/internal/fact"
	"rapport/internal/measure"
)

// Store is a data set on one machine. Methods are safe for concurrent use.
type Store interface {
	// View calls f with a snapshot: whatever is asked of it is of one generation, while updates go on. The View ends with f.
	View(ctx context.Context, f func(View) error) error
	// Update calls f with a transaction. When f returns nil everything it wrote is durable and visible at once, and the generation is one
	// higher; otherwise nothing happened. Updates run one after the other; waiting for one ends with ctx.
	Update(ctx context.Context, f func(Tx) error) error
	// Close ends the use of the data set. It waits for an Update that runs.
	Close() error
}

// View reads one snapshot.
type View interface {
	Records
	Facts
	Documents
	// Generation counts the updates so far. Answers carry it.
	Generation() int64
}

// Tx reads and writes within one update. It sees what it wrote itself once Flush has returned, but for facts, which are for the snapshots
// after it. It is for one goroutine.
type Tx interface {
	View
	RecordWriter
	FactWriter
	// PutDocument keeps a new version of a document. Its Version and At are set by the caller: one more than the latest.
	PutDocument(ctx context.Context, d Document) error
	// Flush makes what was written so far, facts excepted, visible to this Tx's reads.
	Flush(ctx context.Context) error
}

// Record is a stored record: what is known of it without reading it again, and its bytes.
type Record struct {
	ID     int64  // given by the store's user, ascending; also the order in which records are kept
	Key    int64  // fact.KeyOf(Conversation)
	Import int64  // the import that brought it first
	Print  string // 16 bytes in hex: equal for two records that are equal in everything but their origin

	Format       activity.Format
	Origin       activity.Origin
	Conversation string
	Bot          activity.Bot // as its source wrote it, before aliases
	Days         []int32      // days since 1970, UTC, on which it has activities; nil for a row of a sessions CSV
	Given        activity.Bot // what the importer said the bot is, for reading Raw again
	// Raw is the record as it came, packed (decode.Pack); nil where only the head was asked for. Who is given it may keep it.
	Raw []byte
}

// Records reads records.
type Records interface {
	// Heads are the records with these keys, without Raw, ordered by conversation and id.
	Heads(ctx context.Context, keys []int64) ([]Record, error)
	// Raw calls yield with the record, Raw included, of every id that there is, in ascending order.
	Raw(ctx context.Context, ids []int64, yield func(Record) error) error
	// Each calls yield with every record, Raw included, ordered by id.
	Each(ctx context.Context, yield func(Record) error) error
	// Split are the keys whose records have ids that do not follow each other, ascending: the only ones that may lie apart in Each.
	Split(ctx context.Context) ([]int64, error)
	// Bots are the bots of records as their sources wrote them, each once, with whether any of it is a transcript, ordered.
	Bots(ctx context.Context) ([]BotSeen, error)
	// KeysOf are the keys of records of these bots, as their sources wrote them; of rows of sessions CSVs alone where csv is true.
	KeysOf(ctx context.Context, bots []activity.Bot, csv bool) ([]int64, error)
	// Imports are all imports, the latest first. Rejects calls yield with what an import put in quarantine, in the order of its input.
	Imports(ctx context.Context) ([]Import, error)
	Rejects(ctx context.Context, imported int64, yield func(Reject) error) error
}

// BotSeen is a bot as records name it.
type BotSeen struct {
	Bot activity.Bot
	// Transcripts is whether it has records other than rows of sessions CSVs; Exported, whether it has such rows.
	Transcripts, Exported bool
	// Days (since 1970, UTC) with activities of its transcripts, ascending.
	Days []int32
}

// Import is the account of one import, kept for ever.
type Import struct {
	ID         int64    `json:"id"` // from 1
	StartedAt  int64    `json:"started_at"`
	FinishedAt int64    `json:"finished_at"` // ms
	RemovedAt  int64    `json:"removed_at"`  // 0 while it stands
	Paths      []string `json:"paths"`       // as given
	Sample     bool     `json:"sample"`      // made up, to try things on
	Bytes      int64    `json:"bytes"`
	Inputs     int64    `json:"inputs"` // files and members of archives
	Read       int64    `json:"read"`   // = the four below
	Accepted   int64    `json:"accepted"`
	Duplicate  int64    `json:"duplicate"`
	Superseded int64    `json:"superseded"`
	Quarantine int64    `json:"quarantined"`
	Reasons    []Reason `json:"reasons"` // of quarantine, most frequent first
	Warnings   []string `json:"warnings"`
	Touched    int64    `json:"conversations"` // derived again because of it
	Generation int64    `json:"generation"`    // that made it visible
}

// Reason is why rows were put in quarantine, without what differs from row to row.
type Reason struct {
	Text string `json:"reason"`
	Rows int64  `json:"rows"`
}

// Reject is one row in quarantine, as it came.
type Reject struct {
	Import int64
	Number int64 // from 1, in the order of the input
	Origin activity.Origin
	Reason string
	Raw    []byte // packed; nil when it was too large to hold
}

// RecordWriter writes records and imports.
type RecordWriter interface {
	// AddRecord keeps a record, as brought by its Import. Sight notes that an import brought a record that was there already; saying what is
	// known changes nothing.
	AddRecord(ctx context.Context, r Record) error
	Sight(ctx context.Context, record, imported int64) error
	AddReject(ctx context.Context, r Reject) error
	// RemoveRecords drops records, whoever brought them.
	RemoveRecords(ctx context.Context, ids []int64) error
	// PutImport keeps the account of an import, a new one or over an old one of the same id.
	PutImport(ctx context.Context, i Import) error
	// RemoveImport forgets that the import brought anything, drops the records that no other import brought and its rejects, and returns
	// the keys of what was dropped. A record that stays and was first brought by it is now of the next that brought it.
	RemoveImport(ctx context.Context, imported int64) (keys []int64, err error)
	// NextRecord and NextImport are ids that were never used.
	NextRecord(ctx context.Context) (int64, error)
	NextImport(ctx context.Context) (int64, error)
}

// Projection is all sessions under one definition version, catalogue version and engine revision.
type Projection struct {
	ID         int64
	Name       string // of the definition
	Definition string // name@version
	Rules      string // fingerprint of the definition's keys in force: two versions that say the same differ only in name
	Catalogue  int64  // version of the catalogue document, 0 for none
	Revision   int64  // of the engine
	BuiltAt    int64  // ms
	Sessions   int64  // how many there are, as of the last write
}

// Facts reads projections.
type Facts interface {
	// Projections are those that are complete, ordered by id.
	Projections(ctx context.Context) ([]Projection, error)
	// Aggregate answers a plan.
	Aggregate(ctx context.Context, projection int64, plan measure.Plan) ([]measure.Row, error)
	// Sessions calls yield with the sessions of a selection, in its order. The row is valid until yield returns.
	Sessions(ctx context.Context, projection int64, sel Selection, yield func(*fact.Session) error) error
	// Billed and Utterances likewise. An utterance is selected by its session: Where is over the session's columns.
	Billed(ctx context.Context, projection int64, sel Selection, yield func(*fact.Billed) error) error
	Utterances(ctx context.Context, projection int64, sel Selection, about UtteranceFilter, yield func(*fact.Utterance) error) error
	// UtteranceGroups groups the latest of the utterances, at most so many, by their folded text: the most frequent groups first, at most
	// the selection's Limit of them. Its order and place mean nothing here.
	UtteranceGroups(ctx context.Context, projection int64, sel Selection, about UtteranceFilter, latest int64) (UtteranceGroups, error)
}

// Selection is which rows, in which order.
type Selection struct {
	Where    measure.Predicate
	AsOf     int64
	Ranged   bool
	From, To int64 // ms, as in measure.Plan
	// Sort is a column, "" for started_at. Rows that are equal in it are ordered by started_at, conversation_key and number, so that the
	// order is total; all of them turn with Descending.
	Sort       string
	Descending bool
	// After is the row behind which to go on; nil from the start.
	After *Position
	Limit int64 // 0 for all
}

// Position is a row's place in an order.
type Position struct {
	Sort            measure.Key
	StartedAt       int64
	ConversationKey int64
	Number          int64
	Place           int64 // of an utterance
}

// UtteranceFilter narrows utterances by what they are themselves.
type UtteranceFilter struct {
	Source       []uint8 // codes; nil for any, fact.BotSource among them
	Recognition  []uint8
	Contains     string // in any case; "" for any
	Conversation int64  // conversation_key; 0 for any
}

// UtteranceGroups is utterances by what they say.
type UtteranceGroups struct {
	Groups     []UtteranceGroup // by how many utterances they have, most first, then by folded text
	Utterances int64            // that there are
	Considered int64            // of them that were grouped
	More       int64            // groups that there are besides
}

// UtteranceGroup is utterances that say the same but for case and white space.
type UtteranceGroup struct {
	Text                 string // as the latest of them has it
	Utterances, Sessions int64
	// The session of the latest.
	Bot, Conversation string
	Number            int64
}

// FactWriter writes projections.
type FactWriter interface {
	// CreateProjection keeps an empty projection under an id that was never used, and returns that. It is complete, and so visible to
	// others, when the update is.
	CreateProjection(ctx context.Context, p Projection) (int64, error)
	// Replace puts the facts of these keys in place of whatever there was of them. existed is false when the caller knows that nothing was.
	// Snapshots after the update see them; whether the update itself does is the store's to say.
	Replace(ctx context.Context, projection int64, keys []int64, existed bool, f *fact.Facts) error
	DropProjection(ctx context.Context, projection int64) error
}

// Documents reads what people change: definitions in force, the topic catalogue. The latest version of a name counts; older ones stay.
type Documents interface {
	// Document is the latest version; code errs.NotFound when there is none.
	Document(ctx context.Context, kind, name string) (Document, error)
	// DocumentsOf are the latest versions of all names of a kind, ordered by name, deleted ones left out.
	DocumentsOf(ctx context.Context, kind string) ([]Document, error)
	// History are all versions of one document, the latest first.
	History(ctx context.Context, kind, name string) ([]Document, error)
}

// Document is one version of something that people change.
type Document struct {
	Kind    string
	Name    string
	Version int64 // from 1
	At      int64 // ms
	By      string
	Deleted bool
	Body    string
}

// The kinds of documents.
const (
	KindDefinition = "definition" // body: the YAML, whole; the definitions in force
	KindCatalogue  = "catalogue"  // body: the topic catalogue; one document named "topics"
)
