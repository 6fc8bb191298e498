package virtual

import "time"

// press carries out what has been received, as long as the machine is on.
func (m *Machine) press() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for !m.closed {
		if m.stopped() || len(m.buffer) <= m.waits {
			m.wait(0)
			continue
		}
		m.one()
	}
}

// one carries out one command: it moves the paper, then cuts, then answers.
func (m *Machine) one() {
	n, err := m.i.step(m.buffer)
	if err == errShort {
		m.waits = len(m.buffer)
		m.change()
		return
	}
	if err != nil {
		n = m.rubbish(err)
	}
	m.buffer, m.waits = m.buffer[n:], 0
	m.offset += n
	cut, reply, mask, lost := m.i.cut, m.i.reply, m.i.mask, m.lost
	moved := m.i.paper.height > m.at
	if moved || cut >= 0 || len(m.buffer) == 0 {
		m.change()
	}
	if !m.move(lost) || cut >= 0 && !m.cutAt(cut, lost) {
		return
	}
	if mask != nil {
		m.mask = *mask
		m.told = asks(m.mask, m.status().automatic())
	}
	if reply != nil {
		m.answer(reply(m.status()))
	}
}

// rubbish prints a byte that isn't understood as printers do, and keeps the first error.
func (m *Machine) rubbish(err error) int {
	if m.wrong == nil {
		m.wrong = &Error{Offset: m.offset, Bytes: append([]byte(nil), m.buffer[:min(8, len(m.buffer))]...), Why: err.Error()}
	}
	if m.i.paper.height > longest-1000 { // a client that never cuts
		m.lose(Cleared)
		return 0
	}
	_ = m.i.rune('▒') // there is one
	return 1
}

// move moves the paper until the head is at its end. It returns false if everything was lost
// meanwhile.
func (m *Machine) move(lost uint64) bool {
	for m.at < m.i.paper.height {
		if m.stopped() {
			m.wait(0)
			if m.closed || m.lost != lost {
				return false
			}
			continue
		}
		rows, pause := m.i.paper.height-m.at, time.Duration(0)
		if speed := m.speed(); speed > 0 {
			rows = min(rows, max(1, m.options.Model.rows(speed*frame.Seconds())))
			pause = time.Duration(float64(rows) / float64(m.options.Model.rows(1000)) * 1000 / speed * float64(time.Second))
		}
		for _, l := range m.later {
			rows = min(rows, l.rows)
		}
		if pause > 0 {
			m.pause(pause)
			if m.closed || m.lost != lost {
				return false
			}
		}
		m.at += rows
		m.passed(rows)
		if m.lost != lost {
			return false
		}
	}
	return true
}

// pause waits for so long, whatever changes.
func (m *Machine) pause(d time.Duration) {
	m.mu.Unlock()
	time.Sleep(d)
	m.mu.Lock()
	m.change()
}

// passed begins the faults that were to begin after so much paper.
func (m *Machine) passed(rows int) {
	waiting := m.later
	m.later = nil
	for _, l := range waiting {
		if l.rows -= rows; l.rows > 0 {
			m.later = append(m.later, l)
		} else {
			m.set(l.fault, true)
		}
	}
}

func (m *Machine) speed() float64 {
	switch speed := m.options.Speed; {
	case !m.faults[Slow]:
		return speed
	case speed == 0:
		return slowSpeed
	default:
		return speed / 10
	}
}

// cutAt cuts, unless the cutter jams: then it does once the jam is mended.
func (m *Machine) cutAt(row int, lost uint64) bool {
	row -= m.i.paper.height // from the end: the paper may have been changed
	if m.faults[CutterJam] {
		m.jammed = true
		m.tell()
		m.change()
	}
	for m.stopped() {
		m.wait(0)
		if m.closed || m.lost != lost {
			return false
		}
	}
	head, tail := m.i.paper.split(m.i.paper.height + row)
	m.i.paper = tail
	m.at, m.i.begun = tail.height, tail.height
	head.Cuts = 1
	if !head.Blank() {
		m.drop(head, "")
	}
	m.tell()
	m.change()
	return true
}
