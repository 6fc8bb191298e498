package e2e_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/eliminacode/eliminacode/cmd/eliminacode/programtest"
	"github.com/eliminacode/eliminacode/pkg/queue"
	"github.com/eliminacode/eliminacode/pkg/view"
	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

// ear keeps what a page plays, sample by sample, and when and why each sound was begun.
const ear = `(() => {
	const ear = window.ear = {starts: [], blocks: [], inside: false, arrived: 0, ready: false, voices: 0, from: 0, say: null, owner: null};
	const Socket = window.WebSocket;
	window.WebSocket = class extends Socket {
		set onmessage(handle) {
			ear.say = (message) => handle({data: JSON.stringify(message)});
			super.onmessage = handle && ((event) => {
				ear.arrived = performance.now();
				const message = JSON.parse(event.data);
				if (message.type === 'sound') ear.owner = message.owner;
				ear.inside = true;
				handle(event);
				ear.inside = false;
			});
		}
	};
	const Context = window.AudioContext;
	window.AudioContext = class extends Context {
		constructor(options) {
			super(options);
			this.end = this.createGain();
			this.end.connect(super.destination);
			const code = "registerProcessor('ear', class extends AudioWorkletProcessor { process([[samples]]) { if (samples) this.port.postMessage([currentFrame, samples.slice()]); return true; } })";
			this.audioWorklet.addModule(URL.createObjectURL(new Blob([code], {type: 'text/javascript'}))).then(() => {
				const worklet = new AudioWorkletNode(this, 'ear');
				worklet.port.onmessage = ({data}) => ear.blocks.push(data);
				this.end.connect(worklet).connect(super.destination);
				ear.context = this;
				ear.ready = true;
			});
		}
		get destination() { return this.end; }
		async decodeAudioData(bytes) {
			const sound = await super.decodeAudioData(bytes);
			if (sound.duration > 60) ear.voices++; // no other sound is as long
			return sound;
		}
	};
	const start = AudioBufferSourceNode.prototype.start;
	AudioBufferSourceNode.prototype.start = function (when, ...rest) {
		const {currentTime, baseLatency, outputLatency} = this.context;
		ear.starts.push({at: when, length: this.buffer.duration, inside: ear.inside, ms: performance.now() - ear.arrived + (when - currentTime + (outputLatency || baseLatency)) * 1000});
		return start.call(this, when, ...rest);
	};
	ear.text = (samples) => {
		const bytes = new Uint8Array(Int16Array.from(samples, (s) => Math.max(-1, Math.min(1, s)) * 32767).buffer);
		let text = '';
		for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
		return btoa(text);
	};
	// What was played since it was asked last, and from ear.from on: it ends in silence.
	ear.take = () => {
		const blocks = ear.blocks.splice(0).filter(([frame, samples]) => frame + 128 > ear.from * ear.context.sampleRate && samples.some((s) => Math.abs(s) > 1e-4));
		if (!blocks.length) return '';
		const first = blocks[0][0], last = blocks[blocks.length - 1][0];
		const all = new Float32Array(last - first + 128);
		for (const [frame, samples] of blocks) all.set(samples, frame - first);
		return ear.text(all);
	};
	ear.clips = async (lang, gong) => {
		const index = await (await fetch('/voice/' + lang + '.json')).json();
		const sound = await ear.context.decodeAudioData(await (await fetch(index.sound)).arrayBuffer());
		const samples = sound.getChannelData(0), rate = sound.sampleRate;
		const {gong: made} = await import('/assets/displays/lib/voice/gong.js');
		const clips = {gong: ear.text(made(gong, rate))};
		for (const [name, [at, length]] of Object.entries(index.clips))
			if (/^([a-z]|[0-9]|[12][0-9]|numero|sportello)\.?$/.test(name)) clips[lang + ' ' + name] = ear.text(samples.subarray(Math.round(at * rate), Math.round((at + length) * rate)));
		return JSON.stringify({rate, clips, comma: index.pauses[',']});
	};
})()`

// unguarded lets the ear's worklet into a page.
func unguarded(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, cdppage.SetBypassCSP, cdppage.SetBypassCSPParams{Enabled: true})
	return chromedp.Void{}, err
}

// openHeard shows an address in a page whose sound is kept, once that is ready and the voice is
// there if it is to be.
func (b *browser) openHeard(name, url, bend string, sounds bool) *page {
	b.t.Helper()
	p := b.open(name, url, 1280, 720, unguarded, onNew(ear), onNew(strings.Replace(bent, "BEND", bend, 1)))
	p.holds(`document.documentElement.dataset.connection === 'live'`)
	if sounds {
		p.holds(`ear.ready && ear.voices > 0`)
	}
	return p
}

const unbent = `() => {}`

// samples are a sound's, -1 to 1.
type samples []float64

func decodeSamples(t *testing.T, text string) samples {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	s := make(samples, len(b)/2)
	for i := range s {
		s[i] = float64(int16(binary.LittleEndian.Uint16(b[2*i:]))) / 32767
	}
	return s
}

// coarse is every sixth sample, the mean of six.
func (s samples) coarse() samples {
	c := make(samples, len(s)/thin)
	for i := range c {
		for _, x := range s[i*thin : (i+1)*thin] {
			c[i] += x / thin
		}
	}
	return c
}

const thin = 6

// like is how alike a stretch and a clip are, 0 to 1, whatever their loudness, by every so manyth
// sample.
func (s samples) like(clip samples, at, every int) float64 {
	if at < 0 || at+len(clip) > len(s) {
		return 0
	}
	var both, own, other float64
	for i := 0; i < len(clip); i += every {
		x, y := clip[i], s[at+i]
		both, own, other = both+x*y, own+x*x, other+y*y
	}
	if own == 0 || other == 0 {
		return 0
	}
	return both / math.Sqrt(own*other)
}

// clipsOf are a voice's clips and a gong, by name.
type clipsOf struct {
	rate  float64
	comma float64
	loud  float64 // how much louder they are to be heard
	clips map[string]samples
}

func hearClips(t *testing.T, p *page, lang, gong string) clipsOf {
	t.Helper()
	var raw struct {
		Rate, Comma float64
		Clips       map[string]string
	}
	if err := json.Unmarshal([]byte(eval[string](p, fmt.Sprintf(`ear.clips(%q, %q)`, lang, gong))), &raw); err != nil {
		t.Fatal(err)
	}
	c := clipsOf{rate: raw.Rate, comma: raw.Comma, loud: 1, clips: map[string]samples{}}
	for name, text := range raw.Clips {
		c.clips[name] = decodeSamples(t, text)
	}
	return c
}

// found is a clip in what was heard: where it begins, and how long it is, in seconds, and how much
// louder than the clip.
type found struct {
	name       string
	at, length float64
	loud       float64
}

// find finds the clips of which a sound is made, one after another, and what is left of it without
// them, as a share of its energy.
func (c clipsOf) find(heard samples) (all []found, left float64) {
	s := append(heard.coarse(), make(samples, int(c.rate/thin))...) // the last clip ends more quietly than what is kept
	for i := range s {
		s[i] /= c.loud
	}
	rest := append(samples{}, s...)
	whole := 0.0
	for _, x := range s {
		whole += x * x
	}
	// A clip may begin between two coarse samples: it is looked for without its first ones too.
	type form struct {
		name    string
		without int
		samples
	}
	var forms []form
	for name, clip := range c.clips {
		for _, without := range []int{0, thin / 3, 2 * thin / 3} {
			forms = append(forms, form{name, without, clip[without:].coarse()})
		}
	}
	ms := c.rate / thin / 1000
	for at := 0; ; {
		onset := at
		for onset < len(s) && math.Abs(rest[onset]) < 0.004 {
			onset++
		}
		if onset == len(s) {
			break
		}
		best, clip, bestAt := 0.0, form{}, 0
		for _, f := range forms {
			for from := max(at, onset-int(60*ms)) - int(2*ms); from <= onset+int(4*ms); from++ {
				if s.like(f.samples, from, 16) < 0.8 { // nowhere near: most are, and that is soon seen
					continue
				}
				if like := s.like(f.samples, from, 1); like > best {
					best, clip, bestAt = like, f, from
				}
			}
		}
		if best < 0.9 {
			all = append(all, found{name: fmt.Sprintf("? %s %.2f", clip.name, best), at: float64(onset) / ms / 1000})
			return all, 1
		}
		var both, own float64
		for i, x := range clip.samples {
			both, own = both+x*s[bestAt+i], own+x*x
		}
		for i, x := range clip.samples {
			rest[bestAt+i] -= x * both / own
		}
		all = append(all, found{name: clip.name, at: float64(bestAt)/ms/1000 - float64(clip.without)/c.rate, length: float64(len(clip.samples))/ms/1000 + float64(clip.without)/c.rate, loud: c.loud * both / own})
		at = bestAt + len(clip.samples)
	}
	energy := 0.0
	for _, x := range rest {
		energy += x * x
	}
	return all, energy / whole
}

// says fails unless what a page has played since it was asked last is these clips in this order,
// each where it belongs and as loud as it is to be, and nothing else. "," is a pause, ";" the one
// between two languages, "|" the end of an announcement.
func (c clipsOf) says(p *page, want string) {
	p.t.Helper()
	// A pause of more than a second follows what is the last one's end.
	p.holds(`ear.blocks.length > 0 && ear.context.currentTime - ear.blocks[ear.blocks.length - 1][0] / ear.context.sampleRate > 1.2 && !document.querySelector('.fresh')`)
	heard := decodeSamples(p.t.(*testing.T), eval[string](p, `ear.take()`))
	all, left := c.find(heard)
	words := strings.Fields(want)
	names := []string{}
	for i, f := range all {
		if f.loud < 0.9*c.loud || f.loud > 1.1*c.loud {
			p.t.Errorf("%s: %s is %.2f as loud as it is, want %.2f", p.name, f.name, f.loud, c.loud)
		}
		if i > 0 {
			gap := f.at - all[i-1].at - all[i-1].length
			switch {
			case f.name == "gong" || f.name == "notice":
				names = append(names, "|")
				if gap < 0 {
					p.t.Errorf("%s: a gong or a notice over what is said before it, by %.3f s", p.name, -gap)
				}
			case math.Abs(gap-c.comma) < 0.01:
				names = append(names, ",")
			case math.Abs(gap-0.5) < 0.01:
				names = append(names, ";")
			case math.Abs(gap) > 0.01:
				p.t.Errorf("%s: %.3f s between %s and %s", p.name, gap, all[i-1].name, f.name)
			}
			if join := int(f.at * c.rate); join > 100 && join+100 < len(heard) {
				for j := join - 100; j < join+100; j++ {
					if jump := math.Abs(heard[j+1] - heard[j]); jump > 0.03 {
						p.t.Errorf("%s: a click of %.3f %.1f ms after the begin of %s, %.3f s after %s", p.name, jump, 1000*(float64(j)/c.rate-f.at), f.name, gap, all[i-1].name)
						p.t.Log(heard[max(0, j-40) : j+40])
						break
					}
				}
			}
		}
		names = append(names, strings.TrimPrefix(f.name, "it "))
	}
	if strings.Join(names, " ") != strings.Join(words, " ") {
		p.t.Errorf("%s: heard %v, want %v", p.name, names, words)
	}
	if left > 0.04 { // found to the eighth of a millisecond, and faded at their ends
		p.t.Errorf("%s: %.3f of what was heard is neither gong nor clip", p.name, left)
	}
}

// TestMonitorSpeaks hears what a monitor plays and finds in it the gong and the clips that it is to
// be made of, in their order, one after another.
func TestMonitorSpeaks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	b := openBrowser(t)
	// half makes it a monitor with another gong, half as loud.
	p := b.openHeard("sala", s.URL("/display/sala"), `(v, w) => { if (window.half) Object.assign(w.display, {gong: 'bell', volume: 50}); }`, true)
	clips := hearClips(t, p, "it", "two-tone")

	const asked = `JSON.stringify(performance.getEntriesByType('resource').map((e) => e.name.split('/voice/')[1]).filter((name) => name && name !== 'it.json').sort())`
	before := eval[string](p, asked)

	do("1/next") // P001
	clips.says(p, "gong numero p 1 , sportello 1.")
	if after := eval[string](p, asked); after != before {
		t.Errorf("of the voice, %s was there before the first call, %s after it", before, after)
	}
	if !eval[bool](p, `ear.starts[0].inside`) {
		t.Error("the gong isn't begun at once when a view arrives")
	}
	t.Logf("from a view's arrival to the gong's first sample: %.1f ms", eval[float64](p, `ear.starts[0].ms`))
	p.holds(`!document.querySelector('.fresh')`)

	// Two calls at once come one after another, the number spoken is the one flashing.
	eval[bool](p, `(() => {
		ear.flashed = [];
		new MutationObserver(() => {
			const stage = document.querySelector('#stage.fresh');
			if (stage && ear.flashed[ear.flashed.length - 1] !== stage.dataset.number) ear.flashed.push(stage.dataset.number);
		}).observe(document.querySelector('#stage'), {attributes: true});
		return true;
	})()`)
	do("2/next") // A001
	do("3/next") // the next for that counter
	third := eval[string](p, `new Promise((found) => setInterval(() => { const e = document.querySelector('.row:not(.row-past)[data-number="A002"], .row:not(.row-past)[data-number="S001"]'); if (e || ear.flashed.length > 1) found(e ? e.dataset.number : ear.flashed[1]); }, 100))`)
	number := strings.ToLower(third[:1]) + " " + strings.TrimLeft(third[1:], "0")
	clips.says(p, "gong numero a 1 , sportello 2. | gong numero "+number+" , sportello 3.")
	if flashed := eval[string](p, `ear.flashed.join()`); flashed != "A001,"+third {
		t.Errorf("flashed %s", flashed)
	}

	eval[bool](p, `window.half = true`)
	half := hearClips(t, p, "it", "bell")
	half.loud = math.Pow(10, -10.0/20)
	do("1/recall")
	half.says(p, "gong numero p 1 , sportello 1.")

	// A call that is taken back while it is spoken ends at once.
	do("4/next")
	p.holds(`ear.blocks.length > 100`)
	do("4/undo")
	p.holds(`ear.context.currentTime - ear.blocks[ear.blocks.length - 1][0] / ear.context.sampleRate > 1.2`)
	if heard := decodeSamples(t, eval[string](p, `ear.take()`)); float64(len(heard)) > 4*clips.rate {
		t.Errorf("a call that was taken back was heard for %.1f s", float64(len(heard))/clips.rate)
	}
}

// TestMonitorReadsNotices has a monitor read a notice in between calls, by a command of the town's
// choice, give way to a call, which that command can't say, and say it in its ticket's language
// too.
func TestMonitorReadsNotices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hum := sound.Sound{Rate: 16000, Samples: make([]float64, 6*16000)}
	for i := 8000; i < len(hum.Samples)-8000; i++ {
		hum.Samples[i] = 0.1 * math.Sin(float64(i)*(0.12+float64(i)/2400000)) // 300 to 500 Hz
	}
	if err := os.WriteFile(filepath.Join(dir, "hum.wav"), hum.WAV(), 0o600); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "say.sh")
	if err := os.WriteFile(script, []byte("case $(cat) in\n*assemblea*) cat '"+dir+"/hum.wav' ;;\n*) exit 1 ;;\nesac\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := programtest.Start(t, programtest.Options{Name: "e2e", SamePort: true, VoiceCommand: "sh '" + script + "'"})
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/open", nil)
	s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe", "language": "en"})
	p := openBrowser(t).openHeard("sala", s.URL("/display/sala"), `(v) => { window.notices = v.notices; }`, true)
	clips := hearClips(t, p, "it", "two-tone")
	maps.Copy(clips.clips, hearClips(t, p, "en", "two-tone").clips)

	cfg := new(queue.Config)
	answer := s.Want(t, http.StatusOK, http.MethodGet, "/api/v1/config", nil)
	if err := answer.Into(cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Voice.TicketLanguage = true
	cfg.Notices = []queue.Notice{{ID: "n", Text: queue.Text{"it": "Oggi si chiude alle dieci per assemblea"}, Spoken: true}}
	s.Want(t, http.StatusOK, http.MethodPut, "/api/v1/config", cfg, "If-Match", answer.Header.Get("ETag"))
	const readings = `ear.starts.filter((sound) => sound.length > 2.5 && sound.length < 60)`
	p.holds(readings + `.length === 1 && ear.context.currentTime > ` + readings + `[0].at + 0.2`)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	p.holds(`ear.starts.length > 1`)
	clips.clips["notice"] = decodeSamples(t, eval[string](p, `(async () => {
		ear.from = ear.starts[1].at; // before it, a part of the notice
		const said = await fetch(notices[0].say[0].sentence);
		return ear.text((await ear.context.decodeAudioData(await said.arrayBuffer())).getChannelData(0));
	})()`))
	p.holds(readings + `.length === 2`)
	clips.says(p, "gong numero a 1 , sportello 2. ; en numero en a en 1 , en sportello en 2. | notice")
	if read := eval[float64](p, `ear.starts[1].at - ear.starts[0].at`); read > 4 {
		t.Errorf("the notice was read for %.1f s before the call was heard", read)
	}
}

// TestOneMonitorOfARoomSpeaks has one of two monitors of a room speak, and the other one once that
// is gone.
func TestOneMonitorOfARoomSpeaks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	b := openBrowser(t)
	first := b.openHeard("first", s.URL("/display/sala"), unbent, true)
	first.holds(`ear.owner === true`)
	second := b.openHeard("second", s.URL("/display/sala"), unbent, false)
	second.holds(`ear.owner === false && ear.ready`)
	silent := b.openHeard("silent", s.URL("/display/anagrafe"), unbent, false)
	clips := hearClips(t, first, "it", "two-tone")
	do("1/next")
	clips.says(first, "gong numero p 1 , sportello 1.")
	late := b.openHeard("late", s.URL("/display/sala"), unbent, false)
	late.holds(`ear.owner === false && ear.ready && document.querySelector('#stage').dataset.number === 'P001' && !document.querySelector('.fresh')`)
	for _, p := range []*page{second, silent, late} {
		if n := eval[int](p, `ear.starts.length`); n != 0 {
			t.Errorf("%s has begun %d sounds", p.name, n)
		}
	}
	late.do(chromedp.Navigate("about:blank"))
	first.do(chromedp.Navigate("about:blank"))
	second.holds(`ear.owner === true && ear.voices > 0`)
	do("2/next")
	clips.says(second, "gong numero a 1 , sportello 2.")
}

// TestTicketSpeaks has a phone whose holder wants it sound at a call and say the number, in the
// ticket's language.
func TestTicketSpeaks(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/open", nil)
	take := func(lang string) (ticket view.Ticket) {
		t.Helper()
		a := s.Want(t, http.StatusCreated, http.MethodPost, "/api/v1/tickets", map[string]string{"channel": "anagrafe", "language": lang})
		if err := a.Into(&ticket); err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	english := b.openHeard("en", s.URL("/t/"+string(take("en").ID)), unbent, false)
	silent := b.openHeard("silent", s.URL("/t/"+string(take("it").ID)), unbent, false)
	english.accessible()
	english.press("Alert me with a sound")
	english.shows("#alert", "keep this page open")
	english.holds(`ear.ready && ear.starts.length === 1`) // as it will sound
	english.accessible()
	english.holds(`ear.blocks.length > 0 && ear.context.currentTime > 4 && ear.voices > 0`)
	clips := hearClips(t, english, "en", "two-tone")
	eval[string](english, `ear.take()`)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	english.shows("#where", "Counter 2")
	clips.says(english, "gong en numero en a en 1 , en sportello en 2.")
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/recall", nil)
	clips.says(english, "gong en numero en a en 1 , en sportello en 2.")

	english.press("keep this page open")
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/recall", nil)
	s.Want(t, http.StatusOK, http.MethodPost, "/api/v1/counters/2/next", nil)
	silent.shows("#where", "Sportello 2")
	if n := eval[int](silent, `ear.starts.length`); n != 0 {
		t.Errorf("a page whose holder didn't want it has begun %d sounds", n)
	}
	if n := eval[int](english, `ear.blocks.filter(([, samples]) => samples.some((s) => Math.abs(s) > 1e-4)).length`); n != 0 {
		t.Error("a sound that was switched off is heard")
	}
}

// TestMonitorKeepsSilent has calls that are too old, in hours of quiet, or on a muted monitor shown
// alone.
func TestMonitorKeepsSilent(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	b := openBrowser(t)
	do("1/next")
	quiet := b.openHeard("quiet", s.URL("/display/sala"), `(v, w) => { w.display.quiet = [{from: '00:00', to: '24:00'}]; }`, false)
	old := b.openHeard("old", s.URL("/display/sala"), `(v) => { v.calls.forEach((c) => c.at = new Date(Date.parse(c.at) - 61000).toISOString()); }`, false)
	muted := b.openHeard("muted", s.URL("/display/sala"), unbent, false)
	eval[bool](muted, `(ear.say({type: 'mute', on: true}), true)`)
	do("2/next")
	for _, p := range []*page{quiet, old, muted} {
		p.holds(`document.querySelector('#stage').dataset.number === 'A001' && !document.querySelector('.fresh')`)
	}
	for _, p := range []*page{quiet, old} {
		if n := eval[int](p, `ear.starts.length`); n != 0 {
			t.Errorf("%s has begun %d sounds", p.name, n)
		}
	}
	muted.do(reloaded)
	muted.holds(`document.documentElement.dataset.connection === 'live' && !!window.ear`)
	do("3/next")
	muted.holds(`!!document.querySelector('.fresh')`)
	muted.holds(`!document.querySelector('.fresh')`)
	if n := eval[int](muted, `ear.starts.length`); n != 0 {
		t.Errorf("a monitor that was muted before it was loaded anew has begun %d sounds", n)
	}
}
