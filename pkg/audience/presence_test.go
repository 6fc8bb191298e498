package audience_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/pkg/audience"
	"github.com/eliminacode/eliminacode/pkg/engine"
	"github.com/eliminacode/eliminacode/pkg/queue"
)

// ear is a display's page: it has what it was told last.
type ear struct{ told string }

func (e *ear) Send(_ string, message []byte) bool {
	e.told = string(message)
	return true
}

func (e *ear) owner() bool { return e.told == `{"type":"sound","owner":true}` }

// soundingOffice is an office whose displays all have sound.
func soundingOffice(t *testing.T, now time.Time) *queue.State {
	t.Helper()
	s, cfg := new(queue.State), *queue.Default()
	for i := range cfg.Displays {
		cfg.Displays[i].Sound = true
	}
	if _, _, err := s.Execute(queue.Command{By: "system", Do: queue.Configure{Config: &cfg}}, now); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOneSoundOfARoom has three displays of one room, of which one at a time is its sound.
func TestOneSoundOfARoom(t *testing.T) {
	t.Parallel()
	s, now := soundingOffice(t, start), start
	a := audience.New(audience.Options{
		Read: func(context.Context, string, func(*queue.State, time.Time)) error {
			t.Error("an office is waited for, and meanwhile no pong of the display is heard")
			return nil
		},
		Base: func(string) string { return "" },
		Now:  func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	})
	a.Changed(engine.Change{Office: "urp", State: s, Now: now, Anew: true})
	first, second, device := new(ear), new(ear), new(ear)
	say := func(e *ear, id, device, sound string) {
		a.Heard(audience.Topic{Office: "urp", Kind: "display", ID: id}, device, "", e, []byte(`{"type":"status","sound":"`+sound+`","screen":"1920x1080","shown":"A042"}`))
	}
	want := func(when string, owner *ear) {
		t.Helper()
		for name, e := range map[string]*ear{"first": first, "second": second, "device": device} {
			if e.owner() != (e == owner) {
				t.Errorf("%s: %s is told %s", when, name, e.told)
			}
		}
	}
	one, two, three := string(s.Config.Displays[0].ID), string(s.Config.Displays[1].ID), string(s.Config.Displays[2].ID)
	a.Heard(audience.Topic{Office: "urp", Kind: "display", ID: one}, "", "", first, []byte(`{"type":"status","sound":"loud"}`))
	want("no status", nil)
	say(first, one, "", "blocked")
	want("blocked", nil)
	say(second, two, "", "on")
	want("alone", second)
	say(first, one, "", "on")
	want("it keeps it", second)
	say(device, three, "d1", "on")
	want("a device before an open page", device)
	say(device, three, "d1", "quiet")
	want("its hours of quiet", device)
	say(second, two, "", "on")
	now = now.Add(5 * time.Second)
	say(first, one, "", "on")
	want("not heard for five seconds", device)
	now = now.Add(3 * time.Second)
	say(first, one, "", "on")
	if !first.owner() || device.owner() {
		t.Errorf("the owner has died: %s, %s", first.told, device.told)
	}
	say(second, two, "", "on")
	a.Gone(first)
	if !second.owner() {
		t.Errorf("the owner has left: %s", second.told)
	}
}

// TestNobodyElsewhereSilencesARoom has an open monitor's page opened far away before the room's own
// comes back.
func TestNobodyElsewhereSilencesARoom(t *testing.T) {
	t.Parallel()
	s := soundingOffice(t, start)
	a := audience.New(audience.Options{
		Base: func(string) string { return "" }, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler),
	})
	a.Changed(engine.Change{Office: "urp", State: s, Now: start, Anew: true})
	say := func(e *ear, place int, device, network string) {
		a.Heard(audience.Topic{Office: "urp", Kind: "display", ID: string(s.Config.Displays[place].ID)}, device, network, e, []byte(`{"type":"status","sound":"on"}`))
	}
	phone, hall, stairs, device := new(ear), new(ear), new(ear), new(ear)
	say(phone, 0, "", "192.0.2.7")
	say(hall, 1, "", "")
	say(stairs, 2, "", "")
	if !hall.owner() || stairs.owner() || !phone.owner() {
		t.Errorf("the room's: %s, its other one: %s, elsewhere: %s", hall.told, stairs.told, phone.told)
	}
	say(device, 2, "d1", "198.51.100.1")
	if !device.owner() || hall.owner() || phone.owner() {
		t.Errorf("a paired device: %s, the room's open page: %s, elsewhere: %s", device.told, hall.told, phone.told)
	}
	a.Gone(device)
	if !hall.owner() || stairs.owner() || !phone.owner() {
		t.Errorf("it has left: %s, %s, %s", hall.told, stairs.told, phone.told)
	}
}

// TestSoundFollowsRooms has the configuration change while two displays of one room are there.
func TestSoundFollowsRooms(t *testing.T) {
	t.Parallel()
	s := soundingOffice(t, start)
	a := audience.New(audience.Options{
		Base: func(string) string { return "" }, Now: func() time.Time { return start }, Log: slog.New(slog.DiscardHandler),
	})
	first, second := new(ear), new(ear)
	configure := func(when string, wantFirst, wantSecond bool, change func(displays []queue.Display)) {
		t.Helper()
		cfg := *s.Config
		cfg.Displays = slices.Clone(cfg.Displays)
		change(cfg.Displays)
		if _, _, err := s.Execute(queue.Command{By: "system", Do: queue.Configure{Config: &cfg, Version: cfg.Version}}, start); err != nil {
			t.Fatal(err)
		}
		a.Changed(engine.Change{Office: "urp", State: s, Now: start})
		if first.owner() != wantFirst || second.owner() != wantSecond {
			t.Errorf("%s: the first is told %s, the second %s", when, first.told, second.told)
		}
	}
	a.Changed(engine.Change{Office: "urp", State: s, Now: start, Anew: true})
	for i, e := range []*ear{first, second} {
		a.Heard(audience.Topic{Office: "urp", Kind: "display", ID: string(s.Config.Displays[i].ID)}, "", "", e, []byte(`{"type":"status","sound":"on"}`))
	}
	configure("of one room", true, false, func(displays []queue.Display) { displays[0].Volume = 50 })
	configure("each in its own", true, true, func(displays []queue.Display) { displays[1].Room = "archivio" })
	configure("the first is silent", false, true, func(displays []queue.Display) { displays[0].Sound = false })
	configure("the second is no more", false, false, func(displays []queue.Display) { displays[1].ID = "altro" })
}
