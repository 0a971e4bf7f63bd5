package decode

import (
	"bufio"
	"errors"
	"io"

	"golang.org/x/text/encoding/unicode"
)

// peekBytes is the size of the buffer that Text returns: what a format may be recognised by.
const peekBytes = 128 << 10

// Text returns a reader of UTF-8 without a byte-order mark. UTF-16 of either byte order is converted, with a mark or, since
// everything that is read starts with an ASCII character, recognised by the NUL beside it. Offsets into what it returns count
// from behind the mark and in UTF-8. Its buffer holds 128 KiB, so that much can be peeked at.
//
// The only error is that of r when it gives nothing at all; one that comes later is the reader's.
func Text(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, peekBytes)
	head, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	order, ok := utf16Order(head)
	if ok {
		// UseBOM takes the mark off; order is what holds where there is none.
		wide := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(wide.Reader(in), peekBytes), nil
	}
	if len(head) >= 3 && head[0] == 0xEF && head[1] == 0xBB && head[2] == 0xBF {
		_, _ = in.Discard(3) // just peeked at
	}
	return in, nil
}

func utf16Order(head []byte) (unicode.Endianness, bool) {
	if len(head) < 2 {
		return unicode.LittleEndian, false
	}
	ascii := func(i int) bool {
		c := head[i]
		return c >= ' ' && c < 0x7f || c == '\t' || c == '\r' || c == '\n'
	}
	switch {
	case head[0] == 0xFF && head[1] == 0xFE, ascii(0) && head[1] == 0:
		return unicode.LittleEndian, true
	case head[0] == 0xFE && head[1] == 0xFF, head[0] == 0 && ascii(1):
		return unicode.BigEndian, true
	default:
		return unicode.LittleEndian, false
	}
}
