package detect

import (
	"strings"
	"testing"
)

func TestRecognise(t *testing.T) {
	const content = `"content":"{\"activities\":[]}"`
	tests := []struct {
		name, in string
		kind     kind
		hint     string
	}{
		{"nothing", "", empty, ""},
		{"white space", " \r\n", empty, ""},
		{"empty list", " [ ]", emptyList, ""},
		{"OData", `{"@odata.context":"x","@odata.count":1,"value":[{"name":"x"}]}`, page, ""},
		{"OData without context", `{"value":[]}`, page, ""},
		{"test framework", `{"list_of_conversations":[{"Activities":[]}]}`, page, ""},
		{"list of rows", `[{"@odata.etag":"x","conversationtranscriptid":"x"}]`, rowList, ""},
		{"list of rows, content first", `[{` + content + `,"name":"x"}]`, rowList, ""},
		{"list of rows, the window ends in content", `[{"content":"{\"activities\":[{\"type\"`, rowList, ""},
		{"list of rows, the first is odd", `[{}, 3, {"conversationtranscriptid":"x"}]`, rowList, ""},
		{"list of contents", `[{"activities":[]}]`, rowList, ""},
		{"row", `{"name":"x",` + content + `}`, row, ""},
		{"row, its content an object", `{"content":{"activities":[]}}`, row, ""},
		{"row, keys in capitals", `{"ConversationTranscriptId":"x"}`, row, ""},
		{"row without content", `{"name":"x","metadata":"{}"}`, row, ""},
		{"rows one to a line", "{\"name\":\"x\"," + content + "}\n{}", row, ""},
		{"rows behind an odd line", "{}\n{\"conversationtranscriptid\":\"x\"}", row, ""},
		{"a card alone", `[{"type":"message","attachments":[{"contentType":"x","content":{}}]}]`, activities, ""},
		{"members alone", `[{"type":"conversationUpdate","membersAdded":[{"id":"x"}]}]`, activities, ""},
		{"content", `{"activities":[{"type":"message"}]}`, envelope, ""},
		{"content, keys in capitals", `{"Id":"1","Activities":[]}`, envelope, ""},
		{"list of activities", `[{"type":"message","text":"x"}]`, activities, ""},
		{"list of activities with values", `[{"valueType":"x","value":[1]}]`, activities, ""},
		{"one activity", `{"type":"event","value":[],"from":{}}`, activity, ""},
		{"CSV of rows", "name,content\nx,y", rowTable, ""},
		{"CSV of rows, from a view", "(Do Not Modify) Conversation Transcript;Content\n", rowTable, ""},
		{"CSV of rows for a spreadsheet", "sep=;\r\nName;Content\r\n", rowTable, ""},
		{"CSV of rows without content", "conversationtranscriptid,name,createdon\n", unknown, "without the column Content"},
		{"sessions of 7 columns", "SessionID,StartDateTime,InitialUserMessage,TopicName,ChatTranscript,SessionOutcome,TopicId\n", sessions, ""},
		{"sessions of 13 columns", `"SessionId","StartDateTime(UTC)","SessionOutcome","OutcomeReason"` + "\n", sessions, ""},
		{"CSV of something else", "a,b,c\n1,2,3\n", unknown, "neither of transcripts nor of sessions"},
		{"bots", `[{"botid":"x","name":"y","schemaname":"z"}]`, bots, "--catalogue"},
		{"one bot", `{"botid":"x","name":"y","schemaname":"z"}`, bots, "--catalogue"},
		{"components", `[{"botcomponentid":"x","name":"y","content":"z"}]`, bots, "--catalogue"},
		{"CSV of components", "botcomponentid,name\n", bots, "--catalogue"},
		{"other JSON", `{"a":1,"b":{"c":2},"d":[{"e":1}]}`, unknown, "its keys are a, b, d"},
		{"list of other JSON", `[{"a":1}]`, unknown, "its keys are a"},
		{"empty object", `{}`, unknown, "without keys"},
		{"numbers", `[1,2]`, unknown, "not of objects"},
		{"open bracket", `[`, unknown, "ends behind its first bracket"},
		{"open brackets", strings.Repeat("[", 100_000), unknown, "not of objects"},
		{"lists of rows", `[[{"conversationtranscriptid":"x"}]]`, rowList, ""},
		{"lists of activities", `[[{"type":"message","text":"x"}]]`, rowList, ""},
		{"workbook", "PK\x03\x04xyz", unknown, "an Excel workbook or another Office file: export it as CSV"},
		{"HTML", "<!DOCTYPE html><html>", unknown, "HTML"},
		{"XML", "<?xml version='1.0'?><a/>", unknown, "XML"},
		{"binary", "abc\x00\x01\x02", unknown, "binary"},
		{"not UTF-8", strings.Repeat("\xff\xfe\xfd", 10), unknown, "binary"},
		{"prose", "Dear reader,\nhello", unknown, `text: it starts with "Dear reader,"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := recognise([]byte(test.in), true)
			if got.kind != test.kind || !strings.Contains(got.hint, test.hint) || (got.hint == "") != (test.hint == "") {
				t.Errorf("got %d %q, want %d %q", got.kind, got.hint, test.kind, test.hint)
			}
		})
	}
}
