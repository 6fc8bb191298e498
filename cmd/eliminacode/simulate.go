package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/config"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

const simulateUsage = `usage: eliminacode simulate [--config FILE] [--visits FILE.csv | --from DATE --to DATE]
       [--counters N | --more N] [--target 15m --share 0.9] [--seed N] [--json]

Plays the days of a log of visits again by the rules of the queue, with another staffing.

  --visits FILE    the log, one row a visit, as /api/v1/visits writes it; without it this
                   installation's, with its settings (--data, --office)
  --from, --to     the days, 2026-03-02, both included; those that the log doesn't have are
                   drawn from the others of their weekday
  --config FILE    the office's configuration; without it channels and counters are the log's
  --counters N     clerks at N counters in all
  --more N         clerks at N counters more than there were on each day; -1: at one fewer
  --target 15m --share 0.9
                   how many counters, hour by hour, so that this share of the people is called
                   in less than that time
  --seed N         of all that the log doesn't tell: the same has the same output (default 1)
  --json           one JSON object, see docs/simulation.md
`

// slow is after what time something that isn't done yet says how far it is.
const slow = 2 * time.Second

// simulate asks what would have been with another staffing.
func (p *program) simulate(ctx context.Context, args []string) error {
	s, err := p.simulation(args)
	if err != nil {
		return err
	}
	history, cfg, err := p.simulated(ctx, s)
	if err != nil {
		return err
	}
	if s.config != "" {
		if cfg, err = p.readConfig(s.config); err != nil {
			return wrong("--config: %s", strings.ReplaceAll(err.Error(), "\n ", ""))
		}
	}
	progress := p.progress()
	s.question.Progress = progress.tell
	a, err := simulate.Ask(ctx, history, cfg, s.question)
	progress.end()
	switch {
	case errors.Is(err, simulate.ErrNobody):
		return wrong("%s: there is nobody who was called", s.source())
	case errors.Is(err, simulate.ErrNoDays):
		return wrong("--from, --to: %s: there is no day of these, nor one of their weekdays, or the office is closed", s.source())
	case errors.Is(err, simulate.ErrTooLong):
		return wrong("--from, --to: at most a year")
	case err != nil:
		return err
	}
	if !s.json {
		return printSimulation(p.stdout, a)
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(a)
}

// simulation is what a command line asks for.
type simulation struct {
	config, visits string
	json           bool
	question       simulate.Question
	rest           []string // of the arguments: settings of the installation
}

// source names where the log is from.
func (s *simulation) source() string {
	if s.visits != "" {
		return "--visits " + s.visits
	}
	return "this installation"
}

// simulation reads the command line.
func (p *program) simulation(args []string) (*simulation, error) {
	s := &simulation{question: simulate.Question{Seed: 1}}
	q := &s.question
	var from, to, counters, more, target, share, seed string
	for _, f := range []struct {
		name string
		to   *string
	}{
		{"config", &s.config},
		{"visits", &s.visits},
		{"from", &from},
		{"to", &to},
		{"counters", &counters},
		{"more", &more},
		{"target", &target},
		{"share", &share},
		{"seed", &seed},
	} {
		var list []string
		if list, args = take(f.name, args); len(list) > 0 {
			*f.to = list[len(list)-1]
		}
		none := len(list) > 0 && (*f.to == "" || strings.HasPrefix(*f.to, "--"))
		if none || slices.Contains(args, "--"+f.name) { // which take leaves where nothing follows
			return nil, wrong("--%s: its value is missing", f.name)
		}
	}
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool {
		s.json = s.json || a == "--json"
		return a == "--json"
	})
	if slices.ContainsFunc(args, asksForHelp) {
		fmt.Fprint(p.stdout, simulateUsage)
		return nil, config.ErrHelp
	}
	if s.rest = args; len(args) > 0 && s.visits != "" {
		return nil, wrong("%s isn't understood (see eliminacode simulate --help)", strconv.Quote(args[0]))
	}
	if err := days(q, from, to); err != nil {
		return nil, err
	}
	return s, staffing(q, counters, more, target, share, seed)
}

// days reads --from and --to.
func days(q *simulate.Question, from, to string) error {
	q.From, q.To = calendar.Date(from), calendar.Date(to)
	for _, d := range []struct {
		flag string
		date calendar.Date
	}{{"from", q.From}, {"to", q.To}} {
		if d.date != "" && !d.date.Valid() {
			return wrong("--%s = %q: write a day as 2026-03-02", d.flag, d.date)
		}
	}
	if from != "" && to != "" && q.To < q.From {
		return wrong("--to = %q is before --from = %q", to, from)
	}
	return nil
}

// staffing reads the other flags.
func staffing(q *simulate.Question, counters, more, target, share, seed string) (err error) {
	const most = queue.MaxCounters
	if counters != "" && more != "" {
		return wrong("--counters is of all, --more beside those that there were: write one of them")
	}
	if counters != "" {
		if q.Counters, err = strconv.Atoi(counters); err != nil || q.Counters < 1 || q.Counters > most {
			return wrong("--counters = %q: write a number from 1 to %d", counters, most)
		}
	}
	if more != "" {
		if q.More, err = strconv.Atoi(more); err != nil || q.More == 0 || q.More < -most || q.More > most {
			return wrong("--more = %q: write a number from 1 to %d, or below zero for fewer", more, most)
		}
	}
	if (target == "") != (share == "") {
		return wrong("--target and --share belong together: --target 15m --share 0.9")
	}
	if target != "" {
		if q.Target, err = time.ParseDuration(target); err != nil || q.Target < time.Second || q.Target > simulate.MaxTarget {
			return wrong("--target = %q: write a time as 15m", target)
		}
		if q.Share, err = strconv.ParseFloat(share, 64); err != nil || !(q.Share > 0 && q.Share <= 1) {
			return wrong("--share = %q: write a number over 0 up to 1, such as 0.9", share)
		}
	}
	if seed != "" {
		if q.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
			return wrong("--seed = %q: write a whole number", seed)
		}
	}
	return nil
}

// simulated is the history that is asked; of the installation, with the office's configuration.
func (p *program) simulated(ctx context.Context, s *simulation) (h simulate.History, cfg *queue.Config, err error) {
	if s.visits != "" {
		h.Log, err = readVisits(s.visits)
		return h, nil, err
	}
	settings, err := p.settings("simulate", s.rest)
	if err != nil {
		return h, nil, err
	}
	err = p.beside(ctx, settings, func(j journal.Store, st *queue.State) (err error) {
		office := simulate.OfficeOf(settings.Office, st, time.Now())
		h, err = office.History(ctx, j, s.question)
		cfg = office.Config
		return err
	})
	return h, cfg, err
}

// progress tells on standard error how far something is that takes long.
type progress struct {
	to    io.Writer
	began time.Time
	told  bool
}

func (p *program) progress() *progress { return &progress{to: p.stderr, began: time.Now()} }

func (p *progress) tell(done, of int) {
	if done < of && time.Since(p.began) > slow {
		p.told = true
		fmt.Fprintf(p.to, "\r%d/%d giorni", done, of)
	}
}

func (p *progress) end() {
	if p.told {
		fmt.Fprintln(p.to)
	}
}
