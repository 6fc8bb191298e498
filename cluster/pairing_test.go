//go:build unix

package cluster_test

import (
	"net/http"
	"testing"
)

// TestPairingAcrossServers has a device that asked one server to be paired, and an administrator at
// another one; and both servers asked to use up the same code.
func TestPairingAcrossServers(t *testing.T) {
	t.Parallel()
	database := emptyDatabase(t)
	a, b := serve(t, "A", database), serve(t, "B", database)
	read := func(answer interface{ Into(any) error }, v any) {
		t.Helper()
		if err := answer.Into(v); err != nil {
			t.Fatal(err)
		}
	}
	var asked struct {
		ID     string `json:"id"`
		Code   string `json:"code"`
		Secret string `json:"secret"`
	}
	for range 25 { // more than one address may have waiting
		a.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/pairings", map[string]string{"kind": "totem"})
	}
	read(a.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/pairings", map[string]string{"kind": "totem"}), &asked)
	var waiting []struct{}
	read(b.Want(t, http.StatusOK, http.MethodGet, "/api/v1/pairings", nil), &waiting)
	if len(waiting) != 20 {
		t.Errorf("%d codes wait", len(waiting))
	}
	confirm := map[string]string{"code": asked.Code, "kind": "totem", "target": "t1"}
	b.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/pairings/confirm", confirm)
	a.Want(t, http.StatusNotFound, http.MethodPost, "/api/v1/pairings/confirm", confirm)
	var state struct {
		State  string `json:"state"`
		Target string `json:"target"`
	}
	read(a.Want(t, http.StatusOK, http.MethodGet, "/api/v1/pairings/"+asked.ID, nil, "Authorization", "Bearer "+asked.Secret), &state)
	if state.State != "paired" || state.Target != "t1" {
		t.Errorf("%+v", state)
	}
	a.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"}, "Authorization", "Bearer "+asked.Secret)

	var invitation struct {
		Code string `json:"code"`
	}
	read(a.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/pairings/invite", map[string]string{"kind": "display", "target": "sala"}), &invitation)
	statuses := make(chan int, 2)
	together(t,
		func() { statuses <- a.Must(t, http.MethodPost, "/api/v1/pairings/redeem", invitation).Status },
		func() { statuses <- b.Must(t, http.MethodPost, "/api/v1/pairings/redeem", invitation).Status },
	)
	if one, other := <-statuses, <-statuses; one+other != http.StatusCreated+http.StatusNotFound {
		t.Errorf("%d and %d", one, other)
	}
}
