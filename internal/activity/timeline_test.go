package activity

import (
	"strings"
	"testing"
)

func record(id string, start int64, batch int, activities ...Activity) *Record {
	r := &Record{ID: id, Start: start, Batch: batch, Activities: activities}
	for i := range r.Activities {
		r.Activities[i].Seq = i
	}
	return r
}

func line(c *Conversation) string {
	c.Sort()
	var ids []string
	for _, e := range c.Timeline() {
		ids = append(ids, e.ID+"/"+c.Records[e.Record].ID)
	}
	return strings.Join(ids, " ")
}

// TestTimeline: the order of DESIGN.md, law 3, one case a rule.
func TestTimeline(t *testing.T) {
	for _, tc := range []struct {
		name    string
		records []*Record
		want    string
	}{
		{
			"time comes first, whatever the position",
			[]*Record{record("r", 0, 0, Activity{ID: "b", At: 2}, Activity{ID: "a", At: 1})},
			"a/r b/r",
		},
		{
			"within a millisecond the position",
			[]*Record{record("r", 0, 0, Activity{ID: "b", At: 1}, Activity{ID: "a", At: 1})},
			"b/r a/r",
		},
		{
			"batches follow one another",
			[]*Record{record("r2", 0, 2, Activity{ID: "a", At: 1}), record("r1", 0, 1, Activity{ID: "b", At: 1})},
			"b/r1 a/r2",
		},
		{
			"then the window that started earlier",
			[]*Record{record("late", 5, 0, Activity{ID: "a", At: 9}), record("early", 1, 0, Activity{ID: "b", At: 9})},
			"b/early a/late",
		},
		{
			"a reply after what it replies to",
			[]*Record{record("r1", 0, 0, Activity{ID: "a", ReplyTo: "z", At: 1}), record("r2", 0, 0, Activity{ID: "z", At: 1})},
			"z/r2 a/r1",
		},
		{
			"then the id",
			[]*Record{record("r2", 0, 0, Activity{ID: "a", At: 1}), record("r1", 0, 0, Activity{ID: "b", At: 1})},
			"a/r2 b/r1",
		},
		{
			"an id in two records counts once, in the earlier",
			[]*Record{record("r2", 0, 2, Activity{ID: "a", At: 1}, Activity{ID: "b", At: 2}), record("r1", 0, 1, Activity{ID: "a", At: 1})},
			"a/r1 b/r2",
		},
		{
			"twice in one record it counts twice",
			[]*Record{record("r", 0, 0, Activity{ID: "a", At: 1}, Activity{ID: "a", At: 1})},
			"a/r a/r",
		},
		{
			"twice in each of two it counts twice",
			[]*Record{
				record("r1", 0, 1, Activity{ID: "a", At: 1}, Activity{ID: "a", At: 1}),
				record("r2", 0, 2, Activity{ID: "a", At: 1}, Activity{ID: "a", At: 1}),
			},
			"a/r1 a/r1",
		},
		{
			"what has no id is never the same",
			[]*Record{record("r1", 0, 1, Activity{At: 1}), record("r2", 0, 2, Activity{At: 1})},
			"/r1 /r2",
		},
	} {
		if got := line(&Conversation{Records: tc.records}); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}
