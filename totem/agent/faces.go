package agent

import (
	"errors"
	"net/http"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/live"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// start is the screen; of a kiosk that isn't paired yet, the way to the page that pairs it.
func (a *Agent) start(w http.ResponseWriter, r *http.Request) error {
	if a.token() == "" {
		http.Redirect(w, r, "/totem", http.StatusSeeOther)
		return nil
	}
	return a.face(w, r)
}

func (a *Agent) face(w http.ResponseWriter, r *http.Request) error {
	if a.token() == "" {
		return a.file(w, r, "displays/pair/index.html")
	}
	return a.file(w, r, "totem/screen/index.html")
}

func (a *Agent) asset(w http.ResponseWriter, r *http.Request) error {
	return a.file(w, r, r.PathValue("file"))
}

func (a *Agent) file(w http.ResponseWriter, r *http.Request, name string) error {
	if !a.assets.Serve(w, r, name) {
		return queue.Refuse(queue.NotFound, reasonNoPage)
	}
	return nil
}

// healthz tells the pages which version they are of, as the server's does.
func (a *Agent) healthz(w http.ResponseWriter, _ *http.Request) error {
	return send(w, http.StatusOK, map[string]string{"status": "ok", "version": a.opt.Version, "pages": a.assets.Sum()})
}

// watch makes the screen a viewer.
func (a *Agent) watch(w http.ResponseWriter, r *http.Request) error {
	switch {
	case a.token() == "":
		return queue.Refuse(unauthenticated, reasonUnpaired)
	case r.URL.Query().Get("view") != topic:
		return queue.Refuse(queue.NotFound, reasonNoPage).At("view")
	}
	if screen := r.URL.Query().Get("screen"); screen != "" && len(screen) <= screenMax {
		a.mu.Lock()
		a.screen = screen
		a.changeLocked()
		a.mu.Unlock()
	}
	err := a.hub.Serve(w, r, live.Watch{
		Topic: topic, Rank: live.Known, Pulse: r.URL.Query().Get("tick") == "1", Holds: func() bool { return a.token() != "" },
	})
	switch {
	case errors.Is(err, live.ErrHandshake):
		return queue.Refuse(queue.Invalid, reasonNoHandshake)
	case err != nil:
		return queue.Refuse(queue.RateLimited, reasonTooMany)
	}
	return nil
}

// askedHere is the pairing's code as the page that pairs shows it. The secret stays with the agent.
type askedHere struct {
	client.Asked
	Secret  string `json:"secret,omitempty"`
	HoldsMS int64  `json:"holds_ms"` // the code may be a while old already
}

// pairingState says how far the pairing is.
type pairingState struct {
	State string `json:"state"`
	Kind  string `json:"kind"`
	Page  string `json:"page,omitempty"`
}

// postPairing shows the code: whatever the page believes that it is, it is a totem's.
func (a *Agent) postPairing(w http.ResponseWriter, r *http.Request) error {
	asked, holds, err := a.code(r.Context())
	if err != nil {
		return err
	}
	return send(w, http.StatusCreated, askedHere{Asked: asked, HoldsMS: int64(holds / time.Millisecond)})
}

func (a *Agent) getPairing(w http.ResponseWriter, r *http.Request) error {
	switch paired, waits := a.isPaired(r.PathValue("id")); {
	case paired:
		return send(w, http.StatusOK, pairingState{"paired", "totem", "/"})
	case waits:
		return send(w, http.StatusOK, pairingState{State: "waiting", Kind: "totem"})
	}
	return queue.Refuse(queue.NotFound, reasonPairingCode).At("code")
}

// redeem uses up an invitation that somebody typed at the kiosk.
func (a *Agent) redeem(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Code   string `json:"code"`
		Cookie bool   `json:"cookie"`
	}
	if err := decode(r, &in); err != nil {
		return err
	}
	token, to, err := a.clientOf("").Redeem(r.Context(), in.Code, languageOf(r))
	if err != nil {
		return err
	}
	a.paired(token, to)
	return send(w, http.StatusCreated, pairingState{"paired", "totem", "/"})
}
