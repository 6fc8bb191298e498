package agent

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"image"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/paper"
	"github.com/eliminacode/eliminacode/totem/told"
)

// page is the server's view, as the agent reads it.
type page struct {
	view.TotemPage

	arms func() image.Image
	zone *time.Location // the office's
}

// readPage reads a view; nil if there is none. Its arms are those of the one before if they are the
// same: their picture is read once, and not on the way of a ticket.
func readPage(b json.RawMessage, before *page) *page {
	var p page
	if len(b) == 0 || json.Unmarshal(b, &p) != nil {
		return nil
	}
	p.zone = told.Zone(p.Office.TimeZone)
	if before != nil && before.Paper.Arms == p.Paper.Arms {
		p.arms = before.arms
	} else {
		p.arms = sync.OnceValue(func() image.Image { return told.Arms(&p.TotemPage) })
	}
	return &p
}

func (p *page) channel(id queue.ChannelID) *view.Channel {
	for i := range p.Channels {
		if p.Channels[i].ID == id {
			return &p.Channels[i]
		}
	}
	return nil
}

// closed says why a channel gives no ticket at a moment without the server, which may know better:
// only what is known to be closed is.
func (p *page) closed(c *view.Channel, now time.Time) *queue.Refusal {
	if day(p.At, p.zone) != day(now, p.zone) {
		if p.OpensAt != nil && now.Before(*p.OpensAt) {
			return queue.Refuse(queue.OfficeClosed, reasonOfflineClosed)
		}
		return nil
	}
	switch {
	case p.Open && p.ClosesAt != nil && !now.Before(*p.ClosesAt),
		!p.Open && (p.OpensAt == nil || now.Before(*p.OpensAt)):
		return queue.Refuse(queue.OfficeClosed, reasonOfflineClosed)
	case p.Open && !c.Open:
		return queue.Refuse(queue.ChannelClosed, reasonOfflineClosed)
	}
	return nil
}

func day(t time.Time, in *time.Location) string { return t.In(in).Format(time.DateOnly) }

// passing are the parts of a view that change with every ticket: without them it says what the
// office is like.
var passing = []string{"seq", "at", "calls", "counters", "print"}

// likeness stands for what a view says that is worth keeping.
func likeness(b json.RawMessage) (sum [sha256.Size]byte) {
	var parts map[string]json.RawMessage
	if json.Unmarshal(b, &parts) != nil {
		return sum
	}
	for _, name := range passing {
		delete(parts, name)
	}
	var channels []map[string]json.RawMessage
	if json.Unmarshal(parts["channels"], &channels) == nil {
		for _, c := range channels {
			for _, name := range []string{"waiting", "wait", "last_called"} {
				delete(c, name)
			}
		}
		parts["channels"], _ = json.Marshal(channels) // it was just read
	}
	b, _ = json.Marshal(parts)
	return sha256.Sum256(b)
}

// onPaper is what the paper of a ticket says that was taken for a service; empty: for none. No
// page: none was ever seen.
func onPaper(p *page, said *view.Ticket, service string, copied int) *paper.Ticket {
	t := told.OnPaper(&view.TotemPage{}, nil, said, copied)
	if p == nil {
		return &t
	}
	t = told.OnPaper(&p.TotemPage, p.arms(), said, copied)
	for _, s := range p.Services {
		if s.ID == service {
			t.Bring = cmp.Or(s.Bring.In(said.Language), t.Bring)
		}
	}
	return &t
}

// answer is a ticket that the agent gave, as the server would answer it.
func (t *ticket) answer(base string) *view.Ticket {
	g := t.Offline
	return &view.Ticket{
		ID: queue.TicketID(t.ID), Number: g.Number, Channel: queue.ChannelID(g.Channel), Class: queue.Class(g.Class), Language: g.Language,
		State: queue.Waiting, IssuedAt: g.At.In(told.Zone(g.Zone)).Truncate(time.Second), Ahead: g.Ahead, URL: base + t.ID, Offline: true,
	}
}

// overlay sets fields of a JSON object.
func overlay(object json.RawMessage, set map[string]any) (json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &fields); err != nil {
		return nil, err
	}
	for name, value := range set {
		if value == nil {
			delete(fields, name)
			continue
		}
		b, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		fields[name] = b
	}
	return json.Marshal(fields)
}

// handOver is a ticket as the server is told of it.
func (t *ticket) handOver() client.Offline {
	g := t.Offline
	o := client.Offline{
		Ticket: t.ID, Number: g.Number, Channel: g.Channel, Class: g.Class, Language: g.Language, IssuedAt: g.At.In(told.Zone(g.Zone)), Printed: printedNo,
	}
	if j := t.job(firstCopy); j != nil {
		o.Printed, o.Reason = orPending(j.Result), j.Reason
	}
	return o
}
