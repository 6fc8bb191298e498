package postgres_test

import (
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
)

// set changes a setting of the database for the connections to come.
func set(t *testing.T, j *postgres.Journal, setting string) {
	t.Helper()
	var database string
	if err := j.DB().QueryRowContext(t.Context(), `SELECT current_database()`).Scan(&database); err != nil {
		t.Fatal(err)
	}
	if _, err := j.DB().ExecContext(t.Context(), "ALTER DATABASE "+database+" SET "+setting); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyReadable(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	j := open(t, address)
	defer j.Close()
	set(t, j, "default_transaction_read_only = on")
	if err := j.Ping(t.Context()); err != nil {
		t.Fatal(err) // its connections are of before
	}
	// What a fail-over does to the connections, without waiting for one.
	other, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	const cut = `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
	if _, err := other.ExecContext(t.Context(), cut); err != nil {
		t.Fatal(err)
	}
	o := journaltest.NewOffice("urp")
	b := o.Begin(t)
	for {
		err := j.Append(t.Context(), b)
		if !errors.Is(err, journal.ErrUnavailable) {
			t.Fatalf("%v, want ErrUnavailable", err)
		}
		if strings.Contains(err.Error(), "can only be read") {
			break
		}
	}
	if err := j.Ping(t.Context()); !errors.Is(err, journal.ErrUnavailable) {
		t.Errorf("ping of a server that can't be written: %v, want ErrUnavailable", err)
	}
}

func TestDurable(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	j := open(t, address)
	set(t, j, "synchronous_commit = off")
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j = open(t, address)
	defer j.Close()
	var got string
	if err := j.DB().QueryRowContext(t.Context(), `SHOW synchronous_commit`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if got != "on" {
		t.Errorf("synchronous_commit is %s: a commit may return before it is durable", got)
	}
}

func TestOpenTogether(t *testing.T) {
	t.Parallel()

	address := cluster.Database(t)
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			j, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 2})
			if err != nil {
				t.Error(err)
				return
			}
			if err := j.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()

	for address, words := range map[string]string{
		"postgres://postgres@127.0.0.1:1/db?sslmode=disable": "can't be reached",
		cluster.Address("nowhere"):                           "no such database",
	} {
		_, err := postgres.Open(t.Context(), address, postgres.Options{Connections: 2})
		if !errors.Is(err, journal.ErrUnavailable) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want ErrUnavailable with %q", address, err, words)
		}
	}
	_, err := postgres.Open(t.Context(), "postgres://maria:segreta@host:notaport/db", postgres.Options{})
	if err == nil || strings.Contains(err.Error(), "segreta") {
		t.Errorf("an address that makes no sense: %v", err)
	}
}

func TestClosedDB(t *testing.T) {
	t.Parallel()

	j := open(t, cluster.Database(t))
	db := j.DB()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	var one int
	if err := db.QueryRowContext(t.Context(), `SELECT 1`).Scan(&one); err == nil || errors.Is(err, sql.ErrNoRows) {
		t.Errorf("a query after Close: %v", err)
	}
}

// TestCommitFails makes the commit itself fail, after every row was taken: its
// error comes last in the round trip, and nothing may be taken for durable.
func TestCommitFails(t *testing.T) {
	t.Parallel()

	j := open(t, cluster.Database(t))
	defer j.Close()
	const refuse = `
CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no room' USING ERRCODE = '53100';
END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON events DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()`
	if _, err := j.DB().ExecContext(t.Context(), refuse); err != nil {
		t.Fatal(err)
	}
	b := journaltest.NewOffice("urp").Begin(t)
	if err := j.Append(t.Context(), b); !errors.Is(err, journal.ErrUnavailable) || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("%v, want ErrUnavailable", err)
	}
	if events, err := j.Events(t.Context(), "urp", 0, 100); err != nil || len(events) != 0 {
		t.Errorf("%d events, %v; want none", len(events), err)
	}
	if _, err := j.DB().ExecContext(t.Context(), `DROP TRIGGER refuse ON events`); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), b); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
