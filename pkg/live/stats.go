package live

import "sync/atomic"

// Stats are the hub's figures: what is now, and totals since it was made.
type Stats struct {
	// Viewers are the connections now, handshakes included.
	Viewers int
	// Topics are those that are watched or of which a message is held.
	Topics int
	// Sent counts messages written to viewers, pings excluded.
	Sent uint64
	// Refused counts connections over a limit.
	Refused uint64
	// Slow, Silent and Abusive count viewers that were cut because they didn't take a message in
	// time, answered no ping, or sent what they shouldn't.
	Slow, Silent, Abusive uint64
}

// counters are the totals behind Stats.
type counters struct {
	sent, refused, slow, silent, abusive atomic.Uint64
}

// end counts a viewer's end by its close code.
func (c *counters) end(code int) {
	switch code {
	case CloseSlow:
		c.slow.Add(1)
	case CloseSilent:
		c.silent.Add(1)
	case CloseProtocol, CloseFlood, CloseTooBig:
		c.abusive.Add(1)
	}
}

// Stats gives the figures of this moment.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{
		Viewers: h.present(),
		Topics:  len(h.topics),
		Sent:    h.counts.sent.Load(),
		Refused: h.counts.refused.Load(),
		Slow:    h.counts.slow.Load(),
		Silent:  h.counts.silent.Load(),
		Abusive: h.counts.abusive.Load(),
	}
}
