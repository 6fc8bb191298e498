package auth_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "modernc.org/sqlite"

	"github.com/eliminacode/eliminacode"
	"github.com/eliminacode/eliminacode/pkg/auth"
)

// start is when the tests' clock begins.
var start = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

const (
	goodPassword  = "una bella giornata"
	otherPassword = "un'altra giornata"
)

// here is where the tests sign in from.
var here = auth.From{Address: "192.0.2.1"}

// cheap makes hashing take no time to speak of.
var cheap = auth.HashParams{MemoryKiB: 8, Passes: 1, Threads: 1}

// testBundle is a service on a database of its own and a clock that stands still.
type testBundle struct {
	*auth.Service
	db *sql.DB

	mu  sync.Mutex
	now time.Time
}

func setup(t *testing.T) *testBundle {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "auth.db")+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(1)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(eliminacode.Schema); err != nil {
		t.Fatal(err)
	}
	b := &testBundle{db: db, now: start}
	b.Service = b.service(cheap)
	return b
}

// service makes another service on the same database and clock.
func (b *testBundle) service(p auth.HashParams) *auth.Service {
	return auth.New(b.db, auth.Options{Now: b.clock, Hash: p, DevToken: "development"})
}

func (b *testBundle) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *testBundle) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *testBundle) add(t *testing.T, name string, role auth.Role) {
	t.Helper()
	if _, err := b.AddUser(t.Context(), auth.User{Name: name, Role: role}, goodPassword); err != nil {
		t.Fatal(err)
	}
}

func (b *testBundle) login(t *testing.T, name string) auth.Session {
	t.Helper()
	session, err := b.Login(t.Context(), name, goodPassword, here)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func (b *testBundle) stored(t *testing.T, query string, args ...any) (value string) {
	t.Helper()
	if err := b.db.QueryRow(query, args...).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func wantCode(t *testing.T, err error, code auth.Code) {
	t.Helper()
	if err == nil || auth.CodeOf(err) != code {
		t.Fatalf("got error %v, want code %q", err, code)
	}
}

func wantInvalid(t *testing.T, err error, field string, reason auth.Reason) {
	t.Helper()
	want := auth.Error{Code: auth.Invalid, Field: field, Reason: reason}
	got := refusal(err)
	if got == nil || *got != want {
		t.Fatalf("got error %v, want %v", err, &want)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.AddUser(t.Context(), auth.User{Name: " Anna.R ", FullName: " Anna Rossi ", Role: auth.Supervisor}, goodPassword); err != nil {
		t.Fatal(err)
	}
	want := auth.Identity{Kind: auth.KindUser, Name: "anna.r", FullName: "Anna Rossi", Role: auth.Supervisor}

	session, err := b.Login(t.Context(), "ANNA.R", goodPassword, here)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, session.Identity); diff != "" {
		t.Errorf("signed in (-want +got):\n%s", diff)
	}
	if !session.ExpiresAt.Equal(start.Add(12 * time.Hour)) {
		t.Errorf("expires at %v", session.ExpiresAt)
	}
	got, err := b.Identify(t.Context(), session.Token)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("identified (-want +got):\n%s", diff)
	}
	if again := b.login(t, "anna.r"); again.Token == session.Token {
		t.Error("two sessions with one token")
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	b.add(t, "anna", auth.Operator)
	b.add(t, "gone", auth.Operator)
	if err := b.ChangeUser(t.Context(), "gone", auth.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]bool)
	for _, try := range []struct{ name, password string }{
		{"anna", otherPassword},
		{"anna", goodPassword + " "},
		{"anna", ""},
		{"anna", strings.Repeat("x", 10_000)},
		{"nobody", goodPassword},
		{"gone", goodPassword},
		{"' OR 1=1 --", goodPassword},
		{"", ""},
	} {
		_, err := b.Login(t.Context(), try.name, try.password, here)
		wantCode(t, err, auth.Unauthenticated)
		texts[err.Error()] = true
	}
	if len(texts) != 1 {
		t.Errorf("the refusals differ: %v", texts)
	}
}

func TestIdentifyRefusesStrangeTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	token := b.login(t, "anna").Token
	hash := b.stored(t, `SELECT token_hash FROM sessions`)
	for _, strange := range []string{"", "ecs_", "ecd_", token[:len(token)-1], token + "A", strings.Replace(token, "ecs_", "ecd_", 1), hash, "ecs_" + hash, "development"} {
		_, err := b.Identify(t.Context(), strange)
		wantCode(t, err, auth.Unauthenticated)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		end  func(t *testing.T, b *testBundle, token string)
		want auth.Code
	}{
		{"not after a day's work", func(t *testing.T, b *testBundle, token string) {
			for range 11 {
				b.pass(time.Hour)
				if _, err := b.Identify(t.Context(), token); err != nil {
					t.Fatal(err)
				}
			}
		}, ""},
		{"idle for four hours", func(_ *testing.T, b *testBundle, _ string) { b.pass(4 * time.Hour) }, auth.Unauthenticated},
		{"not idle for long", func(_ *testing.T, b *testBundle, _ string) { b.pass(4*time.Hour - time.Second) }, ""},
		{"twelve hours, though used", func(t *testing.T, b *testBundle, token string) {
			for range 12 {
				if _, err := b.Identify(t.Context(), token); err != nil {
					t.Fatal(err)
				}
				b.pass(time.Hour)
			}
		}, auth.Unauthenticated},
		{"signed out", func(t *testing.T, b *testBundle, token string) {
			if err := b.Logout(t.Context(), token); err != nil {
				t.Fatal(err)
			}
		}, auth.Unauthenticated},
		{"another signed out", func(t *testing.T, b *testBundle, _ string) {
			if err := b.Logout(t.Context(), b.login(t, "anna").Token); err != nil {
				t.Fatal(err)
			}
		}, ""},
		{"password set", func(t *testing.T, b *testBundle, _ string) {
			if err := b.ChangeUser(t.Context(), "anna", auth.Change{Password: new(otherPassword)}); err != nil {
				t.Fatal(err)
			}
		}, auth.Unauthenticated},
		{"password changed", func(t *testing.T, b *testBundle, _ string) {
			if err := b.ChangePassword(t.Context(), "anna", goodPassword, otherPassword, here); err != nil {
				t.Fatal(err)
			}
		}, auth.Unauthenticated},
		{"disabled", func(t *testing.T, b *testBundle, _ string) {
			if err := b.ChangeUser(t.Context(), "anna", auth.Change{Disabled: new(true)}); err != nil {
				t.Fatal(err)
			}
		}, auth.Unauthenticated},
		{"disabled and enabled again", func(t *testing.T, b *testBundle, _ string) {
			for _, disabled := range []bool{true, false} {
				if err := b.ChangeUser(t.Context(), "anna", auth.Change{Disabled: new(disabled)}); err != nil {
					t.Fatal(err)
				}
			}
		}, auth.Unauthenticated},
		{"begun by a clock that was ahead", func(_ *testing.T, b *testBundle, _ string) { b.pass(-365 * 24 * time.Hour) }, auth.Unauthenticated},
		{"the clock was an hour ahead", func(_ *testing.T, b *testBundle, _ string) { b.pass(-time.Hour) }, ""},
		{"swept too early", func(t *testing.T, b *testBundle, _ string) {
			if err := b.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.add(t, "root", auth.Admin)
			b.add(t, "anna", auth.Operator)
			token := b.login(t, "anna").Token
			tt.end(t, b, token)
			if _, err := b.Identify(t.Context(), token); auth.CodeOf(err) != tt.want || tt.want == "" && err != nil {
				t.Errorf("got %v, want code %q", err, tt.want)
			}
		})
	}
}

func TestSweepDeletesWhatHasEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	b.login(t, "anna")
	b.pass(3 * time.Hour)
	b.login(t, "anna")
	b.pass(time.Hour)
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM sessions`); n != "1" {
		t.Errorf("%s sessions are left", n)
	}
	b.pass(-365 * 24 * time.Hour)
	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM sessions`); n != "0" {
		t.Errorf("%s sessions are left of a clock that was a year ahead", n)
	}
}

// TestUseNeedsNoWrite has a database that can be read but not written, as on a full disk.
func TestUseNeedsNoWrite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	session := b.login(t, "anna")
	_, device, err := b.CreateDevice(t.Context(), auth.Totem, "empoli", "t1")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"sessions", "devices"} {
		if _, err := b.db.Exec(`CREATE TRIGGER full_` + table + ` BEFORE UPDATE ON ` + table + ` BEGIN SELECT RAISE(ABORT, 'disk full'); END`); err != nil {
			t.Fatal(err)
		}
	}
	b.pass(time.Hour)
	for _, token := range []string{session.Token, device} {
		if _, err := b.Identify(t.Context(), token); err != nil {
			t.Error(err)
		}
	}
}

func TestRoleChangeTakesEffectAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	b.add(t, "anna", auth.Operator)
	token := b.login(t, "anna").Token
	if err := b.ChangeUser(t.Context(), "anna", auth.Change{Role: new(auth.Admin)}); err != nil {
		t.Fatal(err)
	}
	identity, err := b.Identify(t.Context(), token)
	if err != nil || !identity.MayManage() {
		t.Errorf("%+v, %v", identity, err)
	}
}

func TestSecretsAreNotStoredOrTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	session := b.login(t, "anna")
	_, device, err := b.CreateDevice(t.Context(), auth.Totem, "empoli", "t1")
	if err != nil {
		t.Fatal(err)
	}
	phc := b.stored(t, `SELECT password FROM users`)
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Errorf("stored password %q", phc)
	}
	dump := phc + b.stored(t, `SELECT token_hash FROM sessions`) + b.stored(t, `SELECT token_hash FROM devices`) +
		b.stored(t, `SELECT token_hash FROM browsers`)
	// Faults of the database mention what was tried, never with what.
	_ = b.db.Close()
	_, err = b.Login(t.Context(), "anna", goodPassword, here)
	dump += err.Error()
	_, err = b.Identify(t.Context(), session.Token)
	dump += err.Error()
	_, err = b.Identify(t.Context(), device)
	dump += err.Error()
	for _, secret := range []string{goodPassword, session.Token, session.Token[4:], session.Browser[4:], device, device[4:]} {
		if strings.Contains(dump, secret) {
			t.Errorf("%q is in %q", secret, dump)
		}
	}
}

func TestHashIsRenewedWhenItsCostChanges(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	dearer := b.service(auth.HashParams{MemoryKiB: 16, Passes: 2, Threads: 1})
	for range 2 {
		if _, err := dearer.Login(t.Context(), "anna", goodPassword, here); err != nil {
			t.Fatal(err)
		}
		if phc := b.stored(t, `SELECT password FROM users`); !strings.HasPrefix(phc, "$argon2id$v=19$m=16,t=2,p=1$") {
			t.Fatalf("stored password %q", phc)
		}
	}
	_, err := dearer.Login(t.Context(), "anna", otherPassword, here)
	wantCode(t, err, auth.Unauthenticated)
}

func TestDefaultHashIsOWASPs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.service(auth.HashParams{})
	if _, err := s.AddUser(t.Context(), auth.User{Name: "anna", Role: auth.Operator}, goodPassword); err != nil {
		t.Fatal(err)
	}
	if phc := b.stored(t, `SELECT password FROM users`); !strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored password %q", phc)
	}
	if _, err := s.Login(t.Context(), "anna", goodPassword, here); err != nil {
		t.Error(err)
	}
}
