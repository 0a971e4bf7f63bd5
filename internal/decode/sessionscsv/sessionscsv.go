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
	"time"

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
	rows := decode.NewCSVRows(r, f.lim.RowBytes, 0)
	rows.Comma = comma
	var split decode.CSVFields

	header, err := rows.Next()
	switch {
	case errors.Is(err, io.EOF):
		return f.reject(activity.Origin{}, nil, "the file is empty")
	case err != nil:
		return err
	case header.Err != nil:
		return f.reject(activity.Origin{}, header.Raw, "header: %v", header.Err)
	}
	fields, n, err := split.Split(header.Raw, comma, maxColumns)
	switch {
	case err != nil:
		return f.reject(activity.Origin{}, header.Raw, "header: not valid CSV: %v", err)
	case n > maxColumns:
		return f.reject(activity.Origin{}, header.Raw, "not a sessions CSV: the header has %d columns", n)
	}
	if f.columns, err = columnsOf(texts(fields)); err != nil {
		return f.reject(activity.Origin{}, header.Raw, "%v", err)
	}
	f.width = n
	f.header, f.comma = bytes.Clone(header.Raw), comma

	for rows.Restart(); ; {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return f.finish()
		}
		if err != nil {
			return err
		}
		origin := activity.Origin{Row: row.Row, Offset: row.Offset}
		if row.Err != nil {
			err = f.reject(origin, row.Raw, "%v", row.Err)
		} else if at := decode.InvalidUTF8(row.Raw); at >= 0 {
			err = f.reject(origin, row.Raw, "invalid UTF-8 at byte %d", row.Offset+int64(at))
		} else if fields, n, bad := split.Split(row.Raw, comma, f.width); bad != nil {
			err = f.reject(origin, row.Raw, "not valid CSV: %v", bad)
		} else if n != f.width {
			err = f.reject(origin, row.Raw, "%d fields where the header has %d columns", n, f.width)
		} else {
			err = f.take(held{origin: origin, raw: row.Raw, fields: texts(fields)})
		}
		if err != nil {
			return err
		}
	}
}

// maxColumns is far more than the portal writes.
const maxColumns = 1000

func texts(fields [][]byte) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = string(f)
	}
	return out
}

// file is what stays the same from one row to the next.
type file struct {
	name    string
	opts    decode.Options
	lim     decode.Limits
	sink    decode.Sink
	columns map[column]int
	width   int
	header  []byte // with its line end
	comma   byte
	packer  decode.Packer

	order dateOrder
	held  []held // rows whose dates wait for the order
	bytes int64
}

// held is a row as it was read. raw is only its own once it waits.
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
	order := orderOf(f.get(h.fields, start))
	if f.order == orderUnknown && (order == orderEither || order == orderUnknown && len(f.held) > 0) {
		h.raw = bytes.Clone(h.raw)
		f.held = append(f.held, h)
		// Once as it came, once as fields, and what a short row costs beside its text.
		if f.bytes += 2*int64(len(h.raw)) + 16*int64(len(h.fields)) + 200; f.bytes > f.lim.RowBytes {
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
	rec := &activity.Record{
		Format: activity.FormatSessions, Origin: h.origin,
		ID: "session:" + s.ID, Hash: hashOf(s),
		Bot: f.opts.Bot, Conversation: s.ID, Start: s.StartedAt,
		Session: s,
	}
	if f.opts.KeepRaw {
		if rec.Raw, err = f.raw(h, s.StartedAt); err != nil {
			return fmt.Errorf("keep row %d of %s: %w", h.origin.Row, f.name, err)
		}
	}
	return f.sink.Record(rec)
}

// raw is the header and the row, packed. A date that leaves the order of day and month open is written out, since the row alone no longer
// has the file to tell it.
func (f *file) raw(h held, startedAt int64) ([]byte, error) {
	if orderOf(f.get(h.fields, start)) != orderEither {
		return f.packer.Pack(f.header, h.raw), nil
	}
	fields := slices.Clone(h.fields)
	fields[f.columns[start]] = activity.Time(startedAt).Format(time.RFC3339Nano)
	var row bytes.Buffer
	w := csv.NewWriter(&row)
	w.Comma = rune(f.comma)
	if err := w.Write(fields); err != nil {
		return nil, err
	}
	w.Flush()
	return f.packer.Pack(f.header, row.Bytes()), w.Error()
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
