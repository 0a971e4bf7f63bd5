package session

import (
	"strings"

	"rapport/internal/activity"
)

// recordKind is what one record says of the traffic in it.
type recordKind struct {
	autonomous, design, evaluation, child bool
}

// kinds reads every record of a conversation once (spec.md §1.8, §4.3, §9.7).
func kinds(c *activity.Conversation) []recordKind {
	out := make([]recordKind, len(c.Records))
	for i, r := range c.Records {
		k := &out[i]
		k.design = r.Format == activity.FormatSnapshot
		messages, asUser, asUserReply := 0, 0, 0
		for j := range r.Activities {
			a := &r.Activities[j]
			switch sig := a.Signal.(type) {
			case activity.ConversationInfo:
				k.design = k.design || sig.DesignMode
			case activity.AgentCall:
				k.child = k.child || (sig.Child != "" && strings.EqualFold(sig.Child, c.Bot.Schema))
			}
			k.evaluation = k.evaluation || a.Evaluation
			k.autonomous = k.autonomous || strings.EqualFold(a.Channel, "pva-autonomous")
			k.design = k.design || strings.EqualFold(a.Channel, "pva-studio")
			if a.IsMessage() {
				messages++
				if a.Role == activity.RoleUser {
					asUser++
					if a.ReplyTo != "" {
						asUserReply++
					}
				}
			}
		}
		// In a connected agent's own record both speakers have the user's role, and the answers reply to something, which a
		// user's message never does.
		k.child = k.child || (messages > 1 && asUser == messages && asUserReply > 0)
	}
	return out
}

func (s *Session) classify(kinds []recordKind, records map[int]bool) {
	var k recordKind
	for i := range records {
		k.autonomous = k.autonomous || kinds[i].autonomous
		k.design = k.design || kinds[i].design
		k.evaluation = k.evaluation || kinds[i].evaluation
		k.child = k.child || kinds[i].child
	}
	s.DesignMode = k.design
	switch {
	case k.autonomous:
		s.Kind = Autonomous
	case k.design:
		s.Kind = Design
	case k.evaluation:
		s.Kind = Evaluation
	case k.child:
		s.Kind = Child
	default:
		s.Kind = Chat
	}
}
