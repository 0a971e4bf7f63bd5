package generate

// tongue is a language that people and bots of the world talk in. Every text is kept as it will stand inside the
// content's JSON (see escape), so that writing it is one copy.
type tongue struct {
	locale string // BCP 47, as ConversationInfo has it
	voice  string // the voice named in speak
	ideo   bool   // written without spaces, object before verb

	hello    []string // a user's greeting
	openers  []string // what a user may put before a question; mostly nothing
	bye      []string
	human    []string // the user asks for a person
	yes, no  string
	comments []string // what people write beside a reaction or a score

	greet    [2]string // before and after the bot's name
	found    [2]string // before and after the object that an answer is about
	ask      []string  // the bot's questions that come with choices
	choices  []string
	open     []string // the bot's questions that wait for free text
	fallback []string
	meant    string // several topics matched
	solved   string // did that answer your question
	rate     string // CSAT
	thanks   string
	again    string // offers a second try
	transfer string
	fault    string // what On Error says
	notice   string // proactive message

	// asks holds, by action, what stands before and after the object in a user's question.
	asks [actions][2]string

	verbs, nouns, places []string // parts of the sentences that knowledge articles consist of
}

// action is what a user wants done with an object. A topic is an object and an action.
type action int

const (
	actRequest action = iota
	actChange
	actCancel
	actStatus
	actProblem
	actCost
	actExtend
	actReplace
	actFind
	actRules
	actions
)

// title is the word that the topic's author put behind the object.
func (a action) title() string {
	return [actions]string{
		"request", "change", "cancellation", "status", "problem", "cost", "extension", "replacement", "search", "rules",
	}[a]
}

// speech is the index of a language, the same in tongues and in the objects of domains.
type speech int

const (
	english speech = iota
	german
	french
	spanish
	japanese
	speeches
)

// tongues returns every language, escaped.
func tongues() [speeches]tongue {
	all := [speeches]tongue{inEnglish(), inGerman(), inFrench(), inSpanish(), inJapanese()}
	for i := range all {
		t := &all[i]
		for _, list := range [][]string{
			t.hello, t.openers, t.bye, t.human, t.comments, t.ask, t.choices, t.open, t.fallback, t.verbs, t.nouns, t.places,
			t.greet[:], t.found[:],
		} {
			for j := range list {
				list[j] = escape(list[j])
			}
		}
		for _, s := range []*string{
			&t.yes, &t.no, &t.meant, &t.solved, &t.rate, &t.thanks, &t.again, &t.transfer, &t.fault, &t.notice,
		} {
			*s = escape(*s)
		}
		for a := range t.asks {
			t.asks[a] = [2]string{escape(t.asks[a][0]), escape(t.asks[a][1])}
		}
	}
	return all
}
