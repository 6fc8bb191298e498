/** The paper of a sample ticket, as a totem would print it. */

/** @import { Api } from '../../displays/lib/api.js' */
/** @import { Drawn } from './draft.js' */
/** @import { Places, Document } from './places.js' */
import { ApiError } from '../../displays/lib/api.js';
import { both, byId, h } from '../../displays/lib/dom.js';
import { pick } from '../../displays/lib/text.js';
import { field } from './dialog.js';
import { hasExpired } from './session.js';
import { channelsOf, languagesOf, readDocument, spoken, unprintable } from './draft.js';

/** How many dots a millimetre of paper has. */
const DOTS_MM = 203 / 25.4;

/** @type {[value: string, it: string][]} */
const CLASSES = [
  ['standard', 'Senza precedenza'],
  ['priority', 'Con precedenza'],
  ['appointment', 'Su appuntamento'],
];

/** @param {[value: string, words: string][]} options @param {string} [chosen] */
function offer(options, chosen) {
  return options.map(([value, words]) => h('option', { value, selected: value === chosen }, words));
}

export class PaperPreview {
  /** @param {Api} api @param {{ failed: (error: unknown) => void }} page @param {Places} places */
  constructor(api, page, places) {
    this.api = api;
    this.page = page;
    this.places = places;
    /** The document that is tried, instead of the one in use. @type {Document | null} */
    this.draft = null;
    /** Which drawing was asked for last: the answers to others come too late. */
    this.asked = 0;
    this.office = h('select');
    this.channel = h('select');
    this.language = h('select');
    this.width = h('select', {}, ...offer([['80', '80 mm'], ['58', '58 mm']]));
    this.class = h('select', {}, ...offer(CLASSES));
    this.offline = h('input', { type: 'checkbox', class: 'choice-mark' });
    this.file = h('input', { type: 'file', accept: '.json,application/json', hidden: true });
    this.officeField = field('paper-office', ['Sede', 'Office'], this.office);
    this.trying = h('p', { class: 'help', role: 'status' });
    this.inUse = h('button', { class: 'button button-plain button-small', type: 'button', hidden: true }, 'Torna al documento in uso');
    const choose = h('button', { class: 'button button-plain button-small', type: 'button', id: 'paper-try' }, both('Prova un documento', 'Try a document'));
    byId('paper-form').append(
      this.officeField,
      field('paper-channel', ['Canale', 'Channel'], this.channel),
      field('paper-language', ['Lingua', 'Language'], this.language),
      field('paper-width', ['Carta', 'Paper'], this.width),
      field('paper-class', ['Classe', 'Class'], this.class),
      h('label', { class: 'choice' }, this.offline, h('span', {}, both('Senza rete', 'Offline'))),
      h('div', { class: 'paper-try' }, this.trying, choose, this.inUse, this.file),
    );
    this.figure = byId('paper-figure');
    this.image = h('img', { class: 'paper', hidden: true });
    this.size = h('figcaption', { class: 'help' }, 'Il biglietto si sta disegnando…');
    this.figure.append(this.image, this.size);
    choose.addEventListener('click', () => this.file.click());
    this.file.addEventListener('change', () => this.try());
    this.inUse.addEventListener('click', () => {
      this.use(null, '');
      choose.focus();
    });
    this.office.addEventListener('change', () => this.use(this.draft, this.trying.textContent || ''));
    for (const control of [this.channel, this.language, this.width, this.class, this.offline]) control.addEventListener('change', () => this.draw());
  }

  /** Offers what there is, and draws the first ticket. */
  start() {
    const { offices } = this.places;
    this.office.replaceChildren(...offer(offices.map((o) => [o.id, pick(o.names) || o.id])));
    this.officeField.hidden = offices.length < 2;
    this.use(null, '');
  }

  /** Tries a document that isn't in use. @private */
  async try() {
    const [file] = this.file.files || [];
    if (!file) return;
    const text = await file.text();
    this.file.value = ''; // the same file may be chosen again, once it was changed
    const draft = readDocument(text);
    if (draft) this.use(draft, `In prova: ${file.name}, che non è ancora in uso.`);
    else this.wrong(`${file.name} non è un documento della configurazione in JSON.`, []);
  }

  /** Draws by a document, else by the one in use. @private @param {Document | null} draft @param {string} words */
  use(draft, words) {
    this.draft = draft;
    this.trying.textContent = draft ? words : 'Secondo la configurazione in uso.';
    this.inUse.hidden = !draft;
    const document = draft || this.places.documents.get(this.office.value) || {};
    this.channel.replaceChildren(...offer(channelsOf(document), this.channel.value));
    this.language.replaceChildren(...offer(languagesOf(document).map((l) => [l, spoken(l)]), this.language.value));
    this.draw();
  }

  /** Has the chosen ticket drawn. */
  async draw() {
    const asked = ++this.asked;
    this.offline.disabled = this.class.value === 'appointment'; // no totem gives one by itself
    this.class.options[2].disabled = this.offline.checked;
    this.figure.setAttribute('aria-busy', 'true');
    try {
      /** @type {Drawn} */
      const drawn = await this.api.post(`${this.places.path(this.office.value)}/config/paper`, {
        channel: this.channel.value,
        language: this.language.value || undefined,
        class: this.class.value,
        width: Number(this.width.value),
        offline: this.offline.checked && !this.offline.disabled,
        config: this.draft || undefined,
      });
      if (asked === this.asked) this.show(drawn);
    } catch (error) {
      if (!(error instanceof ApiError) || hasExpired(error)) this.page.failed(error);
      else if (asked === this.asked) this.wrong(error.message, /** @type {any} */ (error.body)?.error?.faults || []);
    }
  }

  /** @private @param {Drawn} drawn */
  show({ picture, width, height, text, unprintable: missing }) {
    this.image.src = `data:image/png;base64,${picture}`;
    this.image.alt = `Biglietto di prova, su carta da ${this.width.value} mm. Dice: ${text.replaceAll('\n', '; ')}`;
    this.image.width = Math.round(width * 0.66);
    this.image.height = Math.round(height * 0.66);
    this.image.hidden = this.figure.hidden = false;
    this.size.textContent = `Carta da ${this.width.value} mm, lunga ${Math.round(height / DOTS_MM)} mm`;
    this.figure.setAttribute('aria-busy', 'false');
    const warnings = missing.map((m) => h('li', {}, h('code', {}, m.path), `: ${unprintable(m.characters)}`));
    byId('paper-problem').replaceChildren();
    byId('paper-warning').replaceChildren(
      warnings.length > 0 ? h('div', { class: 'message message-warn' }, h('p', {}, 'Caratteri che nessuna stampante ha: sulla carta al loro posto restano riquadri vuoti.'), h('ul', {}, ...warnings)) : '',
    );
  }

  /** Says why there is no picture. @private @param {string} why @param {{ path: string, message: string }[]} faults */
  wrong(why, faults) {
    this.figure.hidden = true;
    this.figure.setAttribute('aria-busy', 'false');
    byId('paper-warning').replaceChildren();
    const list = faults.map((f) => h('li', {}, h('code', {}, f.path), `: ${f.message}`));
    const head = list.length > 0 ? 'Il documento ha errori:' : why;
    byId('paper-problem').replaceChildren(h('div', { class: 'message message-bad' }, h('p', {}, head), list.length > 0 && h('ul', {}, ...list)));
  }
}
