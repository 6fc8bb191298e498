package agent

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/totem/told"
)

// topic is the one view that there is here.
const topic = "totem"

// refusedShown is how many refused tickets are told of at most, the last ones.
const refusedShown = 50

// printsShown is of how many copies the screen hears.
const printsShown = 8

// Status is how it stands with the agent.
type Status struct {
	Server  ServerStatus         `json:"server"`
	Printer client.PrinterStatus `json:"printer"`
	Unsent  int                  `json:"unsent"` // tickets that the server hasn't heard of
	// Refused are those that it has heard of and not taken, of the last two days: their holders
	// wait for nothing.
	Refused []client.Refused `json:"refused"`
	Paired  bool             `json:"paired"`
	Disk    string           `json:"disk"`  // ok or full
	Clock   string           `json:"clock"` // synced or estimated
	Left    map[string]int   `json:"left"`  // numbers for when the server is away, by letter
	Version string           `json:"version"`
	Prints  []PrintStatus    `json:"prints"` // the last ones, the newest first
}

// ServerStatus says whether the server is there, and since when that is so.
type ServerStatus struct {
	Online bool      `json:"online"`
	Since  time.Time `json:"since"`
}

// PrintStatus is what became of a ticket's newest copy.
type PrintStatus struct {
	Ticket  string `json:"ticket"`
	Printed string `json:"printed"`
	Reason  string `json:"reason,omitempty"`
}

// Status says how it stands.
func (a *Agent) Status() Status {
	printer := a.opt.Printer.Status()
	s := Status{
		Printer: client.PrinterStatus{State: string(printer.State), Reason: string(printer.Reason)},
		Paired:  a.token() != "", Disk: "ok", Clock: "estimated", Left: map[string]int{}, Version: a.opt.Version, Prints: []PrintStatus{}, Refused: []client.Refused{},
	}
	if a.clock.isSynced() {
		s.Clock = "synced"
	}
	now := a.clock.now()
	a.mu.Lock()
	s.Server = ServerStatus{a.link.online, a.link.since}
	var loc *time.Location
	if a.at != nil {
		loc = a.at.zone
	} else {
		loc = told.Zone("")
	}
	a.mu.Unlock()
	s.Server.Since = s.Server.Since.In(loc).Truncate(time.Second)
	today := day(now, loc)
	a.memory.look(func(st *state) {
		s.Unsent = len(st.unsent())
		s.Refused = append(s.Refused, st.refused(now)...)
		for _, b := range st.Blocks {
			n, ok := st.next(today, a.clock.isSure(), b)
			if s.Left[b.Letter] = 0; ok {
				s.Left[b.Letter] = b.To - n + 1
			}
		}
		for _, t := range st.newest(printsShown, func(t *ticket) bool { return t.lastJob() != nil }) {
			j := t.lastJob()
			s.Prints = append(s.Prints, PrintStatus{t.ID, orPending(j.Result), j.Reason})
		}
		if a.memory.full != nil {
			s.Disk = "full"
		}
	})
	return s
}

// shown is what the screen was told last.
type shown struct {
	mu sync.Mutex
	at time.Time
}

// publish tells the screen of every change until ctx ends.
func (a *Agent) publish(ctx context.Context) {
	for ctx.Err() == nil {
		changed := a.changes()
		if message := a.message(); message != nil {
			a.hub.Publish(topic, message)
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// message is the server's last view with how it stands with the agent; nil if there never was a
// view. It is never older than the one before.
func (a *Agent) message() []byte {
	a.mu.Lock()
	view, at := a.link.view, a.at
	a.mu.Unlock()
	if at == nil {
		return nil
	}
	a.told.mu.Lock()
	now := a.clock.now().Truncate(time.Millisecond) // as it is written
	if !now.After(a.told.at) {
		now = a.told.at.Add(time.Millisecond)
	}
	a.told.at = now
	a.told.mu.Unlock()
	now = now.In(at.zone)
	merged, err := overlay(view, map[string]any{"at": now, "agent": a.Status()})
	if err == nil {
		merged, err = json.Marshal(struct {
			Type string          `json:"type"`
			Seq  int64           `json:"seq"`
			At   time.Time       `json:"at"`
			View json.RawMessage `json:"view"`
		}{"view", at.Seq, now, merged})
	}
	if err != nil {
		a.opt.Log.Error("the view can't be made", "err", err)
		return nil
	}
	return merged
}
