// Command eliminacode is the whole product: the server of a town hall's queue
// with every page inside, and the tools around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // the office's time zone must be known on any machine

	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/words"
)

// version is set by the build.
var version = "unreleased"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr, os.Getenv)
	stop()
	os.Exit(status)
}

const usage = `usage: eliminacode [command] [settings]

  serve      run the server (also without any command)
  demo       the same with an invented busy morning, in a folder of its own
  totem      run on a kiosk: its screen, its printer, and tickets also without the server
  config     export, check or import an office's configuration, list its versions
  admin      let an administrator in again who lost the password
  replay     judge the estimates of waits by a log of real visits
  simulate   play past days again with another staffing: what if
  printer    a ticket printer to develop with, whose paper comes out in a browser
  backup     make a consistent copy of the data, also while the server runs
  version    print the version

eliminacode COMMAND --help tells a command's settings.
`

// wrongSetting is a wrong command line or setting, a database that can't be used among them: exit
// status 2.
type wrongSetting struct{ error }

func (w wrongSetting) Unwrap() error { return w.error }

// wrong makes a [wrongSetting], in one line.
func wrong(format string, args ...any) error { return wrongSetting{fmt.Errorf(format, args...)} }

// asksForHelp reports whether an argument does, in one of the ways that package flag takes.
func asksForHelp(arg string) bool {
	return slices.Contains([]string{"--help", "-help", "--h", "-h"}, arg)
}

// run is the program. It returns the exit status: 0 done, 1 failed, 2 a wrong setting.
func run(ctx context.Context, args []string, stdout, stderr io.Writer, getenv func(string) string) int {
	command := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, args = args[0], args[1:]
	} else if len(args) > 0 && asksForHelp(args[0]) {
		command = "help"
	}
	p := &program{stdout: stdout, stderr: stderr, getenv: getenv}
	var err error
	switch command {
	case "serve":
		err = p.serve(ctx, args)
	case "demo":
		err = p.demo(ctx, args)
	case "totem":
		err = p.totem(ctx, args)
	case "config":
		err = p.config(ctx, args)
	case "admin":
		err = p.admin(ctx, args)
	case "replay":
		err = p.replay(args)
	case "simulate":
		err = p.simulate(ctx, args)
	case "printer":
		err = p.printer(ctx, args)
	case "backup":
		err = p.backup(ctx, args)
	case "version":
		fmt.Fprintln(stdout, "eliminacode", version)
	case "help":
		fmt.Fprint(stdout, usage)
	default:
		err = wrong("unknown command %q (see eliminacode --help)", command)
	}
	if err == nil || errors.Is(err, config.ErrHelp) {
		return 0
	}
	fmt.Fprintln(stderr, "eliminacode:", inWords(err))
	if _, ok := errors.AsType[wrongSetting](err); ok {
		return 2
	}
	return 1
}

// inWords is the error's text, with the sentence in the place of a refusal's reason.
func inWords(err error) string {
	if r, ok := errors.AsType[*queue.Refusal](err); ok {
		return strings.Replace(err.Error(), r.Error(), string(r.Code)+": "+words.Refusal(r).In("en"), 1)
	}
	return err.Error()
}

// program is what every command works with.
type program struct {
	stdout, stderr io.Writer
	getenv         func(string) string
}

func (p *program) log() *slog.Logger { return slog.New(slog.NewTextHandler(p.stderr, nil)) }

func (p *program) settings(command string, args []string) (*config.Settings, error) {
	s, err := config.Load(command, args, p.getenv, p.stdout)
	if err != nil && !errors.Is(err, config.ErrHelp) {
		err = wrong("%w", err)
	}
	return s, err
}
