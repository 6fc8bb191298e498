package journaltest

import (
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Monday is the moment at which an [Office] begins: 2 March 2026, 9:00 in Empoli.
var Monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

// Office is an office with the default configuration, whose clock stands still
// unless moved. It makes batches as the engine does.
type Office struct {
	Name  string
	State *queue.State
	Now   time.Time
	By    string // who sends the commands
	n     int    // commands so far
}

// NewOffice returns an office before its first event.
func NewOffice(name string) *Office {
	return &Office{Name: name, State: new(queue.State), Now: Monday, By: "dev"}
}

// Do executes the actions, a second apart, and returns what they amount to as
// one batch. An action that is refused fails the test.
func (o *Office) Do(t testing.TB, actions ...queue.Action) journal.Batch {
	t.Helper()
	var events []queue.Event
	for _, a := range actions {
		o.n++
		o.Now = o.Now.Add(time.Second)
		more, _, err := o.State.Execute(queue.Command{ID: fmt.Sprintf("%s-%d", o.Name, o.n), By: o.By, Do: a}, o.Now)
		if err != nil {
			t.Fatalf("%T: %v", a, err)
		}
		events = append(events, more...)
	}
	return Batch(o.Name, events, o.State)
}

// Begin returns the batch that configures the office and opens its counters.
func (o *Office) Begin(t testing.TB) journal.Batch {
	t.Helper()
	return o.Do(
		t, queue.Configure{Config: queue.Default()}, queue.Tick{},
		queue.Open{Counter: "1", Operator: "maria"}, queue.Open{Counter: "2", Operator: "gino"},
	)
}

// Issue returns the action that gives a ticket with the id, of the channel anagrafe.
func Issue(id string) queue.Action {
	return queue.Issue{Ticket: queue.TicketID(id), Channel: "anagrafe"}
}

// Batch joins events that were applied to s, and the tickets that they changed.
func Batch(office string, events []queue.Event, s *queue.State) journal.Batch {
	return journal.Batch{Office: office, Events: events, Tickets: s.Touched(events)}
}
