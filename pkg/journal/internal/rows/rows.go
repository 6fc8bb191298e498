// Package rows derives from a batch the rows that both engines write: so that
// they can't differ in what they write, only in how.
package rows

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Rows are the rows of a batch, by table.
type Rows struct {
	Office   string
	Undone   []Undone // to be taken away before the others are written
	Events   []Event
	Tickets  []Ticket
	Calls    []Call
	Outcomes []Outcome
}

// Event is a row of the table events.
type Event struct {
	Seq     int64
	At      int64
	Kind    string
	Ticket  string
	Counter string
	Body    string
}

// Ticket is a row of the table tickets.
type Ticket struct {
	queue.Ticket
	Day  string
	Hour int
}

// AsExpected is 0 where nothing was said of the ticket's wait, where it was put off or didn't end
// with a call, 1 where it was otherwise than was said, 2 where it was as was said.
func (t *Ticket) AsExpected() int64 {
	switch e := t.Expected; {
	case e == nil || t.Call == 0 || t.Out || t.Passed > 0 || t.Returned || t.Postponed:
		return 0
	case t.Waited < e.Low || t.Waited > e.High:
		return 1
	}
	return 2
}

// Call is a row of the table calls.
type Call struct {
	Seq       int64
	At        int64
	Day       string
	Ticket    string
	Counter   string
	Recall    bool
	OutOfTurn bool
}

// Outcome is a row of the table outcomes.
type Outcome struct {
	Seq      int64
	Service  string
	Quantity int
	At       int64
	Day      string
	Ticket   string
	Counter  string
}

// Undone says that what happened to a ticket after a seq was taken back.
type Undone struct {
	Ticket string
	After  int64  // its calls and outcomes with a higher seq go; a recall was heard, and stays
	Never  bool   // the visit began with what was taken back: only its row goes ...
	Day    string // ... if it is of this day or later
}

// Of derives the rows. It refuses a batch with a hole by [journal.ErrConflict].
func Of(b journal.Batch) (*Rows, error) {
	r := &Rows{Office: b.Office, Events: make([]Event, len(b.Events))}
	if b.Office == "" || len(b.Events) == 0 {
		return nil, fmt.Errorf("a batch needs an office and events")
	}
	days := make(map[queue.TicketID]string, len(b.Tickets))
	r.Tickets = make([]Ticket, 0, len(b.Tickets))
	for _, t := range b.Tickets {
		if days[t.ID] != "" {
			return nil, fmt.Errorf("ticket %s is twice in a batch", t.ID)
		}
		days[t.ID] = string(calendar.DateOf(t.Issued))
		r.Tickets = append(r.Tickets, Ticket{Ticket: t, Day: days[t.ID], Hour: t.Issued.Hour()})
	}
	for i := range b.Events {
		e := &b.Events[i]
		if e.Seq < 1 || e.Seq != b.Events[0].Seq+int64(i) {
			return nil, fmt.Errorf("%w: %d follows %d in a batch", journal.ErrConflict, e.Seq, b.Events[max(i-1, 0)].Seq)
		}
		body, err := json.Marshal(e)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", e.Seq, err)
		}
		at := e.At.UnixMicro()
		r.Events[i] = Event{Seq: e.Seq, At: at, Kind: string(e.Kind), Ticket: string(e.Ticket), Counter: string(e.Counter), Body: string(body)}
		day, known := days[e.Ticket]
		if !known {
			day = string(calendar.DateOf(e.At))
		}
		switch e.Kind {
		case queue.TicketCalled, queue.TicketRecalled:
			r.Calls = append(r.Calls, Call{
				Seq: e.Seq, At: at, Day: day, Ticket: string(e.Ticket), Counter: string(e.Counter),
				Recall: e.Kind == queue.TicketRecalled, OutOfTurn: e.OutOfTurn,
			})
		case queue.StepUndone:
			r.undo(e)
		}
		r.outcomes(e, at, day)
	}
	return r, nil
}

// ReadEvent reads the event in a row. It returns an error for a body that is no event, or another
// one's.
func ReadEvent(seq int64, body []byte) (e queue.Event, err error) {
	if err := json.Unmarshal(body, &e); err != nil {
		return e, err
	}
	if e.Seq != seq {
		return e, fmt.Errorf("it says that it is event %d", e.Seq)
	}
	return e, nil
}

// outcomes adds what the event says was done, each service once.
func (r *Rows) outcomes(e *queue.Event, at int64, day string) {
	first := len(r.Outcomes)
	for _, o := range e.Outcomes {
		same := slices.IndexFunc(r.Outcomes[first:], func(x Outcome) bool { return x.Service == o.Service })
		if same >= 0 {
			r.Outcomes[first+same].Quantity += o.Quantity
			continue
		}
		r.Outcomes = append(r.Outcomes, Outcome{
			Seq: e.Seq, Service: o.Service, Quantity: o.Quantity, At: at, Day: day, Ticket: string(e.Ticket), Counter: string(e.Counter),
		})
	}
}

// undo takes back what the batch itself has of a step, and notes what earlier batches may have.
func (r *Rows) undo(e *queue.Event) {
	for i := range e.Restored {
		old := &e.Restored[i]
		u := Undone{Ticket: string(old.ID), After: old.Touched, Never: old.State == ""}
		if u.Never {
			// A step is taken back within minutes, perhaps of the day before.
			u.Day = string(calendar.DateOf(e.At.Add(-24 * time.Hour)))
			r.Tickets = slices.DeleteFunc(r.Tickets, func(t Ticket) bool { return t.ID == old.ID && t.Touched <= e.Seq })
		}
		r.Undone = append(r.Undone, u)
		r.Calls = slices.DeleteFunc(r.Calls, func(c Call) bool { return c.Ticket == u.Ticket && c.Seq > u.After && !c.Recall })
		r.Outcomes = slices.DeleteFunc(r.Outcomes, func(o Outcome) bool { return o.Ticket == u.Ticket && o.Seq > u.After })
	}
}
