//go:build unix

package cluster_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// TestBackup copies the database while everybody is at work, as docs/installation.md says, restores
// the copy beside it, and goes on from there.
func TestBackup(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	a := serve(t, "A", db.Address("postgres"))
	c := newCrowd(t, 6, 4, a)
	c.work(t, 600, map[int]func(){300: func() { db.Run(t, "pg_dump", "--format=custom", "--file=copy.dump", db.Address("postgres")) }})
	c.check(t)

	restored := db.Database(t)
	db.Run(t, "pg_restore", "--exit-on-error", "--no-owner", "--dbname="+restored, "copy.dump")
	b := programtest.New(t, programtest.Options{Name: "B", Database: restored, Race: true})
	b.Start(t, "2026-03-02T09:30:00+01:00")
	if b.Password() != "" {
		t.Error("the restored copy is taken for a new installation")
	}
	events := b.Journal(t, "", 0)
	if len(events) < 300 || len(events) > len(c.events) {
		t.Fatalf("the copy has %d events; there were %d in the end", len(events), len(c.events))
	}
	if d := cmp.Diff(c.events[:len(events)], events); d != "" {
		t.Errorf("the copy's events are others:\n%s", d)
	}
	given, _ := checkJournal(t, events)
	var ticket view.Ticket
	if err := b.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", ticketOf("anagrafe")).Into(&ticket); err != nil {
		t.Fatal(err)
	}
	b.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/1/next", nil)
	if tickets, _ := checkJournal(t, b.Journal(t, "", 0)); len(tickets) != len(given)+1 || tickets[ticket.ID] != ticket.Number {
		t.Errorf("after ticket %s there are %d tickets, before it %d", ticket.Number, len(tickets), len(given))
	}
}
