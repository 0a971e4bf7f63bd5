package definition

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// setting is one key that a definition may set: its path, how to read it and what it may hold.
type setting struct {
	path string
	doc  string // one line for people
	set  func(*Definition, *yaml.Node) error
	get  func(*Definition) string
}

// settings is the schema of a definition: every key, in the order in which they are shown.
func settings() []setting {
	return []setting{
		choice("session.boundaries", "whose session boundaries and labels stand where a record has SessionInfo",
			func(d *Definition) *string { return &d.Session.Boundaries }, BoundariesDerived, BoundariesPlatform),
		duration("session.idle_timeout", "a longer gap without activity closes the session",
			func(d *Definition) *time.Duration { return &d.Session.IdleTimeout }, time.Minute),
		choice("session.idle_reset", "whose messages and events restart the idle clock",
			func(d *Definition) *string { return &d.Session.IdleReset }, ResetAny, ResetUser),
		duration("session.inactivity_message_within", "what the bot alone says this soon after the time-out belongs to the session before it",
			func(d *Definition) *time.Duration { return &d.Session.InactivityMessageWithin }, 0),
		boolean("session.end_of_conversation_cuts", "activity endOfConversation is terminal",
			func(d *Definition) *bool { return &d.Session.EndOfConversationCuts }),
		choice("session.next_after_outcome", "what opens the next session after a terminal outcome",
			func(d *Definition) *string { return &d.Session.NextAfterOutcome }, NextAtTopic, NextAtUserMessage),
		names("topics.system", "topics of the platform, by name", func(d *Definition) *[]string { return &d.Topics.System }),
		roleNames(RoleEscalate, "topics that hand over to a person"),
		roleNames(RoleEndOfConversation, "topics that ask whether it helped"),
		roleNames(RoleConfirmedSuccess, "topics reached after a yes, on the classic canvas"),
		roleNames(RoleConfirmedFailure, "topics reached after a no, on the classic canvas"),
		roleNames(RoleFallback, "topics that run when nothing matched"),
		roleNames(RoleBoosting, "topics that look for an answer when nothing matched"),
		roleNames(RoleInactivity, "topics that speak when the user is silent: what they say opens no session"),
		roleNames(RoleClosing, "topics that say good bye: after an outcome they open no session"),
		rules("engagement.engaged_by", "what makes a session engaged", func(d *Definition) *[]string { return &d.Engagement.EngagedBy },
			ByCustomTopic, ByEscalation, ByFallback, ByBoosting, ByPlanStep, ByUserMessage),
		rules("outcome.confirmed_by", "what confirms a resolution (terminal)", func(d *Definition) *[]string { return &d.Outcome.ConfirmedBy },
			BySurveyYes, ByCSATAsked, ByConfirmedSuccess),
		rules("outcome.implied_by", "what implies a resolution", func(d *Definition) *[]string { return &d.Outcome.ImpliedBy },
			BySurveyAsked, ByImpliedSuccess, ByEndOfConversation, ByPlanStep),
		rules("outcome.withdrawn_by", "what takes an implied resolution back", func(d *Definition) *[]string { return &d.Outcome.WithdrawnBy },
			BySurveyNo, ByConfirmedFailure),
		rules("outcome.escalated_by", "what escalates (terminal)", func(d *Definition) *[]string { return &d.Outcome.EscalatedBy },
			ByEscalationRequest, ByHandOff, ByEscalateTopic),
		choice("outcome.errors", "whether an error only names the reason or also undoes an implied resolution",
			func(d *Definition) *string { return &d.Outcome.Errors }, ErrorsReasonOnly, ErrorsAbandon),
		boolean("outcome.question_pending", "a plan step implies nothing while the bot waits for an answer",
			func(d *Definition) *bool { return &d.Outcome.QuestionPending }),
		rules("billing.opened_by", "what opens a billed session", func(d *Definition) *[]string { return &d.Billing.OpenedBy },
			ByCustomTopic, ByFlow, BySkill),
		duration("billing.idle_timeout", "no user message for longer than this ends a billed session",
			func(d *Definition) *time.Duration { return &d.Billing.IdleTimeout }, time.Minute),
		duration("billing.max_length", "the first user message after this opens the next billed session",
			func(d *Definition) *time.Duration { return &d.Billing.MaxLength }, time.Minute),
		integer("billing.max_turns", "the turn after this many opens the next billed session",
			func(d *Definition) *int { return &d.Billing.MaxTurns }, 1),
	}
}

func text(n *yaml.Node) (string, error) {
	if n.Kind != yaml.ScalarNode {
		return "", fmt.Errorf("wants a single value")
	}
	return n.Value, nil
}

func list(n *yaml.Node) ([]string, error) {
	if n.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("wants a list, e.g. [a, b]")
	}
	out := make([]string, 0, len(n.Content))
	for _, c := range n.Content {
		s, err := text(c)
		if err != nil {
			return nil, err
		}
		if s == "" {
			return nil, fmt.Errorf("has an empty item on line %d", c.Line)
		}
		out = append(out, s)
	}
	return out, nil
}

func oneOf(v string, allowed []string) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return fmt.Errorf("%q is unknown, did you mean %q? (it may be %s)", v, nearest(v, allowed), strings.Join(allowed, ", "))
}

func choice(path, doc string, field func(*Definition) *string, allowed ...string) setting {
	return setting{path, doc + " (" + strings.Join(allowed, "|") + ")", func(d *Definition, n *yaml.Node) error {
		v, err := text(n)
		if err != nil {
			return err
		}
		*field(d) = v
		return oneOf(v, allowed)
	}, func(d *Definition) string { return *field(d) }}
}

func duration(path, doc string, field func(*Definition) *time.Duration, least time.Duration) setting {
	return setting{path, doc + " (e.g. 30m)", func(d *Definition, n *yaml.Node) error {
		v, err := text(n)
		if err != nil {
			return err
		}
		if v == "0" {
			v = "0s"
		}
		t, err := time.ParseDuration(v)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 30m or 1h30m", v)
		}
		if t < least || t > 365*24*time.Hour || t%time.Millisecond != 0 {
			return fmt.Errorf("%s is not between %s and 365 days in whole milliseconds", v, least)
		}
		*field(d) = t
		return nil
	}, func(d *Definition) string { return shortDuration(*field(d)) }}
}

// shortDuration is 30m where Go prints 30m0s.
func shortDuration(t time.Duration) string {
	s := t.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// readBool takes true and false; what else YAML 1.1 calls a boolean is too easily meant as a word.
func readBool(n *yaml.Node, to *bool) error {
	if n.Decode(to) != nil || n.Tag != "!!bool" {
		return fmt.Errorf("%q is neither true nor false", n.Value)
	}
	return nil
}

func boolean(path, doc string, field func(*Definition) *bool) setting {
	return setting{path, doc + " (true|false)", func(d *Definition, n *yaml.Node) error {
		return readBool(n, field(d))
	}, func(d *Definition) string { return strconv.FormatBool(*field(d)) }}
}

func integer(path, doc string, field func(*Definition) *int, least int) setting {
	return setting{path, doc, func(d *Definition, n *yaml.Node) error {
		v, err := text(n)
		if err != nil {
			return err
		}
		i, err := strconv.Atoi(v)
		if err != nil || i < least {
			return fmt.Errorf("%q is not a whole number from %d on", v, least)
		}
		*field(d) = i
		return nil
	}, func(d *Definition) string { return strconv.Itoa(*field(d)) }}
}

func rules(path, doc string, field func(*Definition) *[]string, allowed ...string) setting {
	return setting{path, doc + " (any of " + strings.Join(allowed, ", ") + ")", func(d *Definition, n *yaml.Node) error {
		v, err := list(n)
		if err != nil {
			return err
		}
		for _, r := range v {
			if err := oneOf(r, allowed); err != nil {
				return err
			}
		}
		*field(d) = v
		return nil
	}, func(d *Definition) string { return strings.Join(*field(d), ", ") }}
}

func names(path, doc string, field func(*Definition) *[]string) setting {
	return setting{path, doc, func(d *Definition, n *yaml.Node) error {
		v, err := topicNames(n)
		*field(d) = v
		return err
	}, func(d *Definition) string { return flow(*field(d)) }}
}

// topicNames are names to compare with. One of punctuation alone would be the name of every topic without a title.
func topicNames(n *yaml.Node) ([]string, error) {
	names, err := list(n)
	for _, name := range names {
		if Fold(name) == "" {
			return nil, fmt.Errorf("%q has neither letter nor digit", name)
		}
	}
	return names, err
}

// flow writes names as the items of a YAML list that reads back as the same names.
func flow(items []string) string {
	out := make([]string, len(items))
	for i, v := range items {
		out[i] = v
		if strings.ContainsAny(v, "[]{}:#&*!|>'\"%@`,?") || strings.HasPrefix(v, "-") || strings.TrimSpace(v) != v {
			out[i] = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
	}
	return strings.Join(out, ", ")
}

func roleNames(role Role, doc string) setting {
	return setting{"topics." + string(role), doc + ", by name", func(d *Definition, n *yaml.Node) error {
		v, err := topicNames(n)
		if err != nil {
			return err
		}
		// The map may be shared with the definition that this one extends.
		roles := make(map[Role][]string, len(d.Topics.Roles)+1)
		for k, names := range d.Topics.Roles {
			roles[k] = names
		}
		roles[role] = v
		d.Topics.Roles = roles
		return nil
	}, func(d *Definition) string { return flow(d.Topics.Roles[role]) }}
}
