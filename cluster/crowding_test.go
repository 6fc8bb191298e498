//go:build unix

package cluster_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// TestCrowdingAcrossServers has one server tell how the day goes at another one, and of the visits
// there.
func TestCrowdingAcrossServers(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	a, b := serve(t, "A", database), serve(t, "B", database)
	a.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/open", nil)
	for range 3 {
		a.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", ticketOf("anagrafe"))
	}
	for range 2 {
		a.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	}
	seq := a.State(t, "").Seq
	b.Until(t, "with what happened at A", func() bool { return b.State(t, "").Seq >= seq })
	var told view.Crowding
	if err := b.Want(t, http.StatusOK, http.MethodGet, "/api/v1/crowding", nil).Into(&told); err != nil {
		t.Fatal(err)
	}
	called := 0
	for _, step := range told.Today {
		called += step.Called
	}
	if called != 2 {
		t.Errorf("B tells of %d calls at A, want 2: %+v", called, told.Today)
	}
	log, err := visits.Read(bytes.NewReader(b.Want(t, http.StatusOK, http.MethodGet, "/api/v1/visits", nil).Body))
	if err != nil || len(log) != 1 || log[0].Outcome != visits.Served || log[0].Counter != "2" {
		t.Errorf("%+v, %v; want the one visit that has ended", log, err)
	}
}
