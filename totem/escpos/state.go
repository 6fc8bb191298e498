package escpos

// State is how a printer is, as the totem's status says it.
type State string

// The states of a printer.
const (
	StateReady       State = "ready"
	StatePaperLow    State = "paper_low" // prints
	StatePaperOut    State = "paper_out"
	StateCoverOpen   State = "cover_open"
	StateCutterError State = "cutter_error"
	StateError       State = "error"
	StateOffline     State = "offline"
	StateNone        State = "none" // there is no printer
)

// Prints reports whether a job may be sent.
func (s State) Prints() bool { return s == StateReady || s == StatePaperLow }

// Reason says why, more finely than the state: also of a ticket that didn't print, or of which
// nobody knows.
type Reason string

// The reasons. Those of the states that block have the state's own name.
const (
	ReasonPaperOut    Reason = "paper_out"
	ReasonCoverOpen   Reason = "cover_open"
	ReasonCutterError Reason = "cutter_error"
	ReasonError       Reason = "error" // the printer says no more than that
	ReasonOffline     Reason = "offline"
	ReasonNoPrinter   Reason = "none"

	ReasonMechanical    Reason = "mechanical"
	ReasonUnrecoverable Reason = "unrecoverable"
	ReasonHeadHot       Reason = "head_hot" // goes on by itself
	ReasonJam           Reason = "jam"
	ReasonVoltage       Reason = "voltage"
	ReasonRecovering    Reason = "recovering"
	ReasonFeeding       Reason = "feeding" // somebody holds the button

	ReasonUnreachable Reason = "unreachable" // refused, no such device, no answer to a call
	ReasonNoAnswer    Reason = "no_answer"   // it was to answer and didn't
	ReasonNoWayBack   Reason = "no_way_back" // it can't answer
	ReasonLinkLost    Reason = "link_lost"   // in the middle of the job, or before its answer
	ReasonCancelled   Reason = "cancelled"   // who wanted the job waits no longer
	ReasonAborted     Reason = "aborted"     // CUPS gave the job up
	ReasonStopped     Reason = "stopped"     // CUPS' queue is stopped, or takes no jobs

	ReasonTicketInMouth  Reason = "ticket_in_mouth" // waits to be taken
	ReasonTicketTaken    Reason = "ticket_taken"
	ReasonTicketNotTaken Reason = "ticket_not_taken" // fell out after a while
)

// Status is a printer's state and why. A state that blocks always has a reason.
type Status struct {
	State  State
	Reason Reason
}

// Result is what became of a job.
type Result string

// The results of a job.
const (
	// Yes is a job that the printer says it has done.
	Yes Result = "yes"
	// Failed is a job of which no byte was sent.
	Failed Result = "failed"
	// Unknown is a job that may be on paper, in part or as a whole, or come out later. It is never
	// sent again by itself.
	Unknown Result = "unknown"
)

// Outcome is a job's result, and why unless it is yes.
type Outcome struct {
	Result Result
	Reason Reason
}

// Job is what is printed at once.
type Job struct {
	Title string // for the lists of a spooler
	Data  []byte
}

// Next waits for a job, and returns false if there is none after all.
type Next func() (Job, bool)
