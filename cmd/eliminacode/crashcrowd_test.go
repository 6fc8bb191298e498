//go:build unix

package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// crowd is the people who use a server: citizens who take tickets, and clerks who call, call again
// and finish. Each has one command at a time, and sends it until it is answered.
type crowd struct {
	people   []*person
	answered atomic.Int64
	repeated atomic.Int64 // answered only when they were sent again to another server

	journal []queue.Event // as it was last read
}

// person is a citizen, or the clerk of a counter.
type person struct {
	name    string
	counter string // empty: a citizen
	n       int    // commands so far
	unsure  bool   // the present command was sent, and not answered
	verb    string // of a clerk's present command
	tickets []issued
	calls   map[int64]string // numbers called, by the call's id
}

// issued is a ticket that was acknowledged.
type issued struct {
	key    string
	id     queue.TicketID
	number string
}

func newCrowd(citizens, clerks int) *crowd {
	c := new(crowd)
	for i := range citizens {
		c.people = append(c.people, &person{name: fmt.Sprint("citizen-", i)})
	}
	for i := range clerks {
		c.people = append(c.people, &person{name: fmt.Sprint("clerk-", i), counter: fmt.Sprint(i + 1), verb: "open", calls: map[int64]string{}})
	}
	return c
}

// work has the crowd use the server until it has answered n commands. Then, while more are under
// way, it is ended.
func (c *crowd) work(t *testing.T, s *process, n int, end func(t *testing.T)) {
	t.Helper()
	enough := make(chan struct{})
	left := atomic.Int64{}
	left.Store(int64(n))
	var working sync.WaitGroup
	for _, p := range c.people {
		working.Go(func() {
			for {
				again, err := p.act(s)
				if err != nil {
					t.Errorf("%s: %v", p.name, err)
				}
				if err != nil || p.unsure {
					return
				}
				c.answered.Add(1)
				if again {
					c.repeated.Add(1)
				}
				if left.Add(-1) == 0 {
					close(enough)
				}
			}
		})
	}
	gaveUp := make(chan struct{})
	go func() {
		working.Wait()
		close(gaveUp)
	}()
	select {
	case <-enough:
	case <-gaveUp:
		t.Error("the server stopped answering by itself")
	}
	end(t)
	<-gaveUp
}

// act sends the person's present command, and makes the next one when it is answered. Again tells
// that it had been sent before. A connection that breaks leaves the person unsure; it is no error.
func (p *person) act(s *process) (again bool, err error) {
	again = p.unsure
	key := fmt.Sprintf("%s-%d", p.name, p.n)
	path, in := "/api/v1/tickets", any(map[string]string{"channel": "anagrafe"})
	if p.counter != "" {
		path, in = "/api/v1/counters/"+p.counter+"/"+p.verb, nil
	}
	status, body, failed := s.call(http.MethodPost, path, key, in)
	if failed != nil || status == http.StatusServiceUnavailable {
		p.unsure = true
		return again, nil
	}
	switch {
	case p.counter == "" && status == http.StatusCreated:
		var v view.Ticket
		if err := json.Unmarshal(body, &v); err != nil {
			return again, err
		}
		p.tickets = append(p.tickets, issued{key, v.ID, v.Number})
	case p.verb == "next" && status == http.StatusOK:
		var v struct{ Call view.Call }
		if err := json.Unmarshal(body, &v); err != nil {
			return again, err
		}
		if v.Call.ID == 0 || p.calls[v.Call.ID] != "" {
			return again, fmt.Errorf("call %d of %s was answered before, for %q", v.Call.ID, v.Call.Number, p.calls[v.Call.ID])
		}
		p.calls[v.Call.ID] = v.Call.Number
		p.verb = "recall"
	case p.verb == "next" && status == http.StatusNoContent: // nobody is waiting
	case p.verb == "recall" && status == http.StatusOK:
		p.verb = "done"
	case (p.verb == "done" || p.verb == "open") && status == http.StatusOK:
		p.verb = "next"
	default:
		return again, fmt.Errorf("%s %s: status %d: %s", path, key, status, body)
	}
	p.unsure = false
	p.n++
	return again, nil
}

// issued returns how many tickets were acknowledged.
func (c *crowd) issued() (n int) {
	for _, p := range c.people {
		n += len(p.tickets)
	}
	return n
}

// check holds what the server knows against what was acknowledged. It reads the events since the
// last check, or the whole journal.
func (c *crowd) check(t *testing.T, s *process, whole bool) {
	t.Helper()
	if whole {
		c.journal = nil
	}
	after := int64(len(c.journal))
	c.journal = append(c.journal, s.journal(t, after)...)

	numbers := map[string]queue.TicketID{}
	tickets := map[queue.TicketID]string{}
	called := map[queue.TicketID]int64{}
	calls := map[int64]string{}
	for i, e := range c.journal {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has seq %d", i+1, e.Seq)
		}
		switch e.Kind {
		case queue.TicketIssued:
			if other, twice := numbers[e.Number]; twice {
				t.Errorf("number %s was given to %s and %s", e.Number, other, e.Ticket)
			}
			numbers[e.Number], tickets[e.Ticket] = e.Ticket, e.Number
		case queue.TicketCalled:
			if first := called[e.Ticket]; first != 0 {
				t.Errorf("ticket %s was called by event %d and by event %d", tickets[e.Ticket], first, e.Seq)
			}
			called[e.Ticket], calls[e.Seq] = e.Seq, tickets[e.Ticket]
		}
	}
	for _, p := range c.people {
		for _, acknowledged := range p.tickets {
			if got := tickets[acknowledged.id]; got != acknowledged.number {
				t.Errorf("%s got ticket %s, which the journal has as %q", p.name, acknowledged.number, got)
			}
		}
		for id, number := range p.calls {
			if calls[id] != number {
				t.Errorf("%s called %s by call %d, which the journal has as %q", p.name, number, id, calls[id])
			}
		}
		p.checkLast(t, s)
	}
}

// checkLast looks at the person's last tickets one by one, and asks for them again.
func (p *person) checkLast(t *testing.T, s *process) {
	t.Helper()
	for _, want := range p.tickets[max(0, len(p.tickets)-3):] {
		for _, ask := range []struct{ method, path, key string }{
			{http.MethodGet, "/api/v1/tickets/" + string(want.id), ""},
			{http.MethodPost, "/api/v1/tickets", want.key},
		} {
			var in any
			if ask.key != "" {
				in = map[string]string{"channel": "anagrafe"}
			}
			status, body, err := s.call(ask.method, ask.path, ask.key, in)
			var got view.Ticket
			if err == nil {
				err = json.Unmarshal(body, &got)
			}
			if err != nil || got.ID != want.id || got.Number != want.number {
				t.Errorf("%s %s: status %d, ticket %s, error %v; want ticket %s", ask.method, ask.path, status, got.Number, err, want.number)
			}
		}
	}
}
