// Package opendata is what an office publishes of its past days: how long people waited, as a table
// in which no row tells of few, and the record by which catalogues of open data find it. It reads
// nothing itself. docs/open-data.md says what is published and why so.
package opendata

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

const (
	// Least is how many people a row tells of at least.
	Least = 5
	// nineTenths is from how many on the wait that nine in ten don't exceed isn't the longest one,
	// which is one person's.
	nineTenths = 10
)

// Row is what is published of a channel in some hours of a day.
type Row struct {
	Day     calendar.Date
	Channel string // its public name
	From    int    // the hour with which it begins, 0 to 23
	To      int    // the hour before which it ends, 1 to 24
	People  int    // who waited, and came in these hours; at least [Least]
	Mean    int    // minutes, rounded
	Median  int    // full minutes, above an hour in fives; at least half didn't wait longer
	P90     int    // as Median, of nine in ten; -1: too few to tell
}

// Table makes rows of what is known of some days, by the public names of their channels; those of
// one name are one. The hours of a day in which fewer than [Least] came are joined with those after
// them until they are enough, the last ones with those before them. Who came to a channel on a day
// on which fewer came in all is in no row.
//
// Each wait is in one row at most and nothing is summed up above the rows, so there is nothing to
// subtract. The rows of a day don't depend on other days.
func Table(known []figures.Waited, name func(queue.ChannelID) string) []Row {
	type place struct {
		day     calendar.Date
		channel string
	}
	hours := map[place]map[int]*band{}
	for i := range known {
		w := &known[i]
		at := place{w.Day, name(w.Channel)}
		if hours[at] == nil {
			hours[at] = map[int]*band{}
		}
		b := hours[at][w.Hour]
		if b == nil {
			b = &band{from: w.Hour, to: w.Hour + 1, minutes: map[int]int{}}
			hours[at][w.Hour] = b
		}
		b.add(w)
	}
	rows := []Row{}
	for at, day := range hours {
		for _, b := range enough(day) {
			rows = append(rows, b.row(at.day, at.channel))
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.From, b.From))
	})
	return rows
}

// band is some hours of a channel's day.
type band struct {
	from, to int
	people   int
	total    queue.Seconds
	minutes  map[int]int // how many waited so long
}

func (b *band) add(w *figures.Waited) {
	b.total += w.Total
	for _, wait := range w.Waits {
		b.people += wait.People
		b.minutes[minutes(wait.For)] += wait.People
	}
}

// join adds the hours after those of b.
func (b *band) join(next *band) {
	b.to = next.to
	b.people += next.people
	b.total += next.total
	for m, n := range next.minutes {
		b.minutes[m] += n
	}
}

// enough joins the hours of a day until each band tells of enough people; none if all are too few.
func enough(day map[int]*band) (bands []*band) {
	var open *band
	for _, hour := range slices.Sorted(maps.Keys(day)) {
		if open == nil {
			open = day[hour]
		} else {
			open.join(day[hour])
		}
		if open.people >= Least {
			bands, open = append(bands, open), nil
		}
	}
	if open != nil && len(bands) > 0 {
		bands[len(bands)-1].join(open)
	}
	return bands
}

// minutes is a wait as it is published: in full minutes, and above an hour in fives of them. A wait
// and the middle of its class, which is what is left of it in time, are the same then, so that what
// was published once stays as it was.
func minutes(s queue.Seconds) int {
	m := int(s / 60)
	if m >= 60 {
		m -= m % 5
	}
	return m
}

func (b *band) row(day calendar.Date, channel string) Row {
	r := Row{
		Day: day, Channel: channel, From: b.from, To: b.to, People: b.people,
		Mean: int(math.Round(float64(b.total) / float64(b.people) / 60)), Median: b.within((b.people + 1) / 2), P90: -1,
	}
	if b.people >= nineTenths {
		r.P90 = b.within((b.people*9 + 9) / 10)
	}
	return r
}

// within is the shortest wait that so many people don't exceed.
func (b *band) within(people int) int {
	longest := 0
	for _, m := range slices.Sorted(maps.Keys(b.minutes)) {
		if people <= 0 {
			break
		}
		people -= b.minutes[m]
		longest = m
	}
	return longest
}

// Columns are the names of the table's columns, in their order.
var Columns = []string{"data", "sede", "canale", "ora_da", "ora_a", "persone", "attesa_media_min", "attesa_mediana_min", "attesa_p90_min"}

// WriteCSV writes the rows of an office, by its public name, as RFC 4180 has it: UTF-8, commas, one
// row of names, days and hours as in ISO 8601, whole numbers.
func WriteCSV(to io.Writer, office string, rows []Row) error {
	w := csv.NewWriter(to)
	_ = w.Write(Columns)
	for _, r := range rows {
		p90 := ""
		if r.P90 >= 0 {
			p90 = strconv.Itoa(r.P90)
		}
		_ = w.Write([]string{
			string(r.Day), office, r.Channel, hour(r.From), hour(r.To), strconv.Itoa(r.People), strconv.Itoa(r.Mean), strconv.Itoa(r.Median), p90,
		})
	}
	w.Flush() // keeps the first error
	return w.Error()
}

func hour(h int) string { return fmt.Sprintf("%02d:00", h) }
