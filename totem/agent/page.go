package agent

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"image"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// page is what the agent itself reads of the server's view.
type page struct {
	Seq      int64       `json:"seq"`
	At       time.Time   `json:"at"`
	Office   view.Office `json:"office"`
	Open     bool        `json:"open"`
	OpensAt  *time.Time  `json:"opens_at"`
	ClosesAt *time.Time  `json:"closes_at"`
	Channels []channel   `json:"channels"`
	Paper    struct {
		Arms  string     `json:"arms"`
		Line  queue.Text `json:"line"`
		Parts []string   `json:"parts"`
	} `json:"paper"`
	Print []wanted `json:"print"`

	arms func() image.Image
}

// channel is one of the page's.
type channel struct {
	ID      string     `json:"id"`
	Letter  string     `json:"letter"`
	Names   queue.Text `json:"names"`
	Bring   queue.Text `json:"bring"`
	Open    bool       `json:"open"`
	Waiting int        `json:"waiting"`
}

// wanted is a copy of a ticket that the staff want printed here.
type wanted struct {
	Ticket answer `json:"ticket"`
	Copy   int    `json:"copy"`
}

// readPage reads a view; nil if there is none.
func readPage(b json.RawMessage) *page {
	var p page
	if len(b) == 0 || json.Unmarshal(b, &p) != nil {
		return nil
	}
	p.arms = sync.OnceValue(p.readArms)
	return &p
}

func (p *page) channel(id string) *channel {
	for i := range p.Channels {
		if p.Channels[i].ID == id {
			return &p.Channels[i]
		}
	}
	return nil
}

// zone is the office's.
func (p *page) zone() *time.Location { return zone(p.Office.TimeZone) }

func zone(name string) *time.Location {
	if loc, err := time.LoadLocation(name); err == nil && name != "" {
		return loc
	}
	if loc, err := time.LoadLocation("Europe/Rome"); err == nil {
		return loc
	}
	return time.Local
}

// closed says why a channel gives no ticket at a moment without the server, which may know better:
// only what is known to be closed is.
func (p *page) closed(c *channel, now time.Time) *queue.Refusal {
	if day(p.At, p.zone()) != day(now, p.zone()) {
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

// answer is what the agent itself reads of a ticket as the server gives it.
type answer struct {
	ID       string     `json:"id"`
	Number   string     `json:"number"`
	Channel  string     `json:"channel"`
	Class    string     `json:"class"`
	Language string     `json:"language"`
	Slot     *time.Time `json:"slot"`
	IssuedAt time.Time  `json:"issued_at"`
	Ahead    int        `json:"ahead"`
	Wait     *view.Wait `json:"wait"`
	URL      string     `json:"url"`
	Reprints int        `json:"reprints"`
	Offline  bool       `json:"offline"`
}

// onPaper is what the paper of a ticket says.
func (a *answer) onPaper(p *page, copied int) paper.Ticket {
	t := paper.Ticket{
		Number: a.Number, Language: a.Language, Ahead: a.Ahead, URL: a.URL, Offline: a.Offline,
		Priority: a.Class == string(queue.Priority), Copy: copied, Issued: a.IssuedAt,
	}
	if a.Wait != nil {
		t.Wait = &paper.Range{Low: time.Duration(a.Wait.Low) * time.Second, High: time.Duration(a.Wait.High) * time.Second}
	}
	if a.Offline || copied > 0 { // it was so when it was given, if it was known at all
		t.Ahead, t.Wait = -1, nil
	}
	if p == nil {
		p = &page{arms: func() image.Image { return nil }}
	}
	t.Issued = t.Issued.In(p.zone())
	if a.Slot != nil {
		t.Slot = a.Slot.In(p.zone())
	}
	t.Office = p.Office.Names.In("it")
	if c := p.channel(a.Channel); c != nil {
		t.Channel, t.ChannelIt, t.Bring = c.Names.In(a.Language), c.Names.In("it"), c.Bring.In(a.Language)
	}
	t.Line, t.Parts = p.Paper.Line.In(a.Language), p.Paper.Parts
	t.Arms = p.arms()
	return t
}

// readArms reads the town's arms, once for a view; nil: there are none that can be read.
func (p *page) readArms() image.Image {
	b, err := base64.StdEncoding.DecodeString(p.Paper.Arms)
	if err != nil || len(b) == 0 {
		return nil
	}
	arms, err := paper.Arms(b)
	if err != nil {
		return nil
	}
	return arms
}

// answer is a ticket that the agent gave as the server would answer it.
func (t *ticket) answer(base string) *view.Ticket {
	g := t.Offline
	v := &view.Ticket{
		ID: queue.TicketID(t.ID), Number: g.Number, Channel: queue.ChannelID(g.Channel), Class: queue.Class(g.Class), Language: g.Language,
		State: queue.Waiting, IssuedAt: g.At.In(zone(g.Zone)).Truncate(time.Second), Ahead: g.Ahead, URL: base + t.ID,
	}
	if t.Cancelled {
		v.State = queue.Cancelled
	}
	return v
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
		Ticket: t.ID, Number: g.Number, Channel: g.Channel, Class: g.Class, Language: g.Language, IssuedAt: g.At.In(zone(g.Zone)), Printed: printedNo,
	}
	if j, ok := t.Jobs[firstCopy]; ok {
		o.Printed, o.Reason = orPending(j.Result), j.Reason
	}
	return o
}

// printable is whether a printer takes jobs in a state, as far as that is known.
func printable(s escpos.Status) bool { return s.State.Prints() }

// answerOf is what the paper is made of, of a ticket that the agent gave.
func answerOf(t *view.Ticket) *answer {
	return &answer{
		ID: string(t.ID), Number: t.Number, Channel: string(t.Channel), Class: string(t.Class), Language: t.Language,
		IssuedAt: t.IssuedAt, URL: t.URL, Offline: true,
	}
}
