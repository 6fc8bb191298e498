package auth_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	password, created, err := b.FirstAdmin(t.Context())
	if err != nil || !created {
		t.Fatalf("created %v, %v", created, err)
	}
	if !regexp.MustCompile(`^[a-z2-7]{5}(-[a-z2-7]{5}){3}$`).MatchString(password) {
		t.Errorf("password %q", password)
	}
	session, err := b.Login(t.Context(), "admin", password, here)
	if err != nil || !session.Identity.MayManage() {
		t.Errorf("%+v, %v", session.Identity, err)
	}
	again, created, err := b.FirstAdmin(t.Context())
	if again != "" || created || err != nil {
		t.Errorf("the second time: %q, %v, %v", again, created, err)
	}
}

func TestFirstAdminOfTwoServers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var servers sync.WaitGroup
	var made atomic.Int32
	for range 4 {
		s := b.service(cheap)
		servers.Go(func() {
			_, created, err := s.FirstAdmin(t.Context())
			if err != nil {
				t.Error(err)
			}
			if created {
				made.Add(1)
			}
		})
	}
	servers.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestAddUserRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "anna", auth.Operator)
	tests := []struct {
		user     auth.User
		password string
		field    string
		reason   auth.Reason
	}{
		{auth.User{Name: "anna", Role: auth.Admin}, goodPassword, "name", auth.Taken},
		{auth.User{Name: "ANNA", Role: auth.Admin}, goodPassword, "name", auth.Taken},
		{auth.User{Name: "", Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: "a", Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: "1anna", Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: "anna rossi", Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: "anna\n", Role: auth.Admin}, goodPassword, "name", auth.Taken},
		{auth.User{Name: "nicolò", Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: strings.Repeat("a", 33), Role: auth.Admin}, goodPassword, "name", auth.Malformed},
		{auth.User{Name: "bruno", FullName: strings.Repeat("è", 101), Role: auth.Admin}, goodPassword, "full_name", auth.TooLong},
		{auth.User{Name: "bruno", FullName: "Bruno\x00", Role: auth.Admin}, goodPassword, "full_name", auth.Malformed},
		{auth.User{Name: "bruno", FullName: "Bruno \u202eihcnaiB", Role: auth.Admin}, goodPassword, "full_name", auth.Malformed},
		{auth.User{Name: "bruno", Role: "root"}, goodPassword, "role", auth.Malformed},
		{auth.User{Name: "bruno"}, goodPassword, "role", auth.Malformed},
		{auth.User{Name: "bruno", Role: auth.Admin, Offices: []string{""}}, goodPassword, "offices", auth.Malformed},
		{auth.User{Name: "bruno", Role: auth.Admin, Offices: []string{"a b"}}, goodPassword, "offices", auth.Malformed},
		{auth.User{Name: "bruno", Role: auth.Admin, Offices: []string{"a\x00"}}, goodPassword, "offices", auth.Malformed},
		{auth.User{Name: "bruno", Role: auth.Admin, Offices: []string{"a\xff"}}, goodPassword, "offices", auth.Malformed},
		{auth.User{Name: "bruno", Role: auth.Admin}, "", "password", auth.TooShort},
		{auth.User{Name: "bruno", Role: auth.Admin}, "èèèèèèèèèèè", "password", auth.TooShort},
		{auth.User{Name: "bruno", Role: auth.Admin}, strings.Repeat("una frase ", 26), "password", auth.TooLong},
		{auth.User{Name: "bruno.bianchi", Role: auth.Admin}, "Bruno.Bianchi", "password", auth.TooEasy},
	}
	for _, tt := range tests {
		_, err := b.AddUser(t.Context(), tt.user, tt.password)
		wantInvalid(t, err, tt.field, tt.reason)
	}
	if n := b.stored(t, `SELECT COUNT(*) FROM users`); n != "1" {
		t.Errorf("%s users", n)
	}
	for _, password := range []string{"solo lettere", strings.Repeat("frase ", 20) + "molto lunga"} {
		if err := b.ChangeUser(t.Context(), "anna", auth.Change{Password: new(password)}); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestUsers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	users, err := b.Users(t.Context())
	if err != nil || users == nil || len(users) != 0 {
		t.Fatalf("%v, %v", users, err)
	}
	b.add(t, "root", auth.Admin)
	b.pass(time.Minute)
	b.add(t, "anna", auth.Operator)
	if err := b.ChangeUser(t.Context(), "anna", auth.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	users, err = b.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []auth.User{
		{Name: "anna", Role: auth.Operator, Disabled: true, CreatedAt: start.Add(time.Minute)},
		{Name: "root", Role: auth.Admin, CreatedAt: start},
	}
	if diff := cmp.Diff(want, users); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	wantCode(t, b.ChangeUser(t.Context(), "nobody", auth.Change{Role: new(auth.Admin)}), auth.Unknown)
	wantCode(t, b.ChangeUser(t.Context(), "nobody", auth.Change{Disabled: new(true)}), auth.Unknown)
	wantCode(t, b.ChangeUser(t.Context(), "nobody", auth.Change{Password: new(goodPassword)}), auth.Unknown)
	wantInvalid(t, b.ChangeUser(t.Context(), "root", auth.Change{Role: new(auth.Role("king"))}), "role", auth.Malformed)
}

// TestAChangeIsMadeWholeOrNotAtAll has changes of several fields one of which won't do.
func TestAChangeIsMadeWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	session := b.login(t, "root")
	before := b.stored(t, `SELECT role || disabled || password FROM users`)
	for _, tt := range []struct {
		change auth.Change
		field  string
		reason auth.Reason
	}{
		{auth.Change{Role: new(auth.Operator), Password: new(otherPassword)}, "role", auth.LastAdmin},
		{auth.Change{Disabled: new(true), Password: new(otherPassword)}, "disabled", auth.LastAdmin},
		{auth.Change{Role: new(auth.Admin), Disabled: new(true), Password: new(otherPassword)}, "disabled", auth.LastAdmin},
		{auth.Change{Disabled: new(false), Password: new("corta")}, "password", auth.TooShort},
		{auth.Change{Role: new(auth.Role("king")), Password: new(otherPassword)}, "role", auth.Malformed},
	} {
		wantInvalid(t, b.ChangeUser(t.Context(), "root", tt.change), tt.field, tt.reason)
	}
	if after := b.stored(t, `SELECT role || disabled || password FROM users`); after != before {
		t.Errorf("%s became %s", before, after)
	}
	if _, err := b.Identify(t.Context(), session.Token); err != nil {
		t.Errorf("a refused change ended a session: %v", err)
	}
	b.add(t, "anna", auth.Admin)
	all := auth.Change{Role: new(auth.Supervisor), Password: new(otherPassword), Disabled: new(true)}
	if err := b.ChangeUser(t.Context(), " Root ", all); err != nil {
		t.Fatal(err)
	}
	_, err := b.Identify(t.Context(), session.Token)
	wantCode(t, err, auth.Unauthenticated)
	if err := b.ChangeUser(t.Context(), "root", auth.Change{Disabled: new(false)}); err != nil {
		t.Fatal(err)
	}
	again, err := b.Login(t.Context(), "root", otherPassword, here)
	if err != nil || again.Identity.Role != auth.Supervisor {
		t.Errorf("%+v, %v", again.Identity, err)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	b.add(t, "anna", auth.Admin)
	if err := b.ChangeUser(t.Context(), "anna", auth.Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	token := b.login(t, "root").Token
	wantInvalid(t, b.ChangeUser(t.Context(), "root", auth.Change{Disabled: new(true)}), "disabled", auth.LastAdmin)
	wantInvalid(t, b.ChangeUser(t.Context(), "root", auth.Change{Role: new(auth.Operator)}), "role", auth.LastAdmin)
	if identity, err := b.Identify(t.Context(), token); err != nil || !identity.MayManage() {
		t.Errorf("a refused change left a trace: %+v, %v", identity, err)
	}
	if err := b.ChangeUser(t.Context(), "anna", auth.Change{Disabled: new(false)}); err != nil {
		t.Fatal(err)
	}
	if err := b.ChangeUser(t.Context(), "root", auth.Change{Role: new(auth.Operator)}); err != nil {
		t.Error(err)
	}
}

func TestTwoAdminsDemoteEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	b.add(t, "anna", auth.Admin)
	var both sync.WaitGroup
	var demoted atomic.Int32
	for _, name := range []string{"root", "anna"} {
		both.Go(func() {
			switch err := b.ChangeUser(t.Context(), name, auth.Change{Role: new(auth.Supervisor)}); {
			case err == nil:
				demoted.Add(1)
			case auth.CodeOf(err) != auth.Invalid:
				t.Error(err)
			}
		})
	}
	both.Wait()
	if demoted.Load() != 1 {
		t.Errorf("%d of two admins were demoted", demoted.Load())
	}
}

func TestUsersBelongToOffices(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t, "root", auth.Admin)
	added, err := b.AddUser(t.Context(), auth.User{Name: "anna", Role: auth.Admin, Offices: []string{"vinci", "empoli", "vinci"}}, goodPassword)
	if err != nil || !slices.Equal(added.Offices, []string{"empoli", "vinci"}) {
		t.Errorf("%v, %v", added.Offices, err)
	}
	session := b.login(t, "anna")
	change := func(offices ...string) {
		t.Helper()
		if err := b.ChangeUser(t.Context(), "anna", auth.Change{Offices: &offices}); err != nil {
			t.Fatal(err)
		}
		identity, err := b.Identify(t.Context(), session.Token)
		if err != nil || !slices.Equal(identity.Offices, offices) {
			t.Errorf("%v, %v; want %v at once", identity.Offices, err, offices)
		}
	}
	if !slices.Equal(session.Identity.Offices, added.Offices) {
		t.Errorf("signed in with %v", session.Identity.Offices)
	}
	change("certaldo")
	users, err := b.Users(t.Context())
	if err != nil || !slices.Equal(users[0].Offices, []string{"certaldo"}) || len(users[1].Offices) != 0 {
		t.Errorf("%+v, %v", users, err)
	}
	// Who belongs to one office can't look after the users of all: root is the last who can.
	wantInvalid(t, b.ChangeUser(t.Context(), "root", auth.Change{Offices: &[]string{"empoli"}}), "offices", auth.LastAdmin)
	wantInvalid(t, b.ChangeUser(t.Context(), "root", auth.Change{Disabled: new(true)}), "disabled", auth.LastAdmin)
	wantInvalid(t, b.ChangeUser(t.Context(), "anna", auth.Change{Offices: &[]string{"no office"}}), "offices", auth.Malformed)
	change()
	if err := b.ChangeUser(t.Context(), "root", auth.Change{Offices: &[]string{"empoli"}}); err != nil {
		t.Error(err)
	}
}

func TestPasswordsThatAreGuessedFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	anna := auth.User{Name: "anna.rossi", FullName: "Annalisa Rossi Bianchi", Role: auth.Operator, Offices: []string{"cascine"}}
	for _, password := range []string{
		"aaaaaaaaaaaa", "            ", "abababababab", "abcabcabcabc", "123456789012", "210987654321", "abcdefghijkl", "qwertyuiopas", "QWERTYqwerty",
		"1q2w3e4r5t6y", "qazwsxedcrfv", "1qaz2wsx3edc", "asdfghjkl123", "passwordpassword", "Password2026!", "P@ssw0rd12345", "password123456", "passwordpassword!!!",
		"eliminacode1", "Eliminacode2026!", "EmpoliEmpoli", "empoli.empoli.1", "Comune2026!!", "comunediempoli", "amministratore1",
		"anna.rossi.77", "AnnaRossi1985", "rossianna1234", "annalisa2026!", "Bianchi.Rossi1", "cascinecascine", "cascine202601", "Francesco1985", "juventusjuventus", "Giugno2026!!!",
		"ciaociaociao", "benvenuto123", "Buongiorno2026", "Sportello2026!", "cambiami12345", "administrator", "letmeinletmein", "!!!!!!!!!!!!", "èèèèèèèèèèèèè",
	} {
		_, err := b.AddUser(t.Context(), anna, password)
		if err == nil {
			t.Fatalf("%q was accepted", password)
		}
		wantInvalid(t, err, "password", auth.TooEasy)
	}
	for n, password := range []string{
		goodPassword, otherPassword, "quattro parole a caso", "una password nuova", "cavallo batteria graffetta", "correct horse battery staple", "La nonna fa il pane",
		"k3mfa-7qzrx-p2wvn-t5hgd", "Tr0ub4dor&3xyz", "xK9#mQ2$vL7p", "nel mezzo del cammin", "piove da tre giorni", "il gatto di empoli", "ελληνικά γράμματα",
	} {
		u := anna
		u.Name += string(rune('a' + n))
		if _, err := b.AddUser(t.Context(), u, password); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}
