package migrations_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/journaltest"
	"github.com/eliminacode/eliminacode/pkg/journal/migrations"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres"
	"github.com/eliminacode/eliminacode/pkg/journal/postgres/pgtest"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/google/go-cmp/cmp"
)

var cluster *pgtest.Cluster

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m, &cluster)) }

// engine is one of the two, as this test needs it.
type engine struct {
	place  func(t *testing.T) string // of a new, empty database
	raw    func(place string) (*sql.DB, error)
	open   func(t *testing.T, place string) (journal.Store, error)
	schema string // query for what the tables are, in lines
}

func engines() map[string]engine {
	return map[string]engine{
		"sqlite": {
			place: func(t *testing.T) string { return filepath.Join(t.TempDir(), "eliminacode.db") },
			raw:   func(place string) (*sql.DB, error) { return sql.Open("sqlite", place) },
			open: func(t *testing.T, place string) (journal.Store, error) {
				return sqlite.Open(t.Context(), place, sqlite.Options{})
			},
			schema: `SELECT COALESCE(sql, name) FROM sqlite_schema ORDER BY type, name`,
		},
		"postgres": {
			place: func(t *testing.T) string { return cluster.Database(t) },
			raw:   func(place string) (*sql.DB, error) { return sql.Open("pgx", place) },
			open: func(t *testing.T, place string) (journal.Store, error) {
				return postgres.Open(t.Context(), place, postgres.Options{Connections: 2})
			},
			schema: `
SELECT table_name || '.' || ordinal_position || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || COALESCE(column_default, '')
FROM information_schema.columns
WHERE table_schema = 'public'
UNION ALL
SELECT conrelid::REGCLASS || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::REGNAMESPACE
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1`,
		},
	}
}

// schema reads what the tables are, whatever their comments and spaces.
func schema(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		line = regexp.MustCompile(`--.*\n`).ReplaceAllString(line, " ")
		line = regexp.MustCompile(`\s*([(),])\s*`).ReplaceAllString(line, "$1") // SQLite adds a column after a space
		fmt.Fprintln(&all, strings.Join(strings.Fields(line), " "))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestUpgrade opens a database of every older version: it must become what a new one is.
func TestUpgrade(t *testing.T) {
	t.Parallel()

	old, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(old) != migrations.Version()-1 {
		t.Fatalf("testdata has %d schemas, %v; want one of each version before %d", len(old), err, migrations.Version())
	}
	for name, e := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fresh, err := e.open(t, e.place(t))
			if err != nil {
				t.Fatal(err)
			}
			defer fresh.Close()
			want := schema(t, fresh.DB(), e.schema)
			if !strings.Contains(want, "events") {
				t.Fatalf("a new database has no events:\n%s", want)
			}
			for _, file := range old {
				j := upgrade(t, e, file)
				defer j.Close()
				if diff := cmp.Diff(want, schema(t, j.DB(), e.schema)); diff != "" {
					t.Errorf("%s, upgraded (-new +upgraded):\n%s", file, diff)
				}
				events, err := j.Events(t.Context(), "urp", 0, 10)
				if err != nil || len(events) != 1 {
					t.Errorf("%s, upgraded: %d events, %v; want the one it had", file, len(events), err)
				}
				if err := j.Append(t.Context(), journaltest.NewOffice("new").Begin(t)); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// upgrade opens a database of an older schema with an event in it.
func upgrade(t *testing.T, e engine, file string) journal.Store {
	t.Helper()
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	place := e.place(t)
	execute(t, e, place, string(script)+`
INSERT INTO events (office, seq, at, kind, ticket, counter, body) VALUES ('urp', 1, 0, 'x', '', '', '{"seq":1}');`)
	j, err := e.open(t, place)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func execute(t *testing.T, e engine, place, script string) {
	t.Helper()
	db, err := e.raw(place)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

// TestNewer opens a database that a newer program has used.
func TestNewer(t *testing.T) {
	t.Parallel()

	for name, e := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place := e.place(t)
			for range 2 { // an up-to-date one opens as it is
				j, err := e.open(t, place)
				if err != nil {
					t.Fatal(err)
				}
				if err := j.Close(); err != nil {
					t.Fatal(err)
				}
			}
			execute(t, e, place, `UPDATE schema_version SET version = 1000`)
			_, err := e.open(t, place)
			if err == nil || !strings.Contains(err.Error(), "use a newer eliminacode") || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want one clear line", err)
			}
			if errors.Is(err, journal.ErrUnavailable) {
				t.Errorf("%v: waiting won't help", err)
			}
		})
	}
}

// TestVersion checks that schema.sql says which version it is of, and that every step to it is
// there.
func TestVersion(t *testing.T) {
	t.Parallel()

	if want := fmt.Sprintf("VALUES (1, %d)", migrations.Version()); !strings.Contains(eliminacode.Schema, want) {
		t.Errorf("schema.sql doesn't say %q", want)
	}
	for version := 1; version <= migrations.Version(); version++ {
		steps, err := migrations.From(version)
		if err != nil || len(steps) != 2*(migrations.Version()-version) {
			t.Errorf("from %d: %d scripts, %v", version, len(steps), err)
		}
	}
	if _, err := migrations.From(-1); err == nil {
		t.Error("a negative version was taken")
	}
}
