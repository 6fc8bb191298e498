package paper_test

import (
	"image"
	"image/color"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/totem/escpos"
	"github.com/eliminacode/eliminacode/totem/escpos/virtual"
	"github.com/eliminacode/eliminacode/totem/paper"
)

const page = "https://eliminacode.comune.empoli.fi.it/t/ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// channels are a channel's name and what it wants, by language.
var channels = map[string][2]string{
	"it": {"Servizi anagrafici", "Documento scaduto o denuncia di smarrimento\nUna fototessera recente\n16,79 € in contanti o con carta"},
	"en": {"Registry services", "Your old document, or the report of its loss\nA recent passport photo\n€16.79 in cash or by card"},
	"fr": {"Services d’état civil", "L’ancien document ou la déclaration de perte\nUne photo d’identité récente\n16,79 € en espèces ou par carte"},
	"es": {"Registro y documentos", "El documento antiguo o la denuncia de pérdida\nUna foto reciente\n16,79 € en efectivo o con tarjeta"},
	"ro": {"Servicii de evidență a populației", "Documentul vechi sau declarația de pierdere\nO fotografie recentă\n16,79 € în numerar sau cu cardul"},
	"sq": {"Shërbimet e gjendjes civile", "Dokumenti i vjetër ose denoncimi i humbjes\nNjë fotografi e re\n16,79 € me para ose me kartë"},
	"uk": {"Послуги реєстрації населення", "Старий документ або заява про втрату\nНещодавня фотографія\n16,79 € готівкою або карткою"},
	"ar": {"خدمات السجل المدني", "الوثيقة القديمة أو محضر الضياع\nصورة شمسية حديثة\n16,79 يورو نقدًا أو بالبطاقة"},
	"zh": {"户籍服务", "旧证件或遗失报案证明\n一张近期证件照\n16.79 欧元（现金或刷卡）"},
}

var monday = time.Date(2026, time.March, 2, 9, 41, 0, 0, time.FixedZone("CET", 3600))

// sample is a ticket that says all that one usually says.
func sample(lang string) paper.Ticket {
	return paper.Ticket{
		Office: "Comune di Empoli – URP", Number: "A042", Channel: channels[lang][0], ChannelIt: channels["it"][0], Issued: monday, Language: lang,
		Ahead: 3, Wait: &paper.Range{Low: 10 * time.Minute, High: 15 * time.Minute}, Bring: channels[lang][1],
		URL: page, Line: "www.comune.empoli.fi.it\nTel. 0571 757999", Arms: shield(),
	}
}

// full is a ticket that says all that one can say.
func full(lang string) paper.Ticket {
	t := sample(lang)
	t.Offline, t.Priority, t.Copy = true, true, 1
	return t
}

// shield stands for a town's arms, on transparent ground.
var shield = sync.OnceValue(drawShield)

func drawShield() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 400, 480))
	for y := range 480 {
		for x := range 400 {
			dx, dy := float64(x-200)/190, float64(y-200)/270
			inside := y < 200 && x > 10 && x < 390 && y > 10 || y >= 200 && dx*dx+dy*dy < 1
			edge := y < 200 && (x < 26 || x > 374 || y < 26) || y >= 200 && dx*dx+dy*dy > 0.86
			switch {
			case !inside:
			case edge:
				img.Set(x, y, color.Black)
			case x > 160 && x < 240 || y > 160 && y < 240:
				img.Set(x, y, color.NRGBA{R: 190, G: 30, B: 40, A: 255})
			default:
				img.Set(x, y, color.NRGBA{R: 230, G: 230, B: 245, A: 255})
			}
		}
	}
	return img
}

// profiles are of each width of paper.
var profiles = []string{"escpos", "epson-tm-t88", "escpos-58"}

func profile(t testing.TB, name string) escpos.Profile {
	t.Helper()
	p, ok := escpos.ProfileByName(name)
	if !ok {
		t.Fatalf("no profile %s", name)
	}
	return p
}

// printed prints a ticket and reads it as the printer of the same name would.
func printed(t testing.TB, ticket paper.Ticket, name string) *virtual.Paper {
	t.Helper()
	job, err := paper.Print(ticket, profile(t, name))
	if err != nil {
		t.Fatal(err)
	}
	read, err := virtual.Parse(job, modelOf(profile(t, name)))
	if err != nil {
		t.Fatalf("%s, %s: %v", name, ticket.Language, err)
	}
	return read
}

// modelOf is the printer that a profile is for.
func modelOf(p escpos.Profile) virtual.Model {
	base := strings.TrimSuffix(p.Name, "-58")
	var found virtual.Model
	for _, m := range virtual.Models() {
		if m.Name == p.Name {
			return m
		}
		if m.Name == base {
			found = m
		}
	}
	found.Name, found.Dots = p.Name, p.Dots
	return found
}
