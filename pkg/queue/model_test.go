package queue_test

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// model is an office told naively: plain lists, scanned whole each time. It
// shares nothing with the package but the words of commands and the codes.
type model struct {
	cfg     *queue.Config
	version int64
	last    time.Time // of the last change
	day     string
	tickets []*visit // of the day, as they were issued
	desks   map[queue.CounterID]*desk
	called  []call // the day's calls, the oldest first
	said    map[string]queue.Answer
	answers map[question][]calendar.Interval
	leases  []lease
	filled  map[queue.ChannelID]time.Time // when it was said that nobody fits any more
	handed  []*visit                      // of other days, that a totem may say something of
	online  map[string]int                // last number of the day by letter, not counting those of totems
	high    map[string]int                // the highest of any day
	clock   int                           // counts changes
	worked  time.Time                     // when somebody was last at a counter, or a new configuration closed the office
}

// question is for a channel's hours on a day.
type question struct {
	cfg     *queue.Config
	channel queue.ChannelID
	y       int
	month   time.Month
	d       int
}

type visit struct {
	id            queue.TicketID
	number        string
	channel       queue.ChannelID
	issuedIn      queue.ChannelID
	class         queue.Class
	by            string
	state         queue.TicketState
	issued, since time.Time
	slot          time.Time
	entered       time.Time
	nth           int

	counter, only, avoid queue.CounterID
	avoidUntil, until    time.Time
	back                 queue.ChannelID
	backTo               queue.CounterID
	reason               string
	callNo, calls        int
	spokenNo             int // model.clock of the last announcement; 0: taken back
	spoken               time.Time
	returned, out        bool
	postponed            bool
	legs                 int
	left, inexact        bool
	passed               int
	outcomes             []queue.Outcome
	spent                map[queue.TicketState]time.Duration
	changed              int // model.clock of its last change

	totem, printer, printReason string
	printed                     queue.Printing
	reprints                    int
	offline                     bool
}

type desk struct {
	status   queue.DeskStatus
	operator string
	reason   string
	alarm    bool
	undo     []visit // as they were before the last step; "" state: didn't exist
	undoAt   time.Time
	undoSeen int
}

type call struct {
	no      int
	channel queue.ChannelID
	number  string
}

func (v visit) copy() visit {
	spent := map[queue.TicketState]time.Duration{}
	maps.Copy(spent, v.spent)
	v.spent, v.outcomes = spent, slices.Clone(v.outcomes)
	return v
}

func (m *model) find(is func(*visit) bool) *visit {
	for _, v := range m.tickets {
		if is(v) {
			return v
		}
	}
	return nil
}

func (m *model) byID(id queue.TicketID) *visit {
	return m.find(func(v *visit) bool { return v.id == id })
}

func (m *model) at(id queue.CounterID) *visit {
	return m.find(func(v *visit) bool {
		return v.counter == id && (v.state == queue.Called || v.state == queue.Serving)
	})
}

func live(st queue.TicketState) bool {
	return st != queue.Served && st != queue.Cancelled && st != queue.Expired
}

// change notes that something happened; set moves a ticket on.
func (m *model) change(now time.Time) { m.last, m.clock = now, m.clock+1 }

func (m *model) set(v *visit, to queue.TicketState, now time.Time) {
	m.change(now)
	v.spent[v.state] += now.Sub(v.entered)
	forgotten := secs(m.cfg.Policy.ForgottenAfter)
	if forgotten == 0 {
		forgotten = 150 * time.Minute
	}
	v.inexact = v.inexact || v.state == queue.Serving && now.Sub(v.entered) >= forgotten
	v.left = v.state == queue.Waiting && v.legs == 0 && (to == queue.Cancelled || to == queue.Expired)
	v.state, v.entered, v.changed = to, now, m.clock
	if to == queue.Waiting || to == queue.Held {
		v.spokenNo, v.spoken = 0, time.Time{}
	}
}

func (m *model) code(c queue.Command, now time.Time) queue.Code {
	if m.cfg != nil {
		m.pass(now)
		if _, again := m.said[c.ID]; again {
			return ""
		}
	}
	if m.last.After(now) {
		now = m.last
	}
	return m.do(c, now)
}

// pass is what time does by itself.
func (m *model) pass(now time.Time) {
	if m.last.After(now) {
		now = m.last
	}
	if today := now.Format("2006-01-02"); today > m.day {
		m.change(now)
		m.worked = time.Time{}
		m.endHanded()
		m.day, m.tickets, m.called, m.said = today, nil, nil, map[string]queue.Answer{}
		m.online = map[string]int{}
		clear(m.filled)
		for _, d := range m.desks {
			if d.status != queue.DeskClosed {
				d.alarm = false
			}
			d.status, d.operator, d.reason, d.undo = queue.DeskClosed, "", "", nil
		}
	}
	if m.ended(now) {
		m.expire(now)
	}
	for _, v := range m.tickets {
		switch {
		case v.until.IsZero() || v.until.After(now):
		case v.state == queue.Absent:
			m.set(v, queue.Expired, now)
		case v.state == queue.Held:
			m.set(v, queue.Waiting, now)
			v.reason, v.until = "", time.Time{}
		}
	}
}

// ended walks by half hours, the shortest opening drawn, to midnight: nobody is at a counter, and
// it opens no more today.
func (m *model) ended(now time.Time) bool {
	for _, d := range m.desks {
		if d.status != queue.DeskClosed {
			return false
		}
	}
	for at := now; at.Day() == now.Day(); at = at.Add(30 * time.Minute) {
		if m.isOpen(at) {
			return false
		}
	}
	return true
}

func (m *model) opensToday(now time.Time) bool {
	return slices.ContainsFunc(m.cfg.Channels, func(ch queue.Channel) bool { return len(m.hours(&ch, now)) > 0 })
}

// expire ends every live ticket, as of when the office was last open or somebody was there.
func (m *model) expire(now time.Time) {
	end := m.worked
	y, month, day := now.Date()
	for minute := range 24 * 60 {
		if at := time.Date(y, month, day, 0, minute, 0, 0, now.Location()); m.isOpen(at) && !at.Add(time.Minute).Before(end) {
			end = at.Add(time.Minute)
		}
	}
	for _, v := range m.tickets {
		if !live(v.state) {
			continue
		}
		at := end
		if at.Before(v.entered) {
			at = v.entered
		}
		m.change(now)
		v.spent[v.state] += at.Sub(v.entered)
		v.left = v.state == queue.Waiting && v.legs == 0
		v.state, v.entered, v.changed, v.reason = queue.Expired, at, m.clock, queue.ReasonClosing
		if v.legs > 0 {
			v.state = queue.Served
		}
	}
}

func (m *model) serves(c *queue.Counter, id queue.ChannelID) (further time.Duration, own, serves bool) {
	for _, s := range c.Serves {
		if s.Channel == id {
			return secs(s.After), true, true
		}
	}
	if len(c.Serves) == 0 {
		return 0, true, true
	}
	switch c.Others {
	case queue.OthersHelp:
		return secs(m.cfg.Policy.HelpAfter), false, true
	case queue.OthersIdle:
		return 24 * time.Hour, false, true
	}
	return 0, false, false
}

func secs(s queue.Seconds) time.Duration { return time.Duration(s) * time.Second }

// due is when a ticket is due in a line of its own channel.
func (m *model) due(v *visit) time.Time {
	if p, ok := m.channel(v.channel).Patience[v.class]; ok {
		return v.since.Add(secs(p))
	}
	return v.since.Add(secs(m.cfg.Policy.Patience[v.class]))
}

// early says whether it is too soon to call somebody who has an appointment.
func (m *model) early(v *visit, now time.Time) bool {
	before := 10 * time.Minute
	if says := m.cfg.Policy.AppointmentEarly; says != nil {
		before = secs(*says)
	}
	return !v.slot.IsZero() && now.Before(v.since.Add(-before))
}

func (m *model) channel(id queue.ChannelID) *queue.Channel {
	for i := range m.cfg.Channels {
		if m.cfg.Channels[i].ID == id {
			return &m.cfg.Channels[i]
		}
	}
	return nil
}

func elder(a, b *visit) bool {
	if a.since.Equal(b.since) {
		return a.nth < b.nth
	}
	return a.since.Before(b.since)
}

// next looks at every ticket that waits.
func (m *model) next(c *queue.Counter, now time.Time) (best *visit) {
	var bestDue time.Time
	for _, v := range m.tickets {
		if v.state != queue.Waiting {
			continue
		}
		due := m.due(v)
		if v.only != c.ID {
			further, _, serves := m.serves(c, v.channel)
			due = due.Add(further)
			serves = serves && (len(c.Classes) == 0 || slices.Contains(c.Classes, v.class))
			patience := secs(m.cfg.Policy.SentPatience)
			if patience == 0 {
				patience = 10 * time.Minute
			}
			passed := now.Sub(v.entered) // since it was sent
			switch closed := v.only != "" && m.desks[v.only].status == queue.DeskClosed; {
			case v.only == "" && (!serves || v.avoid == c.ID && now.Before(v.avoidUntil)):
				continue
			case v.only == "":
			case serves && !closed && passed < patience, !serves && closed && passed < patience, !serves && !closed && passed < 2*patience:
				continue
			}
		}
		if m.early(v, now) {
			continue
		}
		if best == nil || due.Before(bestDue) || due.Equal(bestDue) && elder(v, best) {
			best, bestDue = v, due
		}
	}
	return best
}

// line is who waits for a channel, by due time, those at the end who can't be called yet.
func (m *model) line(id queue.ChannelID, now time.Time) (ids []queue.TicketID) {
	var all []*visit
	for _, v := range m.tickets {
		if v.state != queue.Waiting || v.channel != id {
			continue
		}
		at := 0
		for at < len(all) && (!m.early(all[at], now) && m.early(v, now) || m.early(all[at], now) == m.early(v, now) &&
			(m.due(all[at]).Before(m.due(v)) || m.due(all[at]).Equal(m.due(v)) && elder(all[at], v))) {
			at++
		}
		all = slices.Insert(all, at, v)
	}
	for _, v := range all {
		ids = append(ids, v.id)
	}
	return ids
}

// calls is where people are expected: those who are, and of those who were the latest, to make
// twelve.
func (m *model) calls() (list []*visit) {
	holds := func(v *visit) bool { return v.state == queue.Called || v.state == queue.Serving }
	for _, v := range m.tickets {
		if v.spokenNo != 0 {
			list = append(list, v)
		}
	}
	latest := func(a, b *visit) int { return b.spokenNo - a.spokenNo }
	slices.SortFunc(list, func(a, b *visit) int {
		switch {
		case holds(a) == holds(b):
			return latest(a, b)
		case holds(a):
			return -1
		}
		return 1
	})
	const shown = 12
	for n := len(list); n > shown && !holds(list[n-1]); n = len(list) {
		list = list[:n-1]
	}
	slices.SortFunc(list, latest)
	return list
}

// lastCalled is the number of the channel's newest call.
func (m *model) lastCalled(id queue.ChannelID) (number string) {
	for _, c := range m.called {
		if c.channel == id {
			number = c.number
		}
	}
	return number
}

// isOpen reads the wall clock: the office is open when a channel is.
func (m *model) isOpen(now time.Time) bool {
	return slices.ContainsFunc(m.cfg.Channels, func(ch queue.Channel) bool { return m.channelOpen(&ch, now) })
}

func (m *model) channelOpen(ch *queue.Channel, now time.Time) bool {
	minute := calendar.Clock(now.Hour()*60 + now.Minute())
	for _, iv := range m.hours(ch, now) {
		if iv.From <= minute && minute < iv.To {
			return true
		}
	}
	return false
}

// hours are the channel's on the day of now. They are remembered, since they are asked for each
// minute of many days.
func (m *model) hours(ch *queue.Channel, now time.Time) []calendar.Interval {
	y, month, d := now.Date()
	asked := question{m.cfg, ch.ID, y, month, d}
	if m.answers == nil {
		m.answers = map[question][]calendar.Interval{}
	}
	list, known := m.answers[asked]
	if !known {
		list = m.hoursOn(ch, now)
		m.answers[asked] = list
	}
	return list
}

func (m *model) hoursOn(ch *queue.Channel, now time.Time) []calendar.Interval {
	today := now.Format("2006-01-02")
	var best *queue.Exception
	length := func(x *queue.Exception) (n int) {
		for d := x.From; d <= x.To; d = d.Next() {
			n += 2
		}
		if len(x.Only) > 0 {
			n--
		}
		return n
	}
	for i := range m.cfg.Exceptions {
		x := &m.cfg.Exceptions[i]
		if string(x.From) <= today && today <= string(x.To) && (len(x.Only) == 0 || slices.Contains(x.Only, ch.ID)) &&
			(best == nil || length(x) < length(best)) {
			best = x
		}
	}
	if best != nil {
		return best.Hours
	}
	switch now.Format("01-02") {
	case "01-01", "01-06", "04-25", "05-01", "06-02", "08-15", "10-04", "11-01", "12-08", "12-25", "12-26":
		return nil
	}
	h := &m.cfg.Hours
	if ch.Hours != nil {
		h = ch.Hours
	}
	return [][]calendar.Interval{h.Sun, h.Mon, h.Tue, h.Wed, h.Thu, h.Fri, h.Sat}[now.Weekday()]
}

// left walks minute by minute to the end of the channel's opening, the day's end at the latest.
func (m *model) left(ch *queue.Channel, now time.Time) time.Duration {
	at := now.Truncate(time.Minute)
	for m.channelOpen(ch, at) && at.Day() == now.Day() {
		at = at.Add(time.Minute)
	}
	return at.Sub(now)
}

// full reports whether the opening that now is in was said to be full.
func (m *model) full(ch *queue.Channel, now time.Time) bool {
	at, said := m.filled[ch.ID]
	return said && ch.FitHours && m.closesAt(ch, now) == m.closesAt(ch, at)
}

func (m *model) fit(a queue.Fit, now time.Time) queue.Code {
	ch := m.cfg.Channel(a.Channel)
	switch {
	case ch == nil:
		return queue.UnknownChannel
	case !ch.FitHours || !m.channelOpen(ch, now) || m.full(ch, now) != a.Fits:
		return ""
	}
	m.change(now)
	if delete(m.filled, ch.ID); !a.Fits {
		m.filled[ch.ID] = now
	}
	return ""
}

// closesAt is when the channel closes that is open: its day's minute.
func (m *model) closesAt(ch *queue.Channel, now time.Time) string {
	return now.Add(m.left(ch, now)).Format(time.DateTime)
}

func (m *model) issuable(ch *queue.Channel, now time.Time) queue.Code {
	if !m.isOpen(now) {
		return queue.OfficeClosed
	}
	if !m.channelOpen(ch, now) {
		return queue.ChannelClosed
	}
	if ch.LastTicket > 0 && m.left(ch, now) <= secs(ch.LastTicket) {
		return queue.ChannelClosed
	}
	if m.full(ch, now) {
		return queue.ChannelClosed
	}
	given, here := 0, 0
	for _, v := range m.tickets {
		if v.issuedIn == ch.ID && v.number != "" && !(v.state == queue.Cancelled && v.callNo == 0) {
			given++
			if m.openingOf(ch, v.issued) == m.openingOf(ch, now) {
				here++
			}
		}
	}
	if ch.IntervalLimit > 0 && here >= ch.IntervalLimit {
		return queue.ChannelFull
	}
	if ch.DailyLimit > 0 && given >= ch.DailyLimit {
		return queue.ChannelFull
	}
	return ""
}

// openingOf is which of the day's openings a moment is in.
func (m *model) openingOf(ch *queue.Channel, now time.Time) int {
	minute := calendar.Clock(now.Hour()*60 + now.Minute())
	return slices.IndexFunc(m.hours(ch, now), func(iv calendar.Interval) bool { return iv.From <= minute && minute < iv.To })
}

// opening reports whether a channel gives tickets.
func (m *model) opening(now time.Time) bool {
	if m.last.After(now) {
		now = m.last
	}
	return slices.ContainsFunc(m.cfg.Channels, func(ch queue.Channel) bool { return m.issuable(&ch, now) == "" })
}

func (m *model) issue(a queue.Issue, by string, now time.Time) queue.Code {
	ch := m.channel(a.Channel)
	class := a.Class
	if class == "" {
		class = queue.Standard
	}
	switch {
	case ch == nil:
		return queue.UnknownChannel
	case class != queue.Standard && class != queue.Priority && class != queue.Appointment:
		return queue.Invalid
	case m.known(a.Ticket) != nil:
		return queue.Invalid
	}
	if code := m.issuable(ch, now); code != "" {
		return code
	}
	if p := m.cfg.Policy; strings.HasPrefix(by, "totem/") && p.HoardMax > 0 {
		recent := 0
		for _, v := range m.tickets {
			if v.by == by && v.number != "" && v.issued.After(now.Add(-secs(p.HoardWindow))) {
				recent++
			}
		}
		if recent >= p.HoardMax {
			return queue.RateLimited
		}
	}
	since := now
	if !a.Slot.IsZero() {
		if class != queue.Appointment || a.Slot.In(now.Location()).Format("2006-01-02") != m.day {
			return queue.Invalid
		}
		since = a.Slot
	}
	v := m.add(a.Ticket, a.Channel, class, by, now)
	v.number, v.since, v.slot = m.numberOnline(ch.Letter, m.nextOnline(ch.Letter)), since, a.Slot
	if v.totem = a.Totem; a.Print {
		v.printed, v.printer = queue.PrintPending, a.Totem+a.Printer
	}
	return ""
}

func (m *model) add(id queue.TicketID, ch queue.ChannelID, class queue.Class, by string, now time.Time) *visit {
	m.change(now)
	v := &visit{
		id: id, by: by, channel: ch, issuedIn: ch, class: class, state: queue.Waiting, issued: now, since: now,
		entered: now, nth: m.clock, changed: m.clock, spent: map[queue.TicketState]time.Duration{},
	}
	m.tickets = append(m.tickets, v)
	return v
}
