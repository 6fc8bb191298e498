package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	_ "time/tzdata" // the office's time zone must be known on any machine

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/demo"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/httpd"
	"github.com/eliminacode/eliminacode/pkg/journal/sqlite"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// inside answers requests without a network, which would hold up the bubble's time.
type inside struct{ http.Handler }

func (h inside) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r = r.Clone(r.Context())
	r.RemoteAddr, r.RequestURI = "127.0.0.1:1", r.URL.RequestURI()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

const token = "demo-test-token"

// ask reads what the server shows.
func ask(t *testing.T, c *http.Client, path string, v any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://demo/api/v1"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}

// TestAlive plays a Saturday until the morning is over, and on into the Monday after: all that time
// the office is open, people wait and are called, by clerks with names.
func TestAlive(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "eliminacode.db")
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(9 * 24 * time.Hour) // of 1 January 2000, which was a holiday
		now, err := demo.Clock(queue.Default(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		saturday := now()
		j, err := sqlite.Open(t.Context(), file, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		cheap := auth.HashParams{MemoryKiB: 8, Passes: 1, Threads: 1}
		accounts := auth.New(j.DB(), auth.Options{Now: now, DevToken: token, Hash: cheap})
		e := engine.New(engine.Options{Journal: j, Now: now})
		var said bytes.Buffer
		log := slog.New(slog.NewTextHandler(&said, nil))
		server, err := httpd.New(httpd.Options{Engine: e, Journal: j, Auth: accounts, Now: now, Log: log, Version: "test", Office: "urp", DevToken: token})
		if err != nil {
			t.Fatal(err)
		}
		e.Observe(server.Audience())
		if err := e.Create(t.Context(), "urp", queue.Default()); err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: inside{server.Handler()}}
		ctx, stop := context.WithCancel(context.Background())
		m := demo.Morning{Address: "http://demo", Token: token, Seed: 1, Log: log, Client: client}
		time.Sleep(101 * time.Minute) // half an hour before the morning is over
		var playing sync.WaitGroup
		playing.Go(func() { m.Play(ctx) })

		names := map[string]bool{"": true}
		var last time.Time
		for begin := time.Now(); time.Since(begin) < time.Hour; {
			time.Sleep(10 * time.Minute)
			var v view.PublicPage
			ask(t, client, "/state", &v)
			waiting := 0
			for _, c := range v.Channels {
				waiting += c.Waiting
			}
			last = v.At.In(saturday.Location())
			if !v.Open || waiting == 0 || waiting > 80 || len(v.Calls) == 0 || last.Sub(v.Calls[0].At) > 3*time.Minute {
				t.Errorf("at %v: open %v, %d waiting, calls %v", last, v.Open, waiting, v.Calls)
			}
			var counters []view.Desk
			ask(t, client, "/counters", &counters)
			for _, c := range counters {
				names[c.Operator] = true
			}
		}
		if last.Sub(saturday) < 47*time.Hour || last.Weekday() != time.Monday {
			t.Errorf("the demo began at %v and has come to %v", saturday, last)
		}
		if names["dev"] || !names["giulia.bianchi"] || len(names) != 5 {
			t.Errorf("the clerks are %v", names)
		}
		stop()
		playing.Wait()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
		if said.Len() > 0 {
			t.Errorf("the log has %.2000s", said.String())
		}
	})
}
