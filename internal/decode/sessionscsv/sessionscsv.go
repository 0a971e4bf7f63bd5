// Package sessionscsv reads the sessions CSV that the portal offers for download: sessions without their activities, in the
// documented 7 columns or the 13 of a later variant (reference: spec.md §4.8, §9.7).
package sessionscsv

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// Read reads one file. r is UTF-8 without a byte-order mark and stands at the start. Columns may come in any order, separated by
// commas, semicolons or tabs. Each row becomes a record whose Session is what the platform said; Origin.Row counts the rows
// behind the header from 1. The error is the reader's or the sink's.
//
// Dates such as 3/4/2024 do not say whether the day or the month comes first. The first date that can only be read one way
// decides for the file; rows before it are held until then, up to Limits.RowBytes. Without any such date the month comes first
// and a warning says so. A date that contradicts the decision is a reject.
func Read(name string, r *bufio.Reader, opts decode.Options, sink decode.Sink) error {
	f := &file{name: name, opts: opts, lim: opts.Limits.OrDefault(), sink: sink}
	comma, err := delimiter(r)
	if err != nil {
		return err
	}
	in := &window{r: r, limit: f.lim.RowBytes}
	rows := csv.NewReader(in)
	rows.Comma = comma
	rows.FieldsPerRecord = -1

	header, err := rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return f.reject(activity.Origin{}, nil, "the file is empty")
	case isInput(err):
		return f.reject(activity.Origin{}, nil, "header: %v", reason(err))
	case err != nil:
		return err
	}
	if f.columns, err = columnsOf(header); err != nil {
		return f.reject(activity.Origin{}, nil, "%v", err)
	}
	f.width = len(header)

	for row := 1; ; row++ {
		origin := activity.Origin{Row: row, Offset: rows.InputOffset()}
		in.forget(origin.Offset)
		fields, err := rows.Read()
		raw := in.from(origin.Offset, rows.InputOffset())
		switch {
		case errors.Is(err, io.EOF):
			return f.finish()
		case errors.Is(err, errLarge):
			if err := f.reject(origin, nil, "larger than the limit of %d bytes for one row, perhaps a quote that never closes; the rest of the file is not read", f.lim.RowBytes); err != nil {
				return err
			}
			return f.finish()
		case isInput(err):
			err = f.reject(origin, raw, "%v", reason(err))
		case err != nil:
			return err
		default:
			err = f.take(held{origin: origin, raw: raw, fields: fields})
		}
		if err != nil {
			return err
		}
	}
}

// isInput reports whether the error is about the text and not about reading it.
func isInput(err error) bool {
	var parse *csv.ParseError
	return errors.As(err, &parse) || errors.Is(err, errLarge)
}

// reason is what is wrong, without the line number that csv counts on its own.
func reason(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf("not valid CSV: %w", parse.Err)
	}
	return err
}

// file is what stays the same from one row to the next.
type file struct {
	name    string
	opts    decode.Options
	lim     decode.Limits
	sink    decode.Sink
	columns map[column]int
	width   int

	order dateOrder
	held  []held // rows whose dates wait for the order
	bytes int64
}

// held is a row as it was read.
type held struct {
	origin activity.Origin
	raw    []byte
	fields []string
}

func (f *file) reject(o activity.Origin, raw []byte, format string, args ...any) error {
	o.File = f.name
	return f.sink.Reject(f.lim.Quarantine(o, fmt.Sprintf(format, args...), bytes.TrimRight(raw, "\r\n")))
}

// take passes a row on, or holds it until the order of dates is known.
func (f *file) take(h held) error {
	if len(h.fields) != f.width {
		return f.reject(h.origin, h.raw, "%d fields where the header has %d columns", len(h.fields), f.width)
	}
	order := orderOf(f.get(h.fields, start))
	if f.order == orderUnknown && (order == orderEither || order == orderUnknown && len(f.held) > 0) {
		f.held = append(f.held, h)
		if f.bytes += int64(len(h.raw)); f.bytes > f.lim.RowBytes {
			return f.release()
		}
		return nil
	}
	if f.order == orderUnknown && (order == monthFirst || order == dayFirst) {
		f.order = order
		if err := f.release(); err != nil {
			return err
		}
	}
	return f.emit(h)
}

// finish passes on what is still held.
func (f *file) finish() error { return f.release() }

// release decides on the order of dates, if nothing did, and passes on the rows that waited for it.
func (f *file) release() error {
	waiting := f.held
	f.held, f.bytes = nil, 0
	if f.order == orderUnknown && len(waiting) > 0 {
		f.order = monthFirst
		if err := f.sink.Warn(decode.Warning{
			Origin: activity.Origin{File: f.name},
			Text:   fmt.Sprintf("dates such as %q are read as month/day/year: no date of the file says otherwise", f.get(waiting[0].fields, start)),
		}); err != nil {
			return err
		}
	}
	for _, h := range waiting {
		if err := f.emit(h); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) emit(h held) error {
	s, err := f.session(h.fields)
	if err != nil {
		return f.reject(h.origin, h.raw, "%v", err)
	}
	h.origin.File = f.name
	return f.sink.Record(&activity.Record{
		Format: activity.FormatSessions, Origin: h.origin,
		ID: "session:" + s.ID, Hash: hashOf(s),
		Bot: f.opts.Bot, Conversation: s.ID, Start: s.StartedAt,
		Session: s,
	})
}

// get is a field, "" for a column that the file does not have.
func (f *file) get(fields []string, c column) string {
	i, ok := f.columns[c]
	if !ok {
		return ""
	}
	return strings.TrimSpace(fields[i])
}

func (f *file) session(fields []string) (*activity.PlatformSession, error) {
	get := func(c column) string { return f.get(fields, c) }
	s := &activity.PlatformSession{
		ID: get(id), FirstMessage: get(firstMessage), Topic: get(topic), TopicID: get(topicID), Transcript: get(transcript),
		Outcome: get(outcome), Reason: get(outcomeReason), Channel: get(channel), Comment: get(comments),
		Turns: -1,
	}
	if s.ID == "" {
		return nil, errors.New("the session id is missing")
	}
	at, err := parseStart(get(start), f.order, f.lim)
	if err != nil {
		return nil, err
	}
	s.StartedAt = at
	if !slices.Contains(outcomes, strings.ToLower(s.Outcome)) {
		return nil, fmt.Errorf("the outcome is %q, not Resolved, Escalated, Abandoned or Unengaged", s.Outcome)
	}
	if word := get(implied); word != "" {
		yes, err := strconv.ParseBool(strings.ToLower(word))
		if err != nil {
			return nil, fmt.Errorf("IsResolvedImplied is %q, not true or false", word)
		}
		s.Implied = &yes
	}
	if word := get(turns); word != "" {
		if s.Turns, err = strconv.Atoi(word); err != nil || s.Turns < 0 {
			return nil, fmt.Errorf("the number of turns is %q", word)
		}
	}
	if word := get(csat); word != "" {
		score, err := strconv.ParseFloat(word, 64)
		if err != nil || score != float64(int(score)) || score < 1 || score > 5 {
			return nil, fmt.Errorf("CSAT is %q, not 1 to 5", word)
		}
		s.CSAT = int(score)
	}
	s.UserMessages, s.BotMessages, s.StartedBy = count(s.Transcript)
	return s, nil
}

// outcomes are the documented words and those of SessionInfo for the same, in lower case (spec.md §8 #21).
var outcomes = []string{"resolved", "escalated", "handoff", "abandoned", "abandon", "unengaged", "none"}

// hashOf is of what the row says, whatever the order of its columns.
func hashOf(s *activity.PlatformSession) [16]byte {
	said := ""
	if s.Implied != nil {
		said = strconv.FormatBool(*s.Implied)
	}
	h := sha256.New()
	for _, field := range []string{
		s.ID, strconv.FormatInt(s.StartedAt, 10), s.FirstMessage, s.Topic, s.TopicID, s.Transcript, s.Outcome, s.Reason, said,
		strconv.Itoa(s.Turns), s.Channel, strconv.Itoa(s.CSAT), s.Comment,
	} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return [16]byte(h.Sum(nil)[:16])
}

var errLarge = errors.New("row too large")

// window is what csv has read of a row and a little beyond, so that a reject can show it, and the guard that keeps csv from
// holding the rest of a file in one field.
type window struct {
	r     io.Reader
	limit int64
	buf   []byte
	base  int64 // offset of buf[0]
}

// Read fails with errLarge once more than limit bytes lie behind the last forget.
func (w *window) Read(p []byte) (int, error) {
	if int64(len(w.buf)) > w.limit {
		return 0, errLarge
	}
	n, err := w.r.Read(p)
	w.buf = append(w.buf, p[:n]...)
	return n, err
}

// forget drops what lies before an offset.
func (w *window) forget(offset int64) {
	w.buf = append(w.buf[:0], w.buf[offset-w.base:]...)
	w.base = offset
}

// from returns a copy of the bytes between two offsets.
func (w *window) from(start, end int64) []byte {
	return bytes.Clone(w.buf[start-w.base : min(end-w.base, int64(len(w.buf)))])
}
