package agent_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/eliminacode/eliminacode/totem/agent"
)

// TestSomethingBetween has something on the way answer in the server's place, as a proxy, a
// firewall or a guest network's sign-in page does: whatever it says, no ticket is lost, and the
// totem keeps its right.
func TestSomethingBetween(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		paths  string // of the calls that it answers, a part
	}{
		{http.StatusOK, "/tickets"},
		{http.StatusFound, "/tickets"},
		{http.StatusBadRequest, "/tickets"},
		{http.StatusForbidden, "/tickets"},
		{http.StatusNotFound, "/tickets"},
		{http.StatusOK, "/"},
		{http.StatusUnauthorized, "/"},
		{http.StatusForbidden, "/"},
	} {
		t.Run(fmt.Sprint(tt.status, " ", tt.paths), func(t *testing.T) {
			t.Parallel()
			s := newTown(t)
			token := s.pair("totem")
			k := newKiosk(s, func(o *agent.Options) { o.Token = token })
			k.online()
			kept := k.take("0")
			s.set(cut)
			k.offline()
			p, left := k.take("1"), k.take("2")
			if r := k.do(http.MethodDelete, "/api/v1/tickets/"+string(left.ID), nil); r.status != http.StatusOK {
				t.Fatalf("given up: %s", r.code())
			}
			s.answerFor(tt.status, tt.paths)
			k.until("answered by something else", func() bool { return s.answeredFor() > 2 })
			next := k.take("3")
			if !next.Offline || !k.status().Paired || k.status().Unsent != 3 {
				t.Errorf("%s, offline %v; %+v", next.Number, next.Offline, k.status())
			}
			s.set(none)
			checkHanded(k, s, kept, p, left, next)
			k.until("all of it handed over", func() bool { return s.ticket(string(left.ID)).State == "cancelled" })
		})
	}
}
