package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/simulate"
)

// weekdays are the days of the week from Monday, as a column of a table has them.
var weekdays = [...]string{"lun", "mar", "mer", "gio", "ven", "sab", "dom"}

// way is one of the ways in which days were played.
type way struct {
	name string
	of   func(r *simulate.Row) *simulate.Figures
}

// ways are those that an answer has.
func ways(a *simulate.Answer) []way {
	all := []way{
		{"com'è stato", func(r *simulate.Row) *simulate.Figures { return r.Real }},
		{"il modello", func(r *simulate.Row) *simulate.Figures { return r.Model }},
		{asked(a), func(r *simulate.Row) *simulate.Figures { return r.WhatIf }},
		{"il piano", func(r *simulate.Row) *simulate.Figures { return r.Planned }},
	}
	whole := whole(a)
	var had []way
	for _, w := range all {
		if w.of(whole) != nil {
			had = append(had, w)
		}
	}
	return had
}

// asked names the number of counters that was asked about.
func asked(a *simulate.Answer) string {
	switch {
	case a.More > 0:
		return counted(a.More, "sportello", "sportelli") + " in più"
	case a.More < 0:
		return counted(-a.More, "sportello", "sportelli") + " in meno"
	}
	return counted(a.Asked, "sportello", "sportelli")
}

// whole is the row of all visits.
func whole(a *simulate.Answer) *simulate.Row {
	return &simulate.Row{Real: a.Real, Model: &a.Model, WhatIf: a.WhatIf, Planned: a.Planned}
}

// printSimulation says the answer to people.
func printSimulation(to io.Writer, a *simulate.Answer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s; sportelli usati in un giorno: %s\n\n", period(a), counted(a.Days, "giorno", "giorni"),
		counted(a.Model.Visits, "visita", "visite"), span(a.Least, a.Most))
	summary(&b, a)
	parts(&b, a, "per ora d'arrivo", a.ByHour, func(r *simulate.Row) string { return r.Key + ":00" })
	parts(&b, a, "per canale", a.ByChannel, func(r *simulate.Row) string { return cmp.Or(r.Names.In("it"), r.Key) })
	if a.Target > 0 {
		plan(&b, a)
	}
	if a.Demand != nil {
		demand(&b, a.Demand)
	}
	fmt.Fprintf(&b, "%s\n%s\n", wrongness(a), a.Assumed)
	_, err := io.WriteString(to, b.String())
	return err
}

func period(a *simulate.Answer) string {
	if a.From == a.To {
		return "Il " + italian(a.From)
	}
	return "Dal " + italian(a.From) + " al " + italian(a.To)
}

func italian(d calendar.Date) string { return d.In(time.UTC, 0).Format("2/1/2006") }

func span(least, most int) string {
	if least == most {
		return strconv.Itoa(most)
	}
	return fmt.Sprintf("da %d a %d", least, most)
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// minutes and percent are figures as Italians write them.
func minutes(s queue.Seconds) string { return decimal(float64(s)/60) + " min" }

func percent(share float64) string { return decimal(share*100) + " %" }

func decimal(x float64) string {
	return strings.Replace(strconv.FormatFloat(math.Round(x*10)/10+0, 'f', 1, 64), ".", ",", 1)
}

// short is a figure without a zero behind the comma.
func short(figure string) string { return strings.Replace(figure, ",0 ", " ", 1) }

// table writes rows in columns, the first on the left, the others on the right.
func table(b *strings.Builder, rows [][]string) {
	var width []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				b.WriteString(strings.TrimRight(cell+pad, " ") + pad[:len(pad)*min(1, len(row)-1)])
				continue
			}
			b.WriteString("  " + pad + cell)
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

// summary writes the whole.
func summary(b *strings.Builder, a *simulate.Answer) {
	head := []string{"", "serviti", "assenti", "andati via", "senza biglietto", "attesa media", "metà entro", "9 su 10 entro", "oltre 20 min"}
	if a.Target > 0 {
		head = append(head, "meno di "+short(minutes(a.Target)))
	}
	rows := [][]string{head}
	for _, w := range ways(a) {
		f := w.of(whole(a))
		row := []string{
			w.name, strconv.Itoa(f.Served), strconv.Itoa(f.Absent), strconv.Itoa(f.Left), strconv.Itoa(f.Turned),
			minutes(f.Mean), minutes(f.P50), minutes(f.P90), percent(f.Late),
		}
		if a.Target > 0 {
			row = append(row, percent(f.Within))
		}
		rows = append(rows, row)
	}
	table(b, rows)
}

// parts writes a table of the mean waits of parts, and the share over 20 minutes.
func parts(b *strings.Builder, a *simulate.Answer, title string, list []simulate.Row, name func(*simulate.Row) string) {
	fmt.Fprintf(b, "Attesa media, e quanti oltre 20 minuti, %s\n", title)
	head := []string{"", "visite"}
	for _, w := range ways(a) {
		head = append(head, w.name, "")
	}
	rows := [][]string{head}
	for i := range list {
		r := &list[i]
		row := []string{name(r), strconv.Itoa(r.Model.Visits + r.Model.Turned)}
		for _, w := range ways(a) {
			f := w.of(r)
			row = append(row, minutes(f.Mean), percent(f.Late))
		}
		rows = append(rows, row)
	}
	table(b, rows)
}

// plan writes the staffing that was found.
func plan(b *strings.Builder, a *simulate.Answer) {
	fmt.Fprintf(b, "Quanti sportelli perché il %s aspetti meno di %s (tra parentesi quanti ce n'erano)\n", short(percent(a.Share)), short(minutes(a.Target)))
	head := []string{""}
	first, last := 23, 0
	for _, s := range a.Staffing {
		head = append(head, weekdays[s.Weekday-1])
		first, last = min(first, s.Hours[0].Hour), max(last, s.Hours[len(s.Hours)-1].Hour)
	}
	rows := [][]string{head}
	for h := first; h <= last; h++ {
		row := []string{fmt.Sprintf("%02d:00", h)}
		for _, s := range a.Staffing {
			row = append(row, hourOf(&s, h, a.Share))
		}
		rows = append(rows, row)
	}
	hours := []string{"ore al giorno"}
	for _, s := range a.Staffing {
		hours = append(hours, fmt.Sprintf("%s (%s)", decimal(s.Planned), decimal(s.Was)))
	}
	table(b, append(rows, hours))
}

// demand writes how many are expected.
func demand(b *strings.Builder, d *simulate.Demand) {
	fmt.Fprintf(b, "Visite attese nei giorni che il registro non ha, secondo %s di storico (quattro giorni su cinque stanno tra gli estremi)\n",
		counted(d.Learned, "giorno", "giorni"))
	rows := [][]string{{"", "attese", "da", "a"}}
	for _, e := range d.Days {
		day := e.Day.In(time.UTC, 0)
		rows = append(rows, []string{
			weekdays[(int(day.Weekday())+6)%7] + " " + italian(e.Day), rounded(e.Visits), rounded(e.Low), rounded(e.High),
		})
	}
	table(b, rows)
	if x := d.Error; x.Days > 0 {
		fmt.Fprintf(b, "Quanto sbaglia questa attesa: negli ultimi %s, vista una settimana prima, in media di %s visite al giorno (il %s); "+
			"la media degli ultimi quattro giorni uguali avrebbe sbagliato di %s.\n\n",
			counted(x.Days, "giorno", "giorni"), decimal(x.Day), percent(x.Share), decimal(x.Plain))
	}
}

// rounded is a whole number.
func rounded(x float64) string { return strconv.Itoa(int(math.Round(x))) }

// hourOf is an hour of a plan; one in which no number of counters is enough is marked.
func hourOf(s *simulate.Staffing, hour int, share float64) string {
	i := hour - s.Hours[0].Hour
	if i < 0 || i >= len(s.Hours) {
		return "-"
	}
	h := s.Hours[i]
	mark := ""
	if h.Arrivals > 0 && h.Within < share-1e-4 {
		mark = "!"
	}
	return fmt.Sprintf("%d%s (%s)", h.Counters, mark, decimal(h.Was))
}

// wrongness says how wrong the model is.
func wrongness(a *simulate.Answer) string {
	e := a.Error
	return fmt.Sprintf("Quanto sbaglia il modello: rigiocando %s del registro con gli stessi sportelli, l'attesa media è %s, "+
		"quella entro cui sono 9 su 10 %s, la quota oltre 20 minuti %s; ora per ora l'attesa media è sbagliata, in media, di %s.",
		counted(e.Days, "giorno", "giorni"), off(minutes, float64(e.Mean)), off(minutes, float64(e.P90)), off(percent, e.Late), minutes(e.Hours))
}

// off says by how much something is too much or too little, as far as it is told.
func off[T ~float64](say func(T) string, by float64) string {
	switch {
	case say(T(math.Abs(by))) == say(0):
		return "quella vera"
	case by > 0:
		return say(T(by)) + " in più del vero"
	}
	return say(T(-by)) + " in meno del vero"
}
