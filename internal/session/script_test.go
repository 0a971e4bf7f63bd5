package session_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/internal/activity"
)

// A rule script is text: cases with activities in and sessions expected. testdata/rules/README.md has the grammar.
type script struct {
	cases []*scriptCase
}

type scriptCase struct {
	name        string
	definitions []string
	topics      string // a catalogue in YAML, one line each, or ""
	conv        activity.Conversation
	expect      []expectation
}

// expectation is one line `session key=value ...` or `billed key=value ...`.
type expectation struct {
	line  int
	kind  string
	wants []string
}

var scriptEpoch = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func parseScript(t *testing.T, text string) script {
	t.Helper()
	var s script
	var c *scriptCase
	defaults := []string{"guidance-2023"}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words, err := fields(line)
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		switch {
		case words[0] == "case":
			c = &scriptCase{name: strings.Join(words[1:], " "), definitions: defaults}
			c.conv.ID = "conversation"
			c.conv.Bot = activity.Bot{ID: "bot", Schema: "cr1_shop"}
			s.cases = append(s.cases, c)
		case words[0] == "definition" && c == nil:
			defaults = words[1:]
		case c == nil:
			t.Fatalf("line %d: %q stands before the first case", n+1, line)
		case words[0] == "definition":
			c.definitions = words[1:]
		case words[0] == "catalogue":
			c.topics += strings.TrimSpace(strings.TrimPrefix(line, "catalogue")) + "\n"
		case words[0] == "record":
			err = c.record(words[1:])
		case words[0] == "session" || words[0] == "billed":
			c.expect = append(c.expect, expectation{n + 1, words[0], words[1:]})
		case words[0] == "none" || words[0] == "unbilled":
			c.expect = append(c.expect, expectation{n + 1, words[0], nil})
		default:
			err = c.activity(words, n+1)
		}
		if err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
	}
	return s
}

// fields splits a line at white space; "quoted words" stay whole.
func fields(line string) ([]string, error) {
	var out []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		if i := strings.IndexAny(rest, "\" \t"); i >= 0 && rest[i] == '"' {
			quoted, err := strconv.QuotedPrefix(rest[i:])
			if err != nil {
				return nil, fmt.Errorf("quote that does not close in %q", rest)
			}
			word, _ := strconv.Unquote(quoted)
			out = append(out, rest[:i]+word)
			rest = rest[i+len(quoted):]
			continue
		}
		word, tail, _ := strings.Cut(rest, " ")
		out = append(out, word)
		rest = tail
	}
	return out, nil
}

func (c *scriptCase) record(args []string) error {
	r := &activity.Record{Format: activity.FormatTranscript, ID: fmt.Sprintf("record-%d", len(c.conv.Records)+1), Bot: c.conv.Bot}
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		switch key {
		case "start":
			at, err := when(value)
			if err != nil {
				return err
			}
			r.Start = at
		case "batch":
			r.Batch, _ = strconv.Atoi(value)
		case "untimed":
			r.Untimed = true
		case "snapshot":
			r.Format = activity.FormatSnapshot
		default:
			return fmt.Errorf("record has no %q", key)
		}
	}
	c.conv.Records = append(c.conv.Records, r)
	return nil
}

func when(word string) (int64, error) {
	d, err := time.ParseDuration(strings.TrimPrefix(word, "+"))
	if err != nil || !strings.HasPrefix(word, "+") {
		return 0, fmt.Errorf("%q is no time such as +1m30s", word)
	}
	return scriptEpoch.Add(d).UnixMilli(), nil
}

func (c *scriptCase) activity(words []string, line int) error {
	if len(words) < 3 {
		return fmt.Errorf("wants: +time bot|user what")
	}
	at, err := when(words[0])
	if err != nil {
		return err
	}
	if len(c.conv.Records) == 0 {
		if err := c.record([]string{"start=" + words[0]}); err != nil {
			return err
		}
	}
	r := c.conv.Records[len(c.conv.Records)-1]
	a := activity.Activity{ID: fmt.Sprintf("L%d", line), At: at, Seq: len(r.Activities), Channel: "directline"}
	if r.Untimed {
		a.At = 0
	}
	switch words[1] {
	case "bot":
		a.Role = activity.RoleBot
	case "user":
		a.Role = activity.RoleUser
	default:
		return fmt.Errorf("%q is neither bot nor user", words[1])
	}
	args := words[3:]
	for i := 0; i < len(args); i++ {
		if key, value, ok := strings.Cut(args[i], "="); ok && (key == "id" || key == "re" || key == "channel") {
			switch key {
			case "id":
				a.ID = value
			case "re":
				a.ReplyTo = value
			case "channel":
				a.Channel = value
			}
			args = append(args[:i:i], args[i+1:]...)
			i--
		}
	}
	if err := what(&a, words[2], args); err != nil {
		return err
	}
	r.Activities = append(r.Activities, a)
	return nil
}

// what fills in an activity of the kind that the word names.
func what(a *activity.Activity, word string, args []string) error {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	kind := map[string]activity.TopicKind{"custom": activity.KindCustom, "system": activity.KindSystem}
	a.Type, a.Name = activity.TypeTrace, word
	switch word {
	case "says":
		a.Type, a.Name, a.Text = activity.TypeMessage, "", arg(0)
		a.Asks = arg(1) == "asking"
	case "event":
		a.Type, a.Name = activity.TypeEvent, arg(0)
	case "types":
		a.Type, a.Name = activity.TypeTyping, ""
	case "updates":
		a.Type, a.Name = activity.TypeConversationUpdate, ""
	case "invokes":
		a.Type, a.Name = activity.TypeInvoke, arg(0)
	case "traces":
		a.Name = arg(0)
	case "starts":
		a.Type, a.Name, a.Signal = activity.TypeEvent, "startConversation", activity.ConversationStart{}
	case "info":
		a.Signal = activity.ConversationInfo{DesignMode: arg(0) == "design"}
	case "intent":
		a.Signal = activity.Intent{ID: arg(0), Title: arg(1), Kind: kind[arg(2)], Utterance: arg(3)}
	case "redirects":
		a.Signal = activity.Redirect{Target: arg(0), Kind: kind[arg(1)]}
	case "steps":
		a.Type = activity.TypeEvent
		trace := activity.TopicTrace{}
		for _, topic := range args {
			topic, action, _ := strings.Cut(topic, ":")
			topic, component, _ := strings.Cut(topic, "@")
			trace.Steps = append(trace.Steps, activity.TopicStep{Topic: topic, Component: component, Action: action})
		}
		a.Signal = trace
	case "unknown":
		a.Signal = activity.UnknownIntent{Utterance: arg(0)}
	case "plans":
		a.Type, a.Signal = activity.TypeEvent, activity.PlanReceived{Plan: "p", Steps: args}
	case "planstep":
		a.Type, a.Signal = activity.TypeEvent, activity.PlanStep{Plan: "p", Task: arg(0)}
	case "planfinished":
		a.Type, a.Signal = activity.TypeEvent, activity.PlanFinished{Plan: "p"}
	case "helped?":
		a.Signal = activity.SurveyAsked{}
	case "helped":
		a.Signal = activity.SurveyAnswered{Yes: arg(0) == "yes"}
	case "csat?":
		a.Signal = activity.CSATAsked{}
	case "csat":
		score, err := strconv.Atoi(arg(0))
		if err != nil {
			return err
		}
		a.Signal = activity.CSATAnswered{Score: score}
	case "implied":
		a.Signal = activity.ImpliedSuccess{}
	case "escalation":
		a.Signal = activity.EscalationRequested{}
	case "handoff":
		a.Signal = activity.HandOff{}
	case "ends":
		a.Type, a.Signal = activity.TypeEndOfConversation, activity.EndOfConversation{}
	case "error":
		a.Signal = activity.Error{User: arg(0) == "author", Code: arg(1)}
	case "skill":
		a.Signal = activity.Skill{Name: arg(0)}
	case "outcome":
		a.Type, a.Signal = activity.TypeEvent, activity.Outcome{Outcome: arg(0), Resolution: arg(1), Reason: arg(2)}
	case "calls":
		a.Signal = activity.AgentCall{Child: arg(0), Parent: arg(1)}
	case "sessioninfo":
		return sessionInfo(a, args)
	default:
		return fmt.Errorf("nobody knows how to %q", word)
	}
	return nil
}

func sessionInfo(a *activity.Activity, args []string) error {
	info := activity.SessionInfo{Turns: -1}
	a.ID = ""
	for _, arg := range args {
		key, value, _ := strings.Cut(arg, "=")
		var err error
		switch key {
		case "type":
			info.Type = value
		case "outcome":
			info.Outcome = value
		case "reason":
			info.Reason = value
		case "turns":
			info.Turns, err = strconv.Atoi(value)
		case "csat":
			info.CSAT, err = strconv.Atoi(value)
		case "implied":
			yes := value == "true"
			info.Implied = &yes
		case "start":
			info.Start, err = when(value)
		case "end":
			info.End, err = when(value)
		case "triggered":
			info.LastTriggeredIntent = value
		case "intent":
			info.LastUserIntent = value
		default:
			err = fmt.Errorf("sessioninfo has no %q", key)
		}
		if err != nil {
			return err
		}
	}
	a.Signal = info
	return nil
}
