package generate

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// output turns sessions into rows and rows into bytes of the format.
type output struct {
	w       io.Writer
	world   *world
	stats   Stats
	session session
	pcg     rand.PCG
	rows    int64

	buf     []byte // waits to be written
	content []byte // of the row at hand, as it is
	value   []byte // a column's value, as it is
}

// flushAt is how much waits before it is written.
const flushAt = 256 << 10

func newOutput(w io.Writer, world *world) *output { return &output{w: w, world: world} }

// columns of a row in the order of the Web API. Those of the tail are null in every row, as in real ones.
var (
	columns = [...]string{
		"@odata.etag", "conversationstarttime", "schemaversion", "_owningbusinessunit_value", "metadata", "conversationtranscriptid",
		"statecode", "statuscode", "_createdby_value", "createdon", "timezoneruleversionnumber", "_ownerid_value", "modifiedon",
		"_owninguser_value", "_modifiedby_value", "schematype", "versionnumber", "_bot_conversationtranscriptid_value", "name", "content",
	}
	nulls = [...]string{
		"overriddencreatedon", "importsequencenumber", "_modifiedonbehalfby_value", "utcconversiontimezonecode",
		"_createdonbehalfby_value", "_owningteam_value",
	}
)

const nullTail = `,"overriddencreatedon":null,"importsequencenumber":null,"_modifiedonbehalfby_value":null,` +
	`"utcconversiontimezonecode":null,"_createdonbehalfby_value":null,"_owningteam_value":null}`

func (o *output) begin() {
	switch o.world.opts.Format {
	case OData:
		o.buf = append(o.buf, `{"@odata.context":"https://rapport.example/api/data/v9.2/$metadata#conversationtranscripts","value":[`...)
	case CSV:
		o.buf = append(o.buf, "\ufeff"...)
		o.buf = append(o.buf, strings.Join(append(columns[:], nulls[:]...), ",")...)
		o.buf = append(o.buf, "\r\n"...)
	}
}

func (o *output) end() error {
	if o.world.opts.Format == OData {
		o.buf = append(o.buf, "\n]}\n"...)
	}
	return o.flush()
}

func (o *output) flush() error {
	n, err := o.w.Write(o.buf)
	o.stats.Bytes += int64(n)
	o.buf = o.buf[:0]
	if err != nil {
		return fmt.Errorf("write generated rows: %w", err)
	}
	return nil
}

// row writes the row of an errand.
func (o *output) row(c *chat, e errand) error {
	v := &c.windows[e.window]
	o.pcg.Seed(o.world.opts.Seed, mix(uint64(c.n+1)*streams+1+uint64(e.window)))
	s := &o.session
	s.hold(o.world, c, v, rand.New(&o.pcg), e.window)
	split := v.split && len(s.marks) >= 4
	if e.part == 1 && !split {
		return nil // too short to be cut in two
	}
	o.count(c, v, e, s)
	o.compose(s, e, split)
	o.write(c, v, e, s, split)
	if len(o.buf) >= flushAt {
		return o.flush()
	}
	return nil
}

// compose fills content with the record's part.
func (o *output) compose(s *session, e errand, split bool) {
	first, last := s.body, s.body
	if split {
		cut := s.marks[len(s.marks)/2]
		first, last = s.body[:cut], s.body[cut+1:] // without the comma
	}
	b := append(o.content[:0], `{"activities":[`...)
	switch {
	case e.part == 1:
		b = append(append(b, last...), ',')
		b = s.sessionInfo(b)
	case split:
		b = append(s.conversationInfo(b), first...)
	default:
		b = append(s.conversationInfo(b), s.body...)
		b = s.sessionInfo(append(b, ','))
	}
	o.content = append(b, `]}`...)
}

// write appends the row in the world's format.
func (o *output) write(c *chat, v *window, e errand, s *session, split bool) {
	f := field{b: o.buf, csv: o.world.opts.Format == CSV}
	if o.world.opts.Format == OData {
		if o.rows > 0 {
			f.b = append(f.b, ',')
		}
		f.b = append(f.b, '\n')
	}
	o.rows++

	w := o.world
	created := s.now - s.now%1000 + o.delay(c, e) + v.late
	modified := created
	if e.again {
		modified += v.revised
	}
	// Dataverse counts every change of the database, so versions grow with time.
	version := 4_000_000 + (modified-w.opts.From.UnixMilli())/100 + int64(c.n%97)
	schema := "0.2.1"
	if c.bot.newer {
		schema = "0.2.2"
	}

	o.value = append(strconv.AppendInt(append(o.value[:0], `W/"`...), version, 10), '"')
	f.text(columns[0], o.value)
	f.text(columns[1], o.time(s.began))
	f.plain(columns[2], schema)
	f.plain(columns[3], w.unit)
	f.text(columns[4], o.metadata(c, e, split))
	f.text(columns[5], o.id(c, e))
	f.number(columns[6], 0)
	f.number(columns[7], 1)
	f.plain(columns[8], w.owner)
	f.text(columns[9], o.time(created))
	f.number(columns[10], 4)
	f.plain(columns[11], w.owner)
	f.text(columns[12], o.time(modified))
	f.plain(columns[13], w.owner)
	f.plain(columns[14], w.owner)
	f.plain(columns[15], "powervirtualagents")
	f.number(columns[16], version)
	f.plain(columns[17], c.bot.lookup)
	o.value = append(append(append(o.value[:0], c.id...), '_'), c.bot.meta...)
	f.text(columns[18], o.value)
	f.text(columns[19], o.content)
	if f.csv {
		for range nulls {
			f.b = append(f.b, ',')
		}
		f.b = append(f.b, "\r\n"...)
	} else {
		f.b = append(f.b, nullTail...)
		if w.opts.Format == DataverseJSONL {
			f.b = append(f.b, '\n')
		}
	}
	o.buf = f.b
}

// delay is how long after its last activity a record is written (spec.md §9.1): half an hour in 2026, 36 minutes in 2024.
func (o *output) delay(c *chat, e errand) int64 {
	spread := int64(mix(uint64(c.n*streams + e.window)))
	if c.bot.newer {
		return 1000 * (1804 + spread&15)
	}
	return 1000 * (2164 + (spread&15)*11/15)
}

func (o *output) time(ms int64) []byte {
	o.value = appendTime(o.value[:0], ms)
	return o.value
}

// metadata is the column's JSON; only the newer generation numbers batches.
func (o *output) metadata(c *chat, e errand, split bool) []byte {
	b := append(o.value[:0], `{"BotId":"`...)
	b = append(append(b, c.bot.meta...), `","AADTenantId":"`...)
	b = append(append(b, o.world.tenant...), `","BotName":"`...)
	b = append(append(b, c.bot.schema...), '"')
	switch {
	case split:
		b = strconv.AppendInt(append(b, `,"BatchId":`...), int64(e.part), 10)
	case c.bot.newer:
		b = append(b, `,"BatchId":""`...)
	}
	o.value = append(b, '}')
	return o.value
}

// id is the row's key, the same when it is written again.
func (o *output) id(c *chat, e errand) []byte {
	x := mix(o.world.opts.Seed ^ mix(uint64(c.n)<<4|uint64(e.window)<<1|uint64(e.part)))
	o.value = appendGUID(o.value[:0], x, mix(x))
	return o.value
}

// count keeps the statistics; what is written again counts as a row only.
func (o *output) count(c *chat, v *window, e errand, s *session) {
	t := &o.stats
	t.Rows++
	switch {
	case e.again:
		t.Superseded++
		return
	case e.part == 1:
		t.Split++
		return
	}
	one := func(n *int64, is bool) {
		if is {
			*n++
		}
	}
	engaged, outcome, reason, implied := s.verdict()
	t.Sessions++
	t.Messages += int64(s.messages)
	one(&t.Engaged, engaged)
	one(&t.Unengaged, !engaged)
	one(&t.Confirmed, outcome == "Resolved" && !implied)
	one(&t.Implied, implied)
	one(&t.Escalated, outcome == "HandOff")
	one(&t.Abandon, outcome == "Abandoned")
	one(&t.Errors, outcome == "Abandoned" && reason != "UserExit")
	one(&t.BotStarted, c.silent)
	one(&t.Test, c.test)
	one(&t.Autonomous, c.alone)
	one(&t.Resumed, e.window > 0)
	one(&t.SurveysAsked, s.asked)
	one(&t.SurveysAnswered, s.answered)
	one(&t.ScoresAsked, s.invited)
	one(&t.ScoresGiven, s.scored)
	one(&t.Late, v.late >= int64(24*time.Hour/time.Millisecond))
}

// field writes one column after the other.
type field struct {
	b   []byte
	csv bool
	n   int
}

func (f *field) name(name string) {
	if f.csv {
		if f.n > 0 {
			f.b = append(f.b, ',')
		}
	} else {
		if f.n == 0 {
			f.b = append(f.b, '{')
		} else {
			f.b = append(f.b, ',')
		}
		f.b = append(append(append(f.b, '"'), name...), '"', ':')
	}
	f.n++
}

// plain writes a value that needs no escaping.
func (f *field) plain(name, value string) {
	f.name(name)
	if f.csv {
		f.b = append(f.b, value...)
		return
	}
	f.b = append(append(append(f.b, '"'), value...), '"')
}

func (f *field) number(name string, n int64) {
	f.name(name)
	f.b = strconv.AppendInt(f.b, n, 10)
}

// text writes a value of printable ASCII, which everything in a row is: content escapes the rest.
func (f *field) text(name string, value []byte) {
	f.name(name)
	f.b = append(f.b, '"')
	from := 0
	for i, c := range value {
		if c != '"' && (c != '\\' || f.csv) {
			continue
		}
		f.b = append(f.b, value[from:i]...)
		if f.csv {
			f.b = append(f.b, '"')
		} else {
			f.b = append(f.b, '\\')
		}
		from = i
	}
	f.b = append(append(f.b, value[from:]...), '"')
}
