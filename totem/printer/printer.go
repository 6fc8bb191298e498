// Package printer is the page that shows a virtual printer to whoever develops or demonstrates the
// totem: its paper as it comes, and buttons for everything that goes wrong with real ones.
package printer

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// FS has the page and its files, to be among [Assets] below "totem/printer".
//
//go:embed index.html printer.css printer.js
var FS embed.FS

const (
	// policy allows the page its own files, and nothing else.
	policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	// breath is how long the page is left alone after each state that it was sent.
	breath = 80 * time.Millisecond
	// shown is how many tickets the page has, the newest.
	shown = 40
	// largestOrder is more than an order of the page has.
	largestOrder = 1 << 10
)

// Assets serves the files of pages.
type Assets interface {
	Serve(w http.ResponseWriter, r *http.Request, name string) bool
}

type handler struct {
	machine *virtual.Machine
	model   virtual.Model
	assets  Assets
}

// New serves the page of a machine. Streams end with the context of their request.
func New(m *virtual.Machine, model virtual.Model, assets Assets) http.Handler {
	h := &handler{m, model, assets}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.page)
	mux.HandleFunc("GET /assets/{name...}", h.asset)
	mux.HandleFunc("GET /state", h.state)
	mux.HandleFunc("GET /events", h.events)
	mux.HandleFunc("GET /paper.png", h.paper)
	mux.HandleFunc("GET /tickets/{id}", h.ticket)
	mux.HandleFunc("POST /faults/{fault}", h.fault)
	mux.HandleFunc("POST /tear", h.tear)
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard keeps out what other sites' pages may try: names that somebody makes lead here, frames,
// scripts.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil && host != "localhost" {
			http.Error(w, "this page is at an address, not at a name", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	h.file(w, r, "totem/printer/index.html")
}

func (h *handler) asset(w http.ResponseWriter, r *http.Request) { h.file(w, r, r.PathValue("name")) }

func (h *handler) file(w http.ResponseWriter, r *http.Request, name string) {
	if !h.assets.Serve(w, r, name) {
		http.NotFound(w, r)
	}
}

// state is what the page shows.
type state struct {
	Revision uint64   `json:"revision"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
	Dots     int      `json:"dots"`
	Online   bool     `json:"online"`
	Faults   []string `json:"faults"`
	Jammed   bool     `json:"jammed"`
	Client   bool     `json:"client"`
	Waiting  int      `json:"waiting"`
	Printing bool     `json:"printing"`
	Hanging  int      `json:"hanging"` // rows of the ticket in the making that look out
	Count    int      `json:"count"`   // of all tickets
	Tickets  []ticket `json:"tickets"`
}

type ticket struct {
	ID     int    `json:"id"`
	Height int    `json:"height"`
	Text   string `json:"text"`
	Torn   string `json:"torn"`
	Rest   bool   `json:"rest"`
	Came   int    `json:"came"`
	Taken  bool   `json:"taken"`
	Wrong  string `json:"wrong"`
}

func (h *handler) now() state {
	look := h.machine.Look()
	s := state{
		Revision: look.Revision, Title: h.model.Title, Address: h.machine.Addr(), Dots: h.model.Dots, Online: look.Online, Jammed: look.Jammed,
		Client: look.Client, Waiting: look.Waiting, Printing: look.Printing, Hanging: look.Hanging, Count: len(look.Tickets),
		Faults: []string{}, Tickets: []ticket{},
	}
	for _, f := range virtual.Faults() {
		if look.Faults[f] {
			s.Faults = append(s.Faults, string(f))
		}
	}
	for _, t := range look.Tickets[max(0, len(look.Tickets)-shown):] {
		one := ticket{ID: t.ID, Height: t.Paper.Height(), Text: t.Paper.Text(), Torn: string(t.Torn), Rest: t.Rest, Came: t.Came, Taken: t.Taken}
		if t.Wrong != nil {
			one.Wrong = t.Wrong.Error()
		}
		s.Tickets = append(s.Tickets, one)
	}
	return s
}

func (h *handler) state(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(h.now())
}

// events sends the state, at once and after every change.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		s := h.now()
		b, err := json.Marshal(s)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", b); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(breath):
		}
		if h.machine.Wait(r.Context(), func(l virtual.Look) bool { return l.Revision != s.Revision }) != nil {
			return
		}
	}
}

func (h *handler) paper(w http.ResponseWriter, _ *http.Request) { picture(w, h.machine.Hanging()) }

// ticket answers with the picture of one, "12.png".
func (h *handler) ticket(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutSuffix(r.PathValue("id"), ".png")
	id, err := strconv.Atoi(name)
	list := h.machine.Tickets()
	if !ok || err != nil || id < 1 || id > len(list) {
		http.NotFound(w, r)
		return
	}
	picture(w, list[id-1].Paper.Image())
}

func picture(w http.ResponseWriter, m image.Image) {
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "no-store")
	_ = png.Encode(w, m) // who has gone needs no picture
}

// order is what a button sends.
type order struct {
	On      bool    `json:"on"`
	AfterMM float64 `json:"after_mm"` // only once so much more paper has come
}

func (h *handler) fault(w http.ResponseWriter, r *http.Request) {
	f := virtual.Fault(r.PathValue("fault"))
	var o order
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, largestOrder)).Decode(&o)
	switch {
	case !slices.Contains(virtual.Faults(), f):
		http.NotFound(w, r)
		return
	case err == nil && (o.AfterMM < 0 || o.AfterMM > 1000 || o.AfterMM > 0 && !o.On):
		err = errors.New("after_mm: from 0 to 1000, with on")
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if o.AfterMM > 0 {
		h.machine.SetAfter(f, o.AfterMM)
	} else {
		h.machine.Set(f, o.On)
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h *handler) tear(w http.ResponseWriter, _ *http.Request) {
	h.machine.TearOff()
	w.WriteHeader(http.StatusNoContent)
}
