package simulate

import (
	"slices"
	"time"

	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/visits"
)

const (
	// tidying is for how long at most a clerk tidies up after a visit while somebody waits: who
	// takes longer is on a break.
	tidying = 5 * time.Minute
	// heed is how long somebody may wait for a clerk who is there and free.
	heed = time.Minute
	// briefly is how long a clerk is there at least who has called somebody.
	briefly = time.Second
	// idle is how long at most a clerk has been on a break before anybody waited, and how long a
	// clerk is taken to be there before the first call and after the last visit, while nobody
	// waits.
	idle = time.Hour
)

// span is a time from a moment until another.
type span struct{ from, to time.Time }

// attend notes the shifts at a counter on a day: from its first call to the end of its last visit,
// without the breaks, in which others waited; and of its visits how long they lasted and what its
// clerk did after them.
func (p *past) attend(d *day, c *queue.Counter) {
	var own []int
	for i, v := range d.real {
		if v.Counter == string(c.ID) {
			own = append(own, i)
		}
	}
	if len(own) == 0 {
		return
	}
	d.use[c.ID] = len(own)
	slices.SortStableFunc(own, func(a, b int) int { return d.real[a].Called.Compare(d.real[b].Called) })
	waits := waited(d.real, c)
	shift := span{before(waits, d.real[own[0]].Called, d.real[0].Arrived), time.Time{}}
	for i, n := range own {
		v, who := &d.real[n], &d.comers[n]
		ended := v.Ended
		if i == len(own)-1 {
			who.Service = ended.Sub(v.Called)
			shift.to = after(waits, latest(ended, v.Called.Add(briefly)), d.closes())
			break
		}
		next := d.real[own[i+1]].Called
		if ended.After(next) { // the next was called before
			ended = next
		}
		who.Service = ended.Sub(v.Called)
		for _, w := range within(waits, span{ended, next}) {
			lasts, follows := w.to.Sub(w.from), w.from.Equal(ended)
			if follows && lasts <= tidying {
				who.Tidy = lasts
			} else if lasts > heed {
				left := w.from
				if lasts > tidying { // on a break, which may have begun when nobody waited
					left = latest(w.from.Add(-idle), latest(ended, shift.from))
				}
				d.attended(c.ID, span{shift.from, latest(left, v.Called.Add(briefly))})
				shift.from = w.to
			}
		}
	}
	d.attended(c.ID, shift)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// closes is when nobody comes any more.
func (d *day) closes() time.Time { return earliest(d.last.Add(time.Minute), d.ends) }

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// attended adds a shift, unless it is none, or none of this day: a visit may end after midnight.
func (d *day) attended(at queue.CounterID, s span) {
	s.to = earliest(s.to, d.ends)
	if s.from.Before(s.to) {
		d.shifts = append(d.shifts, Shift{Counter: at, From: s.from, To: s.to, Stays: !s.to.Before(d.closes())})
	}
}

// waited are the times in which anybody waited whom a counter may call, in order and apart.
func waited(list []visits.Visit, c *queue.Counter) (all []span) {
	for _, v := range list {
		until := v.Called
		if until.IsZero() {
			until = v.Ended
		}
		if !until.After(v.Arrived) || !servesChannel(c, queue.ChannelID(v.Channel)) {
			continue
		}
		if n := len(all); n > 0 && !v.Arrived.After(all[n-1].to) {
			if until.After(all[n-1].to) {
				all[n-1].to = until
			}
			continue
		}
		all = append(all, span{v.Arrived, until})
	}
	return all
}

func servesChannel(c *queue.Counter, ch queue.ChannelID) bool {
	return len(c.Serves) == 0 || c.Others != queue.OthersNever ||
		slices.ContainsFunc(c.Serves, func(s queue.Serve) bool { return s.Channel == ch })
}

// within are the parts of spans that are in another one.
func within(list []span, in span) (parts []span) {
	first, _ := slices.BinarySearchFunc(list, in.from, func(s span, t time.Time) int {
		if s.to.After(t) {
			return 1
		}
		return -1
	})
	for _, s := range list[first:] {
		if !s.from.Before(in.to) {
			break
		}
		parts = append(parts, span{latest(s.from, in.from), earliest(s.to, in.to)})
	}
	return parts
}

// before is since when a clerk may have been there before the first call, and after is until when
// after the last visit: as long as nobody waited for it.
func before(waits []span, called, opening time.Time) time.Time {
	from := latest(called.Add(-idle), opening)
	for _, w := range within(waits, span{from, called}) {
		if w.to.Sub(w.from) > heed {
			from = w.to
		}
	}
	return from
}

func after(waits []span, ended, closing time.Time) time.Time {
	to := latest(earliest(ended.Add(idle), closing), ended)
	for _, w := range within(waits, span{ended, to}) {
		if w.to.Sub(w.from) > heed {
			return w.from
		}
	}
	return to
}
