package voice

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// spoken are the languages that there are clips of, in the order of the columns below.
var spoken = []string{"it", "en", "fr", "es"}

// word is what a clip says, and how else it is written.
type word struct {
	clip string
	says [4]string // in the languages of spoken
	also []string  // further ways to write it, in any of them
}

// vocabulary are the clips that are neither letters nor numbers.
var vocabulary = []word{
	{clip: "numero", says: [4]string{"numero", "number", "numéro", "número"}},
	{clip: "biglietto", says: [4]string{"biglietto", "ticket", "ticket", "turno"}},
	{clip: "attenzione", says: [4]string{"attenzione", "attention please", "attention", "atención"}},
	{clip: "tocca-a-lei", says: [4]string{"tocca a lei", "it is your turn", "c'est à vous", "es su turno"}},
	{clip: "si-prepari", says: [4]string{"si prepari", "please get ready", "préparez-vous", "prepárese"}},

	{clip: "sportello", says: [4]string{"sportello", "counter", "guichet", "ventanilla"}, also: []string{"window"}},
	{clip: "ufficio", says: [4]string{"ufficio", "office", "bureau", "oficina"}},
	{clip: "stanza", says: [4]string{"stanza", "room", "pièce", "despacho"}},
	{clip: "sala", says: [4]string{"sala", "hall", "salle", "sala"}},
	{clip: "banco", says: [4]string{"banco", "desk", "comptoir", "mostrador"}},
	{clip: "cassa", says: [4]string{"cassa", "cash desk", "caisse", "caja"}},
	{clip: "postazione", says: [4]string{"postazione", "position", "poste", "puesto"}},
	{clip: "box", says: [4]string{"box", "booth", "box", "cabina"}},
	{clip: "porta", says: [4]string{"porta", "door", "porte", "puerta"}},
	{clip: "accoglienza", says: [4]string{"accoglienza", "reception", "accueil", "recepción"}},
	{clip: "informazioni", says: [4]string{"informazioni", "information", "informations", "información"}},
	{clip: "anagrafe", says: [4]string{"anagrafe", "registry office", "état civil", "registro civil"}},
	{clip: "protocollo", says: [4]string{"protocollo", "records office", "enregistrement", "registro"}},
	{clip: "tributi", says: [4]string{"tributi", "tax office", "impôts", "impuestos"}},

	{clip: "seminterrato", says: [4]string{"seminterrato", "basement", "sous-sol", "semisótano"}},
	{clip: "piano-terra", says: [4]string{"piano terra", "ground floor", "rez-de-chaussée", "planta baja"}, also: []string{"pianoterra", "pian terreno", "pianterreno", "piano terreno", "piano 0"}},
	{clip: "primo-piano", says: [4]string{"primo piano", "first floor", "premier étage", "primera planta"}, also: []string{"1 piano", "piano 1", "piano primo", "1st floor", "1er étage", "1 planta"}},
	{clip: "secondo-piano", says: [4]string{"secondo piano", "second floor", "deuxième étage", "segunda planta"}, also: []string{"2 piano", "piano 2", "piano secondo", "2nd floor", "2e étage", "2 planta"}},
	{clip: "terzo-piano", says: [4]string{"terzo piano", "third floor", "troisième étage", "tercera planta"}, also: []string{"3 piano", "piano 3", "piano terzo", "3rd floor", "3e étage", "3 planta"}},
	{clip: "quarto-piano", says: [4]string{"quarto piano", "fourth floor", "quatrième étage", "cuarta planta"}, also: []string{"4 piano", "piano 4", "piano quarto", "4th floor", "4e étage", "4 planta"}},
	{clip: "quinto-piano", says: [4]string{"quinto piano", "fifth floor", "cinquième étage", "quinta planta"}, also: []string{"5 piano", "piano 5", "piano quinto", "5th floor", "5e étage", "5 planta"}},
	{clip: "piano", says: [4]string{"piano", "floor", "étage", "planta"}},
	{clip: "scala", says: [4]string{"scala", "staircase", "escalier", "escalera"}},
	{clip: "ingresso", says: [4]string{"ingresso", "entrance", "entrée", "entrada"}},
	{clip: "corridoio", says: [4]string{"corridoio", "corridor", "couloir", "pasillo"}},
	{clip: "edificio", says: [4]string{"edificio", "building", "bâtiment", "edificio"}},
	{clip: "a-destra", says: [4]string{"a destra", "on the right", "à droite", "a la derecha"}},
	{clip: "a-sinistra", says: [4]string{"a sinistra", "on the left", "à gauche", "a la izquierda"}},
	{clip: "in-fondo", says: [4]string{"in fondo", "at the end", "au fond", "al fondo"}},
}

// ends are the words that a call may end with: the voice falls there.
var ends = []string{
	"accoglienza", "informazioni", "anagrafe", "protocollo", "tributi",
	"seminterrato", "piano-terra", "primo-piano", "secondo-piano", "terzo-piano", "quarto-piano", "quinto-piano",
	"ingresso", "corridoio", "a-destra", "a-sinistra", "in-fondo",
}

// lastEnd is the largest number that there is a clip of to end with.
const lastEnd = 12

// letters are the names of a to z.
var letters = [4]string{
	"a bi ci di e effe gi acca i i_lunga cappa elle emme enne o pi cu erre esse ti u vu doppia_vu ics ipsilon zeta",
	"a bee cee dee e ef gee aitch i jay kay el em en o pee cue ar ess tee u vee double-u ex wy zed",
	"a bé cé dé e effe gé hache i ji ka elle emme enne o pé ku erre esse té u vé double_vé ixe i_grec zède",
	"a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve uve_doble equis i_griega zeta",
}

// Clip is one of the sounds that a voice is made of.
type Clip struct {
	Name   string // ASCII: "a", "42", "primo-piano"; with a dot at its end, as a sentence ends
	Prompt string // what it says, "quarantadue"
}

// Clips are the clips that whoever lends a language a voice speaks; none for a language that there
// are no clips of.
func Clips(lang string) []Clip {
	at := column(lang)
	if at < 0 {
		return nil
	}
	var list []Clip
	for i, name := range strings.Fields(letters[at]) {
		list = append(list, Clip{Name: string(rune('a' + i)), Prompt: strings.ReplaceAll(name, "_", " ")})
	}
	for n := range 100 {
		list = append(list, Clip{Name: strconv.Itoa(n), Prompt: below100[at](n)})
	}
	list = append(list, largeClips(at)...)
	for _, w := range vocabulary {
		list = append(list, Clip{Name: w.clip, Prompt: w.says[at]})
	}
	return list
}

// Ends are the clips that only the shipped voices have: those that a call may end with, once more,
// as a sentence ends.
func Ends(lang string) []Clip {
	at := column(lang)
	if at < 0 {
		return nil
	}
	var list []Clip
	for n := 1; n <= lastEnd; n++ {
		list = append(list, Clip{Name: strconv.Itoa(n) + ".", Prompt: below100[at](n)})
	}
	for _, name := range ends {
		for _, w := range vocabulary {
			if w.clip == name {
				list = append(list, Clip{Name: name + ".", Prompt: w.says[at]})
			}
		}
	}
	return list
}

// column is where a language stands in the tables, or -1.
func column(lang string) int { return slices.Index(spoken, lang) }

// phrases are the ways to write the words of a place, by language: its own, and the Italian ones,
// which places are called by where nobody translated them.
var phrases = newPhrases()

func newPhrases() [4]map[string]string {
	var all [4]map[string]string
	for at := range all {
		all[at] = map[string]string{}
		for _, from := range []int{0, at} {
			for _, w := range vocabulary {
				for _, written := range append([]string{w.says[from]}, w.also...) {
					all[at][strings.Join(plainWords(written), " ")] = w.clip
				}
			}
		}
	}
	return all
}

// longestPhrase is of how many words the longest phrase is.
const longestPhrase = 4

// plain is a text in small letters without accents.
func plain(text string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if r < 0x300 || r > 0x36F {
			b.WriteRune(r)
		}
	}
	return b.String()
}
