package paper_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/words"
	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/paper"
)

// TestTickets prints a ticket in each language on each width of paper, and reads it back.
func TestTickets(t *testing.T) {
	t.Parallel()
	for _, lang := range words.Spoken {
		for _, name := range profiles {
			t.Run(lang+", "+name, func(t *testing.T) {
				t.Parallel()
				for _, ticket := range []paper.Ticket{sample(lang), full(lang)} {
					read := printed(t, ticket, name)
					checkWidth(t, read)
					checkNumber(t, read, "A042")
					if read.Cuts != 1 {
						t.Errorf("cut %d times", read.Cuts)
					}
					text := strings.Join(strings.Fields(read.Text()), " ")
					for _, italian := range []string{"Servizi anagrafici", "lunedì 2 marzo 2026, ore 09:41", "Tel. 0571 757999"} {
						if !strings.Contains(text, italian) {
							t.Errorf("the staff can't read %q on it: %q", italian, text)
						}
					}
					if ticket.Offline { // and all else
						for _, italian := range []string{"Con precedenza", "Ristampa 1", "Senza rete"} {
							if !strings.Contains(text, italian) {
								t.Errorf("the staff can't read %q on it: %q", italian, text)
							}
						}
					}
				}
			})
		}
	}
}

// TestItalian is a whole ticket, in words.
func TestItalian(t *testing.T) {
	t.Parallel()
	want := `Comune di Empoli – URP
A042
Servizi anagrafici
Con precedenza
Ristampa 1
3 persone prima di te
Attesa prevista: 10–15 minuti
Senza rete
Questo biglietto è valido. Il
totem non era collegato: il codice
QR funziona quando torna la rete.
Che cosa portare
• Documento scaduto o denuncia di smarrimento
• Una fototessera recente
• 16,79 € in contanti o con carta
Inquadrare il codice con il
telefono per seguire la coda
Conservare il biglietto fino alla chiamata
Il numero e lo sportello compaiono sui monitor
lunedì 2 marzo 2026, ore 09:41
www.comune.empoli.fi.it
Tel. 0571 757999
Nessun dato personale è registrato.`
	var lines []string
	for line := range strings.Lines(printed(t, full("it"), "escpos").Text()) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSaid is what a ticket says, or doesn't, by what is known of it.
func TestSaid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		change   func(*paper.Ticket)
		has, not string
	}{
		{"nobody", func(x *paper.Ticket) { x.Ahead = 0 }, "Nessuna persona prima di te", "0 persone"},
		{"one", func(x *paper.Ticket) { x.Ahead = 1 }, "1 persona prima di te", "1 persone"},
		{"unknown", func(x *paper.Ticket) { x.Ahead, x.Wait = -1, nil }, "A042", "Attesa"},
		{"unknown people", func(x *paper.Ticket) { x.Ahead = -1 }, "Attesa prevista", "prima di te"},
		{"short wait", func(x *paper.Ticket) { x.Wait = &paper.Range{Low: 0, High: 40 * time.Second} }, "Attesa prevista: meno di 5 minuti", "0–"},
		{"long wait", func(x *paper.Ticket) { x.Wait = &paper.Range{Low: 68 * time.Minute, High: 101 * time.Minute} }, "da 1 ora a 1 ora e 45", "68"},
		{"appointment", func(x *paper.Ticket) { x.Slot = monday.Add(30 * time.Minute) }, "Appuntamento delle 10:11", "prima di te"},
		{"appointment, late", func(x *paper.Ticket) { x.Slot = monday.Add(-30 * time.Minute) }, "3 persone prima di te", "Chiamata"},
		{"plain", func(*paper.Ticket) {}, "A042", "precedenza"},
		{"first print", func(*paper.Ticket) {}, "A042", "Ristampa"},
		{"online", func(*paper.Ticket) {}, "A042", "rete"},
		{"no page", func(x *paper.Ticket) { x.URL = "" }, "A042", "Inquadrare"},
		{"nothing to bring", func(x *paper.Ticket) { x.Bring = " \n" }, "A042", "portare"},
		{"one thing to bring", func(x *paper.Ticket) { x.Bring = "Il permesso" }, "Il permesso", "•"},
		{"unknown language", func(x *paper.Ticket) { x.Language = "xx" }, "3 persone prima di te", "xx"},
	} {
		x := sample("it")
		tt.change(&x)
		text := printed(t, x, "escpos").Text()
		if !strings.Contains(text, tt.has) || strings.Contains(text, tt.not) {
			t.Errorf("%s: wants %q and not %q:\n%s", tt.name, tt.has, tt.not, text)
		}
	}
}

// TestLong prints names that are longer than any, and numbers of four digits and more.
func TestLong(t *testing.T) {
	t.Parallel()
	const long = "Ufficio Relazioni con il Pubblico del Comune di San Giovanni in Persiceto e dell'Unione dei Comuni di Terre d'Acqua"
	for _, name := range profiles {
		for _, number := range []string{"A1000", "A10000", "B999", "C1"} {
			x := sample("it")
			x.Office, x.Channel, x.ChannelIt, x.Number = long, long, long, number
			read := printed(t, x, name)
			checkWidth(t, read)
			if len(number) >= 4 {
				checkNumber(t, read, number)
			}
			if got := strings.Count(strings.Join(strings.Fields(read.Text()), " "), long); got != 2 {
				t.Errorf("%s: the long name is there %d times, want as office and as channel:\n%s", name, got, read.Text())
			}
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	x := full("it")
	x.Parts = []string{"line", "number", "office"}
	text := printed(t, x, "escpos").Text()
	at := -1
	for _, want := range []string{"Tel.", "A042", "Comune", "precedenza", "Ristampa 1", "Senza rete"} {
		next := strings.Index(text, want)
		if next <= at {
			t.Errorf("%q isn't where it is to be:\n%s", want, text)
		}
		at = next
	}
	for _, not := range []string{"Servizi", "prima di te", "Conservare"} {
		if strings.Contains(text, not) {
			t.Errorf("%q wasn't chosen:\n%s", not, text)
		}
	}
	x.Parts = []string{"qr"}
	if text := printed(t, x, "escpos").Text(); !strings.HasPrefix(strings.TrimSpace(text), "A042") {
		t.Errorf("no number first:\n%s", text)
	}
	x.Parts = paper.DefaultParts()
	all, err := paper.Print(x, profile(t, "escpos"))
	if err != nil {
		t.Fatal(err)
	}
	usual, err := paper.Print(full("it"), profile(t, "escpos"))
	if err != nil || !bytes.Equal(all, usual) {
		t.Errorf("the default parts by name print another ticket (%v)", err)
	}
	for _, wrong := range [][]string{{"nummer"}, {"qr", "qr"}} {
		x.Parts = wrong
		if _, err := paper.Print(x, profile(t, "escpos")); err == nil || !strings.Contains(err.Error(), "parts") {
			t.Errorf("%q: error %v", wrong, err)
		}
	}
}

// TestCodePages prints on every printer there is: also where the code page lacks signs that texts
// have, or the printer draws QR codes by itself. The code is read off each.
func TestCodePages(t *testing.T) {
	t.Parallel()
	for _, p := range escpos.Profiles() {
		checkWidth(t, printed(t, full("fr"), p.Name))
		read := printed(t, full("it"), p.Name)
		checkWidth(t, read)
		if got := codes(t, read); !slices.Equal(got, []string{page}) {
			t.Errorf("%s: codes %q", p.Name, got)
		}
		if text := read.Text(); !strings.Contains(text, "16,79 €") || !strings.Contains(text, "15 minuti") {
			t.Errorf("%s:\n%s", p.Name, text)
		}
	}
}

// TestQuiet wants white around a code that the printer draws, as its readers do, and modules that a
// phone can tell apart.
func TestQuiet(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"epson-tm-t88", "epson-tm-t20", "epson-tm-t20-58"} {
		read := printed(t, sample("it"), name)
		if len(read.Codes) != 1 || read.Codes[0].Data != page {
			t.Fatalf("%s: codes %v", name, read.Codes)
		}
		code := read.Codes[0].Place
		const modules = 37 // of version 5
		module := code.Dx() / modules
		if mm := float64(module) / float64(read.DPI) * 25.4; mm < 0.499 || code.Dx()%modules != 0 {
			t.Errorf("%s: a module is %.2f mm, the code %d dots", name, mm, code.Dx())
		}
		around := code.Inset(-4 * module)
		for y := around.Min.Y; y < around.Max.Y; y++ {
			for x := around.Min.X; x < around.Max.X; x++ {
				if !image.Pt(x, y).In(code) && read.Black(x, y) {
					t.Fatalf("%s: the dot at %d, %d is in the quiet zone of %v", name, x, y, code)
				}
			}
		}
	}
}

func TestPageTooLong(t *testing.T) {
	t.Parallel()
	x := sample("it")
	x.URL = "https://example.it/" + strings.Repeat("x", 1000)
	if _, err := paper.Print(x, profile(t, "escpos-58")); err == nil || !strings.Contains(err.Error(), "address") {
		t.Errorf("error %v", err)
	}
}

// TestWords wants every word of the catalogue to have its letters.
func TestWords(t *testing.T) {
	t.Parallel()
	for _, lang := range words.Spoken {
		for n := range 25 {
			texts := []string{words.Dated(lang, monday.AddDate(0, n, n))}
			for _, name := range []string{"first", "ahead", "wait", "priority", "appointment", "bring", "scan", "keep", "watch", "offline", "offline_means", "reprint", "privacy"} {
				texts = append(texts, words.Paper(lang, name, map[string]any{"n": n, "wait": words.Wait(lang, 600, 600*n), "time": "09:41"}))
			}
			for _, text := range texts {
				if missing := paper.Unprintable(text); missing != nil || strings.ContainsAny(text, "{}") || text == "" {
					t.Errorf("%s: %q lacks %q", lang, text, missing)
				}
			}
		}
	}
}

func TestUnprintable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Città – 5 € “così”…":            "",
		"Sala Ω, жёлтый, 龘龘 e ﷲ":         "",
		"e\u0301 s\u0326 \u200f\u202eab": "",
		"Ciao 😀 e ancora 😀, გ\n한":        "😀გ한",
		"\xff":                           "",
	} {
		if got := string(paper.Unprintable(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestArms(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	if err := png.Encode(&file, shield()); err != nil {
		t.Fatal(err)
	}
	arms, err := paper.Arms(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range profiles {
		x := sample("it")
		x.Arms, x.Parts = arms, []string{"arms", "number"}
		read := printed(t, x, name)
		if len(read.Pictures) == 0 {
			t.Fatal("no arms")
		}
		place := read.Pictures[0].Place
		for _, more := range read.Pictures[1:] {
			place = place.Union(more.Place)
		}
		if place.Dx() > read.Dots/3+7 || place.Dx() < read.Dots/5 {
			t.Errorf("%s: arms of %d dots, of %d", name, place.Dx(), read.Dots)
		}
		black := 0
		for y := place.Min.Y; y < place.Max.Y; y++ {
			for x := place.Min.X; x < place.Max.X; x++ {
				if read.Black(x, y) {
					black++
				}
			}
		}
		if share := float64(black) / float64(place.Dx()*place.Dy()); share < 0.2 || share > 0.8 {
			t.Errorf("%s: %.2f of the arms is black", name, share)
		}
	}
	for _, wrong := range [][]byte{nil, []byte("GIF89a"), file.Bytes()[:100], append(file.Bytes(), make([]byte, 1<<20)...)} {
		if _, err := paper.Arms(wrong); err == nil {
			t.Errorf("arms of %d bytes pass", len(wrong))
		}
	}
}

// checkWidth wants nothing to be cut off at the paper's edge or to go on in the next line.
func checkWidth(t testing.TB, read *virtual.Paper) {
	t.Helper()
	for _, line := range read.Lines {
		if line.Wrapped || line.Place.Max.X > read.Dots {
			t.Errorf("line %q at %v is too wide", line.Text, line.Place)
		}
	}
	for _, picture := range read.Pictures {
		if picture.Wider || picture.Place.Max.X > read.Dots {
			t.Errorf("picture at %v is too wide", picture.Place)
		}
	}
	for _, code := range read.Codes {
		if code.Wider {
			t.Errorf("code at %v is too wide", code.Place)
		}
	}
}

// checkNumber wants the number to be text, a third of the paper wide at least, and larger than all
// else.
func checkNumber(t testing.TB, read *virtual.Paper, number string) {
	t.Helper()
	i := slices.IndexFunc(read.Lines, func(l virtual.Line) bool { return strings.TrimSpace(l.Text) == number })
	if i < 0 {
		t.Errorf("no number %s:\n%s", number, read.Text())
		return
	}
	const letter = 12
	if wide := read.Lines[i].Wide * letter * utf8.RuneCountInString(number); wide < read.Dots/3 {
		t.Errorf("%s is %d dots wide, of %d", number, wide, read.Dots)
	}
	for _, other := range read.Lines {
		if strings.TrimSpace(other.Text) != number && other.Tall*2 > read.Lines[i].Tall {
			t.Errorf("%q is %d times high, %s is %d", other.Text, other.Tall, number, read.Lines[i].Tall)
		}
	}
}

// codes reads the QR codes off the paper, by a reader that isn't ours.
func codes(t testing.TB, read *virtual.Paper) []string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ticket.png")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	encoder := png.Encoder{CompressionLevel: png.NoCompression}
	if err := encoder.Encode(file, read.Image()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", name).Output()
	if err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			t.Fatalf("zbarimg: %v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}
