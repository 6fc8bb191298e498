package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

// crowdedLog is a file with two days of visits at two counters, every three minutes, of which each
// lasts seven.
func crowdedLog(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	w := visits.NewWriter(&b)
	for day := range 2 {
		begin := time.Date(2026, 3, 2+day, 9, 0, 0, 0, time.FixedZone("", 3600))
		for i := range 40 {
			came, called := begin.Add(time.Duration(i)*3*time.Minute), begin.Add(time.Duration(i/2)*7*time.Minute)
			if called.Before(came) {
				called = came
			}
			v := visits.Visit{
				Arrived: came, Called: called, Ended: called.Add(7 * time.Minute),
				Channel: []string{"anagrafe", "protocollo"}[i%2], Counter: fmt.Sprint(i%2 + 1), Outcome: visits.Served,
			}
			if err := w.Write(v); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return written(t, "visite.csv", b.String())
}

// written is a new file.
func written(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestSimulate(t *testing.T) {
	t.Parallel()
	log := crowdedLog(t)
	args := []string{"simulate", "--visits", log, "--counters", "3", "--target", "10m", "--share=0.9"}
	status, stdout, stderr := try(t, nil, args...)
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	for _, want := range []string{
		"Dal 2/3/2026 al 3/3/2026: 2 giorni, 80 visite; sportelli usati in un giorno: 2\n", "com'è stato", "il modello", "3 sportelli", "il piano",
		"per ora d'arrivo", "\n09:00", "per canale", "\nanagrafe", "Quanti sportelli perché il 90 % aspetti meno di 10 min", "lun", "mar",
		"Quanto sbaglia il modello: rigiocando 2 giorni", "Si è supposto: arrivi e tempi allo sportello come nel registro", "il seme 1",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q isn't in\n%s", want, stdout)
		}
	}
	if _, again, _ := try(t, nil, args...); again != stdout {
		t.Errorf("the same again says\n%s\ninstead of\n%s", again, stdout)
	}

	status, stdout, stderr = try(t, nil, append(args, "--json", "--seed", "7")...)
	var a simulate.Answer
	if err := json.Unmarshal([]byte(stdout), &a); status != 0 || err != nil {
		t.Fatalf("status %d, %s, %v", status, stderr, err)
	}
	if a.Days != 2 || a.Seed != 7 || a.Asked != 3 || a.Real.Visits != 80 || a.WhatIf.Mean >= a.Real.Mean || a.Planned.Within < 0.9 ||
		len(a.Staffing) != 2 || !strings.HasSuffix(a.Assumed, "il seme 7.") {
		t.Errorf("%s", stdout)
	}

	if _, stdout, _ = try(t, nil, "simulate", "--visits", log, "--more", "1"); !strings.Contains(stdout, "1 sportello in più") {
		t.Errorf("one more: %s", stdout)
	}

	cfg, err := json.Marshal(queue.Default())
	if err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr = try(t, nil, "simulate", "--config", written(t, "urp.json", string(cfg)), "--visits", log, "--from", "2026-03-09", "--to", "2026-03-10")
	if status != 0 || !strings.Contains(stdout, "Servizi anagrafici") || !strings.Contains(stdout, "arrivi a caso") || !strings.Contains(stdout, "\nlun 9/3/2026") ||
		strings.Contains(stdout, "com'è stato") {
		t.Errorf("days that are drawn: status %d, %s\n%s", status, stderr, stdout)
	}
}

// morning is so many minutes after nine of a day of March 2026.
func morning(day, minutes int) time.Time {
	return time.Date(2026, 3, day, 9, minutes, 0, 0, time.FixedZone("", 3600))
}

// journalled makes an installation in which a plan has been played.
func journalled(t *testing.T, data string, p simulate.Plan) {
	t.Helper()
	var events []queue.Event
	st := new(queue.State)
	p.Config = queue.Default()
	p.Watch = func(e *queue.Event) {
		events = append(events, *e)
		st.Apply(e)
	}
	if _, err := simulate.Run(p); err != nil {
		t.Fatal(err)
	}
	j, err := sqlite.Open(t.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = j.Append(t.Context(), journal.Batch{Office: "urp", Events: events, Tickets: st.Touched(events)})
	if err := errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestSimulateInstallation asks of the days of an installation, and of one that it hasn't had yet.
func TestSimulateInstallation(t *testing.T) {
	t.Parallel()
	var p simulate.Plan
	for i := range 30 {
		p.Comers = append(p.Comers, simulate.Comer{At: morning(2, 2*i), Channel: "anagrafe", Service: 7 * time.Minute})
	}
	for _, id := range []queue.CounterID{"1", "2"} {
		p.Shifts = append(p.Shifts, simulate.Shift{Counter: id, From: morning(2, 0), To: morning(2, 60), Stays: true})
	}
	data := t.TempDir()
	journalled(t, data, p)
	for _, args := range []string{"--from 2026-03-02 --to 2026-03-02", ""} {
		status, stdout, stderr := try(t, nil, append([]string{"simulate", "--data", data, "--counters", "3"}, strings.Fields(args)...)...)
		if status != 0 || stderr != "" {
			t.Fatalf("%s: status %d, %s", args, status, stderr)
		}
		for _, want := range []string{"Il 2/3/2026: 1 giorno, 30 visite; sportelli usati in un giorno: 2\n", "com'è stato", "Servizi anagrafici", "della configurazione"} {
			if !strings.Contains(stdout, want) {
				t.Errorf("%s: %q isn't in\n%s", args, want, stdout)
			}
		}
	}
	status, stdout, stderr := try(t, map[string]string{"ELIMINACODE_DATA": data}, "simulate", "--from", "2026-03-09", "--to", "2026-03-15")
	if status != 0 || !strings.Contains(stdout, "Il 9/3/2026: 1 giorno") || !strings.Contains(stdout, "arrivi a caso") {
		t.Errorf("a Monday that hasn't been: status %d, %s\n%s", status, stderr, stdout)
	}
}

// TestSimulateLearned has how many are expected learned from two years, in which half as many come
// in August and half as many again after a holiday, and the same once their visits are pruned.
func TestSimulateLearned(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	journalled(t, data, simulate.Plan{
		Comers: []simulate.Comer{{At: morning(2, 0), Channel: "anagrafe", Service: time.Minute}},
		Shifts: []simulate.Shift{{Counter: "1", From: morning(2, 0), To: morning(2, 60), Stays: true}},
	})
	j, err := sqlite.Open(t.Context(), filepath.Join(data, "eliminacode.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	truth := func(d calendar.Date) float64 {
		mean := 40.
		if string(d[5:7]) == "08" {
			mean /= 2
		}
		before := d.Plus(-1)
		if d.Weekday() == time.Monday {
			before = d.Plus(-3)
		}
		if calendar.Holiday(before) != "" {
			mean *= 1.5
		}
		return mean
	}
	open := func(d calendar.Date) bool {
		return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday && calendar.Holiday(d) == ""
	}
	const insert = `
INSERT INTO tickets (office, day, id, hour, number, channel, class, state, counter, issued, entered,
    waited_s, way_s, service_s, held_s, absent_s, calls, transferred, inexact, touched)
VALUES ('urp', $1, $2, 9, 'A001', 'anagrafe', 'standard', 'served', '1', $3, $3, 0, 0, 60, 0, 0, 1, 0, FALSE, 1)`
	tx, err := j.DB().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	chance, days := rand.New(rand.NewPCG(1, 1)), 1 // with the one that is there
	for d := calendar.Date("2024-03-01"); d <= "2026-03-01"; d = d.Next() {
		if !open(d) {
			continue
		}
		days++
		for n, at := 0, chance.ExpFloat64(); at < truth(d); n, at = n+1, at+chance.ExpFloat64() {
			came := d.In(morning(2, 0).Location(), 9*60).Add(time.Duration(at / truth(d) * float64(50*time.Minute)))
			if _, err := tx.ExecContext(t.Context(), insert, d, fmt.Sprint(d, n), came.UnixMicro()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	learned := func(day calendar.Date) *simulate.Demand {
		t.Helper()
		status, stdout, stderr := try(t, nil, "simulate", "--data", data, "--from", string(day), "--to", string(day), "--json")
		var a simulate.Answer
		if err := json.Unmarshal([]byte(stdout), &a); status != 0 || err != nil {
			t.Fatalf("%s: status %d, %s, %v", day, status, stderr, err)
		}
		if want := fmt.Sprintf("secondo %d giorni di storico", days); a.Demand.Learned != days || !strings.Contains(a.Assumed, want) {
			t.Errorf("%s: learned from %d days instead of %d: %s", day, a.Demand.Learned, days, a.Assumed)
		}
		return a.Demand
	}
	asked := []calendar.Date{"2026-03-11", "2026-06-03", "2026-08-11", "2026-08-18"} // a Wednesday, one after a holiday, and Tuesdays of August
	var whole []*simulate.Demand
	for _, day := range asked {
		e := learned(day)
		if got, want := e.Days[0].Visits, truth(day); math.Abs(got-want) > 0.2*want+3 {
			t.Errorf("%s: %.1f are expected, %.1f come", day, got, want)
		}
		whole = append(whole, e)
	}
	if err := j.Prune(t.Context(), "urp", morning(2, 0).AddDate(0, 0, -30)); err != nil {
		t.Fatal(err)
	}
	for i, day := range asked {
		if diff := cmp.Diff(whole[i], learned(day)); diff != "" {
			t.Errorf("%s (-whole +pruned):\n%s", day, diff)
		}
	}
}

func TestSimulateWrong(t *testing.T) {
	t.Parallel()
	log, cfg, data := crowdedLog(t), written(t, "urp.json", `{"version": 1}`), t.TempDir()
	journalled(t, data, simulate.Plan{Comers: []simulate.Comer{{At: morning(2, 0), Channel: "anagrafe"}}})
	const header = "arrived,called,ended,channel,counter,outcome\n"
	for name, c := range map[string]struct {
		args string
		out  string
	}{
		"no installation": {"--counters 3 --data " + filepath.Join(t.TempDir(), "none"), "no such file"},
		"no office":       {"--office none --data " + data, "no office"},
		"no visits":       {"--data " + data, "this installation: there is nobody"},
		"no setting":      {"--sed 3 --data " + data, "sed"},
		"no such log":     {"--visits none.csv", "none.csv"},
		"empty":           {"--visits " + written(t, "empty.csv", ""), "the log is empty"},
		"nobody":          {"--visits " + written(t, "nobody.csv", header), "nobody who was called"},
		"not a log":       {"--visits " + cfg, "line 1"},
		"not a config":    {"--visits " + log + " --config " + log, "--config"},
		"faulty config":   {"--visits " + log + " --config " + cfg, "faults"},
		"no counters":     {"--visits " + log + " --counters 0", "--counters"},
		"more of none":    {"--visits " + log + " --more 0", "--more"},
		"more and all":    {"--visits " + log + " --more 1 --counters 3", "one of them"},
		"not a number":    {"--visits " + log + " --counters many", "--counters"},
		"target alone":    {"--visits " + log + " --target 15m", "belong together"},
		"share alone":     {"--visits " + log + " --share 0.9", "belong together"},
		"not a time":      {"--visits " + log + " --target 15 --share 0.9", "--target"},
		"not a share":     {"--visits " + log + " --target 15m --share 90", "--share"},
		"NaN":             {"--visits " + log + " --target 15m --share NaN", "--share"},
		"not a seed":      {"--visits " + log + " --seed -1", "--seed"},
		"not a day":       {"--visits " + log + " --from 2026-02-30", "--from"},
		"days back":       {"--visits " + log + " --from 2026-03-03 --to 2026-03-02", "before"},
		"years":           {"--visits " + log + " --from 2026-03-03 --to 2036-03-02", "at most a year"},
		"another weekday": {"--visits " + log + " --from 2026-03-14 --to 2026-03-15", "no day"},
		"no value":        {"--visits", "--visits: its value is missing"},
		"no number":       {"--data " + data + " --counters", "--counters: its value is missing"},
		"flag for value":  {"--visits " + log + " --target --share 0.9", "--target: its value is missing"},
		"unknown":         {"--visits " + log + " --sed 3", `"--sed"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			status, stdout, stderr := try(t, nil, append([]string{"simulate"}, strings.Fields(c.args)...)...)
			if status != 2 || stdout != "" || !strings.Contains(stderr, c.out) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("status %d; printed %q and %q, want %q in one line", status, stdout, stderr, c.out)
			}
		})
	}
	if status, stdout, _ := try(t, nil, "simulate", "--help"); status != 0 || !strings.Contains(stdout, "usage: eliminacode simulate") {
		t.Errorf("help: status %d, %s", status, stdout)
	}
}
