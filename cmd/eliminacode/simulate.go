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
	"github.com/eliminacode/eliminacode/pkg/visits"
)

const simulateUsage = `usage: eliminacode simulate [--config FILE] [--visits FILE.csv | --from DATE --to DATE]
       [--counters N] [--target 15m --share 0.9] [--seed N] [--json]

Plays the days of a log of visits again by the rules of the queue, with another staffing.

  --visits FILE    the log, one row a visit, as /api/v1/visits writes it; without it this
                   installation's, with its settings (--data, --office)
  --from, --to     the days, 2026-03-02, both included; those that the log doesn't have are
                   drawn from the others of their weekday
  --config FILE    the office's configuration; without it channels and counters are the log's
  --counters N     clerks at N counters in all
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
	log, cfg, err := p.simulated(ctx, s)
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
	a, err := simulate.Ask(log, cfg, s.question)
	progress.end()
	switch {
	case errors.Is(err, simulate.ErrNobody):
		return wrong("%s: there is nobody who was called", s.source())
	case errors.Is(err, simulate.ErrNoDays):
		return wrong("--from, --to: %s: there is no day of these, nor one of their weekdays, or the office is closed", s.source())
	case err != nil:
		return err
	}
	if !s.json {
		return printSimulation(p.stdout, a, cfg)
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		*simulate.Answer
		Assumed string `json:"assumed"`
	}{a, assumed(a, cfg != nil)})
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
	var from, to, counters, target, share, seed string
	for _, f := range []struct {
		name string
		to   *string
	}{
		{"config", &s.config},
		{"visits", &s.visits},
		{"from", &from},
		{"to", &to},
		{"counters", &counters},
		{"target", &target},
		{"share", &share},
		{"seed", &seed},
	} {
		var list []string
		if list, args = take(f.name, args); len(list) > 0 {
			if *f.to = list[len(list)-1]; *f.to == "" {
				return nil, wrong("--%s: its value is missing", f.name)
			}
		}
	}
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool {
		s.json = s.json || a == "--json"
		return a == "--json"
	})
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		fmt.Fprint(p.stdout, simulateUsage)
		return nil, config.ErrHelp
	}
	if s.rest = args; len(args) > 0 && s.visits != "" {
		return nil, wrong("%s isn't understood (see eliminacode simulate --help)", strconv.Quote(args[0]))
	}
	if err := days(q, from, to); err != nil {
		return nil, err
	}
	return s, staffing(q, counters, target, share, seed)
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
	if from != "" && to != "" {
		switch first, last := q.From.In(time.UTC, 0), q.To.In(time.UTC, 0); {
		case last.Before(first):
			return wrong("--to = %q is before --from = %q", to, from)
		case last.Sub(first) > 366*24*time.Hour:
			return wrong("--from = %q, --to = %q: at most a year", from, to)
		}
	}
	return nil
}

// staffing reads the other flags.
func staffing(q *simulate.Question, counters, target, share, seed string) (err error) {
	const most = 200 // as a configuration may have
	if counters != "" {
		if q.Counters, err = strconv.Atoi(counters); err != nil || q.Counters < 1 || q.Counters > most {
			return wrong("--counters = %q: write a number from 1 to %d", counters, most)
		}
	}
	if (target == "") != (share == "") {
		return wrong("--target and --share belong together: --target 15m --share 0.9")
	}
	if target != "" {
		if q.Target, err = time.ParseDuration(target); err != nil || q.Target < time.Second || q.Target > 24*time.Hour {
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

// logged is of how many days at most the installation's visits are read: more than it keeps.
const logged = 400

// simulated is the log that is simulated; of the installation, with the office's configuration.
func (p *program) simulated(ctx context.Context, s *simulation) (log []visits.Visit, cfg *queue.Config, err error) {
	if s.visits != "" {
		log, err = readVisits(s.visits)
		return log, nil, err
	}
	settings, err := p.settings("simulate", s.rest)
	if err != nil {
		return nil, nil, err
	}
	err = p.beside(ctx, settings, func(j journal.Store, st *queue.State) error {
		cfg = st.Config
		for v, err := range j.Visits(ctx, settings.Office, st.Day.Plus(-logged), st.Day, st.Location()) {
			if err != nil {
				return err
			}
			if s.has(calendar.DateOf(v.Arrived), st) {
				log = append(log, v)
			}
		}
		return nil
	})
	return log, cfg, err
}

// has reports whether a day of the installation is in the log: not the one that is going on, unless
// it is asked about.
func (s *simulation) has(d calendar.Date, st *queue.State) bool {
	now := time.Now()
	over := d < st.Day || st.Ended(now) || st.Day < calendar.DateOf(now.In(st.Location()))
	return over || s.question.From == d || s.question.To == d
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
