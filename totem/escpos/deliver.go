package escpos

import (
	"context"
	"time"
)

const (
	// pulse is how often a printer at work is asked how it is.
	pulse = time.Second
	// glance is how often one is asked whose status alone tells when it is done.
	glance = 50 * time.Millisecond
	// still is how long such a printer must be at rest after its work: between the last line and
	// the cut its motor stands.
	still = 500 * time.Millisecond
	// alive is for how long an answer shows that the printer is at work.
	alive = 3 * pulse
	// lastWords is how long a job that nobody waits for any longer may still take to go: half a
	// ticket is worse than a whole one.
	lastWords = 2 * time.Second
)

// deliver sends a job and waits. From its first byte on, only the printer's answer makes it yes,
// and nothing makes it failed.
func (w *wire) deliver(ctx context.Context, l *line, job Job, before Status) (Outcome, Status) {
	l.forget()
	asks := w.back == does
	acks := asks && w.acks != doesNot
	w.doubt, w.cutOff = true, true

	sent, err := l.send(ctx, job.Data, w.profile.Done)
	if err == nil && acks {
		_, err = l.send(ctx, []byte(w.profile.Ack), w.profile.Done)
	}
	lost := Status{StateOffline, ReasonLinkLost}
	switch {
	case err != nil && sent == 0:
		w.cutOff = false
		return Outcome{Failed, ReasonLinkLost}, lost
	case err != nil:
		return Outcome{Unknown, ReasonLinkLost}, lost
	case !asks:
		w.cutOff = false
		if !w.keep {
			l.finish(parting)
		}
		return Outcome{Unknown, ReasonNoWayBack}, before
	}
	wait := &vigil{wire: w, line: l, acks: acks, status: before, watches: w.profile.WayBack == WayBackFull}
	wait.worked = w.profile.Presenter > 0 && before.Reason != ReasonTicketInMouth
	outcome := wait.keep(ctx)
	switch {
	case outcome.Result == Yes && acks:
		w.acks, w.doubt, w.cutOff = does, false, false
	case outcome.Result == Yes || outcome.Reason == ReasonNoWayBack: // all went, and it is well
		w.doubt, w.cutOff = false, false
	}
	w.subscribe(ctx, l)
	return outcome, wait.status
}

// vigil waits for the answer to a job that was sent, and watches how the printer is meanwhile.
type vigil struct {
	wire   *wire
	line   *line
	acks   bool
	status Status
	round  *inquiry
	rounds int
	begun  time.Time // of the round
	fresh  bool      // something was said lately

	watches bool      // the status tells when the job is done
	worked  bool      // the printer was at work, or its mouth was empty
	rested  time.Time // since when it is at rest after its work; zero: it isn't
}

func (v *vigil) keep(ctx context.Context) Outcome {
	profile := v.wire.profile
	done, limit := time.NewTimer(profile.Done), time.NewTimer(profile.Busy)
	every := pulse
	switch {
	case v.watches:
		every = glance
	case !v.acks: // look once or twice how it is
		limit.Reset(alive)
	}
	beat := time.NewTicker(every)
	defer done.Stop()
	defer limit.Stop()
	defer beat.Stop()
	for {
		select {
		case answer := <-v.line.answers:
			if outcome, over := v.hear(ctx, answer); over {
				return outcome
			}
			continue
		default:
		}
		select {
		case answer := <-v.line.answers:
			if outcome, over := v.hear(ctx, answer); over {
				return outcome
			}
		case <-beat.C:
			v.begin(ctx)
		case <-done.C:
			if !v.fresh {
				return v.giveUp()
			}
			v.fresh = false
			done.Reset(alive)
		case <-limit.C:
			return v.giveUp()
		case <-v.line.gone:
			if len(v.line.answers) == 0 {
				v.status = Status{StateOffline, ReasonLinkLost}
				return Outcome{Unknown, ReasonLinkLost}
			}
		case <-ctx.Done():
			return Outcome{Unknown, ReasonCancelled}
		}
	}
}

// hear takes an answer, and reports whether it decides.
func (v *vigil) hear(ctx context.Context, a Answer) (Outcome, bool) {
	switch a.Kind {
	case InOrder:
		if v.acks {
			return v.acknowledged(InOrderAlarms(a.Bytes[0])), true
		}
	case Automatic:
		return v.notice(AutomaticAlarms(a.Bytes))
	case RealTime, Full:
		if v.round == nil || !v.round.take(a) {
			break
		}
		v.fresh = true
		if v.ask(ctx) {
			break
		}
		alarms := v.round.alarms()
		v.round = nil
		v.rounds++
		if outcome, over := v.notice(alarms); over || !v.watches {
			return outcome, over
		}
		return v.watch(alarms)
	}
	return Outcome{}, false
}

// notice looks at how the printer is. What stops it in the middle of a job leaves the paper in
// doubt, also where it goes on afterwards.
func (v *vigil) notice(a Alarm) (Outcome, bool) {
	v.status, v.fresh = a.Status(), true
	if !v.status.State.Prints() && a&^passing != 0 {
		return Outcome{Unknown, v.status.Reason}, true
	}
	return Outcome{}, false
}

// watch follows the work of a printer by its status, and reports whether the job is done: a
// presenter holds the ticket out, or without one the printer was at work and has been at rest for a
// while. A ticket that was snatched from a presenter before it was seen there isn't known.
func (v *vigil) watch(a Alarm) (Outcome, bool) {
	presents, busy, out := v.wire.profile.Presenter > 0, a&AlarmBusy != 0, a&AlarmTicketInMouth != 0
	v.worked = v.worked || busy || presents && !out
	v.fresh = busy || !v.status.State.Prints() // rest alone doesn't prolong the waiting
	switch {
	case busy || !v.worked || !v.status.State.Prints():
		v.rested = time.Time{}
	case presents:
		return Outcome{Result: Yes}, out
	case v.rested.IsZero():
		v.rested = time.Now()
	default:
		return Outcome{Result: Yes}, time.Since(v.rested) >= still
	}
	return Outcome{}, false
}

// acknowledged is the answer that comes once all before it is done. One that says that there is no
// paper comes from a printer that went on without.
func (v *vigil) acknowledged(a Alarm) Outcome {
	if a&AlarmPaperOut != 0 {
		v.status = a.Status()
		return Outcome{Unknown, v.status.Reason}
	}
	low := v.status.State == StatePaperLow || a&AlarmPaperLow != 0
	if v.status = (Status{State: StateReady}); low {
		v.status.State = StatePaperLow
	}
	return Outcome{Result: Yes}
}

// begin starts a round of questions, unless one is still being answered.
func (v *vigil) begin(ctx context.Context) {
	if v.round != nil && time.Since(v.begun) < alive {
		return
	}
	v.round, v.begun = &inquiry{profile: v.wire.profile, deaf: &v.wire.deaf}, time.Now()
	v.ask(ctx)
}

// ask puts the next question, and reports whether there is one.
func (v *vigil) ask(ctx context.Context) bool {
	question := v.round.question()
	if question == nil {
		return false
	}
	_, err := v.line.send(ctx, question, v.wire.profile.Answer)
	return err == nil
}

// giveUp is the end of waiting.
func (v *vigil) giveUp() Outcome {
	switch {
	case !v.status.State.Prints():
		return Outcome{Unknown, v.status.Reason}
	case v.acks || v.watches || v.rounds == 0:
		return Outcome{Unknown, ReasonNoAnswer}
	}
	return Outcome{Unknown, ReasonNoWayBack}
}
