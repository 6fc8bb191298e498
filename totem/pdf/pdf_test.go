package pdf_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/totem/pdf"
)

const page = "https://urp.comune.empoli.fi.it/t/k3V9sQm2XyB7dLr0PzTn4w"

func example() pdf.Ticket {
	return pdf.Ticket{
		Number:  "A042",
		Channel: pdf.Label{It: "Servizi anagrafici", En: "Civil registry"},
		Class:   "priority",
		Office:  pdf.Label{It: "URP del Comune di Empoli", En: "Empoli Town Hall – Public Relations Office"},
		Issued:  time.Date(2026, time.March, 2, 9, 41, 7, 0, time.FixedZone("CET", 3600)),
		Ahead:   7,
		Wait:    pdf.Label{It: "20–\u206030 minuti", En: "20–\u206030 minutes"}, // with what keeps it in one line
		URL:     page,
		Privacy: pdf.Label{It: "Nessun dato personale è registrato: il numero si cancella dopo 30 giorni.", En: "No personal data is kept."},
	}
}

func TestTicketSays(t *testing.T) {
	t.Parallel()

	text := words(t, write(t, example()))
	for _, want := range []string{
		"URP del Comune di Empoli", "Empoli Town Hall – Public Relations Office",
		"Servizi anagrafici", "Civil registry", "A042", "Con precedenza", "Priority",
		"7 persone prima di te", "7 people before you", "Attesa prevista: 20–30 minuti", "Expected wait: 20–30 minutes",
		"Conservare il biglietto", "Keep this ticket", "lunedì 02/03/2026, ore 09:41",
		"Nessun dato personale è registrato", "No personal data is kept.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the ticket lacks %q:\n%s", want, text)
		}
	}
}

func TestTicketLeavesOut(t *testing.T) {
	t.Parallel()

	ticket := example()
	ticket.Class, ticket.Wait, ticket.URL, ticket.Ahead = "standard", pdf.Label{}, "", 0
	text := words(t, write(t, ticket))
	for _, unwanted := range []string{"precedenza", "Attesa", "Inquadrare"} {
		if strings.Contains(text, unwanted) {
			t.Errorf("the ticket has %q:\n%s", unwanted, text)
		}
	}
	if !strings.Contains(text, "Nessuna persona prima di te") {
		t.Errorf("the ticket doesn't say that nobody is before it:\n%s", text)
	}
	if full, less := height(t, write(t, example())), height(t, write(t, ticket)); less > full-30 {
		t.Errorf("the page is %.0f mm tall without what it leaves out, %.0f mm with it", less, full)
	}
}

// TestTicketOfAppointment wants the slot on the paper, and before it nobody told whose turn it is.
func TestTicketOfAppointment(t *testing.T) {
	t.Parallel()

	ticket := example()
	ticket.Class, ticket.Ahead = "appointment", 0
	ticket.Slot = ticket.Issued.Truncate(time.Hour).Add(8 * time.Hour)
	text := words(t, write(t, ticket))
	for _, want := range []string{"Appuntamento delle 17:00", "Appointment at 17:00", "Sarai chiamato intorno alle 17:00", "ore 09:41"} {
		if !strings.Contains(text, want) {
			t.Errorf("the ticket lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "prima di te") || strings.Contains(text, "Attesa") {
		t.Errorf("who comes for 17:00 is told who is ahead at 9, or how long it takes from then:\n%s", text)
	}
	ticket.Slot = ticket.Issued.Add(-11 * time.Minute)
	if text := words(t, write(t, ticket)); !strings.Contains(text, "Appuntamento delle 09:30") || !strings.Contains(text, "Nessuna persona prima di te") {
		t.Errorf("who comes late for 9:30 is told:\n%s", text)
	}
}

// TestLongTextsFit draws everything too long and looks for words beyond the paper.
func TestLongTextsFit(t *testing.T) {
	t.Parallel()

	ticket := example()
	ticket.Number = "A1000"
	ticket.Office.It = "Ufficio Relazioni con il Pubblico del Comune di San Giovanni in Persiceto e dell'Unione dei Comuni Terre d'Acqua"
	ticket.Channel.It = "Precipitevolissimevolmente-supercalifragilistichespiralidoso"
	file := write(t, ticket)
	box := regexp.MustCompile(`xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)<`)
	found := box.FindAllStringSubmatch(tool(t, "pdftotext", "-bbox", file, "-"), -1)
	if len(found) < 30 {
		t.Fatalf("only %d words on the page", len(found))
	}
	const point = 25.4 / 72
	tall := height(t, file)
	for _, m := range found {
		left, right := number(t, m[1])*point, number(t, m[3])*point
		if left < 3.9 || right > 76.1 || number(t, m[4])*point > tall {
			t.Errorf("%q goes from %.1f to %.1f mm on paper of 80", m[5], left, right)
		}
	}
	if !strings.Contains(words(t, file), "A1000") {
		t.Error("the number isn't on one line")
	}
}

func TestQRCodeReads(t *testing.T) {
	t.Parallel()

	file := write(t, example())
	picture := strings.TrimSuffix(file, ".pdf")
	tool(t, "pdftoppm", "-r", "203", "-gray", "-png", "-singlefile", file, picture)
	if got := strings.TrimSpace(tool(t, "zbarimg", "--quiet", "--raw", picture+".png")); got != page {
		t.Errorf("the QR code says %q, not %q", got, page)
	}
}

func TestSameTicketSameBytes(t *testing.T) {
	t.Parallel()

	var first bytes.Buffer
	if err := pdf.Render(&first, example()); err != nil {
		t.Fatal(err)
	}
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() {
			var again bytes.Buffer
			if err := pdf.Render(&again, example()); err != nil {
				t.Error(err)
			}
			if !bytes.Equal(first.Bytes(), again.Bytes()) {
				t.Error("the same ticket gave other bytes")
			}
		})
	}
	together.Wait()
	if first.Len() > 60_000 {
		t.Errorf("a ticket takes %d bytes", first.Len())
	}
}

func TestAddressTooLongForACode(t *testing.T) {
	t.Parallel()

	ticket := example()
	ticket.URL = "https://a.example/" + strings.Repeat("x", 4000)
	if err := pdf.Render(&bytes.Buffer{}, ticket); err == nil {
		t.Error("an address that no QR code holds was drawn")
	}
}

func write(t *testing.T, ticket pdf.Ticket) string {
	t.Helper()
	var b bytes.Buffer
	if err := pdf.Render(&b, ticket); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ticket.pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func words(t *testing.T, file string) string {
	t.Helper()
	return strings.Join(strings.Fields(tool(t, "pdftotext", "-layout", file, "-")), " ")
}

func height(t *testing.T, file string) float64 {
	t.Helper()
	m := regexp.MustCompile(`Page size: +[\d.]+ x ([\d.]+) pts`).FindStringSubmatch(tool(t, "pdfinfo", file))
	if m == nil {
		t.Fatal("pdfinfo tells no page size")
	}
	return number(t, m[1]) * 25.4 / 72
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tool runs a program that setup-test.sh installs.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var faults bytes.Buffer
	cmd.Stderr = &faults
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, faults.String())
	}
	return string(out)
}
