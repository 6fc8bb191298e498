package queue

import (
	"slices"
	"strconv"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

const (
	// offlineNumbers is the policy's size of a block, if it says none.
	offlineNumbers = 100
	// offlineMost is the largest size that it may say.
	offlineMost = 1000
	// retiredMost is how many blocks of a totem may be kept that it has lost: it loses one with its
	// folder, which happens seldom.
	retiredMost = 26 * 40
)

// Block is a range of numbers of one letter, both ends included.
type Block struct {
	Letter string `json:"letter"`
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Lease is a block of numbers that a totem gives by itself while it can't reach the server: on
// every day, from the first one on.
type Lease struct {
	Block
	Totem string    `json:"totem"` // the device that has it: of two by the same name each has its own
	At    time.Time `json:"at"`
	// Until is set once the totem has lost the block, with all knowledge of what it gave of it:
	// the last day on which it may have done so, and on which nobody else gives the numbers.
	Until calendar.Date `json:"until,omitempty"`
}

func (b *Block) contains(letter string, n int) bool {
	return b.Letter == letter && b.From <= n && n <= b.To
}

func (b *Block) overlaps(c *Block) bool {
	return b.Letter == c.Letter && b.From <= c.To && c.From <= b.To
}

// LeaseNumbers gives a totem a block of numbers for each letter for which it has none. Fresh says
// that it knows nothing of what it gave of those that it has: they end, and it gets others.
type LeaseNumbers struct {
	Totem string // the device
	Fresh bool
}

func (a LeaseNumbers) decide(s *State, d *decision) error {
	if a.Totem == "" {
		return Refuse(Invalid, ReasonWhichTotem).At("totem")
	}
	if a.Fresh && s.retired(a.Totem)+len(s.Leased(a.Totem)) > retiredMost {
		return Refuse(RateLimited, ReasonTooManyLeases)
	}
	size := s.Config.Policy.offlineNumbers()
	e := Event{Kind: NumbersLeased, Totem: a.Totem, Fresh: a.Fresh && len(s.Leased(a.Totem)) > 0}
	for _, l := range s.lines {
		letter := l.cfg.Letter
		has := slices.ContainsFunc(s.Leased(a.Totem), func(b Block) bool { return b.Letter == letter })
		if !has || a.Fresh {
			e.Blocks = append(e.Blocks, s.freeBlock(letter, size))
		}
	}
	if len(e.Blocks) > 0 {
		d.emit(e)
	}
	return nil
}

func (p *Policy) offlineNumbers() int {
	if p.OfflineNumbers == 0 {
		return offlineNumbers
	}
	return p.OfflineNumbers
}

// Leased returns the blocks that the totem may give numbers of.
func (s *State) Leased(totem string) (list []Block) {
	for i := range s.Leases {
		if l := &s.Leases[i]; l.Totem == totem && l.Until == "" {
			list = append(list, l.Block)
		}
	}
	return list
}

// retired counts the blocks that the totem has lost.
func (s *State) retired(totem string) (n int) {
	for i := range s.Leases {
		if l := &s.Leases[i]; l.Totem == totem && l.Until != "" {
			n++
		}
	}
	return n
}

// freeBlock finds numbers of a letter that are nobody's and beyond any that was given on a day that
// is known: below 1000, so that they have three digits, if there are such.
func (s *State) freeBlock(letter string, size int) Block {
	given := s.Numbers[letter]
	for i := range s.Days {
		given = max(given, s.Days[i].Numbers[letter])
	}
	const wide = 1000 // the first number of more than three digits
	for from := wide - size; from > given; from -= size {
		if b := (Block{letter, from, from + size - 1}); s.free(&b) {
			return b
		}
	}
	b := Block{letter, max(wide, given+1), 0}
	for {
		b.To = b.From + size - 1
		i := slices.IndexFunc(s.Leases, func(l Lease) bool { return l.overlaps(&b) })
		if i < 0 {
			return b
		}
		b.From = s.Leases[i].To + 1
	}
}

func (s *State) free(b *Block) bool {
	return !slices.ContainsFunc(s.Leases, func(l Lease) bool { return l.overlaps(b) })
}

// leaseOf returns the lease by which nobody else gives the number today, or nil.
func (s *State) leaseOf(letter string, n int) *Lease {
	for i := range s.Leases {
		if l := &s.Leases[i]; l.contains(letter, n) && (l.Until == "" || l.Until >= s.Day) {
			return l
		}
	}
	return nil
}

// nextOf is the number after the day's last one that is no totem's.
func (s *State) nextOf(letter string) int {
	n := s.Numbers[letter] + 1
	for l := s.leaseOf(letter, n); l != nil; l = s.leaseOf(letter, n) {
		n = l.To + 1
	}
	return n
}

func (s *State) lease(e *Event) {
	if e.Fresh {
		last := s.Day
		if n := len(s.Days); n > 0 {
			last = max(last, s.Days[n-1].Day)
		}
		for i := range s.Leases {
			if l := &s.Leases[i]; l.Totem == e.Totem && l.Until == "" {
				l.Until = last
			}
		}
	}
	for _, b := range e.Blocks {
		s.Leases = append(s.Leases, Lease{Block: b, Totem: e.Totem, At: e.At})
	}
}

// forgetLeases forgets blocks that were lost on days that nobody knows any more.
func (s *State) forgetLeases() {
	known := s.Day
	if len(s.Days) > 0 {
		known = min(known, s.Days[0].Day)
	}
	s.Leases = slices.DeleteFunc(s.Leases, func(l Lease) bool { return l.Until != "" && l.Until < known })
}

// split takes a ticket's number apart; n is 0 for one that is no number.
func split(number string) (letter string, n int) {
	if number == "" {
		return "", 0
	}
	n, _ = strconv.Atoi(number[1:])
	return number[:1], n
}
