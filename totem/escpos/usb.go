package escpos

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

// newUSB is the way to a printer on a device of the kernel's usblp. The device stays open: closing
// it could lose the end of a job, and so the printer can tell changes by itself. It may vanish and
// come back, with the printer's switch or cable.
func newUSB(path string, p Profile, told func(Alarm)) (way, error) {
	if path == "" || path[0] != '/' {
		return nil, fmt.Errorf("usb:%s: write usb:/dev/usb/lp0", path)
	}
	w := newWire(p, told)
	w.keep, w.pauses = true, true
	w.open = func(context.Context) (duplex, error) { return openDevice(path) }
	return w, nil
}

// openDevice opens a device for both directions. One that can't be waited for with a limit, as a
// plain file, is none.
func openDevice(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	if err := file.SetDeadline(time.Time{}); err != nil {
		_ = file.Close() // nothing was written
		return nil, fmt.Errorf("%s isn't a printer's device: %w", path, err)
	}
	return file, nil
}
