package generate

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// mix turns a number into another that has nothing visible in common with it (the finaliser of SplitMix64), so that
// neighbouring conversations get unrelated random streams.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pick returns one of the list.
func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// draw returns the index that a random number falls on in cumulated shares.
func draw(r *rand.Rand, sums []float64) int {
	x := r.Float64()
	low, high := 0, len(sums)-1
	for low < high {
		middle := (low + high) / 2
		if sums[middle] < x {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// seconds is a waiting time in milliseconds: log-normal around the median, never more than the limit.
func seconds(r *rand.Rand, median, limit float64) int64 {
	return int64(1000 * min(limit, median*math.Exp(0.9*r.NormFloat64())))
}

const hexDigits = "0123456789abcdef"

// appendHex writes 16 digits.
func appendHex(b []byte, x uint64) []byte {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], x)
	for _, c := range raw {
		b = append(b, hexDigits[c>>4], hexDigits[c&15])
	}
	return b
}

// appendGUID writes 128 bits the way a GUID of version 4 is written.
func appendGUID(b []byte, high, low uint64) []byte {
	var d [32]byte
	appendHex(appendHex(d[:0], high&^0xf000|0x4000), low&^(3<<62)|2<<62)
	b = append(append(b, d[:8]...), '-')
	b = append(append(b, d[8:12]...), '-')
	b = append(append(b, d[12:16]...), '-')
	b = append(append(b, d[16:20]...), '-')
	return append(b, d[20:]...)
}

// guid is a random GUID.
func guid(r *rand.Rand) string { return string(appendGUID(nil, r.Uint64(), r.Uint64())) }

// appendPad writes a number with leading zeros.
func appendPad(b []byte, n, width int) []byte {
	var d [20]byte
	i := len(d)
	for range width {
		i--
		d[i] = byte('0' + n%10)
		n /= 10
	}
	return append(b, d[i:]...)
}

// escape writes a text as the studio writes it into content: everything but plain ASCII as \u, and of ASCII also quotes,
// angle brackets, ampersands, plus signs and back-ticks. The result goes between quotes.
func escape(s string) string { return string(appendEscaped(nil, s)) }

func appendEscaped(b []byte, s string) []byte {
	for _, c := range s {
		switch {
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\\':
			b = append(b, '\\', '\\')
		case c < ' ', c == '"', c == '\'', c == '<', c == '>', c == '&', c == '+', c == '`', c >= utf8.RuneSelf && c < 0x10000:
			b = appendUnit(b, uint16(c))
		case c >= 0x10000:
			high, low := utf16.EncodeRune(c)
			b = appendUnit(appendUnit(b, uint16(high)), uint16(low))
		default:
			b = append(b, byte(c))
		}
	}
	return b
}

func appendUnit(b []byte, u uint16) []byte {
	const upper = "0123456789ABCDEF"
	return append(b, '\\', 'u', upper[u>>12], upper[u>>8&15], upper[u>>4&15], upper[u&15])
}

// appendTime writes milliseconds since 1970 as RFC 3339 in UTC, to the second, as Dataverse does.
func appendTime(b []byte, ms int64) []byte {
	return time.UnixMilli(ms).UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
}
