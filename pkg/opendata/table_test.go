package opendata_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/journal/figures"
	"github.com/eliminacode/eliminacode/pkg/opendata"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// waited is who came to a channel in an hour of a day, with how many seconds each waited.
func waited(day calendar.Date, hour int, channel queue.ChannelID, seconds ...float64) figures.Waited {
	w := figures.Waited{Day: day, Hour: hour, Channel: channel}
	for _, s := range seconds {
		w.Waits = append(w.Waits, figures.Wait{For: queue.Seconds(s), People: 1})
		w.Total += queue.Seconds(s)
	}
	return w
}

// people is that many who waited for a minute each.
func people(day calendar.Date, hour int, channel queue.ChannelID, n int) figures.Waited {
	return waited(day, hour, channel, slices.Repeat([]float64{60}, n)...)
}

func byID(id queue.ChannelID) string { return string(id) }

// TestTable counts two days by hand.
func TestTable(t *testing.T) {
	t.Parallel()
	known := []figures.Waited{
		// Six at eight; their median is the third's wait, 8:20.
		waited("2026-03-02", 8, "a", 59, 120, 500, 600, 900, 1700),
		// Three at nine and three at ten are joined. Three at twelve would be alone: they go along.
		waited("2026-03-02", 9, "a", 60, 60, 60),
		waited("2026-03-02", 10, "a", 60, 60, 60),
		waited("2026-03-02", 12, "a", 3600, 3899, 3900),
		// Four all day long: nobody is told of them.
		waited("2026-03-02", 8, "b", 60, 60),
		waited("2026-03-02", 16, "b", 60, 60),
		// Ten, so that nine in ten isn't all of them.
		waited("2026-03-03", 8, "a", 60, 120, 180, 240, 300, 360, 420, 480, 540, 6000),
	}
	want := []opendata.Row{
		{Day: "2026-03-02", Channel: "a", From: 8, To: 9, People: 6, Mean: 11, Median: 8, P90: -1}, // 3879 s are 10.8 min each
		{Day: "2026-03-02", Channel: "a", From: 9, To: 13, People: 9, Mean: 22, Median: 1, P90: -1},
		{Day: "2026-03-03", Channel: "a", From: 8, To: 9, People: 10, Mean: 15, Median: 5, P90: 9}, // 8700 s are 14.5
	}
	rows := opendata.Table(known, byID)
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var b strings.Builder
	if err := opendata.WriteCSV(&b, `URP, "sede" centrale`, rows); err != nil {
		t.Fatal(err)
	}
	table := `data,sede,canale,ora_da,ora_a,persone,attesa_media_min,attesa_mediana_min,attesa_p90_min
2026-03-02,"URP, ""sede"" centrale",a,08:00,09:00,6,11,8,
2026-03-02,"URP, ""sede"" centrale",a,09:00,13:00,9,22,1,
2026-03-03,"URP, ""sede"" centrale",a,08:00,09:00,10,15,5,9
`
	if diff := cmp.Diff(table, b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestTableByName joins channels that the public knows by one name before it counts.
func TestTableByName(t *testing.T) {
	t.Parallel()
	known := []figures.Waited{people("2026-03-02", 8, "a", 3), people("2026-03-02", 8, "b", 3), people("2026-03-02", 9, "c", 7)}
	name := map[queue.ChannelID]string{"a": "Sportello 1", "b": "Sportello 1", "c": "Altro"}
	rows := opendata.Table(known, func(id queue.ChannelID) string { return name[id] })
	want := []opendata.Row{
		{Day: "2026-03-02", Channel: "Altro", From: 9, To: 10, People: 7, Mean: 1, Median: 1, P90: -1},
		{Day: "2026-03-02", Channel: "Sportello 1", From: 8, To: 9, People: 6, Mean: 1, Median: 1, P90: -1},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestNoFewCanBeWorkedOut tries all days of four hours with up to twelve people. For whoever sees
// the rows of one, and knows how they are made, an hour in which one to four came may always have
// had another number: no row, and no two, tell it.
func TestNoFewCanBeWorkedOut(t *testing.T) {
	t.Parallel()
	const hours, most = 4, 12
	possible := map[string][hours]map[int]bool{} // by what is published, how many may have come in each hour
	var came [hours]int
	days := 0
	var try func(hour, left int)
	try = func(hour, left int) {
		if hour < hours {
			for n := range left + 1 {
				came[hour] = n
				try(hour+1, left-n)
			}
			return
		}
		days++
		var known []figures.Waited
		for h, n := range came {
			if n > 0 {
				known = append(known, people("2026-03-02", 8+h, "a", n))
			}
		}
		seen := fmt.Sprint(opendata.Table(known, byID))
		sets, ok := possible[seen]
		for h, n := range came {
			if !ok {
				sets[h] = map[int]bool{}
			}
			sets[h][n] = true
		}
		possible[seen] = sets
	}
	try(0, most)
	if days != 1820 { // twelve people in four hours or none
		t.Fatalf("%d days", days)
	}
	for seen, sets := range possible {
		for h, numbers := range sets {
			for n := range numbers {
				if 0 < n && n < opendata.Least && len(numbers) == 1 {
					t.Errorf("%s tells that %d came at %d", seen, n, 8+h)
				}
			}
		}
	}
}

// TestRows draws days: every row tells of enough people, nobody is in two, all of a channel's day
// are in one if they are enough; and what is published of a day is the same whatever else is
// published with it, and when only the classes of its waits are left.
func TestRows(t *testing.T) {
	t.Parallel()
	days := []calendar.Date{"2026-03-02", "2026-03-03", "2026-12-31", "2027-01-01"}
	rapid.Check(t, func(t *rapid.T) {
		var known, classed []figures.Waited
		came := map[string]int{}
		for _, day := range days {
			for hour := 8; hour < 14; hour++ {
				for _, channel := range []queue.ChannelID{"a", "b"} {
					waits := rapid.SliceOfN(rapid.Float64Range(0, 9000), 0, 8).Draw(t, "waits")
					if len(waits) == 0 {
						continue
					}
					w := waited(day, hour, channel, waits...)
					known = append(known, w)
					pruned := figures.Waited{Day: day, Hour: hour, Channel: channel, Total: w.Total}
					for _, s := range waits {
						pruned.Waits = append(pruned.Waits, figures.Wait{For: middle(s), People: 1})
					}
					classed = append(classed, pruned)
					came[string(day)+string(channel)] += len(waits)
				}
			}
		}
		rows := opendata.Table(known, byID)
		if diff := cmp.Diff(rows, opendata.Table(classed, byID)); diff != "" {
			t.Errorf("of the classes (-of the waits +of the classes):\n%s", diff)
		}
		var apart []opendata.Row
		for _, day := range days {
			alone := slices.DeleteFunc(slices.Clone(known), func(w figures.Waited) bool { return w.Day != day })
			apart = append(apart, opendata.Table(alone, byID)...)
		}
		if fmt.Sprint(rows) != fmt.Sprint(apart) {
			t.Errorf("together %v, day by day %v", rows, apart)
		}
		told := map[string]int{}
		for i, r := range rows {
			told[string(r.Day)+r.Channel] += r.People
			if r.People < opendata.Least || r.From >= r.To || (r.P90 >= 0) != (r.People >= 10) || r.P90 >= 0 && r.P90 < r.Median {
				t.Errorf("%+v", r)
			}
			if i > 0 && rows[i-1].Day == r.Day && rows[i-1].Channel == r.Channel && rows[i-1].To > r.From {
				t.Errorf("%+v and %+v", rows[i-1], r)
			}
		}
		for of, n := range came {
			if n < opendata.Least {
				n = 0
			}
			if told[of] != n {
				t.Errorf("of %s: %d people, want %d", of, told[of], n)
			}
		}
	})
}

// middle is of the class of a wait, as docs/decisions/0022-retention.md has them.
func middle(s float64) queue.Seconds {
	from, width := 3600.0, 300.0
	switch {
	case s < 600:
		from, width = 0, 30
	case s < 3600:
		from, width = 600, 60
	}
	return queue.Seconds(from + (math.Floor((s-from)/width)+0.5)*width)
}

func BenchmarkTable(b *testing.B) {
	var known []figures.Waited
	for day := calendar.Date("2026-01-01"); day <= "2026-12-31"; day = day.Next() {
		for hour := 8; hour < 18; hour++ {
			for _, channel := range []queue.ChannelID{"a", "b", "c"} {
				known = append(known, people(day, hour, channel, 6)) // 65,700 in all
			}
		}
	}
	for b.Loop() {
		opendata.Table(known, byID)
	}
}
