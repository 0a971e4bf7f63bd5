package assemble

import (
	"reflect"
	"unsafe"

	"rapport/internal/activity"
)

// Size is about what a record costs in memory, for budgets. Words that repeat (types, channels, accounts) are held once by the decoders
// and cost nothing here.
func Size(r *activity.Record) int64 {
	n := int64(unsafe.Sizeof(*r)) + int64(len(r.ID)+len(r.Conversation)+len(r.User)+len(r.Raw))
	if r.Session != nil {
		n += weigh(reflect.ValueOf(r.Session).Elem())
	}
	n += int64(len(r.Activities)) * int64(unsafe.Sizeof(activity.Activity{}))
	for i := range r.Activities {
		a := &r.Activities[i]
		n += int64(len(a.ID) + len(a.ReplyTo) + len(a.Text))
		if a.Signal != nil {
			n += weigh(reflect.ValueOf(a.Signal))
		}
	}
	return n
}

// weigh goes by the type, so that a field added to a signal can not be forgotten.
func weigh(v reflect.Value) int64 {
	n := int64(v.Type().Size())
	switch v.Kind() {
	case reflect.String:
		n += int64(v.Len())
	case reflect.Slice:
		for i := range v.Len() {
			n += weigh(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			n += weigh(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.String || f.Kind() == reflect.Slice || f.Kind() == reflect.Pointer || f.Kind() == reflect.Struct {
				n += weigh(f) - int64(f.Type().Size())
			}
		}
	}
	return n
}
