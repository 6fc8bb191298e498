//go:build unix

package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// crowd is the people who use one server or several: totems that give tickets, and clerks who call,
// call again and finish. Each has one command at a time, and sends it, to one server after the
// other, until it is answered.
type crowd struct {
	servers []*programtest.Server
	people  []*person
	// hasty makes some hang up before the answer can be there.
	hasty bool
	// leaving makes all leave who get no answer. They send the same command again at the next work.
	leaving bool

	answered atomic.Int64
	repeated atomic.Int64 // answered only when they were sent again
	refused  atomic.Int64 // attempts that were refused as unavailable

	events []queue.Event // those of the journal that were checked
}

// person is a totem, or the clerk of a counter.
type person struct {
	name    string
	counter string // empty: a totem
	verb    string
	chance  *rand.Rand
	n       int // commands answered so far
	sent    int // how often the present one was sent
	tickets map[queue.TicketID]string
	last    view.Ticket      // the newest of them
	calls   map[int64]string // numbers called, by the call's id
}

// key makes the n-th command one command, however often it is sent.
func (p *person) key(n int) string { return fmt.Sprintf("%s-%d", p.name, n) }

func ticketOf(channel queue.ChannelID) map[string]queue.ChannelID {
	return map[string]queue.ChannelID{"channel": channel}
}

func newCrowd(t *testing.T, totems, clerks int, servers ...*programtest.Server) *crowd {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed of the crowd: %d", seed)
	c := &crowd{servers: servers}
	add := func(name, counter, verb string) {
		c.people = append(c.people, &person{
			name: name, counter: counter, verb: verb, chance: rand.New(rand.NewPCG(seed, uint64(len(c.people)))),
			tickets: map[queue.TicketID]string{}, calls: map[int64]string{},
		})
	}
	for i := range totems {
		add(fmt.Sprint("totem-", i), "", "issue")
	}
	for i := range clerks {
		add(fmt.Sprint("clerk-", i), fmt.Sprint(i+1), "open")
	}
	return c
}

// work has the crowd use the servers until n commands more are answered, and those under way as
// well. After each of the counts of breaks, while the others work on, something is broken.
func (c *crowd) work(t *testing.T, n int, breaks map[int]func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stuck := time.AfterFunc(2*programtest.Patience, cancel) // when nobody is answered any more
	defer stuck.Stop()
	var done atomic.Int64
	var working sync.WaitGroup
	for i, p := range c.people {
		working.Go(func() {
			for ctx.Err() == nil && int(done.Load()) < n {
				answered, err := c.command(ctx, p, i)
				if err != nil {
					t.Errorf("%s: %v", p.name, err)
				}
				if !answered {
					return
				}
				stuck.Reset(2 * programtest.Patience)
				c.answered.Add(1)
				if broken := breaks[int(done.Add(1))]; broken != nil {
					working.Go(broken)
				}
			}
		})
	}
	working.Wait()
	if ctx.Err() != nil {
		t.Fatalf("%d of %d commands answered, and then none within %v", done.Load(), n, 2*programtest.Patience)
	}
}

// command has the person's present command carried out, unless the person leaves before it is
// answered.
func (c *crowd) command(ctx context.Context, p *person, home int) (answered bool, err error) {
	key := p.key(p.n)
	path, in := "/api/v1/tickets", any(ticketOf("anagrafe"))
	if p.counter != "" {
		path, in = "/api/v1/counters/"+p.counter+"/"+p.verb, nil
	}
	for {
		s := c.servers[(home+p.n+p.sent)%len(c.servers)]
		p.sent++
		a, err := c.try(ctx, p, s, path, key, in)
		switch {
		case ctx.Err() != nil:
			return false, fmt.Errorf("%s %s was never answered: %s, %w", path, key, a, ctx.Err())
		case err == nil && a.Status != http.StatusServiceUnavailable:
			if p.sent > 1 {
				c.repeated.Add(1)
			}
			p.n, p.sent = p.n+1, 0
			err := p.told(a)
			return err == nil, err
		case err == nil && (a.Code() != "unavailable" || a.Header.Get("Retry-After") == ""):
			return false, fmt.Errorf("%s: %s; want the code unavailable, and when to try again", path, a)
		case err == nil:
			c.refused.Add(1)
		}
		if c.leaving {
			return false, nil
		}
		if p.sent > 1 { // everywhere in vain
			<-time.After(20 * time.Millisecond)
		}
	}
}

// try sends a command once.
func (c *crowd) try(ctx context.Context, p *person, s *programtest.Server, path, key string, in any) (programtest.Answer, error) {
	if c.hasty && p.sent == 1 && p.chance.IntN(10) == 0 {
		short, cancel := context.WithTimeout(ctx, time.Duration(p.chance.IntN(8_000))*time.Microsecond)
		defer cancel()
		ctx = short
	}
	return s.Do(ctx, http.MethodPost, path, in, "Idempotency-Key", key)
}

// told takes note of an answer, and has the person go on.
func (p *person) told(a programtest.Answer) error {
	switch {
	case p.verb == "issue" && a.Status == http.StatusCreated:
		var v view.Ticket
		if err := a.Into(&v); err != nil {
			return err
		}
		if p.tickets[v.ID] != "" {
			return fmt.Errorf("ticket %s was given before", v.Number)
		}
		p.tickets[v.ID], p.last = v.Number, v
	case p.verb == "next" && a.Status == http.StatusOK:
		var v struct{ Call view.Call }
		if err := a.Into(&v); err != nil {
			return err
		}
		if v.Call.ID == 0 || p.calls[v.Call.ID] != "" {
			return fmt.Errorf("call %d of %s was answered before, for %q", v.Call.ID, v.Call.Number, p.calls[v.Call.ID])
		}
		p.calls[v.Call.ID] = v.Call.Number
		p.verb = "recall"
	case p.verb == "next" && a.Status == http.StatusNoContent: // nobody is waiting
	case p.verb == "recall" && a.Status == http.StatusOK:
		p.verb = "done"
	case (p.verb == "done" || p.verb == "open") && a.Status == http.StatusOK:
		p.verb = "next"
	default:
		return fmt.Errorf("%s: %s", p.verb, a)
	}
	return nil
}

// check holds what the servers know against what they answered. It reads what has come to the
// journal since the last check; the events before are compared when recheck reads them all.
func (c *crowd) check(t *testing.T) {
	t.Helper()
	after := int64(len(c.events))
	news := c.servers[0].Journal(t, "", after)
	c.events = append(c.events, news...)
	tickets, calls := checkJournal(t, c.events)
	given := 0
	for _, p := range c.people {
		given += len(p.tickets)
		for id, number := range p.tickets {
			if tickets[id] != number {
				t.Errorf("%s gave ticket %s, which the journal has as %q", p.name, number, tickets[id])
			}
		}
		for id, number := range p.calls {
			if calls[id] != number {
				t.Errorf("%s called %s by call %d, which the journal has as %q", p.name, number, id, calls[id])
			}
		}
	}
	if len(tickets) != given {
		t.Errorf("the journal has %d tickets, %d were given", len(tickets), given)
	}
	agree(t, news, after, "", c.servers...)
	t.Logf("%d commands, %d answered only when they were sent again, %d times refused as unavailable", c.answered.Load(), c.repeated.Load(), c.refused.Load())
}

// recheck is check on the whole journal.
func (c *crowd) recheck(t *testing.T) {
	t.Helper()
	known := c.events
	c.events = nil
	c.check(t)
	if d := cmp.Diff(known, c.events[:len(known)]); d != "" {
		t.Errorf("what was in the journal has changed:\n%s", d)
	}
}

// checkJournal looks for gaps, and for numbers and calls that are there twice. It returns the
// number of each ticket, and of each call.
func checkJournal(t *testing.T, events []queue.Event) (tickets map[queue.TicketID]string, calls map[int64]string) {
	t.Helper()
	tickets, calls = map[queue.TicketID]string{}, map[int64]string{}
	numbers := map[string]queue.TicketID{}
	called := map[queue.TicketID]int64{}
	at := time.Time{}
	for i, e := range events {
		if e.Seq != int64(i+1) || e.At.Before(at) {
			t.Fatalf("event %d has seq %d and is of %v, the one before of %v", i+1, e.Seq, e.At, at)
		}
		at = e.At
		switch e.Kind {
		case queue.TicketIssued:
			if other, twice := numbers[e.Number]; twice {
				t.Errorf("number %s was given to %s and %s", e.Number, other, e.Ticket)
			}
			numbers[e.Number], tickets[e.Ticket] = e.Ticket, e.Number
		case queue.TicketCalled:
			if first := called[e.Ticket]; first != 0 && !e.OutOfTurn { // a direct call may bring back who was served
				t.Errorf("ticket %s was called by event %d and by event %d", tickets[e.Ticket], first, e.Seq)
			}
			called[e.Ticket], calls[e.Seq] = e.Seq, tickets[e.Ticket]
		}
	}
	return tickets, calls
}
