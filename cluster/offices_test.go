//go:build unix

package cluster_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/queue/queuetest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// createOffice makes an office with the configuration.
func createOffice(t *testing.T, s *programtest.Server, path string, cfg *queue.Config) {
	t.Helper()
	s.Want(t, http.StatusOK, http.MethodPut, "/api/v1"+path+"/config", cfg, "If-None-Match", "*")
}

// TestManyOffices makes twenty offices at one server and uses them at another: each is loaded when
// it is first used, and none hears of another.
func TestManyOffices(t *testing.T) {
	t.Parallel()
	const offices = 20
	database := emptyDatabase(t)
	a, b := serve(t, "A", database), serve(t, "B", database)
	path := func(i int) string { return fmt.Sprint("/offices/quartiere-", i) }

	creating := make([]func(), offices)
	for i := range creating {
		creating[i] = func() { createOffice(t, a, path(i), named(i)) }
	}
	together(t, creating...)
	again := a.Must(t, http.MethodPut, "/api/v1"+path(3)+"/config", named(77), "If-None-Match", "*")
	if again.Status != http.StatusConflict || again.Code() != queue.Conflict {
		t.Errorf("an office made twice: %s, want a conflict", again)
	}
	if got := b.Must(t, http.MethodGet, "/api/v1/offices/quartiere-20/state", nil); got.Status != http.StatusNotFound {
		t.Errorf("an office that nobody made: %s, want status 404", got)
	}

	// The same counters, the same keys, in every office: the i-th gives i+1 tickets and calls one.
	if n := loaded(t, b); n > 1 {
		t.Errorf("%d offices are loaded before anybody has used one", n)
	}
	first := make([]view.Ticket, offices)
	using := make([]func(), offices)
	for i := range using {
		using[i] = func() {
			b.Want(t, http.StatusOK, http.MethodPost, "/api/v1"+path(i)+"/counters/1/open", nil, "Idempotency-Key", "open")
			for n := range i + 1 {
				key := fmt.Sprint("key-", n)
				var v view.Ticket
				for range 2 { // the same command
					if err := b.Want(t, http.StatusCreated, http.MethodPost, "/api/v1"+path(i)+"/tickets", ticketOf("anagrafe"), "Idempotency-Key", key).Into(&v); err != nil {
						t.Error(err)
					}
				}
				if want := fmt.Sprintf("A%03d", n+1); v.Number != want {
					t.Errorf("office %d: number %s, want %s", i, v.Number, want)
				}
				if n == 0 {
					first[i] = v
				}
			}
			b.Want(t, http.StatusOK, http.MethodPost, "/api/v1"+path(i)+"/counters/1/next", nil, "Idempotency-Key", "next")
		}
	}
	for i := range 5 {
		using[i]()
		if n := loaded(t, b); n > i+2 {
			t.Errorf("%d offices are loaded, of which %d were used", n, i+1)
		}
	}
	together(t, using[5:]...)

	for i := range offices {
		events := a.Journal(t, path(i), 0)
		tickets, calls := checkJournal(t, events)
		if len(tickets) != i+1 || len(calls) != 1 {
			t.Errorf("office %d: %d tickets and %d calls, want %d and 1", i, len(tickets), len(calls), i+1)
		}
		agree(t, events, 0, path(i), a, b)
		v := b.State(t, path(i))
		if waiting := v.Channels[1].Waiting; v.Office.Name != named(i).Name.In("it") || waiting != i || v.Calls[0].Number != "A001" {
			t.Errorf("office %d is shown as %q, %d waiting, calls %v", i, v.Office.Name, waiting, v.Calls)
		}
		for j, want := range map[int]int{i: http.StatusOK, (i + 1) % offices: http.StatusNotFound} {
			if got := b.Get(t, "/api/v1"+path(j)+"/tickets/"+string(first[i].ID)); got.Status != want {
				t.Errorf("the ticket of office %d asked for at office %d: %s, want status %d", i, j, got, want)
			}
		}
	}
	if d := cmp.Diff([]view.Call{}, b.State(t, "").Calls); d != "" {
		t.Errorf("calls of the default office, where nobody was:\n%s", d)
	}
}

// named is the configuration of the i-th office.
func named(i int) *queue.Config {
	cfg := queuetest.Plain()
	cfg.Name = queue.Text{"it": fmt.Sprint("Quartiere ", i), "en": fmt.Sprint("Neighbourhood ", i)}
	return cfg
}

// loaded returns how many offices the server has loaded.
func loaded(t *testing.T, s *programtest.Server) (n int) {
	t.Helper()
	metrics := string(s.Want(t, http.StatusOK, http.MethodGet, "/metrics", nil).Body)
	_, after, _ := strings.Cut(metrics, "\neliminacode_offices ")
	if _, err := fmt.Sscan(after, &n); err != nil {
		t.Fatalf("no number of offices among the metrics: %v", err)
	}
	return n
}
