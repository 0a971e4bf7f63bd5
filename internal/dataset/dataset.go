// Package dataset is a store with the rules in force: what is imported is derived, what is asked is answered from the right projection,
// and every number leads back to its conversations.
//
// It is the one place that knows both records and projections. The command line, the HTTP API and the tests use nothing else.
package dataset

import (
	"io"
	"sync/atomic"
	"time"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/fact"
	"rapport/internal/measure"
	"rapport/internal/metric"
	"rapport/internal/session"
	"rapport/internal/store"
)

// Options of a Dataset. The zero value is usable.
type Options struct {
	TempDir string           // for what does not fit in memory; "" means the system's temporary folder
	Now     func() time.Time // nil reads every session as closed and stamps nothing: for files and tests
	Workers int              // 0 means as many as there are processors
	// MostBytes is how much of one conversation is read into memory; 0 means assemble.DefaultMostBytes. What goes beyond it is quarantined.
	MostBytes int64
	// RoundBytes is how much an import reads before it derives and writes that; 0 means 64 MiB. It changes nothing but time and memory,
	// unless a conversation comes to MostBytes only with what is repeated in it: that is weighed where it is met together.
	RoundBytes int64
	// Zone and Definition are what is meant when a query says nothing; nil and "" mean UTC and definition.Default.
	Zone       *time.Location
	Definition string
	// Bots are those with defaults of their own, by bot key, schema name or id: a query about one of them alone uses these.
	Bots map[string]BotDefaults
}

// BotDefaults are the defaults of one bot.
type BotDefaults struct {
	Name       string // what people call it; "" for what its records or the catalogue say
	Zone       *time.Location
	Definition string
}

// Dataset is a store with the rules in force. Safe for concurrent use.
type Dataset struct {
	store  store.Store
	opts   Options
	latest atomic.Pointer[rules] // of the latest snapshot that somebody asked about
	// counted is what Bots last answered.
	counted atomic.Pointer[counted]
}

// ImportOptions say what to import.
type ImportOptions struct {
	Paths    []string  // files, folders, archives, globs; "-" is Stdin
	Stdin    io.Reader // may be nil
	Bot      activity.Bot
	Progress *Progress // may be nil
	// Sample says that what is read was made up; every page says so while it is there. Name is what its account calls it, "" for its Paths.
	Sample bool
	Name   string
}

// Progress follows long work, for a progress line or a job. Safe for concurrent use; the zero value is ready.
type Progress struct {
	stage       atomic.Value // string
	done, total atomic.Int64
}

// Stage is what is being done, in words ("reading", "deriving", "writing"); Done of Total in the stage's unit (bytes for reading, in which an
// import derives most of its records; for deriving the rest of them, else conversations), Total 0 if unknown.
func (p *Progress) Stage() string { s, _ := p.stage.Load().(string); return s }

// Done is how much of the stage is done.
func (p *Progress) Done() int64 { return p.done.Load() }

// Total is how much there is in all; 0 when nobody knows.
func (p *Progress) Total() int64 { return p.total.Load() }

// InForce is a definition that the data set is projected under.
type InForce struct {
	Definition *definition.Definition
	Source     string // its YAML
	Version    int64  // of the document
	AppliedAt  int64  // ms
	Sessions   int64
	// Stale is set while an older projection serves: derived by an earlier engine, catalogue or wording of the rules.
	Stale bool
	// Ready is false while there is no projection at all.
	Ready bool
}

// SessionQuery is which sessions to list.
type SessionQuery struct {
	Definition string          `json:"definition,omitempty"`
	Filters    []metric.Filter `json:"filters,omitempty"`
	Range      *metric.Range   `json:"range,omitempty"`
	Zone       string          `json:"zone,omitempty"`
	AsOf       string          `json:"as_of,omitempty"`
	// Measure narrows to the sessions that the measure's numerator counts (or, with Denominator, its denominator).
	Measure     string `json:"measure,omitempty"`
	Denominator bool   `json:"denominator,omitempty"`
	// Dimensions, Grain and Keys narrow to one row of an answer: those of its query, and the row's keys.
	Dimensions []string     `json:"dimensions,omitempty"`
	Grain      measure.Unit `json:"grain,omitempty"`
	Keys       []string     `json:"keys,omitempty"`
	Said       string       `json:"said,omitempty"` // the user said something that contains this
	// Sort is a column of the session, "-" in front for descending; "" is -started_at. Cursor is the Next of the page before.
	Sort   string `json:"sort,omitempty"`
	Limit  int64  `json:"limit,omitempty"` // 0 means 50 for a page
	Cursor string `json:"cursor,omitempty"`
}

// SessionPage is one page.
type SessionPage struct {
	metric.Header
	Period   *metric.Period
	Sessions []fact.Session
	// Count is how many there are in all.
	Count int64
	Next  string // "" on the last page
}

// UtteranceQuery is which utterances to list: by what they are, in sessions as of SessionQuery.
type UtteranceQuery struct {
	SessionQuery
	Recognition []string `json:"recognition,omitempty"` // recognised, unrecognised, ambiguous, "" for unknown
	Source      []string `json:"source,omitempty"`      // message, csat_comment, reaction_comment: all of a user, without it; or bot, alone
	Contains    string   `json:"contains,omitempty"`
}

// UtterancePage is one page.
type UtterancePage struct {
	metric.Header
	Period     *metric.Period
	Utterances []fact.Utterance
	Next       string
}

// GroupPage is utterances by what they say.
type GroupPage struct {
	metric.Header
	Period *metric.Period
	store.UtteranceGroups
}

// Conversation is one conversation, read again from its records, with everything derived from it.
type Conversation struct {
	metric.Header
	*activity.Conversation
	Result session.Result
}

// Bot is one bot of the data set.
type Bot struct {
	Key, Schema, Name string
	Conversations     int64
	Sessions          int64
	FirstAt, LastAt   int64 // ms of the first and the last session
}

// Difference is one session that two definitions see differently: one of the two is nil where the other has no session at that time.
type Difference struct {
	Bot          activity.Bot
	Conversation string
	A, B         *session.Session
	// Fields that differ: start, end, engaged, outcome, resolution, reason, topic, turns.
	Fields []string
}

// Comparison is what other rules change.
type Comparison struct {
	A, B           string // name@version
	Conversations  int64
	Differ         int64 // conversations with a difference
	Sessions       int64 // that differ or stand alone
	SummaryA       DiffSide
	SummaryB       DiffSide
	FieldsThatMove map[string]int64 // by field, how many sessions
}

// DiffSide is one definition's numbers over everything.
type DiffSide struct {
	Sessions, Engaged, Resolved, Confirmed, Implied, Escalated, Abandoned, Billed int64
}
