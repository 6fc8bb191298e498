package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

const clockToken = "clock-test-token"

// request sends a request by the development token and returns the status; the answer's body goes
// to v, unless it is nil.
func request(t *testing.T, method, url string, in, v any) int {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+clockToken)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if v != nil {
		if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
			t.Fatal(err)
		}
	}
	return answer.StatusCode
}

// at runs the server on a data folder with its clock at a moment.
func at(t *testing.T, data, clock string, work func(url string)) {
	t.Helper()
	t.Run(clock, func(t *testing.T) {
		work(up(t, newOutput(), map[string]string{"ELIMINACODE_DEV_TOKEN": clockToken}, "serve", "--dev", "--clock", clock, "--data", data))
	})
}

func issueAt(t *testing.T, url string) (ticket view.Ticket) {
	t.Helper()
	if status := request(t, http.MethodPost, url+"/api/v1/tickets", map[string]string{"channel": "anagrafe"}, &ticket); status != http.StatusCreated {
		t.Errorf("a ticket: status %d", status)
	}
	return ticket
}

func anagrafe(t *testing.T, url string) (open bool, waiting int) {
	t.Helper()
	for _, c := range state(t, url).Channels {
		if c.ID == "anagrafe" {
			return c.Open, c.Waiting
		}
	}
	return false, 0
}

// TestClockOfAnotherTime starts the server for a moment with a clock of 2031, between two starts
// with the right one: nobody who waits is put aside, and nothing is deleted.
func TestClockOfAnotherTime(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	var events int
	at(t, data, "2026-03-02T09:00:00+01:00", func(url string) {
		for range 3 {
			issueAt(t, url)
		}
		var list []queue.Event
		request(t, http.MethodGet, url+"/api/v1/journal", nil, &list)
		events = len(list)
		if status := request(t, http.MethodGet, url+"/readyz", nil, nil); status != http.StatusOK {
			t.Errorf("readyz by the right clock: status %d", status)
		}
	})
	at(t, data, "2031-05-05T11:00:00+02:00", func(url string) {
		if status := request(t, http.MethodGet, url+"/readyz", nil, nil); status != http.StatusServiceUnavailable {
			t.Errorf("readyz by a clock five years ahead: status %d", status)
		}
		if open, waiting := anagrafe(t, url); !open || waiting != 3 {
			t.Errorf("open: %v, %d wait; want true, 3", open, waiting)
		}
		if got := issueAt(t, url).Number; got != "A004" {
			t.Errorf("number %s, want A004", got)
		}
	})
	at(t, data, "2026-03-02T09:10:00+01:00", func(url string) {
		if open, waiting := anagrafe(t, url); !open || waiting != 4 {
			t.Errorf("open: %v, %d wait; want true, 4", open, waiting)
		}
		if got := issueAt(t, url).Number; got != "A005" {
			t.Errorf("number %s, want A005", got)
		}
		var list []queue.Event
		request(t, http.MethodGet, url+"/api/v1/journal", nil, &list)
		if len(list) != events+2 {
			t.Errorf("%d events, want the %d before and two tickets", len(list), events)
		}
		if status := request(t, http.MethodGet, url+"/readyz", nil, nil); status != http.StatusOK {
			t.Errorf("readyz by the right clock: status %d", status)
		}
	})
}

// TestImportBesideAnotherClock imports a configuration while a server runs by a clock of its own:
// its day goes on, and who waits waits.
func TestImportBesideAnotherClock(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	at(t, data, "2026-03-02T09:00:00+01:00", func(url string) {
		issueAt(t, url)
		_, exported, _ := try(t, nil, "config", "export", "--data", data)
		file := filepath.Join(t.TempDir(), "office.json")
		if err := os.WriteFile(file, []byte(exported), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, _, stderr := try(t, nil, "config", "import", file, "--data", data); status != 0 {
			t.Fatalf("import: status %d, %s", status, stderr)
		}
		if got := issueAt(t, url).Number; got != "A002" {
			t.Errorf("number %s after the import, want A002", got)
		}
	})
}

// TestFirstStartIn2036 installs the server on a machine whose clock is wrong, and sets it right.
func TestFirstStartIn2036(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	at(t, data, "2036-03-03T10:00:00+01:00", func(url string) { issueAt(t, url) })
	at(t, data, "2026-03-02T09:00:00+01:00", func(url string) {
		if got := issueAt(t, url).Number; got != "A002" {
			t.Errorf("number %s, want A002", got)
		}
		if open, waiting := anagrafe(t, url); !open || waiting != 2 {
			t.Errorf("open: %v, %d wait; want true, 2", open, waiting)
		}
	})
	at(t, data, "2026-03-03T09:00:00+01:00", func(url string) {
		if got := issueAt(t, url).Number; got != "A001" {
			t.Errorf("number %s of the next day, want A001", got)
		}
	})
}

// TestClockMonthsAhead starts the server with a clock that is months ahead, which is believed, and
// with the right one again: who waited waits, no number is given twice, and the figures count
// every visit once.
func TestClockMonthsAhead(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	at(t, data, "2026-03-02T09:00:00+01:00", func(url string) {
		for range 3 {
			issueAt(t, url)
		}
	})
	at(t, data, "2026-09-07T10:00:00+02:00", func(url string) {
		if _, waiting := anagrafe(t, url); waiting != 0 {
			t.Errorf("%d wait after months, want none", waiting)
		}
		if got := issueAt(t, url).Number; got != "A004" {
			t.Errorf("number %s, want A004: the three who waited may be back", got)
		}
	})
	at(t, data, "2026-03-02T09:10:00+01:00", func(url string) {
		if open, waiting := anagrafe(t, url); !open || waiting != 4 {
			t.Errorf("open: %v, %d wait; want true, 4", open, waiting)
		}
		if got := issueAt(t, url).Number; got != "A005" {
			t.Errorf("number %s, want A005", got)
		}
		for _, verb := range []string{"open", "next", "start", "done"} {
			if status := request(t, http.MethodPost, url+"/api/v1/counters/1/"+verb, map[string]string{}, nil); status != http.StatusOK {
				t.Errorf("%s: status %d", verb, status)
			}
		}
		var rows []struct {
			Key                    string
			Issued, Served, Absent int
		}
		request(t, http.MethodGet, url+"/api/v1/stats?from=2026-01-01&to=2026-12-31&by=day", nil, &rows)
		if len(rows) != 2 || rows[0].Key != "2026-03-02" || rows[0].Issued != 4 || rows[0].Served != 1 || rows[0].Absent != 0 ||
			rows[1].Key != "2026-09-07" || rows[1].Issued != 1 {
			t.Errorf("figures %+v, want 4 visits of 2 March, one served, and the one noted on 7 September", rows)
		}
	})
}

// TestImportBesideAnotherHour imports beside servers that go by another hour of the machine's day.
func TestImportBesideAnotherHour(t *testing.T) {
	t.Parallel()
	for _, by := range []time.Duration{-2 * time.Hour, 2 * time.Hour} {
		data, clock := filepath.Join(t.TempDir(), "data"), time.Now().Add(by)
		at(t, data, clock.Format(time.RFC3339), func(url string) {
			request(t, http.MethodPost, url+"/api/v1/counters/1/open", map[string]string{}, nil)
			_, exported, _ := try(t, nil, "config", "export", "--data", data)
			file := filepath.Join(t.TempDir(), "office.json")
			if err := os.WriteFile(file, []byte(exported), 0o600); err != nil {
				t.Fatal(err)
			}
			if status, _, stderr := try(t, nil, "config", "import", file, "--data", data); status != 0 {
				t.Fatalf("import: status %d, %s", status, stderr)
			}
			request(t, http.MethodPost, url+"/api/v1/counters/2/open", map[string]string{}, nil)
			var list []queue.Event
			request(t, http.MethodGet, url+"/api/v1/journal", nil, &list)
			for i := range list {
				if off := list[i].At.Sub(clock); list[i].Kind == queue.ClockSet || off < -time.Minute || off > time.Minute {
					t.Errorf("%s at %s, by a clock that started at %s", list[i].Kind, list[i].At, clock)
				}
			}
			if last := list[len(list)-1]; last.Kind != queue.CounterOpened || last.Counter != "2" {
				t.Errorf("the last event is %s, want the counter opened after the import", last.Kind)
			}
		})
	}
}

// TestImportBesideABusyServer imports while others write into the office.
func TestImportBesideABusyServer(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	at(t, data, "2026-03-02T09:00:00+01:00", func(url string) {
		_, exported, _ := try(t, nil, "config", "export", "--data", data)
		var cfg queue.Config
		if err := json.Unmarshal([]byte(exported), &cfg); err != nil {
			t.Fatal(err)
		}
		imported, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			for {
				select {
				case <-imported:
					return
				case <-time.After(5 * time.Millisecond):
					issueAt(t, url)
				}
			}
		}()
		file := filepath.Join(t.TempDir(), "office.json")
		for range 20 {
			b, err := json.Marshal(&cfg)
			if err == nil {
				err = os.WriteFile(file, b, 0o600)
			}
			if err != nil {
				t.Error(err)
			}
			if status, _, stderr := try(t, nil, "config", "import", file, "--data", data); status != 0 {
				t.Errorf("import of version %d: status %d, %s", cfg.Version, status, stderr)
				break
			}
			cfg.Version++
		}
		close(imported)
		<-ended
	})
}
