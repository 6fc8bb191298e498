// Package visits reads and writes logs of visits: a row each, and nobody's name. It is the form
// that "eliminacode replay" and "eliminacode simulate" read, and that a server writes. A [Count] of
// how many there were outlives them.
package visits

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/eliminacode/eliminacode/pkg/calendar"
)

// Visit is one row.
type Visit struct {
	Arrived time.Time
	Called  time.Time // zero: never
	Ended   time.Time // of the visit, or when somebody left; zero: left, nobody knows when
	Channel string
	Counter string // empty: was never called, or nobody noted where
	Outcome Outcome
}

// Outcome is how a visit ended.
type Outcome string

// The outcomes.
const (
	Served Outcome = "served"
	Absent Outcome = "absent" // was called and didn't come
	Left   Outcome = "left"   // was never called
)

// Count is how many visits began in an hour of a day, by the office's clock.
type Count struct {
	Day    calendar.Date
	Hour   int // 0 to 23
	Visits int
}

// header is the first row.
var header = []string{"arrived", "called", "ended", "channel", "counter", "outcome"}

// Read reads a log, and gives it in the order of arrival. An error names the line, the field and
// what is wanted.
func Read(r io.Reader) ([]Visit, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	first, err := in.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("the log is empty: its first row is %s", strings.Join(header, ","))
	case err != nil:
		return nil, inLine(err)
	}
	first[0] = strings.TrimPrefix(first[0], "\ufeff") // of spreadsheets
	if !slices.Equal(first, header) {
		return nil, fmt.Errorf("line 1: the header is %s instead of %s", strings.Join(first, ","), strings.Join(header, ","))
	}
	var all []Visit
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, inLine(err)
		}
		v, err := parse(row)
		if err != nil {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, v)
	}
	slices.SortStableFunc(all, func(a, b Visit) int { return a.Arrived.Compare(b.Arrived) })
	return all, nil
}

// inLine tells an error of the CSV as the others are told.
func inLine(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf("line %d: %w", e.Line, e.Err)
	}
	return err
}

func parse(row []string) (v Visit, err error) {
	if len(row) != len(header) {
		return v, fmt.Errorf("%d fields instead of %d", len(row), len(header))
	}
	for i, to := range []*time.Time{&v.Arrived, &v.Called, &v.Ended} {
		if row[i] == "" && i > 0 {
			continue
		}
		if *to, err = time.Parse(time.RFC3339, row[i]); err != nil {
			return v, fmt.Errorf("%s: %q isn't a time like 2026-03-02T09:00:00+01:00", header[i], row[i])
		}
	}
	v.Channel, v.Counter, v.Outcome = row[3], row[4], Outcome(row[5])
	return v, v.check()
}

// check tells what of the visit can't be.
func (v *Visit) check() error {
	called := !v.Called.IsZero()
	switch {
	case v.Channel == "":
		return errors.New("channel: is empty")
	case v.Outcome != Served && v.Outcome != Absent && v.Outcome != Left:
		return fmt.Errorf("outcome: %q is none of served, absent, left", v.Outcome)
	case v.Outcome == Left && called:
		return errors.New("outcome: who was called and didn't come is absent, left is who never was")
	case v.Outcome != Left && !called:
		return fmt.Errorf("called: is empty, though the visit was %s", v.Outcome)
	case !called && v.Counter != "":
		return fmt.Errorf("counter: is %s, though nobody was called", v.Counter)
	case called && v.Called.Before(v.Arrived):
		return errors.New("called: is before arrived")
	case called && v.Ended.IsZero():
		return errors.New("ended: is empty, though somebody was called")
	case called && v.Ended.Before(v.Called):
		return errors.New("ended: is before called")
	case !v.Ended.IsZero() && v.Ended.Before(v.Arrived):
		return errors.New("ended: is before arrived")
	}
	return nil
}

// Writer writes a log.
type Writer struct{ to *csv.Writer }

// NewWriter begins a log with its header. What goes wrong with that, [Writer.Flush] tells.
func NewWriter(w io.Writer) *Writer {
	to := csv.NewWriter(w)
	_ = to.Write(header) // a bufio.Writer keeps its first error
	return &Writer{to}
}

// Write writes a visit. Fractions of seconds are dropped.
func (w *Writer) Write(v Visit) error {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	return w.to.Write([]string{moment(v.Arrived), moment(v.Called), moment(v.Ended), v.Channel, v.Counter, string(v.Outcome)})
}

// Flush writes what is still to be written.
func (w *Writer) Flush() error {
	w.to.Flush()
	return w.to.Error()
}
