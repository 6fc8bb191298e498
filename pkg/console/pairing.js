/** Pairing of devices: what waits with a code of its own, and links for those that don't. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Places } from './places.js' */
/** @import { Page } from './users.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { pick } from '../../displays/lib/text.js';
import { field } from './dialog.js';

/**
 * @typedef {{ id: string, kind: string, office: string, target: string, invited: boolean,
 *   expires_at: string }} Pairing
 */

/** Where the code that a QR code brought here is kept until it is confirmed. */
const GIVEN = 'eliminacode-pairing';
/** The only kiosk of an office, until offices have several. */
const TOTEM = 'totem';

/**
 * What the devices that ask say that they are, where they agree: a target that they don't agree on is
 * left open.
 * @param {Pairing[]} waiting
 */
export function agreed(waiting) {
  const asking = waiting.filter((p) => !p.invited && p.kind);
  const [first] = asking;
  if (!first || asking.some((p) => p.kind !== first.kind || p.office !== first.office)) return null;
  const target = asking.every((p) => p.target === first.target) ? first.target : '';
  return { kind: first.kind, office: first.office, target };
}

/** @implements {Row<Pairing>} */
class PairingRow {
  /** @param {Pairings} pairings */
  constructor(pairings) {
    this.places = pairings.places;
    /** @type {Pairing | null} */
    this.pairing = null;
    this.name = h('strong');
    this.more = h('span', { class: 'entry-more' });
    this.dismiss = h('button', { class: 'button button-plain button-small', type: 'button' });
    this.dismiss.addEventListener('click', () => this.pairing && pairings.dismiss(this.pairing));
    this.element = h('li', { class: 'entry' }, h('p', { class: 'entry-name' }, this.name, this.more), h('div', { class: 'entry-actions' }, this.dismiss));
  }

  /** @param {Pairing} pairing */
  update(pairing) {
    this.pairing = pairing;
    const name = this.places.nameOf(pairing);
    setText(this.name, name);
    setText(this.more, pairing.invited ? 'Collegamento non ancora aperto' : 'Mostra un codice e aspetta la conferma');
    setText(this.dismiss, pairing.invited ? 'Annulla' : 'Rifiuta');
    this.dismiss.setAttribute('aria-label', pairing.invited ? `Annulla il collegamento per ${name}` : `Rifiuta ${name}`);
  }
}

export class Pairings {
  /** @param {Api} api @param {Page} page @param {Places} places */
  constructor(api, page, places) {
    this.api = api;
    this.page = page;
    this.places = places;
    /** @type {Pairing[]} */
    this.waiting = [];
    /** Whether somebody chose what the device is: then nothing is chosen for them. */
    this.byHand = false;
    this.code = h('input', { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 16 });
    this.office = h('select', { class: 'input', id: 'pair-office' });
    this.place = h('select');
    this.officeField = h('div', { class: 'field', hidden: true }, h('label', { for: 'pair-office' }, both('Sede', 'Office')), this.office);
    /** Chosen for a monitor that doesn't say which one; nobody chooses it. */
    this.anyMonitor = h('option', { value: 'display/', hidden: true }, 'Monitor: scegliere quale');
    this.office.addEventListener('change', () => this.offer());
    for (const select of [this.office, this.place]) select.addEventListener('change', () => (this.byHand = true));
    const confirm = h('button', { class: 'button', id: 'pair-confirm', type: 'submit' }, both('Conferma il codice', 'Confirm the code'));
    const invite = h('button', { class: 'button button-plain', id: 'pair', type: 'button' }, both('Senza codice: crea un collegamento', 'Without a code: make a link'));
    invite.addEventListener('click', () => this.invite());
    const form = byId('pairing');
    form.append(
      this.officeField,
      field('pair-place', ['Che cosa è', 'What it is'], this.place),
      field('pair-code', ['Codice sullo schermo', 'Code on its screen'], this.code, ['Aprire /totem, /display o /pair sul dispositivo', 'Open one of these on the device']),
      h('div', { class: 'pairing-actions' }, confirm, invite),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.confirm();
    });
    this.list = new KeyedList(byId('pairing-rows'), (/** @type {Pairing} */ p) => p.id, () => new PairingRow(this), this.code);
    const given = /^#pair=(\w+)$/.exec(location.hash);
    if (given) {
      sessionStorage.setItem(GIVEN, given[1]); // who isn't signed in comes back here by way of the login
      history.replaceState(null, '', location.pathname);
    }
    this.code.value = sessionStorage.getItem(GIVEN) || '';
  }

  /** Offers the offices, of which the first is the default one, and what a device may be there. */
  start() {
    this.office.replaceChildren(...this.places.offices.map((o) => h('option', { value: o.id }, pick(o.names) || o.id)));
    this.officeField.hidden = this.places.offices.length < 2;
    this.offer();
  }

  /** @private What a device of the office may be. */
  offer() {
    const displays = this.places.displaysOf(this.office.value);
    this.place.replaceChildren(
      h('option', { value: `totem/${TOTEM}` }, 'Totem'),
      this.anyMonitor,
      ...displays.map((d) => h('option', { value: `display/${d.id}` }, this.places.nameOfDisplay(d))),
    );
  }

  async look() {
    this.waiting = await this.api.get('/pairings');
    this.list.update(this.waiting);
    this.guess();
  }

  /** Chooses what the devices say that they are, where they agree. @private */
  guess() {
    const place = agreed(this.waiting);
    if (this.byHand || !place) return;
    if (this.office.value !== place.office) {
      this.office.value = place.office;
      this.offer();
    }
    const offered = Array.from(this.place.options).filter((o) => o !== this.anyMonitor && o.value.startsWith(`${place.kind}/`));
    const named = offered.find((o) => o.value === `${place.kind}/${place.target}`);
    const [only] = offered.length === 1 ? offered : [];
    this.place.value = (named || only || this.anyMonitor).value;
  }

  /** @private */
  chosen() {
    const [kind, target] = this.place.value.split('/');
    return { kind, target, office: this.office.value };
  }

  /** @private */
  async confirm() {
    if (!this.code.value.trim()) return this.code.focus();
    if (!this.hasChosen()) return;
    await this.page.run(async () => {
      await this.api.post('/pairings/confirm', { code: this.code.value, ...this.chosen() });
      this.code.value = '';
      this.byHand = false;
      sessionStorage.removeItem(GIVEN);
    }, ['Dispositivo abbinato.', 'Device paired.']);
    await this.page.refresh();
  }

  /** Whether it is said which monitor it is; else asks for it. @private */
  hasChosen() {
    if (this.place.value !== this.anyMonitor.value) return true;
    this.page.tell('Scegliere quale monitor è.', 'Choose which monitor it is.');
    this.place.focus();
    return false;
  }

  /** @param {Pairing} pairing */
  async dismiss(pairing) {
    await this.page.run(
      () => this.api.delete(`/pairings/${encodeURIComponent(pairing.id)}`),
      pairing.invited ? ['Collegamento annullato.', 'The link holds no more.'] : ['Dispositivo rifiutato.', 'Device turned down.'],
    );
    if (pairing.invited) byId('paired').replaceChildren();
    await this.page.refresh();
  }

  /** @private */
  async invite() {
    if (!this.hasChosen()) return;
    await this.page.run(async () => {
      const answer = await this.api.post('/pairings/invite', this.chosen());
      this.show(answer.pair_url, answer.code);
    }, ['Collegamento pronto.', 'The link is ready.']);
    await this.page.refresh();
  }

  /** @private @param {string} url @param {string} code */
  show(url, code) {
    const input = h('input', { class: 'input paired-url', readonly: true, value: url, 'aria-label': 'Collegamento di abbinamento' });
    input.addEventListener('focus', () => input.select());
    const copy = h('button', { class: 'button', type: 'button' }, 'Copia');
    copy.addEventListener('click', async () => {
      input.select();
      // The clipboard needs HTTPS, which a LAN may lack: then the old way.
      const done = navigator.clipboard ? await navigator.clipboard.writeText(url).then(() => true, () => false) : document.execCommand('copy');
      copy.textContent = done ? 'Copiato' : 'Selezionato: Ctrl+C';
    });
    byId('paired').replaceChildren(
      h(
        'div',
        { class: 'paired' },
        h('p', {}, h('strong', {}, both('Aprire questo collegamento sul dispositivo, entro dieci minuti: vale una volta sola.', 'Open this link on the device within ten minutes: it holds once.'))),
        h('div', { class: 'paired-link' }, input, copy),
        h('p', {}, both(`Oppure aprire /pair sul dispositivo e scrivere ${code.slice(0, 4)}-${code.slice(4)}.`, 'Or open /pair on the device and type this code.')),
      ),
    );
    input.focus();
  }
}
