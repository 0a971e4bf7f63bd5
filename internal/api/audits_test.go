package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"rapport/internal/dataset"
	"rapport/internal/metric"
	"rapport/internal/wire"
)

// The result of an audit adds up, and holds no more differences than it says.
func TestAuditResult(t *testing.T) {
	s := serve(t, nil)
	s.load(900)
	job := s.finished(s.post("/audits", `{"definition":{"name":"guidance-2023"}}`))
	text, err := json.Marshal(job.Result)
	if err != nil {
		t.Fatal(err)
	}
	var got Audit
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	apart := int64(0)
	for _, f := range got.Fields {
		apart += f.Compared - f.Agree
	}
	if got.Definition != "guidance-2023@1" || got.Conversations < 500 || got.Sessions < got.Conversations || len(got.Fields) != 10 {
		t.Errorf("%.400s", text)
	}
	if len(got.Differences) != mostDiffered || got.More == 0 || apart != int64(len(got.Differences))+got.More {
		t.Errorf("%d differences and %d more, of %d", len(got.Differences), got.More, apart)
	}
	first := got.Differences[0]
	if first.ConversationID == "" || first.BotID == "" || first.Session == 0 || first.At == nil || first.Field == "" || first.Platform == nil && first.Derived == nil {
		t.Errorf("%+v", first)
	}
}

// What the status says is what a question without a word on it is answered by, and follows imports.
func TestStatus(t *testing.T) {
	s := serve(t, nil)
	var got statusOutput
	s.get("/status").ok(http.StatusOK, &got.Body)
	if b := got.Body; b.FirstAt != nil || b.LastAt != nil || b.LastImportAt != nil || b.Version != "test" || b.UploadBytes != 8<<20 || b.Zone != "UTC" || b.Definition != "platform" {
		t.Errorf("with nothing: %+v", b)
	}
	before := got.Body.Generation
	s.load(40)
	s.get("/status").ok(http.StatusOK, &got.Body)
	first, last := s.ends("started_at"), s.ends("-started_at")
	if b := got.Body; b.Generation <= before || *b.FirstAt != first || *b.LastAt != last || *b.LastImportAt != "2026-06-01T12:00:00.000Z" {
		t.Errorf("with sessions from %s to %s: %s, %s, %s", first, last, *b.FirstAt, *b.LastAt, *b.LastImportAt)
	}
}

// ends is the start of the first session of any kind in an order.
func (s *served) ends(sort string) string {
	s.Helper()
	var page struct {
		Sessions []wire.Session `json:"sessions"`
	}
	kinds := `"filters":[{"dimension":"kind","values":["chat","autonomous","design","evaluation","child"]}]`
	s.post("/sessions/search", `{"range":{},`+kinds+`,"limit":1,"sort":"`+sort+`"}`).ok(http.StatusOK, &page)
	return *page.Sessions[0].StartedAt
}

// Groups are those that the data set makes, and count what the list holds.
func TestUtteranceGroups(t *testing.T) {
	s := serve(t, nil)
	s.load(200)
	var got utteranceGroupsOutput
	s.post("/utterances/groups", `{"range":{},"limit":500}`).ok(http.StatusOK, &got.Body)
	said := 0
	q := dataset.UtteranceQuery{SessionQuery: dataset.SessionQuery{Range: &metric.Range{}, Limit: 1000}}
	for {
		page, err := s.data.Utterances(s.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		said += len(page.Utterances)
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	b := got.Body
	grouped, last := int64(0), b.Groups[0].Utterances
	for _, g := range b.Groups {
		grouped += g.Utterances
		if g.Utterances > last || g.Sessions > g.Utterances || g.Sessions < 1 || g.Example.ConversationID == "" {
			t.Errorf("%+v after one of %d", g, last)
		}
		last = g.Utterances
	}
	if b.Utterances != int64(said) || b.Considered != b.Utterances || (b.More == 0) != (grouped == b.Utterances) || b.Definition != "platform@1" {
		t.Errorf("%d in %d groups and %d more, of %d said", grouped, len(b.Groups), b.More, said)
	}
}
