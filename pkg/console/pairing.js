/** Pairing of devices: what waits with a code of its own, and links for those that don't. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Row } from '../../displays/lib/keyed.js' */
/** @import { Office, Page } from './users.js' */
import { both, byId, h, setText } from '../../displays/lib/dom.js';
import { KeyedList } from '../../displays/lib/keyed.js';
import { field } from './dialog.js';

/**
 * @typedef {{ id: string, kind: string, office: string, target: string, invited: boolean,
 *   expires_at: string }} Pairing
 */

/** How often it is asked what waits, in milliseconds. */
const LOOK_MS = 3000;
/** Where the code that a QR code brought here is kept until it is confirmed. */
const GIVEN = 'eliminacode-pairing';
/** The only kiosk of an office, until offices have several. */
const TOTEM = 'totem';

/** @implements {Row<Pairing>} */
class PairingRow {
  constructor() {
    this.name = h('strong');
    this.more = h('span', { class: 'entry-more' });
    this.element = h('li', { class: 'entry' }, h('p', { class: 'entry-name' }, this.name, this.more));
  }

  /** @param {Pairing} pairing */
  update(pairing) {
    const what = pairing.kind === 'totem' ? 'Totem' : pairing.kind === 'display' ? 'Monitor' : 'Dispositivo';
    setText(this.name, [what, pairing.kind === 'display' ? pairing.target : '', pairing.office && `(${pairing.office})`].filter(Boolean).join(' '));
    setText(this.more, pairing.invited ? 'Collegamento non ancora aperto' : 'Mostra un codice e aspetta la conferma');
  }
}

export class Pairings {
  /** @param {Api} api @param {Page} page @param {() => Promise<void>} onPaired */
  constructor(api, page, onPaired) {
    this.api = api;
    this.page = page;
    this.onPaired = onPaired;
    /** @type {Pairing[]} */
    this.waiting = [];
    this.code = h('input', { autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 16 });
    this.office = h('select', { class: 'input', id: 'pair-office' });
    this.place = h('select');
    this.officeField = h('div', { class: 'field', hidden: true }, h('label', { for: 'pair-office' }, both('Sede', 'Office')), this.office);
    this.office.addEventListener('change', () => this.places());
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
    this.list = new KeyedList(byId('pairing-rows'), (/** @type {Pairing} */ p) => p.id, () => new PairingRow(), this.code);
    const given = /^#pair=(\w+)$/.exec(location.hash);
    if (given) {
      sessionStorage.setItem(GIVEN, given[1]); // who isn't signed in comes back here by way of the login
      history.replaceState(null, '', location.pathname);
    }
    this.code.value = sessionStorage.getItem(GIVEN) || '';
  }

  /**
   * Takes the server's offices, of which the first is the default one.
   * @param {Office[]} offices
   */
  async among(offices) {
    this.office.replaceChildren(...offices.map((o) => h('option', { value: o.id }, o.names.it || o.id)));
    this.officeField.hidden = offices.length < 2;
    await this.places();
    await this.look();
    setInterval(() => document.hidden || this.page.attempt(() => this.look()), LOOK_MS);
  }

  /** @private What a device of the office may be. */
  async places() {
    const base = this.office.value ? `/offices/${encodeURIComponent(this.office.value)}` : '';
    /** @type {{ displays: { id: string, name: Record<string, string> }[] }} */
    const config = await this.api.get(`${base}/config`);
    this.place.replaceChildren(
      h('option', { value: `totem/${TOTEM}` }, 'Totem'),
      ...(config.displays || []).map((d) => h('option', { value: `display/${d.id}` }, `Monitor ${d.name.it || d.id}`)),
    );
  }

  async look() {
    const before = this.waiting.length;
    this.waiting = await this.api.get('/pairings');
    this.list.update(this.waiting);
    if (this.waiting.length < before) await this.onPaired();
  }

  /** @private */
  chosen() {
    const [kind, target] = this.place.value.split('/');
    return { kind, target, office: this.office.value };
  }

  /** @private */
  async confirm() {
    if (!this.code.value.trim()) return this.code.focus();
    await this.page.run(async () => {
      await this.api.post('/pairings/confirm', { code: this.code.value, ...this.chosen() });
      this.code.value = '';
      sessionStorage.removeItem(GIVEN);
    }, ['Dispositivo abbinato.', 'Device paired.']);
    await Promise.all([this.look(), this.onPaired()]);
  }

  /** @private */
  async invite() {
    await this.page.run(async () => {
      const answer = await this.api.post('/pairings/invite', this.chosen());
      this.show(answer.pair_url, answer.code);
    }, ['Collegamento pronto.', 'The link is ready.']);
    await this.look();
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
