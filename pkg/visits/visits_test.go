package visits_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/eliminacode/eliminacode/pkg/visits"
)

const header = "arrived,called,ended,channel,counter,outcome\n"

func TestRead(t *testing.T) {
	t.Parallel()
	const log = "\ufeff" + header +
		"2026-03-02T09:05:00+01:00,,2026-03-02T09:10:00+01:00,anagrafe,,left\r\n" +
		"2026-03-02T09:00:00+01:00,2026-03-02T09:01:00+01:00,2026-03-02T09:03:00+01:00,anagrafe,1,served\n" +
		"2026-03-02T09:06:00+01:00,,,anagrafe,,left\n"
	at := func(minute int) time.Time { return time.Date(2026, 3, 2, 9, minute, 0, 0, time.FixedZone("", 3600)) }
	want := []visits.Visit{
		{Arrived: at(0), Called: at(1), Ended: at(3), Channel: "anagrafe", Counter: "1", Outcome: visits.Served},
		{Arrived: at(5), Ended: at(10), Channel: "anagrafe", Outcome: visits.Left},
		{Arrived: at(6), Channel: "anagrafe", Outcome: visits.Left},
	}
	got, err := visits.Read(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("in order of arrival (-want +got):\n%s", d)
	}
}

// TestReadSaysWhatIsWrong wants the line, the field and what is wanted of every fault.
func TestReadSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for log, want := range map[string]string{
		"":                               "the log is empty: its first row is arrived,called,ended,channel,counter,outcome",
		"a,b\n":                          "line 1: the header is a,b instead of arrived,called,ended,channel,counter,outcome",
		header + "x":                     "line 2: 1 fields instead of 6",
		header + "yesterday,,,a,,left\n": `line 2: arrived: "yesterday" isn't a time like 2026-03-02T09:00:00+01:00`,
		header + "2026-03-02T09:00:00+01:00,,,,,left\n":                                                       "line 2: channel: is empty",
		header + "2026-03-02T09:00:00+01:00,,,a,,gone\n":                                                      `line 2: outcome: "gone" is none of served, absent, left`,
		header + "2026-03-02T09:00:00+01:00,,,a,1,served\n":                                                   "line 2: called: is empty, though the visit was served",
		header + "2026-03-02T09:00:00+01:00,2026-03-02T09:00:00+01:00,,a,1,served\n":                          "line 2: ended: is empty, though somebody was called",
		header + "2026-03-02T09:00:00+01:00,2026-03-02T08:59:00+01:00,2026-03-02T09:00:00+01:00,a,1,absent\n": "line 2: called: is before arrived",
		header + "2026-03-02T09:00:00+01:00,2026-03-02T09:01:00+01:00,2026-03-02T09:00:00+01:00,a,1,served\n": "line 2: ended: is before called",
		header + "2026-03-02T09:00:00+01:00,,2026-03-02T08:00:00+01:00,a,,left\n":                             "line 2: ended: is before arrived",
		header + "2026-03-02T09:00:00+01:00,2026-03-02T09:01:00+01:00,2026-03-02T09:02:00+01:00,a,1,left\n":   "line 2: outcome: who was called and didn't come is absent, left is who never was",
		header + "2026-03-02T09:00:00+01:00,,,a,1,left\n":                                                     "line 2: counter: is 1, though nobody was called",
		header + "\"2026\n": `line 2: extraneous or missing " in quoted-field`,
	} {
		_, err := visits.Read(strings.NewReader(log))
		if err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", log, err, want)
		}
	}
}

// FuzzRead wants what was read to be possible, and to be written and read the same again.
func FuzzRead(f *testing.F) {
	f.Add(header + "2026-03-02T09:00:00+01:00,2026-03-02T09:01:00+01:00,2026-03-02T09:03:00+01:00,anagrafe,1,served\n")
	f.Add(header + "2026-03-02T09:00:00+01:00,,,\"a,b\",,left\n")
	f.Fuzz(func(t *testing.T, log string) {
		all, err := visits.Read(strings.NewReader(log))
		if err != nil {
			return
		}
		for _, v := range all {
			if v.Channel == "" || !v.Called.IsZero() && (v.Called.Before(v.Arrived) || v.Ended.Before(v.Called)) {
				t.Errorf("%+v can't be", v)
			}
		}
		var b strings.Builder
		w := visits.NewWriter(&b)
		for _, v := range all {
			if err := w.Write(v); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		again, err := visits.Read(strings.NewReader(b.String()))
		if d := cmp.Diff(all, again); err != nil || d != "" {
			t.Errorf("%v, read again (-want +got):\n%s", err, d)
		}
	})
}
