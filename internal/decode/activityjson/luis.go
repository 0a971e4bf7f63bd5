package activityjson

import (
	"strconv"

	"github.com/segmentio/encoding/json"

	"rapport/internal/activity"
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
	query := firstOf(string(answer.Query), string(recognized.Text))
	top := firstOf(string(answer.TopScoringIntent.v.Intent), string(answer.Prediction.v.TopIntent), string(recognized.Intents))
	if top == "" || top == "None" {
		return activity.UnknownIntent{Utterance: query}
	}
	return activity.Intent{ID: top, Title: top, Kind: activity.KindCustom, Utterance: query}
}

// intents is the name of the intent with the highest score, the first by name among equals.
type intents string

// UnmarshalJSON never fails.
func (best *intents) UnmarshalJSON(raw []byte) error {
	var scores map[string]json.RawMessage
	if !readInto(raw, &scores) {
		return nil
	}
	highest := -1.0
	for name, raw := range scores {
		score, err := strconv.ParseFloat(firstOf(string(of[struct{ Score text }](raw).Score), scalar(raw)), 64)
		if err != nil {
			score = 0
		}
		if score > highest || score == highest && intents(name) < *best {
			highest, *best = score, intents(name)
		}
	}
	return nil
}
