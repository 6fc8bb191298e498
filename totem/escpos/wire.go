package escpos

import (
	"context"
	"time"
)

const (
	// fenceWait is how long what is left of an earlier job may take.
	fenceWait = 5 * time.Second
	// quiet is how long nothing is to come for all earlier answers to be in.
	quiet = 300 * time.Millisecond
	// answersMost is more answers than any printer owes: one for each question of two jobs.
	answersMost = 20
	// parting is how long a printer without a way back may take to close its side.
	parting = 2 * time.Second
)

// wire is a way on which bytes go to the printer, and perhaps come back: TCP or USB. One caller at
// a time.
type wire struct {
	profile Profile
	open    func(context.Context) (duplex, error)
	keep    bool          // the line stays open between jobs
	pauses  bool          // reading nothing isn't the end
	told    func(a Alarm) // what the printer says by itself, at any time
	line    *line         // the one that is kept
	heard   [5]bool       // by the n of DLE EOT: it was answered
	deaf    [5]bool       // it wasn't
	back    knowledge     // whether the printer answers at all
	acks    knowledge     // whether it answers in order
	doubt   bool          // an answer to an earlier job may still come
	cutOff  bool          // an earlier job may have ended anywhere
}

// knowledge is what was learned of a printer while it was open.
type knowledge byte

const (
	unsure knowledge = iota
	does
	doesNot
)

func newWire(p Profile, told func(Alarm)) *wire {
	w := &wire{profile: p, told: told, doubt: true}
	if p.Ack == "" {
		w.acks = doesNot
	}
	if p.WayBack == WayBackNone {
		w.back = doesNot
	}
	return w
}

// connect opens the way, unless it is.
func (w *wire) connect(ctx context.Context) (*line, error) {
	if w.line != nil && !w.line.broken() {
		return w.line, nil
	}
	w.drop()
	conn, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	l := newLine(conn, w.profile.WayBack, w.pauses, func(a Answer) { w.told(AutomaticAlarms(a.Bytes)) })
	if w.keep {
		w.line = l
		w.subscribe(ctx, l)
	}
	return l, nil
}

// subscribe asks the printer to tell changes by itself. A reset, as at the beginning of each job,
// ends it.
func (w *wire) subscribe(ctx context.Context, l *line) {
	if w.keep && w.profile.WayBack == WayBackASB {
		_, _ = l.send(ctx, []byte{0x1d, 'a', 0x0e}, w.profile.Answer) // online, errors, paper; asking works too
	}
}

// drop closes the line that is kept.
func (w *wire) drop() {
	if w.line != nil {
		w.line.close()
		w.line = nil
	}
}

// release is called after each use; a line on which something went wrong isn't kept.
func (w *wire) release(l *line, sound bool) {
	switch {
	case l == w.line && sound:
	case l == w.line:
		w.drop()
	default:
		l.close()
	}
}

func (w *wire) close() { w.drop() }

// check finds out how the printer is.
func (w *wire) check(ctx context.Context) Status {
	l, err := w.connect(ctx)
	if err != nil {
		return Status{StateOffline, ReasonUnreachable}
	}
	status := w.look(ctx, l)
	w.release(l, status.State != StateOffline)
	return status
}

// look asks, where asking is of use.
func (w *wire) look(ctx context.Context, l *line) Status {
	if w.profile.WayBack == WayBackNone {
		return Status{State: StateReady}
	}
	alarms, ok := w.ask(ctx, l)
	switch {
	case ok:
		w.back = does
		return alarms.Status()
	case w.profile.Guess && w.back != does && !l.broken() && ctx.Err() == nil:
		w.back = doesNot
		return Status{State: StateReady}
	}
	return Status{StateOffline, ReasonNoAnswer}
}

// print sends the next job to a printer that can take it, and waits until it says that it has done
// it.
func (w *wire) print(ctx context.Context, next Next) (Outcome, Status) {
	l, status := w.ready(ctx)
	asked := time.Now()
	job, ok := next()
	if ok && l != nil && (l.broken() || time.Since(asked) > pulse) { // what it said may be so no longer
		w.release(l, !l.broken())
		l, status = w.ready(ctx)
	}
	switch {
	case ok && ctx.Err() == nil && status.State.Prints():
		outcome, status := w.deliver(ctx, l, job, status)
		w.release(l, outcome.Reason != ReasonLinkLost)
		return outcome, status
	case l != nil:
		w.release(l, status.State != StateOffline)
	}
	if !ok || ctx.Err() != nil {
		return Outcome{Failed, ReasonCancelled}, status
	}
	return Outcome{Failed, status.Reason}, status
}

// ready calls the printer and finds out whether it can take a job. Without a way to it the line is
// nil.
func (w *wire) ready(ctx context.Context) (*line, Status) {
	l, err := w.connect(ctx)
	if err != nil {
		return nil, Status{StateOffline, ReasonUnreachable}
	}
	return l, w.prepare(ctx, l)
}

// prepare finds out whether a job may be sent, and makes way for it. No byte of it goes before.
func (w *wire) prepare(ctx context.Context, l *line) Status {
	if w.back == doesNot {
		return w.clear(ctx, l)
	}
	status := w.look(ctx, l)
	if w.profile.Recover != "" && (status.Reason == ReasonCutterError || status.Reason == ReasonMechanical) {
		_, _ = l.send(ctx, []byte(w.profile.Recover), w.profile.Answer) // the status says whether it helped
		status = w.look(ctx, l)
	}
	if status.State.Prints() && w.back == does && w.doubt && !w.fence(ctx, l) {
		return Status{StateOffline, ReasonNoAnswer}
	}
	return status
}

// clear ends what an interrupted job left in a printer that doesn't answer. It isn't asked again
// before each job, which would cost everybody a second: the checks between jobs notice if it begins
// to answer.
func (w *wire) clear(ctx context.Context, l *line) Status {
	if w.cutOff {
		if !w.fill(ctx, l) || !w.cut(ctx, l) {
			return Status{StateOffline, ReasonLinkLost}
		}
		w.cutOff = false
	}
	return Status{State: StateReady}
}

// fill ends the picture that a printer may still wait for the rest of. Otherwise it ignores zeros.
func (w *wire) fill(ctx context.Context, l *line) bool {
	_, err := l.send(ctx, make([]byte, w.profile.bandBytes()), w.profile.Done)
	return err == nil
}

// cut cuts off what an interrupted job printed, so that the next ticket isn't below it.
func (w *wire) cut(ctx context.Context, l *line) bool {
	e := NewEncoder(w.profile)
	e.Cut()
	_, err := l.send(ctx, e.Bytes(), w.profile.Done)
	return err == nil
}

// fence waits until the printer has answered all that it was asked before, and cuts off what an
// interrupted job left. It reports whether a job may follow.
func (w *wire) fence(ctx context.Context, l *line) bool {
	if w.acks == doesNot {
		return w.rest(ctx, l) && w.clear(ctx, l).State.Prints()
	}
	answers := w.settle(ctx, l, fenceWait)
	if answers == 0 && w.cutOff { // perhaps it takes all for the rest of a picture
		if !w.fill(ctx, l) {
			return false
		}
		answers = w.settle(ctx, l, fenceWait)
	}
	switch {
	case answers > 0:
		w.acks = does
	case ctx.Err() != nil || l.broken() || w.acks == does || !w.profile.Guess:
		return false
	default:
		w.acks = doesNot
		return true
	}
	if w.cutOff && answers == 1 && !w.cut(ctx, l) { // the earlier job's own answer never came
		return false
	}
	w.doubt, w.cutOff = false, false
	return true
}

// rest waits until a printer that says so is at work no longer.
func (w *wire) rest(ctx context.Context, l *line) bool {
	for until := time.Now().Add(fenceWait); ; {
		switch alarms, ok := w.ask(ctx, l); {
		case !ok || time.Now().After(until):
			return false
		case alarms&AlarmBusy == 0:
			return true
		}
		pause(ctx, glance)
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// settle asks for an answer in order, and counts those that come until it is quiet: none if it
// never is, as what comes then are no answers.
func (w *wire) settle(ctx context.Context, l *line, within time.Duration) int {
	if _, err := l.send(ctx, []byte(w.profile.Ack), w.profile.Answer); err != nil {
		return 0
	}
	for n := range answersMost {
		if _, ok := l.await(ctx, InOrder, within); !ok {
			return n
		}
		within = quiet
	}
	return 0
}

// bandBytes is how long a picture's band is at most.
func (p Profile) bandBytes() int { return (p.Dots+7)/8*bandRows + 16 }
