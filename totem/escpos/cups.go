package escpos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// spoolPulse is how often CUPS is asked what became of a job.
const spoolPulse = 250 * time.Millisecond

// cups is the way through a raw queue of CUPS. It knows what the queue's backend took, not the
// paper: the printer's own answers end in CUPS. So a job that was completed is yes only on a
// printer that would have stopped taking bytes had it been in trouble, which one without a way back
// needn't.
type cups struct {
	queue   string
	profile Profile
	spooler *spooler
}

func newCUPS(queue string, p Profile) (way, error) {
	if queue == "" || strings.ContainsAny(queue, "/#?% \t") {
		return nil, fmt.Errorf("cups:%s: write cups:QUEUE, a name of lpstat -v", queue)
	}
	return &cups{queue, p, newSpooler()}, nil
}

func (c *cups) close() {}

// alarmsOfCUPS is what the words of printer-state-reasons mean, without their last part.
var alarmsOfCUPS = map[string]Alarm{
	"media-empty":    AlarmPaperOut,
	"media-needed":   AlarmPaperOut,
	"media-low":      AlarmPaperLow,
	"media-jam":      AlarmJam,
	"cover-open":     AlarmCover,
	"door-open":      AlarmCover,
	"interlock-open": AlarmCover,
	"offline":        AlarmOffline,
	"shutdown":       AlarmOffline,
	"timed-out":      AlarmOffline,
}

func (c *cups) check(ctx context.Context) Status {
	found, err := c.spooler.call(ctx, ippPrinterAttributes, "/", []attribute{
		c.printer(),
		text(tagKeyword, "requested-attributes", "printer-state"),
		text(tagKeyword, "", "printer-state-reasons"),
		text(tagKeyword, "", "printer-is-accepting-jobs"),
	}, nil)
	if err != nil {
		return Status{StateOffline, ReasonUnreachable}
	}
	accepting := found["printer-is-accepting-jobs"]
	if number(found, "printer-state") == printerStopped || len(accepting) == 1 && len(accepting[0].value) == 1 && accepting[0].value[0] == 0 {
		return Status{StateOffline, ReasonStopped}
	}
	var alarms Alarm
	for _, reason := range found["printer-state-reasons"] {
		word := string(reason.value)
		for _, severity := range []string{"-report", "-warning", "-error"} {
			word = strings.TrimSuffix(word, severity)
		}
		alarms |= alarmsOfCUPS[word]
	}
	return alarms.Status()
}

func (c *cups) print(ctx context.Context, next Next) (Outcome, Status) {
	status := c.check(ctx)
	job, ok := next()
	if !ok || ctx.Err() != nil {
		return Outcome{Failed, ReasonCancelled}, status
	}
	if !status.State.Prints() {
		return Outcome{Failed, status.Reason}, status
	}
	uri, outcome := c.submit(ctx, job)
	if uri == "" {
		return outcome, c.check(context.WithoutCancel(ctx))
	}
	outcome = c.follow(ctx, uri)
	status = c.check(context.WithoutCancel(ctx))
	if outcome.Result == Yes && !status.State.Prints() {
		outcome = Outcome{Unknown, status.Reason}
	}
	return outcome, status
}

// submit gives CUPS the job, and returns its address there.
func (c *cups) submit(ctx context.Context, job Job) (string, Outcome) {
	title := job.Title
	if title == "" {
		title = "eliminacode"
	}
	found, err := c.spooler.call(ctx, ippPrintJob, "/printers/"+c.queue, []attribute{
		c.printer(),
		text(tagName, "requesting-user-name", c.spooler.user),
		text(tagName, "job-name", title),
		text(tagMIME, "document-format", "application/vnd.cups-raw"),
	}, job.Data)
	if dial, ok := errors.AsType[*net.OpError](err); ok && dial.Op == "dial" {
		return "", Outcome{Failed, ReasonUnreachable}
	}
	if errors.Is(err, errRefused) {
		return "", Outcome{Failed, ReasonStopped}
	}
	id := number(found, "job-id")
	if err != nil || id < 1 {
		return "", Outcome{Unknown, ReasonLinkLost}
	}
	return fmt.Sprintf("ipp://localhost/jobs/%d", id), Outcome{}
}

// follow waits until the job is over. One that takes too long is cancelled: it would come out when
// nobody waits for it any longer.
func (c *cups) follow(ctx context.Context, uri string) Outcome {
	limit := time.NewTimer(c.profile.Busy)
	done := time.NewTimer(c.profile.Done)
	beat := time.NewTicker(spoolPulse)
	defer limit.Stop()
	defer done.Stop()
	defer beat.Stop()
	for {
		state, _ := c.state(ctx, uri)
		if state >= jobCanceled {
			return c.judge(state)
		}
		select {
		case <-beat.C:
		case <-done.C:
			if state != jobProcessing || !c.check(ctx).State.Prints() {
				return c.cancel(ctx, uri, ReasonNoAnswer)
			}
		case <-limit.C:
			return c.cancel(ctx, uri, ReasonNoAnswer)
		case <-ctx.Done():
			return c.cancel(ctx, uri, ReasonCancelled)
		}
	}
}

// judge says what a job's end in CUPS means.
func (c *cups) judge(state int) Outcome {
	switch {
	case state != jobCompleted:
		return Outcome{Unknown, ReasonAborted}
	case c.profile.WayBack == WayBackNone:
		return Outcome{Unknown, ReasonNoWayBack}
	}
	return Outcome{Result: Yes}
}

// cancel takes a job back. One that CUPS never began to process has surely not been printed.
func (c *cups) cancel(ctx context.Context, uri string, why Reason) Outcome {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), ippWithin)
	defer stop()
	_, err := c.spooler.call(ctx, ippCancelJob, "/jobs/", []attribute{
		text(tagURI, "job-uri", uri),
		text(tagName, "requesting-user-name", c.spooler.user),
	}, nil)
	state, begun := c.state(ctx, uri)
	switch {
	case state == jobCompleted:
		return c.judge(state)
	case err == nil && state == jobCanceled && !begun:
		return Outcome{Failed, why}
	}
	return Outcome{Unknown, why}
}

// state is that of the job, or -1, and whether CUPS ever began to process it.
func (c *cups) state(ctx context.Context, uri string) (state int, begun bool) {
	found, err := c.spooler.call(ctx, ippJobAttributes, "/jobs/", []attribute{
		text(tagURI, "job-uri", uri),
		text(tagName, "requesting-user-name", c.spooler.user),
		text(tagKeyword, "requested-attributes", "job-state"),
		text(tagKeyword, "", "time-at-processing"),
	}, nil)
	if err != nil {
		return -1, true
	}
	return number(found, "job-state"), number(found, "time-at-processing") >= 0
}

func (c *cups) printer() attribute {
	return text(tagURI, "printer-uri", "ipp://localhost/printers/"+c.queue)
}
