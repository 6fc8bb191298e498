package e2e_test

import "testing"

// TestSupervisorSeesMonitors has a monitor that is open without being paired tell how it is, say
// which one it is, be silent and be loaded anew from the administration.
func TestSupervisorSeesMonitors(t *testing.T) {
	t.Parallel()
	s := serve(t)
	do := morning(t, s)
	b := openBrowser(t)
	sala := b.open("sala", s.URL("/display/sala"), 1280, 720)
	do("1/next")
	sala.holds(`!!document.querySelector('[data-number="P001"]')`)
	admin := signIn(b, s, "/admin")
	row := `[...document.querySelectorAll('#device-rows > li')].find((li) => li.innerText.includes("Sala d'attesa"))`
	press := func(words string) {
		t.Helper()
		eval[bool](admin, `([...(`+row+`).querySelectorAll('button')].find((button) => button.innerText === '`+words+`').click(), true)`)
	}
	for _, fact := range []string{"Aperto senza abbinamento", "Suono attivo", "mostrato P001", "schermo 1280 × 720"} {
		admin.holds(`(` + row + `)?.innerText.includes('` + fact + `')`)
	}
	admin.holds(`[...(` + row + `).querySelectorAll('button')].filter((button) => button.checkVisibility()).map((button) => button.innerText).join() === 'Identifica,Ricarica,Silenzia'`)
	admin.usable("devices")
	press("Identifica")
	sala.holds(`!!document.querySelector('#identify')?.innerText.includes('Monitor 1')`)
	sala.picture("identify")
	press("Silenzia")
	admin.holds(`(` + row + `)?.innerText.includes('Silenziato')`)
	press("Fai suonare")
	admin.holds(`(` + row + `)?.innerText.includes('Suono attivo')`)
	eval[bool](sala, `(window.before = true)`)
	press("Ricarica")
	sala.holds(`window.before === undefined && !!document.querySelector('[data-number="P001"]')`)
}
