package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

// find is a ticket as it is now: the server's word, if it can be had, else the agent's.
func (a *Agent) find(ctx context.Context, id string) (json.RawMessage, error) {
	known := a.memory.ticket(id)
	if c := a.direct(id); c != nil {
		short, cancel := context.WithTimeout(ctx, askWithin)
		defer cancel()
		raw, err := c.Ticket(short, id)
		if err == nil && known != nil {
			return withPaper(raw, known)
		}
		if !client.Away(err) {
			return raw, err
		}
	}
	if known == nil || known.Offline == nil && known.Answer == nil {
		return nil, unknown(a.isUp())
	}
	return a.shown(known)
}

// unknown refuses a ticket of which nothing is known here; the server, if it is there, knows none.
func unknown(up bool) error {
	if up {
		return queue.Refuse(queue.UnknownTicket, queue.ReasonUnknownTicket)
	}
	return queue.Refuse(unavailable, reasonUnavailable)
}

// withPaper adds what the agent knows of the paper and the server may not have heard yet.
func withPaper(raw json.RawMessage, t *ticket) (json.RawMessage, error) {
	if j := t.lastJob(); j != nil {
		return overlay(raw, j.fields())
	}
	return raw, nil
}

func (a *Agent) isUp() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.link.up
}

// direct returns the server's client for what concerns a ticket; nil if the server can't be
// reached, or hasn't heard yet of the ticket or of a copy that the agent made by itself: a later
// copy would be taken for the earlier.
func (a *Agent) direct(id string) (c *client.Client) {
	waits := false
	a.memory.look(func(s *state) {
		for _, i := range s.Outbox {
			waits = waits || i.Ticket == id && (i.Kind != itemPrinted || isLocal(i.Copy))
		}
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.link.up && !waits {
		return a.link.client
	}
	return nil
}

// cancel gives a ticket's place up.
func (a *Agent) cancel(ctx context.Context, id, language string) (json.RawMessage, error) {
	ctx = context.WithoutCancel(ctx)
	if err := a.keys.lock(ctx, id); err != nil {
		return nil, err
	}
	defer a.keys.unlock(id)
	if c := a.direct(id); c != nil {
		short, cancel := context.WithTimeout(ctx, askWithin)
		defer cancel()
		raw, err := c.Cancel(short, id, language)
		if err == nil && a.memory.ticket(id) != nil {
			a.memory.keep(false, record{Kind: recCancel, Ticket: id, Quiet: true})
		}
		if !client.Away(err) {
			return raw, err
		}
		a.fail()
	}
	known := a.memory.ticket(id)
	if known == nil || known.Offline == nil && known.Answer == nil {
		return nil, unknown(false)
	}
	if !known.Cancelled {
		if err := a.memory.note(true, record{Kind: recCancel, Ticket: id}); err != nil {
			return nil, queue.Refuse(unavailable, reasonDiskFull)
		}
		a.change()
	}
	return a.shown(a.memory.ticket(id))
}

// reprint has a ticket printed once more: the server says so by its view, and counts it; while it
// is away the agent prints by itself what it has given here.
func (a *Agent) reprint(ctx context.Context, id, key, language string) (json.RawMessage, error) {
	ctx = context.WithoutCancel(ctx)
	if err := a.keys.lock(ctx, id); err != nil {
		return nil, err
	}
	defer a.keys.unlock(id)
	if c := a.direct(id); c != nil {
		short, cancel := context.WithTimeout(ctx, askWithin)
		defer cancel()
		raw, err := c.Reprint(short, id, key, language)
		if !client.Away(err) {
			return raw, err
		}
		a.fail()
		return nil, queue.Refuse(unavailable, reasonUnavailable) // it may have been heard: not twice
	}
	t := a.memory.ticket(id)
	if t == nil || t.Offline == nil && t.Answer == nil {
		return nil, unknown(false)
	}
	return a.printAgain(t)
}

// printAgain prints a copy of the agent's own. A copy that is still to come is not doubled.
func (a *Agent) printAgain(t *ticket) (json.RawMessage, error) {
	if j := t.lastJob(); j != nil && j.Result == "" {
		return a.shown(t)
	}
	raw, err := a.shown(t)
	if err != nil {
		return nil, err
	}
	said, err := readAnswer(raw)
	if err != nil {
		return nil, err
	}
	own := 0
	for _, j := range t.Jobs {
		if isLocal(j.Copy) {
			own++
		}
	}
	copied := localPrefix + strconv.Itoa(own+1)
	if err := a.memory.note(true, record{Kind: recJob, Ticket: t.ID, Copy: copied}); err != nil {
		return nil, queue.Refuse(unavailable, reasonDiskFull)
	}
	soonKnown(a.press.add(t.ID, copied, onPaper(a.page(), said, t.Service, max(1, len(t.Jobs)))), a.opt.Printer.Status())
	a.change()
	return a.shown(a.memory.ticket(t.ID))
}

// address is that of a ticket's page, for its QR code.
func (a *Agent) address(ctx context.Context, id string) (string, error) {
	t := a.memory.ticket(id)
	var raw json.RawMessage
	var err error
	if t != nil && (t.Offline != nil || t.Answer != nil) {
		raw, err = a.shown(t)
	} else {
		raw, err = a.find(ctx, id)
	}
	if err != nil {
		return "", err
	}
	said, err := readAnswer(raw)
	if err != nil {
		return "", err
	}
	return said.URL, nil
}

// addressOf is that of a ticket's page as phones reach it: a view may have its path alone.
func (a *Agent) addressOf(said *view.Ticket) (address string) {
	if strings.Contains(said.URL, "://") {
		return said.URL
	}
	a.memory.look(func(s *state) { address = a.base(s) + string(said.ID) })
	return address
}

// base is what stands before the id of a ticket in its page's address.
func (a *Agent) base(s *state) string { return cmp.Or(s.Base, a.opt.Server+"/t/") }
