package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long a screen may take to show what it should.
const patience = 40 * time.Second

// browser is one Chromium with a page for each screen.
type browser struct {
	t   testing.TB
	ctx context.Context
}

// openBrowser is a browser that has been nowhere yet: of the one Chromium of all tests, since to
// start it takes longer than many of them; of one of its own if it is to have flags.
func openBrowser(t testing.TB, flags ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	var chromium context.Context
	var err error
	if len(flags) > 0 {
		var stop func()
		chromium, stop, err = startChromium(flags...)
		t.Cleanup(stop)
	} else {
		common.start.Do(func() { common.ctx, common.stop, common.err = startChromium() })
		chromium, err = common.ctx, common.err
	}
	if err != nil {
		t.Fatalf("Chromium (Debian package chromium-headless-shell): %v", err)
	}
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, ctx: ctx}
}

func startChromium(flags ...chromedp.ExecAllocatorOption) (ctx context.Context, stop func(), err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium-headless-shell"),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "it-IT"),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	)
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), append(options, flags...)...)
	ctx, cancel := chromedp.NewContext(alloc)
	return ctx, func() { cancel(); cancelAlloc() }, chromedp.Do(ctx)
}

// common is the Chromium that the tests share.
var common struct {
	start sync.Once
	ctx   context.Context
	stop  func()
	err   error
}

// page is one screen.
type page struct {
	t    testing.TB
	name string
	ctx  context.Context
}

// open shows an address in a page of the given size, to which something may be done first.
func (b *browser) open(name, url string, width, height int, before ...chromedp.Action[chromedp.Void]) *page {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	p := &page{t: b.t, name: name, ctx: ctx}
	if err := chromedp.Do(ctx); err != nil { // makes the page; a deadline here would be the page's own
		b.t.Fatal(err)
	}
	if len(before) > 0 {
		p.do(before...)
	}
	p.do(chromedp.EmulateViewport(int64(width), int64(height)), focused, chromedp.Navigate(url))
	return p
}

// focused has the page work as if its window were in front.
func focused(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return chromedp.Void{}, err
}

func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		p.fail(err.Error())
	}
}

// onNew runs a script in every new document of a page, before the page's own.
func onNew(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	}
}

// reloaded loads the page anew, whatever comes of it.
func reloaded(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, cdppage.Reload, cdppage.ReloadParams{})
	return chromedp.Void{}, err
}

// eval runs a script, which may be a promise, and returns what it amounts to.
func eval[T any](p *page, script string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail(fmt.Sprintf("%v in %.200s", err, script))
	}
	return v
}

func (p *page) fail(why string) {
	p.t.Helper()
	p.picture("failed-" + p.name)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	p.t.Fatalf("%s: %s\nthe page shows:\n%s", p.name, why, text)
}

// shows waits until an element has a text.
func (p *page) shows(selector, want string) {
	p.t.Helper()
	p.holds(fmt.Sprintf(`(document.querySelector(%q) || {innerText: ''}).innerText.includes(%q)`, selector, want))
}

// holds waits until an expression is true, also across a change of page.
func (p *page) holds(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for tick := time.NewTicker(100 * time.Millisecond); ; {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression)); ok && err == nil {
			return
		}
		select {
		case <-ctx.Done():
			p.fail("never true: " + expression)
		case <-tick.C:
		}
	}
}

// press clicks the button that says something.
func (p *page) press(words string) {
	p.t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll('button, a')].find(b => b.checkVisibility() && b.innerText.includes(%q))`, words)
	p.holds("!!" + button)
	eval[chromedp.Void](p, button+".click()")
}

// picture keeps a picture of the page for whoever looks into a failure.
func (p *page) picture(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("%s: no picture: %v", p.name, err)
		return
	}
	path := filepath.Join(p.t.ArtifactDir(), name+".png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		p.t.Logf("%s: picture not kept: %v", p.name, err)
	}
}

// accessible runs axe on the page as it is now: nothing may offend against WCAG 2.2 AA.
func (p *page) accessible() {
	p.t.Helper()
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		p.t.Fatalf("axe-core (npm ci installs it): %v", err)
	}
	eval[chromedp.Void](p, string(axe))
	raw := eval[string](p, `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(r => JSON.stringify(
		r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.target.join(' ') + (n.any[0] ? ' (' + n.any[0].message + ')' : '')).join('; '))))`)
	var list []string
	if err := json.Unmarshal([]byte(raw), &list); err != nil {
		p.t.Fatalf("axe: %v in %s", err, raw)
	}
	if len(list) > 0 {
		p.picture("axe-" + p.name)
		p.t.Errorf("%s: accessibility:\n  %s", p.name, strings.Join(list, "\n  "))
	}
}
