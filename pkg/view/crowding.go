package view

import (
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// Level is how busy an office is compared with what is usual there at that weekday and hour.
// Package crowding says when it is which.
type Level string

// The levels.
const (
	Calm     Level = "calm"
	Usual    Level = "usual"
	Busy     Level = "busy"
	VeryBusy Level = "very_busy"
)

// Crowding is how full an office is (affluenza): now, today, usually, and in the days to come. It
// tells of no single visit of a past day.
type Crowding struct {
	Level   *Level        `json:"level" ts:"'calm' | 'usual' | 'busy' | 'very_busy' | null"` // now; null: closed, or not enough is known
	Today   []TodayStep   `json:"today"`                                                     // from the opening until now, in steps of five minutes; [] on a day without any
	Typical []TypicalHour `json:"typical"`                                                   // by weekday and hour; only hours of which something is known
	Best    []BestHour    `json:"best"`                                                      // the calm hours ahead, the calmest first; [] while too little is known
	// Kept says whether people waited as they were told lately; null: too few were told.
	Kept *Kept `json:"kept"`
}

// Kept is of how many people who were told what wait to expect it was true.
type Kept struct {
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`      // included
	Told   int           `json:"told"`    // when they came, and called afterwards
	AsTold int           `json:"as_told"` // waited as long as that
}

// TodayStep is five minutes of the present day.
type TodayStep struct {
	At      time.Time               `json:"at"`      // their beginning
	Waiting map[queue.ChannelID]int `json:"waiting"` // people who waited at that moment, for every channel of the day
	Called  int                     `json:"called"`  // people called for the first time within them
	Wait    *int                    `json:"wait_s"`  // the median wait of those; null: nobody was called
}

// TypicalHour is an hour of the week as it was lately.
type TypicalHour struct {
	Weekday int     `json:"weekday"` // 1, Monday, to 7
	Hour    int     `json:"hour"`    // 0 to 23, of the office's clock
	Days    int     `json:"days"`    // on which this rests; holidays and closed days aren't among them
	Count   int     `json:"count"`   // visits that began in it on all those days
	Visits  float64 `json:"visits"`  // a day
	Waiting float64 `json:"waiting"` // people who wait, on average
	// WaitP50 and WaitP90 are the waits that half, and nine in ten, of those who came in this hour
	// don't exceed; null: fewer than five waited, and their mean might tell of one of them.
	WaitP50 *int `json:"wait_p50_s"`
	WaitP90 *int `json:"wait_p90_s"`
}

// BestHour is a calm hour ahead, of which something is known: the office is open for all of it.
type BestHour struct {
	Date    calendar.Date `json:"date"`
	Hour    int           `json:"hour"`       // its first minute, "9" for 9:00 to 10:00
	Waiting float64       `json:"waiting"`    // as in the typical hour
	WaitP50 *int          `json:"wait_p50_s"` // as there
	WaitP90 *int          `json:"wait_p90_s"` // as there
}
