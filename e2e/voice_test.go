package e2e_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/eliminacode/eliminacode/pkg/voice/sound"
)

// toned is a script that makes a WAV file: silence, a tone as long as a word, silence. The number
// is how loud.
const toned = `(name, loud) => {
	const rate = 16000, n = rate * 1.5, view = new DataView(new ArrayBuffer(44 + 2 * n));
	const text = (at, s) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
	text(0, 'RIFF'); view.setUint32(4, 36 + 2 * n, true); text(8, 'WAVEfmt '); view.setUint32(16, 16, true);
	view.setUint16(20, 1, true); view.setUint16(22, 1, true); view.setUint32(24, rate, true); view.setUint32(28, 2 * rate, true);
	view.setUint16(32, 2, true); view.setUint16(34, 16, true); text(36, 'data'); view.setUint32(40, 2 * n, true);
	for (let i = 0; i < n; i++) view.setInt16(44 + 2 * i, i > 0.4 * rate && i < rate ? loud * Math.sin(i / 5) : 0, true);
	return new File([view.buffer], name, {type: 'audio/wav'});
}`

// TestTownsOwnVoice records clips in the administration by keyboard alone, sends files, hears a
// call in them, and takes them back.
func TestTownsOwnVoice(t *testing.T) {
	t.Parallel()
	s := serve(t)
	// The microphone says a word of 0.6 s every 4 s, with a voice's overtones and melody: the
	// browser takes what doesn't change for noise. The pause leaves a slow machine time to stop
	// before the next.
	spoken := sound.Sound{Rate: 48000, Samples: make([]float64, 192000)}
	for i := range 28800 {
		at := float64(i) / 28800
		for n := 1.0; n <= 12; n++ {
			spoken.Samples[24000+i] += 0.3 / n * math.Abs(math.Sin(2*math.Pi*at)) * math.Sin(2*math.Pi*n*(80*at+20*at*at))
		}
	}
	heard := filepath.Join(t.TempDir(), "heard.wav")
	if err := os.WriteFile(heard, spoken.WAV(), 0o600); err != nil {
		t.Fatal(err)
	}
	b := openBrowser(t, chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-file-for-fake-audio-capture", heard))
	admin := signIn(b, s, "/admin")
	// recorded are the town's clips of Italian, and how long each is, as monitors would have them.
	recorded := func() map[string]float64 {
		t.Helper()
		var x struct {
			Clips map[string]struct{ Length float64 }
		}
		if err := s.Want(t, http.StatusOK, "GET", "/voice/own-it.json", nil).Into(&x); err != nil {
			t.Fatal(err)
		}
		all := map[string]float64{}
		for name, c := range x.Clips {
			all[name] = c.Length
		}
		return all
	}
	italian := `[data-language="it"]`
	admin.shows(italian, "0 di ")
	admin.shows(italian, "Tutto si sente con la voce fornita.")
	admin.shows("#voice-command", "non è impostato")
	eval[chromedp.Void](admin, `document.querySelector('#voice').scrollIntoView()`)
	admin.usable("voice-empty")
	admin.do(chromedp.EmulateViewport(1366, 768))

	eval[chromedp.Void](admin, `(() => { // counts what comes from the microphone, once it is allowed
		const {mediaDevices} = navigator, give = mediaDevices.getUserMedia.bind(mediaDevices), allowed = new Promise((allow) => window.allow = allow);
		window.asked = 0;
		mediaDevices.getUserMedia = async (what) => {
			window.asked++;
			await allowed;
			return give(what);
		};
		const Tap = AudioWorkletNode;
		window.taken = 0;
		window.AudioWorkletNode = class extends Tap {
			constructor(...all) {
				super(...all);
				this.port.addEventListener('message', () => {
					window.taken++;
					const meter = document.querySelector('.recorder meter'); // a slow machine looks too seldom
					window.loud = window.loud || (meter && meter.value > -30);
					window.over = window.loud && meter && meter.value < -50;
				});
			}
		};
		document.querySelector('`+italian+` button').focus();
	})()`)
	admin.do(chromedp.KeyEvent(kb.Enter))
	admin.shows(".recorder-prompt", "numero")
	admin.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(" "))
	eval[chromedp.Void](admin, `window.allow()`)
	admin.shows(".recorder-record", "Ferma")
	if n := eval[int](admin, `window.asked`); n != 1 {
		t.Errorf("the microphone is asked for %d times: all but one would stay on", n)
	}
	admin.do(chromedp.KeyEvent(kb.Escape))
	admin.shows(".recorder-record", "Registra")
	admin.usable("voice-recorder")
	admin.do(chromedp.EmulateViewport(1366, 768))
	// speak records until a word was heard from its beginning to its end.
	speak := func(end string) {
		t.Helper()
		eval[bool](admin, `((window.from = window.taken), true)`)
		admin.do(chromedp.KeyEvent(" "))
		admin.holds(`window.taken > window.from + 10 && document.querySelector('.recorder meter').value < -50`)
		eval[bool](admin, `((window.loud = window.over = false), true)`)
		admin.holds(`window.over`)
		admin.do(chromedp.KeyEvent(end))
	}
	var all map[string]float64
	for range 5 { // one may begin while a word is being said, and have a piece of it before the next
		speak(" ")
		admin.shows(".recorder-state", "«numero» è registrata")
		if all = recorded(); all["numero"] < 2 {
			break
		}
	}
	if len(all) != 1 || all["numero"] < 0.1 || all["numero"] > 2 {
		t.Errorf("%v is recorded", all)
	}
	admin.usable("voice-recorded")
	admin.do(chromedp.EmulateViewport(1366, 768), chromedp.KeyEvent("a"), chromedp.KeyEvent("f"), chromedp.KeyEvent(kb.Enter))
	admin.shows(".recorder-prompt", "sportello")
	speak(kb.Enter)
	admin.holds(`document.querySelector('.recorder-prompt').innerText !== 'sportello'`)
	admin.do(chromedp.KeyEvent(kb.ArrowLeft))
	admin.shows(".recorder-state", "«sportello» è registrata")
	admin.do(chromedp.KeyEvent(kb.Delete))
	admin.shows(".recorder-state", "«sportello» è da registrare")
	admin.do(chromedp.KeyEvent("r"))
	admin.shows(".recorder-record", "Ferma")
	admin.usable("voice-recording")
	admin.do(chromedp.EmulateViewport(1366, 768), chromedp.KeyEvent(kb.Escape)) // leaves the recording, and then the recorder
	admin.shows(".recorder-state", "«sportello» è da registrare")
	admin.do(chromedp.KeyEvent(kb.Escape))
	admin.holds(`!document.querySelector('dialog') && document.activeElement === document.querySelector('` + italian + ` button')`)
	admin.holds(`(() => { // nothing comes any longer
		const still = window.taken > 0 && window.taken === window.before;
		window.before = window.taken;
		return still;
	})()`)
	admin.shows(italian, "1 di ")
	admin.shows(italian, "«numero» e i nomi degli sportelli: 1 di 2")
	if all := recorded(); len(all) != 1 {
		t.Errorf("%v is recorded", all)
	}

	admin.press("Ascolta una chiamata")
	admin.shows(italian, "con la voce fornita: di quella del Comune mancano «a», «tre», «quarantadue», «sportello»")

	send := func(files string) {
		t.Helper()
		eval[chromedp.Void](admin, `(() => {
			const toned = `+toned+`, files = new DataTransfer(), input = document.querySelector('`+italian+` input[type="file"]');
			for (const file of `+files+`) files.items.add(file);
			input.files = files.files;
			input.dispatchEvent(new Event('change'));
		})()`)
	}
	send(`[toned('042.wav', 9000), toned('Tre.WAV', 300), toned('A.wav', 30000), toned('sportello.wav', 9000), toned('a.wav', 9000), toned('cinque.wav', 0),
		toned('ciao.wav', 9000), new File(['x'], '6.mp3', {type: 'audio/mpeg'})]`)
	admin.shows("dialog", "4 parole salvate; 4 file non sono stati presi:")
	admin.shows("dialog", "a.wav: dice la stessa parola di A.wav")
	admin.shows("dialog", "cinque.wav: non si sente nessuna parola")
	admin.shows("dialog", "ciao.wav: il nome non è di nessuna parola")
	admin.shows("dialog", "6.mp3: il browser non lo sa leggere")
	admin.usable("voice-files")
	admin.press("Chiudi")
	admin.shows(italian, "5 di ")
	for _, name := range []string{"42", "3", "a"} {
		if length := recorded()[name]; length < 0.55 || length > 0.8 {
			t.Errorf("%s takes %g s: the word is 0.6 s long", name, length)
		}
	}
	admin.press("Ascolta una chiamata")
	admin.shows(italian, "A 42, sportello 3: con la voce del Comune.")
	admin.usable("voice-some")

	admin.press("Elimina tutto")
	admin.shows("dialog", "5 registrazioni vengono cancellate")
	admin.usable("question-voice")
	eval[chromedp.Void](admin, `document.querySelector('dialog button[type="submit"]').click()`)
	admin.shows(italian, "0 di ")
	if all := recorded(); len(all) > 0 {
		t.Errorf("%v is left", all)
	}
}

// TestNoMicrophone says what to do where a browser has or gives none.
func TestNoMicrophone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	b := openBrowser(t)
	signIn(b, s, "/admin").shows("#voice", "Italiano")
	for name, words := range map[string]string{
		"NotAllowedError": "Il microfono è stato negato.", "NotFoundError": "Nessun microfono.", "NotReadableError": "forse lo usa un altro programma", "": "https",
	} {
		media := fmt.Sprintf(`{getUserMedia: async () => { throw new DOMException('', %q); }}`, name)
		if name == "" {
			media = "undefined"
		}
		admin := b.openBent("no-microphone", s.URL("/admin"), 1366, 768, `(Object.defineProperty(navigator, 'mediaDevices', {value: `+media+`}), () => {})`)
		admin.press("Registra")
		admin.shows(".recorder [role=alert]", words)
		admin.usable("voice-" + strings.ToLower(name))
		admin.do(chromedp.KeyEvent(" "))
		admin.shows(".recorder [role=alert]", words)
		admin.shows(".recorder-record", "Registra")
	}
}
