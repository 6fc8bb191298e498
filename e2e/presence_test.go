package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const passphrase = "passavamo per Empoli"

// TestSupervisorSeesMonitors has a supervisor come from the console to the monitors, which are all
// in the list. One that is open without being paired tells how it is, says which one it is, is
// silent and is loaded anew; what else the administration has isn't theirs.
func TestSupervisorSeesMonitors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	s.Want(t, 201, "POST", "/api/v1/users", map[string]any{"name": "lia", "full_name": "Lia Bini", "role": "supervisor", "password": passphrase})
	b := openBrowser(t)
	lia := signInAs(b, s, "/console", "lia", passphrase)
	lia.holds(`!!document.querySelector('#bar-end a[href$="/admin"]')`)
	eval[chromedp.Void](lia, `document.querySelector('#bar-end a[href$="/admin"]').click()`)
	lia.holds(`location.pathname === '/admin'`)
	lia.holds(`[...document.querySelectorAll('#device-rows .entry-name strong')].map((name) => name.innerText).join() === "Monitor Sala d'attesa,Monitor Protocollo,Monitor Servizi anagrafici,Monitor Altri servizi,Monitor Ingresso"`)
	lia.holds(`[...document.querySelectorAll('#device-rows > li')].every((li) => li.innerText.includes('Non collegato') && li.innerText.includes('Per vederlo, aprire /display/'))`)
	lia.holds(`[...document.querySelectorAll('main > section')].filter((part) => part.checkVisibility()).map((part) => part.id).join() === 'devices,password-section'`)
	lia.holds(`[...document.querySelectorAll('#devices :is(button, input, form)')].every((control) => !control.checkVisibility())`)
	lia.usable("devices-away")

	sala := b.open("sala", s.URL("/display/sala"), 1280, 720)
	do("1/next")
	sala.holds(`!!document.querySelector('[data-number="P001"]')`)
	// A monitor that nobody has touched yet, with a page of another day.
	eval[chromedp.Void](sala, `(() => {
		const ingresso = new WebSocket(location.origin.replace('http', 'ws') + '/api/v1/ws?view=display&display=ingresso');
		const say = () => ingresso.send(JSON.stringify({type: 'status', sound: 'blocked', screen: '1920x1080', version: '0123456789abcdef', shown: '', spoken: ''}));
		ingresso.onopen = () => { say(); window.saying = setInterval(say, 2000); };
	})()`)
	row := func(name string) string {
		return `[...document.querySelectorAll('#device-rows > li')].find((li) => li.innerText.includes("` + name + `"))`
	}
	facts := func(name string, facts ...string) {
		t.Helper()
		for _, fact := range facts {
			lia.holds(`(` + row(name) + `)?.innerText.includes('` + fact + `')`)
		}
	}
	press := func(words string) {
		t.Helper()
		eval[bool](lia, `([...(`+row("Sala d'attesa")+`).querySelectorAll('button')].find((button) => button.innerText === '`+words+`').click(), true)`)
	}
	facts("Sala d'attesa", "Aperto senza abbinamento", "Suono attivo", "mostrato P001", "schermo 1280 × 720", "Collegato")
	facts("Sala d'attesa", "versione "+eval[string](sala, `fetch('/healthz').then((answer) => answer.json()).then(({pages}) => pages.slice(0, 8))`))
	facts("Ingresso", "Suono bloccato dal browser", "toccare il suo schermo", "versione 01234567", "Pagina di una versione precedente: ricaricarlo.", "Collegato")
	facts("Protocollo", "Non collegato")
	lia.holds(`[...(` + row("Sala d'attesa") + `).querySelectorAll('button')].filter((button) => button.checkVisibility()).map((button) => button.innerText).join() === 'Identifica,Ricarica,Silenzia'`)
	lia.usable("devices")
	press("Identifica")
	sala.holds(`!!document.querySelector('#identify')?.innerText.includes('Monitor 1')`)
	sala.picture("identify")
	press("Silenzia")
	facts("Sala d'attesa", "Silenziato")
	press("Fai suonare")
	facts("Sala d'attesa", "Suono attivo")
	eval[bool](sala, `(window.before = true)`)
	press("Ricarica")
	sala.holds(`window.before === undefined && !!document.querySelector('[data-number="P001"]')`)
}

// TestOfficeAdministratorSetsTheirs has an administrator of one office of two, who sets its
// monitors and looks after no users; and an operator, who is told that this isn't for them.
func TestOfficeAdministratorSetsTheirs(t *testing.T) {
	t.Parallel()
	s := serve(t)
	var document map[string]any
	if err := s.Want(t, 200, "GET", "/api/v1/config", nil).Into(&document); err != nil {
		t.Fatal(err)
	}
	document["name"] = map[string]string{"it": "Sportello di Cascine"}
	document["displays"] = []any{}
	s.Want(t, 200, "PUT", "/api/v1/offices/cascine/config", document, "If-None-Match", "*")
	for name, role := range map[string]string{"eva": "admin", "ugo": "operator"} {
		s.Want(t, 201, "POST", "/api/v1/users", map[string]any{"name": name, "role": role, "offices": []string{"cascine"}, "password": passphrase})
	}
	b := openBrowser(t)
	eva := signInAs(b, s, "/admin", "eva", passphrase)
	eva.shows("#devices", "Non ci sono totem né monitor.")
	eva.holds(`[...document.querySelectorAll('main > section')].filter((part) => part.checkVisibility()).map((part) => part.id).join() === 'devices,displays,paper,password-section'`)
	eva.holds(`!document.querySelector('#pairing').checkVisibility() && document.querySelector('.paper').complete && document.querySelector('.toasts').innerText.trim() === ''`)
	eva.usable("none")
	eva.do(chromedp.EmulateViewport(1366, 768))
	eva.press("Aggiungi monitor")
	eva.setting("new-display", "Atrio")
	eva.do(chromedp.KeyEvent(kb.Enter))
	eva.shows("#displays-list", "/offices/cascine/display/atrio")
	eva.holds(inPreview(`document.body.dataset.layout === 'sala'`))
	eva.press("Salva")
	eva.shows(".toasts", "Salvato")
	eva.shows("#device-rows", "Per vederlo, aprire /offices/cascine/display/atrio sul suo schermo")

	ugo := signInAs(openBrowser(t), s, "/admin", "ugo", passphrase)
	ugo.holds(`document.querySelector('.toasts').innerText.trim() !== '' && !document.querySelector('#devices').checkVisibility()`)
}
