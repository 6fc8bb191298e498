package httpd_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

func TestConfigVersions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	const path = "/api/v1/config/versions"
	first := ada.get("/api/v1/config").want(http.StatusOK)
	s.clock.pass(time.Hour)
	s.configure(func(c *queue.Config) { c.Notices = []queue.Notice{{ID: "a", Text: queue.Text{"it": "Avviso"}}} })
	var cfg queue.Config
	now := ada.get("/api/v1/config").want(http.StatusOK)
	now.read(&cfg)
	cfg.PatronSaint, cfg.Notices = "06-24", nil
	body, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.pass(time.Hour)
	ada.with("If-Match", now.Header.Get("ETag")).do(http.MethodPut, "/api/v1/config", string(body)).want(http.StatusOK)

	type version struct {
		Version int       `json:"version"`
		At      time.Time `json:"at"`
		By      string    `json:"by"`
		Changed []string  `json:"changed"`
	}
	var list []version
	ada.get(path).want(http.StatusOK).headers("Cache-Control", "no-store").read(&list)
	want := []version{
		{3, start.Add(2 * time.Hour), "user/ada", []string{"notices", "patron_saint"}},
		{2, start.Add(time.Hour), "dev", []string{"notices"}},
		{1, start, "system", []string{}},
	}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	old := ada.get(path + "/1").want(http.StatusOK)
	if diff := cmp.Diff(string(first.body), string(old.body)); diff != "" {
		t.Errorf("version 1 (-then +now):\n%s", diff)
	}
	// The way back is a change like any other.
	ada.with("If-Match", `"3"`).do(http.MethodPut, "/api/v1/config", string(old.body)).want(http.StatusOK).headers("ETag", `"4"`)
	ada.get(path).want(http.StatusOK).read(&list)
	if len(list) != 4 || list[0].Version != 4 {
		t.Errorf("%+v", list)
	}
	for _, none := range []string{"0", "5", "-1", "x", "01", "99999999999999999999"} {
		ada.get(path+"/"+none).refused(http.StatusNotFound, "not_found", "")
	}
	api := s.other("cascine")
	s.dev().get(api + "/config/versions").want(http.StatusOK).read(&list)
	if len(list) != 1 {
		t.Errorf("another office has %+v", list)
	}
	s.dev().get(api + "/config/versions/1").want(http.StatusOK)
	s.dev().get("/api/v1/offices/luna/config/versions").refused(http.StatusNotFound, "unknown_office", "")
	s.dev().get("/api/v1/offices/luna/config/versions/1").refused(http.StatusNotFound, "unknown_office", "")
}

// TestConfigDryRun checks changes that are not to be made.
func TestConfigDryRun(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	ada := s.user("ada", auth.Admin)
	var cfg queue.Config
	ada.get("/api/v1/config").want(http.StatusOK).read(&cfg)
	put := func(path, version string) *answer {
		t.Helper()
		body, err := json.Marshal(cfg)
		if err != nil {
			t.Fatal(err)
		}
		return ada.with("If-Match", version).do(http.MethodPut, path, string(body))
	}
	cfg.Name = queue.Text{"it": "Altro nome"}
	put("/api/v1/config?dry_run=1", `"1"`).want(http.StatusOK).contains("Altro nome")
	put("/api/v1/config?dry_run=1", `"7"`).refused(http.StatusPreconditionFailed, "precondition_failed", "")
	cfg.Channels = nil
	put("/api/v1/config?dry_run=1", `"1"`).want(http.StatusUnprocessableEntity).contains("channels")
	ada.get("/api/v1/config").want(http.StatusOK).headers("ETag", `"1"`)

	// Nor is an office made.
	body, err := json.Marshal(queue.Default())
	if err != nil {
		t.Fatal(err)
	}
	ada.with("If-None-Match", "*").do(http.MethodPut, "/api/v1/offices/cascine/config?dry_run=1", string(body)).want(http.StatusOK)
	ada.get("/api/v1/offices/cascine/config").refused(http.StatusNotFound, "unknown_office", "")
}
