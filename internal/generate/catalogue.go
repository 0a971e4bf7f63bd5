package generate

import (
	"fmt"
	"strings"
)

// Catalogue is the topic catalogue (docs/definitions.md) of the world that Write makes with the same options: what people call its bots and
// topics, of which records have schema names and ids alone. Errors: errs.Invalid for options that cannot be.
func Catalogue(opts Options) (string, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return "", err
	}
	w := newWorld(opts)
	var bots, topics strings.Builder
	bots.WriteString("bots:\n")
	topics.WriteString("topics:\n")
	for i := range w.bots {
		b := &w.bots[i]
		fmt.Fprintf(&bots, "  - {id: %q, schema: %q, name: %q}\n", b.lookup, b.schema, b.name)
		for which, id := range b.system {
			name := systemNames[which]
			fmt.Fprintf(&topics, "  - {id: %q, schema: %q, name: %q}\n", id, b.schema+".topic."+name.schema, name.title)
		}
		for _, t := range b.topics {
			// A title is escaped for JSON already.
			fmt.Fprintf(&topics, "  - {id: %q, schema: %q, name: \"%s\"}\n", t.id, t.schema, t.title)
		}
	}
	return bots.String() + topics.String(), nil
}

// systemNames are what the studio calls the topics that every bot has.
var systemNames = [systemTopics]struct{ schema, title string }{
	sysStart:    {"ConversationStart", "Conversation Start"},
	sysSearch:   {"Search", "Conversational boosting"},
	sysFallback: {"Fallback", "Fallback"},
	sysEscalate: {"Escalate", "Escalate"},
	sysEnd:      {"EndofConversation", "End of Conversation"},
	sysError:    {"OnError", "On Error"},
	sysMatched:  {"MultipleTopicsMatched", "Multiple Topics Matched"},
	sysGreeting: {"Greeting", "Greeting"},
	sysGoodbye:  {"Goodbye", "Goodbye"},
}
