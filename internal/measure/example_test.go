package measure_test

import (
	"slices"
	"testing"

	"rapport/internal/fact"
	"rapport/internal/measure"
)

// Six sessions in four conversations, worked by hand: what is counted of users, messages, time, billing and language.
//
//	conversation  user  turns  user's  bot's  duration  unrecognised  ambiguous  answers        reactions
//	1             7     5      2       3      90 s      1             0          2 given        1 like
//	1             7     1      0       1      0 s       1             0          -              -
//	2             7     9      4       5      600 s     0             2          1 given, 1 not 1 like, 1 dislike
//	3             8     3      1       2      30 s      0             0          1 of each else -
//	4             -     2      1       1      untimed   2             0          -              1 dislike
//	4             -     0      0       0      10 s      0             0          -              -
func example() world {
	return world{
		sessions: sessionsOf([]fact.Session{
			{
				ConversationKey: 1, UserKey: 7, Turns: 5, UserMessages: 2, BotMessages: 3, Duration: 90_000, Unrecognised: 1, Answered: 2, Likes: 1,
				Engaged: true, Outcome: 1,
			},
			{ConversationKey: 1, UserKey: 7, Turns: 1, BotMessages: 1, Unrecognised: 1},
			{
				ConversationKey: 2, UserKey: 7, Turns: 9, UserMessages: 4, BotMessages: 5, Duration: 600_000, Ambiguous: 2, Answered: 1, NotAnswered: 1,
				Likes: 1, Dislikes: 1, Engaged: true, Outcome: 2,
			},
			{
				ConversationKey: 3, UserKey: 8, Turns: 3, UserMessages: 1, BotMessages: 2, Duration: 30_000,
				AnswerModerated: 1, AnswerNoResults: 1, AnswerElse: 1, Engaged: true, Outcome: 1,
			},
			{ConversationKey: 4, Turns: 2, UserMessages: 1, BotMessages: 1, Untimed: true, Duration: -1, Unrecognised: 2, Dislikes: 1},
			{ConversationKey: 4, Duration: 10_000},
		}),
		billed: billedOf([]fact.Billed{{ConversationKey: 1, Turns: 3}, {ConversationKey: 2, Turns: 4}, {ConversationKey: 2, Turns: 1}}),
	}
}

func TestExample(t *testing.T) {
	want := map[string][2]int64{
		"conversations": {4, 1}, "sessions_per_conversation": {6, 4},
		"users": {2, 1}, "returning_users": {1, 1}, "returning_user_rate": {1, 2}, "reused_conversation_share": {2, 3},
		"turns": {20, 1}, "turns_per_session": {20, 6}, "user_messages": {8, 1}, "user_messages_per_session": {8, 6}, "bot_messages": {12, 1},
		// Timed are 0, 10, 30, 90 and 600 s: the third of five is the first that half do not exceed, the fifth the one for nine tenths.
		"duration_median": {30_000, 1}, "duration_p90": {600_000, 1},
		"billed_sessions": {3, 1}, "billed_turns": {8, 1}, "billed_per_resolved": {3, 2},
		"unrecognised_utterances": {4, 1}, "ambiguous_utterances": {2, 1},
		// The second session has no message of the user: its utterance belongs to the one before.
		"unrecognised_session_rate": {2, 4},
		"generated_answers":         {7, 1}, "answered_answers": {3, 1}, "not_answered_answers": {1, 1}, "moderated_answers": {1, 1},
		"no_result_answers": {1, 1}, "other_answers": {1, 1}, "answer_rate": {3, 7},
		"likes": {2, 1}, "dislikes": {2, 1}, "like_rate": {2, 4},
	}
	w := example()
	for name, counts := range want {
		if n, d := w.of(t, name); [2]int64{n, d} != counts {
			t.Errorf("%s is %d of %d, want %d of %d", name, n, d, counts[0], counts[1])
		}
	}
	for _, m := range measure.All() {
		if _, ok := want[m.Name]; !ok && slices.Contains([]string{"Volume", "Billing", "Language"}, m.Group) {
			t.Errorf("the example says nothing of %s", m.Name)
		}
	}
}

// Of sessions without times there is no duration, not one of 0.
func TestNoTimesNoRank(t *testing.T) {
	m, _ := measure.ByName("duration_median")
	w := world{sessions: sessionsOf([]fact.Session{{Untimed: true, Duration: -1}})}
	if v, ok := w.value(m.Table, m.Numerator); ok {
		t.Errorf("the median of no duration is %d", v)
	}
}
