package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/eliminacode/eliminacode/pkg/estimate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

const replayUsage = `usage: eliminacode replay FILE.csv

Judges the estimates of waits by a log of real visits, with one row a visit:

  arrived,called,ended,channel,counter,outcome
  2026-03-02T09:00:00+01:00,2026-03-02T09:04:10+01:00,2026-03-02T09:09:00+01:00,anagrafe,1,served

Times are RFC 3339. Outcomes are served, absent (called and not come) and left (before any call:
called and counter are empty). A server writes such logs at /api/v1/visits. What is printed is one
JSON object: how far off the estimates were that each who came would have been told. A figure of
nothing, such as the error where nobody waited, is null.
`

// replay judges the estimator by a log.
func (p *program) replay(args []string) error {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(p.stdout, replayUsage)
		return nil
	} else if err != nil {
		return wrong("%w (see eliminacode replay --help)", err)
	}
	if flags.NArg() != 1 {
		return wrong("replay wants one file (see eliminacode replay --help)")
	}
	log, err := readVisits(flags.Arg(0))
	if err != nil {
		return err
	}
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(estimate.Replay(log))
}

// readVisits reads a log of visits; one that can't be read is a wrong setting.
func readVisits(name string) ([]visits.Visit, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, wrong("%w", err)
	}
	defer f.Close()
	log, err := visits.Read(f)
	if err != nil {
		return nil, wrong("%s: %w", name, err)
	}
	return log, nil
}
