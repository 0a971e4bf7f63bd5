package wire

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"rapport/internal/activity"
	"rapport/internal/session"
)

// InWords says what a signal says, for people; "" for none.
func InWords(signal activity.Signal) string {
	switch s := signal.(type) {
	case activity.ConversationStart:
		return "the chat is opened"
	case activity.ConversationInfo:
		return conversationInfo(s)
	case activity.SessionInfo:
		return sessionInfo(s)
	case activity.Intent:
		return with("topic triggered: "+named(cmp.Or(s.Title, s.ID), s.Kind), quoted("by", s.Utterance))
	case activity.IntentCandidates:
		return "several topics match: " + strings.Join(firstOf(s.Titles, s.IDs), ", ")
	case activity.UnknownIntent:
		return with("no topic matches", quoted("", s.Utterance))
	case activity.Redirect:
		return "goes to topic " + named(s.Target, s.Kind)
	case activity.TopicTrace:
		return topicTrace(s)
	case activity.PlanReceived:
		return "plan: " + strings.Join(s.Steps, ", then ")
	case activity.PlanStep:
		return with("plan step "+s.Task, bracket(s.Type))
	case activity.PlanStepFinished:
		return planStepFinished(s)
	case activity.PlanFinished:
		if s.Cancelled {
			return "plan cancelled"
		}
		return "plan finished"
	case activity.Skill:
		return "skill " + s.Name
	case activity.AgentCall:
		return fmt.Sprintf("agent %s calls agent %s", cmp.Or(s.Parent, "(unknown)"), cmp.Or(s.Child, "(unknown)"))
	case activity.Variable:
		return fmt.Sprintf("variable %s = %s", cmp.Or(s.Name, s.ID), s.Value)
	case activity.GeneratedAnswer:
		return with("generated answer: "+cmp.Or(s.State, "no state"), from(s.Sources))
	case activity.Error:
		return errorInWords(s)
	case activity.ErrorCode:
		return "error code " + s.Code
	default:
		return endingInWords(signal)
	}
}

// endingInWords are the signals about how it went.
func endingInWords(signal activity.Signal) string {
	switch s := signal.(type) {
	case activity.SurveyAsked:
		return "asks whether that helped"
	case activity.SurveyAnswered:
		if s.Yes {
			return "that helped: yes"
		}
		return "that helped: no"
	case activity.CSATAsked:
		return "asks for a score"
	case activity.CSATAnswered:
		return with(fmt.Sprintf("score %d of 5", s.Score), quoted("", s.Comment))
	case activity.ImpliedSuccess:
		return "reached a question that implies success"
	case activity.EscalationRequested:
		return "the user asks for a person"
	case activity.HandOff:
		return "hands over to a person"
	case activity.Outcome:
		return with("the bot says of the session: "+s.Outcome, bracket(strings.TrimSpace(s.Resolution+" "+s.Reason)))
	case activity.EndOfConversation:
		return "the conversation is ended"
	case activity.Reaction:
		if s.Like {
			return with("liked", quoted("", s.Comment))
		}
		return with("disliked", quoted("", s.Comment))
	default:
		return ""
	}
}

func conversationInfo(s activity.ConversationInfo) string {
	text := "a record begins"
	if s.Locale != "" {
		text += ", " + s.Locale
	}
	if s.DesignMode {
		text += ", test canvas"
	}
	return text
}

func sessionInfo(s activity.SessionInfo) string {
	text := fmt.Sprintf("the platform says: %s, %s", cmp.Or(s.Type, "no type"), cmp.Or(s.Outcome, "no outcome"))
	if s.Implied != nil && *s.Implied {
		text += ", implied"
	}
	if s.Reason != "" {
		text += ", " + s.Reason
	}
	if s.Turns >= 0 {
		text += ", " + turns(s.Turns)
	}
	return text
}

// topicTrace names each topic once with what it did.
func topicTrace(s activity.TopicTrace) string {
	var parts []string
	last := ""
	for _, step := range s.Steps {
		topic := cmp.Or(step.Title, step.Topic, step.Component)
		part := cmp.Or(step.Action, "step")
		if topic != last {
			part = topic + ": " + part
			last = topic
		}
		if step.Exception != "" {
			part += " (exception: " + step.Exception + ")"
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "topic trace without steps"
	}
	return "topic " + strings.Join(parts, ", ")
}

func planStepFinished(s activity.PlanStepFinished) string {
	text := fmt.Sprintf("plan step %s %s", cmp.Or(s.Task, s.Step), cmp.Or(s.State, "finished"))
	if s.Took >= 0 {
		text += fmt.Sprintf(" after %.1f s", float64(s.Took)/1000)
	}
	if s.Error != "" {
		text += ": " + s.Error
	}
	return text
}

func errorInWords(s activity.Error) string {
	text := "system error"
	if s.User {
		text = "user error"
	}
	for _, part := range []string{s.Code, s.SubCode} {
		if part != "" {
			text += " " + part
		}
	}
	if s.Message != "" {
		text += ": " + s.Message
	}
	return text
}

func firstOf(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

func named(name string, kind activity.TopicKind) string { return with(name, bracket(kind.String())) }

func with(text, more string) string {
	if more == "" {
		return text
	}
	return text + " " + more
}

func bracket(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

func quoted(before, s string) string {
	if s == "" {
		return ""
	}
	return strings.TrimLeft(before+" “"+s+"”", " ")
}

func from(sources []string) string {
	if len(sources) == 0 {
		return ""
	}
	return "from " + strings.Join(sources, ", ")
}

// RuleInWords is what a rule decided, for people. A test holds it against the rules of package session.
func RuleInWords(r session.Rule) string {
	switch r {
	case session.OpenFirst:
		return "a session opens: the first message or user event"
	case session.OpenAfterIdle:
		return "a session opens: the first message or user event after the time-out"
	case session.OpenAfterOutcome:
		return "a session opens: this led on to something new after the outcome"
	case session.OpenPlatform:
		return "a session opens where the platform says so"
	case session.TopicEntered:
		return "topic entered"
	case session.EngageCustomTopic:
		return "engaged by a custom topic"
	case session.EngageEscalation:
		return "engaged by escalating"
	case session.EngageFallback:
		return "engaged by the fallback topic"
	case session.EngageBoosting:
		return "engaged by conversational boosting"
	case session.EngageUnknownIntent:
		return "engaged: no topic matched, fallback or boosting follows"
	case session.EngagePlanStep:
		return "engaged by a plan step"
	case session.EngageUserMessage:
		return "engaged by a user's message"
	case session.EngagePlatform:
		return "engaged: the platform says so"
	case session.AttributeLastCustom:
		return "attributed to the last custom topic"
	case session.AttributeFirstSystem:
		return "attributed to the first system topic: there is no custom one"
	case session.AttributePlatform:
		return "attributed to the topic that the platform names"
	case session.GlueInactivity:
		return "belongs to the session that timed out: the bot's remark on inactivity"
	case session.CSATGiven:
		return "score given"
	case session.ReasonErrorSeen:
		return "an error, which may become the reason"
	case session.PlatformQuestion:
		return "the platform contradicts itself"
	case session.PlatformConfirmed:
		return "confirmed by the user, though the platform calls it implied"
	default:
		return outcomeRuleInWords(r)
	}
}

func outcomeRuleInWords(r session.Rule) string {
	switch r {
	case session.ConfirmSurveyYes:
		return "resolved, confirmed: the user said that it helped"
	case session.ConfirmCSATAsked:
		return "resolved, confirmed: it came to the question for a score"
	case session.ConfirmSuccessTopic:
		return "resolved, confirmed: topic Confirmed Success"
	case session.ConfirmSaid:
		return "resolved, confirmed: the bot says so"
	case session.ImplySurveyAsked:
		return "resolved, implied: it came to the question whether that helped"
	case session.ImplySuccess:
		return "resolved, implied: it came to a question that implies success"
	case session.ImplyEndOfConversation:
		return "resolved, implied: topic End of Conversation"
	case session.ImplyPlanStep:
		return "resolved, implied: a plan step ran"
	case session.ImplySaid:
		return "resolved, implied: the bot says so"
	case session.WithdrawSurveyNo:
		return "no longer resolved: the user said that it did not help"
	case session.WithdrawFailureTopic:
		return "no longer resolved: topic Confirmed Failure"
	case session.WithdrawError:
		return "no longer resolved: there was an error"
	case session.WithdrawQuestionPending:
		return "no longer resolved: the bot's question was never answered"
	case session.WithdrawSaid:
		return "no longer resolved: the bot says so"
	case session.EscalateRequest:
		return "escalated: the user asked for a person"
	case session.EscalateHandOff:
		return "escalated: handed over to a person"
	case session.EscalateTopic:
		return "escalated: topic Escalate"
	case session.EscalateSaid:
		return "escalated: the bot says so"
	case session.OutcomeUnengaged:
		return "no outcome: never engaged"
	case session.OutcomeUndecided:
		return "abandoned: neither resolved nor escalated"
	case session.OutcomePlatform:
		return "outcome as the platform says"
	case session.EndIdle:
		return "ends: nothing for longer than the idle time-out"
	case session.EndOutcome:
		return "ends: an outcome, and then something new began"
	case session.EndSaid:
		return "ends: the conversation was ended, and then something new began"
	case session.EndRecords:
		return "ends: nothing more was recorded"
	case session.EndPlatform:
		return "ends where the platform says so"
	default:
		return billedRuleInWords(session.BilledRule(r))
	}
}

func billedRuleInWords(r session.BilledRule) string {
	switch r {
	case session.BilledCustomTopic:
		return "a billed session opens: a custom topic"
	case session.BilledFlow:
		return "a billed session opens: a flow"
	case session.BilledSkill:
		return "a billed session opens: a skill"
	case session.BilledTooLong:
		return "the next billed session opens: the one before lasted too long"
	case session.BilledTooMany:
		return "the next billed session opens: the one before had too many turns"
	default:
		return string(r)
	}
}

func turns(n int) string {
	if n == 1 {
		return "1 turn"
	}
	return strconv.Itoa(n) + " turns"
}
