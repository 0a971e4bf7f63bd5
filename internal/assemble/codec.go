package assemble

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"reflect"

	"rapport/internal/activity"
)

// codec writes a record to a temporary file and reads it back. It walks the types by reflection, so that a field added to an
// activity or a signal can not be forgotten here; nothing outside this process reads the form.
type codec struct {
	signals []reflect.Type
	tags    map[reflect.Type]uint64
}

func newCodec() *codec {
	c := &codec{tags: map[reflect.Type]uint64{}}
	for i, s := range activity.Signals() {
		c.signals = append(c.signals, reflect.TypeOf(s))
		c.tags[reflect.TypeOf(s)] = uint64(i + 1) // 0 is no signal
	}
	return c
}

func (c *codec) encode(dst []byte, r *activity.Record) ([]byte, error) {
	return c.put(dst, reflect.ValueOf(r).Elem())
}

func (c *codec) put(dst []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.String:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		return append(dst, v.String()...), nil
	case reflect.Bool:
		if v.Bool() {
			return append(dst, 1), nil
		}
		return append(dst, 0), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return binary.AppendVarint(dst, v.Int()), nil
	case reflect.Uint8:
		return append(dst, byte(v.Uint())), nil
	case reflect.Slice:
		dst = binary.AppendUvarint(dst, uint64(v.Len()))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return append(dst, v.Bytes()...), nil
		}
		return c.putEach(dst, v)
	case reflect.Array:
		return c.putEach(dst, v)
	case reflect.Pointer:
		if v.IsNil() {
			return append(dst, 0), nil
		}
		return c.put(append(dst, 1), v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return append(dst, 0), nil
		}
		tag, ok := c.tags[v.Elem().Type()]
		if !ok {
			return nil, fmt.Errorf("signal %s is not in activity.Signals", v.Elem().Type())
		}
		return c.put(binary.AppendUvarint(dst, tag), v.Elem())
	case reflect.Struct:
		var err error
		for i := range v.NumField() {
			if dst, err = c.put(dst, v.Field(i)); err != nil {
				return nil, err
			}
		}
		return dst, nil
	default:
		return nil, fmt.Errorf("cannot write a %s", v.Type())
	}
}

func (c *codec) putEach(dst []byte, v reflect.Value) ([]byte, error) {
	var err error
	for i := range v.Len() {
		if dst, err = c.put(dst, v.Index(i)); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

func (c *codec) decode(src []byte) (*activity.Record, error) {
	r := &activity.Record{}
	d := decoder{codec: c, src: src}
	d.get(reflect.ValueOf(r).Elem())
	if d.err == nil && len(d.src) > 0 {
		d.err = fmt.Errorf("%d bytes left over", len(d.src))
	}
	if d.err != nil {
		return nil, fmt.Errorf("read spilled record: %w", d.err)
	}
	return r, nil
}

type decoder struct {
	*codec
	src []byte
	err error
}

func (d *decoder) fail() {
	if d.err == nil {
		d.err = fmt.Errorf("cut short")
	}
	d.src = nil
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.src)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.src = d.src[n:]
	return v
}

func (d *decoder) byte() byte {
	if len(d.src) == 0 {
		d.fail()
		return 0
	}
	b := d.src[0]
	d.src = d.src[1:]
	return b
}

func (d *decoder) get(v reflect.Value) {
	if d.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.String:
		n := d.uvarint()
		if n > uint64(len(d.src)) {
			d.fail()
			return
		}
		v.SetString(string(d.src[:n]))
		d.src = d.src[n:]
	case reflect.Bool:
		v.SetBool(d.byte() == 1)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, n := binary.Varint(d.src)
		if n <= 0 {
			d.fail()
			return
		}
		d.src = d.src[n:]
		v.SetInt(i)
	case reflect.Uint8:
		v.SetUint(uint64(d.byte()))
	case reflect.Slice:
		n := d.uvarint()
		if n > uint64(len(d.src)) || n > math.MaxInt32 { // every element takes a byte at least
			d.fail()
			return
		}
		if n == 0 {
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes(bytes.Clone(d.src[:n]))
			d.src = d.src[n:]
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		d.each(v)
	case reflect.Array:
		d.each(v)
	case reflect.Pointer:
		if d.byte() == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			d.get(v.Elem())
		}
	case reflect.Interface:
		tag := d.uvarint()
		if tag == 0 {
			return
		}
		if tag > uint64(len(d.signals)) {
			d.fail()
			return
		}
		s := reflect.New(d.signals[tag-1]).Elem()
		d.get(s)
		v.Set(s)
	case reflect.Struct:
		for i := range v.NumField() {
			d.get(v.Field(i))
		}
	default:
		d.fail()
	}
}

func (d *decoder) each(v reflect.Value) {
	for i := range v.Len() {
		d.get(v.Index(i))
	}
}
