package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/view"
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

// spoken is how a monitor calls a ticket of a number up to 29 to a counter of one digit, see
// [clipsOf.says].
func spoken(call view.Call) string {
	return fmt.Sprintf("gong numero %s %s , sportello %s.", strings.ToLower(call.Letter), strings.TrimLeft(call.Number, call.Letter+"0"), call.Counter)
}

// TestFiveMonitors has all five at once through a morning: each shows what it must, and the one
// with sound says it, also of calls that come together; when the network is cut, says so and keeps
// what may still be true; back after more than a minute, shows what is true and announces nothing
// that is older than a minute; and wakes from sleep as if nothing had been.
func TestFiveMonitors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	cable := programtest.NewCable(t, strings.TrimPrefix(s.URL(""), "http://"))
	b := openBrowser(t)
	screens := map[string]*page{}
	for _, id := range []string{"sala", "protocollo", "anagrafe", "altri-servizi", "ingresso"} {
		screens[id] = b.open(id, "http://"+cable.Addr()+"/display/"+id, 1920, 1080, unguarded, onNew(ear), onNew(announcements))
	}
	all := func(expression string) {
		t.Helper()
		for _, p := range screens {
			p.holds(expression)
		}
	}
	all(`document.documentElement.dataset.connection === 'live'`)
	sala := screens["sala"]
	sala.holds(`ear.ready && ear.voices > 0 && ear.owner`)
	clips := hearClips(t, sala, "it", "two-tone")

	// Two calls within 50 ms, of two channels: both are everywhere, each is announced where it
	// belongs.
	var both sync.WaitGroup
	for _, counter := range []string{"1", "2"} {
		both.Go(func() { s.Must(t, http.MethodPost, "/api/v1/counters/"+counter+"/next", nil) })
	}
	both.Wait()
	calls := s.State(t, "").Calls
	if apart := calls[0].At.Sub(calls[1].At); apart < 0 || apart > 50*time.Millisecond {
		t.Errorf("the two calls were made %v apart", apart)
	}
	all(`['P001', 'A001'].every((number) => document.querySelector('[data-number="' + number + '"]'))`)
	screens["protocollo"].holds(`announced.join() === 'P001'`)
	screens["anagrafe"].holds(`announced.join() === 'A001'`)
	screens["sala"].holds(`[...announced].sort().join() === 'A001,P001'`)
	screens["altri-servizi"].holds(`announced.length === 0 && document.querySelector('#others').innerText.includes('A001')`)
	screens["ingresso"].holds(`document.body.innerText.includes('Carte d\'identità')`)

	// Cut off, a monitor says so and goes on to show what may still be true, and the time.
	cable.Cut()
	all(`['lost', 'stale'].includes(document.documentElement.dataset.connection) && /\d\d:\d\d/.test(document.querySelector('#time').innerText)`)
	screens["sala"].holds(`document.querySelector('#stage').checkVisibility() && !!document.querySelector('[data-number="A001"]')`)

	// Ten calls that no monitor sees, the first nine of which are too old to be announced
	// afterwards.
	for i := range 9 {
		s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
		do([]string{"1", "2", "3"}[i%3] + "/next")
	}
	late := time.Now().Add(61 * time.Second)
	// What was being said went on to its end, and nothing else is said.
	clips.says(sala, spoken(calls[1])+" | "+spoken(calls[0]))
	time.Sleep(time.Until(late))
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
	clips.says(sala, spoken(truth[0]))
	begun := eval[string](sala, `String(ear.starts.length)`)

	// Asleep, and awake again.
	sala.do(becomes(cdppage.SetWebLifecycleStateStateFrozen))
	do("1/next")
	time.Sleep(2 * time.Second)
	called := s.State(t, "").Calls[0]
	sala.do(becomes(cdppage.SetWebLifecycleStateStateActive))
	sala.holds(`document.querySelector('#stage').dataset.number === '` + called.Number + `' && document.documentElement.dataset.connection === 'live'`)
	sala.holds(`ear.starts.length > ` + begun)
	for id, p := range screens {
		if n := eval[int](p, `ear.starts.length`); n > 0 && p != sala {
			t.Errorf("%s, which is to be silent, has begun %d sounds", id, n)
		}
	}
}
