package activityjson_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/decode"
	"rapport/internal/decode/activityjson"
)

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

// one reads a single activity that must be readable.
func one(t *testing.T, raw string) activity.Activity {
	t.Helper()
	res, err := activityjson.Content([]byte("["+raw+"]"), decode.Limits{})
	if err != nil {
		t.Fatalf("read %s: %v", raw, err)
	}
	return res.Activities[0]
}

// TestSignals holds every valueType and event of spec.md §4.6 that says something, in all the shapes listed there. Cases with
// only a type and a value are traces with that valueType.
func TestSignals(t *testing.T) {
	const (
		unreadable = `{"type":"trace","valueType":`
	)
	tests := []struct {
		name string
		raw  string
		want activity.Signal
	}{
		{"conversation start", `{"type":"event","name":"startConversation","value":{"__version__":"2"}}`, activity.ConversationStart{}},
		{
			"conversation info", `{"valueType":"ConversationInfo","type":"trace","value":{"isDesignMode":true,"locale":"en-US"}}`,
			activity.ConversationInfo{DesignMode: true, Locale: "en-US"},
		},
		{
			"conversation info, 2026, locale null",
			`{"valueType":"ConversationInfo","type":"trace","value":{"isDesignMode":"false","locale":null,"lastSessionOutcome":"Resolved","lastSessionOutcomeReason":"Resolved"}}`,
			activity.ConversationInfo{LastOutcome: "Resolved", LastReason: "Resolved"},
		},
		{
			"session info, 2024",
			`{"valueType":"SessionInfo","id":"0","type":"trace","value":{"startTimeUtc":"2024-09-09T18:04:50Z","endTimeUtc":"2024-09-09T18:05:07Z","type":"Engaged","outcome":"Abandoned","turnCount":4,"impliedSuccess":false}}`,
			activity.SessionInfo{Start: 1725905090000, End: 1725905107000, Type: "Engaged", Outcome: "Abandoned", Turns: 4, Implied: no()},
		},
		{
			"session info, 2026, numbers as strings",
			`{"valueType":"SessionInfo","type":"trace","value":{"startTimeUtc":"2026-01-02T03:04:05Z","endTimeUtc":"2026-01-02T03:04:05.5Z","type":"Engaged","outcome":"Resolved","outcomeReason":"Resolved","turnCount":"7","impliedSuccess":"True","csatScore":"5","lastTriggeredIntentId":"a","lastUserIntentId":"b"}}`,
			activity.SessionInfo{Start: 1767323045000, End: 1767323045500, Type: "Engaged", Outcome: "Resolved", Reason: "Resolved", Turns: 7, Implied: yes(), CSAT: 5, LastTriggeredIntent: "a", LastUserIntent: "b"},
		},
		{
			"session info without turns, implied success and score",
			`{"valueType":"sessioninfo","type":"trace","value":{"type":"Unengaged","outcome":"None","csatScore":9}}`,
			activity.SessionInfo{Type: "Unengaged", Outcome: "None", Turns: -1},
		},
		{
			"intent, properties",
			`{"type":"trace","valueType":"IntentRecognition","value":{"intentId":"b.topic.Hours","triggerUtterance":"when open","intentScore":{"score":0.9,"properties":{"Type":"1","Title":"Store hours"}}}}`,
			activity.Intent{ID: "b.topic.Hours", Title: "Store hours", Kind: activity.KindCustom, Utterance: "when open"},
		},
		{
			"intent, 2021 to 2023",
			`{"type":"trace","valueType":"IntentRecognition","value":{"intentId":"x","normalizedTriggerUtterance":"hello","intentScore":{"score":1,"Type":0,"Title":"Greeting"}}}`,
			activity.Intent{ID: "x", Title: "Greeting", Kind: activity.KindSystem, Utterance: "hello"},
		},
		{
			"intent, own title and type win",
			`{"type":"trace","valueType":"IntentRecognition","value":{"intentId":"x","intentTitle":"T","intentType":1,"triggerUtterance":"","intentScore":{"properties":{"Type":0,"Title":"U"}}}}`,
			activity.Intent{ID: "x", Title: "T", Kind: activity.KindCustom},
		},
		{
			"intent, score of the wrong type",
			`{"type":"trace","valueType":"IntentRecognition","value":{"intentId":7,"intentTitle":null,"intentScore":"high"}}`,
			activity.Intent{ID: "7"},
		},
		{
			"candidates, test framework",
			`{"type":"trace","valueType":"intentCandidates","value":{"triggerUtterance":"pay","intentCandidates":[{"intentId":"a","intentScore":{"score":0.5,"Type":1,"Title":"A"}},{"intentId":"b","intentScore":{"Title":"B"}}]}}`,
			activity.IntentCandidates{Utterance: "pay", IDs: []string{"a", "b"}, Titles: []string{"A", "B"}},
		},
		{
			"candidates, kit",
			`{"type":"trace","valueType":"IntentCandidates","value":{"intents":[{"intentId":"a","intentScore":{"properties":{"Title":"A","Type":"1"}}}]}}`,
			activity.IntentCandidates{IDs: []string{"a"}, Titles: []string{"A"}},
		},
		{
			"candidates, bare ids",
			`{"type":"trace","valueType":"IntentCandidates","value":{"candidates":["a",{"topicId":"b","name":"B"}]}}`,
			activity.IntentCandidates{IDs: []string{"a", "b"}, Titles: []string{"", "B"}},
		},
		{"unknown intent", `{"type":"trace","valueType":"UnknownIntent","value":{"userQuery":"say \"hi\""}}`, activity.UnknownIntent{Utterance: `say "hi"`}},
		{"unknown intent without value", `{"type":"trace","valueType":"UnknownIntent"}`, activity.UnknownIntent{}},
		{"redirect, int", `{"type":"trace","valueType":"DialogRedirect","value":{"targetDialogId":"t","targetDialogType":1}}`, activity.Redirect{Target: "t", Kind: activity.KindCustom}},
		{"redirect, string", `{"type":"trace","valueType":"DialogRedirect","value":{"targetDialogId":"t","targetDialogType":"0"}}`, activity.Redirect{Target: "t", Kind: activity.KindSystem}},
		{"redirect, no type", `{"type":"trace","valueType":"DialogRedirect","value":{"targetDialogId":"t"}}`, activity.Redirect{Target: "t"}},
		{
			"dialog tracing",
			`{"type":"event","name":"DialogTracing","value":{"actions":[{"actionId":"1","topicId":"b.topic.T","dialogComponentId":"c","actionType":"InvokeFlowAction","exception":"boom","variableState":{"dialogState":{},"globalState":{}}},{"topicId":"b.topic.U","exception":""}]}}`,
			activity.TopicTrace{Steps: []activity.TopicStep{{Topic: "b.topic.T", Component: "c", Action: "InvokeFlowAction", Exception: "boom"}, {Topic: "b.topic.U"}}},
		},
		{
			"dialog tracing of the test pane", `{"type":"event","valueType":"DialogTracingInfo","value":{"actions":{"topicId":"b.topic.T"}}}`,
			activity.TopicTrace{Steps: []activity.TopicStep{{Topic: "b.topic.T"}}},
		},
		{"node", `{"type":"trace","valueType":"nodeTraceData","value":{"nodeID":"n","nodeType":"Question","topicDisplayName":"Hours"}}`, activity.TopicTrace{Steps: []activity.TopicStep{{Action: "Question", Title: "Hours"}}}},
		{
			"variable", `{"type":"trace","valueType":"VariableAssignment","value":{"name":"Answer","id":"Topic.Answer","newValue":"42","type":"local"}}`,
			activity.Variable{ID: "Topic.Answer", Name: "Answer", Value: "42", Scope: "local"},
		},
		{"survey asked", `{"type":"trace","valueType":"PRRSurveyRequest","value":{"type":"PRR"}}`, activity.SurveyAsked{}},
		{"survey yes", `{"type":"trace","valueType":"PRRSurveyResponse","value":{"response":"True"}}`, activity.SurveyAnswered{Yes: true}},
		{"survey yes, boolean", `{"type":"trace","valueType":"PRRSurveyResponse","value":{"response":true}}`, activity.SurveyAnswered{Yes: true}},
		{"survey no", `{"type":"trace","valueType":"PRRSurveyResponse","value":{"response":"false"}}`, activity.SurveyAnswered{}},
		{"survey without an answer", `{"type":"trace","valueType":"PRRSurveyResponse","value":{"response":""}}`, nil},
		{"score asked", `{"type":"trace","valueType":"CSATSurveyRequest"}`, activity.CSATAsked{}},
		{"score", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"type":"CSAT","response":"4"}}`, activity.CSATAnswered{Score: 4}},
		{"score, number", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"response":1}}`, activity.CSATAnswered{Score: 1}},
		{"score 0", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"response":"0"}}`, nil},
		{"score 6", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"response":6}}`, nil},
		{"score 4.5", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"response":4.5}}`, nil},
		{"score in words", `{"type":"trace","valueType":"CSATSurveyResponse","value":{"response":"good"}}`, nil},
		{"own score", `{"type":"event","name":"rapport.csat","value":{"score":5,"comment":"nice"}}`, activity.CSATAnswered{Score: 5, Comment: "nice"}},
		{"own score, bare", `{"type":"event","name":"Rapport.CSAT","value":3}`, activity.CSATAnswered{Score: 3}},
		{"own score, bare string", `{"type":"event","name":"rapport.csat","value":"3"}`, activity.CSATAnswered{Score: 3}},
		{"implied success", `{"type":"trace","valueType":"ImpliedSuccess","value":{}}`, activity.ImpliedSuccess{}},
		{"escalation", `{"type":"trace","valueType":"EscalationRequested","value":{"escalationRequestType":1}}`, activity.EscalationRequested{}},
		{"hand-off trace", `{"type":"trace","valueType":"HandOff","value":{}}`, activity.HandOff{}},
		{"hand-off activity", `{"type":"handoff","value":{"type":"transferToAgent"}}`, activity.HandOff{}},
		{"hand-off event", `{"type":"event","name":"handoff.initiate","value":{"va_Scope":"bot"}}`, activity.HandOff{}},
		{"hand-off of a provider", `{"type":"event","name":"GenesysHandoff"}`, activity.HandOff{}},
		{"hand-off status is none", `{"type":"event","name":"handoff.status"}`, nil},
		{"end", `{"type":"EndOfConversation"}`, activity.EndOfConversation{}},
		{"context of the client", `{"type":"event","name":"pvaSetContext","value":{"a":1}}`, nil},
		{"own topic", `{"type":"event","name":"rapport.topic","value":{"id":"t1","name":"Billing","kind":"system"}}`, activity.Intent{ID: "t1", Title: "Billing", Kind: activity.KindSystem}},
		{"own topic, bare", `{"type":"event","name":"rapport.topic","value":"Billing"}`, activity.Intent{ID: "Billing", Title: "Billing"}},
		{"own topic, empty", `{"type":"event","name":"rapport.topic","value":{}}`, nil},
		{
			"own outcome", `{"type":"event","name":"rapport.outcome","value":{"outcome":"Resolved","resolution":"Confirmed","reason":"paid"}}`,
			activity.Outcome{Outcome: "resolved", Resolution: "confirmed", Reason: "paid"},
		},
		{"own outcome, bare", `{"type":"event","name":"rapport.outcome","value":"HandOff"}`, activity.Outcome{Outcome: "escalated"}},
		{"own outcome, no outcome", `{"type":"event","name":"rapport.outcome","value":"dunno"}`, nil},
		{
			"error", `{"type":"trace","valueType":"ErrorTraceData","value":{"isUserError":true,"errorCode":"C","errorMessage":"M","errorSubCode":"S"}}`,
			activity.Error{User: true, Code: "C", SubCode: "S", Message: "M"},
		},
		{"error code", `{"type":"trace","valueType":"ErrorCode","value":{"ErrorCode":"GenAIToolPlannerRateLimitReached"}}`, activity.ErrorCode{Code: "GenAIToolPlannerRateLimitReached"}},
		{"generated answer", `{"type":"trace","valueType":"GPTAnswer","value":{"gptAnswerState":"Answered"}}`, activity.GeneratedAnswer{State: "Answered"}},
		{
			"knowledge", `{"type":"trace","valueType":"KnowledgeTraceData","value":{"completionState":"Answered","isKnowledgeSearched":true,"citedKnowledgeSources":["a",null,"b"]}}`,
			activity.GeneratedAnswer{State: "Answered", Searched: true, Sources: []string{"a", "b"}},
		},
		{
			"thumb up", `{"type":"invoke","name":"message/submitAction","value":{"actionName":"feedback","actionValue":{"reaction":"like","feedback":{"feedbackText":"good"}}}}`,
			activity.Reaction{Like: true, Comment: "good"},
		},
		{
			"thumb down, feedback encoded twice", `{"type":"invoke","name":"message/submitAction","value":{"actionName":"feedback","actionValue":{"reaction":"dislike","feedback":"{\"feedbackText\":\"bad\"}"}}}`,
			activity.Reaction{Comment: "bad"},
		},
		{
			"thumb, action value encoded twice", `{"type":"invoke","name":"message/submitAction","value":"{\"actionName\":\"feedback\",\"actionValue\":\"{\\\"reaction\\\":\\\"like\\\",\\\"feedback\\\":\\\"plain\\\"}\"}"}`,
			activity.Reaction{Like: true, Comment: "plain"},
		},
		{"other submit", `{"type":"invoke","name":"message/submitAction","value":{"actionName":"other","actionValue":{"reaction":"like"}}}`, nil},
		{
			"plan", `{"type":"event","name":"DynamicPlanReceived","valueType":"DynamicPlanReceived","value":{"planIdentifier":"p","steps":["b.topic.X","P:UniversalSearchTool"],"isFinalPlan":true,"toolDefinitions":[{"big":1}]}}`,
			activity.PlanReceived{Plan: "p", Steps: []string{"b.topic.X", "P:UniversalSearchTool"}, Final: true},
		},
		{
			"plan, steps as objects", `{"type":"event","name":"DynamicPlanReceived","value":{"steps":[{"toolName":"b.action.Y","state":"created"}]}}`,
			activity.PlanReceived{Steps: []string{"b.action.Y"}},
		},
		{"plan, debug copy", `{"type":"event","name":"DynamicPlanReceivedDebug","value":{"planIdentifier":"p"}}`, nil},
		{
			"plan step", `{"type":"event","name":"DynamicPlanStepTriggered","value":{"planIdentifier":"p","stepId":"s","taskDialogId":"b.action.Y","type":"Action","state":1}}`,
			activity.PlanStep{Plan: "p", Step: "s", Task: "b.action.Y", Type: "Action"},
		},
		{
			"plan step done", `{"type":"event","name":"DynamicPlanStepFinished","value":{"planIdentifier":"p","stepId":"s","taskDialogId":"t","state":"failed","executionTime":"00:01:02.3456789","error":{"message":"M"},"observation":{"x":[1,2]}}}`,
			activity.PlanStepFinished{Plan: "p", Step: "s", Task: "t", State: "failed", Error: "M", Took: 62345},
		},
		{
			"plan step done, 2024", `{"type":"event","name":"DynamicPlanStepFinished","value":{"taskDialogId":"t","state":"completed"}}`,
			activity.PlanStepFinished{Task: "t", State: "completed", Took: -1},
		},
		{
			"plan step, days", `{"type":"event","name":"DynamicPlanStepFinished","value":{"executionTime":"1.00:00:01","error":"E"}}`,
			activity.PlanStepFinished{Took: 86_401_000, Error: "E"},
		},
		{"plan done", `{"type":"event","name":"DynamicPlanFinished","value":{"planId":"p","wasCancelled":true}}`, activity.PlanFinished{Plan: "p", Cancelled: true}},
		{"skill", `{"type":"trace","valueType":"SkillInfo","value":{"skillName":"Booking"}}`, activity.Skill{Name: "Booking"}},
		{
			"agent", `{"type":"trace","valueType":"ConnectedAgentInitializeTraceData","value":{"botSchemaName":"child","parentBotSchemaName":"parent","planStepId":"s"}}`,
			activity.AgentCall{Child: "child", Parent: "parent"},
		},
		{
			"LUIS, version 2", `{"type":"trace","name":"LuisRecognizer","valueType":"https://www.luis.ai/schemas/trace","value":{"luisResult":{"query":"book","topScoringIntent":{"intent":"Book","score":0.9}}}}`,
			activity.Intent{ID: "Book", Title: "Book", Kind: activity.KindCustom, Utterance: "book"},
		},
		{
			"LUIS, version 3", `{"type":"trace","name":"LuisRecognizer","value":{"luisResult":{"query":"book","prediction":{"topIntent":"Book"}}}}`,
			activity.Intent{ID: "Book", Title: "Book", Kind: activity.KindCustom, Utterance: "book"},
		},
		{
			"LUIS, scores only", `{"type":"trace","valueType":"https://www.luis.ai/schemas/trace","value":{"recognizerResult":{"text":"hm","intents":{"B":{"score":0.5},"A":{"score":0.5},"C":{"score":"0.1"}}}}}`,
			activity.Intent{ID: "A", Title: "A", Kind: activity.KindCustom, Utterance: "hm"},
		},
		{
			"LUIS, none", `{"type":"trace","name":"LuisRecognizer","value":{"luisResult":{"query":"hm","prediction":{"topIntent":"None"}}}}`,
			activity.UnknownIntent{Utterance: "hm"},
		},
		{"name counts where the valueType says nothing", `{"type":"event","valueType":"application/json","name":"UnknownIntent","value":{"userQuery":"q"}}`, activity.UnknownIntent{Utterance: "q"}},
		{"value as JSON in a string", `{"type":"trace","valueType":"UnknownIntent","value":"{\"userQuery\":\"q\"}"}`, activity.UnknownIntent{Utterance: "q"}},
		{"messages say nothing but their text", `{"type":"message","text":"hi","name":"HandOff","valueType":"SessionInfo","value":1}`, nil},
		{"search results are not read", `{"type":"trace","valueType":"GenerativeAnswersSupportData","value":{"gptAnswerState":"Answered"}}`, nil},
		{"a list where an object is due", unreadable + `"DialogTracing","value":[1,2]}`, activity.TopicTrace{}},
		{"a number where a list is due", unreadable + `"DynamicPlanReceived","value":{"steps":5}}`, activity.PlanReceived{Steps: []string{"5"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, one(t, tt.raw).Signal); diff != "" {
				t.Errorf("signal (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSignalNames: a source names what an activity says by valueType, by name or by both, in any case (spec.md §4.5, §9.7).
func TestSignalNames(t *testing.T) {
	words := map[string]string{ // word -> value
		"startConversation": `{}`, "ConversationInfo": `{}`, "SessionInfo": `{"type":"Engaged"}`, "IntentRecognition": `{"intentId":"x"}`,
		"IntentCandidates": `{}`, "UnknownIntent": `{}`, "DialogRedirect": `{}`, "DialogTracing": `{}`, "DialogTracingInfo": `{}`,
		"NodeTraceData": `{}`, "VariableAssignment": `{}`, "PRRSurveyRequest": `{}`, "PRRSurveyResponse": `{"response":"True"}`,
		"CSATSurveyRequest": `{}`, "CSATSurveyResponse": `{"response":"3"}`, "ImpliedSuccess": `{}`, "EscalationRequested": `{}`, "HandOff": `{}`,
		"ErrorTraceData": `{}`, "ErrorCode": `{}`, "GPTAnswer": `{}`, "KnowledgeTraceData": `{}`, "DynamicPlanReceived": `{}`,
		"DynamicPlanStepTriggered": `{}`, "DynamicPlanStepFinished": `{}`, "DynamicPlanFinished": `{}`, "SkillInfo": `{}`,
		"ConnectedAgentInitializeTraceData": `{}`, "rapport.topic": `"x"`, "rapport.outcome": `"resolved"`, "rapport.csat": `5`,
		"message/submitAction": `{"actionName":"feedback","actionValue":{"reaction":"like"}}`,
	}
	for word, value := range words {
		for _, w := range []string{word, strings.ToLower(word), strings.ToUpper(word)} {
			for _, form := range []string{`"valueType":"WORD"`, `"name":"WORD"`, `"valueType":"WORD","name":"WORD"`, `"NAME":"WORD","valuetype":null`} {
				for _, kind := range []string{"trace", "event", "Invoke"} {
					raw := `{"type":"` + kind + `","value":` + value + `,` + strings.ReplaceAll(form, "WORD", w) + `}`
					a := one(t, raw)
					if a.Signal == nil || a.Name != w {
						t.Errorf("%s: name %q, signal %#v", raw, a.Name, a.Signal)
					}
				}
			}
		}
	}
}
