package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/totem/paper"
	"github.com/eliminacode/eliminacode/totem/told"
)

// keys has one request at a time be carried out of those that want the same ticket.
type keys struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

func (k *keys) lock(ctx context.Context, id string) error {
	for {
		k.mu.Lock()
		if k.held == nil {
			k.held = map[string]chan struct{}{}
		}
		before := k.held[id]
		if before == nil {
			k.held[id] = make(chan struct{})
			k.mu.Unlock()
			return nil
		}
		k.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (k *keys) unlock(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	close(k.held[id])
	delete(k.held, id)
}

// wish is what a citizen asks the kiosk for. The service is for the paper alone: the server has no
// need to know it.
type wish struct {
	client.Wish
	Service string `json:"service,omitempty"`
}

// issue gives the ticket that a key stands for: the one that it stood for before, else one of the
// server's, else one of the agent's own.
func (a *Agent) issue(ctx context.Context, key string, wish wish, language string) (json.RawMessage, error) {
	ctx = context.WithoutCancel(ctx) // once begun it is carried out, though the browser goes away
	digest := digestOf(wish)
	id, before, err := a.claim(ctx, key)
	if err != nil {
		return nil, err
	}
	defer a.keys.unlock(id)
	if before != nil {
		if before.Digest != "" && before.Digest != digest {
			return nil, queue.Refuse(queue.Invalid, queue.ReasonKeyOfAnother).At("Idempotency-Key")
		}
		if before.Offline != nil || before.Answer != nil {
			return a.shown(before)
		}
	}
	if a.token() == "" {
		return nil, queue.Refuse(unavailable, reasonUnpaired)
	}
	c := a.online(ctx)
	if c != nil {
		ticket, err := a.ask(ctx, c, id, digest, wish, language, before != nil)
		if !client.Away(err) {
			return ticket, err
		}
		a.opt.Log.Warn("the server gave no ticket in time", "err", err)
		a.fail()
	}
	ticket, err := a.give(id, digest, wish)
	if err != nil && c != nil && before == nil { // the server may have given it, and nobody holds it
		a.memory.keep(true, record{Kind: recAbandon, Ticket: id})
		a.change()
	}
	return ticket, err
}

// claim returns the id of the ticket that a key stands for, for its sender alone until it is
// unlocked, and what is known of it; nil: nothing. After one that was abandoned it is another's.
func (a *Agent) claim(ctx context.Context, key string) (id string, before *ticket, err error) {
	for n := 1; ; n++ {
		id = a.memory.idOf(key)
		if err := a.keys.lock(ctx, id); err != nil {
			return "", nil, err
		}
		if before = a.memory.ticket(id); before == nil || !before.Abandoned {
			return id, before, nil
		}
		a.keys.unlock(id)
		key = fmt.Sprintf("%s\x00%d", key, n)
	}
}

// digestOf stands for what a request asks for.
func digestOf(wish wish) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %v %q", wish.Channel, wish.Class, wish.Language, wish.Slot, wish.Service))
	return hex.EncodeToString(sum[:8])
}

// online returns the client of a session in which tickets may be asked for: all that were given
// without the server have been handed over. It waits a moment for what has begun, and returns nil
// if there is none then.
func (a *Agent) online(ctx context.Context) *client.Client {
	timer := time.NewTimer(askWithin)
	defer timer.Stop()
	for {
		unsent := 0
		a.memory.look(func(s *state) { unsent = len(s.unsent()) })
		a.mu.Lock()
		l, changed := a.link, a.changed
		a.mu.Unlock()
		switch {
		case l.up && unsent == 0:
			return l.client
		case l.tried && !l.up:
			return nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// ask has the server give the ticket. Meanwhile it is noted that its first copy may be printed from
// now on, and the printer is asked whether it is well: once all is done, it is printed.
func (a *Agent) ask(ctx context.Context, c *client.Client, id, digest string, wish wish, language string, asked bool) (json.RawMessage, error) {
	prints := a.prints()
	begin := record{Kind: recBegin, Ticket: id, Digest: digest, Service: wish.Service, Prints: prints}
	var says *paper.Ticket
	var copied *copyOf
	if prints && !asked {
		copied = a.press.expect(id, firstCopy)
		defer func() {
			if says == nil {
				copied.says(nil)
			}
		}()
	}
	noted := make(chan error, 1)
	go func() { noted <- a.memory.note(true, begin) }()
	short, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	raw, err := c.Issue(short, client.Order{Wish: wish.Wish, Ticket: id, Print: prints}, language)
	unnoted := <-noted
	if unnoted != nil {
		a.memory.remember(begin)
	}
	if err != nil {
		if !client.Away(err) && !asked {
			a.memory.keep(false, record{Kind: recWithdraw, Ticket: id})
		}
		if status := client.Status(err); status == 401 || status == 403 {
			a.fail() // the session finds out
		}
		return nil, err
	}
	got, err := readAnswer(raw)
	if err != nil {
		return nil, err
	}
	a.clock.atLeast(got.IssuedAt) // who comes next, and gets a ticket without the server, came later
	records := []record{{Kind: recAnswer, Ticket: id, JSON: raw, Text: strings.TrimSuffix(got.URL, string(got.ID))}}
	again := !asked && a.isOld(got.IssuedAt)
	if again && prints { // of what was printed before, nothing is known
		records = append(records, record{Kind: recResult, Ticket: id, Copy: firstCopy, Result: resultUnknown, Reason: reasonLost})
	}
	a.memory.keep(false, records...)
	if copied != nil && !again {
		says = onPaper(a.page(), got, wish.Service, 0)
		copied.says(says)
		soonKnown(copied, a.opt.Printer.Status())
	}
	a.change()
	return a.shown(a.memory.ticket(id))
}

// isOld reports whether something happened before the agent started, as far as the time is known.
func (a *Agent) isOld(t time.Time) bool {
	return a.clock.isSynced() && t.Before(a.clock.now().Add(-time.Since(a.began)-askWithin))
}

func readAnswer(raw json.RawMessage) (*view.Ticket, error) {
	var got view.Ticket
	if err := json.Unmarshal(raw, &got); err != nil {
		return nil, fmt.Errorf("the server's ticket: %w", err)
	}
	if got.ID == "" || got.Number == "" {
		return nil, errors.New("the server's ticket has no id or no number")
	}
	return &got, nil
}

// prints reports whether there is a printer at all.
func (a *Agent) prints() bool { return a.opt.Printer.Status().State != "none" }

// give gives the ticket without the server, of the numbers that are the totem's.
func (a *Agent) give(id, digest string, wish wish) (json.RawMessage, error) {
	p, prints := a.page(), a.prints()
	g, err := a.choose(p, wish.Wish)
	if err != nil {
		return nil, err
	}
	base, begun := "", false
	err = a.memory.noteWith(func(s *state) ([]record, error) {
		base, g.At = a.base(s), s.inOrder(g.At)
		b, ok := s.block(p.channel(queue.ChannelID(wish.Channel)).Letter)
		today := day(g.At, told.Zone(g.Zone))
		if ok {
			g.N, ok = s.next(today, a.clock.isSure(), b)
		}
		if !ok {
			return nil, queue.Refuse(unavailable, reasonNumbersGone)
		}
		g.Run, g.Use, g.Number = s.Run, useOf(today, b), fmt.Sprintf("%s%03d", b.Letter, g.N)
		for _, t := range s.unsent() {
			if t.Offline.Channel == g.Channel {
				g.Ahead++
			}
		}
		if t := s.Tickets[id]; t != nil {
			j := t.job(firstCopy)
			begun = j != nil && j.Result != "" // by an earlier run: of this one's, nothing was sent yet
		}
		return []record{{Kind: recOffline, At: g.At, Ticket: id, Digest: digest, Service: wish.Service, Given: g, Prints: prints}}, nil
	})
	if _, refused := errors.AsType[*queue.Refusal](err); err != nil && !refused {
		return nil, queue.Refuse(unavailable, reasonDiskFull)
	}
	if err != nil {
		return nil, err
	}
	t := a.memory.ticket(id)
	if prints && !begun {
		soonKnown(a.press.add(id, firstCopy, onPaper(p, t.answer(base), wish.Service, 0)), a.opt.Printer.Status())
	}
	a.change()
	return a.shown(a.memory.ticket(id))
}

// choose is the ticket without its number, or why there is none.
func (a *Agent) choose(p *page, wish client.Wish) (*given, error) {
	if p == nil {
		return nil, queue.Refuse(unavailable, reasonNothingKnown)
	}
	c := p.channel(queue.ChannelID(wish.Channel))
	if c == nil {
		return nil, queue.Refuse(queue.UnknownChannel, queue.ReasonUnknownChannel, "channel", wish.Channel).At("channel")
	}
	g := &given{Channel: wish.Channel, Class: wish.Class, Language: wish.Language, At: a.clock.now(), Office: p.Office.ID, Zone: p.Office.TimeZone, Sure: a.clock.isSynced()}
	switch queue.Class(g.Class) {
	case "":
		g.Class = string(queue.Standard)
	case queue.Standard, queue.Priority:
	default:
		return nil, queue.Refuse(queue.Invalid, queue.ReasonUnknownClass, "class", wish.Class).At("class")
	}
	switch {
	case g.Language == "":
		g.Language = "it"
	case !queue.IsLanguage(g.Language):
		return nil, queue.Refuse(queue.Invalid, queue.ReasonNotALanguage, "language", g.Language).At("language")
	}
	if day(p.At, p.zone) == day(g.At, p.zone) {
		g.Ahead = c.Waiting
	}
	if refusal := p.closed(c, g.At); refusal != nil {
		return nil, refusal
	}
	return g, nil
}

// shown is a ticket as the agent answers it: the server's answer or its own, with what became of
// the paper.
func (a *Agent) shown(t *ticket) (json.RawMessage, error) {
	raw := t.Answer
	if t.Offline != nil {
		var base string
		a.memory.look(func(s *state) { base = a.base(s) })
		b, err := json.Marshal(t.answer(base))
		if err != nil {
			return nil, err
		}
		raw = b
	}
	set := t.lastJob().fields()
	if t.Cancelled {
		set["state"] = queue.Cancelled
	}
	return overlay(raw, set)
}
