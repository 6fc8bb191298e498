package queue_test

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// totem is one that gives numbers by itself: what it has in its folder.
type totem struct {
	name  string
	given map[string]int // numbers of a letter, on a day
	lost  []queue.TicketID
	queue []queue.IssueOffline // given, not handed over yet
}

func newTotems() map[string]*totem {
	all := map[string]*totem{}
	for _, name := range []string{"t1", "t2"} {
		all[name] = &totem{name: name, given: map[string]int{}}
	}
	return all
}

// act has the totem get numbers, give one to somebody, or hand over the first that it gave. Now and
// then it starts with an empty folder: who has a ticket of it that nobody knows of is lost.
func (m *totem) act(t *rapid.T, sc *script, kind string) queue.Action {
	has := sc.office != nil && len(sc.office.Leased(m.name)) > 0
	switch {
	case kind == "lease" || !has:
		a := queue.LeaseNumbers{Totem: m.name, Fresh: rapid.IntRange(0, 5).Draw(t, "fresh") == 0}
		if a.Fresh {
			*m = totem{name: m.name, given: map[string]int{}}
		}
		return a
	case kind == "hand over" && len(m.queue) > 0:
		a := m.queue[0]
		if rapid.IntRange(0, 4).Draw(t, "answer arrives") > 0 {
			m.queue = m.queue[1:]
		}
		return a
	}
	m.give(t, sc)
	if rapid.Bool().Draw(t, "stays offline") {
		return queue.Tick{}
	}
	return m.queue[len(m.queue)-1]
}

// give gives somebody the next number of the day, under an id that it may have asked for a ticket
// with.
func (m *totem) give(t *rapid.T, sc *script) {
	blocks := sc.office.Leased(m.name)
	b := blocks[rapid.IntRange(0, len(blocks)-1).Draw(t, "block")]
	day := fmt.Sprint(b.Letter, b.From, " on ", calendar.DateOf(sc.now))
	n := min(b.From+m.given[day], b.To) // used up: the number is another's
	m.given[day]++
	a := queue.IssueOffline{
		Totem: m.name, Number: fmt.Sprintf("%s%03d", b.Letter, n), At: sc.now,
		Channel: rapid.SampledFrom([]queue.ChannelID{"a", "b", "c", "z"}).Draw(t, "channel"),
		Class:   rapid.SampledFrom([]queue.Class{"", queue.Standard, queue.Priority}).Draw(t, "class"),
		Printed: rapid.SampledFrom([]queue.Printing{"", queue.PrintPending, queue.PrintYes, queue.PrintFailed}).Draw(t, "printed"),
	}
	if len(m.lost) > 0 && rapid.Bool().Draw(t, "asked before") {
		a.Ticket, m.lost = m.lost[0], m.lost[1:]
	} else {
		sc.kiosks++
		a.Ticket = queue.TicketID(fmt.Sprint("k", sc.kiosks))
	}
	switch rapid.IntRange(0, 19).Draw(t, "odd") {
	case 0:
		a.At = sc.now.Add(time.Duration(rapid.SampledFrom([]int{-9000, 1, 50}).Draw(t, "hours")) * time.Hour)
	case 1:
		a.Number = rapid.SampledFrom([]string{"A001", "A02", "B1000", "Z900"}).Draw(t, "number")
	case 2:
		a.Class = queue.Appointment
	}
	m.queue = append(m.queue, a)
}

// roll draws numbers that were torn off, mostly the next ones.
func (sc *script) roll(t *rapid.T, channel queue.ChannelID, fresh func() queue.TicketID) queue.Action {
	a := queue.Roll{Channel: channel, Last: rapid.IntRange(1, 12).Draw(t, "last")}
	if rapid.Bool().Draw(t, "says first") {
		a.First = rapid.SampledFrom([]int{1, a.Last - 1, a.Last, a.Last, 998, 1001}).Draw(t, "first")
		a.Last = max(a.Last, a.First+rapid.IntRange(-1, 2).Draw(t, "more"))
	}
	for range 50 {
		a.Tickets = append(a.Tickets, queue.TicketID(fmt.Sprint("r", sc.sent, "-", len(a.Tickets))))
	}
	if rapid.IntRange(0, 9).Draw(t, "one's id") == 0 {
		a.Tickets[0] = fresh()
	}
	return a
}

// lease is a totem's block in the model.
type lease struct {
	totem, letter string
	from, to      int
	at            time.Time
	until         string
}

func (l *lease) has(letter string, n int) bool { return l.letter == letter && l.from <= n && n <= l.to }

func (m *model) leaseNumbers(a queue.LeaseNumbers, now time.Time) queue.Code {
	size := m.cfg.Policy.OfflineNumbers
	if size == 0 {
		size = 100
	}
	var found []lease
	for _, ch := range m.cfg.Channels {
		if !a.Fresh && slices.ContainsFunc(m.leases, func(l lease) bool { return l.totem == a.Totem && l.letter == ch.Letter && l.until == "" }) {
			continue
		}
		free := func(from int) bool {
			for n := from; n < from+size; n++ {
				if slices.ContainsFunc(m.leases, func(l lease) bool { return l.has(ch.Letter, n) }) {
					return false
				}
			}
			return from > m.high[ch.Letter]
		}
		from := 1000 - size
		for from > 0 && !free(from) {
			from -= size
		}
		if from <= 0 {
			for from = 1000; !free(from); from++ {
			}
		}
		found = append(found, lease{a.Totem, ch.Letter, from, from + size - 1, now, ""})
	}
	if len(found) == 0 {
		return ""
	}
	m.change(now)
	for i := range m.leases {
		if l := &m.leases[i]; a.Fresh && l.totem == a.Totem && l.until == "" {
			l.until = m.day
		}
	}
	m.leases = append(m.leases, found...)
	return ""
}

func (m *model) reserved(letter string, n int) bool {
	return slices.ContainsFunc(m.leases, func(l lease) bool { return l.has(letter, n) && (l.until == "" || l.until >= m.day) })
}

func (m *model) nextOnline(letter string) int {
	n := m.online[letter] + 1
	for m.reserved(letter, n) {
		n++
	}
	return n
}

func (m *model) numberOnline(letter string, n int) string {
	m.online[letter] = n
	m.high[letter] = max(m.high[letter], n)
	return fmt.Sprintf("%s%03d", letter, n)
}

// known is a ticket of today, or of another day that a totem may have something to say of.
func (m *model) known(id queue.TicketID) *visit {
	if v := m.byID(id); v != nil {
		return v
	}
	for _, v := range m.handed {
		if v.id == id {
			return v
		}
	}
	return nil
}

func (m *model) handOver(a queue.IssueOffline, now time.Time) queue.Code {
	number, ok := queue.ParseNumber(a.Number)
	if !ok || number != a.Number || a.Class == queue.Appointment {
		return queue.Invalid
	}
	letter, at := number[:1], a.At
	var n int
	_, _ = fmt.Sscan(number[1:], &n)
	i := slices.IndexFunc(m.leases, func(l lease) bool { return l.has(letter, n) })
	if i < 0 {
		return queue.Conflict
	}
	if at.After(now) || at.Before(m.leases[i].at) {
		at = now
	}
	day := at.Format("2006-01-02")
	v := m.known(a.Ticket)
	if v != nil {
		day = v.issued.Format("2006-01-02")
	}
	for _, u := range slices.Concat(m.tickets, m.handed) {
		if u.number == number && u.id != a.Ticket && u.issued.Format("2006-01-02") == day {
			return queue.Conflict
		}
	}
	switch {
	case v == nil:
		m.takeOver(a, number, at, now)
	case v.number == number:
	case v.number == "" || v.offline || v.totem == "":
		return queue.Conflict
	default:
		m.renumber(v, a, number, at, now)
	}
	return ""
}

func (m *model) takeOver(a queue.IssueOffline, number string, at, now time.Time) {
	channel := m.cfg.Channels[0].ID
	for _, ch := range m.cfg.Channels {
		if ch.Letter == number[:1] {
			channel = ch.ID
		}
	}
	if m.channel(a.Channel) != nil {
		channel = a.Channel
	}
	class := a.Class
	if class == "" {
		class = queue.Standard
	}
	v := m.add(a.Ticket, channel, class, "", now)
	v.number, v.issued, v.since, v.entered = number, at, at, at
	v.totem, v.offline, v.printed, v.printReason = a.Totem, true, a.Printed, a.Reason
	if at.Format("2006-01-02") != m.day {
		v.state, v.left = queue.Expired, true
		m.handed = append(m.handed, v)
		m.tickets = m.tickets[:len(m.tickets)-1]
	}
}

func (m *model) renumber(v *visit, a queue.IssueOffline, number string, at, now time.Time) {
	m.change(now)
	if at.Before(v.since) && at.Format("2006-01-02") == v.issued.Format("2006-01-02") {
		v.since = at
	}
	v.number, v.offline, v.printed, v.printReason = number, true, a.Printed, a.Reason
	if m.byID(v.id) == nil {
		return
	}
	if v.state == queue.Expired && v.reason != queue.ReasonClosing {
		v.state = queue.Absent
	}
	if v.state == queue.Absent {
		m.set(v, queue.Waiting, now)
		v.until, v.left = time.Time{}, false
	}
}

// endHanded keeps what a totem may hand over, or has, when the day ends.
func (m *model) endHanded() {
	for _, v := range m.tickets {
		if v.number != "" && (v.offline || v.totem != "" && v.printed == queue.PrintPending) {
			m.handed = append(m.handed, v)
		}
	}
}

func (m *model) print(a queue.Printed, now time.Time) queue.Code {
	v := m.known(a.Ticket)
	switch {
	case v == nil:
		return queue.UnknownTicket
	case a.Result == "perhaps", a.Reason == "no paper":
		return queue.Invalid
	case v.number == "":
		return queue.Conflict
	case a.Copy != nil && *a.Copy != v.reprints:
	case a.Result == queue.PrintUnknown && (v.printed == queue.PrintYes || v.printed == queue.PrintFailed):
	case v.printed == a.Result && v.printReason == a.Reason:
	default:
		m.change(now)
		v.printed, v.printReason = a.Result, a.Reason
	}
	return ""
}

func (m *model) reprint(a queue.Reprint, now time.Time) queue.Code {
	v, made := m.byID(a.Ticket), a.Made != ""
	if made {
		v = m.known(a.Ticket)
	}
	switch {
	case v == nil:
		return queue.UnknownTicket
	case a.Made == "perhaps", !made && a.Reason != "":
		return queue.Invalid
	case v.number == "", !made && !live(v.state):
		return queue.Conflict
	case !made && a.Own != "" && (v.totem != a.Own || a.Totem != "" && a.Totem != a.Own):
		return queue.Forbidden
	case a.Totem == "" && v.totem == "" && a.Else == "":
		return queue.Conflict
	}
	m.change(now)
	v.printed, v.printReason, v.reprints = queue.PrintPending, "", v.reprints+1
	if made {
		v.printed, v.printReason = a.Made, a.Reason
	}
	if v.printer = a.Totem; v.printer == "" {
		if v.printer = v.totem; v.printer == "" {
			v.printer = a.Else
		}
	}
	return ""
}

func (m *model) roll(a queue.Roll, now time.Time) queue.Code {
	ch := m.channel(a.Channel)
	if ch == nil {
		return queue.UnknownChannel
	}
	first := a.First
	if first == 0 {
		first = m.nextOnline(ch.Letter)
	}
	switch {
	case first <= m.online[ch.Letter], a.Last <= m.online[ch.Letter]:
		return queue.Conflict
	case a.Last < first, a.Last >= first+50:
		return queue.Invalid
	}
	for n := first; n <= a.Last; n++ {
		if m.reserved(ch.Letter, n) {
			return queue.Conflict
		}
		if m.known(a.Tickets[n-first]) != nil {
			return queue.Invalid
		}
	}
	for n := first; n <= a.Last; n++ {
		v := m.add(a.Tickets[n-first], a.Channel, queue.Standard, "", now)
		v.number = m.numberOnline(ch.Letter, n)
	}
	return ""
}
