package virtual_test

import (
	"strings"
	"testing"

	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
)

// sample is a ticket as a town hall gives it, written by hand from the descriptions of the
// commands.
func sample(t *testing.T) string {
	t.Helper()
	header, data := rasterOf(t, url, 5)
	return start + "\x1bt\x10\x1bR\x00\x1ba\x01\x1bE\x01Comune di Empoli\n\x1bE\x00U.R.P. \x96 via G. del Papa 41\n\n" +
		"\x1d!\x77A042\n\x1d!\x00\x1d!\x11Anagrafe\n\x1d!\x00Civil registry\n\n" +
		"luned\xec 2 marzo 2026, ore 09:41\n3 persone prima di te\nAttesa prevista: 10\x9615 minuti\n\n" +
		header + string(data) + "\x1bM\x01Inquadra per seguire la coda \xab\xe0 \xe8 \xf9 \x80\xbb\n\x1bM\x00\x1dB\x01 SENZA RETE \x1dB\x00\n" +
		cut + "\x1dr\x01"
}

// TestSample draws the ticket on each width of paper.
func TestSample(t *testing.T) {
	t.Parallel()
	for _, dots := range []int{576, 512, 384} {
		m, err := virtual.Draw([]byte(sample(t)), dots)
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Dx() != dots {
			t.Errorf("%d dots across, want %d", m.Bounds().Dx(), dots)
		}
		if got := scan(t, m); got != url {
			t.Errorf("the code on %d dots is read as %q", dots, got)
		}
	}
	p := parse(t, sample(t))
	for _, want := range []string{"A042\n", "lunedì 2 marzo 2026", "10–15 minuti", "«à è ù €»", " SENZA RETE "} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("%q isn't on the paper:\n%s", want, p.Text())
		}
	}
}
