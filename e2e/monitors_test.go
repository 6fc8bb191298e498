package e2e_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestMonitorsSendToTheRightCounter follows people who are still expected somewhere, however much
// happens meanwhile elsewhere.
func TestMonitorsSendToTheRightCounter(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	do := func(path string) {
		t.Helper()
		s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/"+path, nil)
	}
	issue := func(channel string) {
		t.Helper()
		s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": channel})
	}
	for _, counter := range []string{"1", "2", "3"} {
		do(counter + "/open")
	}
	issue("protocollo")
	do("1/next")
	for range 12 {
		issue("anagrafe")
		do("2/next")
	}
	protocollo := b.open("protocollo", s.URL("/display/protocollo"), 1920, 1080)
	protocollo.holds(`document.querySelector('#stage').dataset.number === 'P001'`)
	sala := b.open("sala", s.URL("/display/sala"), 1920, 1080)
	sala.shows("#calls", "P001")
	// Those past are dimmed, P001 isn't.
	sala.holds(`[...document.querySelectorAll('.row')].map((row) => row.dataset.number + (row.matches('.row-past') ? '-' : '')).join(' ') === 'P001 A011- A010-'`)

	// A ticket that goes back and is called elsewhere is shown at one counter, the right one.
	do("2/requeue")
	do("3/next")
	sala.holds(`document.querySelector('#stage').dataset.number === 'A012' && document.querySelector('.stage-desk').innerText === '3'`)
	if shown := strings.Count(eval[string](sala, `document.querySelector('main').innerText`), "A012"); shown != 1 {
		t.Errorf("A012 is shown %d times", shown)
	}

	// Served: it is no longer sent anywhere, and the monitor of its channel doesn't say that nobody
	// was called.
	do("1/done")
	protocollo.shows("#stage", "Ultimo numero chiamato: P001")
}
