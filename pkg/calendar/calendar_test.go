package calendar_test

import (
	"testing"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

func TestHoliday(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day  calendar.Date
		want string
	}{
		{"2026-01-01", "Capodanno"},
		{"2026-01-06", "Epifania"},
		{"2026-04-25", "Liberazione"},
		{"2026-05-01", "Festa del lavoro"},
		{"2026-06-02", "Festa della Repubblica"},
		{"2026-08-15", "Assunzione"},
		{"2026-11-01", "Ognissanti"},
		{"2026-12-08", "Immacolata"},
		{"2026-12-25", "Natale"},
		{"2026-12-26", "Santo Stefano"},
		// Law 151/2025 brings 4 October back from 2026.
		{"2024-10-04", ""},
		{"2025-10-04", ""},
		{"2026-10-04", "San Francesco"},
		{"2027-10-04", "San Francesco"},
		// Easters as published in the calendars, the earliest and the latest among them.
		{"1961-04-03", "Lunedì dell'Angelo"},
		{"2000-04-24", "Lunedì dell'Angelo"},
		{"2008-03-24", "Lunedì dell'Angelo"},
		{"2011-04-25", "Liberazione"}, // both
		{"2019-04-22", "Lunedì dell'Angelo"},
		{"2024-04-01", "Lunedì dell'Angelo"},
		{"2025-04-21", "Lunedì dell'Angelo"},
		{"2026-04-05", "Pasqua"},
		{"2026-04-06", "Lunedì dell'Angelo"},
		{"2027-03-29", "Lunedì dell'Angelo"},
		{"2028-04-17", "Lunedì dell'Angelo"},
		{"2030-04-22", "Lunedì dell'Angelo"},
		{"2038-04-26", "Lunedì dell'Angelo"},
		{"2049-04-19", "Lunedì dell'Angelo"},
		{"2076-04-20", "Lunedì dell'Angelo"},
		{"2026-04-07", ""},
		{"2026-03-02", ""},
		{"2026-02-30", ""},
		{"Natale", ""},
	} {
		if got := calendar.Holiday(tt.day); got != tt.want {
			t.Errorf("Holiday(%s) = %q, want %q", tt.day, got, tt.want)
		}
	}
}

func TestSeason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		season   *calendar.Season
		in, outs []calendar.Date
	}{
		{"none", nil, []calendar.Date{"2026-01-01", "2030-12-31"}, nil},
		{"yearly", &calendar.Season{From: "09-15", To: "10-31"}, []calendar.Date{"2026-09-15", "2031-10-31"}, []calendar.Date{"2026-09-14", "2026-11-01", "2026-01-10"}},
		{"over the new year", &calendar.Season{From: "12-01", To: "01-31"}, []calendar.Date{"2026-12-01", "2026-12-31", "2027-01-01", "2027-01-31", "2026-01-15"}, []calendar.Date{"2026-11-30", "2027-02-01", "2026-06-15"}},
		{"one day a year", &calendar.Season{From: "02-29", To: "02-29"}, []calendar.Date{"2028-02-29"}, []calendar.Date{"2028-02-28", "2027-03-01"}},
		{"dated", &calendar.Season{From: "2026-09-01", To: "2027-01-15"}, []calendar.Date{"2026-09-01", "2026-12-31", "2027-01-15"}, []calendar.Date{"2026-08-31", "2027-01-16", "2027-09-01", "2025-10-01"}},
	} {
		for _, d := range tt.in {
			if !tt.season.Contains(d) {
				t.Errorf("%s: %s is outside", tt.name, d)
			}
		}
		for _, d := range tt.outs {
			if tt.season.Contains(d) {
				t.Errorf("%s: %s is inside", tt.name, d)
			}
		}
	}
}
