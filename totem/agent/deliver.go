package agent

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/eliminacode/eliminacode/pkg/client"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// again is how soon the server hears once more of what it couldn't take.
const again = 2 * time.Second

// deliver tells the server of what is in the outbox, in order, one after another, as it comes. It
// returns why it couldn't.
func (a *Agent) deliver(ctx context.Context, c *client.Client) error {
	var stuck int64 // the item of which the log says that it is
	for ctx.Err() == nil {
		changed := a.changes()
		i, t := a.first()
		if i == nil {
			select {
			case <-changed:
			case <-ctx.Done():
			}
			continue
		}
		err := a.tell(ctx, c, i, t)
		if err != nil && ctx.Err() != nil {
			return nil
		}
		delivered := record{Kind: recDelivered, Seq: i.Seq}
		switch status := client.Status(err); {
		case err == nil:
		case client.Away(err), status == http.StatusUnauthorized, status == http.StatusForbidden:
			return err
		case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, isOlder(err) && i.Kind == itemTicket:
			if i.Seq != stuck {
				a.opt.Log.Warn("the server can't take it now", "what", i.Kind, "err", err)
				stuck = i.Seq
			}
			pause(ctx, again)
			continue
		default:
			delivered.Refused = err.Error()
			if refused, ok := errors.AsType[*client.Error](err); ok {
				delivered.Reason = refused.Reason
			}
			level := a.opt.Log.Info // of a cancelled ticket that was called, say
			if i.Kind == itemTicket {
				level = a.opt.Log.Error
			}
			level("the server refuses what it is told", "what", i.Kind, "ticket", i.Ticket, "err", err)
		}
		a.memory.keep(false, delivered) // told twice, it is harmless
		a.change()
	}
	return nil
}

// isOlder reports whether the server is older than this program.
func isOlder(err error) bool {
	status := client.Status(err)
	return status == http.StatusNotFound || status == http.StatusMethodNotAllowed
}

// first is what the server is to hear of next; nil: nothing.
func (a *Agent) first() (i *item, t *ticket) {
	a.memory.look(func(s *state) {
		if len(s.Outbox) == 0 {
			return
		}
		i = new(s.Outbox[0])
		if known := s.Tickets[i.Ticket]; known != nil {
			t = known.clone()
		}
	})
	return i, t
}

// tell tells the server of one item.
func (a *Agent) tell(ctx context.Context, c *client.Client, i *item, t *ticket) error {
	short, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	switch i.Kind {
	case itemTicket:
		if t == nil || t.Offline == nil {
			return nil
		}
		if of := t.Offline.Office; of != "" && c.Office != "" && of != c.Office { // its holder sits in another room
			return &client.Error{
				Status: http.StatusConflict, Code: string(queue.Conflict), Reason: string(reasonOtherOffice), Text: "it is of office " + of,
			}
		}
		return c.HandOver(short, t.handOver())
	case itemCancel:
		_, err := c.Cancel(short, i.Ticket, "")
		return err
	}
	if isLocal(i.Copy) {
		return c.Copied(short, i.Ticket, i.Ticket+"/"+i.Copy, i.Result, i.Reason)
	}
	p := client.Printed{Result: i.Result, Reason: i.Reason}
	if n, err := strconv.Atoi(i.Copy); err == nil {
		p.Copy = &n
	}
	return c.Printed(short, i.Ticket, p)
}
