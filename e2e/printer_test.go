package e2e_test

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// ticketJob is a ticket of a number, as an agent prints it.
func ticketJob(number string) string {
	return "\x1b@\x1bt\x10\x1ba\x01\x1bE\x01Comune di Empoli\n\x1bE\x00U.R.P.\n\n\x1d!\x77" + number + "\n\x1d!\x11Anagrafe\n\x1d!\x00" +
		"\nluned\xec 2 marzo 2026, ore 09:41\n3 persone prima di te\n\n" +
		"\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x06\x1d(k\x1d\x001P0https://coda.example.it/t/" + "\x1d(k\x03\x001Q0" +
		"\nConservare il biglietto\n\x1dVB\x00\x1dr\x01"
}

// startPrinter runs the virtual printer, and returns where it takes jobs and where its page is.
func startPrinter(t *testing.T, args ...string) (jobs, page string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), programtest.Binary(t), append([]string{"printer", "--listen", "127.0.0.1:0", "--page", "127.0.0.1:0"}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	for lines := bufio.NewScanner(out); (jobs == "" || page == "") && lines.Scan(); {
		if _, after, ok := strings.Cut(lines.Text(), ": tcp://"); ok {
			jobs = after
		}
		if _, after, ok := strings.Cut(lines.Text(), ": http://"); ok {
			page = "http://" + after
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return jobs, page
}

// printJob sends a job on a connection of its own; wait is for the answer to its question.
func printJob(t *testing.T, address, job string, wait bool) {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, job); err != nil {
		t.Fatal(err)
	}
	if !wait {
		return
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Errorf("no answer: %v", err)
	}
}

// TestPrinterPage prints, tears off, and lets everything go wrong that the page has a button for.
func TestPrinterPage(t *testing.T) {
	t.Parallel()
	jobs, page := startPrinter(t, "--speed", "0")
	p := openBrowser(t).open("printer", page, 1366, 900)
	p.shows("#status", "Pronta")
	p.shows("#nothing", "Nessun biglietto")
	p.accessible()

	printJob(t, jobs, ticketJob("A041"), true)
	p.holds(`[...document.querySelectorAll('#strip img')].filter(i => i.complete && i.naturalWidth === 576 && i.alt.includes('A041')).length === 1`)
	p.press("Strappa")
	p.holds(`document.querySelectorAll('#strip li').length === 0 && document.querySelectorAll('#taken li').length === 1`)
	printJob(t, jobs, ticketJob("A041"), true)
	p.shows("#strip", "Uguale per la 2ª volta")
	p.press("Strappa")

	eval[bool](p, `document.querySelector('#middle button').click() || true`)
	p.holds(`performance.getEntriesByType('resource').some(e => e.name.includes('/faults/paper_out'))`)
	printJob(t, jobs, ticketJob("A042"), false)
	p.shows("#status", "Carta finita")
	p.shows("#strip", "Carta finita")
	p.holds(`document.querySelector('#fault-paper_out').getAttribute('aria-pressed') === 'true'`)
	p.accessible()
	p.picture("printer")
	eval[bool](p, `document.querySelector('#fault-paper_out').click() || true`)
	p.shows("#strip", "Comincia a metà")
	p.shows("#status", "Pronta")

	for _, fault := range []string{"paper_low", "cover_open", "broken", "power_off", "slow", "deaf", "garbage", "unplugged"} {
		button := `document.querySelector('#fault-` + fault + `')`
		for _, pressed := range []string{"true", "false"} {
			eval[bool](p, button+`.click() || true`)
			p.holds(button + `.getAttribute('aria-pressed') === '` + pressed + `'`)
		}
	}
	p.shows("#status", "Pronta")
	if wide := eval[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("the page is %d pixels too wide", wide)
	}
	narrow := openBrowser(t).open("printer-narrow", page, 390, 844)
	narrow.shows("#taken", "N. 1")
	narrow.accessible()
	if wide := eval[int](narrow, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("on a phone the page is %d pixels too wide", wide)
	}
	narrow.picture("printer-narrow")
	p.picture("printer-end")
}
