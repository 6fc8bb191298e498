package escpos

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// connectWithin is how long a network printer may take to pick up.
const connectWithin = 3 * time.Second

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// newTCP is the way to a printer on the network: a connection a job, and a short one for each
// check. Printers take one connection at a time, drop idle ones, and don't notice those that broke.
func newTCP(rest string, p Profile, dial dialer, told func(Alarm)) (way, error) {
	address, ok := strings.CutPrefix(rest, "//")
	if !ok || address == "" || strings.Contains(address, "/") {
		return nil, fmt.Errorf("tcp:%s: write tcp://HOST:9100", rest)
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		address = net.JoinHostPort(strings.Trim(address, "[]"), "9100")
	}
	w := newWire(p, told)
	w.open = func(ctx context.Context) (duplex, error) {
		ctx, cancel := context.WithTimeout(ctx, connectWithin)
		defer cancel()
		return dial(ctx, "tcp", address)
	}
	return w, nil
}
