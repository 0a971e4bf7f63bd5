package metric

import (
	"errors"
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"

	"rapport/internal/errs"
)

// FieldError says which part of a question cannot be, and what could stand there. It is the cause of an *errs.Error with code errs.Invalid.
type FieldError struct {
	Field   string   // the path in the question's JSON: filters[0].dimension
	Problem string   // what is wrong with it
	Allowed []string // what may stand there; nil where that is no short list
}

// Error is the problem alone: the errs.Error around it names the field.
func (e *FieldError) Error() string { return e.Problem }

// Invalid is an error about one field of a question: code errs.Invalid around a *FieldError. The hint lists what is allowed, or, where
// that is long, names what is nearest to value.
func Invalid(field, value string, allowed []string, format string, args ...any) error {
	hint := ""
	switch {
	case len(allowed) == 0:
	case len(allowed) <= 12:
		hint = "one of: " + strings.Join(quoted(allowed), ", ")
	default:
		hint = fmt.Sprintf("did you mean %q?", nearest(value, allowed))
	}
	return invalid(field, allowed, hint, format, args...)
}

func invalid(field string, allowed []string, hint, format string, args ...any) error {
	return errs.Wrap(&FieldError{Field: field, Problem: fmt.Sprintf(format, args...), Allowed: allowed}, errs.Invalid, hint, "%s", field)
}

// At puts a path before the field of an error that has one ("queries[1]"), and leaves other errors as they are.
func At(path string, err error) error {
	var f *FieldError
	if !errors.As(err, &f) {
		return err
	}
	return invalid(path+"."+f.Field, f.Allowed, errs.HintOf(err), "%s", f.Problem)
}

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = w; w == "" {
			out[i] = `""`
		}
	}
	return out
}

func nearest(word string, among []string) string {
	best, least := "", 1<<30
	// The distance of long words takes long: no name is longer than 60.
	word = strings.ToLower(word[:min(len(word), 60)])
	for _, a := range among {
		if d := levenshtein.ComputeDistance(word, a); d < least {
			best, least = a, d
		}
	}
	return best
}
