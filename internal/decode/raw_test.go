package decode_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"rapport/internal/decode"
)

// What was packed is unpacked, behind whatever stands in the buffer, and the buffer of a packer does not show in what it gave.
func TestPack(t *testing.T) {
	var packer decode.Packer
	rapid.Check(t, func(rt *rapid.T) {
		raw := bytes.Repeat(rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(rt, "raw"), rapid.IntRange(1, 50).Draw(rt, "times"))
		packed := decode.Pack([]byte("before"), raw)
		got, err := decode.Unpack([]byte("still"), packed[len("before"):])
		if err != nil || string(packed[:6]) != "before" || string(got[:5]) != "still" || !bytes.Equal(got[5:], raw) {
			rt.Fatalf("%x became %x: %v", raw, got, err)
		}
		one := packer.Pack(raw)
		two := packer.Pack([]byte("["), raw, []byte("]"))
		first, err := decode.Unpack(nil, one)
		if err != nil || !bytes.Equal(first, raw) {
			rt.Fatalf("%x became %x: %v", raw, first, err)
		}
		if joined, err := decode.Unpack(nil, two); err != nil || string(joined) != "["+string(raw)+"]" {
			rt.Fatalf("%x became %x: %v", raw, joined, err)
		}
	})
}

// A damaged block is an error, and one that claims to be huge costs nothing.
func FuzzUnpack(f *testing.F) {
	f.Add(decode.Pack(nil, bytes.Repeat([]byte(`{"activities":[]}`), 30)))
	f.Add(binary.AppendUvarint(nil, 1<<40))
	f.Add(binary.AppendUvarint(nil, 129<<20))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, packed []byte) {
		raw, err := decode.Unpack(nil, packed)
		if err == nil && len(raw) > 128<<20 || err != nil && cap(raw) > 129<<20 {
			t.Errorf("%x: %d bytes, room for %d, %v", packed, len(raw), cap(raw), err)
		}
	})
}

func TestUnpackTooLarge(t *testing.T) {
	for _, packed := range [][]byte{nil, binary.AppendUvarint(nil, 1<<40), binary.AppendUvarint(nil, 129<<20), {200, 1, 0}} {
		if raw, err := decode.Unpack([]byte("x"), packed); err == nil || string(raw) != "x" {
			t.Errorf("%x: %q, %v", packed, raw, err)
		}
	}
}
