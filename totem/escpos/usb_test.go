//go:build linux

package escpos_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/eliminacode/eliminacode/totem/escpos"
)

// plug puts a printer behind a device's name, as a kernel would, and returns what pulls it out.
// With empty reads the device says that it has nothing, at once, where others would wait.
func plug(t *testing.T, f *fake, name string, emptyReads bool) (unplug func()) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	must(t, err)
	fd := int(master.Fd())
	must(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	must(t, err)
	raw, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	must(t, err)
	raw.Iflag, raw.Oflag, raw.Lflag = 0, 0, 0
	raw.Cflag = unix.CS8 | unix.CREAD
	raw.Cc[unix.VMIN], raw.Cc[unix.VTIME] = 1, 0
	if emptyReads {
		raw.Cc[unix.VMIN] = 0
	}
	must(t, unix.IoctlSetTermios(fd, unix.TCSETS, raw))
	must(t, os.Symlink(fmt.Sprintf("/dev/pts/%d", n), name))

	hold, err := os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY, 0) // without anybody at it, a pty is over
	must(t, err)
	served := make(chan struct{})
	device := os.NewFile(uintptr(dup(t, fd)), name)
	master.Close()
	go func() {
		defer close(served)
		f.serve(device)
	}()
	return func() {
		must(t, os.Remove(name))
		hold.Close()
		device.Close()
		<-served
	}
}

// dup returns a descriptor of the same that Go's poller knows, so that closing it ends a read.
func dup(t *testing.T, fd int) int {
	t.Helper()
	other, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	must(t, err)
	must(t, unix.SetNonblock(other, true))
	return other
}

// eventually waits for what another goroutine does.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestUSB(t *testing.T) {
	t.Parallel()

	device := filepath.Join(t.TempDir(), "lp0")
	p, err := escpos.Open("usb:"+device, profile(t, "epson-tm-t20"), escpos.WithPoll(50*time.Millisecond))
	must(t, err)
	t.Cleanup(p.Close)
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A041"))), escpos.Failed, escpos.ReasonUnreachable)

	f := newFake()
	unplug := plug(t, f, device, true)
	for _, number := range []string{"A042", "A043"} {
		wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), number))), escpos.Yes, "")
	}
	told := watch(t, p)
	f.change(func(f *fake) { f.eot = [4]byte{0x1a, 0x32, 0x12, 0x7e} })
	eventually(t, "paper out", func() bool { return p.Status().State == escpos.StatePaperOut })
	f.change(func(f *fake) { f.eot = newFake().eot })
	eventually(t, "ready", func() bool { return p.Status().State == escpos.StateReady })

	unplug()
	eventually(t, "offline", func() bool { return p.Status().State == escpos.StateOffline })
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A044"))), escpos.Failed, escpos.ReasonUnreachable)
	unplug = plug(t, f, device, false)
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A045"))), escpos.Yes, "")
	f.change(func(f *fake) {
		if want := []string{"A042", "A043", "A045"}; !slices.Equal(f.papers, want) {
			t.Errorf("papers %q, want %q", f.papers, want)
		}
	})
	p.Close()
	unplug()
	if len(told()) < 3 {
		t.Errorf("told %v", told())
	}
}

// TestUSBTellsByItself changes a printer that isn't asked.
func TestUSBTellsByItself(t *testing.T) {
	t.Parallel()

	device := filepath.Join(t.TempDir(), "lp0")
	f := newFake()
	defer plug(t, f, device, false)()
	p, err := escpos.Open("usb:"+device, profile(t, "epson-tm-t20"), escpos.WithPoll(time.Hour))
	must(t, err)
	defer p.Close()
	told := watch(t, p)
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Yes, "")
	eventually(t, "watched", func() bool { return len(told()) > 0 })
	eventually(t, "subscribed", func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.automatic != nil
	})
	f.change(func(f *fake) { f.automatic <- []byte{0x38, 0x00, 0x00, 0x00} })
	cover := escpos.Status{State: escpos.StateCoverOpen, Reason: escpos.ReasonCoverOpen}
	eventually(t, "cover open", func() bool { return slices.Contains(told(), cover) })
}

func TestUSBIsADevice(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, nil, 0o600))
	p, err := escpos.Open("usb:"+path, profile(t, ""))
	must(t, err)
	defer p.Close()
	wantOutcome(t, p.Print(t.Context(), known(job(t, p.Profile(), "A042"))), escpos.Failed, escpos.ReasonUnreachable)
	if b, err := os.ReadFile(path); err != nil || len(b) > 0 {
		t.Errorf("a plain file was printed on: %q, %v", b, err)
	}
}
