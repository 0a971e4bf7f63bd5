package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"rapport/internal/dataset"
	"rapport/internal/errs"
	"rapport/internal/fact"
	"rapport/internal/metric"
)

// Export writes an export as the server streams it. file is what and form, e.g. sessions.csv. Nothing is written before the server has
// taken the question.
func (c *Client) Export(ctx context.Context, file string, q dataset.SessionQuery, more url.Values, w io.Writer) error {
	params, err := paramsOf(q)
	if err != nil {
		return err
	}
	for name, values := range more {
		params[name] = values
	}
	res, err := c.do(ctx, http.MethodGet, "/exports/"+url.PathEscape(file), params, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	from := &failing{r: res.Body}
	if _, err := io.Copy(w, from); err != nil {
		if from.err != nil {
			return c.broken(ctx, err)
		}
		return err
	}
	return nil
}

// failing tells an error of the reader from one of whoever it is copied to.
type failing struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *failing) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// paramsOf is a question in a URL. Errors have code errs.Invalid.
func paramsOf(q dataset.SessionQuery) (url.Values, error) {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("definition", q.Definition)
	set("zone", q.Zone)
	set("as_of", q.AsOf)
	set("measure", q.Measure)
	set("said", q.Said)
	set("sort", q.Sort)
	if q.Denominator {
		v.Set("denominator", "true")
	}
	switch {
	case q.Range == nil:
	case *q.Range == metric.Range{}:
		v.Set("all", "true")
	default:
		set("from", q.Range.From)
		set("to", q.Range.To)
	}
	for _, f := range q.Filters {
		name := f.Dimension
		if f.Exclude {
			name = "!" + name
		}
		if len(f.Values) == 0 {
			return nil, errs.New(errs.Invalid, "give a value", "the filter on %s has no value", f.Dimension)
		}
		for _, value := range f.Values {
			v.Add("filter", name+":"+value)
		}
	}
	return v, nil
}

// lines calls yield with every line of a stream of JSON.
func lines[T any](ctx context.Context, c *Client, path string, params url.Values, yield func(*T) error) error {
	res, err := c.do(ctx, http.MethodGet, path, params, nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	dec := json.NewDecoder(res.Body)
	for {
		row := new(T)
		switch err := dec.Decode(row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return c.broken(ctx, err)
		}
		if err := yield(row); err != nil {
			return err
		}
	}
}

// EachSession calls yield with every session of the query. Rows have what exports have, without the hashes that a store counts by.
func (c *Client) EachSession(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Session) error) error {
	params, err := paramsOf(q)
	if err != nil {
		return err
	}
	return facts(ctx, c, "/exports/sessions.jsonl", params, fact.SessionColumns(), func(r *sessionRow, f *fact.Session) error {
		return yield(metric.Header{Definition: r.Definition, AsOf: q.AsOf}, f)
	})
}

// EachBilled calls yield with every billed session of the query.
func (c *Client) EachBilled(ctx context.Context, q dataset.SessionQuery, yield func(metric.Header, *fact.Billed) error) error {
	q.Sort = "" // they have one order
	params, err := paramsOf(q)
	if err != nil {
		return err
	}
	return facts(ctx, c, "/exports/billed.jsonl", params, fact.BilledColumns(), func(r *billedRow, f *fact.Billed) error {
		return yield(metric.Header{Definition: r.Definition, AsOf: q.AsOf}, f)
	})
}

// EachUtterance calls yield with everything that users said, as the query narrows it.
func (c *Client) EachUtterance(ctx context.Context, q dataset.UtteranceQuery, yield func(*fact.Utterance) error) error {
	params, err := paramsOf(q.SessionQuery)
	if err != nil {
		return err
	}
	params["recognition"], params["source"] = q.Recognition, q.Source
	if q.Contains != "" {
		params.Set("contains", q.Contains)
	}
	return facts(ctx, c, "/exports/utterances.jsonl", params, fact.UtteranceColumns(), func(_ *utteranceRow, f *fact.Utterance) error { return yield(f) })
}

// facts is lines for rows of facts, whose words are all known.
func facts[R, F any, P interface {
	*R
	fact(words *codes) *F
}](ctx context.Context, c *Client, path string, params url.Values, columns []fact.Column[F], yield func(P, *F) error) error {
	words := &codes{sets: fact.Codes(columns)}
	return lines(ctx, c, path, params, func(r *R) error {
		f := P(r).fact(words)
		if words.err != nil {
			return words.err
		}
		return yield(r, f)
	})
}

// codes turns words into codes.
type codes struct {
	sets map[string][]string // by column
	err  error               // the first word that is in no set
}

// code is the index of a word; no word is the first.
func (c *codes) code(column, word string) uint8 {
	i := slices.Index(c.sets[column], word)
	if i < 0 && word != "" && c.err == nil {
		c.err = errs.New(errs.Input, "use a rapport that is as new as the server", "the server says %s %q, which this rapport does not know", column, word)
	}
	return uint8(max(0, i))
}

// row is what rows share.
type row struct {
	Conversation string     `json:"conversation_id"`
	Bot          string     `json:"bot_id"`
	StartedAt    *time.Time `json:"started_at"`
	EndedAt      *time.Time `json:"ended_at"`
	Channel      string     `json:"channel"`
	Locale       string     `json:"locale"`
	Kind         string     `json:"kind"`
	TopicID      *string    `json:"topic_id"`
	TopicName    *string    `json:"topic_name"`
	TopicKind    *string    `json:"topic_kind"`
	Turns        int64      `json:"turns"`
	Definition   string     `json:"definition"`
	OpenedBy     string     `json:"opened_by"`
}

type sessionRow struct {
	row
	Number          int64      `json:"session"`
	StartedBy       string     `json:"started_by"`
	DesignMode      bool       `json:"design_mode"`
	Engagement      string     `json:"engagement"`
	Outcome         string     `json:"outcome"`
	Resolution      *string    `json:"resolution"`
	Reason          string     `json:"reason"`
	UserMessages    int64      `json:"user_messages"`
	BotMessages     int64      `json:"bot_messages"`
	CSAT            *int64     `json:"csat"`
	Source          string     `json:"source"`
	User            string     `json:"user_id"`
	Duration        *int64     `json:"duration_ms"`
	ClosesAt        *time.Time `json:"closes_at"`
	CSATAsked       bool       `json:"csat_asked"`
	Unrecognised    int64      `json:"unrecognised"`
	Ambiguous       int64      `json:"ambiguous"`
	Answered        int64      `json:"answered"`
	NotAnswered     int64      `json:"not_answered"`
	AnswerModerated int64      `json:"answer_moderated"`
	AnswerNoResults int64      `json:"answer_no_results"`
	AnswerElse      int64      `json:"answer_else"`
	Likes           int64      `json:"likes"`
	Dislikes        int64      `json:"dislikes"`
	EngagedBy       *string    `json:"engaged_by"`
	AttributedBy    *string    `json:"attributed_by"`
	EndedBy         *string    `json:"ended_by"`
	DecidedBy       *string    `json:"decided_by"`
}

func (r *sessionRow) fact(words *codes) *fact.Session {
	out := &fact.Session{
		Key: fact.KeyOf(r.Conversation), Bot: r.Bot, Conversation: r.Conversation, Number: r.Number,
		StartedAt: ms(r.StartedAt), EndedAt: ms(r.EndedAt), ClosesAt: ms(r.ClosesAt), Duration: -1, Untimed: r.StartedAt == nil,
		StartedBy: words.code("started_by", r.StartedBy), Engaged: r.Engagement == "engaged",
		Outcome: words.code("outcome", r.Outcome), Resolution: words.code("resolution", or(r.Resolution)), Reason: r.Reason,
		TopicID: or(r.TopicID), TopicName: or(r.TopicName), TopicKind: words.code("topic_kind", or(r.TopicKind)),
		Turns: r.Turns, UserMessages: r.UserMessages, BotMessages: r.BotMessages, CSATAsked: r.CSATAsked,
		Unrecognised: r.Unrecognised, Ambiguous: r.Ambiguous, Answered: r.Answered, NotAnswered: r.NotAnswered,
		AnswerModerated: r.AnswerModerated, AnswerNoResults: r.AnswerNoResults, AnswerElse: r.AnswerElse, Likes: r.Likes, Dislikes: r.Dislikes,
		Channel: r.Channel, Locale: r.Locale, User: r.User, Kind: words.code("kind", r.Kind), DesignMode: r.DesignMode,
		Origin: words.code("origin", r.Source), OpenedBy: words.code("opened_by", r.OpenedBy),
		EngagedBy: words.code("engaged_by", or(r.EngagedBy)), AttributedBy: words.code("attributed_by", or(r.AttributedBy)),
		EndedBy: words.code("ended_by", or(r.EndedBy)), DecidedBy: words.code("decided_by", or(r.DecidedBy)),
	}
	if r.Duration != nil {
		out.Duration = *r.Duration
	}
	if r.CSAT != nil {
		out.CSAT = *r.CSAT
	}
	return out
}

type billedRow struct {
	row
	Number int64 `json:"billed_session"`
}

func (r *billedRow) fact(words *codes) *fact.Billed {
	return &fact.Billed{
		Key: fact.KeyOf(r.Conversation), Bot: r.Bot, Conversation: r.Conversation, Number: r.Number,
		StartedAt: ms(r.StartedAt), EndedAt: ms(r.EndedAt), Untimed: r.StartedAt == nil, OpenedBy: words.code("opened_by", r.OpenedBy),
		TopicID: or(r.TopicID), TopicName: or(r.TopicName), TopicKind: words.code("topic_kind", or(r.TopicKind)),
		Turns: r.Turns, Channel: r.Channel, Locale: r.Locale, Kind: words.code("kind", r.Kind),
	}
}

type utteranceRow struct {
	row
	Number       int64      `json:"session"`
	SessionStart *time.Time `json:"session_started_at"`
	At           *time.Time `json:"said_at"`
	Place        int64      `json:"place"`
	Source       string     `json:"source"`
	Recognition  string     `json:"recognition"`
	Text         string     `json:"text"`
}

func (r *utteranceRow) fact(words *codes) *fact.Utterance {
	return &fact.Utterance{
		Key: fact.KeyOf(r.Conversation), Bot: r.Bot, Conversation: r.Conversation, Number: r.Number,
		StartedAt: ms(r.SessionStart), At: ms(r.At), Place: r.Place,
		Source: words.code("source", r.Source), Recognition: words.code("recognition", r.Recognition),
		Text: r.Text, Folded: fact.Fold(r.Text),
	}
}

func ms(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
