package session

import (
	"cmp"
	"strings"

	"rapport/internal/activity"
)

// window is what the records of one start say of the traffic in them: a record may come in batches, and only the first of those has
// a ConversationInfo (spec.md §4.2).
type window struct {
	autonomous, design, evaluation, child bool
	locale, user                          string
}

// windowsOf reads every record of a conversation once, and gives each its window (spec.md §1.8, §4.3, §9.7). Records are in order.
func windowsOf(c *activity.Conversation) []*window {
	out := make([]*window, len(c.Records))
	for i, r := range c.Records {
		if i > 0 && c.Records[i-1].Start == r.Start {
			out[i] = out[i-1]
		} else {
			out[i] = &window{}
		}
		k := out[i]
		k.locale, k.user = cmp.Or(k.locale, r.Locale), cmp.Or(k.user, r.User)
		k.design = k.design || r.Format == activity.FormatSnapshot
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

// kind is the sort of traffic, by precedence.
func (w *window) kind() Kind {
	switch {
	case w.autonomous:
		return Autonomous
	case w.design:
		return Design
	case w.evaluation:
		return Evaluation
	case w.child:
		return Child
	default:
		return Chat
	}
}

// add makes a window say what either of two says: a session may reach over several.
func (w *window) add(o *window) {
	w.autonomous, w.design = w.autonomous || o.autonomous, w.design || o.design
	w.evaluation, w.child = w.evaluation || o.evaluation, w.child || o.child
	w.locale, w.user = cmp.Or(w.locale, o.locale), cmp.Or(w.user, o.user)
}
