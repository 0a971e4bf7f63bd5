package activityjson

import (
	"cmp"
	"strconv"

	"rapport/internal/activity"
	"rapport/internal/decode"
)

// luis reads the trace that the Bot Framework's LUIS recognizer leaves. Version 2 of the service names the best intent as
// luisResult.topScoringIntent, version 3 as prediction.topIntent; without either the recognizer's own scores decide. "None" is
// the service's word for: nothing matched. LUIS knows the author's intents only, so each is custom.
func luis(value []byte) activity.Signal {
	v := of[struct {
		RecognizerResult loose[struct {
			Text    text
			Intents intents
		}]
		LuisResult loose[struct {
			Query            text
			TopScoringIntent loose[struct{ Intent text }]
			Prediction       loose[struct{ TopIntent text }]
		}]
	}](value)
	answer, recognized := v.LuisResult.v, v.RecognizerResult.v
	query := cmp.Or(string(answer.Query), string(recognized.Text))
	top := cmp.Or(string(answer.TopScoringIntent.v.Intent), string(answer.Prediction.v.TopIntent), string(recognized.Intents))
	if top == "" || top == "None" {
		return activity.UnknownIntent{Utterance: query}
	}
	return activity.Intent{ID: top, Title: top, Kind: activity.KindCustom, Utterance: query}
}

// intents is the name of the intent with the highest score, the first by name among equals.
type intents string

// UnmarshalJSON never fails.
func (best *intents) UnmarshalJSON(raw []byte) error {
	if raw = unwrap(raw); isNull(raw) || raw[0] != '{' {
		return nil
	}
	highest := -1.0
	o := decode.NewObject(raw, 0, anyDepth)
	for o.Next() {
		raw := o.Value()
		f := [1]field{{key: "score"}}
		if find(raw, f[:]) {
			raw = f[0].value
		}
		score, err := strconv.ParseFloat(scalar(raw), 64)
		if err != nil {
			score = 0
		}
		if name := intents(o.Key); score > highest || score == highest && name < *best {
			highest, *best = score, name
		}
	}
	return nil
}
