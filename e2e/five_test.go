package e2e_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// announcements has a page note which numbers it announces, in order.
const announcements = `
window.announced = [];
new MutationObserver(() => {
  const stage = document.querySelector('#stage.fresh');
  const number = stage && stage.dataset.number;
  if (number && announced[announced.length - 1] !== number) announced.push(number);
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'data-number'] });`

// becomes has the browser treat a page as it does when the machine sleeps ("frozen"), or wakes
// ("active").
func becomes(state cdppage.SetWebLifecycleStateState) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, cdppage.SetWebLifecycleState, cdppage.SetWebLifecycleStateParams{State: state})
		return chromedp.Void{}, err
	}
}

// TestFiveMonitors has all five at once through a morning: each shows what it must, also of calls
// that come together; when the network is cut, says so and keeps what may still be true; back after
// more than a minute, shows what is true and announces nothing that is older than a minute; and
// wakes from sleep as if nothing had been.
func TestFiveMonitors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	cable := programtest.NewCable(t, strings.TrimPrefix(s.URL(""), "http://"))
	b := openBrowser(t)
	screens := map[string]*page{}
	for _, id := range []string{"sala", "protocollo", "anagrafe", "altri-servizi", "ingresso"} {
		screens[id] = b.open(id, "http://"+cable.Addr()+"/display/"+id, 1920, 1080, onNew(announcements))
	}
	all := func(expression string) {
		t.Helper()
		for _, p := range screens {
			p.holds(expression)
		}
	}
	all(`document.documentElement.dataset.connection === 'live'`)

	// Two calls within 50 ms, of two channels: both are everywhere, each is announced where it
	// belongs.
	var both sync.WaitGroup
	for _, counter := range []string{"1", "2"} {
		both.Go(func() { s.Must(t, http.MethodPost, "/api/v1/counters/"+counter+"/next", nil) })
	}
	both.Wait()
	all(`['P001', 'A001'].every((number) => document.querySelector('[data-number="' + number + '"]'))`)
	screens["protocollo"].holds(`announced.join() === 'P001'`)
	screens["anagrafe"].holds(`announced.join() === 'A001'`)
	screens["sala"].holds(`[...announced].sort().join() === 'A001,P001'`)
	screens["altri-servizi"].holds(`announced.length === 0 && document.querySelector('#others').innerText.includes('A001')`)
	screens["ingresso"].holds(`document.body.innerText.includes('Carte d\'identità')`)

	// Cut off, a monitor says so and goes on to show what may still be true, and the time.
	cable.Cut()
	all(`['lost', 'stale'].includes(document.documentElement.dataset.connection) && /\d\d:\d\d/.test(document.querySelector('#time').innerText)`)
	all(`document.querySelector('.connection-banner').offsetHeight <= document.querySelector('#head').offsetHeight + 1`) // and covers no call
	screens["sala"].holds(`document.querySelector('#stage').checkVisibility() && !!document.querySelector('[data-number="A001"]')`)

	// Ten calls that no monitor sees, the first nine of which are too old to be announced
	// afterwards.
	for i := range 9 {
		s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
		do([]string{"1", "2", "3"}[i%3] + "/next")
	}
	time.Sleep(61 * time.Second)
	do("4/next")
	truth := s.State(t, "").Calls
	cable.Mend()
	all(`document.documentElement.dataset.connection === 'live'`)
	for _, call := range truth {
		if call.Holds {
			screens["sala"].holds(`!!document.querySelector('[data-number="` + call.Number + `"]')`)
		}
	}
	screens["sala"].holds(`announced.length === 3 && announced[2] === '` + truth[0].Number + `'`)

	// Asleep, and awake again.
	sala := screens["sala"]
	sala.do(becomes(cdppage.SetWebLifecycleStateStateFrozen))
	do("1/next")
	time.Sleep(2 * time.Second)
	called := s.State(t, "").Calls[0].Number
	sala.do(becomes(cdppage.SetWebLifecycleStateStateActive))
	sala.holds(`document.querySelector('#stage').dataset.number === '` + called + `' && document.documentElement.dataset.connection === 'live'`)
}
