// Package errs gives every error that reaches a person a machine code, a message and a hint.
//
// Anything that is not an *Error is an internal fault: it is reported whole, because nobody foresaw it.
package errs

import (
	"errors"
	"fmt"
)

// Code says what kind of thing went wrong. The command line maps it to an exit code, the API to a status.
type Code string

// The closed set of codes.
const (
	Invalid  Code = "invalid"   // what the caller asked for cannot be: a flag, a definition, a query
	NotFound Code = "not_found" // what the caller named does not exist
	Input    Code = "input"     // the data could not be read
	Conflict Code = "conflict"  // somebody else holds it
	Internal Code = "internal"  // a fault of Rapport
)

// Error is an error for people: what happened, and what to try.
type Error struct {
	Code    Code
	Message string
	Hint    string // what to try; may be empty
	Err     error  // the cause; may be nil
}

// New returns an error without a cause.
func New(code Code, hint, format string, args ...any) *Error {
	return &Error{Code: code, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an error that adds a message to its cause.
func Wrap(err error, code Code, hint, format string, args ...any) *Error {
	return &Error{Code: code, Hint: hint, Message: fmt.Sprintf(format, args...), Err: err}
}

// Error is the message and its causes, without the hint.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf is the code of the outermost *Error in the chain, else Internal; "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// HintOf is the first hint in the chain, or "".
func HintOf(err error) string {
	for err != nil {
		var e *Error
		if !errors.As(err, &e) {
			return ""
		}
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}
