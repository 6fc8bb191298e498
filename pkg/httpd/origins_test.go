package httpd_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/eliminacode/eliminacode/pkg/auth"
	"github.com/eliminacode/eliminacode/pkg/httpd"
)

// town has the town's own site listed, so that its widget may show the queue.
func town(o *httpd.Options) {
	o.Origins = []string{"https://www.comune.example.it"}
	o.PublicURL = "https://coda.comune.example.it"
}

// TestListedSiteMayOnlyWatch has a page of a listed site, opened by an administrator who is signed
// in.
func TestListedSiteMayOnlyWatch(t *testing.T) {
	t.Parallel()
	s := newServer(t, town)
	admin := s.user("capo", auth.Admin)
	mine := admin.issue("anagrafe")
	seq := s.seq()
	for _, site := range []string{"same-site", "cross-site", ""} {
		page := admin.with("Origin", "https://www.comune.example.it")
		if site != "" {
			page = page.with("Sec-Fetch-Site", site)
		}
		for _, kind := range []string{"text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "application/json"} {
			c := page.outside().with("Content-Type", kind)
			c.post("/api/v1/users", `{"name":"intruso","role":"admin","password":"`+password+`"}`).refused(http.StatusForbidden, "forbidden", "")
			c.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusForbidden, "forbidden", "")
			c.delete("/api/v1/tickets/"+mine.ID).refused(http.StatusForbidden, "forbidden", "")
			c.post("/t/"+mine.ID+"/cancel", "").refused(http.StatusForbidden, "forbidden", "")
		}
		for _, view := range []string{"counter&counter=2", "totem", "display&display=sala", "floor"} {
			if v, a := page.dial("view=" + view); v != nil {
				t.Errorf("a page of another site watches %s", view)
			} else {
				a.refused(http.StatusForbidden, "forbidden", "")
			}
		}
		page.watch("view=public").next("view", nil)
		page.watch("view=ticket&ticket="+mine.ID).next("view", nil)
		page.get("/api/v1/state").want(http.StatusOK).headers("Access-Control-Allow-Origin", "*")
		if a := page.get("/api/v1/users").want(http.StatusOK); a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("the users are readable from elsewhere")
		}
	}
	if s.seq() != seq {
		t.Error("a listed site changed something")
	}
	// The server's own pages do as they did, by the host of the request or the public address.
	for _, own := range []string{s.web.URL, "https://coda.comune.example.it"} {
		page := admin.with("Origin", own)
		page.watch("view=counter&counter=2").next("view", nil)
		page.issue("anagrafe")
	}
	admin.with("Sec-Fetch-Site", "same-origin").with("Origin", "https://coda.comune.example.it").issue("anagrafe")
}

func TestOnlyJSON(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.dev().outside()
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp", "json", ";"} {
		c.with("Content-Type", kind).post("/api/v1/tickets", `{"channel":"anagrafe"}`).
			refused(http.StatusUnsupportedMediaType, "unsupported_media_type", "")
		c.with("Content-Type", kind).post("/api/v1/counters/2/open", "").want(http.StatusOK) // nothing to misread
	}
	c.with("Content-Type", "application/json; charset=utf-8").post("/api/v1/tickets", `{"channel":"anagrafe"}`).want(http.StatusCreated)
}

func TestWatchOrigins(t *testing.T) {
	t.Parallel()
	s := newServer(t, town)
	for _, tt := range []struct {
		origins []string
		status  int
	}{
		{nil, http.StatusSwitchingProtocols},
		{[]string{"http://office.example"}, http.StatusSwitchingProtocols},
		{[]string{"https://OFFICE.example"}, http.StatusSwitchingProtocols},
		{[]string{"https://www.comune.example.it"}, http.StatusSwitchingProtocols},
		{[]string{"http://www.comune.example.it"}, http.StatusForbidden},
		{[]string{"https://evil.example"}, http.StatusForbidden},
		{[]string{"https://office.example.evil.example"}, http.StatusForbidden},
		{[]string{"https://office.example:8443"}, http.StatusForbidden},
		{[]string{"null"}, http.StatusForbidden},
		{[]string{""}, http.StatusForbidden},
		{[]string{"https://office.example", "https://evil.example"}, http.StatusForbidden},
	} {
		t.Run(fmt.Sprint(tt.origins), func(t *testing.T) {
			c := s.public().with("Host", "office.example")
			if tt.origins != nil {
				c.header["Origin"] = tt.origins
			}
			v, a := c.dial("view=public")
			if got := v != nil; got != (tt.status == http.StatusSwitchingProtocols) {
				t.Errorf("watched: %v", got)
			} else if a != nil {
				a.want(tt.status)
			}
		})
	}
}
