//go:build unix

package bench_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// sendersTogether wait each for the answer to its last command.
const sendersTogether = 64

// BenchmarkTwoServers measures the durable commands a second of one office that two servers serve,
// beside an office of one server in the same PostgreSQL. The two take turns; each turn is a day, so
// that no more tickets are in the state than in a town's.
func BenchmarkTwoServers(b *testing.B) {
	cluster := pgtest.New(b)
	pair, solo := newServers(b, cluster.Database(b), 2), newServers(b, cluster.Database(b), 1)
	const turn = 250 * time.Millisecond
	for b.Loop() {
		pair.work(b, turn)
		solo.work(b, turn)
	}
	b.ReportMetric(pair.rate(), "commands/s")
	b.ReportMetric(solo.rate(), "one-server/s")
	b.ReportMetric(pair.rate()/solo.rate(), "x-one-server")
	b.ReportMetric(0, "ns/op") // of two turns
}

// servers are those of one office, each with its own pool of connections.
type servers struct {
	engines  []*engine.Engine
	days     atomic.Int64
	commands atomic.Int64
	spent    time.Duration
}

func newServers(b *testing.B, address string, count int) *servers {
	b.Helper()
	s := new(servers)
	monday := morning(b)
	now := func() time.Time { return monday.AddDate(0, 0, int(s.days.Load())) }
	for range count {
		j := openPostgres(b, address)
		e := engine.New(engine.Options{Journal: j, Now: now, PollEvery: pollEvery})
		end := follow(b, j, e)
		b.Cleanup(func() {
			if err := e.Close(context.Background()); err != nil {
				b.Error(err)
			}
			end()
			if err := j.Close(); err != nil {
				b.Error(err)
			}
		})
		s.engines = append(s.engines, e)
	}
	if err := s.engines[0].Create(b.Context(), office, alwaysOpen()); err != nil {
		b.Fatal(err)
	}
	return s
}

func (s *servers) rate() float64 { return float64(s.commands.Load()) / s.spent.Seconds() }

// work begins a day and has the senders, shared out among the servers, give tickets and call the
// next.
func (s *servers) work(b *testing.B, during time.Duration) {
	b.Helper()
	day := s.days.Add(1)
	do := func(e *engine.Engine, id string, a queue.Action) bool {
		_, err := e.Do(b.Context(), office, queue.Command{ID: fmt.Sprintf("%d-%s", day, id), By: "dev", Do: a})
		if err != nil {
			b.Error(err)
		}
		return err == nil
	}
	counters := alwaysOpen().Counters
	for _, e := range s.engines {
		for _, c := range counters {
			do(e, "open-"+string(c.ID), queue.Open{Counter: c.ID, Operator: "maria"})
		}
	}
	var working sync.WaitGroup
	begin := time.Now()
	for sender := range sendersTogether {
		e := s.engines[sender%len(s.engines)]
		counter := counters[sender/len(s.engines)%len(counters)].ID
		working.Go(func() {
			for n := 0; time.Since(begin) < during; n++ {
				id := fmt.Sprintf("%d-%d", sender, n)
				issue := queue.Issue{Ticket: queue.TicketID(fmt.Sprintf("%d-%s", day, id)), Channel: "anagrafe"}
				if !do(e, "issue-"+id, issue) || !do(e, "next-"+id, queue.Next{Counter: counter}) {
					return
				}
				s.commands.Add(2)
			}
		})
	}
	working.Wait()
	s.spent += time.Since(begin)
}
