package session

// state is a session's state in one of three regions that change independently; event is what changes it.
// docs/state-machine.md draws this table, and a test holds the two against each other.
type (
	state string
	event string
)

const (
	stateOpen    state = "open"
	stateClosing state = "closing"
	stateClosed  state = "closed"

	stateUnengaged state = "unengaged"
	stateEngaged   state = "engaged"

	stateUndecided state = "undecided"
	stateImplied   state = "implied"
	stateConfirmed state = "confirmed"
	stateEscalated state = "escalated"
)

const (
	eventTerminal event = "terminal" // confirmed, escalated, or endOfConversation
	eventIdle     event = "idle"
	eventNext     event = "next"    // after a terminal event: a user message leads to something new
	eventRecords  event = "records" // nothing more was recorded

	eventEngage event = "engage"

	eventImply    event = "imply"
	eventWithdraw event = "withdraw"
	eventConfirm  event = "confirm"
	eventEscalate event = "escalate"
)

type transition struct {
	from state
	on   event
	to   state
}

// table is the whole machine. What is not listed changes nothing: engaged stays engaged, and a decided outcome is neither implied nor
// withdrawn. It is never written to.
var table = [...]transition{
	{stateOpen, eventTerminal, stateClosing},
	{stateOpen, eventIdle, stateClosed},
	{stateOpen, eventRecords, stateClosed},
	{stateClosing, eventNext, stateClosed},
	{stateClosing, eventIdle, stateClosed},
	{stateClosing, eventRecords, stateClosed},

	{stateUnengaged, eventEngage, stateEngaged},

	{stateUndecided, eventImply, stateImplied},
	{stateImplied, eventWithdraw, stateUndecided},
	{stateUndecided, eventConfirm, stateConfirmed},
	{stateImplied, eventConfirm, stateConfirmed},
	{stateUndecided, eventEscalate, stateEscalated},
	{stateImplied, eventEscalate, stateEscalated},
	{stateConfirmed, eventEscalate, stateEscalated},
	{stateEscalated, eventConfirm, stateConfirmed},
}

// next is the state after an event, and whether it changed anything.
func next(from state, on event) (state, bool) {
	for i := range table {
		if table[i].from == from && table[i].on == on {
			return table[i].to, true
		}
	}
	return from, false
}
