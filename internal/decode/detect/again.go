package detect

import (
	"bytes"

	core "rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/dataverse"
)

// Again reads what records were kept as, one after the other. Nearly all are one row of the table of transcripts, for which nothing is set
// up anew. The zero value is ready; it is not safe for concurrent use.
type Again struct {
	opts decode.Options
	rows *dataverse.Decoder // by opts, to the relay; nil before the first row
	to   relay
}

// relay is the sink of whoever reads at the time.
type relay struct{ decode.Sink }

// Read does what the function does. It keeps nothing of the input.
func (a *Again) Read(name string, in []byte, opts decode.Options, sink decode.Sink) error {
	if raw, offset := oneRow(in, opts.Limits.OrDefault()); raw != nil {
		if a.rows == nil || a.opts != opts {
			a.opts, a.rows = opts, dataverse.New(opts, &a.to)
		}
		a.to.Sink = sink
		ok, err := a.rows.JSONLine(raw, core.Origin{File: name, Row: 1, Offset: offset})
		a.to.Sink = nil
		if ok {
			return err
		}
	}
	return Read(name, bytes.NewReader(in), opts, sink)
}

// costliest is more than how many times its size a row can count towards Limits.RecordBytes: an activity of 13 bytes counts for some 260.
const costliest = 64

// oneRow is the row that an input seems to be, alone or in a list of its own, and its offset; nil where that is for Read to find out. Rows
// that may come to the limit of a record are for Read too: words that a decoder holds since the rows before do not count towards it.
func oneRow(in []byte, lim decode.Limits) (raw []byte, offset int64) {
	if bytes.HasPrefix(in, []byte("[{")) && in[len(in)-1] == ']' {
		raw, offset = in[1:len(in)-1], 1
	} else if bytes.HasPrefix(in, []byte("{")) && bytes.IndexByte(in, '\n') < 0 { // which may end a broken line
		raw = in
	}
	switch {
	case raw == nil, int64(len(raw)) > min(lim.RowBytes, lim.RecordBytes/costliest), recogniseObject(raw).kind != row:
		return nil, 0
	case len(in) > peekBytes && recogniseObject(in[offset:peekBytes]).kind != row: // as the input is, before its values
		return nil, 0
	}
	return raw, offset
}
