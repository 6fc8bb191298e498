package estimate_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// BenchmarkWaits works out the waits of an office of five counters after a change: thirty people
// wait, in two channels, a third with precedence.
func BenchmarkWaits(b *testing.B) {
	c := office()
	for i := range 2 {
		id := fmt.Sprint(i + 4)
		c.Counters = append(c.Counters, queue.Counter{ID: queue.CounterID(id), Name: queue.Text{"it": id}, Others: queue.OthersHelp})
	}
	c.Policy.Patience[queue.Priority] = 300
	state, o := new(queue.State), estimate.Follow(new(queue.State), estimate.NewHistory())
	now, n := monday, 0
	do := func(a queue.Action) {
		events, _, err := state.Execute(queue.Command{By: "dev", Do: a}, now)
		if err != nil {
			b.Fatal(err)
		}
		for i := range events {
			o.Apply(&events[i])
		}
	}
	come := func() {
		n++
		do(queue.Issue{
			Ticket: queue.TicketID(fmt.Sprint(n)), Channel: []queue.ChannelID{"a", "b"}[n%2], Class: []queue.Class{queue.Standard, queue.Standard, queue.Priority}[n%3],
		})
	}
	next := func(i int) { do(queue.Next{Counter: queue.CounterID(fmt.Sprint(i%5 + 1))}) }
	do(queue.Configure{Config: c})
	for i := range 5 {
		do(queue.Open{Counter: queue.CounterID(fmt.Sprint(i + 1))})
	}
	for range 30 {
		come()
	}
	for i := range 300 { // five hours of history
		next(i)
		come()
		now = now.Add(61 * time.Second)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		now = now.Add(time.Millisecond) // it stays the same day
		next(i)
		come()
		b.StartTimer()
		if w := o.Waits(now); len(w.Tickets) != 30 {
			b.Fatalf("%d wait", len(w.Tickets))
		}
	}
}
