package queue_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
)

// do carries a command out in the model, or says why not.
func (m *model) do(c queue.Command, now time.Time) queue.Code {
	switch a := c.Do.(type) {
	case queue.Configure:
		return m.configure(a, now)
	case queue.Issue:
		return m.issue(a, c.By, now)
	case queue.Postpone:
		return m.postpone(a, now)
	case queue.Cancel:
		return m.cancel(a, now)
	case queue.Reinstate:
		if a.Counter != "" {
			if code := m.mayAct(a.Counter, c); code != "" {
				return code
			}
		}
		return m.reinstate(a, now)
	case queue.Tick:
		return ""
	case queue.Fit:
		return m.fit(a, now)
	case queue.LeaseNumbers:
		return m.leaseNumbers(a, now)
	case queue.IssueOffline:
		return m.handOver(a, now)
	case queue.Printed:
		return m.print(a, now)
	case queue.Reprint:
		return m.reprint(a, now)
	case queue.Roll:
		return m.roll(a, now)
	}
	id := counterOf(c.Do)
	d := m.desks[id]
	if d == nil {
		return queue.UnknownCounter
	}
	before := m.clock
	code := m.deskDo(id, d, c, now)
	if m.clock > before {
		m.worked = now
	}
	return code
}

// mayAct says why the sender may not act at the counter, if so.
func (m *model) mayAct(id queue.CounterID, c queue.Command) queue.Code {
	d := m.desks[id]
	who, user := strings.CutPrefix(c.By, "user/")
	switch {
	case d == nil:
		return queue.UnknownCounter
	case user && d.status == queue.DeskClosed:
		return queue.CounterClosed
	case user && d.operator != who:
		return queue.Forbidden
	}
	return m.saw(id, c)
}

// saw refuses what was meant for another ticket.
func (m *model) saw(id queue.CounterID, c queue.Command) queue.Code {
	there := queue.TicketID("")
	if v := m.at(id); v != nil {
		there = v.id
	}
	if c.Current != nil && *c.Current != there {
		return queue.Conflict
	}
	return ""
}

func counterOf(do queue.Action) queue.CounterID {
	switch a := do.(type) {
	case queue.Open:
		return a.Counter
	case queue.Close:
		return a.Counter
	case queue.Pause:
		return a.Counter
	case queue.Resume:
		return a.Counter
	case queue.Alarm:
		return a.Counter
	case queue.Calm:
		return a.Counter
	case queue.Next:
		return a.Counter
	case queue.CallTicket:
		return a.Counter
	case queue.Recall:
		return a.Counter
	case queue.Start:
		return a.Counter
	case queue.Done:
		return a.Counter
	case queue.MarkAbsent:
		return a.Counter
	case queue.Hold:
		return a.Counter
	case queue.Requeue:
		return a.Counter
	case queue.Transfer:
		return a.Counter
	case queue.WalkIn:
		return a.Counter
	case queue.Undo:
		return a.Counter
	}
	panic(fmt.Sprintf("no counter in %T", do))
}

func (m *model) deskDo(id queue.CounterID, d *desk, c queue.Command, now time.Time) queue.Code {
	cur := m.at(id)
	code := m.mayAct(id, c)
	if a, closes := c.Do.(queue.Close); closes && d.status == queue.DeskClosed {
		return ""
	} else if _, opens := c.Do.(queue.Open); opens || closes && a.Forgotten {
		code = m.saw(id, c)
	}
	if code != "" {
		return code
	}
	switch a := c.Do.(type) {
	case queue.Open:
		if d.status != queue.DeskClosed && d.operator != a.Operator && !a.TakeOver {
			return queue.Conflict
		}
		for other, its := range m.desks {
			if strings.HasPrefix(c.By, "user/") && other != id && its.operator == a.Operator && m.at(other) != nil {
				return queue.Conflict
			}
		}
		for other, its := range m.desks {
			if strings.HasPrefix(c.By, "user/") && other != id && its.operator == a.Operator {
				its.status, its.operator, its.reason, its.alarm = queue.DeskClosed, "", "", false
			}
		}
		m.change(now)
		d.status, d.operator, d.reason = queue.DeskOpen, a.Operator, ""
	case queue.Close:
		kept := keep(cur)
		m.goOn(cur, nil, now)
		m.stepped(d, kept, now)
		m.change(now)
		d.status, d.operator, d.reason, d.alarm = queue.DeskClosed, "", "", false
	case queue.Resume:
		if d.status != queue.DeskPaused {
			return queue.Conflict
		}
		m.change(now)
		d.status, d.reason = queue.DeskOpen, ""
	case queue.Alarm, queue.Calm:
		_, on := c.Do.(queue.Alarm)
		if d.alarm == on {
			return queue.Conflict
		}
		m.change(now)
		d.alarm = on
	case queue.Pause:
		if d.status != queue.DeskOpen {
			return queue.CounterClosed
		}
		if cur != nil {
			return queue.Conflict
		}
		m.change(now)
		d.status, d.reason = queue.DeskPaused, a.Reason
	case queue.Next, queue.CallTicket, queue.WalkIn, queue.Undo:
		if d.status != queue.DeskOpen {
			return queue.CounterClosed
		}
		return m.attendedDo(id, d, cur, c, now)
	default:
		if cur == nil {
			return queue.NoCurrentTicket
		}
		return m.currentDo(d, cur, c.Do, now)
	}
	return ""
}

// attendedDo is what wants an open counter.
func (m *model) attendedDo(id queue.CounterID, d *desk, cur *visit, c queue.Command, now time.Time) queue.Code {
	var kept []visit
	switch a := c.Do.(type) {
	case queue.Next:
		if cur == nil && len(a.Outcomes) > 0 {
			return queue.NoCurrentTicket
		}
		if bad(a.Outcomes) {
			return queue.Invalid
		}
		v := m.next(m.counter(id), now)
		kept = keep(cur, v)
		m.goOn(cur, a.Outcomes, now)
		if v != nil {
			m.call(v, id, false, now)
		}
	case queue.CallTicket:
		v := m.byID(a.Ticket)
		if a.Ticket == "" {
			want := strings.ToUpper(strings.ReplaceAll(a.Number, " ", ""))
			digit := strings.TrimLeft(want[1:], "0")
			if want[0] == '?' || digit == "" {
				return queue.Invalid
			}
			v = m.find(func(v *visit) bool { return v.number == want[:1]+"00"+digit })
		}
		if v == nil {
			return queue.UnknownTicket
		}
		again := v.state == queue.Served && v.number != "" && m.channel(v.channel) != nil
		if !again && v.state != queue.Waiting && v.state != queue.Absent && v.state != queue.Held {
			return queue.NotCallable
		}
		kept = keep(cur, v)
		m.goOn(cur, nil, now)
		m.call(v, id, true, now)
	case queue.WalkIn:
		if m.channel(a.Channel) == nil {
			return queue.UnknownChannel
		}
		if m.known(a.Ticket) != nil {
			return queue.Invalid
		}
		kept = append(keep(cur), visit{id: a.Ticket})
		m.goOn(cur, nil, now)
		v := m.add(a.Ticket, a.Channel, queue.Standard, c.By, now)
		v.counter = id
		m.set(v, queue.Serving, now)
	case queue.Undo:
		return m.undo(d, cur, now)
	}
	m.stepped(d, kept, now)
	return ""
}

// keep copies the tickets that a command is about to change; stepped makes them
// the counter's last step, if there were any.
func keep(visits ...*visit) (kept []visit) {
	for _, v := range visits {
		if v != nil {
			kept = append(kept, v.copy())
		}
	}
	return kept
}

func (m *model) stepped(d *desk, kept []visit, now time.Time) {
	if len(kept) > 0 {
		d.undo, d.undoAt, d.undoSeen = kept, now, m.clock
	}
}

// goOn is what becomes of the citizen at the counter when the clerk goes on.
func (m *model) goOn(v *visit, outcomes []queue.Outcome, now time.Time) {
	if v == nil || v.state != queue.Called || len(outcomes) > 0 || m.cfg.Policy.PassedOver != queue.PassedAbsent {
		m.finish(v, outcomes, now)
		return
	}
	m.absent(v, now)
}

func (m *model) absent(v *visit, now time.Time) {
	if v.legs > 0 {
		m.set(v, queue.Served, now)
		return
	}
	m.set(v, queue.Absent, now)
	v.until = latest(now, v.slot).Add(secs(m.cfg.Policy.AbsentGrace))
}

func (m *model) finish(v *visit, outcomes []queue.Outcome, now time.Time) {
	switch {
	case v == nil:
	case v.back != "" && m.channel(v.back) != nil:
		m.set(v, queue.Waiting, now)
		v.only = v.backTo
		if m.desks[v.only] == nil {
			v.only = ""
		}
		v.channel, v.back, v.backTo = v.back, "", ""
		v.outcomes, v.reason, v.until = append(v.outcomes, outcomes...), "", time.Time{}
		v.passed++
	default:
		m.set(v, queue.Served, now)
		v.legs++
		v.outcomes = append(v.outcomes, outcomes...)
	}
}

func (m *model) call(v *visit, at queue.CounterID, direct bool, now time.Time) {
	v.returned = v.returned || v.state == queue.Absent
	m.set(v, queue.Called, now)
	v.counter, v.out, v.callNo, v.calls, v.spokenNo, v.spoken = at, direct, m.clock, 1, m.clock, now
	v.only, v.avoid, v.avoidUntil, v.reason, v.until = "", "", time.Time{}, "", time.Time{}
	m.called = append(m.called, call{m.clock, v.channel, v.number})
}

func (m *model) undo(d *desk, cur *visit, now time.Time) queue.Code {
	if d.undo == nil || now.After(d.undoAt.Add(secs(m.cfg.Policy.UndoFor))) {
		return queue.Conflict
	}
	free := cur == nil
	for i := range d.undo {
		v := m.byID(d.undo[i].id)
		if v == nil || v.changed > d.undoSeen {
			return queue.Conflict
		}
		free = free || v == cur
	}
	if !free {
		return queue.Conflict
	}
	m.change(now)
	for i := range d.undo {
		old := d.undo[i].copy()
		v := m.byID(old.id)
		if old.callNo != v.callNo {
			m.called = slices.DeleteFunc(m.called, func(c call) bool { return c.no == v.callNo })
		} else if old.calls = v.calls; v.spokenNo > old.spokenNo { // what was announced was announced
			old.spokenNo, old.spoken = v.spokenNo, v.spoken
		}
		if old.state == "" {
			m.tickets = slices.DeleteFunc(m.tickets, func(v *visit) bool { return v.id == old.id })
			continue
		}
		if v.offline && !old.offline {
			old.since = v.since
		}
		old.number, old.offline, old.printed, old.printReason = v.number, v.offline, v.printed, v.printReason
		old.reprints, old.printer = v.reprints, v.printer
		*v = old
		v.changed = m.clock
	}
	d.undo = nil
	return ""
}

// currentDo is what wants a ticket at the counter.
func (m *model) currentDo(d *desk, v *visit, do queue.Action, now time.Time) queue.Code {
	kept := keep(v)
	code := m.currentSet(v, do, now)
	if code == "" {
		m.stepped(d, kept, now)
	}
	return code
}

func (m *model) currentSet(v *visit, do queue.Action, now time.Time) queue.Code {
	p := &m.cfg.Policy
	switch a := do.(type) {
	case queue.Recall:
		if v.state != queue.Called {
			return queue.Conflict
		}
		if now.Sub(v.spoken) < secs(p.RecallEvery) {
			return queue.RateLimited
		}
		if p.RecallMax > 0 && v.calls > p.RecallMax {
			return m.currentSet(v, queue.MarkAbsent(a), now)
		}
		m.change(now)
		v.calls, v.changed, v.spokenNo, v.spoken = v.calls+1, m.clock, m.clock, now
	case queue.Start, queue.MarkAbsent:
		if v.state != queue.Called {
			return queue.Conflict
		}
		if _, came := do.(queue.Start); came {
			m.set(v, queue.Serving, now)
		} else {
			m.absent(v, now)
		}
	case queue.Done:
		if bad(a.Outcomes) {
			return queue.Invalid
		}
		m.finish(v, a.Outcomes, now)
	case queue.Hold:
		if v.number == "" {
			return queue.Conflict
		}
		if a.For < 0 {
			return queue.Invalid
		}
		m.set(v, queue.Held, now)
		v.reason, v.until = a.Reason, time.Time{}
		if a.For > 0 {
			v.until = now.Add(a.For)
		}
	case queue.Requeue:
		if v.number == "" {
			return queue.Conflict
		}
		m.set(v, queue.Waiting, now)
		v.avoid, v.avoidUntil = v.counter, time.Time{}
		if p.RequeueAvoid > 0 {
			v.avoidUntil = now.Add(secs(p.RequeueAvoid))
		}
	case queue.Transfer:
		return m.transfer(v, a, now)
	}
	return ""
}

func (m *model) transfer(v *visit, a queue.Transfer, now time.Time) queue.Code {
	if v.number == "" {
		return queue.Conflict
	}
	to := a.Channel
	if to == "" {
		to = v.channel
	}
	switch {
	case m.channel(to) == nil:
		return queue.UnknownChannel
	case a.ToCounter != "" && m.desks[a.ToCounter] == nil:
		return queue.UnknownCounter
	case a.ToCounter == a.Counter, a.ToCounter == "" && to == v.channel, bad(a.Outcomes):
		return queue.Invalid
	}
	m.set(v, queue.Waiting, now)
	v.back, v.backTo = "", ""
	if a.Return {
		v.back, v.backTo = v.channel, a.Counter
	}
	v.channel, v.only, v.reason, v.until = to, a.ToCounter, "", time.Time{}
	v.outcomes, v.passed = append(v.outcomes, a.Outcomes...), v.passed+1
	return ""
}

func bad(list []queue.Outcome) bool {
	return slices.ContainsFunc(list, func(o queue.Outcome) bool {
		return o.Service != "carta" && o.Service != "atto" || o.Quantity < 1 || o.Quantity > 999
	})
}

func (m *model) cancel(a queue.Cancel, now time.Time) queue.Code {
	v := m.byID(a.Ticket)
	switch {
	case v == nil:
		return queue.UnknownTicket
	case v.state == queue.Cancelled:
	case v.state == queue.Waiting, v.state == queue.Held, v.state == queue.Absent:
		if m.set(v, queue.Cancelled, now); v.legs > 0 {
			v.state = queue.Served
		}
		v.reason = a.Reason
	default:
		return queue.Conflict
	}
	return ""
}

func (m *model) postpone(a queue.Postpone, now time.Time) queue.Code {
	v := m.byID(a.Ticket)
	switch {
	case v == nil:
		return queue.UnknownTicket
	case v.state != queue.Waiting || v.postponed || m.cfg.Policy.Postpone == 0:
		return queue.Conflict
	}
	m.change(now)
	v.since, v.postponed, v.changed = v.since.Add(secs(m.cfg.Policy.Postpone)), true, m.clock
	return ""
}

func (m *model) reinstate(a queue.Reinstate, now time.Time) queue.Code {
	v := m.byID(a.Ticket)
	switch {
	case v == nil:
		return queue.UnknownTicket
	case v.state == queue.Absent:
		if v.returned = true; v.slot.IsZero() || !now.Before(v.slot) {
			v.since = v.since.Add(secs(m.cfg.Policy.AbsentDelay))
		}
	case v.state != queue.Held:
		return queue.Conflict
	}
	m.set(v, queue.Waiting, now)
	v.reason, v.until = "", time.Time{}
	return ""
}

func (m *model) counter(id queue.CounterID) *queue.Counter {
	for i := range m.cfg.Counters {
		if m.cfg.Counters[i].ID == id {
			return &m.cfg.Counters[i]
		}
	}
	return nil
}

func (m *model) configure(a queue.Configure, now time.Time) queue.Code {
	switch {
	case strings.HasPrefix(a.Config.TimeZone, "Marte"):
		return queue.Invalid
	case m.cfg == nil && a.Version == 0:
		m.day = now.Format("2006-01-02")
		m.said, m.desks = map[string]queue.Answer{}, map[queue.CounterID]*desk{}
		m.online, m.high = map[string]int{}, map[string]int{}
	case a.Version != m.version:
		return queue.Conflict
	}
	had := func(id queue.ChannelID) bool {
		return slices.ContainsFunc(a.Config.Channels, func(c queue.Channel) bool { return c.ID == id })
	}
	keeps := func(id queue.CounterID) bool {
		return slices.ContainsFunc(a.Config.Counters, func(c queue.Counter) bool { return c.ID == id })
	}
	for _, to := range a.Move {
		if !had(to) {
			return queue.UnknownChannel
		}
	}
	for _, v := range m.tickets {
		_, moved := a.Move[v.channel]
		if live(v.state) && !moved && !had(v.channel) {
			return queue.Conflict
		}
		if _, moved := a.Move[v.back]; live(v.state) && v.back != "" && !moved && !had(v.back) {
			return queue.Conflict
		}
		if (v.state == queue.Called || v.state == queue.Serving) && !keeps(v.counter) {
			return queue.Conflict
		}
	}
	m.change(now)
	m.version++
	open := m.cfg != nil && !m.ended(now)
	m.cfg, m.filled = a.Config, map[queue.ChannelID]time.Time{}
	for _, v := range m.tickets {
		if to, moved := a.Move[v.channel]; moved {
			v.channel = to
		}
		if to, moved := a.Move[v.back]; moved {
			v.back = to
		}
		if !keeps(v.only) {
			v.only = ""
		}
	}
	desks := map[queue.CounterID]*desk{}
	for _, c := range a.Config.Counters {
		if desks[c.ID] = m.desks[c.ID]; desks[c.ID] == nil {
			desks[c.ID] = &desk{status: queue.DeskClosed}
		}
		desks[c.ID].undo = nil
	}
	m.desks = desks
	if open && m.ended(now) {
		m.worked = now
	}
	return ""
}
