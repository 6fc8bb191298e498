package displays_test

import (
	"testing"
	"time"

	"github.com/eliminacode/eliminacode/displays"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
)

func TestSwitchboard(t *testing.T) {
	t.Parallel()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, rome) // a Monday
	closes, opens := now.Add(9*time.Hour+30*time.Minute), now.AddDate(0, 0, 1).Add(-time.Hour)
	open, closed := view.Opening{Open: true, ClosesAt: &closes, Attended: true}, view.Opening{OpensAt: &opens}
	unattended := view.Opening{Open: true, ClosesAt: &closes}
	registry := func(waiting int, wait *view.Wait) view.Channel {
		return view.Channel{Open: true, Names: queue.Text{"it": "Servizi anagrafici", "en": "Civil registry"}, Waiting: waiting, Wait: wait}
	}
	protocol := func(waiting int, wait *view.Wait) view.Channel {
		return view.Channel{Names: queue.Text{"it": "Protocollo"}, Waiting: waiting, Wait: wait}
	}
	for _, tt := range []struct {
		opening  view.Opening
		channels []view.Channel
		it, en   string
	}{
		{
			open,
			[]view.Channel{protocol(2, &view.Wait{Low: 290, Likely: 400, High: 620}), registry(5, &view.Wait{Low: 900, Likely: 1200, High: 1500})},
			"La sede è aperta fino alle 18:30: aspettano 7 persone (Protocollo 2, attesa prevista: meno di 15 minuti; Servizi anagrafici 5, attesa prevista: 15–25 minuti).",
			"The office is open until 18:30: 7 people are waiting (Protocollo 2, expected wait: less than 15 minutes; Civil registry 5, expected wait: 15–25 minutes).",
		},
		{
			open,
			[]view.Channel{protocol(0, &view.Wait{Low: 0, Likely: 0, High: 60}), registry(1, &view.Wait{Low: 30, Likely: 40, High: 70})},
			"La sede è aperta fino alle 18:30: aspetta 1 persona (Servizi anagrafici 1, attesa prevista: meno di 5 minuti).",
			"The office is open until 18:30: 1 person is waiting (Civil registry 1, expected wait: less than 5 minutes).",
		},
		{
			open,
			[]view.Channel{registry(3, nil)},
			"La sede è aperta fino alle 18:30: aspettano 3 persone (Servizi anagrafici 3).",
			"The office is open until 18:30: 3 people are waiting (Civil registry 3).",
		},
		{
			open,
			[]view.Channel{registry(0, nil)},
			"La sede è aperta fino alle 18:30: non aspetta nessuno.",
			"The office is open until 18:30: nobody is waiting.",
		},
		{
			unattended,
			[]view.Channel{registry(3, nil)},
			"La sede è aperta fino alle 18:30: aspettano 3 persone (Servizi anagrafici 3). Attesa non prevedibile: nessuno sportello è aperto.",
			"The office is open until 18:30: 3 people are waiting (Civil registry 3). The wait can’t be predicted: no counter is open.",
		},
		{
			unattended,
			[]view.Channel{registry(1, &view.Wait{Low: 30, Likely: 40, High: 70}), protocol(0, nil)},
			"La sede è aperta fino alle 18:30: aspetta 1 persona (Servizi anagrafici 1, attesa prevista: meno di 5 minuti).",
			"The office is open until 18:30: 1 person is waiting (Civil registry 1, expected wait: less than 5 minutes).",
		},
		{
			closed,
			[]view.Channel{registry(2, &view.Wait{Low: 600, Likely: 600, High: 600})},
			"La sede ha chiuso: aspettano 2 persone (Servizi anagrafici 2, attesa prevista: 10–15 minuti).",
			"The office has closed: 2 people are waiting (Civil registry 2, expected wait: 10–15 minutes).",
		},
		{
			view.Opening{Situation: view.IsFull, OpensAt: &opens, Attended: true},
			[]view.Channel{registry(2, &view.Wait{Low: 600, Likely: 600, High: 600})},
			"Non si danno altri biglietti: aspettano 2 persone (Servizi anagrafici 2, attesa prevista: 10–15 minuti).",
			"No more tickets are being given: 2 people are waiting (Civil registry 2, expected wait: 10–15 minutes).",
		},
		{closed, nil, "La sede è chiusa e riapre domani alle 08:00.", "The office is closed and reopens tomorrow at 08:00."},
		{view.Opening{}, nil, "La sede è chiusa.", "The office is closed."},
	} {
		got := displays.Switchboard(&view.PublicPage{At: now, Opening: tt.opening, Channels: tt.channels})
		if got["it"] != tt.it || got["en"] != tt.en {
			t.Errorf("\n got %s\nwant %s\n got %s\nwant %s", got["it"], tt.it, got["en"], tt.en)
		}
	}
}
