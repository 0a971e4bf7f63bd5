package audit

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rapport/internal/activity"
	"rapport/internal/definition"
	"rapport/internal/session"
)

const minute = 60_000

// conversation is one record of the given activities, in order.
func conversation(activities ...activity.Activity) *activity.Conversation {
	r := &activity.Record{Conversation: "c", Start: activities[0].At}
	for i, a := range activities {
		a.Seq = i
		r.Activities = append(r.Activities, a)
	}
	return &activity.Conversation{ID: "c", Records: []*activity.Record{r}}
}

func says(ms int64, role activity.Role) activity.Activity {
	return activity.Activity{Type: activity.TypeMessage, At: ms, Role: role, Text: "x"}
}

func closes(ms int64, info activity.SessionInfo) activity.Activity {
	return activity.Activity{Type: activity.TypeTrace, Name: "SessionInfo", At: ms, Signal: info}
}

func load(t *testing.T, name string) *definition.Definition {
	t.Helper()
	d, err := definition.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type told struct {
	Field             Field
	Number            int
	Platform, Derived string
}

func TestCompare(t *testing.T) {
	const start = 1_772_445_600_000 // 2026-03-02T10:00:00Z
	no, yes := false, true
	tests := []struct {
		name       string
		definition string
		conv       *activity.Conversation
		agree      map[Field]Agreement
		want       []told
	}{
		{
			name: "everything that the platform says agrees; what it does not say is not compared", definition: "user-replied",
			conv: conversation(says(start, activity.RoleUser), says(start+minute, activity.RoleBot),
				closes(start+minute, activity.SessionInfo{Start: start, End: start + minute, Type: "Engaged", Outcome: "Abandoned", Turns: 2})),
			agree: map[Field]Agreement{Boundaries: {1, 1}, Type: {1, 1}, Outcome: {1, 1}, Turns: {1, 1}, Start: {1, 1}, End: {1, 1}},
		},
		{
			name: "times agree to the second", definition: "user-replied",
			conv: conversation(says(start+400, activity.RoleUser), says(start+minute+999, activity.RoleBot),
				closes(start+minute+999, activity.SessionInfo{Start: start, End: start + minute, Type: "Engaged", Outcome: "Abandoned", Turns: -1})),
			agree: map[Field]Agreement{Boundaries: {1, 1}, Type: {1, 1}, Outcome: {1, 1}, Start: {1, 1}, End: {1, 1}},
		},
		{
			name: "every field differs", definition: "user-replied",
			conv: conversation(says(start, activity.RoleBot), says(start+minute, activity.RoleBot),
				closes(start+minute, activity.SessionInfo{
					Start: start - minute, End: start + 2*minute, Type: "Engaged", Outcome: "Resolved", Reason: "Resolved", Turns: 7,
					Implied: &yes, LastUserIntent: "t1", CSAT: 4,
				})),
			agree: map[Field]Agreement{
				Boundaries: {1, 1}, Type: {0, 1}, Outcome: {0, 1}, Implied: {0, 1}, Reason: {0, 1}, Turns: {0, 1}, Start: {0, 1}, End: {0, 1},
				Topic: {0, 1}, CSAT: {0, 1},
			},
			want: []told{
				{Type, 1, "engaged", "unengaged"},
				{Outcome, 1, "resolved", "none"},
				{Implied, 1, "true", "false"},
				{Reason, 1, "Resolved", "NoError"},
				{Turns, 1, "7", "2"},
				{Start, 1, "2026-03-02T09:59:00Z", "2026-03-02T10:00:00Z"},
				{End, 1, "2026-03-02T10:02:00Z", "2026-03-02T10:01:00Z"},
				{Topic, 1, "t1", "none"},
				{CSAT, 1, "4", "0"},
			},
		},
		{
			name: "implied is the platform's word, also beside an outcome that is no resolution", definition: "user-replied",
			conv:  conversation(says(start, activity.RoleUser), closes(start, activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: 1, Implied: &yes})),
			agree: map[Field]Agreement{Boundaries: {1, 1}, Type: {1, 1}, Outcome: {1, 1}, Implied: {0, 1}, Turns: {1, 1}},
			want:  []told{{Implied, 1, "true", "false"}},
		},
		{
			name: "a type that is not said is not compared", definition: "user-replied",
			conv:  conversation(says(start, activity.RoleBot), closes(start, activity.SessionInfo{Outcome: "None", Turns: 1})),
			agree: map[Field]Agreement{Boundaries: {1, 1}, Outcome: {1, 1}, Turns: {1, 1}},
		},
		{
			name: "a topic's id is compared without case", definition: "guidance-2023",
			conv: conversation(says(start, activity.RoleUser),
				activity.Activity{Type: activity.TypeTrace, At: start, Signal: activity.Intent{ID: "ABC-1", Title: "Refund", Kind: activity.KindCustom, Utterance: "x"}},
				closes(start, activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: 1, Implied: &no, LastUserIntent: "abc-1"})),
			agree: map[Field]Agreement{Boundaries: {1, 1}, Type: {1, 1}, Outcome: {1, 1}, Implied: {1, 1}, Turns: {1, 1}, Topic: {1, 1}},
		},
		{
			name: "the derived session has no partner where the platform did not cut", definition: "user-replied",
			conv: conversation(says(start, activity.RoleUser), says(start+1, activity.RoleBot), says(start+120*minute, activity.RoleUser),
				says(start+120*minute, activity.RoleBot), says(start+120*minute, activity.RoleBot),
				closes(start+120*minute, activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: -1})),
			agree: map[Field]Agreement{Boundaries: {1, 2}, Type: {1, 1}, Outcome: {1, 1}},
			want:  []told{{Boundaries, 1, "", "2026-03-02T10:00:00Z to 2026-03-02T10:00:00Z, 2 turns, engaged, abandoned"}},
		},
		{
			name: "the platform's session has no partner where the definition did not cut", definition: "user-replied",
			conv: conversation(says(start, activity.RoleUser), closes(start, activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: -1}),
				says(start+minute, activity.RoleUser), says(start+minute, activity.RoleBot),
				closes(start+minute, activity.SessionInfo{Type: "Engaged", Outcome: "Abandoned", Turns: -1})),
			agree: map[Field]Agreement{Boundaries: {1, 2}, Type: {1, 1}, Outcome: {1, 1}},
			want:  []told{{Boundaries, 1, "2026-03-02T10:00:00Z to 2026-03-02T10:00:00Z, 1 turn, engaged, abandoned", ""}},
		},
		{
			name: "without SessionInfo there is nothing to compare", definition: "user-replied",
			conv:  conversation(says(start, activity.RoleUser)),
			agree: map[Field]Agreement{},
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			got := Compare(tc.conv, load(t, "platform"), load(t, tc.definition), nil)
			if diff := cmp.Diff(tc.agree, got.Agreements); diff != "" {
				t.Errorf("agreements: %s", diff)
			}
			var differences []told
			for _, d := range got.Differences {
				differences = append(differences, told{d.Field, d.Number, d.Platform, d.Derived})
				if d.Derived != "" && len(d.Evidence) == 0 {
					t.Errorf("difference in %s has no evidence", d.Field)
				}
			}
			if diff := cmp.Diff(tc.want, differences); diff != "" {
				t.Errorf("differences: %s", diff)
			}
		})
	}
}

// A definition that takes the platform's boundaries is judged with its own, or it would agree with itself.
func TestCompareTurnsPlatformBoundariesOff(t *testing.T) {
	def := load(t, "platform")
	c := conversation(says(1, activity.RoleUser), closes(1, activity.SessionInfo{Type: "Engaged", Outcome: "Resolved", Turns: 9}))
	if got := Compare(c, def, def, nil); len(got.Differences) == 0 {
		t.Error("no difference from labels that nothing in the record supports")
	}
	if def.Session.Boundaries != definition.BoundariesPlatform {
		t.Error("the definition was changed")
	}
}

func TestEvidenceBearsOnTheField(t *testing.T) {
	all := []session.Evidence{
		{Rule: session.OpenFirst}, {Rule: session.TopicEntered}, {Rule: session.EngageCustomTopic}, {Rule: session.ImplyPlanStep}, {Rule: session.EndIdle},
	}
	for f, want := range map[Field][]session.Rule{
		Start:   {session.OpenFirst},
		End:     {session.EndIdle},
		Type:    {session.TopicEntered, session.EngageCustomTopic},
		Outcome: {session.ImplyPlanStep},
		CSAT:    {session.OpenFirst, session.TopicEntered, session.EngageCustomTopic, session.ImplyPlanStep, session.EndIdle},
	} {
		var got []session.Rule
		for _, e := range bearing(f, all) {
			got = append(got, e.Rule)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", f, diff)
		}
	}
}
