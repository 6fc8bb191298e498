package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

const adminUsage = `usage: eliminacode admin reset [--user NAME] [settings]

  reset    give an administrator a new password, which is printed once, also while
           the server runs: the way back in for a town that lost its only one.
           Without --user it is the user "admin", or the only administrator there is.
`

// admin works on the accounts of administrators, beside the running server or without one.
func (p *program) admin(ctx context.Context, args []string) error {
	verb := ""
	if len(args) > 0 {
		verb, args = args[0], args[1:]
	}
	switch {
	case verb == "reset":
		return p.resetAdmin(ctx, args)
	case asksForHelp(verb):
		fmt.Fprint(p.stdout, adminUsage)
		return nil
	}
	return wrong("admin wants reset (see eliminacode admin --help)")
}

// resetAdmin lets an administrator in again. Whoever may run it on the server may read the whole
// database as well, so it asks for nothing.
func (p *program) resetAdmin(ctx context.Context, args []string) (err error) {
	named, args := take("user", args)
	s, err := p.settings("admin reset", args)
	if err != nil {
		return err
	}
	j, err := p.open(ctx, s, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	accounts := auth.New(j.DB(), auth.Options{Now: time.Now})
	name, err := adminToReset(ctx, accounts, named)
	if err != nil {
		return err
	}
	password, err := accounts.ResetAdmin(ctx, name)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Nuova password dell'amministratore «%s»: %s\n", name, password)
	fmt.Fprintf(p.stdout, "Non sarà più mostrata; le sessioni aperte con la vecchia sono finite. It won't be shown again; sessions with the old one have ended.\n")
	return nil
}

// adminToReset is the administrator that the command line names, or that it can only mean.
func adminToReset(ctx context.Context, accounts *auth.Service, named []string) (string, error) {
	users, err := accounts.Users(ctx)
	if err != nil {
		return "", err
	}
	var admins []string
	for _, u := range users {
		if u.Role == auth.Admin {
			admins = append(admins, u.Name)
		}
	}
	want := "admin"
	if len(named) > 0 {
		want = named[len(named)-1]
	} else if len(admins) == 1 {
		want = admins[0]
	}
	for _, name := range admins {
		if name == want {
			return name, nil
		}
	}
	if len(admins) == 0 { // a new installation whose server has never started
		return "", wrong("there is no administrator yet: the first start of the server makes one")
	}
	return "", wrong("there is no administrator %q; there are: %s (name one with --user)", want, strings.Join(admins, ", "))
}
