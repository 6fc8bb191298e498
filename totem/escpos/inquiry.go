package escpos

import "context"

// inquiry is one round of questions for a printer's status, one after the other: the answers to DLE
// EOT don't say to which question they are.
type inquiry struct {
	profile Profile
	deaf    *[5]bool // questions that the printer is known not to answer
	asked   byte     // the question that is open; 0 if none is
	got     [4]byte
	full    bool // got is a full status
}

// question is what to send next; nil once all is known.
func (q *inquiry) question() []byte {
	if q.profile.WayBack == WayBackFull {
		if q.asked != 0 || q.full {
			return nil
		}
		q.asked = 20
		return []byte{0x10, 0x04, q.asked}
	}
	for n := q.asked + 1; n <= 4; n++ {
		if q.asked = n; !q.deaf[n] {
			return []byte{0x10, 0x04, n}
		}
	}
	return nil
}

// take notes an answer, and reports whether it was one to the open question.
func (q *inquiry) take(a Answer) bool {
	switch {
	case a.Kind == Full && q.asked == 20:
		q.got, q.full, q.asked = a.Bytes, true, 0
		return true
	case a.Kind == RealTime && q.asked >= 1 && q.asked <= 4 && q.got[q.asked-1] == 0:
		q.got[q.asked-1] = a.Bytes[0]
		return true
	}
	return false
}

// alarms is what is known so far.
func (q *inquiry) alarms() Alarm {
	if q.full {
		return q.profile.FullAlarms(q.got)
	}
	return RealTimeAlarms(q.got)
}

// kind is that of the answers.
func (q *inquiry) kind() Kind {
	if q.profile.WayBack == WayBackFull {
		return Full
	}
	return RealTime
}

// ask puts all questions, and reports whether the printer answered. A question that it never
// answered, unlike the first, isn't asked again.
func (w *wire) ask(ctx context.Context, l *line) (Alarm, bool) {
	l.forget()
	q := &inquiry{profile: w.profile, deaf: &w.deaf}
	for question := q.question(); question != nil; question = q.question() {
		n := q.asked
		if _, err := l.send(ctx, question, w.profile.Answer); err != nil {
			return 0, false
		}
		if answer, ok := l.await(ctx, q.kind(), w.profile.Answer); ok {
			q.take(answer)
			if n <= 4 {
				w.heard[n] = true
			}
			continue
		}
		if n == 1 || n > 4 || w.heard[n] || l.broken() || ctx.Err() != nil {
			return 0, false
		}
		w.deaf[n] = true
	}
	return q.alarms(), true
}
