package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/auth"
)

// asked is the answer to a device that wants to be paired.
type asked struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Target     string `json:"target"`
	Code       string `json:"code"`
	Secret     string `json:"secret"`
	ConfirmURL string `json:"confirm_url"`
	QR         string `json:"qr"`
}

func (c client) ask(body string) (a asked, answer *answer) {
	c.Helper()
	answer = c.post("/api/v1/pairings", body).want(http.StatusCreated)
	answer.read(&a)
	return a, answer
}

type state struct {
	State  string `json:"state"`
	Kind   string `json:"kind"`
	Target string `json:"target"`
	Page   string `json:"page"`
}

func (c client) pairing(id string) (s state) {
	c.Helper()
	c.get("/api/v1/pairings/" + id).want(http.StatusOK).read(&s)
	return s
}

// invited makes an invitation and opens it in a browser.
func (s *server) invited(body string) (browser client, page string) {
	s.Helper()
	var invitation struct {
		Code    string `json:"code"`
		PairURL string `json:"pair_url"`
	}
	s.dev().post("/api/v1/pairings/invite", body).want(http.StatusCreated).read(&invitation)
	if invitation.PairURL != s.web.URL+"/pair#"+invitation.Code {
		s.Errorf("%q", invitation.PairURL)
	}
	var redeemed struct {
		Token string `json:"token"`
		Page  string `json:"page"`
	}
	a := s.public().post("/api/v1/pairings/redeem", `{"code":"`+invitation.Code+`","cookie":true}`).want(http.StatusCreated)
	a.read(&redeemed)
	if redeemed.Token != "" {
		s.Error("a page's scripts can read the token")
	}
	// The code is used up, for whoever else has the link.
	s.public().post("/api/v1/pairings/redeem", `{"code":"`+invitation.Code+`"}`).refused(http.StatusNotFound, "not_found", "code")
	return s.public().with("Cookie", "eliminacode_device="+a.cookie("eliminacode_device").Value), redeemed.Page
}

// TestDeviceShowsCode has a kiosk whose page asks to be paired, and an administrator who confirms
// the code.
func TestDeviceShowsCode(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	admin := s.user("capo", auth.Admin)
	s.public().get("/totem").want(http.StatusOK).contains("pair/pair.js")
	kiosk, a := s.public().ask(`{"kind":"totem","target":"totem","cookie":true}`)
	cookie := a.cookie("eliminacode_device")
	if kiosk.Secret != "" || !cookie.HttpOnly || len(kiosk.Code) != 8 || strings.Trim(kiosk.Code, "23456789ACDEFGHJKMNPQRTUVWXY") != "" ||
		kiosk.ConfirmURL != s.web.URL+"/admin#pair="+kiosk.Code || !strings.HasPrefix(kiosk.QR, "data:image/svg+xml;base64,") {
		t.Errorf("%+v", kiosk)
	}
	browser := s.public().with("Cookie", cookie.Name+"="+cookie.Value)
	if got := browser.pairing(kiosk.ID); got.State != "waiting" || got.Kind != "totem" {
		t.Errorf("%+v", got)
	}
	browser.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	s.public().get("/api/v1/pairings/"+kiosk.ID).refused(http.StatusNotFound, "not_found", "code")
	// Who invents codes, or has another's, gets nothing by them.
	s.public().post("/api/v1/pairings/redeem", `{"code":"`+kiosk.Code+`"}`).refused(http.StatusNotFound, "not_found", "code")
	admin.post("/api/v1/pairings/confirm", `{"code":"22222222","kind":"totem","target":"totem"}`).refused(http.StatusNotFound, "not_found", "code")

	var waiting []asked
	list := admin.get("/api/v1/pairings").want(http.StatusOK)
	list.read(&waiting)
	if len(waiting) != 1 || waiting[0].ID != kiosk.ID || waiting[0].Target != "totem" || strings.Contains(string(list.body), kiosk.Code) {
		t.Errorf("%s", list.body)
	}
	admin.post("/api/v1/pairings/confirm", `{"code":"`+kiosk.Code+`","kind":"display","target":"cantina"}`).refused(http.StatusBadRequest, "invalid", "target")
	typed := strings.ToLower(kiosk.Code[:4]) + " - " + kiosk.Code[4:]
	admin.post("/api/v1/pairings/confirm", `{"code":"`+typed+`","kind":"totem","target":"totem"}`).want(http.StatusCreated)
	if got := browser.pairing(kiosk.ID); got.State != "paired" || got.Page != "/totem" {
		t.Errorf("%+v", got)
	}
	browser.get("/totem").want(http.StatusOK).contains("totem/screen")
	browser.issue("anagrafe")
	admin.post("/api/v1/pairings/confirm", `{"code":"`+kiosk.Code+`","kind":"totem","target":"totem"}`).refused(http.StatusNotFound, "not_found", "code")

	var devices []struct {
		ID string `json:"id"`
	}
	admin.get("/api/v1/devices").want(http.StatusOK).read(&devices)
	if len(devices) == 0 || strings.HasPrefix(devices[0].ID, "display.") {
		t.Fatalf("%+v", devices)
	}
	admin.delete("/api/v1/devices/" + devices[0].ID).want(http.StatusNoContent)
	browser.post("/api/v1/tickets", `{"channel":"anagrafe"}`).refused(http.StatusUnauthorized, "unauthenticated", "")
	browser.get("/totem").want(http.StatusOK).contains("pair/pair.js")
}

// TestProgramIsPaired has the agent of a kiosk, which keeps its secret by itself.
func TestProgramIsPaired(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	agent, _ := s.public().ask(`{}`)
	bearer := s.bearer(agent.Secret)
	if got := bearer.pairing(agent.ID); got.State != "waiting" {
		t.Errorf("%+v", got)
	}
	s.dev().post("/api/v1/pairings/confirm", `{"code":"`+agent.Code+`","kind":"totem","target":"t1"}`).want(http.StatusCreated)
	if got := bearer.pairing(agent.ID); got.State != "paired" || got.Target != "t1" {
		t.Errorf("%+v", got)
	}
	bearer.issue("anagrafe")
}

// TestMonitorWithoutAddress has a screen that only knows that it is one.
func TestMonitorWithoutAddress(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.public().get("/display").want(http.StatusOK).contains("pair/pair.js")
	s.public().get("/pair").want(http.StatusOK).contains("pair/pair.js")
	browser, page := s.invited(`{"kind":"display","target":"sala"}`)
	browser.get("/display").want(http.StatusSeeOther).headers("Location", page)
	browser.get(page).want(http.StatusOK)
	// Who signs in on it, to look after it, doesn't make it another screen.
	signedIn := browser.header.Get("Cookie") + "; " + s.user("ada", auth.Admin).header.Get("Cookie")
	s.public().with("Cookie", signedIn).get("/display").want(http.StatusSeeOther).headers("Location", page)
}

func TestCodesRunOut(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	kiosk, _ := s.public().ask(`{"kind":"totem"}`)
	var invitation asked
	s.dev().post("/api/v1/pairings/invite", `{"kind":"totem","target":"t1"}`).want(http.StatusCreated).read(&invitation)
	s.clock.pass(10*time.Minute + time.Second)
	s.dev().post("/api/v1/pairings/confirm", `{"code":"`+kiosk.Code+`","kind":"totem","target":"t1"}`).refused(http.StatusNotFound, "not_found", "code")
	s.public().post("/api/v1/pairings/redeem", `{"code":"`+invitation.Code+`"}`).refused(http.StatusNotFound, "not_found", "code")
	s.bearer(kiosk.Secret).get("/api/v1/pairings/"+kiosk.ID).refused(http.StatusNotFound, "not_found", "code")
}

// TestGuessingCodes has somebody who tries codes, and somebody who asks for ever more of them.
func TestGuessingCodes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var a *answer
	for range 50 {
		if a = s.public().post("/api/v1/pairings/redeem", `{"code":"22222222"}`); a.StatusCode != http.StatusNotFound {
			break
		}
	}
	a.refused(http.StatusTooManyRequests, "rate_limited", "")
	for range 30 {
		s.clock.pass(time.Second)
		s.public().ask(`{}`)
	}
	var waiting []asked
	s.dev().get("/api/v1/pairings").want(http.StatusOK).read(&waiting)
	if len(waiting) != 20 {
		t.Errorf("%d codes wait for one address", len(waiting))
	}
}
