package voice

import (
	"strconv"
	"strings"
)

// below100 are the words of 0 to 99 in each language.
var below100 = [4]func(n int) string{italian, english, french, spanish}

func italian(n int) string {
	small := strings.Fields("zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove")
	tens := strings.Fields("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
	if n < len(small) {
		return small[n]
	}
	ten, unit := tens[n/10-2], n%10
	switch unit {
	case 0:
		return ten
	case 1, 8:
		return ten[:len(ten)-1] + small[unit]
	case 3:
		return ten + "tré"
	}
	return ten + small[unit]
}

func english(n int) string {
	small := strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	tens := strings.Fields("twenty thirty forty fifty sixty seventy eighty ninety")
	switch {
	case n < len(small):
		return small[n]
	case n%10 == 0:
		return tens[n/10-2]
	}
	return tens[n/10-2] + "-" + small[n%10]
}

func french(n int) string {
	small := strings.Fields("zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf")
	tens := strings.Fields("vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")
	if n < len(small) {
		return small[n]
	}
	ten, rest := tens[n/10-2], n%10
	if n/10 == 7 || n/10 == 9 {
		rest += 10
	}
	switch {
	case n == 80:
		return "quatre-vingts"
	case rest == 0:
		return ten
	case n == 21 || n == 31 || n == 41 || n == 51 || n == 61 || n == 71:
		return ten + " et " + small[rest]
	}
	return ten + "-" + small[rest]
}

func spanish(n int) string {
	small := strings.Fields("cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve " +
		"veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve")
	tens := strings.Fields("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
	switch {
	case n < len(small):
		return small[n]
	case n%10 == 0:
		return tens[n/10-3]
	}
	return tens[n/10-3] + " y " + small[n%10]
}

const (
	// and is the clip between thousands and what is below a hundred, in Italian and English, and
	// between hundreds and the rest, in English.
	and = "and"
	// ciento is the Spanish hundred that something follows.
	ciento = "ciento"
)

// hundreds and thousands are the words of 100 to 900 and of 1000 to 9000 in each language.
var (
	hundreds = [4]string{
		"cento duecento trecento quattrocento cinquecento seicento settecento ottocento novecento",
		"one_hundred two_hundred three_hundred four_hundred five_hundred six_hundred seven_hundred eight_hundred nine_hundred",
		"cent deux_cents trois_cents quatre_cents cinq_cents six_cents sept_cents huit_cents neuf_cents",
		"cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
	}
	thousands = [4]string{
		"mille duemila tremila quattromila cinquemila seimila settemila ottomila novemila",
		"one_thousand two_thousand three_thousand four_thousand five_thousand six_thousand seven_thousand eight_thousand nine_thousand",
		"mille deux_mille trois_mille quatre_mille cinq_mille six_mille sept_mille huit_mille neuf_mille",
		"mil dos_mil tres_mil cuatro_mil cinco_mil seis_mil siete_mil ocho_mil nueve_mil",
	}
	joining = [4]string{"e", "and", "", ""}
)

// largeClips are the clips of the numbers from 100 on, and of what joins numbers.
func largeClips(at int) []Clip {
	var list []Clip
	add := func(unit int, names string) {
		for i, name := range strings.Fields(names) {
			list = append(list, Clip{Name: strconv.Itoa((i + 1) * unit), Prompt: strings.ReplaceAll(name, "_", " ")})
		}
	}
	add(100, hundreds[at])
	add(1000, thousands[at])
	if joining[at] != "" {
		list = append(list, Clip{Name: and, Prompt: joining[at]})
	}
	if spoken[at] == "es" {
		list = append(list, Clip{Name: ciento, Prompt: "ciento"})
	}
	return list
}

// longestNumber is of how many digits the longest number is that clips say.
const longestNumber = 9

// appendNumber appends the clips of a number in digits, zeros at its front unspoken: up to 9999 as
// people say it, a longer one in groups of three digits. ok is false for one that is too long.
func appendNumber(clips []string, at int, digits string) (_ []string, ok bool) {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case len(digits) > longestNumber:
		return clips, false
	case digits == "":
		return append(clips, "0"), true
	case len(digits) <= 4:
		n, _ := strconv.Atoi(digits)
		return below10000(clips, at, n), true
	}
	for len(digits) > 0 {
		group := digits[:(len(digits)-1)%3+1]
		digits = digits[len(group):]
		for len(group) > 1 && group[0] == '0' {
			clips, group = append(clips, "0"), group[1:]
		}
		n, _ := strconv.Atoi(group)
		clips = below10000(clips, at, n)
	}
	return clips, true
}

// below10000 appends the clips of 0 to 9999.
func below10000(clips []string, at, n int) []string {
	if n < 100 {
		return append(clips, names[n])
	}
	lang, thousand, hundred, rest := spoken[at], n/1000, n%1000/100, n%100
	if thousand > 0 {
		clips = append(clips, strconv.Itoa(thousand*1000))
	}
	switch {
	case hundred == 1 && rest > 0 && lang == "es":
		clips = append(clips, ciento)
	case hundred > 0:
		clips = append(clips, strconv.Itoa(hundred*100))
	}
	if rest == 0 {
		return clips
	}
	if lang == "en" || lang == "it" && hundred == 0 {
		clips = append(clips, and)
	}
	return append(clips, names[rest])
}

// names are the clips of 0 to 99.
var names = func() (list [100]string) {
	for n := range list {
		list[n] = strconv.Itoa(n)
	}
	return list
}()
