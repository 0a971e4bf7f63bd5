package assemble

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
)

// fill gives every field of a value something that is not its zero value, so that a field that is not written shows.
func fill(v reflect.Value, n *int64) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString("s" + string(rune('a'+*n%26)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(-*n * 1000)
	case reflect.Uint8:
		v.SetUint(uint64(1 + *n%2))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Interface: // signals: set by the test
	default:
		panic("a kind that the codec has not met: " + v.Kind().String())
	}
}

// TestRoundTrip: a record with every field and every signal comes back as it was.
func TestRoundTrip(t *testing.T) {
	var n int64
	in := &activity.Record{}
	fill(reflect.ValueOf(in).Elem(), &n)
	in.Activities = nil
	for _, s := range activity.Signals() {
		a := activity.Activity{}
		fill(reflect.ValueOf(&a).Elem(), &n)
		v := reflect.New(reflect.TypeOf(s)).Elem()
		fill(v, &n)
		a.Signal = v.Interface().(activity.Signal)
		in.Activities = append(in.Activities, a)
	}
	in.Activities = append(in.Activities, activity.Activity{})
	c := newCodec()
	data, err := c.encode(nil, in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(in, out); d != "" {
		t.Fatal(d)
	}
	for i := range data {
		if _, err := c.decode(data[:i]); err == nil {
			t.Fatalf("cut at %d of %d bytes it still decodes", i, len(data))
		}
	}
}
