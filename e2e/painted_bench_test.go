package e2e_test

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
)

// stopwatch has a page note, for each number called, how many milliseconds passed from the arrival
// of the first message that tells of the call until a frame that shows it was drawn; -1 for one
// that wasn't shown within a second. It listens before the page does.
const stopwatch = `
window.painted = new Map();
const Bare = WebSocket;
window.WebSocket = class extends Bare {
  constructor(...args) {
    super(...args);
    this.addEventListener('message', ({ data }) => {
      const arrived = performance.now();
      const { view } = JSON.parse(data);
      for (const call of (view && view.calls) || []) {
        if (painted.has(call.number)) continue;
        painted.set(call.number, null);
        const look = () => {
          const shown = document.querySelector('[data-number="' + call.number + '"]');
          if (shown || performance.now() - arrived > 1000) {
            const { port1, port2 } = new MessageChannel(); // heard once the frame is drawn
            port1.onmessage = () => painted.set(call.number, shown ? performance.now() - arrived : -1);
            port2.postMessage(0);
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }
    });
  }
};`

// frame is the time between two frames of a page in which nothing happens, in milliseconds.
const frame = `new Promise((done) => {
  const times = [];
  requestAnimationFrame(function next(t) {
    times.push(t);
    if (times.length < 120) requestAnimationFrame(next);
    else done((times[119] - times[19]) / 100);
  });
})`

// BenchmarkCallToPainted measures a call from the arrival of its message in the browser until a
// frame that shows it has been drawn, on five monitors of the real program in one Chromium, which
// draws by the processor alone: in frames, of which the first after the arrival is the floor. One
// iteration is 100 calls, four a second.
func BenchmarkCallToPainted(b *testing.B) {
	office := openOffice(b, openBrowser(b), onNew(stopwatch))
	interval := eval[float64](office.screens[0], frame)
	for b.Loop() {
		for range 100 {
			office.call()
			time.Sleep(250 * time.Millisecond)
		}
	}
	var frames []float64
	unseen := 0
	for _, p := range office.screens {
		p.holds(`[...painted.values()].every((ms) => ms !== null)`)
		var times []float64
		if err := json.Unmarshal([]byte(eval[string](p, `JSON.stringify([...painted.values()].slice(1))`)), &times); err != nil {
			b.Fatal(err)
		}
		for _, ms := range times {
			if ms < 0 {
				unseen++
			} else {
				frames = append(frames, math.Ceil(ms/interval))
			}
		}
	}
	slices.Sort(frames)
	b.ReportMetric(frames[len(frames)/2], "p50-frames")
	b.ReportMetric(frames[len(frames)*99/100], "p99-frames")
	b.ReportMetric(frames[len(frames)-1], "max-frames")
	b.ReportMetric(interval, "frame-ms")
	b.ReportMetric(float64(unseen), "unseen")
	b.ReportMetric(0, "ns/op") // of the pace
}

// BenchmarkViewToGong measures from the arrival of the message that tells of a call until the first
// sample of its gong leaves the browser: what the page takes to begin it, and what the browser says
// that its output takes. One iteration is 20 calls, each once the last one has been spoken.
func BenchmarkViewToGong(b *testing.B) {
	s := serve(b)
	p := openBrowser(b).openHeard("sala", s.URL("/display/sala"), unbent, true)
	s.Want(b, http.StatusOK, http.MethodPost, "/api/v1/counters/1/open", nil)
	var all []float64
	for b.Loop() {
		for range 20 {
			eval[bool](p, `((ear.starts.length = 0), true)`)
			s.Want(b, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
			s.Want(b, http.StatusOK, http.MethodPost, "/api/v1/counters/1/next", nil)
			p.holds(`ear.starts.length > 1 && !document.querySelector('.fresh')`)
			all = append(all, eval[float64](p, `ear.starts[0].ms`))
		}
	}
	slices.Sort(all)
	b.ReportMetric(all[len(all)/2], "p50-ms")
	b.ReportMetric(all[len(all)-1], "max-ms")
	b.ReportMetric(eval[float64](p, `(ear.context.outputLatency || ear.context.baseLatency) * 1000`), "output-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkMonitorMemory measures by how much the memory of five monitors has grown after 5,000
// calls since the first 100, when the collector has run: the worst of the five. One iteration is
// all of it, whatever is asked for. kiosk is as the kiosk script starts Chromium.
func BenchmarkMonitorMemory(b *testing.B) {
	b.Run("kiosk", func(b *testing.B) { measureMemory(b, openBrowser(b, kioskFlags(b))) })
	b.Run("plain", func(b *testing.B) { measureMemory(b, openBrowser(b)) })
}

func measureMemory(b *testing.B, chromium *browser) {
	b.Helper()
	office := openOffice(b, chromium)
	for office.made < 100 {
		office.call()
	}
	before := office.heaps()
	for office.made < 5000 {
		office.call()
	}
	time.Sleep(time.Minute) // for so long it is remembered which calls were announced
	office.call()
	worst := 0.0
	for i, after := range office.heaps() {
		worst = max(worst, after/before[i])
	}
	b.ReportMetric(worst, "heap-ratio")
	b.ReportMetric(slices.Max(before)/1e6, "heap-MB")
	b.ReportMetric(0, "ns/op")
}

// office is the real program with its five monitors in a browser.
type office struct {
	b       *testing.B
	server  *programtest.Server
	screens []*page
	made    int // calls
}

// kioskFlags are those by which the kiosk script has Chromium run a monitor's scripts.
func kioskFlags(b *testing.B) chromedp.ExecAllocatorOption {
	b.Helper()
	script, err := os.ReadFile("../scripts/debian-monitor.sh")
	if err != nil {
		b.Fatal(err)
	}
	flags := regexp.MustCompile(`--js-flags='([^']*)'`).FindSubmatch(script)
	if flags == nil {
		b.Fatal("the kiosk script gives no --js-flags")
	}
	return chromedp.Flag("js-flags", string(flags[1]))
}

var desks = []string{"1", "2", "3", "4"}

// openOffice opens it, and makes a first call, which all monitors show.
func openOffice(b *testing.B, chromium *browser, before ...chromedp.Action[chromedp.Void]) *office {
	b.Helper()
	o := &office{b: b, server: serve(b)}
	for _, id := range []string{"sala", "protocollo", "anagrafe", "altri-servizi", "ingresso"} {
		o.screens = append(o.screens, chromium.open(id, o.server.URL("/display/"+id), 1920, 1080, before...))
	}
	for _, id := range desks {
		o.server.Want(b, http.StatusOK, http.MethodPost, "/api/v1/counters/"+id+"/open", nil)
	}
	o.call()
	for _, p := range o.screens {
		p.holds(`!!document.querySelector('[data-number="A001"]')`)
	}
	return o
}

// call has somebody come and be called at once, at one counter after the other.
func (o *office) call() {
	o.b.Helper()
	o.server.Want(o.b, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe"})
	o.server.Want(o.b, http.StatusOK, http.MethodPost, "/api/v1/counters/"+desks[o.made%len(desks)]+"/next", nil)
	o.made++
}

// heaps are the bytes that each page's scripts hold, once the collector has run.
func (o *office) heaps() (bytes []float64) {
	o.b.Helper()
	for _, p := range o.screens {
		p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			if _, err := cdp.Call(ctx, t, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
				return chromedp.Void{}, err
			}
			usage, err := cdp.Call(ctx, t, runtime.GetHeapUsage, cdp.Empty{})
			if err == nil {
				bytes = append(bytes, usage.UsedSize)
			}
			return chromedp.Void{}, err
		})
	}
	return bytes
}
